#include "planner/incomplete.h"

#include "planner/steps.h"
#include "sql/splitter.h"

/* What is known while a plan is walked. */
typedef struct knowledge
{
    const gw_dialect *dialect;
    const char *schema;
    GHashTable *engines;
} knowledge;

char *
gw_incomplete_key(const char *working, const char *schema, const char *name)
{
    gboolean here = schema == NULL || g_strcmp0(schema, working) == 0;
    return g_strconcat(here ? "" : schema, "\001", name, NULL);
}

static const char *
engine_of(const knowledge *known, const gw_fact_relation *relation)
{
    if (g_hash_table_size(known->engines) == 0) /* as nearly always */
    {
        return NULL;
    }
    g_autofree char *key = gw_incomplete_key(known->schema, relation->schema, relation->name);
    return g_hash_table_lookup(known->engines, key);
}

/* The first table that the statement writes and that has no transactions. */
static const gw_fact_relation *
find_plain(const knowledge *known, const gw_facts *facts)
{
    for (guint i = 0; i < facts->relations->len; i++)
    {
        const gw_fact_relation *relation = g_ptr_array_index(facts->relations, i);
        if (relation->writes && engine_of(known, relation) != NULL)
        {
            return relation;
        }
    }
    return NULL;
}

/* The engine of the table that a new one is made like; NULL: of none such. */
static const char *
engine_of_model(const knowledge *known, const gw_facts *facts)
{
    for (guint i = 0; i < facts->relations->len; i++)
    {
        const gw_fact_relation *relation = g_ptr_array_index(facts->relations, i);
        if (relation->model)
        {
            return engine_of(known, relation);
        }
    }
    return NULL;
}

/* The key of the table that a statement makes, drops or changes; NULL: it does not say. */
static char *
key_of_object(const knowledge *known, const gw_facts *facts)
{
    if (facts->probe.name != NULL)
    {
        return gw_incomplete_key(known->schema, facts->probe.schema, facts->probe.name);
    }
    const gw_fact_relation *first =
        facts->relations->len == 0 ? NULL : g_ptr_array_index(facts->relations, 0);
    return first == NULL ? NULL : gw_incomplete_key(known->schema, first->schema, first->name);
}

/* What a statement makes of its table stays known to those behind it. */
static void
note_engine(knowledge *known, const gw_facts *facts)
{
    gboolean makes = facts->probe.kind == GW_PROBE_APPEARS ||
                     facts->probe.kind == GW_PROBE_VANISHES || facts->creates;
    gboolean table = makes && facts->probe.object == GW_OBJECT_TABLE && facts->probe.name != NULL;
    if (facts->kind != GW_KIND_SCHEMA || (!table && facts->engine == NULL))
    {
        return;
    }
    const char *engine = facts->engine == NULL ? engine_of_model(known, facts) : facts->engine;
    char *key = key_of_object(known, facts);
    if (key == NULL)
    {
        return;
    }
    if (engine != NULL && *engine != '\0')
    {
        g_hash_table_replace(known->engines, key, g_strdup(engine));
        return;
    }
    g_hash_table_remove(known->engines, key);
    g_free(key);
}

/* The statement stands alone, and nobody can tell whether it ran but who looks at the rows. */
static void
mark_incomplete(const knowledge *known, gw_step *step, const gw_fact_relation *table)
{
    gw_facts *facts = step->facts;
    step->transaction = 0;
    facts->transactional = GW_TRANSACTION_COMMITS;
    g_free(facts->incomplete);
    facts->incomplete = g_strdup_printf("table %s is ENGINE=%s, which keeps part of a failed "
                                        "statement",
        table->name, engine_of(known, table));
    facts->probe.kind = facts->repeatable ? GW_PROBE_REPEAT : GW_PROBE_IMPOSSIBLE;
}

/* One of the statements that a step had joined, as a step of its own. */
static gw_step *
step_alone(const knowledge *known, const gw_step *joined, const gw_fact_relation *table,
    const gw_statement *statement)
{
    gw_step *step = g_new0(gw_step, 1);
    const char *text = gw_source_text(joined->source) + statement->offset;
    *step = *joined;
    step->statements = 1;
    step->offset = statement->offset;
    step->length = statement->length;
    step->facts = known->dialect->facts(text, statement->length);
    gw_step_hash(step);
    mark_incomplete(known, step, table);
    return step;
}

