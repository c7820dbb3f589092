/* `plan`: what `up` or `down` would do, step by step. */
#include "base/file.h"
#include "jobs/plans.h"

gw_plan *
gw_job_plan_up(gw_job *job, GError **error)
{
    gw_up_goal goal = {.to = gw_job_option(job, "to")};
    return gw_plan_up(&job->planning, &goal, error);
}

/* How far down is said once. */
static gboolean
check_goals(gw_job *job, GError **error)
{
    static const char *const goals[] = {"steps", "to", "batch", "version"};
    guint given = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(goals); i++)
    {
        given += gw_job_option(job, goals[i]) != NULL;
    }
    if (given > 1)
    {
        gw_fail(error, GW_CODE_USAGE, "say one of VERSION, --steps, --to and --batch, not several");
    }
    return given <= 1;
}

gw_plan *
gw_job_plan_down(gw_job *job, GError **error)
{
    gint64 steps = 0;
    if (!check_goals(job, error) || !gw_job_number(job, "steps", 0, &steps, error))
    {
        return NULL;
    }
    gw_down_goal goal = {
        .to = gw_job_option(job, "to"),
        .version = gw_job_option(job, "version"),
        .batch = gw_job_flag(job, "batch"),
        .steps = (guint)steps,
    };
    return gw_plan_down(&job->planning, &goal, error);
}

JsonNode *
gw_job_plan_node(const gw_job *job, const gw_plan *plan, guint most)
{
    g_autoptr(JsonBuilder) builder = json_builder_new_immutable();
    json_builder_begin_object(builder);
    gw_job_build_target(job, builder);
    gw_plan_build(plan, most, builder);
    json_builder_end_object(builder);
    return json_builder_get_root(builder);
}

/* What another tool has applied is not planned again: it is shown as applied, and `up` stops. */
static void
leave_out_foreign(gw_job *job, gw_plan *plan)
{
    for (guint i = plan->migrations->len; job->foreign != NULL && i > 0; i--)
    {
        const gw_plan_migration *migration = g_ptr_array_index(plan->migrations, i - 1);
        if (gw_foreign_has(job->foreign, migration->version, migration->name))
        {
            g_ptr_array_remove_index(plan->migrations, i - 1);
        }
    }
    if (job->foreign != NULL)
    {
        g_ptr_array_add(plan->warnings,
            g_strdup_printf("%s has applied %u migrations here (%s): they are left out, and "
                            "\"up\" stops until its history is taken over",
                job->foreign->tool, job->foreign->applied->len, job->foreign->table));
    }
    gw_plan_number(plan);
}

static void
warn_of_order(gw_job *job, const gw_plan *plan)
{
    for (guint i = 0; i < plan->migrations->len; i++)
    {
        const gw_plan_migration *migration = g_ptr_array_index(plan->migrations, i);
        for (guint j = 0; migration->warnings != NULL && j < migration->warnings->len; j++)
        {
            gw_observer_say(job->observer, GW_EVENT_WARNING, "%s: %s", migration->file,
                (const char *)g_ptr_array_index(migration->warnings, j));
        }
    }
}

gw_plan *
gw_job_make_plan(gw_job *job, gboolean down, GError **error)
{
    g_autoptr(gw_plan) plan = down ? gw_job_plan_down(job, error) : gw_job_plan_up(job, error);
    if (plan == NULL)
    {
        return NULL;
    }
    leave_out_foreign(job, plan);
    return g_steal_pointer(&plan);
}

static void
add_text(gw_job *job, const char *name, char *text)
{
    gw_json_text(job->result, name, text);
    g_free(text);
}

/* Write the plan to the file of --output: only its owner may read it. */
static gboolean
write_output(const gw_job *job, const gw_plan *plan, GError **error)
{
    const char *path = gw_job_option(job, "output");
    if (path == NULL)
    {
        return TRUE;
    }
    g_autoptr(JsonNode) node = gw_job_plan_node(job, plan, 0);
    g_autofree char *text = json_to_string(node, TRUE);
    return gw_file_write(path, text, -1, GW_FILE_OWN, error);
}

static gboolean
plan_present(gw_job *job, gw_plan *plan, GError **error)
{
    if (gw_job_flag(job, "sql"))
    {
        char *sql = gw_plan_sql(plan, job, error);
        add_text(job, "sql", sql);
        return sql != NULL;
    }
    if (gw_job_flag(job, "markdown"))
    {
        add_text(job, "markdown", gw_plan_markdown(plan, job));
        return TRUE;
    }
    warn_of_order(job, plan);
    gw_job_build_target(job, job->result);
    gw_plan_build(plan, 0, job->result);
    return write_output(job, plan, error);
}

gboolean
gw_job_plan(gw_job *job, GError **error)
{
    gboolean down = gw_job_flag(job, "down");
    gboolean schema = gw_job_option(job, "output") != NULL;
    if (gw_job_option(job, "from") != NULL || gw_job_option(job, "database") != NULL)
    {
        return gw_job_plan_offline(job, error);
    }
    if (!gw_job_open(job, GW_ACCESS_LOOK, error) || !gw_job_check_files(job, error))
    {
        return FALSE;
    }
    g_autoptr(gw_plan) plan = gw_job_make_plan(job, down, error);
    if (plan == NULL || !gw_job_bind(job, plan, schema, error) || !plan_present(job, plan, error))
    {
        return FALSE;
    }
    job->status = gw_job_flag(job, "exit-code") && plan->migrations->len > 0 ? 1 : 0;
    return TRUE;
}
