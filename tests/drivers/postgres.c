/* What PostgreSQL's driver alone can do, against real servers: poolers, adopted handles, pipelines
 * that are larger than any buffer, sessions put back, refusals. */
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "postgres_server.h"

static gw_db *
open_pooled(void)
{
    const gw_connect how = {.url = g_getenv("GW_TEST_PGBOUNCER"), .application = "godwit pooled"};
    return open_as(&how);
}

static void
assert_refused(const gw_connect *how, gw_code code)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(gw_db_open(drivers, how, &error));
    g_test_message("%s", error->message);
    g_assert_true(gw_error_is(error, code));
    g_assert_null(strstr(error->message, "wrong-secret"));
}

static void
refusals_are_told_apart(void)
{
    g_autofree char *nowhere = url_with("/", "gw_no_such_database");
    g_autofree char *closed = url_with("@127.0.0.1:", "1/godwit");
    g_autofree char *tls = url_with("/", "godwit?sslmode=require");
    g_autofree char *setting = url_with("/", "godwit?options=-c%20gw_no_such%3D1");
    gw_connect how = {.url = nowhere};
    assert_refused(&how, GW_CODE_NO_DATABASE);
    how.url = closed;
    assert_refused(&how, GW_CODE_UNREACHABLE);
    how.url = tls;
    assert_refused(&how, GW_CODE_TLS);
    how.url = setting; /* found out by a second try that asks for the SQLSTATE */
    assert_refused(&how, GW_CODE_URL);
    how.url = g_getenv("GW_TEST_POSTGRES");
    how.password = "wrong-secret";
    assert_refused(&how, GW_CODE_AUTH);
    how.password = NULL;
    how.role = "gw_no_such_role";
    assert_refused(&how, GW_CODE_VALUE);
}

/* A server that takes connections and never says a word. */
static void
a_silent_server_is_given_up(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof address;
    int silent = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_assert_cmpint(bind(silent, (struct sockaddr *)&address, length), ==, 0);
    g_assert_cmpint(listen(silent, 5), ==, 0);
    g_assert_cmpint(getsockname(silent, (struct sockaddr *)&address, &length), ==, 0);
    g_autofree char *url =
        g_strdup_printf("postgres://u:wrong-secret@127.0.0.1:%u/d", ntohs(address.sin_port));
    const gw_connect how = {.url = url, .timeout = 2 * G_USEC_PER_SEC};
    gint64 began = gw_clock_now();
    assert_refused(&how, GW_CODE_UNREACHABLE);
    g_assert_cmpint(gw_clock_now() - began, <, 5 * G_USEC_PER_SEC);
    close(silent);
}

static void
the_session_has_no_bounds_of_others(void)
{
    g_autoptr(gw_db) db = open_server();
    run(db, "ALTER ROLE godwit SET statement_timeout = '1s'");
    run(db, "ALTER ROLE godwit SET lock_timeout = '1s'");
    g_autoptr(gw_db) second = open_server();
    assert_answer(second, "SHOW statement_timeout", "0");
    assert_answer(second, "SHOW lock_timeout", "0");
    run(db, "ALTER ROLE godwit RESET ALL");
}

static void
a_search_path_in_the_url_counts(void)
{
    g_autofree char *url = url_with("/", "godwit?search_path=gw_path,public");
    const gw_connect how = {.url = url};
    g_autoptr(gw_db) db = open_server();
    run(db, "CREATE SCHEMA IF NOT EXISTS gw_path");
    g_autoptr(gw_db) there = open_as(&how);
    g_assert_cmpstr(gw_db_place(there)->schema, ==, "gw_path");
    run(db, "DROP SCHEMA gw_path");
}

/* The test's user has the name that the ledger's schema has. */
static void
the_ledger_is_never_the_working_schema(void)
{
    const gw_connect how = {.url = g_getenv("GW_TEST_POSTGRES"), .ledger = "godwit"};
    g_autoptr(gw_db) db = open_as(&how);
    g_autoptr(GError) error = NULL;
    run(db, "CREATE SCHEMA IF NOT EXISTS godwit");
    g_assert_cmpstr(gw_db_place(db)->schema, ==, "public");
    assert_answer(db, "SELECT current_schema()", "public");
    run(db, "SET search_path = godwit");
    g_assert_true(gw_db_reset(db, &error));
    assert_answer(db, "SELECT current_schema()", "public");
    g_autoptr(gw_db) again = open_as(&how);
    g_assert_cmpstr(gw_db_place(again)->schema, ==, "public");
    run(db, "DROP SCHEMA godwit");
}

