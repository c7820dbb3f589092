#include "cli/manual.h"

#include "godwit.h"
#include "report/columns.h"
#include "report/grid.h"
#include "report/json.h"

#define EXAMPLES_BRIEF 2
#define TEXT_WIDTH     80

static const gw_grid_column pair[] = {{.title = ""}, {.title = "", .least = 30}};

char *
cli_usage(const cli_command *command)
{
    const cli_argument *takes = &command->argument;
    GString *out = g_string_new("godwit ");
    g_string_append_printf(out, "%s [OPTION]...", command->name);
    if (takes->role != NULL)
    {
        gboolean must = takes->least > 0;
        g_string_append_printf(out, " %s%s%s%s", must ? "" : "[", takes->placeholder,
            must ? "" : "]", takes->most == 1 ? "" : "...");
    }
    return g_string_free(out, FALSE);
}

char *
cli_option_shown(const cli_option *option)
{
    char letter[] = {'-', option->letter, ',', ' ', '\0'};
    return g_strconcat(option->letter != 0 ? letter : "", "--", option->name,
        option->placeholder != NULL ? " " : "",
        option->placeholder != NULL ? option->placeholder : "", NULL);
}

char *
cli_needs(const cli_command *command)
{
    static const struct
    {
        guint need;
        const char *words;
    } sayings[] = {
        {CLI_NEEDS_PROJECT, "looks at the project"},
        {CLI_NEEDS_DATABASE, "connects to the database"},
        {CLI_WRITES_DATABASE, "writes to the database"},
        {CLI_WRITES_FILES, "writes files"},
        {CLI_ASKS, "may ask first (--yes, --confirm)"},
    };
    g_autoptr(GPtrArray) said = g_ptr_array_new();
    for (gsize i = 0; i < G_N_ELEMENTS(sayings); i++)
    {
        if ((command->needs & sayings[i].need) != 0)
        {
            g_ptr_array_add(said, (gpointer)(guintptr)sayings[i].words);
        }
    }
    g_ptr_array_add(said, NULL);
    return said->len > 1 ? g_strjoinv(", ", (char **)said->pdata) : NULL;
}

static void
add_pair(gw_grid *grid, const char *left, const char *right)
{
    g_autofree char *shifted = g_strconcat("  ", left, NULL);
    gw_grid_cell(grid, GW_INK_CYAN, shifted);
    gw_grid_cell(grid, GW_INK_PLAIN, right);
}

static void
heading(const gw_style *style, GString *out, const char *text)
{
    g_string_append_c(out, '\n');
    gw_style_add(style, out, GW_INK_BOLD, text);
    g_string_append_c(out, '\n');
}

static void
examples(const cli_command *command, gsize most, const gw_style *style, GString *out)
{
    g_autoptr(gw_grid) grid = gw_grid_new(pair, G_N_ELEMENTS(pair));
    for (gsize i = 0; command->examples[i] != NULL && i < 2 * most; i += 2)
    {
        add_pair(grid, command->examples[i], command->examples[i + 1]);
    }
    gw_grid_print(grid, style, out);
}

static void
options(const cli_option *table, gboolean full, const gw_style *style, GString *out)
{
    g_autoptr(gw_grid) grid = gw_grid_new(pair, G_N_ELEMENTS(pair));
    for (const cli_option *option = table; option->name != NULL; option++)
    {
        g_autofree char *shown = cli_option_shown(option);
        g_autofree char *variable = full ? cli_option_variable(option) : NULL;
        g_autoptr(GString) help = g_string_new(option->help);
        if (option->standard != NULL)
        {
            g_string_append_printf(help, " (default: %s)", option->standard);
        }
        if (variable != NULL)
        {
            g_string_append_printf(help, " [%s]", variable);
        }
        add_pair(grid, shown, help->str);
    }
    gw_grid_print(grid, style, out);
}

static void
title(const cli_command *command, const gw_style *style, GString *out)
{
    g_autofree char *line = g_strdup_printf("godwit %s: %s", command->name, command->summary);
    g_autoptr(GPtrArray) lines = gw_columns_wrap(line, style->width);
    for (guint i = 0; i < lines->len; i++)
    {
        gw_style_add(style, out, GW_INK_BOLD, lines->pdata[i]);
        g_string_append_c(out, '\n');
    }
}

void
cli_manual_brief(const cli_command *command, const gw_style *style, GString *out)
{
    g_autofree char *usage = cli_usage(command);
    title(command, style, out);
    g_string_append_c(out, '\n');
    examples(command, EXAMPLES_BRIEF, style, out);
    g_string_append_printf(out, "\nusage: %s\n", usage);
    if (command->options != NULL)
    {
        options(command->options, FALSE, style, out);
    }
    g_string_append_printf(out, "\nall of it: godwit %s --help\n", command->name);
}

