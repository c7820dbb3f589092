/* Statements, parameters, rows, the pipeline, transactions. */
#include "contract.h"

#define MEGABYTE ((gsize)1024 * 1024)

static void
rows_are_counted(fixture *at)
{
    gint64 affected = -7;
    g_autoptr(GError) error = NULL;
    drop(at->db, "gwc_count");
    run(at->db, "CREATE TABLE gwc_count (id integer PRIMARY KEY, v integer)");
    g_assert_true(gw_db_exec(
        at->db, "INSERT INTO gwc_count VALUES (1, 1), (2, 1), (3, 1)", -1, &affected, &error));
    g_assert_cmpint(affected, ==, 3);
    g_assert_true(
        gw_db_exec(at->db, "UPDATE gwc_count SET v = 2 WHERE id > 1", -1, &affected, &error));
    g_assert_cmpint(affected, ==, 2);
    g_assert_true(gw_db_exec(at->db, "DELETE FROM gwc_count WHERE id = 99", -1, &affected, &error));
    g_assert_cmpint(affected, ==, 0);
    g_assert_true(gw_db_exec(at->db, "DELETE FROM gwc_count; trailing", 21, &affected, &error));
    g_assert_cmpint(affected, ==, 3);
    drop(at->db, "gwc_count");
}

static void
parameters_come_back_as_they_went(fixture *at)
{
    g_autofree char *large = g_malloc(MEGABYTE + 1);
    memset(large, 'x', MEGABYTE);
    large[MEGABYTE] = '\0';
    const char *const texts[] = {"", "plain",
        "Gr\xc3\xbc\xc3\x9f"
        "e \xf0\x9f\x90\xa6",
        "'; DROP TABLE x; -- \" ` \\ \n\t%s $1 ?", "NULL", " padded ", large};
    g_autofree char *create = g_strdup_printf(
        "CREATE TABLE gwc_text (id bigint PRIMARY KEY, v %s)", at->subject->long_text);
    drop(at->db, "gwc_text");
    run(at->db, create);
    g_autofree char *select = with_parameters(at->db, "SELECT v FROM gwc_text WHERE id = ?");
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    {
        const gw_value row[] = {gw_value_integer((gint64)i), gw_value_text(texts[i])};
        g_autofree char *answer = NULL;
        g_assert_cmpint(run_with(at->db, "INSERT INTO gwc_text VALUES (?, ?)", row, 2), ==, 1);
        g_assert_true(gw_db_ask(at->db, select, row, 1, &answer, NULL));
        g_assert_cmpstr(answer, ==, texts[i]);
    }
    const gw_value none[] = {gw_value_integer(-1), gw_value_null()};
    run_with(at->db, "INSERT INTO gwc_text VALUES (?, ?)", none, 2);
    g_autofree char *absent = NULL;
    g_assert_true(gw_db_ask(at->db, select, none, 1, &absent, NULL));
    g_assert_null(absent);
    drop(at->db, "gwc_text");
}

static void
integers_have_64_bits(fixture *at)
{
    const gint64 values[] = {0, -1, G_MAXINT64, G_MININT64, 4294967296};
    drop(at->db, "gwc_int");
    run(at->db, "CREATE TABLE gwc_int (id integer PRIMARY KEY, v bigint)");
    for (gsize i = 0; i < G_N_ELEMENTS(values); i++)
    {
        const gw_value row[] = {gw_value_integer((gint64)i), gw_value_integer(values[i])};
        g_autofree char *expected = g_strdup_printf("%" G_GINT64_FORMAT, values[i]);
        g_autofree char *sql = g_strdup_printf("SELECT v FROM gwc_int WHERE id = %zu", i);
        run_with(at->db, "INSERT INTO gwc_int VALUES (?, ?)", row, 2);
        assert_answer(at->db, sql, expected);
    }
    drop(at->db, "gwc_int");
}

