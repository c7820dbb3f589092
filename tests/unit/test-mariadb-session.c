#include <mysql.h>

#include "mariadb.h"

#include "base/clock.h"
#include "base/thread.h"

static void
test_reset(void)
{
    static const char *const disturb[] = {"SET sql_mode = 'ANSI_QUOTES'",
        "SET foreign_key_checks = 0, unique_checks = 0", "SET NAMES latin1",
        "SET time_zone = '+05:00'", "SET lock_wait_timeout = 3", "SET timestamp = 1000000000",
        "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED", "SET autocommit = 0",
        "SET alter_algorithm = 'INPLACE'", "INSERT INTO t VALUES (1)", "LOCK TABLES t WRITE",
        "USE information_schema", NULL};
    static const char *const same[] = {"SELECT @@sql_mode", "SELECT @@foreign_key_checks",
        "SELECT @@character_set_client", "SELECT @@character_set_results",
        "SELECT @@collation_connection", "SELECT @@time_zone", "SELECT @@lock_wait_timeout",
        "SELECT @@tx_isolation", "SELECT @@autocommit", "SELECT @@alter_algorithm",
        "SELECT DATABASE()", "SELECT ABS(UNIX_TIMESTAMP() - UNIX_TIMESTAMP(SYSDATE())) < 2", NULL};
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(gw_db) db = mariadb_open();
    g_autoptr(GError) error = NULL;
    gboolean taken = FALSE;
    mariadb_run(db, "CREATE TABLE t (a int)");
    g_assert_true(gw_db_lock(db, "run", &taken, &error));
    g_autoptr(GPtrArray) before = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; same[i] != NULL; i++)
    {
        g_ptr_array_add(before, mariadb_ask(db, same[i]));
    }
    for (gsize i = 0; disturb[i] != NULL; i++)
    {
        mariadb_run(db, disturb[i]);
    }
    gboolean done = gw_db_reset(db, &error);
    g_assert_no_error(error);
    g_assert_true(done);
    for (gsize i = 0; same[i] != NULL; i++)
    {
        g_test_message("%s", same[i]);
        mariadb_expect(db, same[i], g_ptr_array_index(before, i));
    }
    g_autoptr(gw_db) other = gw_db_open_beside(db, &error);
    g_assert_no_error(error);
    g_assert_true(gw_db_lock(other, "run", &taken, &error));
    g_assert_false(taken);                 /* reset kept it */
    mariadb_run(other, "SELECT * FROM t"); /* nobody locks the table any more */
    g_clear_pointer(&other, gw_db_close);
    mariadb_close(g_steal_pointer(&db));
}

static void
test_charset(void)
{
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(gw_db) db = mariadb_open();
    g_autoptr(GError) error = NULL;
    mariadb_run(db, "CREATE TABLE t (a varchar(20)) CHARSET utf8mb4");
    mariadb_run(db, "SET NAMES latin1");
    gw_value text = gw_value_text("žluť 🐦");
    g_assert_true(gw_db_exec_with(db, "INSERT INTO t VALUES (?)", &text, 1, NULL, &error));
    mariadb_expect(db, "SELECT a FROM t", "žluť 🐦");  /* godwit speaks UTF-8 */
    mariadb_run(db, "INSERT INTO t VALUES ('\xe4')"); /* and the user latin1 */
    mariadb_expect(db, "SELECT HEX(a) FROM t WHERE CHAR_LENGTH(a) = 1", "C3A4");
    mariadb_close(g_steal_pointer(&db));
}

static void
test_lock(void)
{
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(gw_db) db = mariadb_open();
    g_autoptr(GError) error = NULL;
    g_autoptr(gw_db) other = gw_db_open_beside(db, &error);
    g_assert_no_error(error);
    g_autofree char *long_name = g_strnfill(200, 'n');
    g_autofree char *other_name = g_strdup_printf("%so", long_name);
    gboolean taken = FALSE;
    g_assert_true(gw_db_lock(db, long_name, &taken, &error) && taken);
    g_assert_true(gw_db_lock(other, long_name, &taken, &error) && !taken);
    g_assert_true(gw_db_lock(other, other_name, &taken, &error) && taken);
    gw_db_unlock(db, long_name);
    g_assert_true(gw_db_lock(other, long_name, &taken, &error) && taken);
    g_clear_pointer(&other, gw_db_close);
    mariadb_close(g_steal_pointer(&db));
}

