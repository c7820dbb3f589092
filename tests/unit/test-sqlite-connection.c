#include "sqlite.h"

#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

static void
refuse(const char *folder, const char *url, gboolean create, gw_code code, const char *hint)
{
    g_autoptr(GError) error = NULL;
    g_test_message("%s", url);
    g_assert_null(sqlite_try(folder, url, create, &error));
    g_assert_error(error, GW_ERROR, (int)code);
    g_assert_true(hint == NULL || strstr(gw_error_hint(error), hint) != NULL);
}

static void
test_missing(void)
{
    char *folder = sqlite_folder();
    refuse(folder, "sqlite:none.db", FALSE, GW_CODE_NO_DATABASE, NULL);
    g_autofree char *path = g_build_filename(folder, "none.db", NULL);
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    refuse(folder, "sqlite:none/none.db", TRUE, GW_CODE_NO_DATABASE, "mkdir -p");
    refuse(folder, folder, TRUE, GW_CODE_NO_DATABASE, NULL);
    gw_db_close(sqlite_open(folder, "sqlite:none.db"));
    g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
    sqlite_folder_drop(folder);
}

static void
test_no_database(void)
{
    char *folder = sqlite_folder();
    g_autofree char *path = g_build_filename(folder, "x.db", NULL);
    g_autofree char *noise = g_strnfill(8192, 'n');
    g_autoptr(GError) error = NULL;
    g_assert_true(g_file_set_contents(path, noise, 8192, NULL));
    g_assert_null(sqlite_try(folder, "x.db", FALSE, &error));
    g_assert_error(error, GW_ERROR, GW_CODE_NO_DATABASE);
    g_assert_nonnull(strstr(error->message, "encrypted"));
    sqlite_folder_drop(folder);
}

static void
fail(gw_db *db, const char *sql, gw_code code)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(gw_db_exec(db, sql, -1, NULL, &error));
    g_assert_error(error, GW_ERROR, (int)code);
}

static void
test_read_only(void)
{
    char *folder = sqlite_folder();
    gw_db *db = sqlite_open(folder, "x.db");
    sqlite_run(db, "CREATE TABLE t (x)");
    gw_db_close(db);
    db = sqlite_open(folder, "sqlite:x.db?mode=ro");
    fail(db, "INSERT INTO t VALUES (1)", GW_CODE_READ_ONLY);
    sqlite_answer(db, "SELECT count(*) FROM t", "0");
    gw_db_close(db);
    sqlite_folder_drop(folder);
}

static void
test_full(void)
{
    char *folder = sqlite_folder();
    gw_db *db = sqlite_open(folder, "x.db");
    sqlite_run(db, "CREATE TABLE t (x)");
    sqlite_run(db, "PRAGMA max_page_count = 4");
    fail(db, "INSERT INTO t VALUES (zeroblob(100000))", GW_CODE_DISK_FULL);
    gw_db_close(db);
    sqlite_folder_drop(folder);
}

/* A file that is removed while it is open would take what is written with it. */
static void
test_moved(void)
{
    char *folder = sqlite_folder();
    g_autofree char *path = g_build_filename(folder, "x.db", NULL);
    gw_db *db = sqlite_open(folder, "x.db");
    sqlite_run(db, "CREATE TABLE t (x)");
    g_assert_cmpint(g_unlink(path), ==, 0);
    fail(db, "INSERT INTO t VALUES (1)", GW_CODE_NO_DATABASE);
    gw_db_close(db);
    sqlite_folder_drop(folder);
}

static void
test_one_statement(void)
{
    char *folder = sqlite_folder();
    gw_db *db = sqlite_open(folder, "x.db");
    g_autoptr(GError) error = NULL;
    sqlite_run(db, "SELECT 1 ; -- and no more\n /* really */ ;");
    sqlite_run(db, "-- nothing at all");
    g_assert_false(gw_db_exec(db, "CREATE TABLE a (x); CREATE TABLE b (x)", -1, NULL, &error));
    g_assert_error(error, GW_ERROR, GW_CODE_SYNTAX);
    g_assert_cmpuint(gw_error_offset(error), ==, 20);
    sqlite_answer(db, "SELECT count(*) FROM sqlite_schema", "0");
    gw_db_close(db);
    sqlite_folder_drop(folder);
}

static void
test_memory(void)
{
    gw_db *db = sqlite_open(NULL, ":memory:");
    gboolean taken = FALSE;
    g_autoptr(GError) error = NULL;
    sqlite_run(db, "CREATE TABLE t (x)");
    g_assert_true(gw_db_lock(db, "x", &taken, NULL));
    g_assert_true(taken);
    g_assert_null(gw_db_open_beside(db, &error));
    g_assert_error(error, GW_ERROR, GW_CODE_UNREACHABLE);
    gw_db_close(db);
}

