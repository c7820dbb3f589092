#include "base/clock.h"
#include "base/process.h"

static void
test_output(void)
{
    static const char *const argv[] = {"printf", "%s|", "a b", "$HOME", NULL};
    g_autoptr(GError) error = NULL;
    g_auto(gw_process_result) result = {0};
    g_assert_true(gw_process_run(&(gw_process){.argv = argv}, &result, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(result.output, ==, "a b|$HOME|");
    g_assert_cmpuint(result.length, ==, 10);
    g_assert_cmpint(result.status, ==, 0);
}

static void
test_input(void)
{
    static const char *const argv[] = {"wc", "-c", NULL};
    g_autoptr(GError) error = NULL;
    g_autofree char *input = g_strnfill(300000, 'x');
    g_auto(gw_process_result) result = {0};
    const gw_process process = {.argv = argv, .input = input, .input_length = 300000};
    g_assert_true(gw_process_run(&process, &result, &error));
    g_assert_cmpstr(g_strstrip(result.output), ==, "300000");
    gw_process_result_clear(&result);
    g_assert_true(gw_process_run(&(gw_process){.argv = argv}, &result, &error));
    g_assert_cmpstr(g_strstrip(result.output), ==, "0");
}

static void
test_environment(void)
{
    static const char *const argv[] = {"sh", "-c", "echo \"$GW_TEST_X\"; pwd", NULL};
    static const char *const environment[] = {"GW_TEST_X=a=b", NULL};
    g_autoptr(GError) error = NULL;
    g_auto(gw_process_result) result = {0};
    const gw_process process = {.argv = argv, .environment = environment, .folder = "/usr"};
    g_assert_true(gw_process_run(&process, &result, &error));
    g_assert_cmpstr(result.output, ==, "a=b\n/usr\n");
}

static void
test_status(void)
{
    static const char *const argv[] = {"sh", "-c", "echo one >&2; echo two >&2; exit 7", NULL};
    static const char *const killed[] = {"sh", "-c", "kill -9 $$", NULL};
    g_autoptr(GError) error = NULL;
    g_auto(gw_process_result) result = {0};
    g_assert_true(gw_process_run(&(gw_process){.argv = argv}, &result, &error));
    g_assert_cmpint(result.status, ==, 7);
    g_assert_cmpstr(result.errors, ==, "one\ntwo\n");
    gw_process_result_clear(&result);
    g_assert_true(gw_process_run(&(gw_process){.argv = killed}, &result, &error));
    g_assert_cmpint(result.status, ==, 137);
    gw_process_result_clear(&result);
    g_assert_false(gw_process_must(&(gw_process){.argv = argv}, &result, &error));
    g_assert_true(gw_error_is(error, GW_CODE_PROGRAM));
    g_assert_cmpstr(error->message, ==, "sh ended with status 7: two");
}

static void
test_missing(void)
{
    static const char *const argv[] = {"godwit-no-such-program", NULL};
    g_autoptr(GError) error = NULL;
    g_auto(gw_process_result) result = {0};
    g_assert_false(gw_process_run(&(gw_process){.argv = argv}, &result, &error));
    g_assert_true(gw_error_is(error, GW_CODE_PROGRAM));
}

static void
test_bounds(void)
{
    static const char *const slow[] = {"sh", "-c", "trap '' TERM; echo x; sleep 20", NULL};
    static const char *const loud[] = {"yes", NULL};
    g_autoptr(GError) error = NULL;
    g_auto(gw_process_result) result = {0};
    gint64 start = gw_clock_now();
    const gw_process process = {.argv = slow, .timeout = 100 * 1000};
    g_assert_false(gw_process_run(&process, &result, &error));
    g_assert_nonnull(strstr(error->message, "in time"));
    g_assert_cmpint(gw_clock_now() - start, <, 10 * G_USEC_PER_SEC);
    g_assert_null(result.output);
    g_clear_error(&error);
    g_assert_false(gw_process_run(&(gw_process){.argv = loud}, &result, &error));
    g_assert_nonnull(strstr(error->message, "writes more"));
}

static void
test_grandchild(void)
{
    static const char *const argv[] = {"sh", "-c", "echo here; sleep 5 &", NULL};
    g_autoptr(GError) error = NULL;
    g_auto(gw_process_result) result = {0};
    gint64 start = gw_clock_now();
    g_assert_true(gw_process_run(&(gw_process){.argv = argv}, &result, &error));
    g_assert_cmpstr(result.output, ==, "here\n");
    g_assert_cmpint(gw_clock_now() - start, <, 4 * G_USEC_PER_SEC);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/process/arguments go as they are and output comes back", test_output);
    g_test_add_func("/base/process/input of any size is given, or none", test_input);
    g_test_add_func("/base/process/environment and folder are set", test_environment);
    g_test_add_func("/base/process/status and errors are told", test_status);
    g_test_add_func("/base/process/a program that is not there is an error", test_missing);
    g_test_add_func("/base/process/time and output are bounded", test_bounds);
    g_test_add_func("/base/process/a grandchild that lives on is not waited for", test_grandchild);
    return g_test_run();
}
