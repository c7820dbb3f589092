/* The words of SQLite. */
#include "base/text.h"
#include "drivers/sqlite/handle.h"

static void
quote_name(GString *out, const char *name)
{
    gw_text_append_quoted(out, name, -1, '"', '"');
}

static void
quote_text(GString *out, const char *text)
{
    if (text == NULL)
    {
        g_string_append(out, "NULL");
        return;
    }
    gw_text_append_quoted(out, text, -1, '\'', '\'');
}

/* Moments are text in UTC, so that they compare in order. */
static const gw_ledger_words ledger = {
    .text = "TEXT",
    .long_text = "TEXT",
    .integer = "INTEGER",
    .stamp = "TEXT",
    .now = "strftime('%Y-%m-%d %H:%M:%f', 'now')",
    .stamp_text = "replace(%s, ' ', 'T') || 'Z'",
    .later = "strftime('%Y-%m-%d %H:%M:%f', 'now', (%s / 1000000.0) || ' seconds')",
    .table_tail = " WITHOUT ROWID",
    .share_row = "",
    .numbered = FALSE,
};

static const gw_script_words script = {
    .run = "sqlite3 -init /dev/null DATABASE < FILE",
    .client = ".bail on\n.timeout 5000\n",
    .save = "",
    .session = "",
    .reset = "",
    .place = "'main'",
    .user = "'sqlite3'",
    .integrity_off = "PRAGMA foreign_keys = OFF;\n",
    .integrity_on = "PRAGMA foreign_keys = ON;\n",
    .broken_before = "CREATE TEMP TABLE godwit_broken AS SELECT \"table\" AS child, parent, "
                     "count(*) AS n FROM pragma_foreign_key_check GROUP BY 1, 2;\n",
    .broken_since =
        "EXISTS (SELECT 1 FROM (SELECT \"table\" AS child, parent, count(*) AS n "
        "FROM pragma_foreign_key_check GROUP BY 1, 2) AS now LEFT JOIN "
        "temp.godwit_broken AS was ON was.child = now.child AND was.parent = now.parent "
        "WHERE now.n > COALESCE(was.n, 0))",
    .broken_end = "DROP TABLE temp.godwit_broken;\n",
};

static const char *const aliases[] = {"sqlite", "sqlite3", NULL};

const gw_dialect gw_sqlite_dialect = {
    .name = "sqlite",
    .title = "SQLite",
    .aliases = aliases,
    .features = GW_FEATURE_SCHEMA_IN_TRANSACTION | GW_FEATURE_FILE_LOCK |
                GW_FEATURE_CREATES_DATABASE | GW_FEATURE_LOCK_TIMEOUT,
    .lexis = {.flags = GW_LEXIS_BACKTICK | GW_LEXIS_BRACKET | GW_LEXIS_TRIGGER_BODY},
    .folds_names = FALSE,
    .begin = "BEGIN IMMEDIATE",
    .name_bytes = 0,
    .quote_name = quote_name,
    .quote_text = quote_text,
    .facts = gw_sqlite_facts,
    .ledger = &ledger,
    .script = &script,
};
