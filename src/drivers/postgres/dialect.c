#include "drivers/postgres/connection.h"
#include "drivers/postgres/conninfo.h"
#include "drivers/postgres/facts.h"

#include "base/text.h"

#define NAME_BYTES 63

static void
quote_name(GString *out, const char *name)
{
    gw_text_append_quoted(out, name, -1, '"', '"');
}

/* E'…' where there is a backslash: it means the same whatever standard_conforming_strings says. */
static void
quote_text(GString *out, const char *text)
{
    if (text == NULL)
    {
        g_string_append(out, "NULL");
        return;
    }
    g_autoptr(GString) doubled = g_string_new(text);
    gboolean escapes = g_string_replace(doubled, "\\", "\\\\", 0) > 0;
    g_string_append(out, escapes ? "E" : "");
    gw_text_append_quoted(out, doubled->str, (gssize)doubled->len, '\'', '\'');
}

static const char *const schemes[] = {"postgres", "postgresql", "jdbc:postgresql", NULL};

static const char *const aliases[] = {"postgres", "postgresql", "pg", "pgsql", NULL};

static const gw_ledger_words ledger_words = {
    .text = "text",
    .long_text = "text",
    .integer = "bigint",
    .stamp = "timestamptz",
    .now = "pg_catalog.clock_timestamp()",
    .stamp_text = "pg_catalog.to_char(%s AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
    .later = "(pg_catalog.clock_timestamp() + (%s)::bigint * interval '1 microsecond')",
    .table_tail = "",
    .share_row = "FOR KEY SHARE",
    .numbered = TRUE,
};

/* As the driver does: what is created without a schema must not land in the ledger's. */
#define HIDE_LEDGER                                                                                \
    "DO $godwit$ BEGIN PERFORM pg_catalog.set_config('search_path', COALESCE((SELECT "             \
    "string_agg(item, ', ' ORDER BY n) FROM regexp_split_to_table(current_setting("                \
    "'search_path'), '\\s*,\\s*') WITH ORDINALITY AS p(item, n) WHERE NOT (btrim(item, '\"') = "   \
    "%s OR (btrim(item, '\"') = '$user' AND current_user = %s))), 'public'), false); END "         \
    "$godwit$;\n"

/* The number of a named lock is made as gw_pg_session_lock() makes it. */
static const gw_script_words script_words = {
    .run = "psql -X -d DATABASE -f FILE",
    .client = "\\set ON_ERROR_STOP on\n\\set AUTOCOMMIT on\n\\set QUIET on\n",
    .save = "",
    .session = "SET client_encoding = 'UTF8';\nSET standard_conforming_strings = on;\n"
               "SET client_min_messages = warning;\n" HIDE_LEDGER,
    .reset = "RESET ALL;\nRESET ROLE;\n",
    .place = "pg_catalog.current_schema()",
    .user = "CURRENT_USER",
    .sha256 = "pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(%s, 'UTF8')), 'hex')",
    .holds = "pg_catalog.pg_try_advisory_lock(('x' || pg_catalog.substr(pg_catalog.encode("
             "pg_catalog.sha256(pg_catalog.convert_to(%s, 'UTF8')), 'hex'), 1, 16))"
             "::bit(64)::bigint)",
    .wait_inside = "SET LOCAL lock_timeout = %s",
    .wait_alone = "SET lock_timeout = %s",
    .wait_reset = "RESET lock_timeout",
    .wait_unit = 1000,
};

const gw_dialect gw_postgres_dialect = {
    .name = "postgres",
    .title = "PostgreSQL",
    .aliases = aliases,
    .features = GW_FEATURE_SCHEMA_IN_TRANSACTION | GW_FEATURE_SESSION_LOCK | GW_FEATURE_PIPELINE |
                GW_FEATURE_SCHEMAS | GW_FEATURE_LOCK_TABLES_FIRST | GW_FEATURE_SERVER |
                GW_FEATURE_COPY_IN | GW_FEATURE_LOCK_TIMEOUT | GW_FEATURE_RESET_INSIDE |
                GW_FEATURE_LIMIT_INSIDE,
    .lexis = {.flags = GW_LEXIS_DOLLAR_QUOTE | GW_LEXIS_NESTED_COMMENT | GW_LEXIS_ESCAPE_STRING |
                       GW_LEXIS_COPY_DATA | GW_LEXIS_BEGIN_ATOMIC | GW_LEXIS_PSQL_COMMAND |
                       GW_LEXIS_RULE_PARENTHESES},
    .folds_names = TRUE,
    .name_bytes = NAME_BYTES,
    .quote_name = quote_name,
    .quote_text = quote_text,
    .facts = gw_pg_facts,
    .lock_relations = gw_pg_lock_relations,
    .remove_remains = gw_pg_remove_remains,
    .ledger = &ledger_words,
    .script = &script_words,
};

const gw_driver gw_postgres_driver = {
    .schemes = schemes,
    .claims = gw_pg_conninfo_claims,
    .redact = gw_pg_conninfo_redact,
    .dialect = &gw_postgres_dialect,
    .connection = &gw_postgres_connection,
    .catalog = &gw_postgres_catalog,
    .bulk = &gw_postgres_bulk,
    .vitals = &gw_postgres_vitals,
};
