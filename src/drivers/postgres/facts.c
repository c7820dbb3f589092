#include "drivers/postgres/facts.h"

#include "drivers/postgres/connection.h"
#include "drivers/postgres/guess.h"
#include "drivers/postgres/rules.h"
#include "sql/words.h"

/* Statements that their first words tell enough of: the parser, which costs microseconds and reads
 * all of a text of 100 MB, is not asked. A phrase stands after those that begin with it. */
typedef struct phrase_row
{
    const char *phrase;
    const char *verb;
    gw_kind kind;
    guint flags; /* of gw_pg_rule_flag */
    guint destroys;
    gboolean writes; /* a relation's name follows, which is written */
} phrase_row;

#define SILENT  GW_PG_RULE_SILENT
#define REFUSES GW_PG_RULE_REFUSES

static const phrase_row rows[] = {
    {"INSERT INTO", "INSERT", GW_KIND_DATA, SILENT, 0, TRUE},
    {"UPDATE ONLY", "UPDATE", GW_KIND_DATA, SILENT, GW_DESTROYS_VALUES, TRUE},
    {"UPDATE", "UPDATE", GW_KIND_DATA, SILENT, GW_DESTROYS_VALUES, TRUE},
    {"DELETE FROM ONLY", "DELETE", GW_KIND_DATA, SILENT, GW_DESTROYS_ROWS, TRUE},
    {"DELETE FROM", "DELETE", GW_KIND_DATA, SILENT, GW_DESTROYS_ROWS, TRUE},
    {"MERGE INTO", "MERGE", GW_KIND_DATA, SILENT, GW_DESTROYS_ROWS | GW_DESTROYS_VALUES, TRUE},
    {"BEGIN", "BEGIN", GW_KIND_CONTROL, SILENT, 0, FALSE},
    {"START TRANSACTION", "START TRANSACTION", GW_KIND_CONTROL, SILENT, 0, FALSE},
    {"COMMIT PREPARED", "COMMIT PREPARED", GW_KIND_CONTROL, REFUSES, 0, FALSE},
    {"COMMIT", "COMMIT", GW_KIND_CONTROL, SILENT, 0, FALSE},
    {"END", "COMMIT", GW_KIND_CONTROL, SILENT, 0, FALSE},
    {"ROLLBACK PREPARED", "ROLLBACK PREPARED", GW_KIND_CONTROL, REFUSES, 0, FALSE},
    {"ROLLBACK", "ROLLBACK", GW_KIND_CONTROL, SILENT, 0, FALSE},
    {"ABORT", "ROLLBACK", GW_KIND_CONTROL, SILENT, 0, FALSE},
    {"SAVEPOINT", "SAVEPOINT", GW_KIND_CONTROL, SILENT, 0, FALSE},
    {"RELEASE", "RELEASE SAVEPOINT", GW_KIND_CONTROL, SILENT, 0, FALSE},
    {"PREPARE TRANSACTION", "PREPARE TRANSACTION", GW_KIND_CONTROL, 0, 0, FALSE},
    {"SET", "SET", GW_KIND_SESSION, SILENT, 0, FALSE},
    {"RESET", "RESET", GW_KIND_SESSION, SILENT, 0, FALSE},
    {"DISCARD ALL", "DISCARD ALL", GW_KIND_SESSION, SILENT | REFUSES, 0, FALSE},
    {"DISCARD", "DISCARD", GW_KIND_SESSION, SILENT, 0, FALSE},
    {"DEALLOCATE", "DEALLOCATE", GW_KIND_SESSION, SILENT, 0, FALSE},
    {"LISTEN", "LISTEN", GW_KIND_SESSION, SILENT, 0, FALSE},
    {"UNLISTEN", "UNLISTEN", GW_KIND_SESSION, SILENT, 0, FALSE},
    {"LOAD", "LOAD", GW_KIND_SESSION, SILENT, 0, FALSE},
    {"NOTIFY", "NOTIFY", GW_KIND_OTHER, SILENT, 0, FALSE},
    {"SHOW", "SHOW", GW_KIND_QUERY, SILENT, 0, FALSE},
    {"MOVE", "MOVE", GW_KIND_QUERY, SILENT, 0, FALSE},
};

