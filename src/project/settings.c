#include "project/settings.h"

#include "base/secret.h"
#include "project/environment.h"
#include "project/settings_parts.h"

static void
origin_free(gpointer data)
{
    gw_origin *origin = data;
    g_free(origin->key);
    g_free(origin->value);
    g_free(origin->origin);
    g_free(origin);
}

void
gw_settings_note(gw_settings *settings, const char *key, const char *value, const char *origin)
{
    gw_origin *note = g_new0(gw_origin, 1);
    note->key = g_strdup(key);
    note->value = g_strdup(value);
    note->origin = g_strdup(origin);
    g_ptr_array_add(settings->origins, note);
}

void
gw_settings_warn(gw_settings *settings, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_ptr_array_add(settings->warnings, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

const char *
gw_settings_origin(const gw_settings *settings, const char *key)
{
    for (guint i = 0; i < settings->origins->len; i++)
    {
        const gw_origin *note = g_ptr_array_index(settings->origins, i);
        if (strcmp(note->key, key) == 0)
        {
            return note->origin;
        }
    }
    return "default";
}

/* What must be known before anything can be asked. */
typedef struct start
{
    GHashTable *environment;
    gw_dotenv *dotenv; /* NULL: broken or not to be used */
} start;

static void
start_clear(start *begun)
{
    g_clear_pointer(&begun->environment, g_hash_table_unref);
    g_clear_pointer(&begun->dotenv, gw_dotenv_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(start, start_clear)

/* Let `sources` use .env, or NULL, from here on. */
static void
dotenv_use(gw_settings *settings, gw_sources *sources, const gw_dotenv *dotenv)
{
    g_clear_pointer(&settings->environment, g_hash_table_unref);
    settings->environment = gw_environment_new();
    gw_environment_add(settings->environment, dotenv == NULL ? NULL : dotenv->values);
    gw_environment_add(settings->environment, sources->environment);
    sources->dotenv = dotenv;
    sources->variables = settings->environment;
}

static gboolean
config_read(gw_settings *settings, const gw_request *request, start *begun, GError **error)
{
    const char *file = request->config;
    if (file == NULL)
    {
        file = g_hash_table_lookup(begun->environment, "GODWIT_CONFIG");
        file = file == NULL || file[0] == '\0' ? NULL : file;
    }
    settings->config = gw_config_read(request->folder, file, error);
    if (settings->config == NULL)
    {
        return FALSE;
    }
    settings->folder = g_strdup(settings->config->folder);
    const gw_yaml_node *targets = gw_config_get(settings->config, "targets");
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();
    for (guint i = 0; targets != NULL && i < gw_yaml_count(targets); i++)
    {
        g_strv_builder_add(names, gw_yaml_text(gw_yaml_key(targets, i)));
    }
    settings->targets = g_strv_builder_end(names);
    return TRUE;
}

/*
 * Choose the target with the help of .env, and without it from then on where it is protected. A
 * .env that cannot be read is an error only where it would have been used.
 */
static gboolean
target_choose(
    gw_settings *settings, gw_sources *sources, start *begun, gw_choice *choice, GError **error)
{
    g_autoptr(GError) broken = NULL;
    g_autofree char *path = gw_config_join(settings->config, ".env");
    begun->dotenv = gw_dotenv_read(path, begun->environment, &broken);
    dotenv_use(settings, sources, begun->dotenv);
    gboolean chosen = sources->request->without_target || gw_target_choose(sources, choice, error);
    if (broken != NULL && !(chosen && choice->protect))
    {
        g_clear_error(error);
        g_propagate_error(error, g_steal_pointer(&broken));
        return FALSE;
    }
    if (choice->protect)
    {
        dotenv_use(settings, sources, NULL);
    }
    return chosen;
}

static gw_settings *
settings_new(void)
{
    gw_settings *settings = g_new0(gw_settings, 1);
    settings->vars = gw_environment_new();
    settings->target.masks = gw_environment_new();
    settings->warnings = g_ptr_array_new_with_free_func(g_free);
    settings->origins = g_ptr_array_new_with_free_func(origin_free);
    return settings;
}

gw_settings *
gw_settings_read(const gw_request *request, GError **error)
{
    g_autoptr(gw_settings) settings = settings_new();
    g_auto(start) begun = {.environment = gw_environment_read(request->environment)};
    gw_choice choice = {0};
    if (!config_read(settings, request, &begun, error))
    {
        return NULL;
    }
    gw_sources sources = {
        .request = request, .config = settings->config, .environment = begun.environment};
    if (!target_choose(settings, &sources, &begun, &choice, error) ||
        !gw_project_fill(settings, &sources, error))
    {
        return NULL;
    }
    if (!request->without_target && !gw_target_fill(settings, &sources, &choice, error))
    {
        return NULL;
    }
    gw_secrets_warn(settings, sources.dotenv);
    return g_steal_pointer(&settings);
}

void
gw_settings_free(gw_settings *settings)
{
    if (settings == NULL)
    {
        return;
    }
    gw_config_free(settings->config);
    g_free(settings->folder);
    g_free(settings->project);
    g_strfreev(settings->migrations);
    g_free(settings->seeds);
    g_free(settings->ledger);
    g_hash_table_unref(settings->vars);
    gw_target_clear(&settings->target);
    for (gsize i = 0; i < GW_HOOK_COUNT; i++)
    {
        g_strfreev(settings->hooks[i]);
    }
    g_strfreev(settings->targets);
    g_free(settings->overrides);
    g_ptr_array_unref(settings->warnings);
    g_ptr_array_unref(settings->origins);
    g_clear_pointer(&settings->environment, g_hash_table_unref);
    g_free(settings);
}
