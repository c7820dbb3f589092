#include "base/error.h"

static void
test_fill_once(void)
{
    g_autoptr(GError) error = NULL;
    gw_fail(&error, GW_CODE_NO_COLUMN, "column \"%s\" does not exist", "emial");
    g_assert_true(gw_error_is(error, GW_CODE_NO_COLUMN));
    g_assert_false(gw_error_is(error, GW_CODE_NO_TABLE));
    g_assert_false(gw_error_is(NULL, GW_CODE_NO_COLUMN));
    g_assert_null(gw_error_hint(error));
    gw_error_add_hint(error, "did you mean \"%s\"?", "email");
    gw_error_add_hint(error, "another");
    gw_error_add_state(error, "nothing was changed");
    gw_error_add_state(error, "another");
    gw_error_add_next(error, "godwit %s", "up");
    gw_error_add_next(error, "another");
    g_assert_cmpstr(gw_error_hint(error), ==, "did you mean \"email\"?");
    g_assert_cmpstr(gw_error_state(error), ==, "nothing was changed");
    g_assert_cmpstr(gw_error_next(error), ==, "godwit up");
}

static void
test_position(void)
{
    g_autoptr(GError) error = NULL;
    gw_position first = {g_strdup("a.sql"), g_strdup("SELECT"), 1, 2, 3};
    gw_position second = {g_strdup("b.sql"), NULL, 4, 5, 6};
    gw_fail(&error, GW_CODE_SYNTAX, "no");
    g_assert_null(gw_error_position(error));
    gw_error_add_position(error, &first);
    gw_error_add_position(error, &second);
    g_assert_null(first.file);
    g_assert_null(second.file);
    g_assert_cmpstr(gw_error_position(error)->file, ==, "a.sql");
    g_assert_cmpuint(gw_error_position(error)->column, ==, 2);
}

static void
test_native(void)
{
    g_autoptr(GError) error = NULL;
    gw_fail(&error, GW_CODE_DEADLOCK, "no");
    g_assert_null(gw_error_sqlstate(error));
    gw_error_add_native(error, "40P01", 0);
    gw_error_add_native(error, "00000", 1213);
    gw_error_add_offset(error, 7);
    gw_error_add_offset(error, 8);
    g_assert_cmpstr(gw_error_sqlstate(error), ==, "40P01");
    g_assert_cmpint(gw_error_native(error), ==, 0);
    g_assert_cmpuint(gw_error_offset(error), ==, 7);
    g_assert_cmpint(gw_error_retry(error), ==, GW_RETRY_LOCK);
}

static void
test_copy(void)
{
    g_autoptr(GError) error = NULL;
    gw_position place = {g_strdup("a.sql"), g_strdup("SELECT"), 1, 2, 3};
    gw_fail(&error, GW_CODE_SYNTAX, "no");
    gw_error_add_position(error, &place);
    gw_error_add_hint(error, "hint");
    g_autoptr(GError) copy = g_error_copy(error);
    g_clear_error(&error);
    gw_error_prefix(copy, "step %d: ", 3);
    g_assert_cmpstr(copy->message, ==, "step 3: no");
    g_assert_cmpstr(gw_error_hint(copy), ==, "hint");
    g_assert_cmpstr(gw_error_position(copy)->text, ==, "SELECT");
}

static void
test_others(void)
{
    g_autoptr(GError) error = NULL;
    gw_position place = {g_strdup("a.sql"), NULL, 1, 2, 3};
    g_set_error(&error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "no");
    gw_error_add_hint(error, "hint");
    gw_error_add_position(error, &place);
    gw_error_add_native(error, "x", 1);
    g_assert_null(place.file);
    g_assert_null(gw_error_hint(error));
    g_assert_null(gw_error_position(error));
    g_assert_cmpint(gw_error_native(error), ==, 0);
    g_assert_cmpint(gw_error_exit(error), ==, 70);
    g_assert_cmpint(gw_error_retry(error), ==, GW_RETRY_NEVER);
    gw_error_add_hint(NULL, "hint");
    gw_error_add_state(NULL, "state");
    gw_error_prefix(NULL, "x");
    gw_fail(NULL, GW_CODE_SYNTAX, "nobody asks");
}

static void
test_codes(void)
{
    gsize count = 0;
    const gw_code_row *rows = gw_code_rows(&count);
    g_assert_cmpuint(count, >, 50);
    for (gsize i = 0; i < count; i++)
    {
        int exit = gw_code_exit((int)rows[i].code);
        g_assert_true(gw_code_find((int)rows[i].code) == &rows[i]);
        g_assert_true(exit >= 2 && (exit <= 9 || exit == 70));
        g_assert_true(i == 0 || rows[i].code > rows[i - 1].code);
        g_assert_cmpint(rows[i].meaning[strlen(rows[i].meaning) - 1], !=, '.');
    }
    g_assert_cmpstr(gw_code_find(-1)->name, ==, "INTERNAL");
    g_assert_cmpint(gw_code_exit(GW_CODE_NO_COLUMN), ==, 4);
    g_assert_cmpint(gw_code_exit(GW_CODE_LOCKED), ==, 5);
    g_assert_cmpint(gw_code_exit(GW_CODE_INTERNAL), ==, 70);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/error/what is said first is kept", test_fill_once);
    g_test_add_func("/error/a place is moved into the error", test_position);
    g_test_add_func("/error/the database's own codes are carried", test_native);
    g_test_add_func("/error/a copy has all of it", test_copy);
    g_test_add_func("/error/errors of others are left alone", test_others);
    g_test_add_func("/error/every code has its exit status", test_codes);
    return g_test_run();
}
