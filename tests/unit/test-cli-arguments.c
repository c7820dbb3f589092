#include "cli/arguments.h"

/* Take `text` as the words of a program; *seen is what the process list shows after it. */
static cli_arguments
take(const char *text, char **seen)
{
    g_auto(GStrv) argv = g_strsplit(text, " ", -1);
    cli_arguments taken = cli_arguments_take((int)g_strv_length(argv), argv);
    *seen = g_strjoinv(" ", argv);
    return taken;
}

static void
the_url_is_overwritten_and_still_known(void)
{
    g_autofree char *seen = NULL;
    g_auto(cli_arguments) taken = take("godwit --url postgres://u:secret@h/d up", &seen);
    g_assert_cmpstr(seen, ==, "godwit --url *********************** up");
    g_assert_cmpstr(taken.words[1], ==, "postgres://u:secret@h/d");
    g_assert_true(taken.secret);
}

static void
the_url_behind_an_equals_sign_is_overwritten(void)
{
    g_autofree char *seen = NULL;
    g_auto(cli_arguments) taken = take("godwit up --url=postgres://u:secret@h/d", &seen);
    g_assert_cmpstr(seen, ==, "godwit up --url=***********************");
    g_assert_cmpstr(taken.words[1], ==, "--url=postgres://u:secret@h/d");
    g_assert_true(taken.secret);
}

static void
a_url_with_a_password_is_overwritten_wherever_it_stands(void)
{
    g_autofree char *seen = NULL;
    g_auto(cli_arguments) taken = take("godwit init postgres://u:secret@h/d", &seen);
    g_assert_null(strstr(seen, "secret"));
    g_assert_true(taken.secret);
}

static void
other_words_stay_and_need_no_warning(void)
{
    g_autofree char *seen = NULL;
    g_auto(cli_arguments) taken = take("godwit --url sqlite:x new users", &seen);
    g_assert_cmpstr(seen, ==, "godwit --url ******** new users");
    g_assert_false(taken.secret);
}

static void
no_words_are_no_words(void)
{
    char *argv[] = {NULL};
    g_auto(cli_arguments) taken = cli_arguments_take(0, argv);
    g_assert_null(taken.words[0]);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cli/arguments/the URL is overwritten and still known",
        the_url_is_overwritten_and_still_known);
    g_test_add_func("/cli/arguments/the URL behind an equals sign is overwritten",
        the_url_behind_an_equals_sign_is_overwritten);
    g_test_add_func("/cli/arguments/a URL with a password is overwritten wherever it stands",
        a_url_with_a_password_is_overwritten_wherever_it_stands);
    g_test_add_func("/cli/arguments/other words stay and need no warning",
        other_words_stay_and_need_no_warning);
    g_test_add_func("/cli/arguments/no words are no words", no_words_are_no_words);
    return g_test_run();
}
