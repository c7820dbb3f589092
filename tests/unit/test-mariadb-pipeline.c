#include "mariadb.h"

static void
send(gw_db *db, const char *sql, const gw_value *parameters, guint count)
{
    g_assert_true(gw_db_pipeline_send(db, sql, -1, parameters, count));
}

#define ODD "it's a \\ \n \"?\" ž `x` -- 🐦"

static void
test_pipeline(void)
{
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(gw_db) db = mariadb_open();
    g_autoptr(GError) error = NULL;
    guint failed = 0;
    gint64 affected = 0;
    mariadb_run(db, "CREATE TABLE t (a int PRIMARY KEY, b text, c blob)");
    mariadb_run(db, "SET NAMES latin1");
    mariadb_run(db, "SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'");
    gw_value values[] = {gw_value_integer(1), gw_value_text(ODD),
        {.type = GW_TYPE_BYTES, .text = "\0\1'", .length = 3}};
    g_assert_true(gw_db_pipeline_begin(db, &error));
    send(db, "BEGIN", NULL, 0);
    send(db, "INSERT INTO t /* ? */ VALUES (?, ?, ?)", values, 3);
    send(db, "SELECT '?' , a FROM t", NULL, 0);
    send(db, "UPDATE t SET a = a + ?", values, 1);
    send(db, "COMMIT", NULL, 0);
    g_assert_true(gw_db_pipeline_flush(db, &failed, &affected, &error));
    g_assert_no_error(error);
    mariadb_run(db, "SET NAMES utf8mb4");
    mariadb_run(db, "SET sql_mode = ''");
    mariadb_expect(db, "SELECT b FROM t WHERE a = 2", ODD);
    mariadb_expect(db, "SELECT HEX(c) FROM t", "000127");
    g_autoptr(GError) syntax G_GNUC_UNUSED =
        mariadb_refuse(db, "SELECT 1; SELECT 2", GW_CODE_SYNTAX);
    mariadb_close(g_steal_pointer(&db));
}

static void
test_pipeline_failure(void)
{
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(gw_db) db = mariadb_open();
    g_autoptr(GError) error = NULL;
    guint failed = 0;
    mariadb_run(db, "CREATE TABLE t (a int PRIMARY KEY)");
    gw_value one = gw_value_integer(1);
    g_assert_true(gw_db_pipeline_begin(db, &error));
    send(db, "BEGIN", NULL, 0);
    send(db, "INSERT INTO t VALUES (?)", &one, 1);
    send(db, "INSERT INTO t VALUES (5)", NULL, 0);
    send(db, "INSERT INTO t VALUES (?)", &one, 1);
    send(db, "INSERT INTO t VALUES (6)", NULL, 0);
    send(db, "COMMIT", NULL, 0);
    g_assert_false(gw_db_pipeline_flush(db, &failed, NULL, &error));
    g_assert_error(error, GW_ERROR, GW_CODE_UNIQUE);
    g_assert_cmpuint(failed, ==, 3);
    mariadb_expect(db, "SELECT COUNT(*) FROM t", "0");
    mariadb_expect(db, "SELECT @@in_transaction", "0");
    mariadb_close(g_steal_pointer(&db));
}

static void
test_pipeline_long(void)
{
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(gw_db) db = mariadb_open();
    g_autoptr(GError) error = NULL;
    guint failed = 0;
    gint64 affected = 0;
    mariadb_run(db, "CREATE TABLE t (a int PRIMARY KEY, b longtext)");
    g_autofree char *long_text = g_strnfill(200000, 'x');
    g_assert_true(gw_db_pipeline_begin(db, &error));
    send(db, "BEGIN", NULL, 0);
    for (int i = 0; i < 20; i++) /* several batches in one transaction */
    {
        gw_value values[] = {gw_value_integer(i % 19), gw_value_text(long_text)};
        gboolean sent = gw_db_pipeline_send(db, "INSERT INTO t VALUES (?, ?)", -1, values, 2);
        g_assert_true(sent);
    }
    g_assert_false(gw_db_pipeline_flush(db, &failed, &affected, &error));
    g_assert_error(error, GW_ERROR, GW_CODE_UNIQUE);
    g_assert_cmpuint(failed, ==, 20);
    mariadb_expect(db, "SELECT COUNT(*) FROM t", "0");
    mariadb_close(g_steal_pointer(&db));
}

