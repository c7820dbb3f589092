/* The facts of MariaDB's statements: what each begins with, and what is so of all that do. */
#include "drivers/mariadb/facts.h"

#include "drivers/mariadb/mariadb.h"

static void read_relation(gw_mariadb_reader *reader);
static void read_select(gw_mariadb_reader *reader);
static void read_analyze(gw_mariadb_reader *reader);
static void read_flush(gw_mariadb_reader *reader);

#define SCHEMA  GW_KIND_SCHEMA
#define DATA    GW_KIND_DATA
#define QUERY   GW_KIND_QUERY
#define SESSION GW_KIND_SESSION
#define CONTROL GW_KIND_CONTROL
#define CLIENT  GW_KIND_CLIENT
#define SERVICE GW_KIND_SERVICE
#define CALL    GW_KIND_CALL
#define FITS    GW_TRANSACTION_FITS
#define COMMITS GW_TRANSACTION_COMMITS
#define NONE    GW_PROBE_NONE
#define REPEAT  GW_PROBE_REPEAT
#define CATALOG GW_PROBE_CATALOG
#define NEVER   GW_PROBE_IMPOSSIBLE
#define TABLE   GW_OBJECT_TABLE
#define ROLE    GW_OBJECT_ROLE
#define OTHER   GW_OBJECT_OTHER
#define NOTHING GW_OBJECT_NONE

#define CLIENT_NOTE "a migration stays in its database and leaves no lock behind"
#define SERVER_NOTE "changes the server, not only this database"
#define TRUNCATE_NOTE                                                                              \
    "whether it ran cannot be told after a crash: its only trace is that the rows are gone"
#define CALL_NOTE   "may do anything and commit on its way"
#define PARENT_NOTE "writes on tables that it refers to wait for a moment as well"

