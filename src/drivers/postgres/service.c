#include "drivers/postgres/rules.h"

#define NOTE_REINDEX "queries that would use the index wait as well, while they are planned"
#define NOTE_REINDEX_ONE                                                                           \
    "blocks writes on its table; queries that would use the index wait while they are planned"
#define NOTE_CONCURRENT                                                                            \
    "waits for all older transactions; when interrupted it leaves an INVALID index …_ccnew"
#define NOTE_PARTITIONED  "does not run in a transaction when the table is partitioned"
#define NOTE_SUBSCRIPTION "makes or drops a replication slot on another server"
#define NOTE_EXPLAIN      "EXPLAIN ANALYZE runs the statement"

static void
outside(gw_facts *facts)
{
    facts->transactional = GW_TRANSACTION_REFUSES;
}

void
gw_pg_read_vacuum(gw_facts *facts, const gw_pg_node *statement)
{
    const gw_pg_node *list = gw_pg_get(statement, "rels");
    gboolean full = gw_pg_option(gw_pg_get(statement, "options"), "full");
    if (gw_pg_flag(statement, "is_vacuumcmd"))
    {
        facts->verb = full ? "VACUUM FULL" : "VACUUM";
        facts->rewrite = full ? GW_YES : GW_NO;
        facts->scan = GW_YES;
        outside(facts);
    }
    else
    {
        facts->verb = "ANALYZE";
        facts->scan = GW_NO; /* a sample */
    }
    for (const gw_pg_node *item = gw_pg_first(list); item != NULL; item = gw_pg_next(list, item))
    {
        const gw_pg_node *range = gw_pg_get(gw_pg_get(item, "VacuumRelation"), "relation");
        gw_pg_locks(facts, gw_pg_relation_of(range),
            full ? GW_PG_ACCESS_EXCLUSIVE : GW_PG_SHARE_UPDATE_EXCLUSIVE, GW_SPAN_ROWS);
        if (facts->object == NULL)
        {
            gw_pg_about(facts, gw_pg_relation_of(range), NULL);
        }
    }
}

void
gw_pg_read_reindex(gw_facts *facts, const gw_pg_node *statement)
{
    gboolean index = gw_pg_is(statement, "kind", "REINDEX_OBJECT_INDEX");
    gboolean concurrent = gw_pg_option(gw_pg_get(statement, "params"), "concurrently");
    gw_pg_relation relation = gw_pg_relation_of(gw_pg_get(statement, "relation"));
    relation.kind = index ? GW_OBJECT_INDEX : GW_OBJECT_TABLE;
    gw_pg_lock lock = concurrent ? GW_PG_SHARE_UPDATE_EXCLUSIVE
                      : index    ? GW_PG_ACCESS_EXCLUSIVE
                                 : GW_PG_SHARE;
    gw_pg_locks(facts, relation, lock, GW_SPAN_ROWS);
    gw_pg_about(facts, relation, NULL);
    if (relation.name == NULL)
    {
        outside(facts); /* of a schema or a database */
    }
    if (concurrent)
    {
        facts->verb = "REINDEX CONCURRENTLY";
        facts->concurrent = TRUE;
        outside(facts);
        gw_pg_note(facts, NOTE_CONCURRENT);
    }
    gw_pg_note(facts, index ? NOTE_REINDEX_ONE : NOTE_REINDEX);
}

void
gw_pg_read_cluster(gw_facts *facts, const gw_pg_node *statement)
{
    gw_pg_relation table = gw_pg_relation_of(gw_pg_get(statement, "relation"));
    gw_pg_locks(facts, table, GW_PG_ACCESS_EXCLUSIVE, GW_SPAN_ROWS);
    gw_pg_about(facts, table, NULL);
    if (table.name == NULL)
    {
        outside(facts);
    }
    gw_pg_note(facts, NOTE_PARTITIONED);
}

