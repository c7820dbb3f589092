#include "report/style.h"

#include <unistd.h>

static void
forget(void)
{
    g_unsetenv("NO_COLOR");
    g_unsetenv("CLICOLOR_FORCE");
    g_setenv("TERM", "xterm", TRUE);
}

static void
colours_are_for_terminals(void)
{
    forget();
    g_assert_true(gw_style_wants_color(NULL, TRUE));
    g_assert_true(gw_style_wants_color("auto", TRUE));
    g_assert_false(gw_style_wants_color("auto", FALSE));
}

static void
no_color_and_a_dumb_terminal_have_none(void)
{
    forget();
    g_setenv("NO_COLOR", "1", TRUE);
    g_assert_false(gw_style_wants_color("auto", TRUE));
    g_setenv("CLICOLOR_FORCE", "1", TRUE);
    g_assert_false(gw_style_wants_color("auto", TRUE));
    forget();
    g_setenv("NO_COLOR", "", TRUE);
    g_assert_true(gw_style_wants_color("auto", TRUE));
    g_setenv("TERM", "dumb", TRUE);
    g_assert_false(gw_style_wants_color("auto", TRUE));
}

static void
the_flag_goes_over_the_environment(void)
{
    forget();
    g_setenv("NO_COLOR", "1", TRUE);
    g_assert_true(gw_style_wants_color("always", FALSE));
    forget();
    g_setenv("CLICOLOR_FORCE", "1", TRUE);
    g_assert_true(gw_style_wants_color("auto", FALSE));
    g_assert_false(gw_style_wants_color("never", TRUE));
    g_setenv("CLICOLOR_FORCE", "0", TRUE);
    g_assert_false(gw_style_wants_color("auto", FALSE));
}

static void
a_pipe_is_a_hundred_columns_wide_and_is_not_drawn_on(void)
{
    int ends[2];
    g_assert_cmpint(pipe(ends), ==, 0);
    gw_style style = gw_style_of(ends[1], NULL);
    g_assert_cmpuint(style.width, ==, 100);
    g_assert_false(style.redraw);
    close(ends[0]);
    close(ends[1]);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/style/colours are for terminals", colours_are_for_terminals);
    g_test_add_func("/report/style/NO_COLOR and a dumb terminal have none",
        no_color_and_a_dumb_terminal_have_none);
    g_test_add_func(
        "/report/style/the flag goes over the environment", the_flag_goes_over_the_environment);
    g_test_add_func("/report/style/a pipe is a hundred columns wide and is not drawn on",
        a_pipe_is_a_hundred_columns_wide_and_is_not_drawn_on);
    return g_test_run();
}
