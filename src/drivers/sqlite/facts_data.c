/* The facts of statements that change rows. */
#include "drivers/sqlite/handle.h"
#include "drivers/sqlite/reader.h"

/* Statements longer than this are not read to their end for what may stand there. */
#define LONG ((gsize)1024 * 1024)

static const char *const resolutions[] = {
    "OR ABORT", "OR FAIL", "OR IGNORE", "OR REPLACE", "OR ROLLBACK", NULL};

#define OR_REPLACE 3

/* The table that is written, with its lock. */
static void
read_table(gw_sqlite_reader *reader)
{
    g_autofree char *schema = NULL;
    g_autofree char *name = NULL;
    gw_facts *facts = reader->facts;
    if (!gw_words_take_name(&reader->words, FALSE, &schema, &name))
    {
        gw_sqlite_lock_schema(reader);
        return;
    }
    facts->object = schema == NULL ? g_strdup(name) : g_strconcat(schema, ".", name, NULL);
    if (schema == NULL || g_ascii_strcasecmp(schema, "temp") != 0)
    {
        gw_facts_add_relation(facts, schema, name, GW_BLOCKS_WRITES, GW_SPAN_ROWS, GW_SQLITE_LOCK);
    }
}

void
gw_sqlite_read_insert(gw_sqlite_reader *reader)
{
    gw_facts *facts = reader->facts;
    int resolution = gw_words_take_any(&reader->words, resolutions);
    gw_words_take(&reader->words, "INTO");
    read_table(reader);
    if (resolution == OR_REPLACE || reader->words.lexer.end - reader->words.lexer.at > LONG)
    {
        facts->destroys |= GW_DESTROYS_VALUES;
        return;
    }
    while (gw_words_find(&reader->words, "ON", FALSE))
    {
        gw_words_step(&reader->words);
        if (gw_words_take(&reader->words, "CONFLICT") &&
            gw_words_find(&reader->words, "DO", FALSE) &&
            gw_words_take(&reader->words, "DO UPDATE"))
        {
            facts->destroys |= GW_DESTROYS_VALUES;
        }
    }
}

void
gw_sqlite_read_update(gw_sqlite_reader *reader)
{
    gw_words_take_any(&reader->words, resolutions);
    read_table(reader);
    if (!gw_words_find(&reader->words, "WHERE", FALSE))
    {
        reader->facts->rewrite = GW_YES;
        reader->facts->scan = GW_YES;
    }
}

void
gw_sqlite_read_delete(gw_sqlite_reader *reader)
{
    gw_words_take(&reader->words, "FROM");
    read_table(reader);
    gw_words rest = reader->words;
    if (!gw_words_find(&rest, "WHERE", FALSE))
    {
        rest = reader->words;
        reader->facts->scan = GW_YES;
        reader->facts->repeatable = !gw_words_find(&rest, "LIMIT", FALSE);
    }
}