void
gw_pg_read_refresh(gw_facts *facts, const gw_pg_node *statement)
{
    gw_pg_relation view = gw_pg_relation_of(gw_pg_get(statement, "relation"));
    gboolean concurrent = gw_pg_flag(statement, "concurrent");
    gboolean empties = gw_pg_flag(statement, "skipData");
    view.kind = GW_OBJECT_MATVIEW;
    facts->verb =
        concurrent ? "REFRESH MATERIALIZED VIEW CONCURRENTLY" : "REFRESH MATERIALIZED VIEW";
    facts->rewrite = concurrent || empties ? GW_NO : GW_YES;
    facts->scan = empties ? GW_NO : GW_YES;
    gw_pg_locks(facts, view, concurrent ? GW_PG_EXCLUSIVE : GW_PG_ACCESS_EXCLUSIVE,
        empties ? GW_SPAN_MOMENT : GW_SPAN_ROWS);
    gw_pg_about(facts, view, NULL);
}

void
gw_pg_read_lock(gw_facts *facts, const gw_pg_node *statement)
{
    const gw_pg_node *list = gw_pg_get(statement, "relations");
    const char *mode = gw_pg_text(statement, "mode");
    gint64 lock = mode == NULL ? GW_PG_ACCESS_EXCLUSIVE : g_ascii_strtoll(mode, NULL, 10);
    for (const gw_pg_node *item = gw_pg_first(list); item != NULL; item = gw_pg_next(list, item))
    {
        gw_pg_locks(facts, gw_pg_relation_of(gw_pg_get(item, "RangeVar")),
            (gw_pg_lock)CLAMP(lock, GW_PG_NO_LOCK, GW_PG_ACCESS_EXCLUSIVE), GW_SPAN_MOMENT);
    }
}

/* CREATE and ALTER PUBLICATION: the tables that it names. */
void
gw_pg_read_publication(gw_facts *facts, const gw_pg_node *statement)
{
    const gw_pg_node *list = gw_pg_get(statement, "pubobjects");
    gw_pg_relation publication = {NULL, gw_pg_text(statement, "pubname"), GW_OBJECT_OTHER};
    for (const gw_pg_node *item = gw_pg_first(list); item != NULL; item = gw_pg_next(list, item))
    {
        const gw_pg_node *object = gw_pg_get(item, "PublicationObjSpec");
        const gw_pg_node *range = gw_pg_get(gw_pg_get(object, "pubtable"), "relation");
        gw_pg_locks(facts, gw_pg_relation_of(range), GW_PG_SHARE_UPDATE_EXCLUSIVE, GW_SPAN_MOMENT);
    }
    gw_pg_about(facts, publication, NULL);
}

/* Is the option there, and switched off? */
static gboolean
is_off(const gw_pg_node *options, const char *name)
{
    for (const gw_pg_node *item = gw_pg_first(options); item != NULL;
         item = gw_pg_next(options, item))
    {
        if (gw_pg_is(gw_pg_get(item, "DefElem"), "defname", name))
        {
            return !gw_pg_option(options, name);
        }
    }
    return FALSE;
}

/* CREATE, ALTER and DROP SUBSCRIPTION. */
void
gw_pg_read_subscription(gw_facts *facts, const gw_pg_node *statement)
{
    const gw_pg_node *options = gw_pg_get(statement, "options");
    const char *kind = gw_pg_text(statement, "kind");
    gboolean connects = !is_off(options, "connect") && !is_off(options, "create_slot");
    gw_pg_relation subscription = {NULL, gw_pg_text(statement, "subname"), GW_OBJECT_OTHER};
    gw_pg_about(facts, subscription, NULL);
    if (kind != NULL && (strstr(kind, "PUBLICATION") != NULL || strstr(kind, "REFRESH") != NULL))
    {
        outside(facts);
    }
    if (strcmp(facts->verb, "CREATE SUBSCRIPTION") == 0 && !connects)
    {
        facts->transactional = GW_TRANSACTION_FITS;
        facts->probe.kind = GW_PROBE_CATALOG;
    }
    if (facts->transactional == GW_TRANSACTION_REFUSES)
    {
        facts->probe.kind = facts->repeatable ? GW_PROBE_REPEAT : GW_PROBE_IMPOSSIBLE;
    }
    gw_pg_note(facts, NOTE_SUBSCRIPTION);
}

void
gw_pg_read_explain(gw_facts *facts, const gw_pg_node *statement)
{
    if (gw_pg_option(gw_pg_get(statement, "options"), "analyze"))
    {
        gw_pg_queries(facts, gw_pg_get(statement, "query"));
        gw_pg_note(facts, NOTE_EXPLAIN);
    }
}