/* Steps of one statement each in place of a joined one. */
static gboolean
append_alone(const knowledge *known, GPtrArray *steps, const gw_step *joined,
    const gw_fact_relation *table, GError **error)
{
    gw_splitter splitter;
    gw_statement statement;
    gboolean more = TRUE;
    guint ordinal = joined->ordinal;
    gw_splitter_init(
        &splitter, &known->dialect->lexis, joined->source, joined->offset, joined->length);
    while (gw_splitter_next(&splitter, &statement, &more, error))
    {
        if (!more)
        {
            return TRUE;
        }
        gw_step *step = step_alone(known, joined, table, &statement);
        step->ordinal = ordinal++;
        g_ptr_array_add(steps, step);
    }
    return FALSE;
}

static void
warn(gw_plan_migration *migration, const gw_step *step)
{
    if (step->facts->probe.kind == GW_PROBE_IMPOSSIBLE)
    {
        gw_plan_migration_warn(migration,
            "statement %u (%s): %s; after a crash or failure in the middle of it a person has to "
            "decide",
            step->ordinal, step->facts->verb, step->facts->incomplete);
    }
}

/* Walk the steps into `steps`; those that stay are moved. */
static gboolean
walk(knowledge *known, gw_plan_migration *migration, GPtrArray *steps, GError **error)
{
    GPtrArray *old = migration->steps;
    gboolean good = TRUE;
    for (guint i = 0; good && i < old->len; i++)
    {
        gw_step *step = g_ptr_array_index(old, i);
        const gw_fact_relation *table =
            step->facts->kind == GW_KIND_DATA ? find_plain(known, step->facts) : NULL;
        note_engine(known, step->facts);
        if (table == NULL || step->statements == 1)
        {
            g_ptr_array_add(steps, step);
            old->pdata[i] = NULL;
        }
        if (table != NULL && step->statements > 1)
        {
            good = append_alone(known, steps, step, table, error);
        }
        else if (table != NULL)
        {
            mark_incomplete(known, step, table);
        }
    }
    return good;
}

/* May a joined step have to be cut? Then the text must be at hand. */
static gboolean
may_cut(const knowledge *known, const gw_plan_migration *migration)
{
    gboolean plain = g_hash_table_size(known->engines) > 0;
    gboolean joined = FALSE;
    for (guint i = 0; i < migration->steps->len; i++)
    {
        const gw_step *step = g_ptr_array_index(migration->steps, i);
        plain |= step->facts->engine != NULL;
        joined |= step->statements > 1;
    }
    return plain && joined;
}

static gboolean
bind_migration(knowledge *known, gw_plan_migration *migration, GError **error)
{
    gboolean any = FALSE;
    if (may_cut(known, migration) && !gw_plan_migration_hold(migration, error))
    {
        return FALSE;
    }
    GPtrArray *steps = g_ptr_array_new_with_free_func((GDestroyNotify)gw_step_free);
    gboolean good = walk(known, migration, steps, error);
    g_ptr_array_unref(migration->steps);
    migration->steps = steps;
    gw_plan_migration_release(migration);
    for (guint i = 0; i < steps->len; i++)
    {
        const gw_step *step = g_ptr_array_index(steps, i);
        any |= step->facts->incomplete != NULL;
        if (step->facts->incomplete != NULL)
        {
            warn(migration, step);
        }
    }
    if (any)
    {
        migration->atomic = FALSE;
        migration->verify_inside = FALSE;
        g_ptr_array_set_size(migration->first_locks, 0);
    }
    return good;
}

gboolean
gw_plan_bind_incomplete(gw_plan *plan, const gw_dialect *dialect, const char *schema,
    GHashTable *engines, GError **error)
{
    knowledge known = {.dialect = dialect, .schema = schema, .engines = engines};
    for (guint i = 0; i < plan->migrations->len; i++)
    {
        if (!bind_migration(&known, g_ptr_array_index(plan->migrations, i), error))
        {
            return FALSE;
        }
    }
    gw_plan_number(plan);
    return TRUE;
}
