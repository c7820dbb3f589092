#include "base/text.h"

static void
assert_duration(const char *text, gint64 expected)
{
    g_autoptr(GError) error = NULL;
    gint64 microseconds = 0;
    g_assert_true(gw_duration_parse(text, &microseconds, &error));
    g_assert_no_error(error);
    g_assert_cmpint(microseconds, ==, expected);
}

static void
test_durations(void)
{
    assert_duration("250us", 250);
    assert_duration("100ms", 100 * 1000);
    assert_duration("1.5s", 1500 * 1000);
    assert_duration("2 s", 2 * G_USEC_PER_SEC);
    assert_duration("10m", 600 * (gint64)G_USEC_PER_SEC);
    assert_duration("10min", 600 * (gint64)G_USEC_PER_SEC);
    assert_duration("24h", 86400 * (gint64)G_USEC_PER_SEC);
    assert_duration("30d", 30 * 86400 * (gint64)G_USEC_PER_SEC);
    assert_duration("0s", 0);
}

static void
test_no_durations(void)
{
    static const char *const texts[] = {"", "10", "s", "-1s", "+1s", "1x", "1s 2s", "1 s x", "nan",
        "inf", ".5s", "99999999999999d"};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    {
        g_autoptr(GError) error = NULL;
        gint64 microseconds = 7;
        g_assert_false(gw_duration_parse(texts[i], &microseconds, &error));
        g_assert_true(gw_error_is(error, GW_CODE_CONFIG));
        g_assert_cmpint(microseconds, ==, 7);
    }
}

static void
test_print(void)
{
    static const struct
    {
        gint64 microseconds;
        const char *text;
    } samples[] = {
        {0, "0 us"},
        {999, "999 us"},
        {43000, "43 ms"},
        {1200000, "1.20 s"},
        {59000000, "59.00 s"},
        {60000000, "1 m 0 s"},
        {250000000, "4 m 10 s"},
        {7500000000, "2 h 5 m"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(samples); i++)
    {
        g_autofree char *text = gw_duration_print(samples[i].microseconds);
        g_assert_cmpstr(text, ==, samples[i].text);
    }
}

static void
assert_size(const char *text, guint64 expected)
{
    guint64 bytes = 0;
    g_assert_true(gw_size_parse(text, &bytes, NULL));
    g_assert_cmpuint(bytes, ==, expected);
}

static void
test_sizes(void)
{
    assert_size("0", 0);
    assert_size("17", 17);
    assert_size("17B", 17);
    assert_size("64kB", 64 * 1024);
    assert_size("10 MB", 10 * 1024 * 1024);
    assert_size("1.5GB", 1536 * (guint64)(1024 * 1024));
    static const char *const texts[] = {"", "-1", "1x", "kB", "1 k"};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    {
        g_autoptr(GError) error = NULL;
        guint64 bytes = 0;
        g_assert_false(gw_size_parse(texts[i], &bytes, &error));
        g_assert_true(gw_error_is(error, GW_CODE_CONFIG));
    }
}

static void
test_near(void)
{
    static const char *const words[] = {"transaction", "timeout", "up", "down", NULL};
    g_assert_cmpstr(gw_text_near("transacton", words), ==, "transaction");
    g_assert_cmpstr(gw_text_near("dwon", words), ==, "down");
    g_assert_cmpstr(gw_text_near("TIMEOUT", words), ==, "timeout");
    g_assert_cmpstr(gw_text_near("u", words), ==, "up");
    g_assert_null(gw_text_near("xxxx", words));
    g_assert_null(gw_text_near("", words));
    g_assert_null(gw_text_near("forward", words));
    g_autofree char *long_word = g_strnfill(200, 'a');
    g_assert_null(gw_text_near(long_word, words));
}

static void
test_is(void)
{
    g_assert_true(gw_text_is("SELECT 1", 6, "select"));
    g_assert_false(gw_text_is("SELECT 1", 5, "select"));
    g_assert_false(gw_text_is("SELECTS", 7, "select"));
    g_assert_true(gw_text_is("", 0, ""));
}

static void
test_quote(void)
{
    g_autoptr(GString) out = g_string_new("x ");
    gw_text_append_quoted(out, "a\"b", -1, '"', '"');
    gw_text_append_quoted(out, "a]bc", 3, '[', ']');
    gw_text_append_quoted(out, "", -1, '\'', '\'');
    g_assert_cmpstr(out->str, ==, "x \"a\"\"b\"[a]]b]''");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text/durations are read in any unit", test_durations);
    g_test_add_func("/text/what is no duration is refused and changes nothing", test_no_durations);
    g_test_add_func("/text/durations are printed for people", test_print);
    g_test_add_func("/text/sizes are powers of 1024", test_sizes);
    g_test_add_func("/text/the nearest word is found, and none that is far", test_near);
    g_test_add_func("/text/words are equal without their case", test_is);
    g_test_add_func("/text/quotes are doubled", test_quote);
    return g_test_run();
}