static void
set_flags(gw_facts *facts, guint flags)
{
    facts->transactional = (flags & REFUSES) != 0 ? GW_TRANSACTION_REFUSES : GW_TRANSACTION_FITS;
    facts->repeatable = (flags & GW_PG_RULE_REPEAT) != 0;
    facts->creates = (flags & GW_PG_RULE_CREATES) != 0;
    facts->rewrite = (flags & GW_PG_RULE_REWRITE) != 0 ? GW_YES : GW_NO;
    facts->scan = (flags & (GW_PG_RULE_SCAN | GW_PG_RULE_REWRITE)) != 0 ? GW_YES : GW_NO;
    facts->probe.kind = (flags & SILENT) != 0              ? GW_PROBE_NONE
                        : (flags & GW_PG_RULE_REPEAT) != 0 ? GW_PROBE_REPEAT
                                                           : GW_PROBE_CATALOG;
}

/* The table that the statement writes. */
static void
read_written(gw_facts *facts, gw_words *words)
{
    g_autofree char *schema = NULL;
    g_autofree char *name = NULL;
    if (gw_words_take_name(words, TRUE, &schema, &name))
    {
        gw_pg_relation table = {schema, name, GW_OBJECT_TABLE};
        gw_pg_locks(facts, table, GW_PG_ROW_EXCLUSIVE, GW_SPAN_ROWS);
        gw_pg_about(facts, table, NULL);
    }
    facts->scan = facts->destroys == GW_DESTROYS_NOTHING ? GW_NO : GW_DEPENDS;
}

/* COPY t (…) FROM or TO, or COPY (query) TO. */
static void
read_copy(gw_facts *facts, gw_words *words)
{
    g_autofree char *schema = NULL;
    g_autofree char *name = NULL;
    gw_words direction = *words;
    gboolean named = gw_words_take_name(words, TRUE, &schema, &name);
    gw_pg_relation table = {schema, named ? name : NULL, GW_OBJECT_TABLE};
    gboolean from = gw_words_find(&direction, "FROM", FALSE);
    gw_words_step(&direction);
    facts->verb = from ? "COPY FROM" : "COPY TO";
    facts->kind = from ? GW_KIND_DATA : GW_KIND_QUERY;
    facts->copy_in = from && gw_words_is(&direction, "STDIN");
    set_flags(facts, SILENT);
    facts->scan = from ? GW_NO : GW_YES;
    gw_pg_locks(facts, table, from ? GW_PG_ROW_EXCLUSIVE : GW_PG_ACCESS_SHARE, GW_SPAN_ROWS);
    gw_pg_about(facts, table, NULL);
}

