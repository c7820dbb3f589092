/* The manual page in man(7). */
#include "cli/manual.h"
#include "godwit.h"

/* Text as roff takes it: nothing at the beginning of a line is a request. */
static void
append_text(GString *out, const char *text)
{
    if (text[0] == '.' || text[0] == '\'')
    {
        g_string_append(out, "\\&");
    }
    for (const char *at = text; *at != '\0'; at++)
    {
        if (*at == '\\')
        {
            g_string_append(out, "\\e");
        }
        else if (*at == '-')
        {
            g_string_append(out, "\\-");
        }
        else
        {
            g_string_append_c(out, *at);
        }
    }
    g_string_append_c(out, '\n');
}

static void
append_term(GString *out, const char *term, const char *text)
{
    g_string_append(out, ".TP\n.B ");
    append_text(out, term);
    append_text(out, text);
}

static void
append_options(GString *out, const cli_option *table)
{
    for (const cli_option *option = table; option != NULL && option->name != NULL; option++)
    {
        g_autofree char *shown = cli_option_shown(option);
        append_term(out, shown, option->help);
    }
}

static void
append_command(GString *out, const cli_command *command)
{
    g_autofree char *usage = cli_usage(command);
    g_auto(GStrv) paragraphs = g_strsplit(command->about, "\n\n", -1);
    g_string_append(out, ".SS ");
    append_text(out, usage);
    append_text(out, command->summary);
    for (guint i = 0; paragraphs[i] != NULL; i++)
    {
        g_string_append(out, ".PP\n");
        append_text(out, paragraphs[i]);
    }
    append_options(out, command->options);
}

/* Lines that are kept as they stand. */
static void
append_lines(GString *out, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_string_append(out, ".PP\n.nf\n");
    for (guint i = 0; lines[i] != NULL; i++)
    {
        append_text(out, lines[i]);
    }
    g_string_append(out, ".fi\n");
}

static void
append_topic(GString *out, const cli_topic *topic)
{
    const gw_style plain = {.width = 72};
    g_autoptr(GString) text = g_string_new(topic->text);
    g_autofree char *upper = g_ascii_strup(topic->name, -1);
    if (topic->print != NULL)
    {
        topic->print(&plain, text);
    }
    g_string_append(out, ".SH ");
    append_text(out, upper);
    append_lines(out, text->str);
}

void
cli_man_page(GString *out)
{
    const cli_command *const *commands = cli_commands();
    g_string_append_printf(out, ".TH GODWIT 1 \"\" \"godwit %s\"\n", godwit_version());
    g_string_append(out,
        ".SH NAME\ngodwit \\- versioned, exact and reversible database migrations\n"
        ".SH SYNOPSIS\n.B godwit\n.I COMMAND\n[OPTION]...\n.SH COMMANDS\n");
    for (gsize i = 0; commands[i] != NULL; i++)
    {
        append_command(out, commands[i]);
    }
    g_string_append(out, ".SH OPTIONS OF EVERY COMMAND\n");
    append_options(out, cli_global_options());
    for (const cli_topic *topic = cli_topics(); topic->name != NULL; topic++)
    {
        append_topic(out, topic);
    }
}