static void
a_read_only_connection_never_writes(void)
{
    const gw_connect how = {.url = g_getenv("GW_TEST_POSTGRES"), .read_only = TRUE};
    g_autoptr(gw_db) db = open_as(&how);
    g_autoptr(GError) error = NULL;
    assert_fails(db, "CREATE TABLE gw_never (id integer)", GW_CODE_READ_ONLY);
    g_assert_true(gw_db_reset(db, &error));
    assert_fails(db, "CREATE TABLE gw_never (id integer)", GW_CODE_READ_ONLY);
}

static void
one_message_holds_one_statement(void)
{
    g_autoptr(gw_db) db = open_server();
    assert_fails(db, "SELECT 1; SELECT 2", GW_CODE_SYNTAX);
    run(db, "SELECT 1;");
    run(db, "-- nothing");
}

static void
copy_without_data_does_not_hang(void)
{
    g_autoptr(gw_db) db = open_server();
    run(db, "CREATE TEMP TABLE gw_copy (id integer)");
    assert_fails(db, "COPY gw_copy FROM stdin", GW_CODE_STATEMENT);
    run(db, "COPY gw_copy TO stdout");
    assert_answer(db, "SELECT count(*) FROM gw_copy", "0");
}

static void
reset_puts_everything_back(void)
{
    g_autoptr(gw_db) db = open_server();
    g_autoptr(GError) error = NULL;
    gboolean taken = FALSE;
    const gw_value one = gw_value_integer(1);
    g_assert_true(gw_db_lock(db, "gw reset", &taken, &error));
    g_assert_true(taken);
    g_assert_true(gw_db_exec_with(db, "SELECT $1::int", &one, 1, NULL, &error));
    run(db, "SET search_path = nowhere");
    run(db, "SET statement_timeout = '5s'");
    run(db, "SET standard_conforming_strings = off");
    run(db, "SET application_name = 'other'");
    run(db, "CREATE TEMP TABLE gw_gone (id integer)");
    run(db, "PREPARE gw_plan AS SELECT 1");
    run(db, "LISTEN gw_channel");
    g_assert_true(gw_db_reset(db, &error));
    g_assert_no_error(error);
    assert_answer(db, "SHOW search_path", "\"$user\", public");
    assert_answer(db, "SHOW statement_timeout", "0");
    assert_answer(db, "SHOW standard_conforming_strings", "on");
    assert_answer(db, "SHOW application_name", "godwit test");
    assert_answer(db, "SELECT to_regclass('gw_gone')", NULL);
    assert_answer(db, "SELECT count(*) FROM pg_prepared_statements WHERE name = 'gw_plan'", "0");
    assert_answer(db, "SELECT count(*) FROM pg_listening_channels()", "0");
    assert_answer(db,
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()",
        "1");
    g_assert_true(gw_db_exec_with(db, "SELECT $1::int", &one, 1, NULL, &error));
    g_assert_no_error(error);
}

static void
kept_statements_survive_discarding(void)
{
    static const char *const discarding[] = {"DISCARD ALL", "/* all */ DEALLOCATE ALL", NULL};
    g_autoptr(gw_db) db = open_server();
    const gw_value one = gw_value_integer(1);
    for (gsize i = 0; discarding[i] != NULL; i++)
    {
        g_autoptr(GError) error = NULL;
        g_assert_true(gw_db_exec_with(db, "SELECT $1::int", &one, 1, NULL, &error));
        run(db, discarding[i]);
        g_assert_true(gw_db_exec_with(db, "SELECT $1::int", &one, 1, NULL, &error));
        g_assert_true(gw_db_pipeline_begin(db, &error));
        g_assert_true(gw_db_pipeline_send(db, "SELECT $1::int", -1, &one, 1));
        g_assert_true(gw_db_pipeline_send(db, "DEALLOCATE ALL", -1, NULL, 0));
        g_assert_true(gw_db_pipeline_send(db, "SELECT $1::int", -1, &one, 1));
        g_assert_true(gw_db_pipeline_flush(db, NULL, NULL, &error));
        g_assert_no_error(error);
    }
}

/* Answers of 100 MB for statements of 2 MB: who only sent would wait for ever. */
static void
large_answers_do_not_stop_the_pipeline(void)
{
    g_autoptr(gw_db) db = open_server();
    g_autoptr(GError) error = NULL;
    g_assert_true(gw_db_pipeline_begin(db, &error));
    for (int i = 0; i < 10000; i++)
    {
        g_assert_true(gw_db_pipeline_send(db, "SELECT repeat('x', 10000)", -1, NULL, 0));
    }
    g_assert_true(gw_db_pipeline_flush(db, NULL, NULL, &error));
    g_assert_no_error(error);
    assert_answer(db, "SELECT 1", "1");
}

