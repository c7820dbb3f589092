/* The facts of SQLite's statements. */
#include "drivers/sqlite/handle.h"
#include "drivers/sqlite/reader.h"

#define SCHEMA GW_KIND_SCHEMA
#define FITS   GW_TRANSACTION_FITS

static void read_create(gw_sqlite_reader *reader);
static void read_create_table(gw_sqlite_reader *reader);
static void read_create_on(gw_sqlite_reader *reader);
static void read_drop(gw_sqlite_reader *reader);
static void read_with(gw_sqlite_reader *reader);
static void read_reindex(gw_sqlite_reader *reader);
static void read_vacuum(gw_sqlite_reader *reader);
static void read_rollback(gw_sqlite_reader *reader);

#define CLIENT_NOTE "a migration stays in its database"
#define DROP_NOTE   "with foreign_keys on, rows that refer to it are deleted or stop the statement"
#define UPDATE_NOTE "all writers wait until its transaction ends"

static const gw_sqlite_rule rules[] = {
    {"CREATE TABLE", "CREATE TABLE", SCHEMA, FITS, GW_NO, GW_NO, 0, GW_OBJECT_TABLE, FALSE,
        read_create_table, NULL},
    {"CREATE TEMP TABLE", "CREATE TEMP TABLE", SCHEMA, FITS, GW_NO, GW_NO, 0, GW_OBJECT_TABLE, TRUE,
        read_create_table, NULL},
    {"CREATE TEMPORARY TABLE", "CREATE TEMP TABLE", SCHEMA, FITS, GW_NO, GW_NO, 0, GW_OBJECT_TABLE,
        TRUE, read_create_table, NULL},
    {"CREATE VIRTUAL TABLE", "CREATE VIRTUAL TABLE", SCHEMA, FITS, GW_NO, GW_NO, 0, GW_OBJECT_TABLE,
        FALSE, read_create, NULL},
    {"CREATE INDEX", "CREATE INDEX", SCHEMA, FITS, GW_NO, GW_YES, 0, GW_OBJECT_INDEX, FALSE,
        read_create_on, NULL},
    {"CREATE UNIQUE INDEX", "CREATE UNIQUE INDEX", SCHEMA, FITS, GW_NO, GW_YES, 0, GW_OBJECT_INDEX,
        FALSE, read_create_on, NULL},
    {"CREATE VIEW", "CREATE VIEW", SCHEMA, FITS, GW_NO, GW_NO, 0, GW_OBJECT_VIEW, FALSE,
        read_create, NULL},
    {"CREATE TEMP VIEW", "CREATE TEMP VIEW", SCHEMA, FITS, GW_NO, GW_NO, 0, GW_OBJECT_VIEW, TRUE,
        read_create, NULL},
    {"CREATE TEMPORARY VIEW", "CREATE TEMP VIEW", SCHEMA, FITS, GW_NO, GW_NO, 0, GW_OBJECT_VIEW,
        TRUE, read_create, NULL},
    {"CREATE TRIGGER", "CREATE TRIGGER", SCHEMA, FITS, GW_NO, GW_NO, 0, GW_OBJECT_TRIGGER, FALSE,
        read_create_on, NULL},
    {"CREATE TEMP TRIGGER", "CREATE TEMP TRIGGER", SCHEMA, FITS, GW_NO, GW_NO, 0, GW_OBJECT_TRIGGER,
        TRUE, read_create_on, NULL},
    {"CREATE TEMPORARY TRIGGER", "CREATE TEMP TRIGGER", SCHEMA, FITS, GW_NO, GW_NO, 0,
        GW_OBJECT_TRIGGER, TRUE, read_create_on, NULL},
    {"ALTER TABLE", "ALTER TABLE", SCHEMA, FITS, GW_UNKNOWN, GW_UNKNOWN, 0, GW_OBJECT_TABLE, FALSE,
        gw_sqlite_read_alter, NULL},
    {"DROP TABLE", "DROP TABLE", SCHEMA, FITS, GW_NO, GW_NO, GW_DESTROYS_TABLE, GW_OBJECT_TABLE,
        FALSE, read_drop, DROP_NOTE},
    {"DROP INDEX", "DROP INDEX", SCHEMA, FITS, GW_NO, GW_NO, GW_DESTROYS_OBJECT, GW_OBJECT_INDEX,
        FALSE, read_drop, NULL},
    {"DROP VIEW", "DROP VIEW", SCHEMA, FITS, GW_NO, GW_NO, GW_DESTROYS_OBJECT, GW_OBJECT_VIEW,
        FALSE, read_drop, NULL},
    {"DROP TRIGGER", "DROP TRIGGER", SCHEMA, FITS, GW_NO, GW_NO, GW_DESTROYS_OBJECT,
        GW_OBJECT_TRIGGER, FALSE, read_drop, NULL},
    {"INSERT", "INSERT", GW_KIND_DATA, FITS, GW_NO, GW_NO, 0, GW_OBJECT_TABLE, FALSE,
        gw_sqlite_read_insert, NULL},
    {"REPLACE", "REPLACE", GW_KIND_DATA, FITS, GW_NO, GW_NO, GW_DESTROYS_VALUES, GW_OBJECT_TABLE,
        FALSE, gw_sqlite_read_insert, NULL},
    {"UPDATE", "UPDATE", GW_KIND_DATA, FITS, GW_DEPENDS, GW_DEPENDS, GW_DESTROYS_VALUES,
        GW_OBJECT_TABLE, FALSE, gw_sqlite_read_update, UPDATE_NOTE},
    {"DELETE", "DELETE", GW_KIND_DATA, FITS, GW_NO, GW_DEPENDS, GW_DESTROYS_ROWS, GW_OBJECT_TABLE,
        FALSE, gw_sqlite_read_delete, UPDATE_NOTE},
    {"SELECT", "SELECT", GW_KIND_QUERY, FITS, GW_NO, GW_DEPENDS, 0, GW_OBJECT_NONE, FALSE, NULL,
        NULL},
    {"VALUES", "VALUES", GW_KIND_QUERY, FITS, GW_NO, GW_NO, 0, GW_OBJECT_NONE, FALSE, NULL, NULL},
    {"WITH", "WITH", GW_KIND_QUERY, FITS, GW_NO, GW_DEPENDS, 0, GW_OBJECT_NONE, FALSE, read_with,
        NULL},
    {"EXPLAIN", "EXPLAIN", GW_KIND_QUERY, FITS, GW_NO, GW_NO, 0, GW_OBJECT_NONE, FALSE, NULL, NULL},
    {"REINDEX", "REINDEX", GW_KIND_SERVICE, FITS, GW_NO, GW_YES, 0, GW_OBJECT_NONE, FALSE,
        read_reindex, NULL},
    {"ANALYZE", "ANALYZE", GW_KIND_SERVICE, FITS, GW_NO, GW_YES, 0, GW_OBJECT_NONE, FALSE,
        read_reindex, NULL},
    {"VACUUM", "VACUUM", GW_KIND_SERVICE, GW_TRANSACTION_REFUSES, GW_YES, GW_YES, 0, GW_OBJECT_NONE,
        FALSE, read_vacuum, "needs as much room again as the database has"},
    {"PRAGMA", "PRAGMA", GW_KIND_SESSION, FITS, GW_NO, GW_NO, 0, GW_OBJECT_NONE, FALSE,
        gw_sqlite_read_pragma, NULL},
    {"ATTACH", "ATTACH", GW_KIND_CLIENT, GW_TRANSACTION_REFUSES, GW_NO, GW_NO, 0, GW_OBJECT_NONE,
        FALSE, NULL, CLIENT_NOTE},
    {".", "a command of the sqlite3 shell", GW_KIND_CLIENT, FITS, GW_NO, GW_NO, 0, GW_OBJECT_NONE,
        FALSE, NULL, "commands of the sqlite3 shell are not SQL: leave them out"},
    {"DETACH", "DETACH", GW_KIND_CLIENT, GW_TRANSACTION_REFUSES, GW_NO, GW_NO, 0, GW_OBJECT_NONE,
        FALSE, NULL, CLIENT_NOTE},
    {"BEGIN", "BEGIN", GW_KIND_CONTROL, FITS, GW_NO, GW_NO, 0, GW_OBJECT_NONE, FALSE, NULL, NULL},
    {"COMMIT", "COMMIT", GW_KIND_CONTROL, FITS, GW_NO, GW_NO, 0, GW_OBJECT_NONE, FALSE, NULL, NULL},
    {"END", "COMMIT", GW_KIND_CONTROL, FITS, GW_NO, GW_NO, 0, GW_OBJECT_NONE, FALSE, NULL, NULL},
    {"ROLLBACK", "ROLLBACK", GW_KIND_CONTROL, FITS, GW_NO, GW_NO, 0, GW_OBJECT_NONE, FALSE,
        read_rollback, NULL},
    {"SAVEPOINT", "SAVEPOINT", GW_KIND_CONTROL, FITS, GW_NO, GW_NO, 0, GW_OBJECT_NONE, FALSE, NULL,
        NULL},
    {"RELEASE", "RELEASE", GW_KIND_CONTROL, FITS, GW_NO, GW_NO, 0, GW_OBJECT_NONE, FALSE, NULL,
        NULL},
};

