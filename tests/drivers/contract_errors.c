/* What fails says why, in one code for all databases. */
#include "contract.h"

static void
prepare(const fixture *at)
{
    g_autofree char *strict = g_strdup_printf(
        "CREATE TABLE gwc_e (id integer PRIMARY KEY, v integer NOT NULL, CHECK (v >= 0))%s",
        at->subject->strict);
    drop(at->db, "gwc_child");
    drop(at->db, "gwc_e");
    run(at->db, strict);
    run(at->db, "CREATE TABLE gwc_child (id integer PRIMARY KEY, e integer, "
                "FOREIGN KEY (e) REFERENCES gwc_e (id))");
    run(at->db, "INSERT INTO gwc_e VALUES (1, 1)");
    run(at->db, "INSERT INTO gwc_child VALUES (1, 1)");
}

static void
refuse(const fixture *at, const char *sql, gw_code code)
{
    GError *error = NULL;
    g_test_message("%s", sql);
    g_assert_false(gw_db_exec(at->db, sql, -1, NULL, &error));
    g_assert_false(gw_error_sqlstate(error) == NULL && gw_error_native(error) == 0);
    assert_code(error, code);
    assert_answer(at->db, "SELECT 1", "1"); /* and the connection goes on */
}

static void
each_class_has_its_code(fixture *at)
{
    static const struct
    {
        const char *sql;
        gw_code code;
    } rows[] = {
        {"SELEKT 1", GW_CODE_SYNTAX},
        {"SELECT (1", GW_CODE_SYNTAX},
        {"SELECT * FROM gwc_nothing", GW_CODE_NO_TABLE},
        {"DROP TABLE gwc_nothing", GW_CODE_NO_TABLE},
        {"SELECT missing FROM gwc_e", GW_CODE_NO_COLUMN},
        {"INSERT INTO gwc_e (missing) VALUES (1)", GW_CODE_NO_COLUMN},
        {"ALTER TABLE gwc_e RENAME COLUMN missing TO something", GW_CODE_NO_COLUMN},
        {"CREATE TABLE gwc_e (id integer)", GW_CODE_EXISTS},
        {"ALTER TABLE gwc_e ADD COLUMN v integer", GW_CODE_EXISTS},
        {"INSERT INTO gwc_e VALUES (1, 1)", GW_CODE_UNIQUE},
        {"INSERT INTO gwc_child VALUES (2, 99)", GW_CODE_FOREIGN_KEY},
        {"DELETE FROM gwc_e", GW_CODE_FOREIGN_KEY},
        {"INSERT INTO gwc_e VALUES (2, -1)", GW_CODE_CONSTRAINT},
        {"INSERT INTO gwc_e VALUES (2, NULL)", GW_CODE_CONSTRAINT},
    };
    prepare(at);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    {
        refuse(at, rows[i].sql, rows[i].code);
    }
    g_autofree char *bad =
        g_strdup_printf("INSERT INTO gwc_e VALUES (2, %s)", at->subject->bad_value);
    refuse(at, bad, GW_CODE_VALUE);
    drop(at->db, "gwc_child");
    drop(at->db, "gwc_e");
}

static void
a_query_fails_like_a_statement(fixture *at)
{
    const gw_cell *cells = NULL;
    GError *error = NULL;
    prepare(at);
    gw_rows *rows = gw_db_query(at->db, "INSERT INTO gwc_e VALUES (1, 1)", NULL, 0, &error);
    g_assert_true(rows == NULL || !gw_rows_next(rows, &cells, &error));
    gw_rows_finish(rows);
    assert_code(error, GW_CODE_UNIQUE);
    const gw_value row[] = {gw_value_integer(1), gw_value_integer(1)};
    g_autofree char *insert = with_parameters(at->db, "INSERT INTO gwc_e VALUES (?, ?)");
    error = NULL;
    g_assert_false(gw_db_exec_with(at->db, insert, row, 2, NULL, &error));
    assert_code(error, GW_CODE_UNIQUE);
    assert_answer(at->db, "SELECT count(*) FROM gwc_e", "1");
    drop(at->db, "gwc_child");
    drop(at->db, "gwc_e");
}

/* Where the database tells the place, it is counted in characters. */
static void
the_place_counts_characters(fixture *at)
{
    g_autoptr(GError) error = NULL;
    static const char sql[] = "SELECT '\xc3\xa4\xc3\xb6\xc3\xbc', missing FROM gwc_place";
    drop(at->db, "gwc_place");
    run(at->db, "CREATE TABLE gwc_place (id integer PRIMARY KEY)");
    g_assert_false(gw_db_exec(at->db, sql, -1, NULL, &error));
    g_assert_error(error, GW_ERROR, GW_CODE_NO_COLUMN);
    if (gw_error_offset(error) != 0)
    {
        g_assert_cmpuint(gw_error_offset(error), ==, 15);
    }
    drop(at->db, "gwc_place");
}

static void
values_of_rows_stay_out_of_messages(fixture *at)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *insert = with_parameters(at->db, "INSERT INTO gwc_secret VALUES (?)");
    const gw_value secret[] = {gw_value_text("s3cret")};
    drop(at->db, "gwc_secret");
    run(at->db, "CREATE TABLE gwc_secret (v varchar(20) PRIMARY KEY)");
    run_with(at->db, "INSERT INTO gwc_secret VALUES (?)", secret, 1);
    g_assert_false(gw_db_exec_with(at->db, insert, secret, 1, NULL, &error));
    g_assert_error(error, GW_ERROR, GW_CODE_UNIQUE);
    g_assert_null(strstr(error->message, "s3cret"));
    g_assert_true(gw_error_hint(error) == NULL || strstr(gw_error_hint(error), "s3cret") == NULL);
    drop(at->db, "gwc_secret");
}

static void
what_is_not_allowed_is_said(fixture *at)
{
    if (!gw_db_has(at->db, GW_FEATURE_SERVER))
    {
        g_assert_null(at->subject->forbidden); /* a file has no rights of its own */
        return;
    }
    g_assert_nonnull(at->subject->forbidden);
    refuse(at, at->subject->forbidden, GW_CODE_PRIVILEGE);
}

const contract contract_errors[] = {
    {"each class of error has its code", each_class_has_its_code},
    {"a query fails like a statement", a_query_fails_like_a_statement},
    {"the place of an error counts characters", the_place_counts_characters},
    {"values of rows stay out of messages", values_of_rows_stay_out_of_messages},
    {"what is not allowed is said", what_is_not_allowed_is_said},
    {NULL, NULL},
};
