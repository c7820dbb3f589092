/* What the tests of PostgreSQL's driver share: connections to the server of the environment. */
#ifndef GW_TESTS_DRIVERS_POSTGRES_SERVER_H
#define GW_TESTS_DRIVERS_POSTGRES_SERVER_H

#include <libpq-fe.h>

#include "db/db.h"
#include "drivers/postgres/postgres.h"

static const gw_driver *const drivers[] = {&gw_postgres_driver, NULL};

static inline gw_db *
open_as(const gw_connect *how)
{
    g_autoptr(GError) error = NULL;
    gw_db *db = gw_db_open(drivers, how, &error);
    g_assert_no_error(error);
    return db;
}

static inline gw_db *
open_server(void)
{
    const gw_connect how = {.url = g_getenv("GW_TEST_POSTGRES"), .application = "godwit test"};
    return open_as(&how);
}

static inline void
run(gw_db *db, const char *sql)
{
    g_autoptr(GError) error = NULL;
    gboolean done = gw_db_exec(db, sql, -1, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(done);
}

static inline void
assert_answer(gw_db *db, const char *sql, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *answer = NULL;
    gboolean done = gw_db_ask(db, sql, NULL, 0, &answer, &error);
    g_assert_no_error(error);
    g_assert_true(done);
    g_assert_cmpstr(answer, ==, expected);
}

static inline void
assert_fails(gw_db *db, const char *sql, gw_code code)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(gw_db_exec(db, sql, -1, NULL, &error));
    g_test_message("%s", error->message);
    g_assert_true(gw_error_is(error, code));
}

/* The test URL with another part: `mark` is where it goes, behind the last `before`. */
static inline char *
url_with(const char *before, const char *part)
{
    g_autofree char *copy = g_strdup(g_getenv("GW_TEST_POSTGRES"));
    char *at = g_strrstr(copy, before);
    at[strlen(before)] = '\0';
    return g_strconcat(copy, part, NULL);
}

#endif