void
gw_sqlite_lock_schema(gw_sqlite_reader *reader)
{
    gw_facts_add_relation(
        reader->facts, NULL, "sqlite_schema", GW_BLOCKS_WRITES, GW_SPAN_MOMENT, GW_SQLITE_LOCK);
}

static gboolean
is_temporary(const gw_sqlite_reader *reader, const char *schema)
{
    return reader->rule->temporary || (schema != NULL && g_ascii_strcasecmp(schema, "temp") == 0);
}

/* "schema.name" as the plan shows it. */
static char *
shown(const char *schema, const char *name)
{
    return schema == NULL ? g_strdup(name) : g_strconcat(schema, ".", name, NULL);
}

/* The name of what is made, with its probe; FALSE when none stands here. */
static gboolean
create_name(gw_sqlite_reader *reader, char **schema)
{
    gw_facts *facts = reader->facts;
    g_autofree char *name = NULL;
    facts->repeatable = gw_words_take(&reader->words, "IF NOT EXISTS");
    facts->creates = TRUE;
    facts->session = reader->rule->temporary;
    if (!gw_words_take_name(&reader->words, FALSE, schema, &name))
    {
        return FALSE;
    }
    facts->object = shown(*schema, name);
    gw_facts_set_probe(facts, GW_PROBE_APPEARS, reader->rule->object, *schema, name, NULL);
    return TRUE;
}

