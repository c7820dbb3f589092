/* Where a migration that a dead or failed run left goes on. */
#include "jobs/job.h"

/* The number of the statement after those that are done, from 1. */
static gboolean
find(gw_job *job, const char *version, gw_direction direction, guint *at, GError **error)
{
    g_autoptr(GPtrArray) records = gw_ledger_steps(job->ledger, version, error);
    *at = 1;
    for (guint i = 0; records != NULL && i < records->len; i++)
    {
        const gw_step_record *record = g_ptr_array_index(records, i);
        if (record->done && strcmp(record->direction, gw_direction_text(direction)) == 0)
        {
            *at = MAX(*at, record->ordinal + record->statements);
        }
    }
    return records != NULL;
}

gboolean
gw_job_find_resumes(gw_job *job, gw_plan *plan, GError **error)
{
    for (guint i = 0; i < plan->migrations->len; i++)
    {
        gw_plan_migration *migration = g_ptr_array_index(plan->migrations, i);
        if (migration->resume &&
            !find(job, migration->version, migration->direction, &migration->resume_at, error))
        {
            return FALSE;
        }
    }
    return TRUE;
}

gboolean
gw_job_find_resume(gw_job *job, const gw_record *record, guint *at, guint *of, GError **error)
{
    const gw_migration *migration = gw_project_find(job->project, record->version);
    gw_direction direction = gw_direction_read(record->direction);
    if (migration == NULL)
    {
        gw_fail(error, GW_CODE_MISSING, "the file of migration %s is not there", record->version);
        return FALSE;
    }
    g_autoptr(gw_plan_migration) planned =
        gw_planner_migration(&job->planning, migration, direction, record->phase, error);
    if (planned == NULL || !find(job, record->version, direction, at, error))
    {
        return FALSE;
    }
    *of = gw_plan_migration_last(planned);
    return TRUE;
}
