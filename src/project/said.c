#include "project/said.h"

#include "project/reader.h"

/* An option as it is called in each layer. */
typedef struct option_row
{
    const char *key;
    const char *flag;
    const char *variable;
} option_row;

static const option_row rows[GW_OPTION_COUNT] = {
#define GW_OPTION_ROW(name, key, flag, variable) [GW_OPTION_##name] = {key, flag, variable},
    GW_OPTIONS(GW_OPTION_ROW)
#undef GW_OPTION_ROW
};

/* Variables that other programs agree on. */
static const char *const common[GW_OPTION_COUNT] = {[GW_OPTION_URL] = "DATABASE_URL"};

void
gw_said_clear(gw_said *said)
{
    g_free(said->text);
    g_free(said->origin);
    memset(said, 0, sizeof *said);
}

const char *
gw_option_key(gw_option option)
{
    return rows[option].key;
}

const char *
gw_sources_base(const gw_sources *sources, gw_layer layer)
{
    const char *here = sources->request->folder == NULL ? "." : sources->request->folder;
    gboolean said_here = layer == GW_LAYER_FLAG || layer == GW_LAYER_ENVIRONMENT;
    return said_here ? here : sources->config->folder;
}

char *
gw_sources_path(const gw_sources *sources, gw_layer layer, const char *path)
{
    const char *base = gw_sources_base(sources, layer);
    gboolean as_is = g_path_is_absolute(path) || strcmp(base, ".") == 0;
    return as_is ? g_strdup(path) : g_build_filename(base, path, NULL);
}

char *
gw_node_origin(const gw_yaml_node *node)
{
    g_auto(gw_position) position = gw_yaml_position(node);
    return g_strdup_printf("%s:%u", position.file, position.line);
}

static char *
dotenv_origin(const gw_dotenv *dotenv, const char *name)
{
    g_auto(gw_position) position = gw_dotenv_position(dotenv, name);
    return g_strdup_printf("%s:%u", position.file, position.line);
}

/* The name of the variable of `option` that is set, and not empty, in `values`; NULL: none. */
static const char *
variable_set(gw_option option, GHashTable *values)
{
    const char *const names[] = {rows[option].variable, common[option]};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
    {
        const char *value = names[i] == NULL ? NULL : g_hash_table_lookup(values, names[i]);
        if (value != NULL && value[0] != '\0')
        {
            return names[i];
        }
    }
    return NULL;
}

/* Take what a flag, the environment or .env says; FALSE: none of them does. */
static gboolean
above_file(const gw_sources *sources, gw_option option, gw_said *said)
{
    const char *flag = sources->request->flags[option];
    const char *variable = variable_set(option, sources->environment);
    if (flag != NULL)
    {
        *said = (gw_said){GW_LAYER_FLAG, g_strdup(flag),
            g_strdup_printf("flag %s", rows[option].flag), rows[option].flag, NULL};
        return TRUE;
    }
    if (variable != NULL)
    {
        const char *value = g_hash_table_lookup(sources->environment, variable);
        *said = (gw_said){GW_LAYER_ENVIRONMENT, g_strdup(value),
            g_strdup_printf("environment %s", variable), variable, NULL};
        return TRUE;
    }
    variable = sources->dotenv == NULL ? NULL : variable_set(option, sources->dotenv->values);
    if (variable != NULL)
    {
        const char *value = g_hash_table_lookup(sources->dotenv->values, variable);
        *said = (gw_said){GW_LAYER_DOTENV, g_strdup(value),
            dotenv_origin(sources->dotenv, variable), variable, NULL};
        return TRUE;
    }
    return FALSE;
}

gboolean
gw_sources_ask(const gw_sources *sources, gw_option option, const gw_yaml_node *node, gw_said *said,
    GError **error)
{
    gw_said_clear(said);
    if (above_file(sources, option, said))
    {
        return TRUE;
    }
    const char *key = rows[option].key;
    if (!gw_read_text(node, key, sources->variables, &said->text, error))
    {
        return FALSE;
    }
    if (said->text != NULL)
    {
        said->layer = GW_LAYER_FILE;
        said->origin = gw_node_origin(node);
        said->name = key;
        said->node = node;
    }
    return TRUE;
}

gboolean
gw_said_blame(const gw_said *said, const gw_sources *sources, GError **error)
{
    if (said->layer == GW_LAYER_FILE)
    {
        return gw_yaml_blame(said->node, said->name, error);
    }
    if (error != NULL && *error != NULL)
    {
        gw_error_prefix(*error, "%s: ", said->name);
    }
    if (said->layer == GW_LAYER_DOTENV && error != NULL && *error != NULL)
    {
        gw_position position = gw_dotenv_position(sources->dotenv, said->name);
        gw_error_add_position(*error, &position);
    }
    return FALSE;
}
