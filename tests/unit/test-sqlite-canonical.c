#include "drivers/sqlite/handle.h"

static void
test_same(void)
{
    static const char *const same[][2] = {
        {"CREATE TABLE t(a int, b int)", "create  table \"t\" (a int,\n -- why\n b int)"},
        {"CREATE TABLE t(\"a\" int)", "CREATE TABLE [t] (`a` int)"},
        {"CREATE TABLE t(key text)", "CREATE TABLE t(\"KEY\" text)"},
        {"CREATE INDEX i ON t(a) WHERE a>=1", "CREATE INDEX i ON t (a) where a >= 1"},
        {"CREATE TABLE t(a int CHECK(a<<2=a))", "CREATE TABLE t(a int CHECK (a << 2 = a))"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(same); i++)
    {
        g_autofree char *left = gw_sqlite_canonical(same[i][0]);
        g_autofree char *right = gw_sqlite_canonical(same[i][1]);
        g_assert_cmpstr(left, ==, right);
    }
}

static void
test_different(void)
{
    static const char *const different[][2] = {
        {"CREATE TABLE t(a int)", "CREATE TABLE t(a text)"},
        {"CREATE TABLE t(a DEFAULT 'x y')", "CREATE TABLE t(a DEFAULT 'x  y')"},
        {"CREATE TABLE t(a DEFAULT 'A')", "CREATE TABLE t(a DEFAULT 'a')"},
        {"CREATE TABLE t(Name)", "CREATE TABLE t(name)"},
        {"CREATE TABLE t(a CHECK(a - 1))", "CREATE TABLE t(a CHECK(a -- 1\n))"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(different); i++)
    {
        g_autofree char *left = gw_sqlite_canonical(different[i][0]);
        g_autofree char *right = gw_sqlite_canonical(different[i][1]);
        g_assert_cmpstr(left, !=, right);
    }
}

/* The form is SQL that makes the same object, and its own canonical form. */
static void
test_runs(void)
{
    static const char *const statements[] = {
        ("create table \"order\" (\"a b\" int, [select] text default 'it''s', "
         "c real check (c->>'$.x' <> \"a b\" or c << 2 >= -1), primary key (\"a b\"))"),
        "create trigger g after insert on \"order\" begin update \"order\" set c = 1; end",
        "create view v as select \"a b\", \"select\" as x from \"order\" where c == 1 or x || 'y'",
    };
    sqlite3 *db = NULL;
    g_assert_cmpint(sqlite3_open(":memory:", &db), ==, SQLITE_OK);
    for (gsize i = 0; i < G_N_ELEMENTS(statements); i++)
    {
        g_autofree char *once = gw_sqlite_canonical(statements[i]);
        g_autofree char *twice = gw_sqlite_canonical(once);
        g_assert_cmpstr(once, ==, twice);
        int done = sqlite3_exec(db, once, NULL, NULL, NULL);
        g_test_message("%s: %s", once, sqlite3_errmsg(db));
        g_assert_cmpint(done, ==, SQLITE_OK);
    }
    sqlite3_close(db);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sqlite/canonical/one meaning has one form", test_same);
    g_test_add_func("/sqlite/canonical/another meaning has another form", test_different);
    g_test_add_func("/sqlite/canonical/the form makes the same object", test_runs);
    return g_test_run();
}
