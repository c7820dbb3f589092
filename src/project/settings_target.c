#include "project/settings_parts.h"

#include "base/secret.h"
#include "base/text.h"
#include "project/reader.h"

typedef enum field_type
{
    FIELD_TEXT,
    FIELD_DURATION,
    FIELD_WORD,
} field_type;

/* A value of a target that flags and the environment can say. */
typedef struct field
{
    gw_option option;
    field_type type;
    glong offset; /* in gw_target */
} field;

static const field fields[] = {
    {GW_OPTION_ENVIRONMENT, FIELD_TEXT, G_STRUCT_OFFSET(gw_target, environment)},
    {GW_OPTION_ROLE, FIELD_TEXT, G_STRUCT_OFFSET(gw_target, role)},
    {GW_OPTION_ORDER, FIELD_WORD, G_STRUCT_OFFSET(gw_target, order)},
    {GW_OPTION_PHASES, FIELD_WORD, G_STRUCT_OFFSET(gw_target, stop)},
    {GW_OPTION_STALL, FIELD_DURATION, G_STRUCT_OFFSET(gw_target, stall)},
    {GW_OPTION_PATIENCE, FIELD_DURATION, G_STRUCT_OFFSET(gw_target, patience)},
    {GW_OPTION_SCRATCH, FIELD_TEXT, G_STRUCT_OFFSET(gw_target, scratch)},
};

static const gw_config_key *
target_keys(void)
{
    return gw_config_key_find(gw_config_keys(), "targets")->keys;
}

/* Put a text into a field by its type. */
static gboolean
field_set(gw_target *target, const field *into, const gw_config_key *key, const char *text,
    GError **error)
{
    gpointer place = G_STRUCT_MEMBER_P(target, into->offset);
    switch (into->type)
    {
    case FIELD_DURATION:
        return gw_duration_parse(text, place, error);
    case FIELD_WORD:
        return gw_parse_word(text, key, place, error);
    default:
        g_free(*(char **)place);
        *(char **)place = text == NULL ? NULL : g_strdup(text);
        return TRUE;
    }
}

static gboolean
field_fill(gw_settings *settings, const gw_sources *sources, const gw_choice *choice,
    const field *into, GError **error)
{
    const gw_config_key *key = gw_config_key_find(target_keys(), gw_option_key(into->option));
    const char *fallback = choice->protect && key->guarded != NULL ? key->guarded : key->fallback;
    g_auto(gw_said) said = {0};
    const gw_yaml_node *node = gw_yaml_get(choice->node, key->name);
    if (!gw_sources_ask(sources, into->option, node, &said, error))
    {
        return FALSE;
    }
    if (said.layer == GW_LAYER_NONE)
    {
        gw_settings_note(settings, key->name, fallback, "default");
        return fallback == NULL || field_set(&settings->target, into, key, fallback, error);
    }
    g_autofree char *shown = gw_secret_hide_url(said.text);
    gw_settings_note(settings, key->name, shown, said.origin);
    return field_set(&settings->target, into, key, said.text, error) ||
           gw_said_blame(&said, sources, error);
}

/* C10: an inherited URL that is not the one the file has for its target. */
static void
override_note(
    gw_settings *settings, const gw_sources *sources, const gw_choice *choice, const gw_said *url)
{
    const char *name = choice->name == NULL ? gw_target_default(sources->config) : choice->name;
    const gw_yaml_node *targets = gw_config_get(sources->config, "targets");
    const gw_yaml_node *node = name == NULL ? NULL : gw_yaml_get(gw_yaml_get(targets, name), "url");
    g_autofree char *written = NULL;
    if (url->layer != GW_LAYER_ENVIRONMENT || node == NULL ||
        (gw_read_text(node, "url", sources->variables, &written, NULL) &&
            g_strcmp0(written, url->text) == 0))
    {
        return;
    }
    g_autofree char *origin = gw_node_origin(node);
    settings->overrides = g_strdup_printf(
        "%s of the environment is used, not the URL of target %s (%s)", url->name, name, origin);
}

static gboolean
url_fill(gw_settings *settings, const gw_sources *sources, const gw_choice *choice, GError **error)
{
    gw_target *target = &settings->target;
    g_auto(gw_said) said = {0};
    const gw_yaml_node *node = gw_yaml_get(choice->node, "url");
    if (!gw_sources_ask(sources, GW_OPTION_URL, node, &said, error))
    {
        return FALSE;
    }
    if (said.text == NULL || said.text[0] == '\0')
    {
        gw_fail(error, GW_CODE_NO_TARGET, "%s%s has no URL", choice->name == NULL ? "" : "target ",
            choice->name == NULL ? "the target" : choice->name);
        return said.text == NULL
                   ? choice->node != NULL && gw_yaml_blame(choice->node, "targets", error)
                   : gw_said_blame(&said, sources, error);
    }
    target->url = g_strdup(said.text);
    target->shown = gw_secret_hide_url(said.text);
    target->base = g_strdup(gw_sources_base(sources, said.layer));
    gw_settings_note(settings, "url", target->shown, said.origin);
    override_note(settings, sources, choice, &said);
    return TRUE;
}

