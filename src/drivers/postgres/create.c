#include "drivers/postgres/rules.h"

/* How the grammar writes INSTEAD OF, which only views have. */
#define INSTEAD "64"

#define NOTE_PARTITION                                                                             \
    "locks the partitioned table, and a default partition, which is read whole, against reads"
#define NOTE_INDEX      "blocks writes while the index is built: CREATE INDEX CONCURRENTLY does not"
#define NOTE_CONCURRENT "waits for all older transactions and reads the table twice"
#define NOTE_IF_NOT_EXISTS                                                                         \
    "IF NOT EXISTS accepts the INVALID index that a failed try left: leave it off"
#define NOTE_SET_CONFIG "set_config() changes the session"

static gw_pg_relation
relation_as(const gw_pg_node *range, gw_object_kind kind)
{
    gw_pg_relation relation = gw_pg_relation_of(range);
    relation.kind = kind;
    return relation;
}

/* A new object by the list of its names. */
static gw_pg_relation
listed(const gw_pg_node *names, gw_object_kind kind)
{
    return (gw_pg_relation){gw_pg_name(names, 1), gw_pg_name(names, 0), kind};
}

static void
appears(gw_facts *facts, gw_pg_relation object)
{
    gw_pg_about(facts, object, NULL);
    gw_pg_probe(facts, GW_PROBE_APPEARS, object);
}

/* CREATE TABLE, and CREATE FOREIGN TABLE which holds one. */
void
gw_pg_read_table(gw_facts *facts, const gw_pg_node *statement)
{
    const gw_pg_node *base = gw_pg_get(statement, "base");
    const gw_pg_node *create = base == NULL ? statement : base;
    const gw_pg_node *parents = gw_pg_get(create, "inhRelations");
    gboolean partition = gw_pg_get(create, "partbound") != NULL;
    appears(facts, gw_pg_relation_of(gw_pg_get(create, "relation")));
    for (const gw_pg_node *item = gw_pg_first(parents); item != NULL;
         item = gw_pg_next(parents, item))
    {
        gw_pg_locks(facts, gw_pg_relation_of(gw_pg_get(item, "RangeVar")),
            partition ? GW_PG_ACCESS_EXCLUSIVE : GW_PG_SHARE_UPDATE_EXCLUSIVE, GW_SPAN_MOMENT);
    }
    if (partition)
    {
        facts->scan = GW_DEPENDS;
        gw_pg_note(facts, NOTE_PARTITION);
    }
    gw_pg_parents(facts, create, GW_SPAN_MOMENT);
    const gw_pg_node *elements = gw_pg_get(create, "tableElts");
    for (const gw_pg_node *item = gw_pg_first(elements); item != NULL;
         item = gw_pg_next(elements, item))
    {
        const gw_pg_node *like = gw_pg_get(item, "TableLikeClause");
        gw_pg_locks(facts, gw_pg_relation_of(gw_pg_get(like, "relation")), GW_PG_ACCESS_SHARE,
            GW_SPAN_MOMENT);
    }
}

void
gw_pg_read_table_as(gw_facts *facts, const gw_pg_node *statement)
{
    gboolean view = gw_pg_is(statement, "objtype", "OBJECT_MATVIEW");
    const gw_pg_node *range = gw_pg_get(gw_pg_get(statement, "into"), "rel");
    facts->verb = view ? "CREATE MATERIALIZED VIEW" : "CREATE TABLE AS";
    facts->scan = GW_YES;
    appears(facts, relation_as(range, view ? GW_OBJECT_MATVIEW : GW_OBJECT_TABLE));
    gw_pg_queries(facts, gw_pg_get(statement, "query"));
    facts->kind = GW_KIND_SCHEMA;
}

/* Does a query call this function? */
static gboolean
calls(const gw_pg_node *root, const char *function)
{
    for (const gw_pg_node *node = root; node < root + root->size; node++)
    {
        if (strcmp(node->key, "funcname") == 0 && g_strcmp0(gw_pg_name(node, 0), function) == 0)
        {
            return TRUE;
        }
    }
    return FALSE;
}