/* Longer phrases stand before shorter ones that begin alike. */
static const gw_mariadb_rule rules[] = {
    {"CREATE", "CREATE", SCHEMA, COMMITS, CATALOG, OTHER, 0, gw_mariadb_read_create, NULL},
    {"ALTER", "ALTER", SCHEMA, COMMITS, CATALOG, OTHER, 0, gw_mariadb_read_alter, NULL},
    {"DROP PREPARE", "DROP PREPARE", SESSION, FITS, NONE, NOTHING, 0, NULL, NULL},
    {"DROP DATABASE", "DROP DATABASE", CLIENT, COMMITS, NEVER, GW_OBJECT_SCHEMA,
        GW_DESTROYS_TABLE | GW_DESTROYS_OBJECT, NULL, CLIENT_NOTE},
    {"DROP SCHEMA", "DROP SCHEMA", CLIENT, COMMITS, NEVER, GW_OBJECT_SCHEMA,
        GW_DESTROYS_TABLE | GW_DESTROYS_OBJECT, NULL, CLIENT_NOTE},
    {"DROP", "DROP", SCHEMA, COMMITS, CATALOG, OTHER, 0, gw_mariadb_read_drop, NULL},
    {"RENAME USER", "RENAME USER", SCHEMA, COMMITS, NEVER, ROLE, 0, NULL, NULL},
    {"RENAME", "RENAME TABLE", SCHEMA, COMMITS, CATALOG, TABLE, 0, gw_mariadb_read_rename_table,
        PARENT_NOTE},
    {"TRUNCATE", "TRUNCATE TABLE", SCHEMA, COMMITS, NEVER, TABLE, GW_DESTROYS_ROWS, read_relation,
        TRUNCATE_NOTE},
    {"GRANT", "GRANT", SCHEMA, COMMITS, REPEAT, ROLE, 0, NULL, NULL},
    {"REVOKE", "REVOKE", SCHEMA, COMMITS, REPEAT, ROLE, 0, NULL, NULL},
    {"INSERT", "INSERT", DATA, FITS, NONE, TABLE, 0, gw_mariadb_read_insert, NULL},
    {"REPLACE", "REPLACE", DATA, FITS, NONE, TABLE, GW_DESTROYS_VALUES, gw_mariadb_read_insert,
        NULL},
    {"UPDATE", "UPDATE", DATA, FITS, NONE, TABLE, GW_DESTROYS_VALUES, gw_mariadb_read_update, NULL},
    {"DELETE", "DELETE", DATA, FITS, NONE, TABLE, GW_DESTROYS_ROWS, gw_mariadb_read_delete, NULL},
    {"LOAD INDEX INTO CACHE", "LOAD INDEX INTO CACHE", SERVICE, COMMITS, REPEAT, TABLE, 0, NULL,
        NULL},
    {"LOAD", "LOAD DATA", DATA, FITS, NONE, TABLE, 0, gw_mariadb_read_load, NULL},
    {"WITH", "SELECT", QUERY, FITS, NONE, NOTHING, 0, gw_mariadb_read_with, NULL},
    {"SELECT", "SELECT", QUERY, FITS, NONE, NOTHING, 0, read_select, NULL},
    {"(", "SELECT", QUERY, FITS, NONE, NOTHING, 0, NULL, NULL},
    {"VALUES", "VALUES", QUERY, FITS, NONE, NOTHING, 0, NULL, NULL},
    {"TABLE", "TABLE", QUERY, FITS, NONE, NOTHING, 0, NULL, NULL},
    {"SHOW", "SHOW", QUERY, FITS, NONE, NOTHING, 0, NULL, NULL},
    {"EXPLAIN", "EXPLAIN", QUERY, FITS, NONE, NOTHING, 0, NULL, NULL},
    {"DESCRIBE", "DESCRIBE", QUERY, FITS, NONE, NOTHING, 0, NULL, NULL},
    {"DESC", "DESCRIBE", QUERY, FITS, NONE, NOTHING, 0, NULL, NULL},
    {"HELP", "HELP", QUERY, FITS, NONE, NOTHING, 0, NULL, NULL},
    {"HANDLER", "HANDLER", QUERY, FITS, NONE, NOTHING, 0, NULL, NULL},
    {"CALL", "CALL", CALL, COMMITS, CATALOG, GW_OBJECT_ROUTINE, 0, NULL, CALL_NOTE},
    {"DO", "DO", CALL, FITS, NONE, NOTHING, 0, NULL, NULL},
    {"EXECUTE", "EXECUTE", CALL, COMMITS, CATALOG, NOTHING, 0, NULL, CALL_NOTE},
    {"IF", "IF", CALL, COMMITS, CATALOG, NOTHING, 0, NULL, CALL_NOTE},
    {"CASE", "CASE", CALL, COMMITS, CATALOG, NOTHING, 0, NULL, CALL_NOTE},
    {"LOOP", "LOOP", CALL, COMMITS, CATALOG, NOTHING, 0, NULL, CALL_NOTE},
    {"WHILE", "WHILE", CALL, COMMITS, CATALOG, NOTHING, 0, NULL, CALL_NOTE},
    {"REPEAT", "REPEAT", CALL, COMMITS, CATALOG, NOTHING, 0, NULL, CALL_NOTE},
    {"FOR", "FOR", CALL, COMMITS, CATALOG, NOTHING, 0, NULL, CALL_NOTE},
    {"PREPARE", "PREPARE", SESSION, FITS, NONE, NOTHING, 0, NULL, NULL},
    {"DEALLOCATE PREPARE", "DEALLOCATE PREPARE", SESSION, FITS, NONE, NOTHING, 0, NULL, NULL},
    {"SIGNAL", "SIGNAL", GW_KIND_OTHER, FITS, NONE, NOTHING, 0, NULL, NULL},
    {"GET", "GET DIAGNOSTICS", SESSION, FITS, NONE, NOTHING, 0, NULL, NULL},
    {"SET", "SET", SESSION, FITS, NONE, NOTHING, 0, gw_mariadb_read_set, NULL},
    {"BEGIN", "BEGIN", CONTROL, COMMITS, NONE, NOTHING, 0, gw_mariadb_read_begin, NULL},
    {"START TRANSACTION", "START TRANSACTION", CONTROL, COMMITS, NONE, NOTHING, 0, NULL, NULL},
    {"COMMIT", "COMMIT", CONTROL, COMMITS, NONE, NOTHING, 0, NULL, NULL},
    {"ROLLBACK", "ROLLBACK", CONTROL, FITS, NONE, NOTHING, 0, NULL, NULL},
    {"SAVEPOINT", "SAVEPOINT", CONTROL, FITS, NONE, NOTHING, 0, NULL, NULL},
    {"RELEASE SAVEPOINT", "RELEASE SAVEPOINT", CONTROL, FITS, NONE, NOTHING, 0, NULL, NULL},
    {"XA", "XA", CONTROL, COMMITS, NONE, NOTHING, 0, NULL, NULL},
    {"USE", "USE", CLIENT, FITS, NONE, NOTHING, 0, NULL, CLIENT_NOTE},
    {"SOURCE", "SOURCE", CLIENT, FITS, NONE, NOTHING, 0, NULL,
        "a command of the mariadb client, not SQL: put the other file's statements here"},
    {"LOCK", "LOCK TABLES", CLIENT, COMMITS, NONE, NOTHING, 0, NULL, CLIENT_NOTE},
    {"UNLOCK", "UNLOCK TABLES", CLIENT, COMMITS, NONE, NOTHING, 0, NULL, CLIENT_NOTE},
    {"BACKUP", "BACKUP", CLIENT, COMMITS, NONE, NOTHING, 0, NULL, CLIENT_NOTE},
    {"ANALYZE", "ANALYZE TABLE", SERVICE, COMMITS, REPEAT, TABLE, 0, read_analyze, NULL},
    {"OPTIMIZE", "OPTIMIZE TABLE", SERVICE, COMMITS, REPEAT, TABLE, 0, read_relation, NULL},
    {"REPAIR", "REPAIR TABLE", SERVICE, COMMITS, REPEAT, TABLE, 0, read_relation, NULL},
    {"CHECK", "CHECK TABLE", SERVICE, COMMITS, REPEAT, TABLE, 0, read_relation, NULL},
    {"CHECKSUM", "CHECKSUM TABLE", QUERY, FITS, NONE, TABLE, 0, read_relation, NULL},
    {"CACHE INDEX", "CACHE INDEX", SERVICE, COMMITS, REPEAT, NOTHING, 0, NULL, NULL},
    {"FLUSH", "FLUSH", SERVICE, COMMITS, REPEAT, NOTHING, 0, read_flush, SERVER_NOTE},
    {"RESET", "RESET", SERVICE, COMMITS, REPEAT, NOTHING, 0, NULL, SERVER_NOTE},
    {"PURGE", "PURGE BINARY LOGS", SERVICE, FITS, REPEAT, NOTHING, 0, NULL, SERVER_NOTE},
    {"CHANGE", "CHANGE MASTER", SERVICE, COMMITS, REPEAT, NOTHING, 0, NULL, SERVER_NOTE},
    {"START", "START REPLICA", SERVICE, COMMITS, REPEAT, NOTHING, 0, NULL, SERVER_NOTE},
    {"STOP", "STOP REPLICA", SERVICE, COMMITS, REPEAT, NOTHING, 0, NULL, SERVER_NOTE},
    {"INSTALL", "INSTALL PLUGIN", SERVICE, COMMITS, NEVER, NOTHING, 0, NULL, SERVER_NOTE},
    {"UNINSTALL", "UNINSTALL PLUGIN", SERVICE, COMMITS, NEVER, NOTHING, 0, NULL, SERVER_NOTE},
    {"IMPORT", "IMPORT TABLE", SCHEMA, COMMITS, CATALOG, NOTHING, 0, NULL, NULL},
    {"KILL", "KILL", SERVICE, FITS, REPEAT, NOTHING, 0, NULL, SERVER_NOTE},
    {"SHUTDOWN", "SHUTDOWN", CLIENT, COMMITS, NONE, NOTHING, 0, NULL, SERVER_NOTE},
    {"RESTART", "RESTART", CLIENT, COMMITS, NONE, NOTHING, 0, NULL, SERVER_NOTE},
    {"CLONE", "CLONE", CLIENT, COMMITS, NONE, NOTHING, 0, NULL, SERVER_NOTE},
    {"BINLOG", "BINLOG", DATA, FITS, NONE, NOTHING, GW_DESTROYS_VALUES, NULL, CALL_NOTE},
};