static void
test_literals(void)
{
    static const char *const texts[] = {"", "plain", "it's", "a\\b", "\\", "new\nline", "ž🐦",
        "'\\''", "/* c */ -- x # y", "\x7f", "`\"?;"};
    static const char *const modes[] = {"", "NO_BACKSLASH_ESCAPES", "ANSI_QUOTES", "ORACLE"};
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(gw_db) db = mariadb_open_as("GW_TEST_MARIADB", "");
    for (gsize m = 0; m < G_N_ELEMENTS(modes); m++)
    {
        g_autofree char *mode = g_strdup_printf("SET sql_mode = '%s'", modes[m]);
        mariadb_run(db, mode);
        for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        {
            g_autoptr(GString) sql = g_string_new("SELECT ");
            gw_mariadb_dialect.quote_text(sql, texts[i]);
            mariadb_expect(db, sql->str, texts[i]);
        }
    }
}

static void
test_ledger_words(void)
{
    if (!mariadb_has_server())
    {
        return;
    }
    const gw_ledger_words *words = gw_mariadb_dialect.ledger;
    g_autoptr(gw_db) db = mariadb_open();
    g_autofree char *create = g_strdup_printf("CREATE TABLE l (a %s NOT NULL, b %s NOT NULL, c %s "
                                              "NOT NULL, d %s NOT NULL, e %s, s %s, l %s, "
                                              "PRIMARY KEY (a, b, c, d, e))%s",
        words->text, words->text, words->text, words->text, words->integer, words->stamp,
        words->long_text, words->table_tail);
    mariadb_run(db, create);
    mariadb_run(db, "SET time_zone = '+07:00'");
    mariadb_run(db, "BEGIN");
    g_autofree char *now = g_strdup_printf("SELECT %s", words->now);
    g_autofree char *first = mariadb_ask(db, now);
    g_autofree char *second = mariadb_ask(db, now);
    g_assert_cmpstr(first, <, second); /* it moves inside a transaction */
    mariadb_run(db, "INSERT INTO l VALUES ('a', 'b', 'c', 'd', 1, '2024-02-03 04:05:06', '')");
    g_autofree char *stamp_text = g_strdup(words->stamp_text);
    g_auto(GStrv) halves = g_strsplit(stamp_text, "%s", 2);
    g_autofree char *stamp = g_strdup_printf("SELECT %ss%s FROM l", halves[0], halves[1]);
    mariadb_expect(db, stamp, "2024-02-03T04:05:06.000000Z");
    g_auto(GStrv) later = g_strsplit(words->later, "%s", 2);
    g_autofree char *after = g_strdup_printf(
        "SELECT TIMESTAMPDIFF(SECOND, %s, %s?%s) > 8", words->now, later[0], later[1]);
    gw_value nine = gw_value_text("9000000");
    char *answer = NULL;
    g_assert_true(gw_db_ask(db, after, &nine, 1, &answer, NULL));
    g_assert_cmpstr(answer, ==, "1");
    g_free(answer);
    mariadb_close(g_steal_pointer(&db));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, test) g_test_add_func("/mariadb/pipeline/" name, test)
    ADD("the pipeline takes any value in any mode", test_pipeline);
    ADD("a pipeline that fails names the statement and leaves nothing", test_pipeline_failure);
    ADD("a long pipeline is cut and stays one transaction", test_pipeline_long);
    ADD("literals read the same in every mode", test_literals);
    ADD("the ledger's words work", test_ledger_words);
#undef ADD
    return g_test_run();
}
