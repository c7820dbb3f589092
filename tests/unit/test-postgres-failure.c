#include "drivers/postgres/failure.h"

typedef struct row
{
    const char *state;
    gw_code code;
} row;

static void
states_have_their_codes(void)
{
    static const row rows[] = {
        {"42601", GW_CODE_SYNTAX},
        {"42P01", GW_CODE_NO_TABLE},
        {"42703", GW_CODE_NO_COLUMN},
        {"42P07", GW_CODE_EXISTS},
        {"23505", GW_CODE_UNIQUE},
        {"23503", GW_CODE_FOREIGN_KEY},
        {"23514", GW_CODE_CONSTRAINT},
        {"22012", GW_CODE_VALUE},
        {"2BP01", GW_CODE_DEPENDENT},
        {"42501", GW_CODE_PRIVILEGE},
        {"25006", GW_CODE_READ_ONLY},
        {"53100", GW_CODE_DISK_FULL},
        {"53300", GW_CODE_UNAVAILABLE},
        {"57P03", GW_CODE_UNAVAILABLE},
        {"57P01", GW_CODE_CONNECTION_LOST},
        {"08006", GW_CODE_CONNECTION_LOST},
        {"40P01", GW_CODE_DEADLOCK},
        {"40001", GW_CODE_SERIALIZATION},
        {"55P03", GW_CODE_LOCK_TIMEOUT},
        {"57014", GW_CODE_CANCELLED},
        {"28P01", GW_CODE_AUTH},
        {"3D000", GW_CODE_NO_DATABASE},
        {"P0001", GW_CODE_STATEMENT},
        {"XX000", GW_CODE_STATEMENT},
        {"", GW_CODE_STATEMENT},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    {
        g_assert_cmpint(gw_pg_sqlstate_code(rows[i].state), ==, rows[i].code);
    }
}

static void
refusals_in_english_are_plain(void)
{
    g_assert_true(gw_pg_failure_is_plain("FATAL:  password authentication failed for user \"x\""));
    g_assert_true(gw_pg_failure_is_plain("connection to server failed: Connection refused"));
    g_assert_false(gw_pg_failure_is_plain(
        "FATAL:  Passwort-Authentifizierung für Benutzer »x« fehlgeschlagen"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/postgres/failure/states have their codes", states_have_their_codes);
    g_test_add_func(
        "/postgres/failure/refusals in English are plain", refusals_in_english_are_plain);
    return g_test_run();
}
