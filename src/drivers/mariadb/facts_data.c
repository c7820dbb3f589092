/* The facts of statements that change rows, and of those that change the session. */
#include "drivers/mariadb/facts.h"

#define ENGINE_NOTE "only rows of InnoDB tables roll back"
#define ALL_NOTE    "without WHERE: every row"
#define CALL_NOTE   "may do anything and commit on its way"

/* Rows are locked one by one; others go on with other rows. */
static void
touch(gw_mariadb_reader *reader, const char *schema, const char *name)
{
    gw_mariadb_set_object(reader->facts, NULL, name);
    gw_facts_add_relation(reader->facts, schema, name, GW_BLOCKS_SCHEMA, GW_SPAN_ROWS, "row locks");
}

/* All tables so far may lose, get or change rows. */
static void
write_all(gw_facts *facts)
{
    for (guint i = 0; i < facts->relations->len; i++)
    {
        gw_fact_relation *relation = g_ptr_array_index(facts->relations, i);
        relation->writes = TRUE;
    }
}

static void
take_target(gw_mariadb_reader *reader)
{
    g_autofree char *schema = NULL;
    g_autofree char *name = NULL;
    if (gw_words_take_name(&reader->words, FALSE, &schema, &name))
    {
        touch(reader, schema, name);
        gw_facts_set_probe(reader->facts, GW_PROBE_NONE, GW_OBJECT_TABLE, schema, name, NULL);
        write_all(reader->facts);
    }
}

