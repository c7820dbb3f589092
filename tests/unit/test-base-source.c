#include "base/source.h"

#include <glib/gstdio.h>

static void
assert_position(const gw_source *source, gsize offset, gsize length, const char *expected)
{
    g_auto(gw_position) place = gw_source_position(source, offset, length);
    g_autofree char *got = g_strdup_printf(
        "%s:%u:%u+%u %s", place.file, place.line, place.column, place.length, place.text);
    g_assert_cmpstr(got, ==, expected);
}

static void
test_position(void)
{
    g_autoptr(gw_source) source = gw_source_new("x.sql", "one\r\nzwei é drei\n\nend", -1);
    assert_position(source, 0, 3, "x.sql:1:1+3 one");
    assert_position(source, 5, 4, "x.sql:2:1+4 zwei é drei");
    assert_position(source, 10, 2, "x.sql:2:6+1 zwei é drei");
    assert_position(source, 13, 100, "x.sql:2:8+4 zwei é drei");
    assert_position(source, 18, 1, "x.sql:3:1+1 ");
    assert_position(source, 19, 0, "x.sql:4:1+1 end");
    assert_position(source, 22, 1, "x.sql:4:4+1 end");
    assert_position(source, 1000, 1, "x.sql:4:4+1 end");
}

static void
test_empty(void)
{
    g_autoptr(gw_source) source = gw_source_new("x.sql", "", -1);
    g_assert_cmpuint(gw_source_size(source), ==, 0);
    assert_position(source, 0, 1, "x.sql:1:1+1 ");
    g_assert_true(gw_source_check_text(source, NULL));
}

static void
assert_refused(const char *text, gssize length, guint column, const char *message)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(gw_source) source = gw_source_new("x.sql", text, length);
    g_assert_false(gw_source_check_text(source, &error));
    g_assert_true(gw_error_is(error, GW_CODE_ENCODING));
    g_assert_cmpstr(error->message, ==, message);
    g_assert_cmpuint(gw_error_position(error)->line, ==, 2);
    g_assert_cmpuint(gw_error_position(error)->column, ==, column);
}

static void
test_text(void)
{
    assert_refused("a\nb\0c", 5, 2, "the file holds a NUL byte");
    assert_refused("a\né\xE9 b", -1, 2, "byte 0xE9 is not UTF-8");
    assert_refused("a\n\xC0\x80", -1, 1, "byte 0xC0 is not UTF-8");
    g_autoptr(gw_source) source = gw_source_new("x.sql", "\xEF\xBB\xBF日本", -1);
    g_assert_true(gw_source_check_text(source, NULL));
}

/* A file of `size` bytes, and its path. */
static char *
file_make(gsize size)
{
    char *path = NULL;
    int handle = g_file_open_tmp("gw-source-XXXXXX", &path, NULL);
    g_assert_cmpint(handle, >=, 0);
    g_close(handle, NULL);
    g_autofree char *text = g_strnfill(size, 'x');
    g_assert_true(g_file_set_contents(path, text, (gssize)size, NULL));
    return path;
}

static void
check_file(gsize size)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = file_make(size);
    g_autoptr(gw_source) source = gw_source_open(path, "shown.sql", &error);
    g_assert_no_error(error);
    g_assert_cmpuint(gw_source_size(source), ==, size);
    g_assert_cmpstr(gw_source_name(source), ==, "shown.sql");
    g_assert_true(gw_source_check_text(source, &error));
    g_autofree char *text = g_strnfill(size, 'x');
    g_assert_true(memcmp(gw_source_text(source), text, size) == 0);
    g_autofree char *digest = gw_source_sha256(source);
    g_autofree char *expected = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
    g_assert_cmpstr(digest, ==, expected);
    g_remove(path);
}

static void
test_files(void)
{
    check_file(0);
    check_file(10);
    check_file(GW_SOURCE_MAPPED);
    check_file(GW_SOURCE_MAPPED + 4096);
}

static void
test_missing(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(gw_source_open("/nowhere/at/all.sql", "all.sql", &error));
    g_assert_true(gw_error_is(error, GW_CODE_FILE));
    g_assert_true(g_str_has_prefix(error->message, "cannot read all.sql: "));
}

static void
test_references(void)
{
    g_autoptr(gw_source) source = gw_source_new("x.sql", "abc\0def", 7);
    gw_source *again = gw_source_ref(source);
    g_assert_true(again == source);
    gw_source_unref(again);
    g_assert_cmpuint(gw_source_size(source), ==, 7);
    g_assert_true(memcmp(gw_source_text(source), "abc\0def", 7) == 0);
    gw_source_unref(NULL);
}

static void
test_fail(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(gw_source) source = gw_source_new("x.sql", "a b", -1);
    gw_source_fail(source, 2, 1, &error, GW_CODE_TEXT, "%s %d", "no", 1);
    g_assert_true(gw_error_is(error, GW_CODE_TEXT));
    g_assert_cmpstr(error->message, ==, "no 1");
    g_assert_cmpuint(gw_error_position(error)->column, ==, 3);
    g_assert_cmpstr(gw_error_position(error)->text, ==, "a b");
    gw_source_fail(source, 2, 1, NULL, GW_CODE_TEXT, "nobody asks");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/source/places count lines and characters", test_position);
    g_test_add_func("/source/a text of no bytes has a place", test_empty);
    g_test_add_func("/source/bytes that are no text are refused with their place", test_text);
    g_test_add_func("/source/small files and mapped ones read the same", test_files);
    g_test_add_func("/source/a file that is not there is named", test_missing);
    g_test_add_func("/source/a source lives as long as it is held", test_references);
    g_test_add_func("/source/an error gets its place", test_fail);
    return g_test_run();
}
