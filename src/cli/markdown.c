/* Pages of docs/ from the tables. */
#include "cli/manual.h"
#include "godwit.h"

#define MADE                                                                                       \
    "<!-- Printed by `godwit help --markdown %s`: change the program, not this file. -->\n\n"

/* A bar would end a cell of a table. */
static void
append_cell(GString *out, const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, "|", -1);
    g_autofree char *escaped = g_strjoinv("\\|", parts);
    g_string_append_printf(out, " %s |", escaped);
}

static void
append_options(GString *out, const cli_option *table)
{
    g_string_append(out, "| option | | variable |\n| --- | --- | --- |\n");
    for (const cli_option *option = table; option->name != NULL; option++)
    {
        g_autofree char *shown = cli_option_shown(option);
        g_autofree char *variable = cli_option_variable(option);
        g_autofree char *code = g_strdup_printf("`%s`", shown);
        g_autofree char *standard = option->standard != NULL
                                        ? g_strdup_printf(" (default: %s)", option->standard)
                                        : g_strdup("");
        g_autofree char *help = g_strconcat(option->help, standard, NULL);
        g_autofree char *name = variable != NULL ? g_strdup_printf("`%s`", variable) : g_strdup("");
        g_string_append_c(out, '|');
        append_cell(out, code);
        append_cell(out, help);
        append_cell(out, name);
        g_string_append_c(out, '\n');
    }
}

static void
append_examples(GString *out, const cli_command *command)
{
    for (gsize i = 0; command->examples[i] != NULL; i += 2)
    {
        g_string_append_printf(out, "* `%s`: %s\n", command->examples[i], command->examples[i + 1]);
    }
}

void
cli_markdown_command(const cli_command *command, GString *out)
{
    g_autofree char *usage = cli_usage(command);
    g_autofree char *needs = cli_needs(command);
    g_string_append_printf(out, MADE, command->name);
    g_string_append_printf(out, "# godwit %s\n\n", command->name);
    g_string_append_printf(out, "%s: %s.\n\n", command->name, command->summary);
    g_string_append_printf(out, "    %s\n\n", usage);
    if (command->synonyms != NULL)
    {
        g_autofree char *names = g_strjoinv("`, `", (char **)(guintptr)command->synonyms);
        g_string_append_printf(out, "Also called `%s`.\n\n", names);
    }
    g_string_append_printf(out, "%s\n\n", command->about);
    if (needs != NULL)
    {
        g_string_append_printf(out, "It %s.\n\n", needs);
    }
    g_string_append(out, "## Examples\n\n");
    append_examples(out, command);
    if (command->argument.role != NULL)
    {
        g_string_append_printf(out, "\n## Arguments\n\n`%s`: %s.\n", command->argument.placeholder,
            command->argument.help);
    }
    if (command->options != NULL)
    {
        g_string_append(out, "\n## Options\n\n");
        append_options(out, command->options);
    }
    g_string_append(out, "\n## Options of every command\n\n");
    append_options(out, cli_global_options());
    g_string_append(out, "\nExit statuses: [exit-codes.md](../exit-codes.md).\n");
}

void
cli_markdown_errors(GString *out)
{
    g_string_append_printf(out, MADE, "errors");
    g_string_append(out, "# Errors\n\n"
                         "`godwit help GW0412` prints one of them.\n\n"
                         "| code | exit | meaning |\n| --- | --- | --- |\n");
    for (size_t i = 0; godwit_code_name(i) != NULL; i++)
    {
        g_string_append_printf(out, "| %s | %d |", godwit_code_name(i), godwit_code_status(i));
        append_cell(out, godwit_code_meaning(i));
        g_string_append_c(out, '\n');
    }
}

void
cli_markdown_exits(GString *out)
{
    gsize count = 0;
    const cli_exit *exits = cli_exits(&count);
    g_string_append_printf(out, MADE, "exit-codes");
    g_string_append(out, "# Exit statuses\n\n| status | meaning |\n| --- | --- |\n");
    for (gsize i = 0; i < count; i++)
    {
        g_string_append_printf(out, "| %d |", exits[i].status);
        append_cell(out, exits[i].meaning);
        g_string_append_c(out, '\n');
    }
}

void
cli_markdown_all(GString *out)
{
    const cli_command *const *commands = cli_commands();
    for (gsize i = 0; commands[i] != NULL; i++)
    {
        g_string_append(out, i > 0 ? "\n" : "");
        cli_markdown_command(commands[i], out);
    }
}
