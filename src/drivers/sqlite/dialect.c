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
    .table_tail = "",
    .share_row = "",
    .numbered = FALSE,
};

static const char *const aliases[] = {"sqlite", "sqlite3", NULL};

const gw_dialect gw_sqlite_dialect = {
    .name = "sqlite",
    .title = "SQLite",
    .aliases = aliases,
    .features =
        GW_FEATURE_SCHEMA_IN_TRANSACTION | GW_FEATURE_FILE_LOCK | GW_FEATURE_CREATES_DATABASE,
    .lexis = {.flags = GW_LEXIS_BACKTICK | GW_LEXIS_BRACKET | GW_LEXIS_TRIGGER_BODY},
    .folds_names = FALSE,
    .begin = "BEGIN IMMEDIATE",
    .name_bytes = 0,
    .quote_name = quote_name,
    .quote_text = quote_text,
    .facts = gw_sqlite_facts,
    .ledger = &ledger,
};
