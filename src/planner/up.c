#include "planner/each.h"
#include "project/name.h"

/* The versions of a history, NULL-terminated; the texts are borrowed. */
static const char **
versions(const gw_history *history)
{
    const char **list = g_new0(const char *, history->records->len + 1);
    for (guint i = 0; i < history->records->len; i++)
    {
        list[i] = g_array_index(history->records, gw_record, i).version;
    }
    return list;
}

/* The file of a record that a run died or failed in. */
static const gw_migration *
file_of(const gw_planning *planning, const gw_record *record, GError **error)
{
    const gw_migration *migration = gw_project_find(planning->project, record->version);
    if (migration == NULL)
    {
        gw_fail(error, GW_CODE_MISSING, "migration %s is %s, and its file is not there",
            record->version, gw_state_text(record->state));
        gw_error_add_hint(
            error == NULL ? NULL : *error, "bring the file back: a run has to finish it");
    }
    return migration;
}

/* What was begun goes first, in the direction in which it was begun. */
static gboolean
add_begun(const gw_planning *planning, const gw_record *record, const gw_migration *migration,
    gw_addition *added, GError **error)
{
    gw_direction direction = gw_direction_read(record->direction);
    gw_plan_migration *begun =
        gw_planner_migration(planning, migration, direction, record->phase, error);
    if (!gw_addition_take(added, begun))
    {
        return FALSE;
    }
    begun->resume = TRUE;
    return direction == GW_UP ||
           gw_addition_take(added, gw_planner_migration(planning, migration, GW_UP, "", error));
}

/* A record that a run left begun, or whose checks are to be run again. */
static gboolean
add_left(const gw_planning *planning, gconstpointer item, gw_addition *added, GError **error)
{
    const gw_record *record = item;
    const gw_migration *migration = file_of(planning, record, error);
    if (migration == NULL)
    {
        return FALSE;
    }
    return record->state == GW_STATE_UNVERIFIED
               ? gw_addition_take(added, gw_planner_checks(planning, migration, error))
               : add_begun(planning, record, migration, added, error);
}

static gboolean
append_left(const gw_planning *planning, gw_plan *plan, GError **error)
{
    g_autoptr(GPtrArray) left = g_ptr_array_new();
    for (guint i = 0; i < planning->history->records->len; i++)
    {
        gw_record *record = &g_array_index(planning->history->records, gw_record, i);
        if (record->state == GW_STATE_RUNNING || record->state == GW_STATE_FAILED ||
            record->state == GW_STATE_UNVERIFIED)
        {
            g_ptr_array_add(left, record);
        }
    }
    return gw_planner_each(planning, plan, left, add_left, error);
}

static gboolean
add_pending(const gw_planning *planning, gconstpointer item, gw_addition *added, GError **error)
{
    return gw_addition_take(added, gw_planner_migration(planning, item, GW_UP, "", error));
}

static gboolean
append_pending(const gw_planning *planning, gw_plan *plan, const gw_standing *standing,
    const char *to, GError **error)
{
    g_autoptr(GPtrArray) pending = g_ptr_array_new();
    for (guint i = 0; i < standing->pending->len; i++)
    {
        gw_migration *migration = g_ptr_array_index(standing->pending, i);
        if (to == NULL || gw_version_compare(migration->version, to) <= 0)
        {
            g_ptr_array_add(pending, migration);
        }
    }
    return gw_planner_each(planning, plan, pending, add_pending, error);
}

/* A repeatable whose bytes are others; it runs again where its text means something else, too. */
static gboolean
add_changed(const gw_planning *planning, gconstpointer item, gw_addition *added, GError **error)
{
    const gw_migration *migration = item;
    const gw_record *record = gw_history_find(planning->history, migration->version);
    g_autoptr(gw_plan_migration) again =
        gw_planner_migration(planning, migration, GW_UP, "", error);
    if (again == NULL)
    {
        return FALSE;
    }
    again->action = GW_RECORD_REDO;
    return strcmp(again->token_sha256, record->token_sha256) == 0 ||
           gw_addition_take(added, g_steal_pointer(&again));
}

/* Repeatables that were applied with another text. */
static gboolean
append_changed(const gw_planning *planning, gw_plan *plan, GError **error)
{
    g_autoptr(GPtrArray) changed = g_ptr_array_new();
    for (guint i = 0; i < planning->graph->repeatables->len; i++)
    {
        gw_migration *migration = g_ptr_array_index(planning->graph->repeatables, i);
        const gw_record *record = gw_history_find(planning->history, migration->version);
        if (record != NULL && record->state == GW_STATE_APPLIED &&
            strcmp(record->raw_sha256, migration->sha256) != 0)
        {
            g_ptr_array_add(changed, migration);
        }
    }
    return gw_planner_each(planning, plan, changed, add_changed, error);
}

