#include "drivers/sqlite/handle.h"
#include "sqlite.h"

#define N GW_NO
#define Y GW_YES
#define D GW_DEPENDS
#define U GW_UNKNOWN

/* What a statement is expected to be; one row each. */
typedef struct expected
{
    const char *sql;
    const char *verb;
    gw_kind kind;
    gw_transactional transactional;
    gw_answer3 rewrite;
    gw_answer3 scan;
    guint destroys;
    gboolean repeatable;
    const char *object;
    const char *relation; /* the first; NULL for none */
    gw_span span;
} expected;

#define ROWS   GW_SPAN_ROWS
#define MOMENT GW_SPAN_MOMENT
#define SCHEMA GW_KIND_SCHEMA
#define DATA   GW_KIND_DATA
#define FITS   GW_TRANSACTION_FITS
#define MASTER "sqlite_schema"

static const expected table[] = {
    {"create table t (a int)", "CREATE TABLE", SCHEMA, FITS, N, N, 0, FALSE, "t", MASTER, MOMENT},
    {"CREATE TABLE IF NOT EXISTS main.[t x] (a)", "CREATE TABLE", SCHEMA, FITS, N, N, 0, TRUE,
        "main.t x", MASTER, MOMENT},
    {"CREATE TABLE t AS SELECT * FROM u", "CREATE TABLE AS", SCHEMA, FITS, N, Y, 0, FALSE, "t",
        MASTER, ROWS},
    {"CREATE TEMP TABLE t (a)", "CREATE TEMP TABLE", SCHEMA, FITS, N, N, 0, FALSE, "t", NULL,
        MOMENT},
    {"CREATE TABLE temp.t (a)", "CREATE TABLE", SCHEMA, FITS, N, N, 0, FALSE, "temp.t", NULL,
        MOMENT},
    {"CREATE VIRTUAL TABLE f USING fts5(x)", "CREATE VIRTUAL TABLE", SCHEMA, FITS, N, N, 0, FALSE,
        "f", MASTER, MOMENT},
    {"CREATE UNIQUE INDEX IF NOT EXISTS i ON t(a)", "CREATE UNIQUE INDEX", SCHEMA, FITS, N, Y, 0,
        TRUE, "i", "t", ROWS},
    {"CREATE VIEW v AS SELECT 1", "CREATE VIEW", SCHEMA, FITS, N, N, 0, FALSE, "v", MASTER, MOMENT},
    {"CREATE TRIGGER g AFTER UPDATE OF a ON t BEGIN SELECT 1; END", "CREATE TRIGGER", SCHEMA, FITS,
        N, N, 0, FALSE, "g", "t", MOMENT},
    {"ALTER TABLE t RENAME TO u", "ALTER TABLE RENAME TO", SCHEMA, FITS, N, N, 0, FALSE, "t", "t",
        MOMENT},
    {"ALTER TABLE t RENAME a TO b", "ALTER TABLE RENAME COLUMN", SCHEMA, FITS, N, N, 0, FALSE,
        "t.a", "t", MOMENT},
    {"ALTER TABLE t ADD COLUMN c int", "ALTER TABLE ADD COLUMN", SCHEMA, FITS, N, N, 0, FALSE,
        "t.c", "t", MOMENT},
    {"ALTER TABLE t ADD c int NOT NULL DEFAULT 1", "ALTER TABLE ADD COLUMN", SCHEMA, FITS, N, N, 0,
        FALSE, "t.c", "t", MOMENT},
    {"ALTER TABLE t ADD c int CHECK (c > 0)", "ALTER TABLE ADD COLUMN", SCHEMA, FITS, N, Y, 0,
        FALSE, "t.c", "t", ROWS},
    {"ALTER TABLE t ADD c int AS (a + 1) NOT NULL", "ALTER TABLE ADD COLUMN", SCHEMA, FITS, N, Y, 0,
        FALSE, "t.c", "t", ROWS},
    {"ALTER TABLE t DROP COLUMN \"c\"", "ALTER TABLE DROP COLUMN", SCHEMA, FITS, Y, Y,
        GW_DESTROYS_COLUMN, FALSE, "t.c", "t", ROWS},
    {"ALTER TABLE t ALTER COLUMN c SET NOT NULL", "ALTER TABLE ALTER COLUMN", SCHEMA, FITS, N, Y, 0,
        FALSE, "t.c", "t", ROWS},
    {"DROP TABLE t", "DROP TABLE", SCHEMA, FITS, N, N, GW_DESTROYS_TABLE, FALSE, "t", "t", ROWS},
    {"DROP INDEX IF EXISTS i", "DROP INDEX", SCHEMA, FITS, N, N, GW_DESTROYS_OBJECT, TRUE, "i",
        MASTER, MOMENT},
    {"REINDEX t", "REINDEX", GW_KIND_SERVICE, FITS, N, Y, 0, TRUE, "t", "t", ROWS},
    {"ANALYZE", "ANALYZE", GW_KIND_SERVICE, FITS, N, Y, 0, TRUE, NULL, MASTER, ROWS},
    {"VACUUM", "VACUUM", GW_KIND_SERVICE, GW_TRANSACTION_REFUSES, Y, Y, 0, TRUE, NULL, MASTER,
        ROWS},
    {"VACUUM INTO 'x'", "VACUUM INTO", GW_KIND_SERVICE, GW_TRANSACTION_REFUSES, N, Y, 0, FALSE,
        NULL, NULL, ROWS},
    {"PRAGMA foreign_keys = OFF", "PRAGMA", GW_KIND_SESSION, GW_TRANSACTION_OUTSIDE, N, N, 0, TRUE,
        "foreign_keys", NULL, MOMENT},
    {"PRAGMA Journal_Mode(wal)", "PRAGMA", GW_KIND_SESSION, GW_TRANSACTION_OUTSIDE, N, N, 0, TRUE,
        "journal_mode", NULL, MOMENT},
    {"PRAGMA foreign_keys", "PRAGMA", GW_KIND_QUERY, FITS, N, N, 0, TRUE, "foreign_keys", NULL,
        MOMENT},
    {"PRAGMA main.user_version = 3", "PRAGMA", SCHEMA, FITS, N, N, 0, TRUE, "user_version", MASTER,
        MOMENT},
    {"PRAGMA table_info(t)", "PRAGMA", GW_KIND_QUERY, FITS, N, N, 0, TRUE, "table_info", NULL,
        MOMENT},
    {"PRAGMA recursive_triggers = 1", "PRAGMA", GW_KIND_SESSION, FITS, N, N, 0, TRUE,
        "recursive_triggers", NULL, MOMENT},
    {"ATTACH 'x' AS y", "ATTACH", GW_KIND_CLIENT, GW_TRANSACTION_REFUSES, N, N, 0, FALSE, NULL,
        NULL, MOMENT},
    {"BEGIN IMMEDIATE", "BEGIN", GW_KIND_CONTROL, FITS, N, N, 0, FALSE, NULL, NULL, MOMENT},
    {"END", "COMMIT", GW_KIND_CONTROL, FITS, N, N, 0, FALSE, NULL, NULL, MOMENT},
    {"ROLLBACK TO s", "ROLLBACK TO", GW_KIND_CONTROL, FITS, N, N, 0, FALSE, NULL, NULL, MOMENT},
    {"INSERT INTO t VALUES (1)", "INSERT", DATA, FITS, N, N, 0, FALSE, "t", "t", ROWS},
    {"INSERT OR REPLACE INTO t VALUES (1)", "INSERT", DATA, FITS, N, N, GW_DESTROYS_VALUES, FALSE,
        "t", "t", ROWS},
    {"INSERT INTO t SELECT * FROM a JOIN b ON a.x = b.x WHERE 1 ON CONFLICT (x) DO UPDATE SET y=1",
        "INSERT", DATA, FITS, N, N, GW_DESTROYS_VALUES, FALSE, "t", "t", ROWS},
    {"INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING", "INSERT", DATA, FITS, N, N, 0, FALSE, "t",
        "t", ROWS},
    {"REPLACE INTO t VALUES (1)", "REPLACE", DATA, FITS, N, N, GW_DESTROYS_VALUES, FALSE, "t", "t",
        ROWS},
    {"UPDATE OR IGNORE t SET a = 1", "UPDATE", DATA, FITS, Y, Y, GW_DESTROYS_VALUES, FALSE, "t",
        "t", ROWS},
    {"UPDATE t SET a = (SELECT 1 WHERE 1) WHERE b", "UPDATE", DATA, FITS, D, D, GW_DESTROYS_VALUES,
        FALSE, "t", "t", ROWS},
    {"DELETE FROM t", "DELETE", DATA, FITS, N, Y, GW_DESTROYS_ROWS, TRUE, "t", "t", ROWS},
    {"DELETE FROM t WHERE a", "DELETE", DATA, FITS, N, D, GW_DESTROYS_ROWS, FALSE, "t", "t", ROWS},
    {"WITH x AS (DELETE FROM y) UPDATE t SET a = 1 WHERE b", "UPDATE", DATA, FITS, D, D,
        GW_DESTROYS_VALUES, FALSE, "t", "t", ROWS},
    {"WITH x AS (SELECT 1) SELECT * FROM x", "SELECT", GW_KIND_QUERY, FITS, N, D, 0, FALSE, NULL,
        NULL, MOMENT},
    {"EXPLAIN DROP TABLE t", "EXPLAIN", GW_KIND_QUERY, FITS, N, N, 0, FALSE, NULL, NULL, MOMENT},
    {"/* x */ SELECT 1", "SELECT", GW_KIND_QUERY, FITS, N, D, 0, FALSE, NULL, NULL, MOMENT},
    {"FROBNICATE t", "SQL", GW_KIND_OTHER, FITS, U, U, 0, FALSE, NULL, MASTER, ROWS},
    {"", "SQL", GW_KIND_OTHER, FITS, U, U, 0, FALSE, NULL, MASTER, ROWS},
    {"ALTER TABLE", "ALTER TABLE", SCHEMA, FITS, U, U, 0, FALSE, NULL, MASTER, MOMENT},
    {"CREATE TABLE", "CREATE TABLE", SCHEMA, FITS, N, N, 0, FALSE, NULL, NULL, MOMENT},
};