/* A handle that an embedder opened is used, left open, and left as it was. */
static void
test_adopt(void)
{
    sqlite3 *native = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_cmpint(sqlite3_open(":memory:", &native), ==, SQLITE_OK);
    sqlite3_exec(native, "PRAGMA foreign_keys = ON; CREATE TEMP TABLE mine (x)", NULL, NULL, NULL);
    sqlite3_busy_timeout(native, 1234);
    gw_db *db = gw_db_adopt(&gw_sqlite_driver, native, NULL, &error);
    g_assert_no_error(error);
    g_assert_null(gw_db_open_beside(db, &error));
    g_assert_error(error, GW_ERROR, GW_CODE_UNSUPPORTED);
    sqlite_answer(db, "PRAGMA foreign_keys", "1");
    sqlite_run(db, "CREATE TABLE t (x)");
    sqlite_run(db, "PRAGMA foreign_keys = OFF");
    g_assert_true(gw_db_begin(db, NULL));
    sqlite_run(db, "INSERT INTO t VALUES (1)");
    gw_db_close(db);
    db = gw_db_adopt(&gw_sqlite_driver, native, NULL, NULL);
    sqlite_answer(db, "PRAGMA foreign_keys", "1");
    sqlite_answer(db, "PRAGMA busy_timeout", "0"); /* while godwit waits in its own way */
    sqlite_answer(db, "SELECT count(*) FROM t", "0");
    sqlite_answer(db, "SELECT count(*) FROM mine", "0");
    gw_db_close(db);
    sqlite3_stmt *ask = NULL;
    sqlite3_prepare_v2(native, "PRAGMA busy_timeout", -1, &ask, NULL);
    g_assert_cmpint(sqlite3_step(ask), ==, SQLITE_ROW);
    g_assert_cmpint(sqlite3_column_int(ask, 0), ==, 1234);
    sqlite3_finalize(ask);
    g_assert_cmpint(sqlite3_close(native), ==, SQLITE_OK);
}

static void
test_settings(void)
{
    char *folder = sqlite_folder();
    gw_db *db =
        sqlite_open(folder, "sqlite:x.db?foreign_keys=on&journal_mode=wal&synchronous=normal");
    sqlite_answer(db, "PRAGMA foreign_keys", "1");
    sqlite_answer(db, "PRAGMA journal_mode", "wal");
    sqlite_answer(db, "PRAGMA synchronous", "1");
    sqlite_run(db, "CREATE TEMP TABLE left_behind (x)");
    sqlite_run(db, "CREATE TEMP VIEW seen AS SELECT * FROM left_behind");
    sqlite_run(db, "ATTACH ':memory:' AS other");
    sqlite_run(db, "PRAGMA case_sensitive_like = ON");
    sqlite_run(db, "PRAGMA synchronous = OFF");
    g_autoptr(GError) error = NULL;
    g_assert_true(gw_db_reset(db, &error));
    g_assert_no_error(error);
    sqlite_answer(db, "SELECT count(*) FROM sqlite_temp_schema", "0");
    sqlite_answer(db, "SELECT count(*) FROM pragma_database_list WHERE name = 'other'", "0");
    sqlite_answer(db, "SELECT 'a' LIKE 'A'", "1");
    sqlite_answer(db, "PRAGMA synchronous", "1");
    gw_db_close(db);
    db = sqlite_open(folder, "x.db");
    sqlite_answer(db, "PRAGMA foreign_keys", "0");
    gw_db_close(db);
    sqlite_folder_drop(folder);
}

/* Numbers come out as the same number. */
static void
test_numbers(void)
{
    gw_db *db = sqlite_open(NULL, ":memory:");
    sqlite_answer(db, "SELECT 0.1", "0.1");
    sqlite_answer(db, "SELECT 0.1 + 0.2", "0.30000000000000004");
    sqlite_answer(db, "SELECT 1e300", "1.0e+300");
    sqlite_answer(db, "SELECT x'616263'", "abc");
    gw_db_close(db);
}

/* Two results of one kept text live side by side. */
static void
test_kept(void)
{
    gw_db *db = sqlite_open(NULL, ":memory:");
    const gw_value one = gw_value_integer(1);
    const gw_value two = gw_value_integer(2);
    const gw_cell *cells = NULL;
    g_autoptr(gw_rows) first = gw_db_query(db, "SELECT ?", &one, 1, NULL);
    g_assert_true(gw_rows_next(first, &cells, NULL) && gw_rows_next(first, &cells, NULL));
    g_autoptr(gw_rows) second = gw_db_query(db, "SELECT ?", &two, 1, NULL);
    g_assert_true(gw_rows_next(second, &cells, NULL));
    g_assert_cmpstr(cells[0].text, ==, "2");
    gw_rows_finish(g_steal_pointer(&first));
    g_assert_true(gw_rows_next(second, &cells, NULL));
    g_assert_null(cells);
    g_autoptr(GError) error = NULL;
    g_assert_null(gw_db_query(db, "SELECT ?", NULL, 0, &error));
    g_assert_error(error, GW_ERROR, GW_CODE_STATEMENT);
    gw_rows_finish(g_steal_pointer(&second));
    gw_db_close(db);
}