/* ---- what the parts share ---- */

void
gw_mariadb_read_engine(gw_mariadb_reader *reader)
{
    static const char *const whole[] = {
        "innodb", "rocksdb", "tokudb", "spider", "ndb", "ndbcluster", NULL};
    gw_words words = reader->words;
    guint depth = words.depth;
    for (; !gw_words_end(&words) && !gw_words_is(&words, "SELECT"); gw_words_step(&words))
    {
        gw_words ahead = words;
        if (words.depth == depth && gw_words_take(&ahead, "ENGINE =") && !gw_words_end(&ahead))
        {
            g_autofree char *quoted =
                g_ascii_strdown(ahead.lexer.text + ahead.token.offset, (gssize)ahead.token.length);
            g_strdelimit(quoted, "'\"`", ' ');
            g_strstrip(quoted);
            g_free(reader->facts->engine);
            reader->facts->engine =
                g_strv_contains(whole, quoted) ? g_strdup("") : g_ascii_strup(quoted, -1);
        }
    }
}

void
gw_mariadb_repeats(gw_facts *facts)
{
    facts->repeatable = TRUE;
    gw_facts_set_probe(facts, GW_PROBE_REPEAT, GW_OBJECT_NONE, NULL, NULL, NULL);
}

void
gw_mariadb_set_object(gw_facts *facts, const char *table, const char *name)
{
    if (facts->object != NULL && table == NULL)
    {
        return; /* of several, the first */
    }
    g_free(facts->object);
    facts->object = table == NULL ? g_strdup(name) : g_strdup_printf("%s.%s", table, name);
}

