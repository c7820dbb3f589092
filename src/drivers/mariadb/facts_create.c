/* The facts of CREATE and DROP. */
#include "drivers/mariadb/facts.h"

static void create_table(gw_mariadb_reader *reader);
static void create_index(gw_mariadb_reader *reader);
static void create_view(gw_mariadb_reader *reader);
static void create_trigger(gw_mariadb_reader *reader);
static void create_function(gw_mariadb_reader *reader);
static void read_plain(gw_mariadb_reader *reader);
static void read_account(gw_mariadb_reader *reader);
static void drop_table(gw_mariadb_reader *reader);
static void drop_index(gw_mariadb_reader *reader);

#define SCHEMA   GW_KIND_SCHEMA
#define COMMITS  GW_TRANSACTION_COMMITS
#define APPEARS  GW_PROBE_APPEARS
#define VANISHES GW_PROBE_VANISHES
#define NEVER    GW_PROBE_IMPOSSIBLE
#define OBJECT   GW_DESTROYS_OBJECT

#define CLIENT_NOTE "a migration stays in its database"
#define TEMPORARY_NOTE                                                                             \
    "a temporary table lives as long as the session: a run that resumes does not find it"
#define ACCOUNT_NOTE "write IF [NOT] EXISTS: whether it ran cannot be told after a crash"
#define SEVERAL_NOTE "tables are dropped one after the other: a crash may leave some"
#define FULLTEXT_NOTE                                                                              \
    "a table's first FULLTEXT index writes the table anew; writes wait until it is built"
#define SPATIAL_NOTE "writes wait until it is built"

static const gw_mariadb_rule creates[] = {
    {"TABLE", "CREATE TABLE", SCHEMA, COMMITS, APPEARS, GW_OBJECT_TABLE, 0, create_table, NULL},
    {"INDEX", "CREATE INDEX", SCHEMA, COMMITS, APPEARS, GW_OBJECT_INDEX, 0, create_index, NULL},
    {"UNIQUE INDEX", "CREATE UNIQUE INDEX", SCHEMA, COMMITS, APPEARS, GW_OBJECT_INDEX, 0,
        create_index, NULL},
    {"FULLTEXT INDEX", "CREATE FULLTEXT INDEX", SCHEMA, COMMITS, APPEARS, GW_OBJECT_INDEX, 0,
        create_index, FULLTEXT_NOTE},
    {"SPATIAL INDEX", "CREATE SPATIAL INDEX", SCHEMA, COMMITS, APPEARS, GW_OBJECT_INDEX, 0,
        create_index, SPATIAL_NOTE},
    {"VIEW", "CREATE VIEW", SCHEMA, COMMITS, APPEARS, GW_OBJECT_VIEW, 0, create_view, NULL},
    {"TRIGGER", "CREATE TRIGGER", SCHEMA, COMMITS, APPEARS, GW_OBJECT_TRIGGER, 0, create_trigger,
        NULL},
    {"FUNCTION", "CREATE FUNCTION", SCHEMA, COMMITS, APPEARS, GW_OBJECT_ROUTINE, 0, create_function,
        NULL},
    {"PROCEDURE", "CREATE PROCEDURE", SCHEMA, COMMITS, APPEARS, GW_OBJECT_PROCEDURE, 0, read_plain,
        NULL},
    {"PACKAGE BODY", "CREATE PACKAGE BODY", SCHEMA, COMMITS, GW_PROBE_CATALOG, GW_OBJECT_ROUTINE, 0,
        read_plain, NULL},
    {"PACKAGE", "CREATE PACKAGE", SCHEMA, COMMITS, APPEARS, GW_OBJECT_ROUTINE, 0, read_plain, NULL},
    {"EVENT", "CREATE EVENT", SCHEMA, COMMITS, APPEARS, GW_OBJECT_EVENT, 0, read_plain, NULL},
    {"SEQUENCE", "CREATE SEQUENCE", SCHEMA, COMMITS, APPEARS, GW_OBJECT_SEQUENCE, 0, read_plain,
        NULL},
    {"DATABASE", "CREATE DATABASE", GW_KIND_CLIENT, COMMITS, NEVER, GW_OBJECT_SCHEMA, 0, NULL,
        CLIENT_NOTE},
    {"SCHEMA", "CREATE SCHEMA", GW_KIND_CLIENT, COMMITS, NEVER, GW_OBJECT_SCHEMA, 0, NULL,
        CLIENT_NOTE},
    {"USER", "CREATE USER", SCHEMA, COMMITS, NEVER, GW_OBJECT_ROLE, 0, read_account, ACCOUNT_NOTE},
    {"ROLE", "CREATE ROLE", SCHEMA, COMMITS, NEVER, GW_OBJECT_ROLE, 0, read_account, ACCOUNT_NOTE},
    {"SERVER", "CREATE SERVER", SCHEMA, COMMITS, NEVER, GW_OBJECT_OTHER, 0, read_account,
        ACCOUNT_NOTE},
};