static void
read_create(gw_sqlite_reader *reader)
{
    g_autofree char *schema = NULL;
    if (create_name(reader, &schema) && !is_temporary(reader, schema))
    {
        gw_sqlite_lock_schema(reader);
    }
}

static void
read_create_table(gw_sqlite_reader *reader)
{
    gw_facts *facts = reader->facts;
    read_create(reader);
    if (gw_words_is(&reader->words, "AS"))
    {
        facts->verb = reader->rule->temporary ? "CREATE TEMP TABLE AS" : "CREATE TABLE AS";
        facts->scan = GW_YES;
        if (facts->relations->len > 0)
        {
            gw_fact_relation *lock = g_ptr_array_index(facts->relations, 0);
            lock->span = GW_SPAN_ROWS;
        }
    }
}

/* An index or a trigger: the table it is on is locked. */
static void
read_create_on(gw_sqlite_reader *reader)
{
    g_autofree char *schema = NULL;
    g_autofree char *table = NULL;
    gw_facts *facts = reader->facts;
    gboolean named = create_name(reader, &schema);
    gw_words before = reader->words;
    if (!named || !gw_words_find(&reader->words, "ON", FALSE))
    {
        reader->words = before;
        gw_sqlite_lock_schema(reader);
        return;
    }
    gw_words_step(&reader->words);
    if (gw_words_take_name(&reader->words, FALSE, NULL, &table) && !is_temporary(reader, schema))
    {
        gw_span span = facts->scan == GW_YES ? GW_SPAN_ROWS : GW_SPAN_MOMENT;
        gw_facts_add_relation(facts, schema, table, GW_BLOCKS_WRITES, span, GW_SQLITE_LOCK);
    }
    g_autofree char *name = g_strdup(facts->probe.name);
    gw_facts_set_probe(facts, GW_PROBE_APPEARS, reader->rule->object, schema, name, table);
}

static void
read_drop(gw_sqlite_reader *reader)
{
    g_autofree char *schema = NULL;
    g_autofree char *name = NULL;
    gw_facts *facts = reader->facts;
    gboolean table = reader->rule->object == GW_OBJECT_TABLE;
    facts->repeatable = gw_words_take(&reader->words, "IF EXISTS");
    if (!gw_words_take_name(&reader->words, FALSE, &schema, &name))
    {
        gw_sqlite_lock_schema(reader);
        return;
    }
    facts->object = shown(schema, name);
    gw_facts_set_probe(facts, GW_PROBE_VANISHES, reader->rule->object, schema, name, NULL);
    if (is_temporary(reader, schema))
    {
        return;
    }
    if (!table)
    {
        gw_sqlite_lock_schema(reader);
        return;
    }
    /* the pages of a table and of its indexes are given back one by one */
    gw_facts_add_relation(facts, schema, name, GW_BLOCKS_WRITES, GW_SPAN_ROWS, GW_SQLITE_LOCK);
}

