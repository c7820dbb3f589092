/* The words of MariaDB and MySQL. */
#include "drivers/mariadb/session.h"

#include "base/text.h"
#include "drivers/mariadb/facts.h"

static void
quote_name(GString *out, const char *name)
{
    gw_text_append_quoted(out, name, -1, '`', '`');
}

void
gw_mariadb_append_hex(GString *out, const char *bytes, gsize length)
{
    g_string_append(out, "X'");
    for (gsize i = 0; i < length; i++)
    {
        g_string_append_printf(out, "%02X", (guint8)bytes[i]);
    }
    g_string_append_c(out, '\'');
}

/* Is there a byte that needs more than a doubled quote, for `most` the greatest plain one? */
static gboolean
is_plain(const char *text, gsize length, guint8 most)
{
    for (gsize i = 0; i < length; i++)
    {
        guint8 byte = (guint8)text[i];
        if (byte < 0x20 || byte == '\\' || byte == 0x7f || byte > most)
        {
            return FALSE;
        }
    }
    return TRUE;
}

/* Whether \ escapes depends on NO_BACKSLASH_ESCAPES, which is not known here: text that holds one
 * is written as its bytes. */
static void
append_text(GString *out, const char *text, gsize length, guint8 most)
{
    if (is_plain(text, length, most))
    {
        gw_text_append_quoted(out, text, (gssize)length, '\'', '\'');
        return;
    }
    g_string_append(out, "_utf8mb4 ");
    gw_mariadb_append_hex(out, text, length);
}

void
gw_mariadb_append_literal(GString *out, const char *text, gsize length)
{
    append_text(out, text, length, 0x7e);
}

static void
quote_text(GString *out, const char *text)
{
    if (text == NULL)
    {
        g_string_append(out, "NULL");
        return;
    }
    append_text(out, text, strlen(text), 0xff);
}

/* UTC_TIMESTAMP is the start of the statement, in a transaction too, and knows no time zone. */
static const gw_ledger_words ledger = {
    .text = "varchar(190)",
    .long_text = "longtext",
    .integer = "bigint",
    .stamp = "datetime(6)",
    .now = "UTC_TIMESTAMP(6)",
    .stamp_text = "CONCAT(REPLACE(CAST(%s AS CHAR), ' ', 'T'), 'Z')",
    .later = "DATE_ADD(UTC_TIMESTAMP(6), INTERVAL %s MICROSECOND)",
    .table_tail = " ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 "
                  "COLLATE utf8mb4_bin",
    .share_row = "LOCK IN SHARE MODE",
    .numbered = FALSE,
};

/* The name of the lock is made as limits.c makes it. */
static const gw_script_words script = {
    .run = "mariadb DATABASE < FILE",
    .client = "",
    .save = "SET @godwit_sql_mode = @@sql_mode, @godwit_foreign_keys = @@foreign_key_checks, "
            "@godwit_unique = @@unique_checks, @godwit_time_zone = @@time_zone;\n",
    .session = "SET NAMES utf8mb4;\n",
    .reset = "SET SESSION sql_mode = @godwit_sql_mode, SESSION foreign_key_checks = "
             "@godwit_foreign_keys, SESSION unique_checks = @godwit_unique, SESSION time_zone = "
             "@godwit_time_zone;\n",
    .place = "DATABASE()",
    .user = "CURRENT_USER()",
    .sha256 = "SHA2(%s, 256)",
    .holds = "GET_LOCK(CONCAT('godwit.', LEFT(SHA2(CONCAT(DATABASE(), '.', %s), 256), 57)), 0) = 1",
    .wait_alone = "SET SESSION lock_wait_timeout = %s",
    .wait_reset = "SET SESSION lock_wait_timeout = DEFAULT",
    .wait_unit = G_USEC_PER_SEC,
};

static const char *const aliases[] = {"mariadb", "mysql", NULL};

const gw_dialect gw_mariadb_dialect = {
    .name = "mariadb",
    .title = "MariaDB",
    .aliases = aliases,
    .features = GW_FEATURE_SESSION_LOCK | GW_FEATURE_PIPELINE | GW_FEATURE_SERVER,
    .lexis = {GW_LEXIS_BACKSLASH | GW_LEXIS_BACKTICK | GW_LEXIS_HASH_COMMENT |
              GW_LEXIS_CONDITIONAL | GW_LEXIS_DASH_SPACE | GW_LEXIS_DOUBLE_QUOTE_STRING |
              GW_LEXIS_DELIMITER | GW_LEXIS_COMPOUND},
    .folds_names = FALSE,
    .begin = "START TRANSACTION", /* BEGIN opens a block when sql_mode is ORACLE */
    .name_bytes = 64,
    .quote_name = quote_name,
    .quote_text = quote_text,
    .facts = gw_mariadb_facts,
    .ledger = &ledger,
    .script = &script,
};
