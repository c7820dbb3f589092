/* `verify`: the checks of applied migrations, once more. */
#include "jobs/job.h"

#include "sql/splitter.h"

static void
build_check(const gw_finding *finding, JsonBuilder *builder)
{
    const gw_step *check = finding->check;
    g_autofree char *title = gw_step_title(check, 200);
    gw_line_counter lines = {0};
    json_builder_begin_object(builder);
    gw_json_text(builder, "file", gw_source_name(check->source));
    gw_json_integer(builder, "line", gw_source_line(check->source, check->offset, &lines));
    gw_json_text(builder, "statement", title);
    gw_json_integer(builder, "rows", (gint64)finding->rows);
    gw_json_texts(builder, "sample", finding->sample);
    json_builder_end_object(builder);
}

/* One migration with its findings; returns how many rows break its checks. */
static guint64
build_migration(const gw_plan_migration *migration, const GPtrArray *findings, JsonBuilder *builder)
{
    guint64 rows = 0;
    json_builder_begin_object(builder);
    gw_json_text(builder, "version", migration->version);
    gw_json_text(builder, "name", migration->name);
    json_builder_set_member_name(builder, "checks");
    json_builder_begin_array(builder);
    for (guint i = 0; i < findings->len; i++)
    {
        const gw_finding *finding = g_ptr_array_index(findings, i);
        if (finding->migration == migration)
        {
            build_check(finding, builder);
            rows += finding->rows;
        }
    }
    json_builder_end_array(builder);
    gw_json_text(builder, "state", rows == 0 ? "verified" : "unverified");
    json_builder_end_object(builder);
    return rows;
}

static gboolean
fail_rows(const GPtrArray *findings, GError **error)
{
    for (guint i = 0; i < findings->len; i++)
    {
        const gw_finding *finding = g_ptr_array_index(findings, i);
        if (finding->rows == 0)
        {
            continue;
        }
        gw_source_fail(finding->check->source, finding->check->offset, 6, error, GW_CODE_VERIFY,
            "a check of migration %s found %" G_GUINT64_FORMAT " row%s that break it",
            finding->migration->version, finding->rows, finding->rows == 1 ? "" : "s");
        gw_error_add_state(error == NULL ? NULL : *error, "nothing was changed");
        gw_error_add_next(error == NULL ? NULL : *error, "mend the rows, then: godwit verify");
        return FALSE;
    }
    return TRUE;
}

gboolean
gw_job_verify(gw_job *job, GError **error)
{
    if (!gw_job_open(job, GW_ACCESS_READ, error))
    {
        return FALSE;
    }
    g_autofree const char **versions = gw_job_values(job, "version");
    g_autoptr(gw_plan) plan = gw_plan_verify(&job->planning, versions, error);
    if (plan == NULL)
    {
        return FALSE;
    }
    g_autoptr(GPtrArray) findings = gw_checks_run(job->db, plan, error);
    if (findings == NULL)
    {
        return FALSE;
    }
    gw_job_build_target(job, job->result);
    json_builder_set_member_name(job->result, "migrations");
    json_builder_begin_array(job->result);
    guint64 rows = 0;
    for (guint i = 0; i < plan->migrations->len; i++)
    {
        rows += build_migration(g_ptr_array_index(plan->migrations, i), findings, job->result);
    }
    json_builder_end_array(job->result);
    return rows == 0 || fail_rows(findings, error);
}