#define ENDLESS "SELECT COUNT(*) FROM seq_1_to_100000000 a JOIN seq_1_to_1000 b"

static void
test_limits(void)
{
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(gw_db) db = mariadb_open();
    g_autoptr(GError) error = NULL;
    gw_limits limits = {.lock_wait = 50000, .statement = 100000};
    g_assert_true(gw_db_limit(db, &limits, &error));
    mariadb_expect(db, "SELECT @@lock_wait_timeout", "1");
    g_autoptr(GError) timeout G_GNUC_UNUSED = mariadb_refuse(db, ENDLESS, GW_CODE_TIMEOUT);
    gw_limits none = {0, 0};
    g_assert_true(gw_db_limit(db, &none, &error));
    mariadb_expect(db, "SELECT @@lock_wait_timeout > 100, @@max_statement_time", "1");
    g_autoptr(gw_db) other = gw_db_open_beside(db, &error);
    mariadb_run(db, "CREATE TABLE t (a int)");
    mariadb_run(other, "BEGIN");
    mariadb_run(other, "SELECT * FROM t");
    g_assert_true(gw_db_limit(db, &limits, &error));
    limits.statement = 0;
    g_assert_true(gw_db_limit(db, &limits, &error));
    g_autoptr(GError) lock G_GNUC_UNUSED =
        mariadb_refuse(db, "ALTER TABLE t ADD b int", GW_CODE_LOCK_TIMEOUT);
    g_clear_pointer(&other, gw_db_close);
    mariadb_close(g_steal_pointer(&db));
}

static void
cancel_soon(gpointer db)
{
    gw_clock_sleep(300000);
    gw_db_cancel(db);
}

static void
test_cancel(void)
{
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(gw_db) db = mariadb_open();
    gw_thread *thread = gw_thread_start(cancel_soon, db);
    gint64 start = gw_clock_now();
    g_autoptr(GError) error G_GNUC_UNUSED = mariadb_refuse(db, ENDLESS, GW_CODE_CANCELLED);
    g_assert_cmpint(gw_clock_now() - start, <, 10000000);
    gw_thread_join(thread);
    gw_db_cancel(db); /* nothing runs: the next statement is not hit */
    mariadb_expect(db, "SELECT SLEEP(0.1)", "0");
    mariadb_close(g_steal_pointer(&db));
}

static void
test_lost(void)
{
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(gw_db) db = mariadb_open_as("GW_TEST_MARIADB", "");
    g_autoptr(gw_db) other = gw_db_open_beside(db, &error);
    gw_value one = gw_value_integer(1);
    g_assert_true(gw_db_exec_with(db, "SELECT ?", &one, 1, NULL, &error));
    g_autofree char *id = mariadb_ask(db, "SELECT CONNECTION_ID()");
    g_autofree char *kill = g_strconcat("KILL ", id, NULL);
    mariadb_run(other, kill);
    g_autoptr(GError) lost = mariadb_refuse(db, "SELECT 1", GW_CODE_CONNECTION_LOST);
    g_assert_false(gw_db_alive(db));
    g_assert_cmpint(gw_error_retry(lost), ==, GW_RETRY_CONNECTION);
}

static void
notice(gpointer data, const char *text)
{
    g_ptr_array_add(data, g_strdup(text));
}

static void
test_notices(void)
{
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(gw_db) db = mariadb_open();
    g_autoptr(GPtrArray) notices = g_ptr_array_new_with_free_func(g_free);
    gw_db_on_notice(db, notice, notices);
    mariadb_run(db, "DROP TABLE IF EXISTS nowhere");
    mariadb_run(db, "DO CAST('hush' AS SIGNED)");
    gw_db_on_notice(db, NULL, NULL);
    g_assert_cmpuint(notices->len, ==, 2);
    g_assert_nonnull(strstr(g_ptr_array_index(notices, 0), "nowhere"));
    g_assert_null(strstr(g_ptr_array_index(notices, 1), "hush"));
    mariadb_close(g_steal_pointer(&db));
}

