#include "cli/line.h"

static cli_line *
parse(const char *text)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    g_autoptr(GError) error = NULL;
    cli_line *line = cli_line_parse((const char *const *)words, &error);
    g_assert_no_error(error);
    return line;
}

static void
assert_refused(const char *text, const char *message, const char *hint)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    g_autoptr(GError) error = NULL;
    g_autoptr(cli_line) line = cli_line_parse((const char *const *)words, &error);
    g_assert_null(line);
    g_assert_true(gw_error_is(error, GW_CODE_USAGE));
    g_assert_cmpstr(error->message, ==, message);
    g_assert_cmpstr(gw_error_hint(error), ==, hint);
}

static void
options_stand_before_and_after_the_command(void)
{
    g_autoptr(cli_line) line = parse("--target prod --json up --to=5 -q --dir x");
    g_assert_cmpstr(line->command->name, ==, "up");
    g_assert_cmpstr(cli_line_value(line, "target"), ==, "prod");
    g_assert_cmpstr(cli_line_value(line, "to"), ==, "5");
    g_assert_cmpstr(cli_line_value(line, "dir"), ==, "x");
    g_assert_true(cli_line_flag(line, "json"));
    g_assert_true(cli_line_flag(line, "quiet"));
    g_assert_false(cli_line_flag(line, "verbose"));
}

static void
letters_can_stand_together_and_with_their_value(void)
{
    g_autoptr(cli_line) line = parse("log -qvn5");
    g_assert_true(cli_line_flag(line, "quiet"));
    g_assert_true(cli_line_flag(line, "verbose"));
    g_assert_cmpstr(cli_line_value(line, "limit"), ==, "5");
    g_autoptr(cli_line) apart = parse("log -n 7");
    g_assert_cmpstr(cli_line_value(apart, "limit"), ==, "7");
}

static void
two_dashes_end_the_options(void)
{
    g_autoptr(cli_line) line = parse("new -- --odd -x");
    g_assert_cmpuint(line->arguments->len, ==, 2);
    g_assert_cmpstr(line->arguments->pdata[0], ==, "--odd");
    g_assert_cmpstr(line->arguments->pdata[1], ==, "-x");
}

static void
a_value_may_look_like_an_option(void)
{
    g_autoptr(cli_line) line = parse("up --to --json");
    g_assert_cmpstr(cli_line_value(line, "to"), ==, "--json");
    g_assert_false(cli_line_flag(line, "json"));
}

static void
the_last_of_two_values_counts(void)
{
    g_autoptr(cli_line) line = parse("up --to 5 --to 6");
    g_assert_cmpstr(cli_line_value(line, "to"), ==, "6");
}

static void
synonyms_name_the_same_command(void)
{
    static const char *const synonyms[] = {"migrate", "up", "latest", "up", "upgrade", "up",
        "deploy", "up", "apply", "up", "rollback", "down", "undo", "down", "revert", "down",
        "downgrade", "down", "info", "status", "list", "status", "stamp", "mark", "baseline",
        "mark", "resolve", "mark", "force", "mark", "validate", "verify", "create", "new", "add",
        "new", "generate", "new", "history", "log"};
    for (gsize i = 0; i < G_N_ELEMENTS(synonyms); i += 2)
    {
        g_autoptr(cli_line) line = parse(synonyms[i]);
        g_assert_cmpstr(line->command->name, ==, synonyms[i + 1]);
    }
}

static void
what_is_not_known_is_refused_with_the_nearest_name(void)
{
    assert_refused("statsu", "there is no command \"statsu\"", "did you mean status?");
    assert_refused("stat", "there is no command \"stat\"", "did you mean status?");
    assert_refused("xyzzy", "there is no command \"xyzzy\"", NULL);
    assert_refused("up --taget x", "there is no option --taget of up", "did you mean --target?");
    assert_refused("up -z", "there is no option -z", NULL);
    assert_refused(
        "--to 5 up", "there is no option --to; options of a command stand after it", NULL);
}

