#include "cli/option_value.h"

#include "base/text.h"

static gboolean
is_number(const char *value)
{
    guint64 number = 0;
    return g_ascii_string_to_unsigned(value, 10, 0, G_MAXINT32, &number, NULL);
}

static void
fail_word(const cli_option *option, const char *shown, const char *value, GError **error)
{
    const char *near = gw_text_near(value, option->words);
    g_autofree char *list = g_strjoinv(", ", (char **)(guintptr)option->words);
    gw_fail(error, GW_CODE_USAGE, "%s is one of %s, not \"%s\"", shown, list, value);
    if (error != NULL && near != NULL)
    {
        gw_error_add_hint(*error, "did you mean %s?", near);
    }
}

gboolean
cli_option_check(const cli_option *option, const char *shown, const char *value, GError **error)
{
    gint64 duration = 0;
    if (option->words != NULL && !g_strv_contains(option->words, value))
    {
        fail_word(option, shown, value, error);
        return FALSE;
    }
    if (option->kind == CLI_NUMBER && !is_number(value))
    {
        gw_fail(error, GW_CODE_USAGE, "%s needs a whole number, not \"%s\"", shown, value);
        return FALSE;
    }
    if (option->kind == CLI_DURATION && !gw_duration_parse(value, &duration, NULL))
    {
        gw_fail(error, GW_CODE_USAGE, "%s needs a time such as 500ms, 30s or 10m, not \"%s\"",
            shown, value);
        return FALSE;
    }
    return TRUE;
}