static const gw_mariadb_rule drops[] = {
    {"TABLES", "DROP TABLE", SCHEMA, COMMITS, VANISHES, GW_OBJECT_TABLE, GW_DESTROYS_TABLE,
        drop_table, NULL},
    {"TABLE", "DROP TABLE", SCHEMA, COMMITS, VANISHES, GW_OBJECT_TABLE, GW_DESTROYS_TABLE,
        drop_table, NULL},
    {"VIEW", "DROP VIEW", SCHEMA, COMMITS, VANISHES, GW_OBJECT_VIEW, OBJECT, drop_table, NULL},
    {"SEQUENCE", "DROP SEQUENCE", SCHEMA, COMMITS, VANISHES, GW_OBJECT_SEQUENCE, OBJECT, drop_table,
        NULL},
    {"INDEX", "DROP INDEX", SCHEMA, COMMITS, VANISHES, GW_OBJECT_INDEX, OBJECT, drop_index, NULL},
    {"TRIGGER", "DROP TRIGGER", SCHEMA, COMMITS, VANISHES, GW_OBJECT_TRIGGER, OBJECT, read_plain,
        NULL},
    {"FUNCTION", "DROP FUNCTION", SCHEMA, COMMITS, VANISHES, GW_OBJECT_ROUTINE, OBJECT, read_plain,
        NULL},
    {"PROCEDURE", "DROP PROCEDURE", SCHEMA, COMMITS, VANISHES, GW_OBJECT_PROCEDURE, OBJECT,
        read_plain, NULL},
    {"PACKAGE BODY", "DROP PACKAGE BODY", SCHEMA, COMMITS, GW_PROBE_CATALOG, GW_OBJECT_ROUTINE,
        OBJECT, read_plain, NULL},
    {"PACKAGE", "DROP PACKAGE", SCHEMA, COMMITS, VANISHES, GW_OBJECT_ROUTINE, OBJECT, read_plain,
        NULL},
    {"EVENT", "DROP EVENT", SCHEMA, COMMITS, VANISHES, GW_OBJECT_EVENT, OBJECT, read_plain, NULL},
    {"USER", "DROP USER", SCHEMA, COMMITS, NEVER, GW_OBJECT_ROLE, OBJECT, read_account,
        ACCOUNT_NOTE},
    {"ROLE", "DROP ROLE", SCHEMA, COMMITS, NEVER, GW_OBJECT_ROLE, OBJECT, read_account,
        ACCOUNT_NOTE},
    {"SERVER", "DROP SERVER", SCHEMA, COMMITS, NEVER, GW_OBJECT_OTHER, OBJECT, read_account,
        ACCOUNT_NOTE},
};

/* ---- CREATE ---- */

/* How many words may stand between CREATE and what is created: ALGORITHM=, DEFINER=, SQL SECURITY.
 */
#define FILL_MOST 24

void
gw_mariadb_read_create(gw_mariadb_reader *reader)
{
    gw_words *words = &reader->words;
    reader->replace = gw_words_take(words, "OR REPLACE");
    for (int i = 0; i < FILL_MOST && !gw_words_end(words); i++)
    {
        reader->temporary = reader->temporary || gw_words_is(words, "TEMPORARY");
        if (gw_mariadb_match(reader, creates, G_N_ELEMENTS(creates)))
        {
            return;
        }
        gw_words_step(words);
    }
    gw_mariadb_read_unknown(reader);
}

/* A table of the session alone is no change of the schema, and nothing of it outlives a crash. */
static void
be_temporary(gw_mariadb_reader *reader)
{
    gw_facts *facts = reader->facts;
    gboolean makes = reader->rule->probe == APPEARS;
    facts->verb = makes ? "CREATE TEMPORARY TABLE" : "DROP TEMPORARY TABLE";
    facts->kind = GW_KIND_SESSION;
    facts->transactional = GW_TRANSACTION_FITS;
    facts->destroys = GW_DESTROYS_NOTHING;
    facts->probe.kind = GW_PROBE_NONE;
    facts->note = TEMPORARY_NOTE;
}

