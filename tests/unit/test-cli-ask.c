#include "cli/ask.h"

#include <fcntl.h>
#include <unistd.h>

/* A terminal with somebody at it. */
typedef struct desk
{
    int person; /* what is typed and read there */
    int program;
    FILE *talk;
} desk;

static desk
desk_open(void)
{
    desk opened = {.person = posix_openpt(O_RDWR | O_NOCTTY)};
    g_assert_cmpint(opened.person, >=, 0);
    g_assert_cmpint(grantpt(opened.person), ==, 0);
    g_assert_cmpint(unlockpt(opened.person), ==, 0);
    opened.program = open(ptsname(opened.person), O_RDWR | O_NOCTTY);
    opened.talk = fdopen(dup(opened.program), "w");
    return opened;
}

static void
desk_close(desk *opened)
{
    fclose(opened->talk);
    close(opened->program);
    close(opened->person);
}

static int
answer(const char *typed, const char *expect)
{
    desk at = desk_open();
    cli_asker asker = {.input = at.program, .talk = at.talk, .stop = -1};
    g_assert_cmpint(write(at.person, typed, strlen(typed)), ==, (gssize)strlen(typed));
    int said = cli_ask(&asker, "undo 2 migrations?", expect);
    desk_close(&at);
    return said;
}

static void
a_plain_question_wants_yes(void)
{
    g_assert_cmpint(answer("y\n", NULL), ==, 1);
    g_assert_cmpint(answer(" YES \n", NULL), ==, 1);
    g_assert_cmpint(answer("n\n", NULL), ==, 0);
    g_assert_cmpint(answer("\n", NULL), ==, 0);
    g_assert_cmpint(answer("yesterday\n", NULL), ==, 0);
}

static void
a_protected_target_wants_its_name(void)
{
    g_assert_cmpint(answer("prod\n", "prod"), ==, 1);
    g_assert_cmpint(answer("PROD\n", "prod"), ==, 0);
    g_assert_cmpint(answer("y\n", "prod"), ==, 0);
}

static void
the_end_of_the_input_is_a_no(void)
{
    g_assert_cmpint(answer("\004", NULL), ==, 0);
}

static void
a_signal_ends_the_waiting(void)
{
    desk at = desk_open();
    int ends[2];
    g_assert_cmpint(pipe(ends), ==, 0);
    g_assert_cmpint(write(ends[1], "", 1), ==, 1);
    cli_asker asker = {.input = at.program, .talk = at.talk, .stop = ends[0]};
    g_assert_cmpint(cli_ask(&asker, "go on?", NULL), ==, 0);
    close(ends[0]);
    close(ends[1]);
    desk_close(&at);
}

static void
nobody_is_asked_in_ci_or_without_a_terminal(void)
{
    desk at = desk_open();
    int ends[2];
    g_assert_cmpint(pipe(ends), ==, 0);
    cli_asker asker = {.input = at.program, .talk = at.talk, .stop = -1};
    g_unsetenv("CI");
    g_assert_true(cli_ask_possible(&asker));
    g_setenv("CI", "true", TRUE);
    g_assert_false(cli_ask_possible(&asker));
    g_unsetenv("CI");
    asker.input = ends[0];
    g_assert_false(cli_ask_possible(&asker));
    close(ends[0]);
    close(ends[1]);
    desk_close(&at);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cli/ask/a plain question wants yes", a_plain_question_wants_yes);
    g_test_add_func(
        "/cli/ask/a protected target wants its name", a_protected_target_wants_its_name);
    g_test_add_func("/cli/ask/the end of the input is a no", the_end_of_the_input_is_a_no);
    g_test_add_func("/cli/ask/a signal ends the waiting", a_signal_ends_the_waiting);
    g_test_add_func("/cli/ask/nobody is asked in CI or without a terminal",
        nobody_is_asked_in_ci_or_without_a_terminal);
    return g_test_run();
}