static void
many_rows_stream(fixture *at)
{
    const gw_cell *cells = NULL;
    guint64 count = 0;
    guint64 sum = 0;
    g_autoptr(GError) error = NULL;
    g_autofree char *sql = numbers(100000);
    g_autoptr(gw_rows) rows = gw_db_query(at->db, sql, NULL, 0, &error);
    g_assert_no_error(error);
    while (gw_rows_next(rows, &cells, &error) && cells != NULL)
    {
        g_assert_cmpuint(gw_rows_columns(rows), ==, 1);
        g_assert_cmpuint(cells[0].length, ==, strlen(cells[0].text));
        sum += g_ascii_strtoull(cells[0].text, NULL, 10);
        count++;
    }
    g_assert_no_error(error);
    g_assert_cmpstr(gw_rows_column(rows, 0), ==, "n");
    g_assert_cmpuint(count, ==, 100000);
    g_assert_cmpuint(sum, ==, 4999950000);
}

static void
a_result_may_be_left_early(fixture *at)
{
    const gw_cell *cells = NULL;
    g_autofree char *sql = numbers(100000);
    gw_rows *rows = gw_db_query(at->db, sql, NULL, 0, NULL);
    g_assert_true(gw_rows_next(rows, &cells, NULL));
    g_assert_nonnull(cells);
    g_autoptr(GError) busy = NULL;
    g_assert_false(gw_db_exec(at->db, "SELECT 1", -1, NULL, &busy));
    g_assert_error(busy, GW_ERROR, GW_CODE_INTERNAL);
    gw_rows_finish(rows);
    assert_answer(at->db, "SELECT 1", "1");
}

static void
a_kept_statement_runs_again_and_again(fixture *at)
{
    g_autofree char *sql = with_parameters(at->db, "SELECT v FROM gwc_kept WHERE id = ?");
    drop(at->db, "gwc_kept");
    run(at->db, "CREATE TABLE gwc_kept (id integer PRIMARY KEY, v integer)");
    for (gint64 i = 0; i < 20; i++)
    {
        const gw_value row[] = {gw_value_integer(i), gw_value_integer(i * i)};
        g_autofree char *answer = NULL;
        g_autofree char *expected = g_strdup_printf("%d", (int)(i * i));
        run_with(at->db, "INSERT INTO gwc_kept VALUES (?, ?)", row, 2);
        g_assert_true(gw_db_ask(at->db, sql, row, 1, &answer, NULL));
        g_assert_cmpstr(answer, ==, expected);
    }
    /* a kept statement notices that the schema changed under it */
    const gw_value one[] = {gw_value_integer(3)};
    g_autofree char *answer = NULL;
    g_autoptr(GError) error = NULL;
    run(at->db, "ALTER TABLE gwc_kept ADD COLUMN w integer");
    g_assert_true(gw_db_ask(at->db, sql, one, 1, &answer, &error));
    g_assert_cmpstr(answer, ==, "9");
    drop(at->db, "gwc_kept");
}

static void
the_pipeline_runs_all(fixture *at)
{
    gint64 affected = -7;
    guint failed = 99;
    g_autoptr(GError) error = NULL;
    const gw_value two[] = {gw_value_integer(2)};
    g_autofree char *insert = with_parameters(at->db, "INSERT INTO gwc_pipe VALUES (?)");
    drop(at->db, "gwc_pipe");
    run(at->db, "CREATE TABLE gwc_pipe (id bigint PRIMARY KEY)");
    g_assert_true(gw_db_pipeline_begin(at->db, &error));
    g_assert_true(gw_db_pipeline_send(at->db, "BEGIN", -1, NULL, 0));
    g_assert_true(gw_db_in_transaction(at->db));
    g_assert_true(gw_db_pipeline_send(at->db, "INSERT INTO gwc_pipe VALUES (1)", -1, NULL, 0));
    g_assert_true(gw_db_pipeline_send(at->db, insert, -1, two, 1));
    g_assert_true(gw_db_pipeline_send(at->db, "COMMIT", -1, NULL, 0));
    g_assert_true(gw_db_pipeline_flush(at->db, &failed, NULL, &error));
    g_assert_no_error(error);
    g_assert_false(gw_db_in_transaction(at->db));
    g_assert_true(gw_db_pipeline_begin(at->db, &error));
    g_assert_true(gw_db_pipeline_send(at->db, "INSERT INTO gwc_pipe VALUES (3), (4)", -1, NULL, 0));
    g_assert_true(gw_db_pipeline_flush(at->db, NULL, &affected, &error));
    g_assert_cmpint(affected, ==, 2);
    assert_answer(at->db, "SELECT count(*) FROM gwc_pipe", "4");
    drop(at->db, "gwc_pipe");
}