void
gw_pg_read_select(gw_facts *facts, const gw_pg_node *statement)
{
    const gw_pg_node *into = gw_pg_get(gw_pg_get(statement, "intoClause"), "rel");
    facts->scan = GW_DEPENDS;
    if (into == NULL)
    {
        gw_pg_queries(facts, statement);
        if (calls(statement, "set_config"))
        {
            facts->kind = GW_KIND_SESSION;
            gw_pg_note(facts, NOTE_SET_CONFIG);
        }
        return;
    }
    /* SELECT … INTO: the new table is no relation that existed before. */
    gw_pg_relation made = gw_pg_relation_of(into);
    facts->verb = "SELECT INTO";
    facts->kind = GW_KIND_SCHEMA;
    facts->creates = TRUE;
    appears(facts, made);
    gw_pg_queries(facts, gw_pg_get(statement, "withClause"));
    gw_pg_queries(facts, gw_pg_get(statement, "fromClause"));
    facts->kind = GW_KIND_SCHEMA;
}

void
gw_pg_read_index(gw_facts *facts, const gw_pg_node *statement)
{
    gw_pg_relation table = gw_pg_relation_of(gw_pg_get(statement, "relation"));
    const char *name = gw_pg_text(statement, "idxname");
    gboolean concurrent = gw_pg_flag(statement, "concurrent");
    gboolean unless = gw_pg_flag(statement, "if_not_exists");
    gw_pg_locks(
        facts, table, concurrent ? GW_PG_SHARE_UPDATE_EXCLUSIVE : GW_PG_SHARE, GW_SPAN_ROWS);
    gw_pg_about(facts, name == NULL ? table : (gw_pg_relation){table.schema, name, 0}, NULL);
    if (name != NULL)
    {
        gw_facts_set_probe(
            facts, GW_PROBE_APPEARS, GW_OBJECT_INDEX, table.schema, name, table.name);
    }
    if (!concurrent)
    {
        gw_pg_note(facts, NOTE_INDEX);
        return;
    }
    facts->verb = "CREATE INDEX CONCURRENTLY";
    facts->transactional = GW_TRANSACTION_REFUSES;
    facts->concurrent = TRUE;
    gw_pg_note(facts, unless ? NOTE_IF_NOT_EXISTS : NOTE_CONCURRENT);
}

void
gw_pg_read_view(gw_facts *facts, const gw_pg_node *statement)
{
    gw_pg_relation view = relation_as(gw_pg_get(statement, "view"), GW_OBJECT_VIEW);
    gboolean replace = gw_pg_flag(statement, "replace");
    appears(facts, view);
    facts->creates = !replace;
    facts->repeatable = replace;
    if (replace)
    {
        facts->verb = "CREATE OR REPLACE VIEW";
        facts->probe.kind = GW_PROBE_REPEAT;
        gw_pg_locks(facts, view, GW_PG_ACCESS_EXCLUSIVE, GW_SPAN_MOMENT);
    }
    gw_pg_queries(facts, gw_pg_get(statement, "query"));
    for (guint i = 0; i < facts->relations->len; i++)
    {
        gw_fact_relation *relation = g_ptr_array_index(facts->relations, i);
        relation->span = GW_SPAN_MOMENT; /* the query is stored, not run */
    }
    facts->kind = GW_KIND_SCHEMA;
}

void
gw_pg_read_trigger(gw_facts *facts, const gw_pg_node *statement)
{
    gw_pg_relation table = gw_pg_relation_of(gw_pg_get(statement, "relation"));
    gboolean replace = gw_pg_flag(statement, "replace");
    const char *name = gw_pg_text(statement, "trigname");
    table.kind = gw_pg_is(statement, "timing", INSTEAD) ? GW_OBJECT_VIEW : GW_OBJECT_TABLE;
    gw_pg_locks(facts, table, GW_PG_SHARE_ROW_EXCLUSIVE, GW_SPAN_MOMENT);
    gw_pg_about(facts, table, name);
    gw_facts_set_probe(facts, replace ? GW_PROBE_REPEAT : GW_PROBE_APPEARS, GW_OBJECT_TRIGGER,
        table.schema, name, table.name);
}

void
gw_pg_read_rule(gw_facts *facts, const gw_pg_node *statement)
{
    gw_pg_relation table = gw_pg_relation_of(gw_pg_get(statement, "relation"));
    gboolean replace = gw_pg_flag(statement, "replace");
    const char *name = gw_pg_text(statement, "rulename");
    table.kind = GW_OBJECT_OTHER; /* or a view: LOCK TABLE would lock what it reads */
    gw_pg_locks(facts, table, GW_PG_ACCESS_EXCLUSIVE, GW_SPAN_MOMENT);
    gw_pg_about(facts, table, name);
    gw_facts_set_probe(facts, replace ? GW_PROBE_REPEAT : GW_PROBE_APPEARS, GW_OBJECT_RULE,
        table.schema, name, table.name);
}