void
gw_mariadb_take_if(gw_mariadb_reader *reader)
{
    static const char *const phrases[] = {"IF NOT EXISTS", "IF EXISTS", NULL};
    if (gw_words_take_any(&reader->words, phrases) >= 0)
    {
        reader->lenient = TRUE;
    }
}

gboolean
gw_mariadb_take_object(gw_mariadb_reader *reader, char **schema, char **name)
{
    gw_facts *facts = reader->facts;
    if (!gw_words_take_name(&reader->words, FALSE, schema, name))
    {
        return FALSE;
    }
    gw_mariadb_set_object(facts, NULL, *name);
    gw_facts_set_probe(facts, reader->rule->probe, reader->rule->object, *schema, *name, NULL);
    if (reader->lenient || reader->replace)
    {
        gw_mariadb_repeats(facts);
    }
    return TRUE;
}

/* ---- statements about tables as they are ---- */

/* What a verb does to each of its tables. */
static const struct
{
    const char *verb;
    gw_blocks blocks;
    gw_span span;
    const char *lock;
    gw_answer3 rewrite;
    gw_answer3 scan;
} treatments[] = {
    {"TRUNCATE TABLE", GW_BLOCKS_ALL, GW_SPAN_MOMENT, "exclusive", GW_NO, GW_NO},
    {"OPTIMIZE TABLE", GW_BLOCKS_SCHEMA, GW_SPAN_ROWS, "INPLACE, LOCK=NONE", GW_YES, GW_YES},
    {"REPAIR TABLE", GW_BLOCKS_ALL, GW_SPAN_ROWS, "exclusive", GW_YES, GW_YES},
    {"ANALYZE TABLE", GW_BLOCKS_SCHEMA, GW_SPAN_MOMENT, "shared read", GW_NO, GW_NO},
    {"CHECK TABLE", GW_BLOCKS_SCHEMA, GW_SPAN_ROWS, "shared read", GW_NO, GW_YES},
    {"CHECKSUM TABLE", GW_BLOCKS_SCHEMA, GW_SPAN_ROWS, "shared read", GW_NO, GW_YES},
};

static void
treat(gw_facts *facts, const char *schema, const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(treatments); i++)
    {
        if (strcmp(treatments[i].verb, facts->verb) == 0)
        {
            facts->rewrite = treatments[i].rewrite;
            facts->scan = treatments[i].scan;
            gw_facts_add_relation(
                facts, schema, name, treatments[i].blocks, treatments[i].span, treatments[i].lock);
        }
    }
}

/* [NO_WRITE_TO_BINLOG | LOCAL] [TABLE[S]] t [, u …] */
static void
read_relation(gw_mariadb_reader *reader)
{
    static const char *const fill[] = {"NO_WRITE_TO_BINLOG", "LOCAL", "TABLES", "TABLE", NULL};
    gw_words *words = &reader->words;
    while (gw_words_take_any(words, fill) >= 0)
    {
    }
    do
    {
        g_autofree char *schema = NULL;
        g_autofree char *name = NULL;
        if (gw_words_take_name(words, FALSE, &schema, &name))
        {
            treat(reader->facts, schema, name);
            gw_mariadb_set_object(reader->facts, NULL, name);
        }
    } while (gw_words_take(words, ","));
    reader->facts->repeatable = reader->rule->probe == GW_PROBE_REPEAT;
}

/* ANALYZE TABLE t, or ANALYZE <statement>, which runs it. */
static void
read_analyze(gw_mariadb_reader *reader)
{
    gw_words ahead = reader->words;
    static const char *const fill[] = {"NO_WRITE_TO_BINLOG", "LOCAL", NULL};
    gw_words_take_any(&ahead, fill);
    if (gw_words_is(&ahead, "TABLE") || gw_words_is(&ahead, "TABLES"))
    {
        read_relation(reader);
        return;
    }
    if (gw_words_take(&reader->words, "FORMAT ="))
    {
        gw_words_step(&reader->words);
    }
    gw_mariadb_read_inner(reader);
}