static gboolean
backup_fill(gw_target *target, const gw_sources *sources, const gw_yaml_node *node, GError **error)
{
    gw_backup_settings *backup = &target->backup;
    const gw_config_key *keys = gw_config_key_find(target_keys(), "backup")->keys;
    GHashTable *variables = sources->variables;
    g_autofree char *to = g_strdup(gw_config_key_find(keys, "to")->fallback);
    guint when = GW_BACKUP_NEVER;
    gboolean read =
        gw_read_word(
            gw_yaml_get(node, "when"), gw_config_key_find(keys, "when"), variables, &when, error) &&
        gw_read_text(gw_yaml_get(node, "to"), "to", variables, &to, error) &&
        gw_read_command(gw_yaml_get(node, "check"), "check", variables, &backup->check, error) &&
        gw_read_duration(
            gw_yaml_get(node, "max_age"), "max_age", variables, &backup->max_age, error) &&
        gw_read_size(gw_yaml_get(node, "limit"), "limit", variables, &backup->limit, error) &&
        gw_read_integer(gw_yaml_get(node, "keep"), "keep", variables, &backup->keep, error);
    backup->when = (gw_backup_when)when;
    backup->to = gw_config_join(sources->config, to);
    return read;
}

/* Masks are for columns: their names have a table before them. */
static gboolean
masks_fill(gw_target *target, const gw_sources *sources, const gw_yaml_node *node, GError **error)
{
    for (guint i = 0; node != NULL && i < gw_yaml_count(node); i++)
    {
        const gw_yaml_node *key = gw_yaml_key(node, i);
        if (strchr(gw_yaml_text(key), '.') == NULL)
        {
            gw_yaml_fail(
                key, error, GW_CODE_CONFIG, "masks: \"%s\" is not table.column", gw_yaml_text(key));
            return FALSE;
        }
    }
    return gw_read_text_map(node, "masks", sources->variables, target->masks, error);
}

static gboolean
password_fill(
    gw_settings *settings, const gw_sources *sources, const gw_choice *choice, GError **error)
{
    gw_target *target = &settings->target;
    g_auto(gw_said) said = {0};
    const gw_yaml_node *file = gw_yaml_get(choice->node, "password_file");
    const gw_yaml_node *command = gw_yaml_get(choice->node, "password_command");
    if (!gw_sources_ask(sources, GW_OPTION_PASSWORD_FILE, file, &said, error) ||
        !gw_read_command(
            command, "password_command", sources->variables, &target->password_command, error))
    {
        return FALSE;
    }
    if (said.text != NULL)
    {
        target->password_file = gw_sources_path(sources, said.layer, said.text);
        gw_settings_note(settings, "password_file", target->password_file, said.origin);
    }
    if (command != NULL)
    {
        g_autofree char *origin = gw_node_origin(command);
        gw_settings_note(settings, "password_command", target->password_command[0], origin);
    }
    return TRUE;
}

gboolean
gw_target_fill(
    gw_settings *settings, const gw_sources *sources, const gw_choice *choice, GError **error)
{
    gw_target *target = &settings->target;
    const gw_yaml_node *node = choice->node;
    target->name = g_strdup(choice->name);
    target->protect = choice->protect;
    const gw_yaml_node *protect = gw_yaml_get(node, "protected");
    g_autofree char *origin = protect == NULL ? g_strdup("default") : gw_node_origin(protect);
    gw_settings_note(settings, "protected", choice->protect ? "true" : "false", origin);
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
    {
        if (!field_fill(settings, sources, choice, &fields[i], error))
        {
            return FALSE;
        }
    }
    return url_fill(settings, sources, choice, error) &&
           password_fill(settings, sources, choice, error) &&
           gw_read_words(gw_yaml_get(node, "require"), gw_config_key_find(target_keys(), "require"),
               sources->variables, &target->require, error) &&
           backup_fill(target, sources, gw_yaml_get(node, "backup"), error) &&
           masks_fill(target, sources, gw_yaml_get(node, "masks"), error);
}

void
gw_target_clear(gw_target *target)
{
    g_free(target->name);
    gw_secret_free(target->url);
    g_free(target->shown);
    g_free(target->base);
    g_free(target->environment);
    g_free(target->role);
    gw_secret_free(target->scratch);
    g_clear_pointer(&target->masks, g_hash_table_unref);
    g_free(target->password_file);
    g_strfreev(target->password_command);
    g_free(target->backup.to);
    g_strfreev(target->backup.check);
}
