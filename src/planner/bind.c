#include "planner/bind.h"

#include "planner/incomplete.h"
#include "sql/words.h"

/* All relations of a plan, each once, with what the database says of its size. */
typedef struct sizes
{
    GHashTable *index; /* "schema\001name" -> index + 1 */
    GPtrArray *schemas;
    GPtrArray *names;
    gw_size *sizes;
} sizes;

static void
sizes_clear(sizes *all)
{
    g_hash_table_unref(all->index);
    g_ptr_array_unref(all->schemas);
    g_ptr_array_unref(all->names);
    g_free(all->sizes);
}

static char *
relation_key(const gw_fact_relation *relation)
{
    return g_strdup_printf(
        "%s\001%s", relation->schema == NULL ? "" : relation->schema, relation->name);
}

static void
note_relation(sizes *all, const gw_fact_relation *relation)
{
    char *key = relation_key(relation);
    if (g_hash_table_contains(all->index, key))
    {
        g_free(key);
        return;
    }
    g_ptr_array_add(all->schemas, relation->schema);
    g_ptr_array_add(all->names, relation->name);
    g_hash_table_insert(all->index, key, GUINT_TO_POINTER(all->names->len));
}

static void
note_plan(sizes *all, const gw_plan *plan)
{
    for (guint i = 0; i < plan->migrations->len; i++)
    {
        const gw_plan_migration *migration = g_ptr_array_index(plan->migrations, i);
        for (guint j = 0; j < migration->steps->len; j++)
        {
            const gw_step *step = g_ptr_array_index(migration->steps, j);
            for (guint k = 0; k < step->facts->relations->len; k++)
            {
                note_relation(all, g_ptr_array_index(step->facts->relations, k));
            }
        }
    }
}

static gsize
index_of(const sizes *all, const gw_fact_relation *relation)
{
    g_autofree char *key = relation_key(relation);
    return GPOINTER_TO_UINT(g_hash_table_lookup(all->index, key)) - 1;
}

/* The largest relation of a step gives it its size. */
static void
bind_step(gw_step *step, const sizes *all)
{
    for (guint i = 0; i < step->facts->relations->len; i++)
    {
        gsize at = index_of(all, g_ptr_array_index(step->facts->relations, i));
        step->rows = MAX(step->rows, all->sizes[at].rows);
        step->bytes = MAX(step->bytes, all->sizes[at].bytes);
    }
}

static gint
compare_relations(gconstpointer left, gconstpointer right)
{
    const gw_fact_relation *a = *(gw_fact_relation *const *)left;
    const gw_fact_relation *b = *(gw_fact_relation *const *)right;
    int schemas = g_strcmp0(a->schema, b->schema);
    return schemas != 0 ? schemas : strcmp(a->name, b->name);
}

/* Add to `locks` what blocks others and is there; the strongest request on a relation stays. */
static void
collect_lock(GPtrArray *locks, gw_fact_relation *relation)
{
    for (guint i = 0; i < locks->len; i++)
    {
        const gw_fact_relation *other = g_ptr_array_index(locks, i);
        if (strcmp(other->name, relation->name) == 0 &&
            g_strcmp0(other->schema, relation->schema) == 0)
        {
            if (relation->blocks > other->blocks)
            {
                locks->pdata[i] = relation;
            }
            return;
        }
    }
    g_ptr_array_add(locks, relation);
}

static void
choose_first_locks(gw_plan_migration *migration, const sizes *all)
{
    g_autoptr(GPtrArray) locks = g_ptr_array_new();
    for (guint i = 0; migration->atomic && i < migration->steps->len; i++)
    {
        const gw_step *step = g_ptr_array_index(migration->steps, i);
        for (guint j = 0; step->transaction > 0 && j < step->facts->relations->len; j++)
        {
            gw_fact_relation *relation = g_ptr_array_index(step->facts->relations, j);
            if (relation->blocks >= GW_BLOCKS_WRITES &&
                all->sizes[index_of(all, relation)].bytes >= 0)
            {
                collect_lock(locks, relation);
            }
        }
    }
    if (locks->len < 2) /* as nearly always: then the migration's own array takes no memory */
    {
        return;
    }
    g_ptr_array_sort(locks, compare_relations);
    g_ptr_array_extend(migration->first_locks, locks, NULL, NULL);
}