static void
read_select(gw_mariadb_reader *reader)
{
    gw_words ahead = reader->words;
    if (gw_words_find(&ahead, "INTO", FALSE) && gw_words_take(&ahead, "INTO") &&
        (gw_words_is(&ahead, "OUTFILE") || gw_words_is(&ahead, "DUMPFILE")))
    {
        reader->facts->kind = GW_KIND_OTHER;
        reader->facts->verb = "SELECT INTO OUTFILE";
        reader->facts->probe.kind = GW_PROBE_IMPOSSIBLE;
        reader->facts->repeatable = FALSE;
    }
}

/* FLUSH TABLES … WITH READ LOCK and FOR EXPORT leave a lock behind. */
static void
read_flush(gw_mariadb_reader *reader)
{
    gw_words ahead = reader->words;
    gw_words more = reader->words;
    if (gw_words_find(&ahead, "LOCK", FALSE) || gw_words_find(&more, "EXPORT", FALSE))
    {
        reader->facts->kind = GW_KIND_CLIENT;
        reader->facts->verb = "FLUSH TABLES WITH READ LOCK";
        reader->facts->probe.kind = GW_PROBE_NONE;
        reader->facts->repeatable = FALSE;
        reader->facts->note = CLIENT_NOTE;
    }
}

/* ---- which rule ---- */

void
gw_mariadb_apply(gw_mariadb_reader *reader, const gw_mariadb_rule *rule)
{
    gw_facts *facts = reader->facts;
    reader->rule = rule;
    facts->verb = rule->verb;
    facts->kind = rule->kind;
    facts->transactional = rule->transactional;
    facts->destroys = rule->destroys;
    facts->note = rule->note;
    facts->rewrite = rule->kind == CALL ? GW_UNKNOWN : GW_NO;
    facts->scan = facts->rewrite;
    facts->repeatable = rule->probe == GW_PROBE_REPEAT || rule->kind == QUERY;
    gw_facts_set_probe(facts, rule->probe, rule->object, NULL, NULL, NULL);
    if (rule->read != NULL)
    {
        rule->read(reader);
    }
}

/* What is not known: all that seems to be a table is locked against all. */
void
gw_mariadb_read_unknown(gw_mariadb_reader *reader)
{
    gw_facts *facts = reader->facts;
    facts->kind = GW_KIND_OTHER;
    facts->rewrite = GW_UNKNOWN;
    facts->scan = GW_UNKNOWN;
    facts->transactional = GW_TRANSACTION_COMMITS;
    facts->note = "godwit does not know this statement: it assumes the strongest lock";
    while (gw_words_find(&reader->words, "TABLE", TRUE))
    {
        g_autofree char *schema = NULL;
        g_autofree char *name = NULL;
        gw_words_step(&reader->words);
        gw_mariadb_take_if(reader);
        if (gw_words_take_name(&reader->words, FALSE, &schema, &name))
        {
            gw_facts_add_relation(facts, schema, name, GW_BLOCKS_ALL, GW_SPAN_ROWS, "unknown");
        }
    }
}

gboolean
gw_mariadb_match(gw_mariadb_reader *reader, const gw_mariadb_rule *list, gsize count)
{
    for (gsize i = 0; i < count; i++)
    {
        if (gw_words_take(&reader->words, list[i].phrase))
        {
            gw_mariadb_apply(reader, &list[i]);
            return TRUE;
        }
    }
    return FALSE;
}

void
gw_mariadb_read_inner(gw_mariadb_reader *reader)
{
    if (!gw_mariadb_match(reader, rules, G_N_ELEMENTS(rules)))
    {
        gw_mariadb_read_unknown(reader);
    }
}

gw_facts *
gw_mariadb_facts(const char *sql, gsize length)
{
    gw_mariadb_reader reader = {.facts = gw_facts_new()};
    gw_words_init(&reader.words, &gw_mariadb_dialect.lexis, sql, length);
    if (gw_words_end(&reader.words))
    {
        reader.facts->verb = "nothing";
        reader.facts->rewrite = GW_NO;
        reader.facts->scan = GW_NO;
        gw_mariadb_repeats(reader.facts);
        return reader.facts;
    }
    gw_mariadb_read_inner(&reader);
    return reader.facts;
}
