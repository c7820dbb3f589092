#include "sql/facts.h"

static void
test_new(void)
{
    g_autoptr(gw_facts) facts = gw_facts_new();
    g_assert_cmpint(facts->kind, ==, GW_KIND_OTHER);
    g_assert_cmpint(facts->transactional, ==, GW_TRANSACTION_FITS);
    g_assert_cmpint(facts->rewrite, ==, GW_UNKNOWN);
    g_assert_cmpint(facts->scan, ==, GW_UNKNOWN);
    g_assert_cmpint(facts->probe.kind, ==, GW_PROBE_CATALOG);
    g_assert_cmpuint(facts->destroys, ==, GW_DESTROYS_NOTHING);
    g_assert_nonnull(facts->verb);
    g_assert_cmpint(gw_facts_blocks(facts), ==, GW_BLOCKS_NOTHING);
    gw_facts_free(NULL);
}

static void
assert_relation(const gw_facts *facts, guint index, const char *lock, gw_blocks blocks)
{
    const gw_fact_relation *relation = g_ptr_array_index(facts->relations, index);
    g_assert_cmpstr(relation->lock, ==, lock);
    g_assert_cmpint(relation->blocks, ==, blocks);
}

static void
test_relations(void)
{
    g_autoptr(gw_facts) facts = gw_facts_new();
    char name[] = "users";
    gw_facts_add_relation(facts, "app", name, GW_BLOCKS_WRITES, GW_SPAN_MOMENT, "SHARE");
    name[0] = 'x';
    gw_facts_add_relation(facts, NULL, "users", GW_BLOCKS_SCHEMA, GW_SPAN_ROWS, "SHARE UPDATE");
    gw_facts_add_relation(facts, "app", "users", GW_BLOCKS_NOTHING, GW_SPAN_ROWS, "ACCESS SHARE");
    g_assert_cmpuint(facts->relations->len, ==, 2);
    assert_relation(facts, 0, "SHARE", GW_BLOCKS_WRITES);
    assert_relation(facts, 1, "SHARE UPDATE", GW_BLOCKS_SCHEMA);
    g_assert_cmpint(gw_facts_blocks(facts), ==, GW_BLOCKS_WRITES);
    gw_facts_add_relation(facts, NULL, "users", GW_BLOCKS_ALL, GW_SPAN_MOMENT, "ACCESS EXCLUSIVE");
    g_assert_cmpuint(facts->relations->len, ==, 2);
    assert_relation(facts, 1, "ACCESS EXCLUSIVE", GW_BLOCKS_ALL);
    g_assert_cmpint(gw_facts_blocks(facts), ==, GW_BLOCKS_ALL);
}

static void
test_span(void)
{
    g_autoptr(gw_facts) facts = gw_facts_new();
    gw_facts_add_relation(facts, NULL, "t", GW_BLOCKS_ALL, GW_SPAN_MOMENT, "a");
    gw_facts_add_relation(facts, NULL, "t", GW_BLOCKS_ALL, GW_SPAN_ROWS, "b");
    gw_facts_add_relation(facts, NULL, "t", GW_BLOCKS_ALL, GW_SPAN_MOMENT, "c");
    const gw_fact_relation *relation = g_ptr_array_index(facts->relations, 0);
    g_assert_cmpint(relation->span, ==, GW_SPAN_ROWS);
    g_assert_cmpstr(relation->lock, ==, "b");
}

static void
test_probe(void)
{
    g_autoptr(gw_facts) facts = gw_facts_new();
    gw_facts_set_probe(facts, GW_PROBE_APPEARS, GW_OBJECT_COLUMN, "app", "email", "users");
    gw_facts_set_probe(facts, GW_PROBE_DEFINITION, GW_OBJECT_TABLE, NULL, facts->probe.table, NULL);
    g_assert_cmpint(facts->probe.kind, ==, GW_PROBE_DEFINITION);
    g_assert_cmpint(facts->probe.object, ==, GW_OBJECT_TABLE);
    g_assert_null(facts->probe.schema);
    g_assert_cmpstr(facts->probe.name, ==, "users");
    g_assert_null(facts->probe.table);
}

static void
test_texts(void)
{
    g_assert_cmpstr(gw_blocks_text(GW_BLOCKS_NOTHING), ==, "nothing");
    g_assert_cmpstr(gw_blocks_text(GW_BLOCKS_SCHEMA), ==, "schema changes");
    g_assert_cmpstr(gw_blocks_text(GW_BLOCKS_WRITES), ==, "writes");
    g_assert_cmpstr(gw_blocks_text(GW_BLOCKS_ALL), ==, "reads and writes");
    g_assert_cmpstr(gw_answer3_text(GW_NO), ==, "no");
    g_assert_cmpstr(gw_answer3_text(GW_YES), ==, "yes");
    g_assert_cmpstr(gw_answer3_text(GW_DEPENDS), ==, "depends");
    g_assert_cmpstr(gw_answer3_text(GW_UNKNOWN), ==, "unknown");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/facts/new facts say nothing yet", test_new);
    g_test_add_func("/facts/the strongest lock on a relation wins", test_relations);
    g_test_add_func("/facts/of equal locks the longer one wins", test_span);
    g_test_add_func("/facts/a probe replaces the one before", test_probe);
    g_test_add_func("/facts/all values have their words", test_texts);
    return g_test_run();
}
