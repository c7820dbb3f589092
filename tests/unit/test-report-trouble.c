#include "fake-godwit.h"
#include "report/columns.h"
#include "report/trouble.h"

static char *
print(const gw_trouble *trouble, guint width)
{
    gw_style style = {.width = width};
    GString *out = g_string_new(NULL);
    gw_trouble_print(trouble, &style, out);
    return g_string_free(out, FALSE);
}

static const gw_trouble column = {
    .code = "GW0412",
    .message = "column \"emial\" does not exist",
    .hint = "did you mean \"email\"?",
    .state = "2024 is applied\n2025 is rolled back",
    .next = "godwit up",
    .sqlstate = "42703",
    .file = "migrations/x.sql",
    .text = "ALTER TABLE users DROP emial;",
    .line = 14,
    .column = 24,
    .length = 5,
};

static void
an_error_has_its_place_its_line_and_what_to_do(void)
{
    g_autofree char *text = print(&column, 100);
    g_assert_cmpstr(text, ==,
        "migrations/x.sql:14:24: error[GW0412]: column \"emial\" does not exist\n"
        "   14 | ALTER TABLE users DROP emial;\n"
        "      |                        ^~~~~\n"
        "hint:  did you mean \"email\"?\n"
        "state: 2024 is applied\n"
        "       2025 is rolled back\n"
        "next:  godwit up\n");
}

static void
an_error_without_a_place_begins_with_its_code(void)
{
    const gw_trouble trouble = {.code = "GW0301", .message = "no answer\033[2J"};
    g_autofree char *text = print(&trouble, 100);
    g_assert_cmpstr(text, ==, "error[GW0301]: no answer\\x1b[2J\n");
}

/* The columns that the caret and its underline take. */
static void
assert_caret(const char *text, guint character, guint length, guint from, guint columns)
{
    gw_trouble trouble = column;
    trouble.text = text;
    trouble.column = character;
    trouble.length = length;
    g_autofree char *printed = print(&trouble, 60);
    g_auto(GStrv) lines = g_strsplit(printed, "\n", -1);
    const char *below = lines[2] + strlen("      | ");
    g_assert_cmpuint((guint)strspn(below, " "), ==, from);
    g_assert_cmpuint((guint)strlen(below) - from, ==, columns);
    g_assert_cmpuint(gw_columns(lines[1]), <=, 60);
}

static void
the_caret_stands_below_its_place_behind_tabs_and_wide_characters(void)
{
    assert_caret("SELECT x", 8, 1, 7, 1);
    assert_caret("\tSELECT x", 2, 6, 4, 6);
    assert_caret("ab\tx", 4, 1, 4, 1);
    assert_caret("日本 x", 4, 1, 5, 1);
    assert_caret("x 日本", 3, 2, 2, 4);
    assert_caret("e\u0301 x", 4, 1, 2, 1);
    assert_caret("short", 6, 1, 5, 1);
    assert_caret("short", 99, 3, 5, 1);
}

static void
a_long_line_is_cut_around_the_caret(void)
{
    g_autofree char *left = g_strnfill(500, 'a');
    g_autofree char *right = g_strnfill(500, 'b');
    g_autofree char *line = g_strconcat(left, " wrong ", right, NULL);
    gw_trouble trouble = column;
    trouble.text = line;
    trouble.column = 502;
    trouble.length = 5;
    g_autofree char *printed = print(&trouble, 60);
    g_auto(GStrv) lines = g_strsplit(printed, "\n", -1);
    const char *caret = strchr(lines[2], '^');
    g_assert_cmpuint(gw_columns(lines[1]), <=, 60);
    g_assert_cmpstr(caret, ==, "^~~~~");
    const char *above = g_utf8_offset_to_pointer(lines[1], caret - lines[2]);
    g_assert_true(g_str_has_prefix(above, "wrong"));
    g_assert_nonnull(strstr(lines[1], " | …aaa"));
    g_assert_true(g_str_has_suffix(lines[1], "…"));
}

static void
an_error_is_an_object_of_json_with_the_result_beside_it(void)
{
    g_autoptr(godwit_value) result = fake_value("{'batch': 7}");
    g_autofree char *text = gw_trouble_json(&column, result);
    g_autoptr(godwit_value) document = fake_value(text);
    const godwit_value *error = godwit_value_get(document, "error");
    g_assert_cmpstr(godwit_value_text(godwit_value_get(error, "code")), ==, "GW0412");
    g_assert_cmpstr(godwit_value_text(godwit_value_get(error, "sqlstate")), ==, "42703");
    g_assert_cmpint(godwit_value_integer(godwit_value_get(error, "column")), ==, 24);
    g_assert_cmpint(
        godwit_value_integer(godwit_value_get(godwit_value_get(document, "result"), "batch")), ==,
        7);
}

static void
an_error_of_the_program_has_the_code_of_its_kind(void)
{
    g_autoptr(GError) error = NULL;
    gw_trouble trouble;
    gw_fail(&error, GW_CODE_USAGE, "no");
    gw_error_add_hint(error, "yes");
    gw_trouble_of_error(error, &trouble);
    g_autofree char *text = print(&trouble, 100);
    g_assert_cmpstr(text, ==, "error[GW0201]: no\nhint:  yes\n");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/trouble/an error has its place, its line and what to do",
        an_error_has_its_place_its_line_and_what_to_do);
    g_test_add_func("/report/trouble/an error without a place begins with its code",
        an_error_without_a_place_begins_with_its_code);
    g_test_add_func("/report/trouble/the caret stands below its place behind tabs and wide ones",
        the_caret_stands_below_its_place_behind_tabs_and_wide_characters);
    g_test_add_func(
        "/report/trouble/a long line is cut around the caret", a_long_line_is_cut_around_the_caret);
    g_test_add_func("/report/trouble/an error is an object of JSON with the result beside it",
        an_error_is_an_object_of_json_with_the_result_beside_it);
    g_test_add_func("/report/trouble/an error of the program has the code of its kind",
        an_error_of_the_program_has_the_code_of_its_kind);
    return g_test_run();
}
