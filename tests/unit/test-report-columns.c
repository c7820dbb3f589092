#include "report/columns.h"

static void
wide_and_combining_characters_are_measured_as_a_terminal_shows_them(void)
{
    g_assert_cmpuint(gw_columns("abc"), ==, 3);
    g_assert_cmpuint(gw_columns("日本"), ==, 4);
    g_assert_cmpuint(gw_columns("e\u0301"), ==, 1);
    g_assert_cmpuint(gw_columns_of("日本", strlen("日")), ==, 2);
}

static void
control_characters_become_visible(void)
{
    g_autofree char *one = gw_columns_clean("a\033[31mb\nc\td\r", TRUE);
    g_assert_cmpstr(one, ==, "a\\x1b[31mb c d ");
    g_autofree char *many = gw_columns_clean("a\nb\tc", FALSE);
    g_assert_cmpstr(many, ==, "a\nb\tc");
    g_autofree char *turned = gw_columns_clean("a\u202eb", TRUE);
    g_assert_cmpstr(turned, ==, "a\\u202eb");
    g_autofree char *broken = gw_columns_clean("a\xff", TRUE);
    g_assert_cmpstr(broken, ==, "a\uFFFD");
}

static void
a_text_that_is_too_long_ends_with_an_ellipsis(void)
{
    g_autofree char *whole = gw_columns_cut("abcd", 4);
    g_autofree char *cut = gw_columns_cut("abcde", 4);
    g_autofree char *wide = gw_columns_cut("日本語", 4);
    g_assert_cmpstr(whole, ==, "abcd");
    g_assert_cmpstr(cut, ==, "abc…");
    g_assert_cmpstr(wide, ==, "日…");
}

static void
assert_wrapped(const char *text, guint columns, const char *expected)
{
    g_autoptr(GPtrArray) lines = gw_columns_wrap(text, columns);
    g_ptr_array_add(lines, NULL);
    g_autofree char *joined = g_strjoinv("|", (char **)lines->pdata);
    g_assert_cmpstr(joined, ==, expected);
}

static void
text_is_wrapped_at_blanks_and_long_words_are_broken(void)
{
    assert_wrapped("one two three", 7, "one two|three");
    assert_wrapped("one two three", 8, "one two|three");
    assert_wrapped("abcdefghij", 4, "abcd|efgh|ij");
    assert_wrapped("a abcdefgh", 4, "a|abcd|efgh");
    assert_wrapped("", 4, "");
    assert_wrapped("日本語", 1, "日|本|語");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/columns/wide and combining characters are measured as shown",
        wide_and_combining_characters_are_measured_as_a_terminal_shows_them);
    g_test_add_func(
        "/report/columns/control characters become visible", control_characters_become_visible);
    g_test_add_func("/report/columns/a text that is too long ends with an ellipsis",
        a_text_that_is_too_long_ends_with_an_ellipsis);
    g_test_add_func("/report/columns/text is wrapped at blanks and long words are broken",
        text_is_wrapped_at_blanks_and_long_words_are_broken);
    return g_test_run();
}