static void
paragraphs(const char *text, const gw_style *style, GString *out)
{
    g_auto(GStrv) parts = g_strsplit(text, "\n\n", -1);
    for (guint i = 0; parts[i] != NULL; i++)
    {
        g_string_append_c(out, '\n');
        gw_columns_paragraph(out, parts[i], 0, MIN(style->width, TEXT_WIDTH));
    }
}

void
cli_manual_full(const cli_command *command, const gw_style *style, GString *out)
{
    g_autofree char *usage = cli_usage(command);
    g_autofree char *needs = cli_needs(command);
    title(command, style, out);
    g_string_append_printf(out, "\nusage: %s\n", usage);
    if (command->synonyms != NULL)
    {
        g_autofree char *names = g_strjoinv(", ", (char **)(guintptr)command->synonyms);
        g_string_append_printf(out, "also called: %s\n", names);
    }
    paragraphs(command->about, style, out);
    if (needs != NULL)
    {
        g_string_append_printf(out, "\nIt %s.\n", needs);
    }
    heading(style, out, "Examples");
    examples(command, G_MAXUINT16, style, out);
    if (command->options != NULL)
    {
        heading(style, out, "Options");
        options(command->options, TRUE, style, out);
    }
    heading(style, out, "Options of every command");
    options(cli_global_options(), TRUE, style, out);
}

/* The commands of one group, for the overview. */
static void
group(const char *name, const gw_style *style, GString *out)
{
    g_autoptr(gw_grid) grid = gw_grid_new(pair, G_N_ELEMENTS(pair));
    const cli_command *const *commands = cli_commands();
    for (gsize i = 0; commands[i] != NULL; i++)
    {
        if (strcmp(commands[i]->group, name) == 0)
        {
            add_pair(grid, commands[i]->name, commands[i]->summary);
        }
    }
    heading(style, out, name);
    gw_grid_print(grid, style, out);
}

void
cli_manual_overview(const gw_style *style, GString *out)
{
    static const char *const groups[] = {"daily", "trust", "data", "more"};
    gw_style_add(
        style, out, GW_INK_BOLD, "godwit: change database schemas and data, prove it, undo it");
    g_string_append(out, "\n\nusage: godwit COMMAND [OPTION]...\n\n"
                         "  godwit init sqlite:app.db && godwit new add users && godwit up\n");
    for (gsize i = 0; i < G_N_ELEMENTS(groups); i++)
    {
        group(groups[i], style, out);
    }
    heading(style, out, "Options of every command");
    options(cli_global_options(), FALSE, style, out);
    heading(style, out, "godwit help TOPIC");
    g_autoptr(gw_grid) grid = gw_grid_new(pair, G_N_ELEMENTS(pair));
    for (const cli_topic *topic = cli_topics(); topic->name != NULL; topic++)
    {
        add_pair(grid, topic->name, topic->summary);
    }
    add_pair(grid, "COMMAND, GW0412", "a command, or the code of an error");
    gw_grid_print(grid, style, out);
}

void
cli_manual_topic(const cli_topic *topic, const gw_style *style, GString *out)
{
    g_autofree char *line = g_strdup_printf("%s: %s", topic->name, topic->summary);
    gw_style_add(style, out, GW_INK_BOLD, line);
    g_string_append(out, "\n\n");
    g_string_append(out, topic->text != NULL ? topic->text : "");
    if (topic->print != NULL)
    {
        topic->print(style, out);
    }
}

gboolean
cli_manual_code(const char *name, const gw_style *style, GString *out)
{
    g_autofree char *upper = g_ascii_strup(name, -1);
    const char *digits = g_str_has_prefix(upper, "GW") ? upper + strlen("GW") : upper;
    guint64 number = 0;
    if (!g_ascii_string_to_unsigned(digits, 10, 1, 9999, &number, NULL))
    {
        return FALSE;
    }
    g_autofree char *full = g_strdup_printf("GW%04u", (guint)number);
    for (size_t i = 0; godwit_code_name(i) != NULL; i++)
    {
        if (strcmp(godwit_code_name(i), full) == 0)
        {
            gw_style_add(style, out, GW_INK_BOLD, full);
            g_string_append_printf(
                out, ": %s\nexit status: %d\n", godwit_code_meaning(i), godwit_code_status(i));
            return TRUE;
        }
    }
    return FALSE;
}

void
cli_wrap_json(const cli_line *line, GString *out)
{
    if (!cli_line_flag(line, "json"))
    {
        return;
    }
    g_autoptr(JsonBuilder) builder = json_builder_new();
    json_builder_begin_object(builder);
    gw_json_text(builder, "text", out->str);
    json_builder_end_object(builder);
    g_autofree char *document = gw_json_finish(builder, TRUE);
    g_string_printf(out, "%s\n", document);
}