void
gw_mariadb_read_sources(gw_mariadb_reader *reader, gw_blocks blocks, const char *lock)
{
    static const char *const before[] = {"FROM", "USING", "JOIN", NULL};
    gw_words *words = &reader->words;
    guint depth = words->depth;
    for (; !gw_words_end(words); gw_words_step(words))
    {
        g_autofree char *schema = NULL;
        g_autofree char *name = NULL;
        if (words->depth != depth || gw_words_take_any(words, before) < 0)
        {
            continue;
        }
        gw_words ahead = *words; /* the loop steps on behind the name */
        if (!gw_words_is(words, "DUAL") && gw_words_take_name(&ahead, FALSE, &schema, &name))
        {
            reader->facts->scan = GW_DEPENDS;
            gw_facts_add_relation(reader->facts, schema, name, blocks, GW_SPAN_ROWS, lock);
        }
    }
}

/* REFERENCES p, at any depth; and where a SELECT begins, its tables. */
static void
read_table_body(gw_mariadb_reader *reader, const char *table)
{
    gw_words *words = &reader->words;
    for (; !gw_words_end(words); gw_words_step(words))
    {
        g_autofree char *schema = NULL;
        g_autofree char *name = NULL;
        if (gw_words_is(words, "SELECT"))
        {
            reader->facts->scan = GW_DEPENDS;
            gw_mariadb_read_sources(reader, GW_BLOCKS_WRITES, "shared row locks");
            return;
        }
        gw_words ahead = *words;
        if (gw_words_take(&ahead, "REFERENCES") &&
            gw_words_take_name(&ahead, FALSE, &schema, &name) && strcmp(name, table) != 0)
        {
            gw_facts_add_relation(
                reader->facts, schema, name, GW_BLOCKS_SCHEMA, GW_SPAN_MOMENT, "shared read");
        }
    }
}

static void
read_like(gw_mariadb_reader *reader)
{
    g_autofree char *schema = NULL;
    g_autofree char *name = NULL;
    if (gw_words_take_name(&reader->words, FALSE, &schema, &name))
    {
        gw_facts_add_relation(
            reader->facts, schema, name, GW_BLOCKS_SCHEMA, GW_SPAN_MOMENT, "shared read");
        gw_fact_relation *last =
            g_ptr_array_index(reader->facts->relations, reader->facts->relations->len - 1);
        last->model = TRUE;
    }
}

static void
create_table(gw_mariadb_reader *reader)
{
    static const char *const like[] = {"LIKE", "( LIKE", NULL};
    g_autofree char *schema = NULL;
    g_autofree char *name = NULL;
    gw_facts *facts = reader->facts;
    gw_mariadb_take_if(reader);
    if (!gw_mariadb_take_object(reader, &schema, &name))
    {
        return;
    }
    facts->creates = !reader->lenient && !reader->replace;
    gw_mariadb_read_engine(reader);
    if (reader->replace && !reader->temporary)
    {
        facts->destroys = GW_DESTROYS_TABLE;
        gw_facts_add_relation(facts, schema, name, GW_BLOCKS_ALL, GW_SPAN_MOMENT, "exclusive");
    }
    if (gw_words_take_any(&reader->words, like) >= 0)
    {
        read_like(reader);
    }
    else
    {
        read_table_body(reader, name);
    }
    if (reader->temporary)
    {
        be_temporary(reader);
    }
}

static gw_mariadb_cost
index_cost(const char *verb)
{
    if (strstr(verb, "FULLTEXT") != NULL)
    {
        return (gw_mariadb_cost){.least = GW_MARIADB_NOCOPY,
            .most = GW_MARIADB_INPLACE,
            .least_share = GW_MARIADB_SHARED,
            .most_share = GW_MARIADB_SHARED,
            .scans = TRUE};
    }
    gw_mariadb_share share = strstr(verb, "SPATIAL") == NULL ? GW_MARIADB_NONE : GW_MARIADB_SHARED;
    return (gw_mariadb_cost){.least = GW_MARIADB_NOCOPY,
        .most = GW_MARIADB_NOCOPY,
        .least_share = share,
        .most_share = share,
        .scans = TRUE};
}

/* ON t (…) [ALGORITHM=…] [LOCK=…] behind the name of an index. */
static void
read_index_table(gw_mariadb_reader *reader, const char *index, gw_mariadb_cost cost)
{
    g_autofree char *schema = NULL;
    g_autofree char *table = NULL;
    gw_words *words = &reader->words;
    gw_facts *facts = reader->facts;
    if (!gw_words_find(words, "ON", FALSE) || !gw_words_take(words, "ON") ||
        !gw_words_take_name(words, FALSE, &schema, &table))
    {
        gw_mariadb_read_unknown(reader);
        return;
    }
    while (!gw_words_end(words))
    {
        if (!gw_mariadb_take_clause(words, &cost))
        {
            gw_words_step(words);
        }
    }
    gw_mariadb_cost_state(&cost, facts, schema, table);
    gw_mariadb_set_object(facts, table, index);
    if (facts->probe.kind != GW_PROBE_REPEAT)
    {
        gw_facts_set_probe(facts, reader->rule->probe, GW_OBJECT_INDEX, schema, index, table);
    }
}

