#include "planner/each.h"
#include "project/name.h"

/* The records to undo, newest by time applied first; borrowed from the history. */
static GPtrArray *
newest(const gw_planning *planning)
{
    GPtrArray *list = g_ptr_array_new();
    for (guint i = planning->history->records->len; i > 0; i--)
    {
        g_ptr_array_add(list, &g_array_index(planning->history->records, gw_record, i - 1));
    }
    return list;
}

/* Keep of `list` its first `count`. */
static void
keep_first(GPtrArray *list, guint count)
{
    g_ptr_array_set_size(list, (gint)MIN(count, list->len));
}

static void
keep_batch(const gw_planning *planning, GPtrArray *list)
{
    guint count = 0;
    while (count < list->len && ((const gw_record *)g_ptr_array_index(list, count))->batch ==
                                    planning->history->last_batch)
    {
        count++;
    }
    keep_first(list, count);
}

/* Keep what was applied after `version`; "0" keeps everything. */
static gboolean
keep_after(GPtrArray *list, const char *version, GError **error)
{
    for (guint i = 0; i < list->len; i++)
    {
        const gw_record *record = g_ptr_array_index(list, i);
        if (gw_version_compare(record->version, version) == 0)
        {
            keep_first(list, i);
            return TRUE;
        }
    }
    if (strcmp(version, "0") == 0)
    {
        return TRUE;
    }
    gw_fail(error, GW_CODE_VERSION, "migration %s is not applied", version);
    gw_error_add_next(error == NULL ? NULL : *error, "godwit status");
    return FALSE;
}

static gboolean
keep_only(GPtrArray *list, const char *version, GError **error)
{
    for (guint i = 0; i < list->len; i++)
    {
        gpointer record = g_ptr_array_index(list, i);
        if (gw_version_compare(((const gw_record *)record)->version, version) == 0)
        {
            g_ptr_array_set_size(list, 0);
            g_ptr_array_add(list, record);
            return TRUE;
        }
    }
    gw_fail(error, GW_CODE_VERSION, "migration %s is not applied", version);
    gw_error_add_next(error == NULL ? NULL : *error, "godwit status");
    return FALSE;
}

static GPtrArray *
choose(const gw_planning *planning, const gw_down_goal *goal, GError **error)
{
    g_autoptr(GPtrArray) list = newest(planning);
    if (goal->to != NULL)
    {
        return keep_after(list, goal->to, error) ? g_steal_pointer(&list) : NULL;
    }
    if (goal->version != NULL)
    {
        return keep_only(list, goal->version, error) ? g_steal_pointer(&list) : NULL;
    }
    if (goal->batch)
    {
        keep_batch(planning, list);
    }
    else
    {
        keep_first(list, goal->steps == 0 ? 1 : goal->steps);
    }
    return g_steal_pointer(&list);
}

static gboolean
irreversible(const gw_plan_migration *migration, GError **error)
{
    if (migration->irreversible != NULL)
    {
        gw_fail(error, GW_CODE_IRREVERSIBLE, "migration %s cannot be undone: %s",
            migration->version, migration->irreversible);
        gw_error_add_hint(error == NULL ? NULL : *error,
            "what can be brought back is a new migration's: godwit new NAME");
        gw_error_add_next(error == NULL ? NULL : *error, "godwit status");
    }
    else
    {
        gw_fail(error, GW_CODE_IRREVERSIBLE, "migration %s cannot be undone: %s has no down",
            migration->version, migration->file);
        gw_error_add_next(error == NULL ? NULL : *error,
            "write a down section into %s, then: godwit down", migration->file);
    }
    gw_error_add_state(error == NULL ? NULL : *error, "nothing was changed");
    return FALSE;
}

static const gw_migration *
need_file(const gw_planning *planning, const gw_record *record, GError **error)
{
    const gw_migration *migration = gw_project_find(planning->project, record->version);
    if (migration == NULL)
    {
        gw_fail(error, GW_CODE_MISSING, "migration %s cannot be undone: its file is not there",
            record->version);
        gw_error_add_state(error == NULL ? NULL : *error, "nothing was changed");
        gw_error_add_hint(error == NULL ? NULL : *error,
            "bring the file back, or let the ledger forget the migration");
        gw_error_add_next(
            error == NULL ? NULL : *error, "godwit repair --forget %s", record->version);
    }
    return migration;
}

/* One whose run died or failed on the way up is finished first: its down expects all of it. */
static gboolean
add_unfinished(const gw_planning *planning, const gw_record *record, const gw_migration *migration,
    gw_addition *added, GError **error)
{
    gboolean begun = record->state == GW_STATE_RUNNING || record->state == GW_STATE_FAILED;
    if (!begun || gw_direction_read(record->direction) == GW_DOWN)
    {
        return TRUE;
    }
    gw_plan_migration *rest =
        gw_planner_migration(planning, migration, GW_UP, record->phase, error);
    if (!gw_addition_take(added, rest))
    {
        return FALSE;
    }
    rest->resume = TRUE;
    return TRUE;
}

static gboolean
add_undo(const gw_planning *planning, gconstpointer item, gw_addition *added, GError **error)
{
    const gw_record *record = item;
    const gw_migration *migration = need_file(planning, record, error);
    if (migration == NULL || !add_unfinished(planning, record, migration, added, error))
    {
        return FALSE;
    }
    gboolean expanded = record->state == GW_STATE_EXPANDED;
    gw_plan_migration *undo =
        gw_planner_migration(planning, migration, GW_DOWN, expanded ? "expand" : "", error);
    if (!gw_addition_take(added, undo))
    {
        return FALSE;
    }
    gboolean ran = strcmp(record->kind, "migration") == 0 && migration->applicable;
    undo->resume = gw_direction_read(record->direction) == GW_DOWN;
    return !ran || undo->reversible || irreversible(undo, error);
}

/* What depends on a version has to go before it. */
static gboolean
dependents_check(const gw_planning *planning, const GPtrArray *chosen, GError **error)
{
    g_autoptr(GHashTable) gone = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < chosen->len; i++)
    {
        const gw_record *record = g_ptr_array_index(chosen, i);
        const gw_migration *migration = gw_project_find(planning->project, record->version);
        g_hash_table_add(gone, (gpointer)(guintptr)record->version);
        if (migration == NULL)
        {
            continue;
        }
        g_autoptr(GPtrArray) others = gw_graph_dependents(planning->graph, migration);
        for (guint j = 0; j < others->len; j++)
        {
            const gw_migration *other = g_ptr_array_index(others, j);
            const gw_record *held = gw_history_find(planning->history, other->version);
            if (held != NULL && !g_hash_table_contains(gone, held->version))
            {
                gw_fail(error, GW_CODE_DEPENDS, "migration %s depends on %s and is applied",
                    other->version, record->version);
                gw_error_add_next(error == NULL ? NULL : *error, "godwit down %s", other->version);
                return FALSE;
            }
        }
    }
    return TRUE;
}

gw_plan *
gw_plan_down(const gw_planning *planning, const gw_down_goal *goal, GError **error)
{
    g_autoptr(gw_plan) plan = gw_plan_new("down", planning->name);
    g_autoptr(GPtrArray) chosen = choose(planning, goal, error);
    if (chosen == NULL || !dependents_check(planning, chosen, error) ||
        !gw_planner_each(planning, plan, chosen, add_undo, error))
    {
        return NULL;
    }
    gw_plan_number(plan);
    return g_steal_pointer(&plan);
}
