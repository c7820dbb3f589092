#include "base/file.h"
#include "base/process.h"
#include "base/secret.h"
#include "project/expand.h"
#include "project/settings_parts.h"

/* The most that a password file or command may say, and how long a command may take: it may ask
 * a person. */
#define PASSWORD_BYTES    65536
#define PASSWORD_PATIENCE (60 * G_USEC_PER_SEC)

/* Does a text of godwit.yaml under `node` hold a password as it is? Bounded by the depth of YAML
 * trees. */
static gboolean
holds_password(const gw_yaml_node *node)
{
    const char *text = gw_yaml_text(node);
    if (text != NULL)
    {
        return gw_secret_in_url(text) && !gw_expand_needed(text);
    }
    for (guint i = 0; i < gw_yaml_count(node); i++)
    {
        if (holds_password(gw_yaml_item(node, i)))
        {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
table_holds_password(GHashTable *values)
{
    GHashTableIter entries;
    gpointer value = NULL;
    g_hash_table_iter_init(&entries, values);
    while (g_hash_table_iter_next(&entries, NULL, &value))
    {
        if (gw_secret_in_url(value))
        {
            return TRUE;
        }
    }
    return FALSE;
}

void
gw_secrets_warn(gw_settings *settings, const gw_dotenv *dotenv)
{
    const gw_config *config = settings->config;
    const char *file = settings->target.password_file;
    if (config->yaml != NULL && gw_file_is_open(config->path) &&
        holds_password(gw_yaml_root(config->yaml)))
    {
        gw_settings_warn(settings,
            "%s holds a password and others can read it: use ${VARIABLE}, or chmod 600 %s",
            config->path, config->path);
    }
    if (dotenv != NULL && dotenv->source != NULL &&
        gw_file_is_open(gw_source_name(dotenv->source)) && table_holds_password(dotenv->values))
    {
        const char *path = gw_source_name(dotenv->source);
        gw_settings_warn(
            settings, "%s holds a password and others can read it: chmod 600 %s", path, path);
    }
    if (file != NULL && gw_file_is_open(file))
    {
        gw_settings_warn(settings, "others can read the password file: chmod 600 %s", file);
    }
}

/* The first line of what a file or a program says, without its end. */
static char *
first_line(const char *text)
{
    return g_strndup(text, strcspn(text, "\r\n"));
}

static gboolean
password_from_file(const char *path, char **password, GError **error)
{
    char *text = NULL;
    if (!gw_file_read(path, PASSWORD_BYTES, &text, NULL, error))
    {
        gw_error_prefix(error == NULL ? NULL : *error, "password_file: ");
        return FALSE;
    }
    *password = first_line(text);
    gw_secret_free(text);
    return TRUE;
}

static gboolean
password_from_command(const gw_settings *settings, char **password, GError **error)
{
    g_auto(gw_process_result) result = {0};
    const gw_process process = {.argv = (const char *const *)settings->target.password_command,
        .folder = settings->folder,
        .timeout = PASSWORD_PATIENCE,
        .limit = PASSWORD_BYTES};
    if (!gw_process_must(&process, &result, error))
    {
        gw_error_prefix(error == NULL ? NULL : *error, "password_command: ");
        return FALSE;
    }
    *password = first_line(result.output);
    if (*password[0] == '\0')
    {
        g_clear_pointer(password, g_free);
        gw_fail(error, GW_CODE_PROGRAM, "password_command: %s printed no password",
            settings->target.password_command[0]);
        return FALSE;
    }
    return TRUE;
}

gboolean
gw_settings_password(const gw_settings *settings, char **password, GError **error)
{
    const gw_target *target = &settings->target;
    *password = NULL;
    if (target->url == NULL || gw_secret_in_url(target->url))
    {
        return TRUE;
    }
    if (target->password_file != NULL)
    {
        return password_from_file(target->password_file, password, error);
    }
    return target->password_command == NULL || password_from_command(settings, password, error);
}