static void
the_pipeline_names_what_failed(fixture *at)
{
    guint failed = 99;
    GError *error = NULL;
    drop(at->db, "gwc_fail");
    run(at->db, "CREATE TABLE gwc_fail (id bigint PRIMARY KEY)");
    g_assert_true(gw_db_pipeline_begin(at->db, NULL));
    const char *const statements[] = {"BEGIN", "INSERT INTO gwc_fail VALUES (1)",
        "INSERT INTO gwc_fail VALUES (1)", "INSERT INTO gwc_fail VALUES (2)", "COMMIT"};
    for (gsize i = 0; i < G_N_ELEMENTS(statements); i++)
    {
        gboolean sent = gw_db_pipeline_send(at->db, statements[i], -1, NULL, 0);
        g_assert_true(sent || i >= 2);
    }
    g_assert_false(gw_db_pipeline_flush(at->db, &failed, NULL, &error));
    assert_code(error, GW_CODE_UNIQUE);
    g_assert_cmpuint(failed, ==, 2);
    gw_db_rollback(at->db);
    g_assert_false(gw_db_in_transaction(at->db));
    assert_answer(at->db, "SELECT count(*) FROM gwc_fail", "0");
    drop(at->db, "gwc_fail");
}

static void
transactions_begin_commit_and_roll_back(fixture *at)
{
    g_autoptr(GError) error = NULL;
    drop(at->db, "gwc_tx");
    run(at->db, "CREATE TABLE gwc_tx (id integer PRIMARY KEY)");
    g_assert_true(gw_db_begin(at->db, &error));
    run(at->db, "INSERT INTO gwc_tx VALUES (1)");
    gw_db_rollback(at->db);
    assert_answer(at->db, "SELECT count(*) FROM gwc_tx", "0");
    g_assert_true(gw_db_begin(at->db, &error));
    g_assert_true(gw_db_in_transaction(at->db));
    run(at->db, "INSERT INTO gwc_tx VALUES (1)");
    g_assert_true(gw_db_commit(at->db, &error));
    g_assert_false(gw_db_in_transaction(at->db));
    gw_db_rollback(at->db);
    assert_answer(at->db, "SELECT count(*) FROM gwc_tx", "1");
    drop(at->db, "gwc_tx");
}

static void
a_failure_inside_a_transaction_is_not_committed_silently(fixture *at)
{
    drop(at->db, "gwc_half");
    run(at->db, "CREATE TABLE gwc_half (id integer PRIMARY KEY)");
    g_assert_true(gw_db_begin(at->db, NULL));
    run(at->db, "INSERT INTO gwc_half VALUES (1)");
    g_assert_false(gw_db_exec(at->db, "INSERT INTO gwc_half VALUES (1)", -1, NULL, NULL));
    gboolean committed = gw_db_commit(at->db, NULL);
    gw_db_rollback(at->db);
    assert_answer(at->db, "SELECT count(*) FROM gwc_half", committed ? "1" : "0");
    drop(at->db, "gwc_half");
}

