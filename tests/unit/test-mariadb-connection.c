#include "mariadb.h"

static void
test_place(void)
{
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(gw_db) db = mariadb_open();
    const gw_place *place = gw_db_place(db);
    g_assert_true(g_str_has_prefix(place->database, "gw_unit_"));
    g_assert_cmpstr(place->schema, ==, place->database);
    g_assert_nonnull(strstr(place->version, "MariaDB"));
    g_assert_true(g_str_has_prefix(place->user, "godwit@"));
    g_assert_true(g_str_has_prefix(place->host, "127.0.0.1:"));
    g_assert_true(g_str_has_suffix(place->identity, place->database));
    g_assert_false(place->replica);
    g_assert_false(place->pooled);
    g_autofree char *id = mariadb_ask(db, "SELECT CONNECTION_ID()");
    g_assert_true(g_str_has_prefix(place->session, id));
    mariadb_expect(db, "SELECT @@character_set_client", "utf8mb4");
    mariadb_close(g_steal_pointer(&db));
}

static void
test_refused(void)
{
    static const struct
    {
        const char *tail;
        gw_code code;
    } cases[] = {
        {"_nowhere", GW_CODE_AUTH},
        {"?ssl-mode=REQUIRED", GW_CODE_TLS},
        {"?ssl-mode=VERIFY_CA", GW_CODE_URL},
        {"?user=nobody", GW_CODE_AUTH},
        {"?port=1", GW_CODE_UNREACHABLE},
        {"?host=nowhere.invalid", GW_CODE_UNREACHABLE},
    };
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(gw_db) other = mariadb_open_as("GW_TEST_MARIADB", "");
    g_autofree char *tls = mariadb_ask(other, "SELECT @@have_ssl");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    {
        if (cases[i].code == GW_CODE_TLS && strcmp(tls, "YES") == 0)
        {
            continue;
        }
        g_autoptr(GError) error = NULL;
        g_autofree char *url = g_strconcat(g_getenv("GW_TEST_MARIADB"), cases[i].tail, NULL);
        g_autofree char *plain = g_strdup(url);
        if (cases[i].tail[0] == '_')
        {
            *strrchr(plain, '/') = '\0';
            g_free(url);
            url = g_strconcat(plain, "/elsewhere", NULL);
        }
        gw_connect how = {.url = url, .timeout = 2000000};
        g_autoptr(gw_db) db = gw_db_open(mariadb_drivers, &how, &error);
        g_assert_null(db);
        g_assert_error(error, GW_ERROR, (int)cases[i].code);
        g_assert_null(strstr(error->message, "bar-tailed"));
    }
}

static void
test_no_database(void)
{
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(GError) error = NULL;
    g_autofree char *url = g_strdup(g_getenv("GW_TEST_MARIADB"));
    *strrchr(url, '/') = '\0';
    g_autofree char *full = g_strconcat(url, "/gw_not_there", NULL);
    gw_connect how = {.url = full};
    g_autoptr(gw_db) db = gw_db_open(mariadb_drivers, &how, &error);
    g_assert_null(db);
    g_assert_error(error, GW_ERROR, GW_CODE_NO_DATABASE);
}