static void
read_reindex(gw_sqlite_reader *reader)
{
    g_autofree char *schema = NULL;
    g_autofree char *name = NULL;
    gboolean named = gw_words_take_name(&reader->words, FALSE, &schema, &name);
    reader->facts->repeatable = TRUE;
    reader->facts->object = named ? shown(schema, name) : NULL;
    gw_facts_set_probe(reader->facts, GW_PROBE_REPEAT, GW_OBJECT_NONE, NULL, NULL, NULL);
    gw_facts_add_relation(reader->facts, schema, named ? name : "sqlite_schema", GW_BLOCKS_WRITES,
        GW_SPAN_ROWS, GW_SQLITE_LOCK);
}

static void
read_vacuum(gw_sqlite_reader *reader)
{
    gw_facts *facts = reader->facts;
    if (gw_words_find(&reader->words, "INTO", FALSE))
    {
        facts->verb = "VACUUM INTO";
        facts->rewrite = GW_NO;
        facts->note = "fails when the file is there";
        gw_facts_set_probe(facts, GW_PROBE_IMPOSSIBLE, GW_OBJECT_NONE, NULL, NULL, NULL);
        return;
    }
    facts->repeatable = TRUE;
    gw_facts_set_probe(facts, GW_PROBE_REPEAT, GW_OBJECT_NONE, NULL, NULL, NULL);
    gw_facts_add_relation(facts, NULL, "sqlite_schema", GW_BLOCKS_ALL, GW_SPAN_ROWS,
        "exclusive lock of the whole database");
}

static void
read_rollback(gw_sqlite_reader *reader)
{
    gw_words_take(&reader->words, "TRANSACTION");
    if (gw_words_take(&reader->words, "TO"))
    {
        reader->facts->verb = "ROLLBACK TO";
    }
}

/* The statement that the text starts with; NULL when it is none that is known. */
static const gw_sqlite_rule *
rule_find(gw_words *words)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rules); i++)
    {
        if (gw_words_take(words, rules[i].phrase))
        {
            return &rules[i];
        }
    }
    return NULL;
}

static void
rule_apply(gw_sqlite_reader *reader, const gw_sqlite_rule *rule)
{
    gw_facts *facts = reader->facts;
    reader->rule = rule;
    facts->verb = rule->verb;
    facts->kind = rule->kind;
    facts->transactional = rule->transactional;
    facts->rewrite = rule->rewrite;
    facts->scan = rule->scan;
    facts->destroys = rule->destroys;
    facts->note = rule->note;
    gw_facts_set_probe(facts, GW_PROBE_NONE, GW_OBJECT_NONE, NULL, NULL, NULL);
    if (rule->read != NULL)
    {
        rule->read(reader);
    }
}

/* The statement behind the common table expressions. */
static void
read_with(gw_sqlite_reader *reader)
{
    static const char *const heads[] = {
        "INSERT", "REPLACE", "UPDATE", "DELETE", "SELECT", "VALUES", NULL};
    while (!gw_words_end(&reader->words))
    {
        gw_words here = reader->words;
        if (here.depth == 0 && gw_words_take_any(&reader->words, heads) >= 0)
        {
            const gw_sqlite_rule *rule = rule_find(&here);
            reader->words = here;
            rule_apply(reader, rule);
            return;
        }
        gw_words_step(&reader->words);
    }
}

gw_facts *
gw_sqlite_facts(const char *sql, gsize length)
{
    gw_sqlite_reader reader = {.facts = gw_facts_new(), .rule = NULL};
    gw_words_init(&reader.words, &gw_sqlite_dialect.lexis, sql, length);
    const gw_sqlite_rule *rule = rule_find(&reader.words);
    if (rule == NULL)
    {
        gw_facts_add_relation(
            reader.facts, NULL, "sqlite_schema", GW_BLOCKS_WRITES, GW_SPAN_ROWS, GW_SQLITE_LOCK);
        return reader.facts;
    }
    rule_apply(&reader, rule);
    return reader.facts;
}