static void
large_statements_pass_the_pipeline(void)
{
    g_autoptr(gw_db) db = open_server();
    g_autoptr(GError) error = NULL;
    g_autofree char *filler = g_strnfill(8 * 1024 * 1024, 'x');
    g_autofree char *sql = g_strdup_printf("INSERT INTO gw_big VALUES ('%s')", filler);
    gint64 affected = 0;
    run(db, "CREATE TEMP TABLE gw_big (t text)");
    g_assert_true(gw_db_pipeline_begin(db, &error));
    for (int i = 0; i < 5; i++)
    {
        g_assert_true(gw_db_pipeline_send(db, sql, -1, NULL, 0));
    }
    g_assert_true(gw_db_pipeline_flush(db, NULL, &affected, &error));
    g_assert_cmpint(affected, ==, 1);
    assert_answer(db, "SELECT sum(length(t)) FROM gw_big", "41943040");
}

/* Whichever statement fails, its number is right and nothing of the transaction stays. */
static void
the_failed_statement_is_named(void)
{
    static const guint failing[] = {0, 1, 255, 256, 257, 999};
    g_autoptr(gw_db) db = open_server();
    run(db, "CREATE TEMP TABLE gw_index (id integer)");
    for (gsize i = 0; i < G_N_ELEMENTS(failing); i++)
    {
        guint failed = 0;
        g_autoptr(GError) error = NULL;
        const gw_value one = gw_value_integer(1);
        g_assert_true(gw_db_begin(db, &error));
        g_assert_true(gw_db_pipeline_begin(db, &error));
        for (guint at = 0; at < 1000; at++)
        {
            gboolean bad = at == failing[i];
            if (!gw_db_pipeline_send(db,
                    bad ? "INSERT INTO gw_nothing VALUES ($1)" : "INSERT INTO gw_index VALUES ($1)",
                    -1, &one, 1))
            {
                break;
            }
        }
        g_assert_false(gw_db_pipeline_flush(db, &failed, NULL, &error));
        g_assert_true(gw_error_is(error, GW_CODE_NO_TABLE));
        g_assert_cmpuint(failed, ==, failing[i]);
        gw_db_rollback(db);
        assert_answer(db, "SELECT count(*) FROM gw_index", "0");
    }
}

static void
copy_in_the_pipeline_is_refused(void)
{
    g_autoptr(gw_db) db = open_server();
    g_autoptr(GError) error = NULL;
    guint failed = 0;
    run(db, "CREATE TEMP TABLE gw_copy (id integer)");
    g_assert_true(gw_db_pipeline_begin(db, &error));
    g_assert_true(gw_db_pipeline_send(db, "SELECT 1", -1, NULL, 0));
    g_assert_false(gw_db_pipeline_send(db, "COPY gw_copy FROM stdin", -1, NULL, 0));
    g_assert_false(gw_db_pipeline_flush(db, &failed, NULL, &error));
    g_assert_cmpuint(failed, ==, 1);
    assert_answer(db, "SELECT count(*) FROM gw_copy", "0");
}

static void
a_connection_that_dies_in_the_pipeline_is_lost(void)
{
    g_autoptr(gw_db) db = open_server();
    g_autoptr(GError) error = NULL;
    g_assert_true(gw_db_pipeline_begin(db, &error));
    g_assert_true(
        gw_db_pipeline_send(db, "SELECT pg_terminate_backend(pg_backend_pid())", -1, NULL, 0));
    for (int i = 0; i < 1000 && gw_db_pipeline_send(db, "SELECT 1", -1, NULL, 0); i++)
    {
    }
    g_assert_false(gw_db_pipeline_flush(db, NULL, NULL, &error));
    g_test_message("%s", error->message);
    g_assert_cmpint(gw_error_retry(error), ==, GW_RETRY_CONNECTION);
    g_assert_false(gw_db_alive(db));
}

