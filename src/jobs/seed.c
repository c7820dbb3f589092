/* `seed`: the files of the seeds folder, again and again with the same end. */
#include "jobs/job.h"
#include "planner/steps.h"
#include "project/starter.h"

/* What a seed's steps lie in. */
typedef struct seed_text
{
    char *path;
    char *name;
    gw_source *source;
    gw_sections *sections;
    gw_part part;
} seed_text;

static void
seed_text_free(gpointer data)
{
    seed_text *text = data;
    g_clear_pointer(&text->sections, gw_sections_free);
    g_clear_pointer(&text->source, gw_source_unref);
    g_free(text->path);
    g_free(text->name);
    g_free(text);
}

/* A file as a migration of the plan that no record is kept of. */
static gw_plan_migration *
seed_new(const char *path)
{
    seed_text *text = g_new0(seed_text, 1);
    text->path = g_strdup(path);
    text->name = g_path_get_basename(path);
    gw_plan_migration *seed = gw_plan_migration_new(text->name, "");
    seed->file = text->path;
    seed->direction = GW_UP;
    seed->action = GW_RECORD_NOTHING;
    seed->reversible = TRUE;
    seed->content = text;
    seed->content_free = seed_text_free;
    return seed;
}

static gw_plan_migration *
seed_read(const gw_dialect *dialect, const char *path, GError **error)
{
    g_autoptr(gw_plan_migration) seed = seed_new(path);
    seed_text *text = seed->content;
    gw_step_maker make = {.dialect = dialect, .migration = seed};
    text->source = gw_source_open(path, path, error);
    if (text->source == NULL || !gw_source_check_text(text->source, error))
    {
        return NULL;
    }
    seed->own_sha256 = gw_source_sha256(text->source);
    seed->raw_sha256 = seed->own_sha256;
    text->sections = gw_sections_whole(text->source, GW_SECTION_UP);
    text->part.section = gw_sections_find(text->sections, GW_SECTION_UP);
    text->part.source = text->source;
    if (!gw_steps_add(&make, &text->part, error))
    {
        return NULL;
    }
    gw_steps_finish(&make);
    return g_steal_pointer(&seed);
}

/* Seeds in YAML are part of the grammar and come with the operations: none is left out unseen. */
static gboolean
refuse_yaml(const char *folder, GError **error)
{
    g_autoptr(GDir) entries = g_dir_open(folder, 0, NULL);
    const char *name = NULL;
    while (entries != NULL && (name = g_dir_read_name(entries)) != NULL)
    {
        if (name[0] != '.' && (g_str_has_suffix(name, ".yaml") || g_str_has_suffix(name, ".yml")))
        {
            gw_fail(error, GW_CODE_NOT_YET,
                "%s/%s: seeds in YAML come with a later version of godwit", folder, name);
            gw_error_add_state(error == NULL ? NULL : *error, "nothing was changed");
            gw_error_add_hint(error == NULL ? NULL : *error, "write the rows as INSERTs in SQL");
            return FALSE;
        }
    }
    return TRUE;
}

static gw_plan *
seeds_plan(gw_job *job, GError **error)
{
    const char *folder = job->settings->seeds;
    g_autoptr(GPtrArray) files = gw_seeds_list(folder, error);
    if (files == NULL || !refuse_yaml(folder, error))
    {
        return NULL;
    }
    g_autoptr(gw_plan) plan = gw_plan_new("seed", job->settings->project);
    for (guint i = 0; i < files->len; i++)
    {
        gw_plan_migration *seed =
            seed_read(gw_db_dialect(job->db), g_ptr_array_index(files, i), error);
        if (seed == NULL)
        {
            return NULL;
        }
        g_ptr_array_add(plan->migrations, seed);
    }
    gw_plan_number(plan);
    return g_steal_pointer(&plan);
}

static gboolean
refuse_protected(gw_job *job, GError **error)
{
    const gw_target *target = &job->settings->target;
    if (!target->protect)
    {
        return TRUE;
    }
    gw_fail(error, GW_CODE_PROTECTED, "target %s is protected: seeds do not go there",
        target->name == NULL ? target->shown : target->name);
    gw_error_add_state(error == NULL ? NULL : *error, "nothing was changed");
    gw_error_add_hint(error == NULL ? NULL : *error, "rows that belong there are a migration");
    gw_error_add_next(error == NULL ? NULL : *error, "godwit new NAME");
    return FALSE;
}

static void
build_files(gw_job *job, const GPtrArray *outcomes)
{
    json_builder_set_member_name(job->result, "files");
    json_builder_begin_array(job->result);
    for (guint i = 0; outcomes != NULL && i < outcomes->len; i++)
    {
        const gw_outcome *outcome = g_ptr_array_index(outcomes, i);
        json_builder_begin_object(job->result);
        gw_json_text(job->result, "file", outcome->migration->file);
        gw_json_integer(job->result, "statements", outcome->statements);
        gw_json_integer(job->result, "duration_us", outcome->microseconds);
        json_builder_end_object(job->result);
    }
    json_builder_end_array(job->result);
}

static gboolean
run_seeds(gw_job *job, const gw_plan *plan, GError **error)
{
    gw_job_identify(job, "seed");
    g_autoptr(gw_run) run = gw_job_begin_run(job, error);
    if (run == NULL)
    {
        return FALSE;
    }
    gboolean done = gw_run_execute(run, plan, error);
    gw_run_end(run, done ? "done" : "failed");
    build_files(job, gw_run_outcomes(run));
    return done;
}

gboolean
gw_job_seed(gw_job *job, GError **error)
{
    if (!gw_job_open_settings(job, error) || !refuse_protected(job, error) ||
        !gw_job_open_ledger(job, GW_ACCESS_WRITE, error) || !gw_policy_check_write(job, error))
    {
        return FALSE;
    }
    g_autoptr(gw_plan) plan = seeds_plan(job, error);
    if (plan == NULL)
    {
        return FALSE;
    }
    gw_job_build_target(job, job->result);
    if (plan->migrations->len > 0)
    {
        return run_seeds(job, plan, error);
    }
    gw_observer_say(job->observer, GW_EVENT_NOTE, "there are no seeds in %s", job->settings->seeds);
    build_files(job, NULL);
    return TRUE;
}