gw_plan *
gw_plan_up(const gw_planning *planning, const gw_up_goal *goal, GError **error)
{
    g_autoptr(gw_plan) plan = gw_plan_new("up", planning->name);
    g_autofree const char **applied = versions(planning->history);
    g_autoptr(gw_standing) standing = gw_graph_compare(planning->graph, applied);
    if (goal->to != NULL && gw_project_need(planning->project, goal->to, error) == NULL)
    {
        return NULL;
    }
    if (!append_left(planning, plan, error) ||
        !append_pending(planning, plan, standing, goal->to, error) ||
        (goal->to == NULL && !append_changed(planning, plan, error)))
    {
        return NULL;
    }
    gw_plan_number(plan);
    return g_steal_pointer(&plan);
}

static gboolean
add_contract(const gw_planning *planning, gconstpointer item, gw_addition *added, GError **error)
{
    const gw_migration *migration = file_of(planning, item, error);
    return migration != NULL && gw_addition_take(added, gw_planner_migration(planning, migration,
                                                            GW_UP, "contract", error));
}

gw_plan *
gw_plan_contract(const gw_planning *planning, const char *version, GError **error)
{
    g_autoptr(gw_plan) plan = gw_plan_new("contract", planning->name);
    g_autoptr(GPtrArray) expanded = g_ptr_array_new();
    for (guint i = 0; i < planning->history->records->len; i++)
    {
        gw_record *record = &g_array_index(planning->history->records, gw_record, i);
        if (record->state == GW_STATE_EXPANDED &&
            (version == NULL || gw_version_compare(version, record->version) == 0))
        {
            g_ptr_array_add(expanded, record);
        }
    }
    if (!gw_planner_each(planning, plan, expanded, add_contract, error))
    {
        return NULL;
    }
    if (version != NULL && plan->migrations->len == 0)
    {
        gw_fail(error, GW_CODE_VERSION, "migration %s is not expanded", version);
        gw_error_add_next(error == NULL ? NULL : *error, "godwit status");
        return NULL;
    }
    gw_plan_number(plan);
    return g_steal_pointer(&plan);
}

/* Is `version` among those that were asked for? No list asks for all. */
static gboolean
is_wanted(const char *version, const char *const *wanted)
{
    if (wanted == NULL || wanted[0] == NULL)
    {
        return TRUE;
    }
    for (guint i = 0; wanted[i] != NULL; i++)
    {
        if (gw_version_compare(version, wanted[i]) == 0)
        {
            return TRUE;
        }
    }
    return FALSE;
}

/* A version that was asked for must be there and applied. */
static gboolean
wanted_check(const gw_planning *planning, const char *const *wanted, GError **error)
{
    for (guint i = 0; wanted != NULL && wanted[i] != NULL; i++)
    {
        const gw_migration *migration = gw_project_need(planning->project, wanted[i], error);
        if (migration == NULL)
        {
            return FALSE;
        }
        if (gw_history_find(planning->history, migration->version) == NULL)
        {
            gw_fail(error, GW_CODE_VERSION, "migration %s is not applied", wanted[i]);
            gw_error_add_next(error == NULL ? NULL : *error, "godwit status");
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
add_checks(const gw_planning *planning, gconstpointer item, gw_addition *added, GError **error)
{
    return gw_addition_take(added, gw_planner_checks(planning, item, error));
}

gw_plan *
gw_plan_verify(const gw_planning *planning, const char *const *wanted, GError **error)
{
    g_autoptr(gw_plan) plan = gw_plan_new("verify", planning->name);
    g_autoptr(GPtrArray) applied = g_ptr_array_new();
    if (!wanted_check(planning, wanted, error))
    {
        return NULL;
    }
    for (guint i = 0; i < planning->history->records->len; i++)
    {
        const gw_record *record = &g_array_index(planning->history->records, gw_record, i);
        const gw_migration *migration = gw_project_find(planning->project, record->version);
        if (migration != NULL && migration->applicable && migration->form != GW_FORM_YAML &&
            is_wanted(record->version, wanted))
        {
            g_ptr_array_add(applied, (gpointer)(guintptr)migration);
        }
    }
    return gw_planner_each(planning, plan, applied, add_checks, error) ? g_steal_pointer(&plan)
                                                                       : NULL;
}