static void
a_pooler_is_seen(void)
{
    g_autoptr(gw_db) db = open_pooled();
    g_autoptr(GError) error = NULL;
    gboolean taken = FALSE;
    const gw_limits limits = {.lock_wait = 50000};
    const gw_limits none = {0};
    g_assert_true(gw_db_place(db)->pooled);
    g_assert_null(gw_db_place(db)->session);
    g_assert_false(gw_db_has(db, GW_FEATURE_SESSION_LOCK));
    g_assert_false(gw_db_lock(db, "x", &taken, &error));
    g_assert_true(gw_error_is(error, GW_CODE_UNSUPPORTED));
    g_clear_error(&error);
    g_assert_false(gw_db_limit(db, &limits, &error));
    g_clear_error(&error);
    g_assert_true(gw_db_limit(db, &none, &error));
    g_assert_true(gw_db_begin(db, &error));
    g_assert_true(gw_db_limit(db, &limits, &error));
    assert_answer(db, "SHOW lock_timeout", "50ms");
    gw_db_rollback(db);
    assert_answer(db, "SHOW lock_timeout", "0");
    const gw_connect how = {.url = g_getenv("GW_TEST_PGBOUNCER"), .role = "godwit"};
    assert_refused(&how, GW_CODE_CONFIG);
}

static void
a_pooler_takes_a_pipeline(void)
{
    g_autoptr(gw_db) db = open_pooled();
    g_autoptr(GError) error = NULL;
    run(db, "DROP TABLE IF EXISTS gw_pooled");
    run(db, "CREATE TABLE gw_pooled (id integer PRIMARY KEY)");
    g_assert_true(gw_db_begin(db, &error));
    g_assert_true(gw_db_pipeline_begin(db, &error));
    for (int i = 0; i < 3000; i++)
    {
        const gw_value id = gw_value_integer(i);
        g_assert_true(gw_db_pipeline_send(db, "INSERT INTO gw_pooled VALUES ($1)", -1, &id, 1));
    }
    g_assert_true(gw_db_pipeline_flush(db, NULL, NULL, &error));
    g_assert_no_error(error);
    g_assert_true(gw_db_commit(db, &error));
    assert_answer(db, "SELECT count(*) FROM gw_pooled", "3000");
    run(db, "DROP TABLE gw_pooled");
}

