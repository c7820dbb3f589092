/*
 * The facts of PostgreSQL's statements against the server: each statement runs in a transaction of
 * its own, and what pg_locks, pg_class and the counts of scans say is compared with what was
 * stated.
 */
#include <libpq-fe.h>

#include "../unit/postgres-cases.h"

#define DATABASE "gw_facts"

/* A relation as it was before the statement. */
typedef struct relation
{
    char *name; /* schema.name */
    char kind;
    char *file;
} relation;

static void
relation_free(gpointer data)
{
    relation *old = data;
    g_free(old->name);
    g_free(old->file);
    g_free(old);
}

static PGresult *
run(PGconn *server, const char *sql)
{
    PGresult *result = PQexec(server, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    {
        g_error("%s: %s", sql, PQerrorMessage(server));
    }
    return result;
}

static void
do_sql(PGconn *server, const char *sql)
{
    PQclear(run(server, sql));
}

/* Oid as text → relation, of all that are not the system's. */
static GHashTable *
relations_of(PGconn *server)
{
    GHashTable *all = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, relation_free);
    PGresult *result = run(server,
        "SELECT c.oid, n.nspname || '.' || c.relname, c.relkind, c.relfilenode FROM pg_class c "
        "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('public', 's')");
    for (int row = 0; row < PQntuples(result); row++)
    {
        relation *made = g_new0(relation, 1);
        made->name = g_strdup(PQgetvalue(result, row, 1));
        made->kind = PQgetvalue(result, row, 2)[0];
        made->file = g_strdup(PQgetvalue(result, row, 3));
        g_hash_table_insert(all, g_strdup(PQgetvalue(result, row, 0)), made);
    }
    PQclear(result);
    return all;
}

/* The strongest lock that this session holds on each relation that was there: name → mode. */
static GHashTable *
locks_held(PGconn *server, GHashTable *before)
{
    GHashTable *held = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    PGresult *result = run(server,
        "SELECT relation, mode FROM (SELECT relation, mode, array_position(ARRAY["
        "'AccessShareLock', 'RowShareLock', 'RowExclusiveLock', 'ShareUpdateExclusiveLock', "
        "'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'], mode) AS n "
        "FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation') l ORDER BY n");
    for (int row = 0; row < PQntuples(result); row++)
    {
        const relation *known = g_hash_table_lookup(before, PQgetvalue(result, row, 0));
        if (known != NULL)
        {
            g_hash_table_replace(held, g_strdup(known->name), g_strdup(PQgetvalue(result, row, 1)));
        }
    }
    PQclear(result);
    return held;
}

/* "ACCESS EXCLUSIVE" is "AccessExclusiveLock" in pg_locks. */
static gboolean
is_mode(const char *stated, const char *mode)
{
    g_autofree char *plain = g_ascii_strdown(stated, -1);
    g_auto(GStrv) words = g_strsplit(plain, " ", -1);
    g_autofree char *joined = g_strjoinv("", words);
    g_autofree char *lock = g_strconcat(joined, "lock", NULL);
    return mode != NULL && g_ascii_strcasecmp(lock, mode) == 0;
}

static char *
full_name(const gw_fact_relation *stated)
{
    return g_strdup_printf(
        "%s.%s", stated->schema == NULL ? "public" : stated->schema, stated->name);
}