static void
copy_file(const char *folder, const char *from, const char *to)
{
    g_autofree char *source = g_build_filename(folder, from, NULL);
    g_autofree char *target = g_build_filename(folder, to, NULL);
    g_autofree char *bytes = NULL;
    gsize length = 0;
    g_assert_true(g_file_get_contents(source, &bytes, &length, NULL));
    g_assert_true(g_file_set_contents(target, bytes, (gssize)length, NULL));
}

/* A database and its journal as a writer leaves them that is killed in its transaction. */
static void
leave_behind(const char *folder, const char *name)
{
    g_autofree char *journal = g_strconcat(name, "-journal", NULL);
    gw_db *db = sqlite_open(folder, "x.db");
    sqlite_run(db, "CREATE TABLE t (x)");
    sqlite_run(db, "INSERT INTO t VALUES (1)");
    sqlite_run(db, "PRAGMA cache_size = 1");
    sqlite_run(db, "BEGIN");
    sqlite_run(db, "UPDATE t SET x = 2");
    sqlite_run(db, "CREATE TABLE big AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 "
                   "FROM n WHERE i < 1000) SELECT randomblob(1000) FROM n");
    copy_file(folder, "x.db", name);
    copy_file(folder, "x.db-journal", journal);
    gw_db_close(db);
}

static void
test_looks_after_a_kill(void)
{
    char *folder = sqlite_folder();
    const gw_driver *const drivers[] = {&gw_sqlite_driver, NULL};
    const gw_connect how = {.url = "left.db", .base = folder, .read_only = TRUE};
    g_autoptr(GError) error = NULL;
    leave_behind(folder, "left.db");
    gw_db *db = gw_db_open(drivers, &how, &error);
    g_assert_no_error(error);
    sqlite_answer(db, "SELECT x FROM t", "1");
    fail(db, "INSERT INTO t VALUES (1)", GW_CODE_READ_ONLY);
    gw_db_close(db);
    sqlite_folder_drop(folder);
}

/* As a user who may read and no more; only root can become one. */
static void
test_rights(void)
{
    char *folder = sqlite_folder();
    gw_db *db = sqlite_open(folder, "x.db");
    sqlite_run(db, "CREATE TABLE t (x)");
    gw_db_close(db);
    if (geteuid() != 0 || seteuid(65534) != 0)
    {
        g_test_skip("only root can try this");
        sqlite_folder_drop(folder);
        return;
    }
    refuse(folder, "sqlite:x.db", FALSE, GW_CODE_AUTH, NULL);
    g_assert_cmpint(seteuid(0), ==, 0);
    g_assert_cmpint(chmod(folder, 0755), ==, 0);
    g_assert_cmpint(seteuid(65534), ==, 0);
    db = sqlite_open(folder, "sqlite:x.db");
    fail(db, "INSERT INTO t VALUES (1)", GW_CODE_READ_ONLY);
    gboolean taken = FALSE;
    g_autoptr(GError) error = NULL;
    g_assert_false(gw_db_lock(db, "x", &taken, &error));
    g_assert_error(error, GW_ERROR, GW_CODE_READ_ONLY);
    gw_db_close(db);
    g_assert_cmpint(seteuid(0), ==, 0);
    sqlite_folder_drop(folder);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sqlite/connection/a missing file is not made unasked", test_missing);
    g_test_add_func("/sqlite/connection/what is no database is said", test_no_database);
    g_test_add_func("/sqlite/connection/read-only is read-only", test_read_only);
    g_test_add_func("/sqlite/connection/a full disk is said", test_full);
    g_test_add_func("/sqlite/connection/a removed file is said", test_moved);
    g_test_add_func("/sqlite/connection/one statement at a time", test_one_statement);
    g_test_add_func("/sqlite/connection/a database in memory is alone", test_memory);
    g_test_add_func("/sqlite/connection/an adopted handle is left as it was", test_adopt);
    g_test_add_func("/sqlite/connection/a reset leaves nothing behind", test_settings);
    g_test_add_func("/sqlite/connection/numbers come out whole", test_numbers);
    g_test_add_func("/sqlite/connection/a kept text has many results", test_kept);
    g_test_add_func("/sqlite/connection/one that only looks reads what a killed writer left",
        test_looks_after_a_kill);
    g_test_add_func("/sqlite/connection/missing rights are said", test_rights);
    return g_test_run();
}