static void
values_are_checked_before_anything_is_done(void)
{
    assert_refused("up --to", "--to needs a value: --to VERSION", NULL);
    assert_refused("up --atomic=yes", "--atomic takes no value", NULL);
    assert_refused("log -n many", "--limit needs a whole number, not \"many\"", NULL);
    assert_refused("log -n -3", "--limit needs a whole number, not \"-3\"", NULL);
    assert_refused(
        "wait --timeout 5", "--timeout needs a time such as 500ms, 30s or 10m, not \"5\"", NULL);
    assert_refused("up --color alwys", "--color is one of auto, always, never, not \"alwys\"",
        "did you mean always?");
}

static void
the_number_of_arguments_is_checked(void)
{
    static const char *const wrong[] = {"new", "up now", "init a b", "completion", "help a b"};
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++)
    {
        g_autoptr(GError) error = NULL;
        g_autoptr(cli_line) line = parse(wrong[i]);
        g_assert_false(cli_line_check(line, &error));
        g_assert_true(gw_error_is(error, GW_CODE_USAGE));
    }
    static const char *const right[] = {"new a b c", "up", "init a", "mark", "mark 1 2"};
    for (gsize i = 0; i < G_N_ELEMENTS(right); i++)
    {
        g_autoptr(GError) error = NULL;
        g_autoptr(cli_line) line = parse(right[i]);
        g_assert_true(cli_line_check(line, &error));
    }
}

static void
the_environment_says_what_the_line_does_not(void)
{
    g_autoptr(GError) error = NULL;
    g_setenv("GODWIT_WAIT_LOCK", "5s", TRUE);
    g_setenv("GODWIT_ATOMIC", "no", TRUE);
    g_setenv("GODWIT_JSON", "1", TRUE);
    g_setenv("GODWIT_TO", "9", TRUE);
    g_setenv("GODWIT_YES", "1", TRUE);
    g_autoptr(cli_line) line = parse("up");
    g_assert_true(cli_line_add_environment(line, &error));
    g_assert_cmpstr(cli_line_value(line, "wait-lock"), ==, "5s");
    g_assert_true(cli_line_flag(line, "json"));
    g_assert_false(cli_line_flag(line, "atomic"));
    g_assert_null(cli_line_value(line, "to"));
    g_assert_false(cli_line_flag(line, "yes"));
    g_autoptr(cli_line) said = parse("up --wait-lock 1s");
    g_assert_true(cli_line_add_environment(said, &error));
    g_assert_cmpstr(cli_line_value(said, "wait-lock"), ==, "1s");
    g_setenv("GODWIT_WAIT_LOCK", "long", TRUE);
    g_autoptr(cli_line) wrong = parse("up");
    g_assert_false(cli_line_add_environment(wrong, &error));
    g_assert_cmpstr(error->message, ==,
        "GODWIT_WAIT_LOCK needs a time such as 500ms, 30s or 10m, not \"long\"");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cli/line/options stand before and after the command",
        options_stand_before_and_after_the_command);
    g_test_add_func("/cli/line/letters can stand together and with their value",
        letters_can_stand_together_and_with_their_value);
    g_test_add_func("/cli/line/two dashes end the options", two_dashes_end_the_options);
    g_test_add_func("/cli/line/a value may look like an option", a_value_may_look_like_an_option);
    g_test_add_func("/cli/line/the last of two values counts", the_last_of_two_values_counts);
    g_test_add_func("/cli/line/synonyms name the same command", synonyms_name_the_same_command);
    g_test_add_func("/cli/line/what is not known is refused with the nearest name",
        what_is_not_known_is_refused_with_the_nearest_name);
    g_test_add_func("/cli/line/values are checked before anything is done",
        values_are_checked_before_anything_is_done);
    g_test_add_func(
        "/cli/line/the number of arguments is checked", the_number_of_arguments_is_checked);
    g_test_add_func("/cli/line/the environment says what the line does not",
        the_environment_says_what_the_line_does_not);
    return g_test_run();
}