/* CREATE and ALTER POLICY. */
void
gw_pg_read_policy(gw_facts *facts, const gw_pg_node *statement)
{
    gw_pg_relation table = gw_pg_relation_of(gw_pg_get(statement, "table"));
    const char *name = gw_pg_text(statement, "policy_name");
    gw_pg_locks(facts, table, GW_PG_ACCESS_EXCLUSIVE, GW_SPAN_MOMENT);
    gw_pg_about(facts, table, name);
    gw_facts_set_probe(facts, facts->repeatable ? GW_PROBE_REPEAT : GW_PROBE_APPEARS,
        GW_OBJECT_POLICY, table.schema, name, table.name);
}

/* The table that OWNED BY names; its lock lasts a moment. */
static void
read_owned_by(gw_facts *facts, const gw_pg_node *options)
{
    for (const gw_pg_node *item = gw_pg_first(options); item != NULL;
         item = gw_pg_next(options, item))
    {
        const gw_pg_node *element = gw_pg_get(item, "DefElem");
        const gw_pg_node *names = gw_pg_get(gw_pg_get(gw_pg_get(element, "arg"), "List"), "items");
        if (gw_pg_is(element, "defname", "owned_by"))
        {
            gw_pg_relation table = {gw_pg_name(names, 2), gw_pg_name(names, 1), GW_OBJECT_TABLE};
            gw_pg_locks(facts, table, GW_PG_ACCESS_SHARE, GW_SPAN_MOMENT);
        }
    }
}

void
gw_pg_read_sequence(gw_facts *facts, const gw_pg_node *statement)
{
    appears(facts, relation_as(gw_pg_get(statement, "sequence"), GW_OBJECT_SEQUENCE));
    read_owned_by(facts, gw_pg_get(statement, "options"));
}

void
gw_pg_read_statistics(gw_facts *facts, const gw_pg_node *statement)
{
    const gw_pg_node *list = gw_pg_get(statement, "relations");
    gw_pg_relation table = gw_pg_relation_of(gw_pg_get(gw_pg_first(list), "RangeVar"));
    gw_pg_locks(facts, table, GW_PG_SHARE_UPDATE_EXCLUSIVE, GW_SPAN_MOMENT);
    gw_pg_about(facts, table, gw_pg_name(gw_pg_get(statement, "defnames"), 0));
}

/* CREATE DOMAIN and the forms of CREATE TYPE, which name the new type in different fields. */
void
gw_pg_read_type(gw_facts *facts, const gw_pg_node *statement)
{
    const gw_pg_node *domain = gw_pg_get(statement, "domainname");
    const gw_pg_node *names = gw_pg_get(statement, "typeName");
    const gw_pg_node *composite = gw_pg_get(statement, "typevar");
    if (composite != NULL)
    {
        appears(facts, relation_as(composite, GW_OBJECT_TYPE));
        return;
    }
    appears(
        facts, domain != NULL ? listed(domain, GW_OBJECT_DOMAIN) : listed(names, GW_OBJECT_TYPE));
}

void
gw_pg_read_function(gw_facts *facts, const gw_pg_node *statement)
{
    gboolean replace = gw_pg_flag(statement, "replace");
    gboolean procedure = gw_pg_flag(statement, "is_procedure");
    facts->verb = procedure ? "CREATE PROCEDURE" : "CREATE FUNCTION";
    facts->repeatable = replace;
    facts->probe.kind = replace ? GW_PROBE_REPEAT : GW_PROBE_CATALOG;
    gw_pg_about(facts, listed(gw_pg_get(statement, "funcname"), GW_OBJECT_ROUTINE), NULL);
}

void
gw_pg_read_schema(gw_facts *facts, const gw_pg_node *statement)
{
    gw_pg_relation schema = {NULL, gw_pg_text(statement, "schemaname"), GW_OBJECT_SCHEMA};
    gw_pg_parents(facts, gw_pg_get(statement, "schemaElts"), GW_SPAN_MOMENT);
    if (schema.name != NULL)
    {
        appears(facts, schema);
    }
}

void
gw_pg_read_extension(gw_facts *facts, const gw_pg_node *statement)
{
    gw_pg_relation extension = {NULL, gw_pg_text(statement, "extname"), GW_OBJECT_EXTENSION};
    appears(facts, extension);
}
