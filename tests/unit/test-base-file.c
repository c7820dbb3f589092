#include "base/file.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

/* A new folder, and how to take it away with its files. */
static char *
folder_make(void)
{
    return g_dir_make_tmp("gw-file-XXXXXX", NULL);
}

static void
folder_drop(const char *folder)
{
    g_autoptr(GDir) entries = g_dir_open(folder, 0, NULL);
    for (const char *name = g_dir_read_name(entries); name != NULL; name = g_dir_read_name(entries))
    {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_remove(path);
    }
    g_rmdir(folder);
}

static void
test_replace(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = folder_make();
    g_autofree char *path = g_build_filename(folder, "a", NULL);
    g_autofree char *text = NULL;
    gsize length = 0;
    struct stat status;
    g_assert_true(gw_file_write(path, "one", -1, GW_FILE_OWN, &error));
    g_assert_true(gw_file_write(path, "two\0x", 5, GW_FILE_OWN | GW_FILE_LAZY, &error));
    g_assert_true(gw_file_read(path, 100, &text, &length, &error));
    g_assert_cmpuint(length, ==, 5);
    g_assert_cmpint(memcmp(text, "two\0x", 6), ==, 0);
    g_assert_cmpint(stat(path, &status), ==, 0);
    g_assert_cmpint(status.st_mode & 0777, ==, 0600);
    g_assert_false(gw_file_is_open(path));
    g_assert_cmpint(g_chmod(path, 0644), ==, 0);
    g_assert_true(gw_file_is_open(path));
    g_autoptr(GDir) entries = g_dir_open(folder, 0, NULL);
    g_assert_nonnull(g_dir_read_name(entries));
    g_assert_null(g_dir_read_name(entries));
    folder_drop(folder);
}

static void
test_create(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = folder_make();
    g_autofree char *path = g_build_filename(folder, "a", NULL);
    g_autofree char *text = NULL;
    g_assert_true(gw_file_create(path, "one", &error));
    g_assert_false(gw_file_create(path, "two", &error));
    g_assert_true(gw_error_is(error, GW_CODE_EXISTS_ALREADY));
    g_assert_true(gw_file_read(path, 100, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, "one");
    folder_drop(folder);
}

static void
test_failures(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    g_assert_false(gw_file_read("/nowhere/x", 10, &text, NULL, &error));
    g_assert_true(gw_error_is(error, GW_CODE_FILE));
    g_assert_nonnull(strstr(error->message, "/nowhere/x"));
    g_clear_error(&error);
    g_assert_false(gw_file_write("/nowhere/x", "", -1, 0, &error));
    g_assert_true(gw_error_is(error, GW_CODE_FILE));
    g_clear_error(&error);
    g_assert_false(gw_file_read("/dev/zero", 1000, &text, NULL, &error));
    g_assert_nonnull(strstr(error->message, "larger"));
    g_clear_error(&error);
    g_assert_false(gw_file_read("/", 1000, &text, NULL, &error));
    g_assert_true(gw_error_is(error, GW_CODE_FILE));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/file/a file is replaced as a whole and is private", test_replace);
    g_test_add_func("/base/file/a file that is there is not overwritten", test_create);
    g_test_add_func("/base/file/failures name the file", test_failures);
    return g_test_run();
}
