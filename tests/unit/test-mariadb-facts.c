/*
 * The facts of statements, from tests/cases/facts-mariadb.txt: a statement on one line, then its
 * facts in one line as render() writes them. Lines that begin with # are comments.
 */
#include "drivers/mariadb/mariadb.h"

static const char *const kinds[] = {
    "query", "data", "schema", "session", "call", "control", "client", "service", "other"};
static const char *const transactions[] = {"fits", "commits", "refuses", "outside"};
static const char *const probes[] = {
    "none", "appears", "vanishes", "definition", "catalog", "repeat", "impossible"};
static const char *const losses[] = {"table", "column", "rows", "values", "object"};

static void
render_probe(GString *out, const gw_probe *probe)
{
    g_string_append_printf(out, "; %s", probes[probe->kind]);
    if (probe->name != NULL && probe->kind != GW_PROBE_NONE)
    {
        g_string_append_printf(out, " %s %s%s%s%s%s", gw_object_kind_text(probe->object),
            probe->schema == NULL ? "" : probe->schema, probe->schema == NULL ? "" : ".",
            probe->table == NULL ? "" : probe->table, probe->table == NULL ? "" : ".", probe->name);
    }
}

static void
render_relations(GString *out, const GPtrArray *relations)
{
    for (guint i = 0; i < relations->len; i++)
    {
        const gw_fact_relation *relation = g_ptr_array_index(relations, i);
        g_string_append_printf(out, "; %s%s%s: %s %s (%s)",
            relation->schema == NULL ? "" : relation->schema, relation->schema == NULL ? "" : ".",
            relation->name, gw_blocks_text(relation->blocks),
            relation->span == GW_SPAN_ROWS ? "rows" : "moment", relation->lock);
    }
}

/* "schema commits: CREATE TABLE users [creates]; appears table users; p: …" */
static char *
render(const gw_facts *facts)
{
    GString *out = g_string_new(NULL);
    g_string_append_printf(
        out, "%s %s: %s", kinds[facts->kind], transactions[facts->transactional], facts->verb);
    g_string_append_printf(
        out, "%s%s", facts->object == NULL ? "" : " ", facts->object == NULL ? "" : facts->object);
    g_string_append_printf(out, "; rewrite %s, scan %s", gw_answer3_text(facts->rewrite),
        gw_answer3_text(facts->scan));
    for (guint i = 0; i < G_N_ELEMENTS(losses); i++)
    {
        g_string_append_printf(out, "%s%s", (facts->destroys & 1u << i) == 0 ? "" : "; loses ",
            (facts->destroys & 1u << i) == 0 ? "" : losses[i]);
    }
    g_string_append(out, facts->creates ? "; creates" : "");
    g_string_append(out, facts->repeatable ? "; repeatable" : "");
    render_probe(out, &facts->probe);
    render_relations(out, facts->relations);
    return g_string_free(out, FALSE);
}

static char **
read_cases(void)
{
    g_autofree char *path = g_build_filename(g_getenv("GW_TEST_CASES"), "facts-mariadb.txt", NULL);
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    g_file_get_contents(path, &text, NULL, &error);
    g_assert_no_error(error);
    return g_strsplit(text, "\n", -1);
}

static void
test_cases(void)
{
    g_auto(GStrv) lines = read_cases();
    guint count = 0;
    for (gsize i = 0; lines[i] != NULL; i++)
    {
        if (lines[i][0] == '\0' || lines[i][0] == '#')
        {
            continue;
        }
        g_assert_nonnull(lines[i + 1]);
        g_autoptr(gw_facts) facts = gw_mariadb_dialect.facts(lines[i], strlen(lines[i]));
        g_autofree char *found = render(facts);
        g_test_message("%s", lines[i]);
        g_assert_cmpstr(found, ==, g_strchug(lines[i + 1]));
        i++;
        count++;
    }
    g_assert_cmpuint(count, >=, 100);
}

/* The commonest forms are all known. */
static void
test_known(void)
{
    g_auto(GStrv) lines = read_cases();
    for (gsize i = 0; lines[i] != NULL; i++)
    {
        gboolean schema = g_str_has_prefix(lines[i], "    schema");
        g_assert_true(!schema || strstr(lines[i], "unknown") == NULL);
    }
}

static void
test_odd_text(void)
{
    static const char *const odd[] = {"", ";", "-- only a comment\n", "ALTER", "ALTER TABLE",
        "ALTER TABLE t", "ALTER TABLE t ADD", "ALTER TABLE t ADD (", "CREATE", "CREATE TABLE",
        "CREATE INDEX i", "DROP", "DROP TABLE", "DROP TABLE ,", "RENAME TABLE", "RENAME TABLE a TO",
        "INSERT", "UPDATE", "SET", "SET STATEMENT", "WITH", "ALTER TABLE t ADD COLUMN a DEFAULT",
        "ALTER TABLE t ADD COLUMN a int DEFAULT (1", "ALTER TABLE t ALGORITHM", "'unclosed", "`",
        "/*", "ANALYZE", "ANALYZE FORMAT =", "FLUSH", "TRUNCATE", "LOAD", "CREATE OR REPLACE"};
    for (gsize i = 0; i < G_N_ELEMENTS(odd); i++)
    {
        g_autoptr(gw_facts) facts = gw_mariadb_dialect.facts(odd[i], strlen(odd[i]));
        g_assert_nonnull(facts->verb);
    }
}

static void
test_print(void)
{
    g_auto(GStrv) lines = read_cases();
    for (gsize i = 0; lines[i] != NULL; i++)
    {
        if (lines[i][0] != '\0' && lines[i][0] != '#' && lines[i][0] != ' ')
        {
            g_autoptr(gw_facts) facts = gw_mariadb_dialect.facts(lines[i], strlen(lines[i]));
            g_autofree char *found = render(facts);
            g_print("%s\n    %s\n", lines[i], found);
        }
        else if (lines[i][0] != ' ')
        {
            g_print("%s\n", lines[i]);
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (g_getenv("GW_PRINT_FACTS") != NULL) /* to make the file anew, and then to read it */
    {
        test_print();
        return 0;
    }
    g_test_add_func("/mariadb/facts/every statement has its facts", test_cases);
    g_test_add_func("/mariadb/facts/no schema change is unknown", test_known);
    g_test_add_func("/mariadb/facts/text that is cut short does no harm", test_odd_text);
    return g_test_run();
}
