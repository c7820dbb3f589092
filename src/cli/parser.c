/* Words into a line. */
#include "cli/line.h"

#include "cli/option_value.h"

/* Where reading has got to. */
typedef struct reader
{
    cli_line *line;
    const char *const *words; /* the next one is words[0] */
    gboolean ended;           /* after "--" */
} reader;

static void
fail_unknown(const reader *in, const char *name, GError **error)
{
    const cli_command *command = in->line->command;
    const char *near = cli_option_near(command, name);
    gw_fail(error, GW_CODE_USAGE, "there is no option --%s%s%s", name,
        command != NULL ? " of " : "; options of a command stand after it",
        command != NULL ? command->name : "");
    if (error != NULL && near != NULL)
    {
        gw_error_add_hint(*error, "did you mean --%s?", near);
    }
    if (error != NULL)
    {
        gw_error_add_next(*error, "godwit help%s%s", command != NULL ? " " : "",
            command != NULL ? command->name : "");
    }
}

/* The value of an option that takes one: behind "=" or its letter, else the next word. */
static gboolean
take_value(reader *in, const cli_option *option, const char *attached, GError **error)
{
    const char *value = attached;
    if (value == NULL && in->words[0] != NULL)
    {
        value = *in->words++;
    }
    if (value == NULL)
    {
        gw_fail(error, GW_CODE_USAGE, "--%s needs a value: --%s %s", option->name, option->name,
            option->placeholder);
        return FALSE;
    }
    g_autofree char *shown = g_strconcat("--", option->name, NULL);
    if (!cli_option_check(option, shown, value, error))
    {
        return FALSE;
    }
    cli_line_give(in->line, option, value);
    return TRUE;
}

static gboolean
read_long(reader *in, const char *word, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(word + strlen("--"), "=", 2);
    const cli_option *option = cli_option_find(in->line->command, parts[0]);
    if (option == NULL)
    {
        fail_unknown(in, parts[0], error);
        return FALSE;
    }
    if (option->kind != CLI_FLAG)
    {
        return take_value(in, option, parts[1], error);
    }
    if (parts[1] != NULL)
    {
        gw_fail(error, GW_CODE_USAGE, "--%s takes no value", option->name);
        return FALSE;
    }
    cli_line_give(in->line, option, "true");
    return TRUE;
}

/* "-v", "-vq", "-n5", "-n 5" */
static gboolean
read_short(reader *in, const char *word, GError **error)
{
    for (const char *at = word + 1; *at != '\0'; at++)
    {
        const cli_option *option = cli_option_of_letter(in->line->command, *at);
        if (option == NULL)
        {
            g_autofree char *letter = g_strndup(at, (gsize)(g_utf8_next_char(at) - at));
            gw_fail(error, GW_CODE_USAGE, "there is no option -%s", letter);
            return FALSE;
        }
        if (option->kind != CLI_FLAG)
        {
            return take_value(in, option, at[1] != '\0' ? at + 1 : NULL, error);
        }
        cli_line_give(in->line, option, "true")->brief = TRUE;
    }
    return TRUE;
}

static gboolean
read_plain(reader *in, const char *word, GError **error)
{
    if (in->line->command != NULL)
    {
        g_ptr_array_add(in->line->arguments, g_strdup(word));
        return TRUE;
    }
    in->line->command = cli_command_find(word);
    if (in->line->command == NULL)
    {
        const char *near = cli_command_near(word);
        gw_fail(error, GW_CODE_USAGE, "there is no command \"%s\"", word);
        if (error != NULL && near != NULL)
        {
            gw_error_add_hint(*error, "did you mean %s?", near);
        }
        if (error != NULL)
        {
            gw_error_add_next(*error, "godwit help");
        }
        return FALSE;
    }
    return TRUE;
}

static gboolean
read_word(reader *in, const char *word, GError **error)
{
    if (in->ended || word[0] != '-' || word[1] == '\0')
    {
        return read_plain(in, word, error);
    }
    if (strcmp(word, "--") == 0)
    {
        in->ended = TRUE;
        return TRUE;
    }
    return word[1] == '-' ? read_long(in, word, error) : read_short(in, word, error);
}

cli_line *
cli_line_parse(const char *const *words, GError **error)
{
    g_autoptr(cli_line) line = cli_line_new();
    reader in = {.line = line, .words = words};
    while (in.words[0] != NULL)
    {
        const char *word = *in.words++;
        if (!read_word(&in, word, error))
        {
            return NULL;
        }
    }
    return g_steal_pointer(&line);
}
