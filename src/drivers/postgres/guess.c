#include "drivers/postgres/guess.h"

#include "drivers/postgres/connection.h"
#include "drivers/postgres/locks.h"
#include "sql/words.h"

#define NOTE_UNKNOWN                                                                               \
    "godwit's grammar of PostgreSQL 15 does not know this form: the strongest lock is assumed"
#define NOTE_LONG "too long for godwit's grammar: read by its words alone"

/* What the first words say. A phrase stands after those that begin with it. */
typedef struct guess_row
{
    const char *phrase;
    gw_kind kind;
    gw_object_kind object; /* a relation's kind: its name follows and it is locked */
    guint destroys;
    gboolean refuses;
} guess_row;

static const guess_row guesses[] = {
    {"SELECT", GW_KIND_QUERY, 0, 0, FALSE},
    {"WITH", GW_KIND_QUERY, 0, 0, FALSE},
    {"VALUES", GW_KIND_QUERY, 0, 0, FALSE},
    {"TABLE", GW_KIND_QUERY, 0, 0, FALSE},
    {"EXPLAIN", GW_KIND_QUERY, 0, 0, FALSE},
    {"ALTER TABLE", GW_KIND_SCHEMA, GW_OBJECT_TABLE, 0, FALSE},
    {"ALTER INDEX", GW_KIND_SCHEMA, GW_OBJECT_INDEX, 0, FALSE},
    {"ALTER VIEW", GW_KIND_SCHEMA, GW_OBJECT_VIEW, 0, FALSE},
    {"ALTER MATERIALIZED VIEW", GW_KIND_SCHEMA, GW_OBJECT_MATVIEW, 0, FALSE},
    {"ALTER SEQUENCE", GW_KIND_SCHEMA, GW_OBJECT_SEQUENCE, 0, FALSE},
    {"ALTER SYSTEM", GW_KIND_SERVICE, 0, 0, TRUE},
    {"ALTER", GW_KIND_SCHEMA, 0, 0, FALSE},
    {"CREATE DATABASE", GW_KIND_CLIENT, 0, 0, TRUE},
    {"CREATE TABLESPACE", GW_KIND_SCHEMA, 0, 0, TRUE},
    {"CREATE SUBSCRIPTION", GW_KIND_SCHEMA, 0, 0, TRUE},
    {"CREATE", GW_KIND_SCHEMA, 0, 0, FALSE},
    {"DROP DATABASE", GW_KIND_CLIENT, 0, GW_DESTROYS_TABLE, TRUE},
    {"DROP TABLE", GW_KIND_SCHEMA, GW_OBJECT_TABLE, GW_DESTROYS_TABLE, FALSE},
    {"DROP INDEX", GW_KIND_SCHEMA, GW_OBJECT_INDEX, GW_DESTROYS_OBJECT, FALSE},
    {"DROP VIEW", GW_KIND_SCHEMA, GW_OBJECT_VIEW, GW_DESTROYS_OBJECT, FALSE},
    {"DROP", GW_KIND_SCHEMA, 0, GW_DESTROYS_OBJECT, FALSE},
    {"TRUNCATE", GW_KIND_SCHEMA, GW_OBJECT_TABLE, GW_DESTROYS_ROWS, FALSE},
    {"GRANT", GW_KIND_SCHEMA, 0, 0, FALSE},
    {"REVOKE", GW_KIND_SCHEMA, 0, 0, FALSE},
    {"COMMENT", GW_KIND_SCHEMA, 0, 0, FALSE},
    {"VACUUM", GW_KIND_SERVICE, GW_OBJECT_TABLE, 0, TRUE},
    {"ANALYZE", GW_KIND_SERVICE, GW_OBJECT_TABLE, 0, FALSE},
    {"REINDEX", GW_KIND_SERVICE, 0, 0, FALSE},
    {"CLUSTER", GW_KIND_SERVICE, GW_OBJECT_TABLE, 0, FALSE},
    {"REPACK", GW_KIND_SERVICE, GW_OBJECT_TABLE, 0, TRUE},
    {"CALL", GW_KIND_CALL, 0, 0, FALSE},
    {"DO", GW_KIND_CALL, 0, 0, FALSE},
    {"EXECUTE", GW_KIND_CALL, 0, 0, FALSE},
};