/* From the first words alone; FALSE when they do not tell enough. */
static gboolean
read_words(gw_facts *facts, const char *sql, gsize length)
{
    gw_words words;
    gw_words_init(&words, &gw_postgres_dialect.lexis, sql, length);
    if (gw_words_take(&words, "COPY"))
    {
        read_copy(facts, &words);
        return TRUE;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    {
        if (gw_words_take(&words, rows[i].phrase))
        {
            facts->verb = rows[i].verb;
            facts->kind = rows[i].kind;
            facts->destroys = rows[i].destroys;
            set_flags(facts, rows[i].flags);
            if (rows[i].writes)
            {
                read_written(facts, &words);
            }
            return TRUE;
        }
    }
    return FALSE;
}

/* Does it leave a temporary relation or a lock by number in the session? */
static gboolean
leaves_something(const gw_pg_node *root)
{
    static const char *const locks[] = {"pg_advisory_lock", "pg_advisory_lock_shared",
        "pg_try_advisory_lock", "pg_try_advisory_lock_shared", NULL};
    for (const gw_pg_node *node = root; node < root + root->size; node++)
    {
        const char *name = strcmp(node->key, "funcname") == 0 ? gw_pg_name(node, 0) : NULL;
        if ((name != NULL && g_strv_contains(locks, name)) ||
            (strcmp(node->key, "relpersistence") == 0 && g_strcmp0(node->text, "t") == 0))
        {
            return TRUE;
        }
    }
    return FALSE;
}

/* From the parser's tree; FALSE when the grammar does not know the statement. */
static gboolean
read_tree(gw_facts *facts, const char *sql, gsize length)
{
    g_autoptr(gw_pg_tree) tree = gw_pg_tree_parse(sql, length);
    const gw_pg_node *statement = tree == NULL ? NULL : gw_pg_tree_statement(tree);
    const gw_pg_rule *rule = statement == NULL ? NULL : gw_pg_rule_find(statement->key);
    if (rule == NULL)
    {
        return FALSE;
    }
    facts->verb = rule->verb;
    facts->kind = rule->kind;
    facts->destroys = rule->destroys;
    set_flags(facts, rule->flags);
    facts->repeatable |= gw_pg_flag(statement, "if_not_exists") ||
                         gw_pg_flag(statement, "missing_ok") || gw_pg_flag(statement, "replace");
    if (facts->transactional == GW_TRANSACTION_REFUSES && facts->probe.kind == GW_PROBE_CATALOG)
    {
        facts->probe.kind = GW_PROBE_IMPOSSIBLE; /* what they make stands in no schema */
    }
    if (rule->read != NULL)
    {
        rule->read(facts, statement);
    }
    facts->session = leaves_something(statement);
    return TRUE;
}

gw_facts *
gw_pg_facts(const char *sql, gsize length)
{
    gw_facts *facts = gw_facts_new();
    if (!read_words(facts, sql, length) && !read_tree(facts, sql, length))
    {
        gw_pg_guess(facts, sql, length);
    }
    return facts;
}

/* Relations that LOCK TABLE takes; views would lock all that they read. */
static gboolean
is_lockable(const gw_fact_relation *relation)
{
    return relation->kind == GW_OBJECT_TABLE || relation->kind == GW_OBJECT_NONE;
}

/* One DO, for LOCK TABLE has one mode for all its tables; it does nothing when none can be locked.
 */
char *
gw_pg_lock_relations(const GPtrArray *relations)
{
    g_autoptr(GString) body = g_string_new(NULL);
    for (guint i = 0; i < relations->len; i++)
    {
        const gw_fact_relation *relation = g_ptr_array_index(relations, i);
        if (is_lockable(relation))
        {
            g_autofree char *name =
                gw_dialect_name(&gw_postgres_dialect, relation->schema, relation->name);
            g_string_append_printf(body, " LOCK TABLE %s IN %s MODE;", name,
                relation->lock == NULL ? "ACCESS EXCLUSIVE" : relation->lock);
        }
    }
    g_string_prepend(body, body->len == 0 ? "BEGIN NULL;" : "BEGIN");
    g_string_append(body, " END");
    g_autoptr(GString) statement = g_string_new("DO ");
    gw_postgres_dialect.quote_text(statement, body->str);
    return g_string_free(g_steal_pointer(&statement), FALSE);
}

/* What completes an interrupted DETACH PARTITION … CONCURRENTLY; nothing else does. */
static char *
finish_detach(const gw_facts *facts)
{
    const gw_fact_relation *whole = g_ptr_array_index(facts->relations, 0);
    const gw_probe *part = &facts->probe;
    g_autofree char *table = gw_dialect_name(&gw_postgres_dialect, whole->schema, whole->name);
    g_autofree char *name = gw_dialect_name(&gw_postgres_dialect, part->schema, part->name);
    return g_strdup_printf("ALTER TABLE %s DETACH PARTITION %s FINALIZE", table, name);
}

char *
gw_pg_remove_remains(const gw_facts *facts)
{
    const gw_probe *probe = &facts->probe;
    if (facts->concurrent && probe->kind == GW_PROBE_DEFINITION && facts->relations->len > 0)
    {
        return finish_detach(facts);
    }
    if (!facts->concurrent || probe->kind != GW_PROBE_APPEARS || probe->name == NULL ||
        probe->object != GW_OBJECT_INDEX)
    {
        return NULL;
    }
    g_autofree char *name = gw_dialect_name(&gw_postgres_dialect, probe->schema, probe->name);
    return g_strdup_printf("DROP INDEX CONCURRENTLY IF EXISTS %s", name);
}