void
gw_mariadb_read_insert(gw_mariadb_reader *reader)
{
    static const char *const fill[] = {
        "LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "IGNORE", "INTO", NULL};
    gw_words *words = &reader->words;
    while (gw_words_take_any(words, fill) >= 0)
    {
    }
    take_target(reader);
    gw_words ahead = *words;
    if (gw_words_find(&ahead, "SELECT", FALSE))
    {
        reader->words = ahead;
        gw_mariadb_read_sources(reader, GW_BLOCKS_WRITES, "shared row locks");
        return;
    }
    ahead = *words;
    if (gw_words_find(&ahead, "DUPLICATE", FALSE))
    {
        reader->facts->destroys |= GW_DESTROYS_VALUES;
    }
}

/* Which rows are read depends on the indexes that WHERE can use. */
static void
read_where(gw_mariadb_reader *reader)
{
    gw_words ahead = reader->words;
    gboolean some = gw_words_find(&ahead, "WHERE", FALSE);
    reader->facts->scan = some ? GW_DEPENDS : GW_YES;
    reader->facts->note = some ? NULL : ALL_NOTE;
}

void
gw_mariadb_read_update(gw_mariadb_reader *reader)
{
    static const char *const fill[] = {"LOW_PRIORITY", "IGNORE", NULL};
    while (gw_words_take_any(&reader->words, fill) >= 0)
    {
    }
    take_target(reader);
    gw_words ahead = reader->words;
    gw_mariadb_read_sources(reader, GW_BLOCKS_SCHEMA, "row locks"); /* UPDATE a JOIN b SET … */
    write_all(reader->facts);
    reader->words = ahead;
    read_where(reader);
}

/* DELETE FROM t …, DELETE a, b FROM t a JOIN …, DELETE FROM a, b USING …: the first names are what
 * loses rows, and the second ones what they stand for. */
void
gw_mariadb_read_delete(gw_mariadb_reader *reader)
{
    static const char *const fill[] = {"LOW_PRIORITY", "QUICK", "IGNORE", "HISTORY", "FROM", NULL};
    while (gw_words_take_any(&reader->words, fill) >= 0)
    {
    }
    do
    {
        take_target(reader);
        gw_words_take(&reader->words, ". *");
    } while (gw_words_take(&reader->words, ","));
    gw_words ahead = reader->words;
    if (gw_words_is(&ahead, "FROM") || gw_words_is(&ahead, "USING"))
    {
        g_ptr_array_set_size(reader->facts->relations, 0); /* these were names of the statement */
        gw_mariadb_read_sources(reader, GW_BLOCKS_SCHEMA, "row locks");
        write_all(reader->facts);
        reader->words = ahead;
    }
    read_where(reader);
}

void
gw_mariadb_read_load(gw_mariadb_reader *reader)
{
    gw_words *words = &reader->words;
    if (gw_words_find(words, "INTO", FALSE) && gw_words_take(words, "INTO TABLE"))
    {
        take_target(reader);
    }
    reader->facts->note = ENGINE_NOTE;
}

/* WITH … SELECT, or a statement that writes (MySQL). */
void
gw_mariadb_read_with(gw_mariadb_reader *reader)
{
    static const char *const verbs[] = {"UPDATE", "DELETE", "INSERT", "REPLACE", NULL};
    gw_words *words = &reader->words;
    while (!gw_words_end(words) && !gw_words_is(words, "SELECT"))
    {
        gw_words ahead = *words;
        if (words->depth == 0 && gw_words_take_any(&ahead, verbs) >= 0)
        {
            gw_mariadb_read_inner(reader);
            return;
        }
        if (words->token.kind == GW_TOKEN_OPEN)
        {
            gw_words_skip_parenthesis(words);
            continue;
        }
        gw_words_step(words);
    }
}

/* ---- SET ---- */

/* SET STATEMENT a = 1 FOR <statement>: that statement, a little changed. */
static void
read_set_statement(gw_mariadb_reader *reader)
{
    if (gw_words_find(&reader->words, "FOR", FALSE))
    {
        gw_words_step(&reader->words);
        gw_mariadb_read_inner(reader);
    }
}

/* What some forms of SET are; the rest is of the session. */
static const struct
{
    const char *phrase;
    const char *verb;
    gw_kind kind;
    gw_transactional transactional;
} forms[] = {
    {"PASSWORD", "SET PASSWORD", GW_KIND_SCHEMA, GW_TRANSACTION_COMMITS},
    {"DEFAULT ROLE", "SET DEFAULT ROLE", GW_KIND_SCHEMA, GW_TRANSACTION_COMMITS},
    {"GLOBAL", "SET GLOBAL", GW_KIND_SERVICE, GW_TRANSACTION_FITS},
    {"PERSIST", "SET PERSIST", GW_KIND_SERVICE, GW_TRANSACTION_FITS},
    {"@@GLOBAL", "SET GLOBAL", GW_KIND_SERVICE, GW_TRANSACTION_FITS},
};

/* Is the cursor on autocommit, whatever stands before it (@@session.autocommit)? */
static gboolean
is_autocommit(const gw_words *words)
{
    const char *text = words->lexer.text + words->token.offset;
    const char *word = "autocommit";
    gsize length = strlen(word);
    return words->token.length >= length && words->token.kind != GW_TOKEN_STRING &&
           g_ascii_strncasecmp(text + words->token.length - length, word, length) == 0;
}

void
gw_mariadb_read_set(gw_mariadb_reader *reader)
{
    gw_facts *facts = reader->facts;
    if (gw_words_take(&reader->words, "STATEMENT"))
    {
        read_set_statement(reader);
        return;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(forms); i++)
    {
        gw_words ahead = reader->words;
        if (gw_words_take(&ahead, forms[i].phrase))
        {
            facts->verb = forms[i].verb;
            facts->kind = forms[i].kind;
            facts->transactional = forms[i].transactional;
            gw_mariadb_repeats(facts);
        }
    }
    for (gw_words at = reader->words; !gw_words_end(&at); gw_words_step(&at))
    {
        if (is_autocommit(&at))
        {
            facts->verb = "SET autocommit";
            facts->kind = GW_KIND_CONTROL;
            facts->transactional = GW_TRANSACTION_COMMITS;
        }
    }
}

/* BEGIN [WORK] begins a transaction; BEGIN NOT ATOMIC, and BEGIN with something behind it, is a
 * block. */
void
gw_mariadb_read_begin(gw_mariadb_reader *reader)
{
    gw_facts *facts = reader->facts;
    gw_words_take(&reader->words, "WORK");
    if (gw_words_end(&reader->words) || gw_words_is(&reader->words, ";"))
    {
        return;
    }
    facts->verb = "BEGIN NOT ATOMIC";
    facts->kind = GW_KIND_CALL;
    facts->rewrite = GW_UNKNOWN;
    facts->scan = GW_UNKNOWN;
    facts->probe.kind = GW_PROBE_CATALOG;
    facts->note = CALL_NOTE;
}
