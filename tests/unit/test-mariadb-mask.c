#include "drivers/mariadb/session.h"

static const struct
{
    guint number;
    const char *message;
    const char *masked;
} masks[] = {
    {1062, "Duplicate entry 'a@b.c' for key 'email'", "Duplicate entry '…' for key 'email'"},
    {1062, "Duplicate entry 'it's' for key 'x' for key 'email'",
        "Duplicate entry '…' for key 'email'"},
    {1366, "Incorrect integer value: 'hush' for column `d`.`t`.`c` at row 1",
        "Incorrect integer value: '…' for column `d`.`t`.`c` at row 1"},
    {1292, "Truncated incorrect DOUBLE value: 'hu'sh'", "Truncated incorrect DOUBLE value: '…'"},
    {1526, "Table has no partition for value 42", "Table has no partition for value …"},
    {1062, "Doppelter Eintrag 'hush' für Schlüssel 'email'", "rows would not be unique"},
    {1054, "Unknown column 'emial' in 'field list'", "Unknown column 'emial' in 'field list'"},
    {1451, "Cannot delete or update a parent row: a foreign key constraint fails (`d`.`c`)",
        "Cannot delete or update a parent row: a foreign key constraint fails (`d`.`c`)"},
};

static void
test_values(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(masks); i++)
    {
        g_autofree char *masked = gw_mariadb_mask(masks[i].number, masks[i].message);
        g_assert_cmpstr(masked, ==, masks[i].masked);
    }
}

#define SYNTAX(near) "You have an error in your SQL syntax; … to use near '" near

static void
test_syntax(void)
{
    static const char *const cases[][2] = {
        {SYNTAX("FORM t' at line 1"), "syntax error at \"FORM\""},
        {SYNTAX("'hush'' at line 1"), "syntax error at a literal"},
        {SYNTAX("42' at line 1"), "syntax error at a literal"},
        {SYNTAX("'hush...' at line 1"), "syntax error at a literal that is not closed"},
        {SYNTAX("' at line 1"), "syntax error at the end of the statement"},
        {"Fehler in der SQL-Syntax bei 'hush' in Zeile 1", "syntax error"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    {
        g_autofree char *masked = gw_mariadb_mask(1064, cases[i][0]);
        g_assert_cmpstr(masked, ==, cases[i][1]);
    }
}

static void
test_near(void)
{
    static const struct
    {
        const char *message;
        const char *sql;
        guint offset;
    } cases[] = {
        {SYNTAX("FORM t' at line 1"), "SELECT * FORM t", 10},
        {SYNTAX("' at line 1"), "SELECT (1", 10},
        {SYNTAX("x x' at line 1"), "SELECT 'ä' x x", 12},
        {SYNTAX("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' "
                "at line 2"),
            "SELECT\n1 FORM", 0},
        {"no such message", "SELECT 1", 0},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    {
        guint offset = gw_mariadb_near(cases[i].message, cases[i].sql, strlen(cases[i].sql));
        g_assert_cmpuint(offset, ==, cases[i].offset);
    }
}

static void
test_codes(void)
{
    g_assert_cmpint(gw_mariadb_code(1213, "40001"), ==, GW_CODE_DEADLOCK);
    g_assert_cmpint(gw_mariadb_code(1205, "HY000"), ==, GW_CODE_LOCK_TIMEOUT);
    g_assert_cmpint(gw_mariadb_code(2013, "HY000"), ==, GW_CODE_CONNECTION_LOST);
    g_assert_true(gw_mariadb_is_lost(2026)); /* TLS ends where the server hangs up */
    g_assert_false(gw_mariadb_is_lost(1062));
    g_assert_cmpint(gw_mariadb_code(9999, "23000"), ==, GW_CODE_CONSTRAINT);
    g_assert_cmpint(gw_mariadb_code(9999, "HY000"), ==, GW_CODE_STATEMENT);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mariadb/mask/values of rows are taken out of messages", test_values);
    g_test_add_func("/mariadb/mask/a syntax error shows its token but no literal", test_syntax);
    g_test_add_func("/mariadb/mask/the place of a syntax error is found", test_near);
    g_test_add_func("/mariadb/mask/numbers have their codes", test_codes);
    return g_test_run();
}