static void
test_read_only(void)
{
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(GError) error = NULL;
    gw_connect how = {.url = g_getenv("GW_TEST_MARIADB"), .read_only = TRUE};
    g_autoptr(gw_db) db = gw_db_open(mariadb_drivers, &how, &error);
    g_assert_no_error(error);
    g_autoptr(GError) refused G_GNUC_UNUSED =
        mariadb_refuse(db, "CREATE TABLE gw_ro (a int)", GW_CODE_READ_ONLY);
    mariadb_expect(db, "SELECT 1", "1");
}

static void
test_adopt(void)
{
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(GUri) uri = g_uri_parse(g_getenv("GW_TEST_MARIADB"), G_URI_FLAGS_HAS_PASSWORD, NULL);
    MYSQL *mysql = mysql_init(NULL);
    g_assert_nonnull(mysql_real_connect(mysql, g_uri_get_host(uri), g_uri_get_user(uri),
        g_uri_get_password(uri), "godwit", (guint)g_uri_get_port(uri), NULL, 0));
    gw_db *db = gw_db_adopt(&gw_mariadb_driver, mysql, NULL, &error);
    g_assert_no_error(error);
    mariadb_run(db, "SET sql_mode = 'ANSI_QUOTES'");
    gw_db_close(db);
    g_assert_cmpint(mysql_query(mysql, "SELECT \"text\""), ==, 0); /* as it was found */
    mysql_free_result(mysql_store_result(mysql));
    mysql_close(mysql);
}

static void
test_defaults_file(void)
{
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(GUri) uri = g_uri_parse(g_getenv("GW_TEST_MARIADB"), G_URI_FLAGS_HAS_PASSWORD, NULL);
    g_autofree char *folder = g_dir_make_tmp("gw-XXXXXX", NULL);
    g_autofree char *file = g_build_filename(folder, "my.cnf", NULL);
    g_autofree char *text = g_strdup_printf("[client]\nuser=godwit\npassword=%s\nport=%d\n"
                                            "local-infile=1\nmulti-statements=1\n[godwit]\n"
                                            "host=127.0.0.1\n",
        g_uri_get_password(uri), g_uri_get_port(uri));
    g_assert_true(g_file_set_contents(file, text, -1, NULL));
    gw_connect how = {.url = "mariadb:///godwit?read-default-file=my.cnf", .base = folder};
    g_autoptr(gw_db) db = gw_db_open(mariadb_drivers, &how, &error);
    g_assert_no_error(error);
    g_autoptr(GError) several G_GNUC_UNUSED =
        mariadb_refuse(db, "SELECT 1; SELECT 2", GW_CODE_SYNTAX);
    mariadb_run(db, "CREATE TEMPORARY TABLE f (a text)");
    g_autoptr(GError) local G_GNUC_UNUSED = mariadb_refuse(
        db, "LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE f", GW_CODE_PRIVILEGE);
    g_unlink(file);
    g_rmdir(folder);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, test) g_test_add_func("/mariadb/session/" name, test)
    ADD("reset puts the session back and keeps its lock", test_reset);
    ADD("godwit speaks UTF-8 whatever the user chose", test_charset);
    ADD("locks are by name, however long", test_lock);
    ADD("limits hold and are taken back", test_limits);
    ADD("a statement is cancelled from another thread", test_cancel);
    ADD("a lost connection is known", test_lost);
    ADD("warnings are told without values", test_notices);
    ADD("a read-only connection cannot write", test_read_only);
    ADD("a handle of somebody else is left as it was", test_adopt);
    ADD("a my.cnf cannot switch on what is unsafe", test_defaults_file);
#undef ADD
    return g_test_run();
}