static gboolean
is_stated(const gw_facts *facts, const char *name)
{
    for (guint i = 0; i < facts->relations->len; i++)
    {
        g_autofree char *stated = full_name(g_ptr_array_index(facts->relations, i));
        if (strcmp(stated, name) == 0)
        {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
is_weak(const char *mode)
{
    return strcmp(mode, "AccessShareLock") == 0 || strcmp(mode, "RowShareLock") == 0 ||
           strcmp(mode, "RowExclusiveLock") == 0;
}

/* Locks that are held and were not stated: tables and views alone, indexes go with their tables. */
static guint
compare_unstated(const facts_case *one, const gw_facts *facts, GHashTable *before, GHashTable *held)
{
    GHashTableIter all;
    gpointer value = NULL;
    guint wrong = 0;
    gboolean others = FALSE;
    g_hash_table_iter_init(&all, before);
    while (g_hash_table_iter_next(&all, NULL, &value))
    {
        const relation *known = value;
        const char *mode = g_hash_table_lookup(held, known->name);
        if (mode == NULL || is_weak(mode) || strchr("rpvm", known->kind) == NULL ||
            is_stated(facts, known->name))
        {
            continue;
        }
        others = TRUE;
        if (one->sign == '=')
        {
            g_test_message("%s: %s on %s was not stated", one->sql, mode, known->name);
            wrong++;
        }
    }
    if (one->sign == '+' && (!others || facts->note == NULL))
    {
        g_test_message("%s: locks nothing else, or does not say so", one->sql);
        wrong++;
    }
    return wrong;
}

static guint
compare_locks(const facts_case *one, const gw_facts *facts, PGconn *server, GHashTable *before)
{
    guint wrong = 0;
    g_autoptr(GHashTable) held = locks_held(server, before);
    for (guint i = 0; i < facts->relations->len; i++)
    {
        const gw_fact_relation *stated = g_ptr_array_index(facts->relations, i);
        g_autofree char *name = full_name(stated);
        const char *mode = g_hash_table_lookup(held, name);
        if (!is_mode(stated->lock, mode))
        {
            g_test_message("%s: %s on %s stated, %s held", one->sql, stated->lock, name,
                mode == NULL ? "nothing" : mode);
            wrong++;
        }
    }
    return wrong + compare_unstated(one, facts, before, held);
}

/* Has a stated relation another file now? */
static gboolean
was_rewritten(const gw_facts *facts, PGconn *server, GHashTable *before)
{
    GHashTableIter all;
    gpointer oid = NULL;
    gpointer value = NULL;
    gboolean rewritten = FALSE;
    g_autoptr(GHashTable) after = relations_of(server);
    g_hash_table_iter_init(&all, before);
    while (g_hash_table_iter_next(&all, &oid, &value))
    {
        const relation *old = value;
        const relation *now = g_hash_table_lookup(after, oid);
        rewritten |= now != NULL && strchr("rm", old->kind) != NULL &&
                     is_stated(facts, old->name) && strcmp(old->file, now->file) != 0;
    }
    return rewritten;
}

static gboolean
was_scanned(const gw_facts *facts, PGconn *server, GHashTable *before)
{
    gboolean scanned = FALSE;
    PGresult *result = run(server, "SELECT oid FROM pg_class WHERE relkind IN ('r', 'm') AND "
                                   "pg_stat_get_xact_numscans(oid) > 0");
    for (int row = 0; row < PQntuples(result); row++)
    {
        const relation *known = g_hash_table_lookup(before, PQgetvalue(result, row, 0));
        scanned |= known != NULL && is_stated(facts, known->name);
    }
    PQclear(result);
    return scanned;
}

/* Yes and no are held against what happened; what depends is not. */
static guint
compare_answer(const char *sql, const char *what, gw_answer3 stated, gboolean happened)
{
    if ((stated != GW_YES || happened) && (stated != GW_NO || !happened))
    {
        return 0;
    }
    g_test_message("%s: %s %s stated, but it is %s", sql, what, gw_answer3_text(stated),
        happened ? "yes" : "no");
    return 1;
}

static guint
try_case(const facts_case *one, PGconn *server)
{
    guint wrong = 0;
    g_autoptr(gw_facts) facts = gw_postgres_driver.dialect->facts(one->sql, strlen(one->sql));
    g_autoptr(GHashTable) before = relations_of(server);
    do_sql(server, "SELECT pg_stat_force_next_flush()"); /* counts from here */
    do_sql(server, "BEGIN");
    do_sql(server, one->sql);
    wrong += compare_locks(one, facts, server, before);
    gboolean emptied = strcmp(facts->verb, "TRUNCATE") == 0; /* a new file, without any rows */
    if (facts->kind == GW_KIND_SCHEMA && facts->relations->len > 0 && !emptied)
    {
        wrong += compare_answer(
            one->sql, "rewrite", facts->rewrite, was_rewritten(facts, server, before));
        wrong += compare_answer(one->sql, "scan", facts->scan, was_scanned(facts, server, before));
    }
    do_sql(server, "ROLLBACK");
    return wrong;
}

static PGconn *
prepare(const char *url)
{
    g_autofree char *path = g_build_filename(g_getenv("GW_TEST_CASES"), "facts-postgres.sql", NULL);
    g_autofree char *setup = NULL;
    g_autofree char *sibling = g_strdup(url);
    PGconn *server = PQconnectdb(url);
    g_assert_cmpint(PQstatus(server), ==, CONNECTION_OK);
    do_sql(server, "SET client_min_messages = warning");
    do_sql(server, "DROP DATABASE IF EXISTS " DATABASE);
    do_sql(server, "CREATE DATABASE " DATABASE);
    PQfinish(server);
    *strrchr(sibling, '/') = '\0';
    g_autofree char *own = g_strconcat(sibling, "/" DATABASE, NULL);
    server = PQconnectdb(own);
    g_assert_true(g_file_get_contents(path, &setup, NULL, NULL));
    do_sql(server, setup);
    return server;
}

static void
stated_locks_are_those_that_the_server_takes(void)
{
    const char *url = g_getenv("GW_TEST_POSTGRES");
    g_autofree char *text = NULL;
    guint wrong = 0;
    guint tried = 0;
    if (url == NULL)
    {
        g_test_skip("no PostgreSQL is there");
        return;
    }
    g_autoptr(GArray) cases = facts_cases_read(&text);
    PGconn *server = prepare(url);
    for (guint i = 0; i < cases->len; i++)
    {
        const facts_case *one = &g_array_index(cases, facts_case, i);
        if (one->sign != '~')
        {
            wrong += try_case(one, server);
            tried++;
        }
    }
    PQfinish(server);
    g_assert_cmpuint(tried, >, 100);
    g_assert_cmpuint(wrong, ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/postgres/stated locks are those that the server takes",
        stated_locks_are_those_that_the_server_takes);
    return g_test_run();
}
