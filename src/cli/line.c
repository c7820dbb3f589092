#include "cli/line.h"

#include "base/text.h"
#include "cli/option_value.h"

/* Where reading has got to. */
typedef struct reader
{
    cli_line *line;
    const char *const *words; /* the next one is words[0] */
    gboolean ended;           /* after "--" */
} reader;

static void
given_free(gpointer data)
{
    cli_given *given = data;
    g_free(given->value);
    g_free(given);
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
    g_autoptr(cli_line) line = g_new0(cli_line, 1);
    line->given = g_ptr_array_new_with_free_func(given_free);
    line->arguments = g_ptr_array_new_with_free_func(g_free);
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