static void
closing_rolls_back(fixture *at)
{
    drop(at->db, "gwc_close");
    run(at->db, "CREATE TABLE gwc_close (id integer PRIMARY KEY)");
    gw_db *other = fixture_open(at);
    g_assert_true(gw_db_begin(other, NULL));
    run(other, "INSERT INTO gwc_close VALUES (1)");
    g_autofree char *sql = numbers(1000);
    g_autoptr(gw_rows) rows = gw_db_query(other, sql, NULL, 0, NULL);
    g_assert_nonnull(rows);
    gw_db_close(other);
    const gw_cell *cells = NULL;
    g_assert_true(gw_rows_next(rows, &cells, NULL));
    g_assert_null(cells);
    assert_answer(at->db, "SELECT count(*) FROM gwc_close", "0");
    drop(at->db, "gwc_close");
}

static void
schema_changes_roll_back_where_the_dialect_says_so(fixture *at)
{
    g_autoptr(GError) error = NULL;
    drop(at->db, "gwc_ddl");
    g_assert_true(gw_db_begin(at->db, NULL));
    run(at->db, "CREATE TABLE gwc_ddl (id integer PRIMARY KEY)");
    gw_db_rollback(at->db);
    gboolean there = gw_db_exec(at->db, "SELECT * FROM gwc_ddl", -1, NULL, &error);
    g_assert_true(there != gw_db_has(at->db, GW_FEATURE_SCHEMA_IN_TRANSACTION));
    drop(at->db, "gwc_ddl");
}

static void
copy_takes_its_data(fixture *at)
{
    gint64 rows = 0;
    static const char data[] = "1\tone\n2\t\\N\n3\ttab\\tbed\n";
    static const char sql[] = "COPY gwc_copy FROM stdin";
    const gw_value value = {.type = GW_TYPE_BYTES, .text = data, .length = sizeof data - 1};
    g_autoptr(GError) error = NULL;
    if (!gw_db_has(at->db, GW_FEATURE_COPY_IN))
    {
        g_assert_false(gw_db_copy_in(at->db, sql, strlen(sql), &value, &rows, &error));
        g_assert_error(error, GW_ERROR, GW_CODE_UNSUPPORTED);
        return;
    }
    drop(at->db, "gwc_copy");
    run(at->db, "CREATE TABLE gwc_copy (id integer PRIMARY KEY, v text)");
    g_assert_true(gw_db_copy_in(at->db, sql, strlen(sql), &value, &rows, &error));
    g_assert_cmpint(rows, ==, 3);
    assert_answer(at->db, "SELECT v FROM gwc_copy WHERE id = 3", "tab\tbed");
    g_assert_false(gw_db_copy_in(at->db, sql, strlen(sql), &value, &rows, &error));
    g_assert_error(error, GW_ERROR, GW_CODE_UNIQUE);
    assert_answer(at->db, "SELECT count(*) FROM gwc_copy", "3");
    drop(at->db, "gwc_copy");
}

const contract contract_statements[] = {
    {"rows are counted", rows_are_counted},
    {"parameters come back as they went", parameters_come_back_as_they_went},
    {"integers have 64 bits", integers_have_64_bits},
    {"many rows stream", many_rows_stream},
    {"a result may be left early", a_result_may_be_left_early},
    {"a kept statement runs again and again", a_kept_statement_runs_again_and_again},
    {"the pipeline runs all", the_pipeline_runs_all},
    {"the pipeline names what failed", the_pipeline_names_what_failed},
    {"transactions begin, commit and roll back", transactions_begin_commit_and_roll_back},
    {"a failure inside a transaction is not committed silently",
        a_failure_inside_a_transaction_is_not_committed_silently},
    {"closing rolls back", closing_rolls_back},
    {"schema changes roll back where the dialect says so",
        schema_changes_roll_back_where_the_dialect_says_so},
    {"COPY takes its data", copy_takes_its_data},
    {NULL, NULL},
};