static void
test_errors(void)
{
    static const struct
    {
        const char *sql;
        gw_code code;
        guint offset;
    } cases[] = {
        {"SELECT * FORM t", GW_CODE_SYNTAX, 10},
        {"SELECT 'ä',\n  ) FROM t", GW_CODE_SYNTAX, 15},
        {"SELECT (1", GW_CODE_SYNTAX, 10},
        {"SELECT emial FROM t", GW_CODE_NO_COLUMN, 0},
        {"SELECT * FROM nowhere", GW_CODE_NO_TABLE, 0},
        {"CREATE TABLE t (a int)", GW_CODE_EXISTS, 0},
        {"ALTER TABLE t ADD COLUMN a int", GW_CODE_EXISTS, 0},
        {"ALTER TABLE t DROP COLUMN z", GW_CODE_NO_COLUMN, 0},
        {"INSERT INTO t VALUES (1, 'hush@b.c')", GW_CODE_UNIQUE, 0},
        {"INSERT INTO t VALUES (NULL, 'x')", GW_CODE_CONSTRAINT, 0},
        {"INSERT INTO t VALUES ('hush', 'x')", GW_CODE_VALUE, 0},
        {"INSERT INTO c VALUES (7)", GW_CODE_FOREIGN_KEY, 0},
        {"DROP TABLE t", GW_CODE_FOREIGN_KEY, 0},
        {"CREATE USER hush IDENTIFIED BY 'hush'", GW_CODE_PRIVILEGE, 0},
        {"SET STATEMENT max_statement_time=0.05 FOR SELECT SLEEP(1)", GW_CODE_TIMEOUT, 0},
        {"LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE t", GW_CODE_PRIVILEGE, 0},
        {"SELECT 1; SELECT 2", GW_CODE_SYNTAX, 11},
    };
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(gw_db) db = mariadb_open();
    mariadb_run(db, "CREATE TABLE t (a int NOT NULL PRIMARY KEY, b varchar(20) UNIQUE)");
    mariadb_run(db, "CREATE TABLE c (a int REFERENCES t(a))");
    mariadb_run(db, "INSERT INTO t VALUES (1, 'hush@b.c')");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    {
        g_test_message("%s", cases[i].sql);
        g_autoptr(GError) error = mariadb_refuse(db, cases[i].sql, cases[i].code);
        g_test_message("  %s", error->message);
        g_assert_cmpuint(gw_error_offset(error), ==, cases[i].offset);
        g_assert_null(strstr(error->message, "hush@"));
        g_assert_null(strstr(error->message, "'hush'"));
        g_assert_nonnull(gw_error_sqlstate(error));
    }
    g_assert_true(gw_db_alive(db));
    mariadb_close(g_steal_pointer(&db));
}

#define EVERY_TYPE                                                                                 \
    "SELECT CAST(-5 AS SIGNED) a, CAST(18446744073709551615 AS UNSIGNED) b, 1.50 c, 1.5e0 d, "     \
    "DATE'2024-02-29' e, TIME'-12:34:56.789' f, TIMESTAMP'2024-02-29 01:02:03.000004' g, "         \
    "'žluť' h, '' i, NULL j, REPEAT('x', 3000) k, 1e300 l, y, t0, dt, b8, en, st, fl, z "        \
    "FROM every WHERE '1' = "

static void
test_types(void)
{
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(gw_db) db = mariadb_open();
    g_autoptr(GError) error = NULL;
    mariadb_run(db, "CREATE TABLE every (y year, t0 time, dt datetime, b8 bit(8), en enum('a','b'),"
                    " st set('x','y'), fl float, z int(5) zerofill)");
    mariadb_run(db, "INSERT INTO every VALUES (2024, '1:2:3', '2024-01-02 03:04:05', b'1000001', "
                    "'b', 'x,y', 0.1, 42)");
    gw_value one = gw_value_text("1");
    g_autoptr(gw_rows) binary = gw_db_query(db, EVERY_TYPE "?", &one, 1, &error);
    g_assert_no_error(error);
    const gw_cell *cells = NULL;
    g_assert_true(gw_rows_next(binary, &cells, &error));
    g_assert_nonnull(cells);
    guint columns = gw_rows_columns(binary);
    g_auto(GStrv) seen = g_new0(char *, columns + 1);
    for (guint i = 0; i < columns; i++)
    {
        seen[i] = g_strdup(cells[i].text == NULL ? "NULL" : cells[i].text);
        g_assert_true(cells[i].text == NULL || strlen(cells[i].text) == cells[i].length);
    }
    g_assert_cmpstr(gw_rows_column(binary, 7), ==, "h");
    g_assert_true(gw_rows_next(binary, &cells, &error));
    g_assert_null(cells);
    g_autoptr(gw_rows) text = gw_db_query(db, EVERY_TYPE "'1'", NULL, 0, &error);
    g_assert_no_error(error);
    g_assert_true(gw_rows_next(text, &cells, &error));
    for (guint i = 0; i < columns; i++)
    {
        g_assert_cmpstr(seen[i], ==, cells[i].text == NULL ? "NULL" : cells[i].text);
    }
    g_clear_pointer(&text, gw_rows_finish);
    g_clear_pointer(&binary, gw_rows_finish);
    mariadb_close(g_steal_pointer(&db));
}

