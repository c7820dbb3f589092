/* What the tests of the MariaDB driver share: a database of their own on the server that
 * GW_TEST_MARIADB names (see tests/servers), or a skipped test. */
#ifndef GW_TESTS_UNIT_MARIADB_H
#define GW_TESTS_UNIT_MARIADB_H

#include <glib/gstdio.h>
#include <unistd.h>

#include "db/db.h"
#include "drivers/mariadb/mariadb.h"

static const gw_driver *const mariadb_drivers[] = {&gw_mariadb_driver, NULL};

/* Skip the test and return FALSE when there is no server. */
static inline gboolean
mariadb_has_server(void)
{
    if (g_getenv("GW_TEST_MARIADB") == NULL)
    {
        g_test_skip("GW_TEST_MARIADB is not set");
        return FALSE;
    }
    return TRUE;
}

/* Connect by a URL of the environment (GW_TEST_MARIADB, GW_TEST_MARIADB_ROOT). */
static inline gw_db *
mariadb_open_as(const char *variable, const char *suffix)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *url = g_strconcat(g_getenv(variable), suffix, NULL);
    gw_connect how = {.url = url, .application = "godwit test"};
    gw_db *db = gw_db_open(mariadb_drivers, &how, &error);
    g_assert_no_error(error);
    return db;
}

static inline void
mariadb_run(gw_db *db, const char *sql)
{
    g_autoptr(GError) error = NULL;
    gboolean done = gw_db_exec(db, sql, -1, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(done);
}

/* The first cell of the answer; the caller frees it. */
static inline char *
mariadb_ask(gw_db *db, const char *sql)
{
    g_autoptr(GError) error = NULL;
    char *answer = NULL;
    gboolean done = gw_db_ask(db, sql, NULL, 0, &answer, &error);
    g_assert_no_error(error);
    g_assert_true(done);
    return answer;
}

static inline void
mariadb_expect(gw_db *db, const char *sql, const char *answer)
{
    g_autofree char *found = mariadb_ask(db, sql);
    g_assert_cmpstr(found, ==, answer);
}

/* Run what must fail; its error, for more questions. */
static inline GError *
mariadb_refuse(gw_db *db, const char *sql, gw_code code)
{
    GError *error = NULL;
    gboolean done = gw_db_exec(db, sql, -1, NULL, &error);
    g_assert_false(done);
    g_assert_error(error, GW_ERROR, (int)code);
    return error;
}

/* A new, empty database of this process, as the working one of the connection returned. */
static inline gw_db *
mariadb_open(void)
{
    gw_db *db = mariadb_open_as("GW_TEST_MARIADB", "");
    g_autofree char *name = g_strdup_printf("gw_unit_%d", (int)getpid());
    g_autofree char *drop = g_strdup_printf("DROP DATABASE IF EXISTS %s", name);
    g_autofree char *create = g_strdup_printf("CREATE DATABASE %s", name);
    mariadb_run(db, drop);
    mariadb_run(db, create);
    gw_db_close(db);
    g_autofree char *url = g_strdup(g_getenv("GW_TEST_MARIADB"));
    *strrchr(url, '/') = '\0';
    g_autofree char *full = g_strdup_printf("%s/%s", url, name);
    g_setenv("GW_TEST_MARIADB_OWN", full, TRUE);
    return mariadb_open_as("GW_TEST_MARIADB_OWN", "");
}

/* Drop the database that mariadb_open() made, and close. */
static inline void
mariadb_close(gw_db *db)
{
    g_autofree char *drop = g_strdup_printf("DROP DATABASE `%s`", gw_db_place(db)->database);
    mariadb_run(db, drop);
    gw_db_close(db);
}

#endif