static void
bind_migration(gw_plan_migration *migration, const sizes *all)
{
    for (guint i = 0; i < migration->steps->len; i++)
    {
        bind_step(g_ptr_array_index(migration->steps, i), all);
    }
    choose_first_locks(migration, all);
}

/* The engines of the tables that keep part of a statement that fails, by table. */
static GHashTable *
plain_engines(const sizes *all, const char *working)
{
    GHashTable *engines = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint i = 0; i < all->names->len; i++)
    {
        if (all->sizes[i].engine[0] != '\0')
        {
            char *key = gw_incomplete_key(
                working, g_ptr_array_index(all->schemas, i), g_ptr_array_index(all->names, i));
            g_hash_table_replace(engines, key, g_strdup(all->sizes[i].engine));
        }
    }
    return engines;
}

/* SET of the session, and not of the transaction? */
static gboolean
sets_session(const gw_step *step, const gw_dialect *dialect)
{
    static const char *const within[] = {"LOCAL", "TRANSACTION", "CONSTRAINTS", NULL};
    gw_words words;
    gw_words_init(
        &words, &dialect->lexis, gw_source_text(step->source) + step->offset, step->length);
    return step->facts->kind == GW_KIND_SESSION && gw_words_take(&words, "SET") &&
           gw_words_take_any(&words, within) < 0;
}

/* Behind a pooler the session is not the migration's own. */
static void
warn_of_setting(gw_plan_migration *migration, const gw_dialect *dialect)
{
    for (guint i = 0; i < migration->steps->len; i++)
    {
        const gw_step *step = g_ptr_array_index(migration->steps, i);
        if (sets_session(step, dialect))
        {
            gw_plan_migration_warn(migration,
                "statement %u (SET): behind the pooler of this target a setting is not there for "
                "the next transaction, and others get it; write SET LOCAL, or connect to the "
                "server itself",
                step->ordinal);
        }
    }
}

static gboolean
warn_of_settings(const gw_plan *plan, const gw_dialect *dialect, GError **error)
{
    for (guint i = 0; i < plan->migrations->len; i++)
    {
        gw_plan_migration *migration = g_ptr_array_index(plan->migrations, i);
        if (!migration->session)
        {
            continue;
        }
        if (!gw_plan_migration_hold(migration, error))
        {
            return FALSE;
        }
        warn_of_setting(migration, dialect);
        gw_plan_migration_release(migration);
    }
    return TRUE;
}

gboolean
gw_plan_bind_sizes(gw_plan *plan, gw_db *db, GError **error)
{
    sizes all = {
        .index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
        .schemas = g_ptr_array_new(),
        .names = g_ptr_array_new(),
    };
    note_plan(&all, plan);
    guint count = all.names->len;
    all.sizes = g_new0(gw_size, count + 1);
    gboolean read =
        count == 0 || gw_db_sizes(db, (const char *const *)all.schemas->pdata,
                          (const char *const *)all.names->pdata, count, all.sizes, error);
    for (guint i = 0; read && i < plan->migrations->len; i++)
    {
        bind_migration(g_ptr_array_index(plan->migrations, i), &all);
    }
    if (read)
    {
        const char *working = gw_db_place(db)->schema;
        g_autoptr(GHashTable) engines = plain_engines(&all, working);
        read = gw_plan_bind_incomplete(plan, gw_db_dialect(db), working, engines, error);
    }
    sizes_clear(&all);
    return read && (!gw_db_place(db)->pooled || warn_of_settings(plan, gw_db_dialect(db), error));
}

gboolean
gw_plan_bind_schema(gw_plan *plan, gw_db *db, const char *ledger, GError **error)
{
    g_autoptr(gw_model) model = gw_db_catalog(db, ledger, NULL, error);
    if (model == NULL)
    {
        return FALSE;
    }
    g_free(plan->binding.schema);
    plan->binding.schema = g_strdup(model->fingerprint);
    return TRUE;
}
