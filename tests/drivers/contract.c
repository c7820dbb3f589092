#include "contract.h"

#include <glib/gstdio.h>

#include "drivers/sqlite/sqlite.h"
#include "drivers/trace/trace.h"
#if GW_POSTGRES
#include "drivers/postgres/postgres.h"
#endif
#if GW_MARIADB
#include "drivers/mariadb/mariadb.h"
#endif

static const subject subjects[] = {
    {
        .name = "sqlite",
        .driver = &gw_sqlite_driver,
        .long_text = "TEXT",
        .slow = "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s) "
                "SELECT count(*) FROM s",
        .change = "PRAGMA ignore_check_constraints = ON",
        .setting = "PRAGMA ignore_check_constraints",
        .bad_value = "'abc'",
        .strict = " STRICT",
    },
#if GW_POSTGRES
    {
        .name = "postgres",
        .driver = &gw_postgres_driver,
        .url = "GW_TEST_POSTGRES",
        .long_text = "text",
        .slow = "SELECT pg_sleep(60)",
        .change = "SET work_mem = '1234kB'",
        .setting = "SHOW work_mem",
        .forbidden = "SELECT * FROM pg_authid",
        .bad_value = "'abc'",
        .strict = "",
    },
#endif
#if GW_MARIADB
    {
        .name = "mariadb",
        .driver = &gw_mariadb_driver,
        .url = "GW_TEST_MARIADB",
        .long_text = "longtext",
        .slow = "SELECT SLEEP(60)",
        .change = "SET SESSION foreign_key_checks = 0",
        .setting = "SELECT @@SESSION.foreign_key_checks",
        .forbidden = "SELECT * FROM mysql.global_priv",
        .bad_value = "'abc'",
        .strict = " ENGINE=InnoDB",
    },
#endif
};

gw_db *
fixture_open(const fixture *at)
{
    const gw_driver *const drivers[] = {at->subject->driver, NULL};
    const gw_connect how = {.url = at->url, .application = "godwit contract", .create = TRUE};
    g_autoptr(GError) error = NULL;
    gw_db *db = gw_db_open(drivers, &how, &error);
    g_assert_no_error(error);
    g_assert_nonnull(db);
    return db;
}

char *
with_parameters(gw_db *db, const char *sql)
{
    GString *out = g_string_new(NULL);
    guint number = 0;
    for (; *sql != '\0'; sql++)
    {
        if (*sql == '?' && gw_db_dialect(db)->ledger->numbered)
        {
            g_string_append_printf(out, "$%u", ++number);
        }
        else
        {
            g_string_append_c(out, *sql);
        }
    }
    return g_string_free(out, FALSE);
}

void
run(gw_db *db, const char *sql)
{
    g_autoptr(GError) error = NULL;
    gboolean done = gw_db_exec(db, sql, -1, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(done);
}

gint64
run_with(gw_db *db, const char *sql, const gw_value *parameters, guint count)
{
    gint64 affected = -1;
    g_autoptr(GError) error = NULL;
    g_autofree char *text = with_parameters(db, sql);
    gboolean done = gw_db_exec_with(db, text, parameters, count, &affected, &error);
    g_assert_no_error(error);
    g_assert_true(done);
    return affected;
}

char *
ask(gw_db *db, const char *sql)
{
    char *answer = NULL;
    g_autoptr(GError) error = NULL;
    gboolean done = gw_db_ask(db, sql, NULL, 0, &answer, &error);
    g_assert_no_error(error);
    g_assert_true(done);
    return answer;
}

void
assert_answer(gw_db *db, const char *sql, const char *expected)
{
    g_autofree char *answer = ask(db, sql);
    g_assert_cmpstr(answer, ==, expected);
}

void
drop(gw_db *db, const char *table)
{
    g_autofree char *sql = g_strdup_printf("DROP TABLE IF EXISTS %s", table);
    run(db, sql);
}

char *
numbers(guint count)
{
    static const char digits[] =
        "(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL "
        "SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 "
        "UNION ALL SELECT 9)";
    return g_strdup_printf(
        "SELECT n FROM (SELECT a.d + 10*b.d + 100*c.d + 1000*e.d + 10000*f.d AS n FROM %s a, %s b, "
        "%s c, %s e, %s f) x WHERE n < %u",
        digits, digits, digits, digits, digits, count);
}

void
assert_code(GError *error, gw_code code)
{
    g_autoptr(GError) mine = error;
    g_assert_error(mine, GW_ERROR, (int)code);
    g_assert_cmpstr(mine->message, !=, "");
}

/* A test of the contract for one database. */
typedef struct meeting
{
    const subject *subject;
    const contract *contract;
} meeting;

static void
fixture_clear(fixture *at)
{
    gw_db_close(at->db);
    if (at->folder != NULL)
    {
        g_autoptr(GDir) folder = g_dir_open(at->folder, 0, NULL);
        for (const char *name = g_dir_read_name(folder); name != NULL;
             name = g_dir_read_name(folder))
        {
            g_autofree char *path = g_build_filename(at->folder, name, NULL);
            g_unlink(path);
        }
        g_rmdir(at->folder);
    }
    g_free(at->folder);
    g_free(at->url);
}

static void
meet(gconstpointer data)
{
    const meeting *one = data;
    fixture at = {.subject = one->subject};
    if (one->subject->url != NULL)
    {
        at.url = g_strdup(g_getenv(one->subject->url));
    }
    else
    {
        at.folder = g_dir_make_tmp("godwit-contract-XXXXXX", NULL);
        at.url = g_strdup_printf("sqlite:%s/contract.db?foreign_keys=on", at.folder);
    }
    at.db = fixture_open(&at);
    one->contract->body(&at);
    fixture_clear(&at);
}

static void
add(const subject *about, const contract *contracts)
{
    for (; contracts->name != NULL; contracts++)
    {
        meeting *one = g_new(meeting, 1);
        *one = (meeting){.subject = about, .contract = contracts};
        g_autofree char *path = g_strdup_printf("/%s/%s", about->name, contracts->name);
        g_test_add_data_func_full(path, one, meet, g_free);
    }
}

static void
add_all(const subject *about)
{
    add(about, contract_statements);
    add(about, contract_errors);
    add(about, contract_sessions);
    add(about, contract_catalog);
}

static void
line_count(gpointer data, const char *text)
{
    guint *lines = data;
    g_assert_cmpstr(text, !=, "");
    ++*lines;
}

int
main(int argc, char **argv)
{
    guint lines = 0;
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(subjects); i++)
    {
        const char *url = subjects[i].url == NULL ? "" : g_getenv(subjects[i].url);
        if (url == NULL)
        {
            g_test_message("%s is not set: %s is not tested", subjects[i].url, subjects[i].name);
            continue;
        }
        add_all(&subjects[i]);
    }
    /* A driver that wraps another keeps the contract as well as that one. */
    gw_wrapper *trace = gw_trace_new(&gw_sqlite_driver, line_count, &lines);
    subject traced = subjects[0];
    traced.name = "sqlite, traced";
    traced.driver = gw_wrapper_driver(trace);
    add_all(&traced);
    int status = g_test_run();
    gw_trace_free(trace);
    return status;
}