static void
create_index(gw_mariadb_reader *reader)
{
    g_autofree char *schema = NULL;
    g_autofree char *name = NULL;
    gw_mariadb_take_if(reader);
    if (gw_mariadb_take_object(reader, &schema, &name))
    {
        read_index_table(reader, name, index_cost(reader->rule->verb));
    }
}

static void
create_view(gw_mariadb_reader *reader)
{
    g_autofree char *schema = NULL;
    g_autofree char *name = NULL;
    gw_mariadb_take_if(reader);
    if (!gw_mariadb_take_object(reader, &schema, &name))
    {
        return;
    }
    reader->facts->creates = !reader->replace && !reader->lenient;
    if (reader->replace)
    {
        reader->facts->verb = "CREATE OR REPLACE VIEW";
        gw_facts_add_relation(
            reader->facts, schema, name, GW_BLOCKS_ALL, GW_SPAN_MOMENT, "exclusive");
    }
}

static void
create_trigger(gw_mariadb_reader *reader)
{
    g_autofree char *schema = NULL;
    g_autofree char *name = NULL;
    g_autofree char *home = NULL;
    g_autofree char *table = NULL;
    gw_facts *facts = reader->facts;
    gw_mariadb_take_if(reader);
    if (!gw_mariadb_take_object(reader, &schema, &name) ||
        !gw_words_find(&reader->words, "ON", FALSE) || !gw_words_take(&reader->words, "ON") ||
        !gw_words_take_name(&reader->words, FALSE, &home, &table))
    {
        return;
    }
    gw_facts_add_relation(facts, home, table, GW_BLOCKS_ALL, GW_SPAN_MOMENT, "exclusive");
    gw_mariadb_set_object(facts, table, name);
    if (facts->probe.kind != GW_PROBE_REPEAT)
    {
        gw_facts_set_probe(facts, GW_PROBE_APPEARS, GW_OBJECT_TRIGGER, schema, name, table);
    }
}

static void
read_plain(gw_mariadb_reader *reader)
{
    g_autofree char *schema = NULL;
    g_autofree char *name = NULL;
    gw_mariadb_take_if(reader);
    gw_mariadb_take_object(reader, &schema, &name);
}

/* A function of a library (SONAME) is the server's, and no part of the schema. */
static void
create_function(gw_mariadb_reader *reader)
{
    read_plain(reader);
    if (gw_words_find(&reader->words, "SONAME", FALSE) &&
        reader->facts->probe.kind != GW_PROBE_REPEAT)
    {
        reader->facts->probe.kind = NEVER;
        reader->facts->note = ACCOUNT_NOTE;
    }
}

static void
read_account(gw_mariadb_reader *reader)
{
    gw_mariadb_take_if(reader);
    if (reader->lenient || reader->replace)
    {
        gw_mariadb_repeats(reader->facts);
        reader->facts->note = NULL;
    }
}

/* ---- DROP ---- */

void
gw_mariadb_read_drop(gw_mariadb_reader *reader)
{
    static const char *const fill[] = {"TEMPORARY", "ONLINE", "OFFLINE", NULL};
    reader->temporary = gw_words_take_any(&reader->words, fill) == 0;
    if (!gw_mariadb_match(reader, drops, G_N_ELEMENTS(drops)))
    {
        gw_mariadb_read_unknown(reader);
    }
}

/* One or several, each locked for the moment in which it goes; the last tells whether all went. */
static void
drop_table(gw_mariadb_reader *reader)
{
    guint count = 0;
    gw_mariadb_take_if(reader);
    do
    {
        g_autofree char *schema = NULL;
        g_autofree char *name = NULL;
        if (gw_mariadb_take_object(reader, &schema, &name))
        {
            gw_facts_add_relation(
                reader->facts, schema, name, GW_BLOCKS_ALL, GW_SPAN_MOMENT, "exclusive");
            count++;
        }
    } while (gw_words_take(&reader->words, ","));
    if (reader->temporary)
    {
        g_ptr_array_set_size(reader->facts->relations, 0);
        be_temporary(reader);
    }
    else if (count > 1 && !reader->lenient)
    {
        reader->facts->note = SEVERAL_NOTE;
    }
}

static void
drop_index(gw_mariadb_reader *reader)
{
    static const gw_mariadb_cost cost = {.least = GW_MARIADB_NOCOPY, .most = GW_MARIADB_NOCOPY};
    g_autofree char *schema = NULL;
    g_autofree char *name = NULL;
    gw_mariadb_take_if(reader);
    if (gw_mariadb_take_object(reader, &schema, &name))
    {
        read_index_table(reader, name, cost);
    }
}