/* What a dead run left running behind a pooler is found by the name that it gave itself. */
static void
sessions_behind_a_pooler_are_ended_by_name(void)
{
    g_autoptr(gw_db) server = open_server();
    g_autoptr(gw_db) pooled = open_pooled();
    g_autoptr(GError) error = NULL;
    guint left = 99;
    run(server, "DROP TABLE IF EXISTS gw_left");
    run(server, "CREATE TABLE gw_left (id integer)");
    g_assert_true(gw_db_begin(pooled, &error));
    run(pooled, "INSERT INTO gw_left VALUES (1)");
    g_assert_true(gw_db_end_sessions(server, NULL, "godwit pooled", &left, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(left, ==, 0);
    g_assert_false(gw_db_commit(pooled, &error));
    assert_answer(server, "SELECT count(*) FROM gw_left", "0");
    run(server, "DROP TABLE gw_left");
}

static void
another_session_of_the_same_process_is_left_alone(void)
{
    g_autoptr(gw_db) db = open_server();
    g_autoptr(gw_db) victim = open_server();
    g_autoptr(GError) error = NULL;
    g_autofree char *number = g_strdup(gw_db_place(victim)->session);
    *strchr(number, ' ') = '\0';
    g_autofree char *other = g_strconcat(number, " 1", NULL);
    const char *const sessions[] = {other, NULL};
    guint left = 99;
    g_assert_true(gw_db_end_sessions(db, sessions, NULL, &left, &error));
    g_assert_cmpuint(left, ==, 0);
    assert_answer(victim, "SELECT 1", "1");
}

static void
an_adopted_handle_is_given_back_as_it_was(void)
{
    PGconn *native = PQconnectdb(g_getenv("GW_TEST_POSTGRES"));
    g_autoptr(GError) error = NULL;
    PQclear(PQexec(native, "SET work_mem = '1111kB'"));
    PQclear(PQexec(native, "SET lock_timeout = '7s'"));
    PQclear(PQexec(native, "SET client_encoding = 'LATIN1'"));
    PQclear(PQexec(native, "PREPARE theirs AS SELECT 1"));
    gw_db *db = gw_db_adopt(&gw_postgres_driver, native, NULL, &error);
    g_assert_no_error(error);
    const gw_value text = gw_value_text("ü");
    g_assert_true(gw_db_exec_with(db, "SELECT $1::text", &text, 1, NULL, &error));
    assert_answer(db, "SHOW lock_timeout", "0");
    run(db, "SET work_mem = '2222kB'");
    run(db, "SET enable_seqscan = off");
    g_assert_true(gw_db_reset(db, &error));
    assert_answer(db, "SHOW work_mem", "1111kB");
    assert_answer(db, "SHOW lock_timeout", "0");
    gw_db_close(db);
    static const char *const settings[][2] = {{"SHOW work_mem", "1111kB"},
        {"SHOW lock_timeout", "7s"}, {"SHOW enable_seqscan", "on"},
        {"SHOW client_encoding", "LATIN1"}, {"SELECT name FROM pg_prepared_statements", "theirs"}};
    for (gsize i = 0; i < G_N_ELEMENTS(settings); i++)
    {
        PGresult *result = PQexec(native, settings[i][0]);
        g_assert_cmpint(PQntuples(result), ==, 1);
        g_assert_cmpstr(PQgetvalue(result, 0, 0), ==, settings[i][1]);
        PQclear(result);
    }
    PQfinish(native);
}

static void
on_notice(gpointer data, const char *text)
{
    char **seen = data;
    g_free(*seen);
    *seen = g_strdup(text);
}

static void
notices_and_functions_are_named_without_values(void)
{
    g_autoptr(gw_db) db = open_server();
    g_autofree char *seen = NULL;
    g_autoptr(GError) error = NULL;
    gw_db_on_notice(db, on_notice, &seen);
    run(db, "DO $$ BEGIN RAISE NOTICE 'hello'; END $$");
    g_assert_cmpstr(seen, ==, "NOTICE: hello");
    g_assert_false(gw_db_exec(
        db, "DO $$ DECLARE n int; BEGIN\nn := 'sec' || 'ret'; END $$", -1, NULL, &error));
    g_test_message("%s", error->message);
    g_assert_null(strstr(error->message, "secret"));
    g_assert_nonnull(strstr(error->message, "line 2"));
    g_assert_cmpuint(gw_error_offset(error), ==, 0);
}

static void
copy_data_fail_with_their_line(void)
{
    g_autoptr(gw_db) db = open_server();
    g_autoptr(GError) error = NULL;
    gint64 rows = 0;
    const gw_value data = gw_value_text("1\n2\nsecret\n");
    static const char sql[] = "COPY gw_lines FROM stdin";
    run(db, "CREATE TEMP TABLE gw_lines (id integer)");
    g_assert_false(gw_db_copy_in(db, sql, strlen(sql), &data, &rows, &error));
    g_test_message("%s", error->message);
    g_assert_nonnull(strstr(error->message, "COPY gw_lines, line 3"));
    g_assert_null(strstr(error->message, "secret"));
    assert_answer(db, "SELECT count(*) FROM gw_lines", "0");
}

typedef struct trial
{
    const char *name;
    void (*body)(void);
} trial;

static const trial trials[] = {
    {"refusals are told apart", refusals_are_told_apart},
    {"a silent server is given up", a_silent_server_is_given_up},
    {"the session has no bounds of others", the_session_has_no_bounds_of_others},
    {"a search path in the URL counts", a_search_path_in_the_url_counts},
    {"the ledger is never the working schema", the_ledger_is_never_the_working_schema},
    {"a read-only connection never writes", a_read_only_connection_never_writes},
    {"one message holds one statement", one_message_holds_one_statement},
    {"COPY without data does not hang", copy_without_data_does_not_hang},
    {"reset puts everything back", reset_puts_everything_back},
    {"kept statements survive discarding", kept_statements_survive_discarding},
    {"large answers do not stop the pipeline", large_answers_do_not_stop_the_pipeline},
    {"large statements pass the pipeline", large_statements_pass_the_pipeline},
    {"the failed statement is named", the_failed_statement_is_named},
    {"COPY in the pipeline is refused", copy_in_the_pipeline_is_refused},
    {"a connection that dies in the pipeline is lost",
        a_connection_that_dies_in_the_pipeline_is_lost},
    {"a pooler is seen", a_pooler_is_seen},
    {"a pooler takes a pipeline", a_pooler_takes_a_pipeline},
    {"sessions behind a pooler are ended by name", sessions_behind_a_pooler_are_ended_by_name},
    {"another session of the same process is left alone",
        another_session_of_the_same_process_is_left_alone},
    {"an adopted handle is given back as it was", an_adopted_handle_is_given_back_as_it_was},
    {"notices and functions are named without values",
        notices_and_functions_are_named_without_values},
    {"COPY data fail with their line", copy_data_fail_with_their_line},
};

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (g_getenv("GW_TEST_POSTGRES") == NULL || g_getenv("GW_TEST_PGBOUNCER") == NULL)
    {
        g_test_message("no PostgreSQL is there");
        return g_test_run();
    }
    for (gsize i = 0; i < G_N_ELEMENTS(trials); i++)
    {
        g_autofree char *path = g_strconcat("/postgres/", trials[i].name, NULL);
        g_test_add_func(path, trials[i].body);
    }
    return g_test_run();
}