static gboolean
has_word(gw_words words, const char *word)
{
    return gw_words_find(&words, word, TRUE);
}

static void
lock_name(gw_facts *facts, gw_words words, gw_object_kind kind)
{
    static const char *const fillers[] = {
        "IF EXISTS", "IF NOT EXISTS", "CONCURRENTLY", "ONLY", "TABLE", NULL};
    g_autofree char *schema = NULL;
    g_autofree char *name = NULL;
    while (gw_words_take_any(&words, fillers) >= 0)
    {
    }
    if (gw_words_take_name(&words, TRUE, &schema, &name))
    {
        gw_pg_relation relation = {schema, name, kind};
        gw_pg_locks(facts, relation, GW_PG_ACCESS_EXCLUSIVE, GW_SPAN_ROWS);
        if (facts->object == NULL)
        {
            gw_pg_about(facts, relation, NULL);
        }
    }
}

/* Names behind the words that other relations of a statement stand behind. */
static void
lock_others(gw_facts *facts, gw_words words)
{
    static const char *const marks[] = {
        "REFERENCES", "ON", "PARTITION OF", "ATTACH PARTITION", "DETACH PARTITION", NULL};
    static const char *const actions[] = {
        "DELETE", "UPDATE", "CONFLICT", "COMMIT", "COLUMN", "FUNCTION", "SCHEMA", NULL};
    while (!gw_words_end(&words))
    {
        gw_words ahead = words;
        if (gw_words_take_any(&ahead, marks) < 0)
        {
            gw_words_step(&words);
            continue;
        }
        words = ahead;
        if (gw_words_take_any(&ahead, actions) < 0)
        {
            lock_name(facts, words, GW_OBJECT_TABLE);
        }
    }
}

/* WITH and EXPLAIN may write. */
static void
guess_query(gw_facts *facts, gw_words words)
{
    static const char *const writing[] = {"INSERT", "UPDATE", "DELETE", "MERGE", NULL};
    for (gsize i = 0; writing[i] != NULL && facts->kind == GW_KIND_QUERY; i++)
    {
        facts->kind = has_word(words, writing[i]) ? GW_KIND_DATA : GW_KIND_QUERY;
    }
    facts->probe.kind = GW_PROBE_NONE;
    facts->rewrite = GW_NO;
}

void
gw_pg_guess(gw_facts *facts, const char *sql, gsize length)
{
    gw_words words;
    gw_words_init(&words, &gw_postgres_dialect.lexis, sql, length);
    while (words.token.kind == GW_TOKEN_OPEN)
    {
        gw_words_step(&words);
    }
    gw_words start = words;
    facts->note = length > 60000 ? NOTE_LONG : NOTE_UNKNOWN;
    for (gsize i = 0; i < G_N_ELEMENTS(guesses); i++)
    {
        if (!gw_words_take(&words, guesses[i].phrase))
        {
            continue;
        }
        gboolean concurrent = has_word(start, "CONCURRENTLY");
        facts->verb = guesses[i].phrase;
        facts->kind = guesses[i].kind;
        facts->destroys = guesses[i].destroys;
        facts->concurrent = concurrent;
        facts->transactional =
            concurrent || guesses[i].refuses ? GW_TRANSACTION_REFUSES : GW_TRANSACTION_FITS;
        if (guesses[i].object != GW_OBJECT_NONE)
        {
            lock_name(facts, words, guesses[i].object);
        }
        if (facts->kind == GW_KIND_QUERY)
        {
            guess_query(facts, start);
        }
        else if (facts->kind == GW_KIND_SCHEMA)
        {
            lock_others(facts, start);
        }
        return;
    }
}
