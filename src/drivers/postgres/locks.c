#include "drivers/postgres/locks.h"

typedef struct mode
{
    const char *text;
    gw_blocks blocks;
} mode;

static const mode modes[] = {
    [GW_PG_NO_LOCK] = {"none", GW_BLOCKS_NOTHING},
    [GW_PG_ACCESS_SHARE] = {"ACCESS SHARE", GW_BLOCKS_NOTHING},
    [GW_PG_ROW_SHARE] = {"ROW SHARE", GW_BLOCKS_NOTHING},
    [GW_PG_ROW_EXCLUSIVE] = {"ROW EXCLUSIVE", GW_BLOCKS_NOTHING},
    [GW_PG_SHARE_UPDATE_EXCLUSIVE] = {"SHARE UPDATE EXCLUSIVE", GW_BLOCKS_SCHEMA},
    [GW_PG_SHARE] = {"SHARE", GW_BLOCKS_WRITES},
    [GW_PG_SHARE_ROW_EXCLUSIVE] = {"SHARE ROW EXCLUSIVE", GW_BLOCKS_WRITES},
    [GW_PG_EXCLUSIVE] = {"EXCLUSIVE", GW_BLOCKS_WRITES},
    [GW_PG_ACCESS_EXCLUSIVE] = {"ACCESS EXCLUSIVE", GW_BLOCKS_ALL},
};

const char *
gw_pg_lock_text(gw_pg_lock lock)
{
    return modes[lock].text;
}

gw_pg_relation
gw_pg_relation_of(const gw_pg_node *range)
{
    return (gw_pg_relation){
        .schema = gw_pg_text(range, "schemaname"),
        .name = gw_pg_text(range, "relname"),
        .kind = GW_OBJECT_TABLE,
    };
}

void
gw_pg_locks(gw_facts *facts, gw_pg_relation relation, gw_pg_lock lock, gw_span span)
{
    if (relation.name == NULL)
    {
        return;
    }
    gw_facts_add_relation(
        facts, relation.schema, relation.name, modes[lock].blocks, span, modes[lock].text);
    gw_fact_relation *last = g_ptr_array_index(facts->relations, facts->relations->len - 1);
    if (last->kind == GW_OBJECT_NONE)
    {
        last->kind = relation.kind;
    }
}

void
gw_pg_about(gw_facts *facts, gw_pg_relation relation, const char *part)
{
    g_autoptr(GString) text = g_string_new(relation.schema);
    g_string_append_printf(
        text, "%s%s", text->len == 0 ? "" : ".", relation.name == NULL ? "" : relation.name);
    if (part != NULL)
    {
        g_string_append_printf(text, "%s%s", text->len == 0 ? "" : ".", part);
    }
    g_free(facts->object);
    facts->object = text->len == 0 ? NULL : g_strdup(text->str);
}

void
gw_pg_probe(gw_facts *facts, gw_probe_kind kind, gw_pg_relation relation)
{
    gw_facts_set_probe(facts, kind, relation.kind, relation.schema, relation.name, NULL);
}

gw_answer3
gw_pg_stronger(gw_answer3 left, gw_answer3 right)
{
    static const int ranks[] = {[GW_NO] = 0, [GW_DEPENDS] = 1, [GW_UNKNOWN] = 2, [GW_YES] = 3};
    return ranks[left] >= ranks[right] ? left : right;
}

void
gw_pg_note(gw_facts *facts, const char *note)
{
    facts->note = facts->note == NULL ? note : facts->note;
}

static gboolean
is_with_name(const gw_pg_node *root, const char *name)
{
    for (const gw_pg_node *node = root; node < root + root->size; node++)
    {
        if (strcmp(node->key, "ctename") == 0 && g_strcmp0(node->text, name) == 0)
        {
            return TRUE;
        }
    }
    return FALSE;
}

typedef struct writing
{
    const char *node;
    guint destroys;
} writing;

static const writing writings[] = {
    {"InsertStmt", GW_DESTROYS_NOTHING},
    {"UpdateStmt", GW_DESTROYS_VALUES},
    {"DeleteStmt", GW_DESTROYS_ROWS},
    {"MergeStmt", GW_DESTROYS_ROWS | GW_DESTROYS_VALUES},
};

/* A statement that writes, also inside WITH: the lock on its table comes before that of a read. */
static void
read_writing(gw_facts *facts, const gw_pg_node *node)
{
    for (gsize i = 0; i < G_N_ELEMENTS(writings); i++)
    {
        if (strcmp(node->key, writings[i].node) == 0)
        {
            facts->kind = GW_KIND_DATA;
            facts->destroys |= writings[i].destroys;
            gw_pg_locks(facts, gw_pg_relation_of(gw_pg_get(node, "relation")), GW_PG_ROW_EXCLUSIVE,
                GW_SPAN_ROWS);
        }
    }
}

void
gw_pg_queries(gw_facts *facts, const gw_pg_node *root)
{
    gw_pg_lock lock = GW_PG_ACCESS_SHARE;
    for (const gw_pg_node *node = root; root != NULL && node < root + root->size; node++)
    {
        read_writing(facts, node);
        if (strcmp(node->key, "LockingClause") == 0)
        {
            lock = GW_PG_ROW_SHARE;
        }
    }
    for (const gw_pg_node *node = root; root != NULL && node < root + root->size; node++)
    {
        gw_pg_relation relation = gw_pg_relation_of(node);
        if (relation.name != NULL &&
            (relation.schema != NULL || !is_with_name(root, relation.name)))
        {
            gw_pg_locks(facts, relation, lock, GW_SPAN_ROWS);
        }
    }
}

void
gw_pg_parents(gw_facts *facts, const gw_pg_node *root, gw_span span)
{
    for (const gw_pg_node *node = root; root != NULL && node < root + root->size; node++)
    {
        if (strcmp(node->key, "pktable") == 0)
        {
            gw_pg_locks(facts, gw_pg_relation_of(node), GW_PG_SHARE_ROW_EXCLUSIVE, span);
        }
    }
}
