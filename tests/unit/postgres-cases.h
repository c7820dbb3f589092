/*
 * tests/cases/facts-postgres.txt: statements and the facts that PostgreSQL's dialect states of
 * them. A statement on one line, its facts on the next, behind a sign:
 *   =  the server takes just these locks
 *   +  the server locks further relations, which the statement does not name
 *   ~  not to be tried: it runs outside transactions, or wants something that is not there
 */
#ifndef GW_TESTS_UNIT_POSTGRES_CASES_H
#define GW_TESTS_UNIT_POSTGRES_CASES_H

#include "drivers/postgres/postgres.h"

typedef struct facts_case
{
    const char *sql;
    char sign;
    const char *facts;
} facts_case;

/* All cases; *text owns what they point to. The caller frees both. */
static inline GArray *
facts_cases_read(char **text)
{
    g_autofree char *path = g_build_filename(g_getenv("GW_TEST_CASES"), "facts-postgres.txt", NULL);
    g_autoptr(GError) error = NULL;
    GArray *cases = g_array_new(FALSE, FALSE, sizeof(facts_case));
    const char *sql = NULL;
    g_file_get_contents(path, text, NULL, &error);
    g_assert_no_error(error);
    for (char *line = *text, *end = NULL; line != NULL; line = end == NULL ? NULL : end + 1)
    {
        end = strchr(line, '\n');
        if (end != NULL)
        {
            *end = '\0';
        }
        if (line[0] == '#' || line[0] == '\0')
        {
            continue;
        }
        if (sql == NULL)
        {
            sql = line;
            continue;
        }
        facts_case made = {sql, line[0], line + 2};
        g_array_append_val(cases, made);
        sql = NULL;
    }
    return cases;
}

static inline void
describe_relations(GString *out, const gw_facts *facts)
{
    for (guint i = 0; i < facts->relations->len; i++)
    {
        const gw_fact_relation *relation = g_ptr_array_index(facts->relations, i);
        g_string_append_printf(out, "%s%s%s%s: %s%s", i == 0 ? " " : ", ",
            relation->schema == NULL ? "" : relation->schema, relation->schema == NULL ? "" : ".",
            relation->name, relation->lock, relation->span == GW_SPAN_ROWS ? " rows" : "");
    }
}

static inline void
describe_bits(GString *out, const gw_facts *facts)
{
    static const char *const destroys[] = {"table", "column", "rows", "values", "object"};
    g_string_append(out, facts->repeatable ? ", repeatable" : "");
    g_string_append(out, facts->creates ? ", creates" : "");
    g_string_append(out, facts->concurrent ? ", concurrent" : "");
    g_string_append(out, facts->copy_in ? ", wants data" : "");
    for (guint i = 0; i < G_N_ELEMENTS(destroys); i++)
    {
        if ((facts->destroys & (1u << i)) != 0)
        {
            g_string_append_printf(out, ", destroys %s", destroys[i]);
        }
    }
}

/* The facts on one line. The caller frees it. */
static inline char *
facts_describe(const gw_facts *facts)
{
    static const char *const kinds[] = {
        "query", "data", "schema", "session", "call", "control", "client", "service", "other"};
    static const char *const stands[] = {"fits", "commits", "refuses", "outside"};
    static const char *const probes[] = {
        "none", "appears", "vanishes", "definition", "catalog", "repeat", "impossible"};
    GString *out = g_string_new(NULL);
    const gw_probe *probe = &facts->probe;
    g_string_append_printf(out, "%s %s |", kinds[facts->kind], facts->verb);
    describe_relations(out, facts);
    g_string_append_printf(out, " | rewrite %s, scan %s | %s", gw_answer3_text(facts->rewrite),
        gw_answer3_text(facts->scan), stands[facts->transactional]);
    describe_bits(out, facts);
    g_string_append_printf(out, " | %s", probes[probe->kind]);
    if (probe->name != NULL)
    {
        g_string_append_printf(out, " %s %s%s%s%s%s", gw_object_kind_text(probe->object),
            probe->schema == NULL ? "" : probe->schema, probe->schema == NULL ? "" : ".",
            probe->table == NULL ? "" : probe->table, probe->table == NULL ? "" : ".", probe->name);
    }
    return g_string_free(out, FALSE);
}

#endif
