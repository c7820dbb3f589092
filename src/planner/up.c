#include "planner/planner.h"

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

static gboolean
migration_append(gw_plan *plan, gw_plan_migration *migration)
{
    if (migration == NULL)
    {
        return FALSE;
    }
    g_ptr_array_add(plan->migrations, migration);
    return TRUE;
}

static gboolean
append(const gw_planning *planning, gw_plan *plan, const gw_migration *migration,
    gw_direction direction, GError **error)
{
    return migration_append(plan, gw_planner_migration(planning, migration, direction, "", error));
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
append_begun(const gw_planning *planning, gw_plan *plan, const gw_record *record, GError **error)
{
    const gw_migration *migration = file_of(planning, record, error);
    if (migration == NULL)
    {
        return FALSE;
    }
    gw_direction direction = gw_direction_read(record->direction);
    gw_plan_migration *begun =
        gw_planner_migration(planning, migration, direction, record->phase, error);
    if (!migration_append(plan, begun))
    {
        return FALSE;
    }
    begun->resume = TRUE;
    return direction == GW_UP || append(planning, plan, migration, GW_UP, error);
}

static gboolean
append_left(const gw_planning *planning, gw_plan *plan, GError **error)
{
    for (guint i = 0; i < planning->history->records->len; i++)
    {
        const gw_record *record = &g_array_index(planning->history->records, gw_record, i);
        gboolean begun = record->state == GW_STATE_RUNNING || record->state == GW_STATE_FAILED;
        if (begun && !append_begun(planning, plan, record, error))
        {
            return FALSE;
        }
        if (record->state == GW_STATE_UNVERIFIED)
        {
            const gw_migration *migration = file_of(planning, record, error);
            if (migration == NULL ||
                !migration_append(plan, gw_planner_checks(planning, migration, error)))
            {
                return FALSE;
            }
        }
    }
    return TRUE;
}

static gboolean
append_pending(const gw_planning *planning, gw_plan *plan, const gw_standing *standing,
    const char *to, GError **error)
{
    for (guint i = 0; i < standing->pending->len; i++)
    {
        const gw_migration *migration = g_ptr_array_index(standing->pending, i);
        if (to != NULL && gw_version_compare(migration->version, to) > 0)
        {
            continue;
        }
        if (!append(planning, plan, migration, GW_UP, error))
        {
            return FALSE;
        }
    }
    return TRUE;
}

/* Repeatables that were applied with another text. */
static gboolean
append_changed(const gw_planning *planning, gw_plan *plan, GError **error)
{
    for (guint i = 0; i < planning->graph->repeatables->len; i++)
    {
        const gw_migration *migration = g_ptr_array_index(planning->graph->repeatables, i);
        const gw_record *record = gw_history_find(planning->history, migration->version);
        if (record == NULL || record->state != GW_STATE_APPLIED ||
            strcmp(record->raw_sha256, migration->sha256) == 0)
        {
            continue;
        }
        gw_plan_migration *again = gw_planner_migration(planning, migration, GW_UP, "", error);
        if (!migration_append(plan, again))
        {
            return FALSE;
        }
        again->action = GW_RECORD_REDO;
        if (strcmp(again->token_sha256, record->token_sha256) == 0)
        {
            g_ptr_array_remove_index(plan->migrations, plan->migrations->len - 1);
        }
    }
    return TRUE;
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

gw_plan *
gw_plan_contract(const gw_planning *planning, const char *version, GError **error)
{
    g_autoptr(gw_plan) plan = gw_plan_new("contract", planning->name);
    for (guint i = 0; i < planning->history->records->len; i++)
    {
        const gw_record *record = &g_array_index(planning->history->records, gw_record, i);
        if (record->state != GW_STATE_EXPANDED ||
            (version != NULL && gw_version_compare(version, record->version) != 0))
        {
            continue;
        }
        const gw_migration *migration = file_of(planning, record, error);
        if (migration == NULL || !migration_append(plan, gw_planner_migration(planning, migration,
                                                             GW_UP, "contract", error)))
        {
            return NULL;
        }
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

gw_plan *
gw_plan_verify(const gw_planning *planning, const char *const *wanted, GError **error)
{
    g_autoptr(gw_plan) plan = gw_plan_new("verify", planning->name);
    if (!wanted_check(planning, wanted, error))
    {
        return NULL;
    }
    for (guint i = 0; i < planning->history->records->len; i++)
    {
        const gw_record *record = &g_array_index(planning->history->records, gw_record, i);
        const gw_migration *migration = gw_project_find(planning->project, record->version);
        if (migration == NULL || !migration->applicable || migration->form == GW_FORM_YAML ||
            !is_wanted(record->version, wanted))
        {
            continue;
        }
        if (!migration_append(plan, gw_planner_checks(planning, migration, error)))
        {
            return NULL;
        }
    }
    return g_steal_pointer(&plan);
}
