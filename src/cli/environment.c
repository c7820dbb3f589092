/* Options that the environment says. */
#include "cli/line.h"
#include "cli/option_value.h"

static const char *const yes_words[] = {"1", "true", "yes", "on", NULL};
static const char *const no_words[] = {"", "0", "false", "no", "off", NULL};

static gboolean
is_one_of(const char *const *words, const char *value)
{
    g_autofree char *lower = g_ascii_strdown(value, -1);
    return g_strv_contains(words, lower);
}

/*
 * What the option's variable says: *value is NULL when it is not set, or says no to a flag. The
 * caller frees *value.
 */
static gboolean
read_variable(const cli_option *option, char **value, GError **error)
{
    g_autofree char *variable = cli_option_variable(option);
    const char *said = variable != NULL ? g_getenv(variable) : NULL;
    *value = NULL;
    if (said == NULL || said[0] == '\0')
    {
        return TRUE;
    }
    if (option->kind == CLI_FLAG)
    {
        if (!is_one_of(yes_words, said) && !is_one_of(no_words, said))
        {
            gw_fail(error, GW_CODE_USAGE, "%s is yes or no, not \"%s\"", variable, said);
            return FALSE;
        }
        *value = is_one_of(yes_words, said) ? g_strdup("true") : NULL;
        return TRUE;
    }
    if (!cli_option_check(option, variable, said, error))
    {
        return FALSE;
    }
    *value = g_strdup(said);
    return TRUE;
}

gboolean
cli_line_add_environment(cli_line *line, GError **error)
{
    const cli_option *const tables[] = {
        line->command != NULL ? line->command->options : NULL, cli_global_options()};
    for (gsize i = 0; i < G_N_ELEMENTS(tables); i++)
    {
        for (const cli_option *option = tables[i]; option != NULL && option->name != NULL; option++)
        {
            g_autofree char *value = NULL;
            gboolean asked =
                (option->traits & CLI_SETTING) == 0 && cli_line_given(line, option->name) == NULL;
            if (asked && !read_variable(option, &value, error))
            {
                return FALSE;
            }
            if (value != NULL)
            {
                cli_line_give(line, option, value)->environment = TRUE;
            }
        }
    }
    return TRUE;
}