static void
test_table(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
    {
        const expected *row = &table[i];
        g_autoptr(gw_facts) facts = gw_sqlite_facts(row->sql, strlen(row->sql));
        g_test_message("%s", row->sql);
        g_assert_cmpstr(facts->verb, ==, row->verb);
        g_assert_cmpint(facts->kind, ==, row->kind);
        g_assert_cmpint(facts->transactional, ==, row->transactional);
        g_assert_cmpint(facts->rewrite, ==, row->rewrite);
        g_assert_cmpint(facts->scan, ==, row->scan);
        g_assert_cmpuint(facts->destroys, ==, row->destroys);
        g_assert_cmpint(facts->repeatable, ==, row->repeatable);
        g_assert_cmpstr(facts->object, ==, row->object);
        g_assert_cmpuint(facts->relations->len, ==, row->relation == NULL ? 0 : 1);
        if (row->relation != NULL)
        {
            const gw_fact_relation *lock = g_ptr_array_index(facts->relations, 0);
            g_assert_cmpstr(lock->name, ==, row->relation);
            g_assert_cmpint(lock->span, ==, row->span);
            g_assert_cmpint(lock->blocks, >=, GW_BLOCKS_WRITES);
        }
    }
}

/* The probe of a statement tells, on a live schema, whether it ran. */
static gboolean
holds(gw_db *db, const gw_probe *probe)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(gw_model) model = gw_db_catalog(db, NULL, NULL, &error);
    g_assert_no_error(error);
    const gw_object *found =
        gw_model_find(model, probe->object, probe->schema, probe->table, probe->name, TRUE);
    return (found != NULL) == (probe->kind == GW_PROBE_APPEARS);
}

