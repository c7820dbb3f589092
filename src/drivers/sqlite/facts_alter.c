/* The facts of ALTER TABLE. What scans and what rewrites was measured on SQLite 3.40. */
#include "drivers/sqlite/handle.h"
#include "drivers/sqlite/reader.h"

typedef struct alter
{
    gw_sqlite_reader *reader;
    char *schema;
    char *table;
} alter;

/* The table is there before, and locked. */
static void
lock(alter *what, gw_span span)
{
    gw_facts_add_relation(
        what->reader->facts, what->schema, what->table, GW_BLOCKS_WRITES, span, GW_SQLITE_LOCK);
}

/* A part of the table is what the statement is about. */
static void
about(alter *what, gw_probe_kind kind, gw_object_kind object, const char *name)
{
    gw_facts *facts = what->reader->facts;
    g_free(facts->object);
    facts->object = g_strconcat(what->table, ".", name, NULL);
    gw_facts_set_probe(facts, kind, object, what->schema, name, what->table);
}

static void
cost(alter *what, const char *verb, gw_answer3 rewrite, gw_answer3 scan)
{
    gw_facts *facts = what->reader->facts;
    facts->verb = verb;
    facts->rewrite = rewrite;
    facts->scan = scan;
    lock(what, rewrite == GW_NO && scan == GW_NO ? GW_SPAN_MOMENT : GW_SPAN_ROWS);
}

static void
read_rename_table(alter *what)
{
    g_autofree char *name = NULL;
    cost(what, "ALTER TABLE RENAME TO", GW_NO, GW_NO);
    what->reader->facts->note = "views, triggers and references follow the new name";
    if (gw_words_take_name(&what->reader->words, FALSE, NULL, &name))
    {
        gw_facts_set_probe(
            what->reader->facts, GW_PROBE_APPEARS, GW_OBJECT_TABLE, what->schema, name, NULL);
    }
}

static void
read_rename_column(alter *what)
{
    g_autofree char *old = NULL;
    g_autofree char *name = NULL;
    gw_words *words = &what->reader->words;
    cost(what, "ALTER TABLE RENAME COLUMN", GW_NO, GW_NO);
    if (gw_words_take_name(words, FALSE, NULL, &old) && gw_words_take(words, "TO") &&
        gw_words_take_name(words, FALSE, NULL, &name))
    {
        about(what, GW_PROBE_APPEARS, GW_OBJECT_COLUMN, name);
        g_free(what->reader->facts->object);
        what->reader->facts->object = g_strconcat(what->table, ".", old, NULL);
    }
}

/* A new column is checked against the rows that are there when it has a CHECK, or when it is
 * generated and may not be null. */
static void
read_add_column(alter *what)
{
    g_autofree char *name = NULL;
    gw_words check = what->reader->words;
    gw_words generated = what->reader->words;
    gw_words not_null = what->reader->words;
    gboolean named = gw_words_take_name(&what->reader->words, FALSE, NULL, &name);
    gboolean checks = gw_words_find(&check, "CHECK", FALSE);
    gboolean filled = gw_words_find(&generated, "AS", FALSE) &&
                      gw_words_find(&not_null, "NOT", FALSE) &&
                      gw_words_take(&not_null, "NOT NULL");
    cost(what, "ALTER TABLE ADD COLUMN", GW_NO, checks || filled ? GW_YES : GW_NO);
    if (named)
    {
        about(what, GW_PROBE_APPEARS, GW_OBJECT_COLUMN, name);
    }
}

static void
read_drop_column(alter *what)
{
    g_autofree char *name = NULL;
    cost(what, "ALTER TABLE DROP COLUMN", GW_YES, GW_YES);
    what->reader->facts->destroys = GW_DESTROYS_COLUMN;
    if (gw_words_take_name(&what->reader->words, FALSE, NULL, &name))
    {
        about(what, GW_PROBE_VANISHES, GW_OBJECT_COLUMN, name);
    }
}

static void
read_add_constraint(alter *what)
{
    g_autofree char *name = NULL;
    cost(what, "ALTER TABLE ADD CONSTRAINT", GW_NO, GW_YES);
    if (gw_words_take_name(&what->reader->words, FALSE, NULL, &name))
    {
        about(what, GW_PROBE_DEFINITION, GW_OBJECT_TABLE, name);
    }
    gw_facts_set_probe(
        what->reader->facts, GW_PROBE_DEFINITION, GW_OBJECT_TABLE, what->schema, what->table, NULL);
}

static void
read_drop_constraint(alter *what)
{
    cost(what, "ALTER TABLE DROP CONSTRAINT", GW_NO, GW_NO);
    what->reader->facts->destroys = GW_DESTROYS_OBJECT;
    gw_facts_set_probe(
        what->reader->facts, GW_PROBE_DEFINITION, GW_OBJECT_TABLE, what->schema, what->table, NULL);
}

static void
read_alter_column(alter *what)
{
    g_autofree char *name = NULL;
    gboolean named = gw_words_take_name(&what->reader->words, FALSE, NULL, &name);
    gboolean set = gw_words_take(&what->reader->words, "SET NOT NULL");
    cost(what, "ALTER TABLE ALTER COLUMN", GW_NO, set ? GW_YES : GW_NO);
    if (named)
    {
        about(what, GW_PROBE_DEFINITION, GW_OBJECT_COLUMN, name);
    }
}

/* In this order: the first that fits is it. Constraints and ALTER COLUMN are of SQLite 3.53. */
static const struct
{
    const char *phrase;
    void (*read)(alter *what);
} forms[] = {
    {"RENAME TO", read_rename_table},
    {"RENAME COLUMN", read_rename_column},
    {"RENAME", read_rename_column},
    {"ADD CONSTRAINT", read_add_constraint},
    {"ADD CHECK", read_add_constraint},
    {"ADD COLUMN", read_add_column},
    {"ADD", read_add_column},
    {"DROP CONSTRAINT", read_drop_constraint},
    {"DROP COLUMN", read_drop_column},
    {"DROP", read_drop_column},
    {"ALTER COLUMN", read_alter_column},
    {"ALTER", read_alter_column},
};

void
gw_sqlite_read_alter(gw_sqlite_reader *reader)
{
    g_autofree char *schema = NULL;
    g_autofree char *table = NULL;
    gboolean named = gw_words_take_name(&reader->words, FALSE, &schema, &table);
    alter what = {.reader = reader, .schema = schema, .table = table};
    if (!named)
    {
        gw_sqlite_lock_schema(reader);
        return;
    }
    reader->facts->object = g_strdup(table);
    for (gsize i = 0; i < G_N_ELEMENTS(forms); i++)
    {
        if (gw_words_take(&reader->words, forms[i].phrase))
        {
            forms[i].read(&what);
            return;
        }
    }
    lock(&what, GW_SPAN_ROWS);
    gw_facts_set_probe(reader->facts, GW_PROBE_DEFINITION, GW_OBJECT_TABLE, schema, table, NULL);
}
