/* What a plan is bound to, so that what was approved is what runs. */
#include "jobs/job.h"
#include "planner/bind.h"

static char *
files_digest(const gw_project *project)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    for (guint i = 0; i < project->migrations->len; i++)
    {
        const gw_migration *migration = g_ptr_array_index(project->migrations, i);
        g_autofree char *line = g_strdup_printf("%s %s\n", migration->version, migration->sha256);
        g_checksum_update(sum, (const guchar *)line, -1);
    }
    return g_strdup(g_checksum_get_string(sum));
}

gboolean
gw_job_bind(gw_job *job, gw_plan *plan, gboolean schema, GError **error)
{
    g_free(plan->binding.files);
    g_free(plan->binding.ledger);
    plan->binding.files = files_digest(job->project);
    plan->binding.ledger = gw_history_digest(job->history);
    if (job->db == NULL)
    {
        return TRUE;
    }
    return gw_job_find_resumes(job, plan, error) && gw_plan_bind_sizes(plan, job->db, error) &&
           (!schema || gw_plan_bind_schema(plan, job->db, job->settings->ledger, error));
}