static void
test_probes(void)
{
    static const char *const statements[] = {"CREATE TABLE t (a, b)", "CREATE INDEX i ON t(a)",
        "CREATE VIEW v AS SELECT 1", "CREATE TRIGGER g AFTER DELETE ON t BEGIN SELECT 1; END",
        "ALTER TABLE t ADD COLUMN c", "ALTER TABLE t RENAME COLUMN c TO d",
        "ALTER TABLE t DROP COLUMN d", "DROP TRIGGER g", "DROP INDEX i", "DROP VIEW v",
        "ALTER TABLE t RENAME TO u", "DROP TABLE u"};
    char *folder = sqlite_folder();
    gw_db *db = sqlite_open(folder, "p.db");
    for (gsize i = 0; i < G_N_ELEMENTS(statements); i++)
    {
        g_autoptr(gw_facts) facts = gw_sqlite_facts(statements[i], strlen(statements[i]));
        g_test_message("%s", statements[i]);
        g_assert_false(holds(db, &facts->probe));
        sqlite_run(db, statements[i]);
        g_assert_true(holds(db, &facts->probe));
    }
    gw_db_close(db);
    sqlite_folder_drop(folder);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sqlite/facts/each statement has its facts", test_table);
    g_test_add_func("/sqlite/facts/a probe tells whether a statement ran", test_probes);
    return g_test_run();
}
