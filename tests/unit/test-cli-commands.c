#include "cli/command.h"

#include "cli/line.h"

/* Every word that names a command names one alone, and every option of a command is its own. */
static void
names_are_unique(void)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (const cli_command *const *at = cli_commands(); *at != NULL; at++)
    {
        const cli_command *command = *at;
        g_assert_true(g_hash_table_add(seen, (gpointer)(guintptr)command->name));
        for (gsize i = 0; command->synonyms != NULL && command->synonyms[i] != NULL; i++)
        {
            g_assert_true(g_hash_table_add(seen, (gpointer)(guintptr)command->synonyms[i]));
        }
    }
}

static void
assert_letters_are_unique(const cli_command *command)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    const cli_option *const tables[] = {command->options, cli_global_options()};
    for (gsize i = 0; i < G_N_ELEMENTS(tables); i++)
    {
        for (const cli_option *option = tables[i]; option != NULL && option->name != NULL; option++)
        {
            gboolean first = g_hash_table_add(names, (gpointer)(guintptr)option->name);
            gpointer letter = GINT_TO_POINTER(option->letter);
            g_assert_true(option->letter == 0 || !first || g_hash_table_add(seen, letter));
        }
    }
}

static void
letters_are_unique(void)
{
    for (const cli_command *const *at = cli_commands(); *at != NULL; at++)
    {
        assert_letters_are_unique(*at);
    }
}

static void
every_command_is_explained(void)
{
    for (const cli_command *const *at = cli_commands(); *at != NULL; at++)
    {
        const cli_command *command = *at;
        g_assert_cmpuint(strlen(command->summary), >, 10);
        g_assert_cmpuint(strlen(command->about), >, 10);
        g_assert_cmpuint(g_strv_length((char **)(guintptr)command->examples), >=, 4);
        g_assert_cmpuint(g_strv_length((char **)(guintptr)command->examples) % 2, ==, 0);
    }
}

static void
every_option_with_a_value_names_it(void)
{
    for (const cli_command *const *at = cli_commands(); *at != NULL; at++)
    {
        for (const cli_option *option = (*at)->options; option != NULL && option->name != NULL;
             option++)
        {
            g_assert_cmpint(option->placeholder != NULL, ==, option->kind != CLI_FLAG);
            g_assert_nonnull(option->help);
        }
    }
}

/* The manual cannot lie: the parser takes each example's first command. */
static void
every_example_is_understood(void)
{
    for (const cli_command *const *at = cli_commands(); *at != NULL; at++)
    {
        for (gsize i = 0; (*at)->examples[i] != NULL; i += 2)
        {
            g_autoptr(GError) error = NULL;
            g_auto(GStrv) parts = g_strsplit_set((*at)->examples[i], ">|&", 2);
            g_auto(GStrv) words = NULL;
            g_assert_true(g_shell_parse_argv(parts[0], NULL, &words, &error));
            g_assert_cmpstr(words[0], ==, "godwit");
            g_autoptr(cli_line) line = cli_line_parse((const char *const *)words + 1, &error);
            g_assert_no_error(error);
            g_assert_true(cli_line_check(line, &error));
        }
    }
}

static void
a_variable_is_the_option_in_capitals(void)
{
    g_autofree char *variable =
        cli_option_variable(cli_option_find(cli_command_find("up"), "wait-lock"));
    g_assert_cmpstr(variable, ==, "GODWIT_WAIT_LOCK");
    g_assert_null(cli_option_variable(cli_option_find(NULL, "yes")));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cli/commands/names are unique", names_are_unique);
    g_test_add_func("/cli/commands/letters are unique", letters_are_unique);
    g_test_add_func("/cli/commands/every command is explained", every_command_is_explained);
    g_test_add_func(
        "/cli/commands/every option with a value names it", every_option_with_a_value_names_it);
    g_test_add_func("/cli/commands/every example is understood", every_example_is_understood);
    g_test_add_func(
        "/cli/commands/a variable is the option in capitals", a_variable_is_the_option_in_capitals);
    return g_test_run();
}