static void
test_stream(void)
{
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(gw_db) db = mariadb_open();
    g_autoptr(GError) error = NULL;
    gw_value length = gw_value_integer(10);
    static const char sql[] =
        "SELECT seq, IF(seq % 1000 = 0, REPEAT('x', seq), 'y') FROM seq_1_to_20000 "
        "WHERE CHAR_LENGTH(seq) < ?";
    for (int round = 0; round < 2; round++) /* the second with the statement that was kept */
    {
        g_autoptr(gw_rows) rows = gw_db_query(db, sql, &length, 1, &error);
        g_assert_no_error(error);
        const gw_cell *cells = NULL;
        gsize bytes = 0;
        guint count = 0;
        while (gw_rows_next(rows, &cells, &error) && cells != NULL)
        {
            bytes += cells[1].length;
            count++;
        }
        g_assert_no_error(error);
        g_assert_cmpuint(count, ==, 20000);
        g_assert_cmpuint(bytes, ==, 19980 + 210000);
    }
    g_autoptr(gw_rows) half = gw_db_query(db, sql, &length, 1, &error);
    const gw_cell *cells = NULL;
    g_assert_true(gw_rows_next(half, &cells, &error));
    g_clear_pointer(&half, gw_rows_finish); /* in the middle */
    mariadb_expect(db, "SELECT 7", "7");
    mariadb_close(g_steal_pointer(&db));
}

static void
test_call(void)
{
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(gw_db) db = mariadb_open();
    g_autoptr(GError) error = NULL;
    mariadb_run(db, "CREATE TABLE t (a int)");
    mariadb_run(db, "CREATE PROCEDURE p(n int) BEGIN SELECT n; SELECT n + 1; INSERT INTO t VALUES "
                    "(n); END");
    mariadb_run(db, "CALL p(1)");
    gw_value two = gw_value_integer(2);
    g_assert_true(gw_db_exec_with(db, "CALL p(?)", &two, 1, NULL, &error));
    g_assert_no_error(error);
    mariadb_expect(db, "CALL p(3)", "3");
    mariadb_expect(db, "SELECT GROUP_CONCAT(a ORDER BY a) FROM t", "1,2,3");
    mariadb_close(g_steal_pointer(&db));
}

static void
test_affected(void)
{
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(gw_db) db = mariadb_open();
    g_autoptr(GError) error = NULL;
    gint64 affected = 0;
    mariadb_run(db, "CREATE TABLE t (a int)");
    g_assert_true(gw_db_exec(db, "INSERT INTO t VALUES (1), (2)", -1, &affected, &error));
    g_assert_cmpint(affected, ==, 2);
    g_assert_true(gw_db_exec(db, "UPDATE t SET a = a", -1, &affected, &error));
    g_assert_cmpint(affected, ==, 2); /* rows found, as with the other databases */
    gw_value one = gw_value_integer(1);
    g_assert_true(gw_db_exec_with(db, "DELETE FROM t WHERE a = ?", &one, 1, &affected, &error));
    g_assert_cmpint(affected, ==, 1);
    mariadb_close(g_steal_pointer(&db));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, test) g_test_add_func("/mariadb/connection/" name, test)
    ADD("tells where it is", test_place);
    ADD("says why it was refused, without the password", test_refused);
    ADD("a database that is not there has its code", test_no_database);
    ADD("errors have codes and places, and no values", test_errors);
    ADD("text and binary protocol spell all types alike", test_types);
    ADD("a result is streamed, also from a kept statement", test_stream);
    ADD("a procedure may answer several times", test_call);
    ADD("rows affected are rows found", test_affected);
#undef ADD
    return g_test_run();
}
