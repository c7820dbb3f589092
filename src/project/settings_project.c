#include "base/text.h"
#include "project/reader.h"
#include "project/settings_parts.h"

static char *
folder_name(const char *folder)
{
    g_autofree char *path = g_canonicalize_filename(folder, NULL);
    g_autofree char *name = g_path_get_basename(path);
    return g_strdup(strcmp(name, "/") == 0 ? "default" : name);
}

/* Ask for a text of the project; one that is empty is refused. */
static gboolean
text_ask(const gw_sources *sources, gw_option option, gw_said *said, GError **error)
{
    const gw_yaml_node *node = gw_config_get(sources->config, gw_option_key(option));
    if (!gw_sources_ask(sources, option, node, said, error))
    {
        return FALSE;
    }
    if (said->text != NULL && said->text[0] == '\0')
    {
        gw_fail(error, GW_CODE_CONFIG, "the value is empty");
        return gw_said_blame(said, sources, error);
    }
    if (said->text == NULL)
    {
        const char *key = gw_option_key(option);
        const char *fallback = gw_config_key_find(gw_config_keys(), key)->fallback;
        said->text = fallback == NULL ? folder_name(sources->config->folder) : g_strdup(fallback);
        said->origin = g_strdup("default");
    }
    return TRUE;
}

static gboolean
text_fill(
    gw_settings *settings, const gw_sources *sources, gw_option option, char **text, GError **error)
{
    g_auto(gw_said) said = {0};
    if (!text_ask(sources, option, &said, error))
    {
        return FALSE;
    }
    gw_settings_note(settings, gw_option_key(option), said.text, said.origin);
    *text = g_steal_pointer(&said.text);
    return TRUE;
}

static gboolean
seeds_fill(gw_settings *settings, const gw_sources *sources, GError **error)
{
    g_auto(gw_said) said = {0};
    if (!text_ask(sources, GW_OPTION_SEEDS, &said, error))
    {
        return FALSE;
    }
    settings->seeds = gw_sources_path(sources, said.layer, said.text);
    gw_settings_note(settings, "seeds", settings->seeds, said.origin);
    return TRUE;
}

/* The folders that the file lists. */
static gboolean
folders_listed(
    const gw_sources *sources, const gw_yaml_node *node, GStrvBuilder *folders, GError **error)
{
    g_auto(GStrv) texts = NULL;
    if (!gw_read_texts(node, "migrations", sources->variables, &texts, error))
    {
        return FALSE;
    }
    for (gsize i = 0; texts[i] != NULL; i++)
    {
        g_autofree char *path = gw_config_join(sources->config, texts[i]);
        g_strv_builder_add(folders, path);
    }
    if (texts[0] == NULL)
    {
        gw_yaml_fail(node, error, GW_CODE_CONFIG, "migrations names no folder");
    }
    return texts[0] != NULL;
}

/* `migrations`, or the db/migrations that other tools use, where that alone is there. */
static char *
folder_default(const gw_config *config)
{
    g_autofree char *usual = gw_config_join(config, "migrations");
    g_autofree char *other = gw_config_join(config, "db/migrations");
    gboolean use_other =
        !g_file_test(usual, G_FILE_TEST_IS_DIR) && g_file_test(other, G_FILE_TEST_IS_DIR);
    return g_strdup(use_other ? other : usual);
}

static gboolean
migrations_fill(gw_settings *settings, const gw_sources *sources, GError **error)
{
    g_auto(gw_said) said = {0};
    g_autoptr(GStrvBuilder) folders = g_strv_builder_new();
    const gw_yaml_node *node = gw_config_get(sources->config, "migrations");
    if (!gw_sources_ask(sources, GW_OPTION_MIGRATIONS, NULL, &said, error))
    {
        return FALSE;
    }
    g_autofree char *origin = g_strdup(said.origin == NULL ? "default" : said.origin);
    if (said.text != NULL)
    {
        g_autofree char *path = gw_sources_path(sources, said.layer, said.text);
        g_strv_builder_add(folders, path);
    }
    else if (node != NULL)
    {
        g_free(origin);
        origin = gw_node_origin(node);
        if (!folders_listed(sources, node, folders, error))
        {
            return FALSE;
        }
    }
    else
    {
        g_autofree char *path = folder_default(sources->config);
        g_strv_builder_add(folders, path);
    }
    settings->migrations = g_strv_builder_end(folders);
    g_autofree char *all = g_strjoinv(", ", settings->migrations);
    gw_settings_note(settings, "migrations", all, origin);
    return TRUE;
}

/* Values for sections. Without a target, those whose variables are not set are left out. */
static gboolean
vars_fill(gw_settings *settings, const gw_sources *sources, GError **error)
{
    const gw_yaml_node *vars = gw_config_get(sources->config, "vars");
    gboolean lenient = sources->request->without_target;
    for (guint i = 0; vars != NULL && i < gw_yaml_count(vars); i++)
    {
        const gw_yaml_node *node = gw_yaml_item(vars, i);
        const char *name = gw_yaml_text(gw_yaml_key(vars, i));
        g_autofree char *key = g_strdup_printf("vars.%s", name);
        g_autofree char *origin = gw_node_origin(node);
        char *value = NULL;
        if (!gw_read_text(node, key, sources->variables, &value, lenient ? NULL : error))
        {
            if (!lenient)
            {
                return FALSE;
            }
            continue;
        }
        /* Shown as it is written: what the environment put in may be a secret. */
        gw_settings_note(settings, key, gw_yaml_text(node), origin);
        g_hash_table_replace(settings->vars, g_strdup(name), value);
    }
    return TRUE;
}

static gboolean
kept_fill(gw_settings *settings, const gw_sources *sources, GError **error)
{
    const gw_yaml_node *kept = gw_config_get(sources->config, "kept");
    const gw_config_key *keys = gw_config_key_find(gw_config_keys(), "kept")->keys;
    return gw_duration_parse(
               gw_config_key_find(keys, "retention")->fallback, &settings->kept_retention, error) &&
           gw_size_parse(
               gw_config_key_find(keys, "limit")->fallback, &settings->kept_limit, error) &&
           gw_read_duration(gw_yaml_get(kept, "retention"), "retention", sources->variables,
               &settings->kept_retention, error) &&
           gw_read_size(gw_yaml_get(kept, "limit"), "limit", sources->variables,
               &settings->kept_limit, error);
}

/* The table of keys has the hooks in the order of gw_hook. */
static gboolean
hooks_fill(gw_settings *settings, const gw_sources *sources, GError **error)
{
    const gw_yaml_node *hooks = gw_config_get(sources->config, "hooks");
    const gw_config_key *keys = gw_config_key_find(gw_config_keys(), "hooks")->keys;
    for (gsize i = 0; i < GW_HOOK_COUNT; i++)
    {
        if (!gw_read_command(gw_yaml_get(hooks, keys[i].name), keys[i].name, sources->variables,
                &settings->hooks[i], error))
        {
            return FALSE;
        }
    }
    return TRUE;
}

gboolean
gw_project_fill(gw_settings *settings, const gw_sources *sources, GError **error)
{
    return text_fill(settings, sources, GW_OPTION_PROJECT, &settings->project, error) &&
           text_fill(settings, sources, GW_OPTION_LEDGER, &settings->ledger, error) &&
           migrations_fill(settings, sources, error) && seeds_fill(settings, sources, error) &&
           vars_fill(settings, sources, error) && kept_fill(settings, sources, error) &&
           hooks_fill(settings, sources, error);
}
