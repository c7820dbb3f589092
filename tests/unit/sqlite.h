/* What the tests on SQLite share: a folder of their own, and connections to files in it. */
#ifndef GW_TESTS_UNIT_SQLITE_H
#define GW_TESTS_UNIT_SQLITE_H

#include <glib/gstdio.h>

#include "db/db.h"
#include "drivers/sqlite/sqlite.h"

static inline char *
sqlite_folder(void)
{
    char *folder = g_dir_make_tmp("godwit-sqlite-XXXXXX", NULL);
    g_assert_nonnull(folder);
    return folder;
}

/* Take the folder away with its files. */
static inline void
sqlite_folder_drop(char *folder)
{
    g_autoptr(GDir) entries = g_dir_open(folder, 0, NULL);
    for (const char *name = g_dir_read_name(entries); name != NULL; name = g_dir_read_name(entries))
    {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_remove(path);
    }
    g_assert_cmpint(g_rmdir(folder), ==, 0);
    g_free(folder);
}

static inline gw_db *
sqlite_try(const char *folder, const char *url, gboolean create, GError **error)
{
    const gw_driver *const drivers[] = {&gw_sqlite_driver, NULL};
    const gw_connect how = {.url = url, .base = folder, .create = create};
    return gw_db_open(drivers, &how, error);
}

static inline gw_db *
sqlite_open(const char *folder, const char *url)
{
    g_autoptr(GError) error = NULL;
    gw_db *db = sqlite_try(folder, url, TRUE, &error);
    g_assert_no_error(error);
    g_assert_nonnull(db);
    return db;
}

static inline void
sqlite_run(gw_db *db, const char *sql)
{
    g_autoptr(GError) error = NULL;
    gboolean done = gw_db_exec(db, sql, -1, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(done);
}

static inline void
sqlite_answer(gw_db *db, const char *sql, const char *expected)
{
    g_autofree char *answer = NULL;
    g_autoptr(GError) error = NULL;
    gboolean done = gw_db_ask(db, sql, NULL, 0, &answer, &error);
    g_assert_no_error(error);
    g_assert_true(done);
    g_assert_cmpstr(answer, ==, expected);
}

#endif
