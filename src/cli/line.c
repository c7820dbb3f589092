#include "cli/line.h"

static void
given_free(gpointer data)
{
    cli_given *given = data;
    g_free(given->value);
    g_free(given);
}

cli_line *
cli_line_new(void)
{
    cli_line *line = g_new0(cli_line, 1);
    line->given = g_ptr_array_new_with_free_func(given_free);
    line->arguments = g_ptr_array_new_with_free_func(g_free);
    return line;
}

void
cli_line_free(cli_line *line)
{
    g_ptr_array_unref(line->given);
    g_ptr_array_unref(line->arguments);
    g_free(line);
}

const cli_given *
cli_line_given(const cli_line *line, const char *name)
{
    for (guint i = line->given->len; i > 0; i--)
    {
        const cli_given *given = line->given->pdata[i - 1];
        if (strcmp(given->option->name, name) == 0)
        {
            return given;
        }
    }
    return NULL;
}

const char *
cli_line_value(const cli_line *line, const char *name)
{
    const cli_given *given = cli_line_given(line, name);
    return given != NULL ? given->value : NULL;
}

gboolean
cli_line_flag(const cli_line *line, const char *name)
{
    return cli_line_value(line, name) != NULL;
}

cli_given *
cli_line_give(cli_line *line, const cli_option *option, const char *value)
{
    cli_given *given = g_new0(cli_given, 1);
    given->option = option;
    given->value = g_strdup(value);
    g_ptr_array_add(line->given, given);
    return given;
}

gboolean
cli_line_check(const cli_line *line, GError **error)
{
    const cli_argument *takes = &line->command->argument;
    guint most = takes->role == NULL ? 0 : takes->most > 0 ? takes->most : G_MAXUINT;
    if (line->arguments->len < takes->least)
    {
        gw_fail(error, GW_CODE_USAGE, "%s needs a %s: %s", line->command->name, takes->placeholder,
            takes->help);
        gw_error_add_next(*error, "godwit help %s", line->command->name);
        return FALSE;
    }
    if (line->arguments->len > most)
    {
        gw_fail(error, GW_CODE_USAGE, "%s does not take \"%s\"", line->command->name,
            (const char *)line->arguments->pdata[most]);
        gw_error_add_next(*error, "godwit help %s", line->command->name);
        return FALSE;
    }
    return TRUE;
}
