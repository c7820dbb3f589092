#include "sql/facts.h"

const char *
gw_blocks_text(gw_blocks blocks)
{
    static const char *const texts[] = {
        [GW_BLOCKS_NOTHING] = "nothing",
        [GW_BLOCKS_SCHEMA] = "schema changes",
        [GW_BLOCKS_WRITES] = "writes",
        [GW_BLOCKS_ALL] = "reads and writes",
    };
    return texts[blocks];
}

const char *
gw_answer3_text(gw_answer3 answer)
{
    static const char *const texts[] = {
        [GW_NO] = "no",
        [GW_YES] = "yes",
        [GW_DEPENDS] = "depends",
        [GW_UNKNOWN] = "unknown",
    };
    return texts[answer];
}

static void
relation_free(gpointer data)
{
    gw_fact_relation *relation = data;
    g_free(relation->schema);
    g_free(relation->name);
    g_free(relation);
}

gw_facts *
gw_facts_new(void)
{
    gw_facts *facts = g_new0(gw_facts, 1);
    facts->kind = GW_KIND_OTHER;
    facts->verb = "SQL";
    facts->relations = g_ptr_array_new_with_free_func(relation_free);
    facts->transactional = GW_TRANSACTION_FITS;
    facts->rewrite = GW_UNKNOWN;
    facts->scan = GW_UNKNOWN;
    facts->probe.kind = GW_PROBE_CATALOG;
    return facts;
}

static void
probe_clear(gw_probe *probe)
{
    g_free(probe->schema);
    g_free(probe->name);
    g_free(probe->table);
}

void
gw_facts_free(gw_facts *facts)
{
    if (facts == NULL)
    {
        return;
    }
    g_free(facts->object);
    g_free(facts->engine);
    g_free(facts->incomplete);
    g_ptr_array_unref(facts->relations);
    probe_clear(&facts->probe);
    g_free(facts);
}

static gw_fact_relation *
relation_find(const gw_facts *facts, const char *schema, const char *name)
{
    for (guint i = 0; i < facts->relations->len; i++)
    {
        gw_fact_relation *relation = g_ptr_array_index(facts->relations, i);
        if (g_strcmp0(relation->schema, schema) == 0 && g_strcmp0(relation->name, name) == 0)
        {
            return relation;
        }
    }
    return NULL;
}

void
gw_facts_add_relation(gw_facts *facts, const char *schema, const char *name, gw_blocks blocks,
    gw_span span, const char *lock)
{
    gw_fact_relation *relation = relation_find(facts, schema, name);
    if (relation == NULL)
    {
        relation = g_new0(gw_fact_relation, 1);
        relation->schema = g_strdup(schema);
        relation->name = g_strdup(name);
        g_ptr_array_add(facts->relations, relation);
    }
    else if (relation->blocks > blocks || (relation->blocks == blocks && relation->span >= span))
    {
        return;
    }
    relation->blocks = blocks;
    relation->span = span;
    relation->lock = lock;
}

void
gw_facts_set_probe(gw_facts *facts, gw_probe_kind kind, gw_object_kind object, const char *schema,
    const char *name, const char *table)
{
    gw_probe probe = {
        .kind = kind,
        .object = object,
        .schema = g_strdup(schema),
        .name = g_strdup(name),
        .table = g_strdup(table),
    };
    probe_clear(&facts->probe);
    facts->probe = probe;
}

gw_blocks
gw_facts_blocks(const gw_facts *facts)
{
    gw_blocks strongest = GW_BLOCKS_NOTHING;
    for (guint i = 0; i < facts->relations->len; i++)
    {
        const gw_fact_relation *relation = g_ptr_array_index(facts->relations, i);
        strongest = MAX(strongest, relation->blocks);
    }
    return strongest;
}
