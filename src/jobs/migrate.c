/* `up`, `down`, `redo` and `contract`: plan, show, ask, lock, look again, run, tell. */
#include "base/file.h"
#include "base/text.h"
#include "jobs/plans.h"

#define PLAN_LARGEST (256 * 1024 * 1024)

/* What is told of a run with thousands of migrations: the plan's beginning, the newest outcomes. */
#define PLAN_TOLD     50
#define OUTCOMES_TOLD 200

/* In a larger project the texts of migrations are read again when they run, instead of being held:
 * each takes some three kilobytes. */
#define TEXTS_HELD 1200

/* One of the commands of this file. */
typedef struct command
{
    const char *name;
    gboolean dangerous; /* asks first, on any target */
    gw_plan *(*make)(gw_job *job, GError **error);
} command;

static gw_plan *
make_up(gw_job *job, GError **error)
{
    return gw_job_make_plan(job, FALSE, error);
}

static gw_plan *
make_down(gw_job *job, GError **error)
{
    return gw_job_make_plan(job, TRUE, error);
}

static gw_plan *
make_contract(gw_job *job, GError **error)
{
    return gw_plan_contract(&job->planning, gw_job_option(job, "version"), error);
}

/* What a down would need is needed by the down of a redo. */
static void
redo_advise(GError *error)
{
    const char *next = gw_error_next(error);
    if (next != NULL && g_str_has_suffix(next, "godwit down"))
    {
        g_autofree char *before = g_strndup(next, strlen(next) - strlen("down"));
        gw_error_set_next(error, "%sredo", before);
    }
}

/* Down, then up again: the newest migration, both ways in one plan. */
static gw_plan *
make_redo(gw_job *job, GError **error)
{
    gw_down_goal goal = {.steps = 1};
    g_autoptr(GError) reason = NULL;
    g_autoptr(gw_plan) plan = gw_plan_down(&job->planning, &goal, &reason);
    if (plan == NULL)
    {
        redo_advise(reason);
        g_propagate_error(error, g_steal_pointer(&reason));
        return NULL;
    }
    guint count = plan->migrations->len;
    for (guint i = 0; i < count; i++)
    {
        const gw_plan_migration *undone = g_ptr_array_index(plan->migrations, i);
        const gw_migration *migration = gw_project_find(job->project, undone->version);
        gw_plan_migration *again =
            migration == NULL ? NULL
                              : gw_planner_migration(&job->planning, migration, GW_UP, "", error);
        if (again == NULL)
        {
            return NULL;
        }
        g_ptr_array_add(plan->migrations, again);
    }
    g_free(plan->command);
    plan->command = g_strdup("redo");
    gw_plan_number(plan);
    return g_steal_pointer(&plan);
}

static const command commands[] = {
    {"up", FALSE, make_up},
    {"down", TRUE, make_down},
    {"redo", TRUE, make_redo},
    {"contract", TRUE, make_contract},
};

/* The digest in the file of `up --plan`; the caller frees it. */
static char *
approved_digest(const char *path, GError **error)
{
    g_autofree char *text = NULL;
    if (!gw_file_read(path, PLAN_LARGEST, &text, NULL, error))
    {
        gw_error_add_next(error == NULL ? NULL : *error, "godwit plan -o %s", path);
        return NULL;
    }
    g_autoptr(JsonParser) parser = json_parser_new_immutable();
    gboolean parsed = json_parser_load_from_data(parser, text, -1, NULL);
    JsonNode *root = parsed ? json_parser_get_root(parser) : NULL;
    const char *digest =
        root != NULL && JSON_NODE_HOLDS_OBJECT(root)
            ? json_object_get_string_member_with_default(json_node_get_object(root), "digest", NULL)
            : NULL;
    if (digest == NULL)
    {
        gw_fail(error, GW_CODE_FILE, "%s is not a plan of godwit", path);
        gw_error_add_next(error == NULL ? NULL : *error, "godwit plan -o %s", path);
    }
    return g_strdup(digest);
}

/* What runs must be what was approved. */
static gboolean
check_approved(gw_job *job, const gw_plan *plan, GError **error)
{
    const char *path = gw_job_option(job, "plan");
    if (path == NULL)
    {
        return TRUE;
    }
    g_autofree char *approved = approved_digest(path, error);
    g_autofree char *now = gw_plan_digest(plan);
    if (approved == NULL)
    {
        return FALSE;
    }
    if (strcmp(approved, now) == 0)
    {
        return TRUE;
    }
    gw_fail(error, GW_CODE_PLAN_MOVED,
        "%s was made for another state: files, ledger or schema moved since", path);
    if (error != NULL)
    {
        gw_error_add_state(*error, "nothing was changed");
        gw_error_add_next(*error, "godwit plan -o %s", path);
    }
    return FALSE;
}

static gboolean
check_order(gw_job *job, const gw_plan *plan, GError **error)
{
    guint count = job->history->records->len;
    g_autofree const char **applied = g_new0(const char *, count + 1);
    if (job->settings->target.order != GW_ORDER_STRICT || strcmp(plan->command, "up") != 0)
    {
        return TRUE;
    }
    for (guint i = 0; i < count; i++)
    {
        applied[i] = g_array_index(job->history->records, gw_record, i).version;
    }
    g_autoptr(gw_standing) standing = gw_graph_compare(job->graph, applied);
    return gw_standing_check_order(standing, error);
}

/* A plan that does nothing is bound to nothing: hashing thousands of lines would be for nobody. */
static gboolean
bind(gw_job *job, gw_plan *plan, GError **error)
{
    gboolean approved = gw_job_option(job, "plan") != NULL;
    return (plan->migrations->len == 0 && !approved) || gw_job_bind(job, plan, approved, error);
}

static gw_plan *
make_checked(gw_job *job, const command *what, GError **error)
{
    if (strcmp(what->name, "up") == 0 && !gw_job_check_files(job, error))
    {
        return NULL;
    }
    g_autoptr(gw_plan) plan = what->make(job, error);
    if (plan == NULL || !bind(job, plan, error) || !check_approved(job, plan, error) ||
        !check_order(job, plan, error) || !gw_policy_check_plan(job, plan, error))
    {
        return NULL;
    }
    return g_steal_pointer(&plan);
}

/* Show where it will go and what will be done there. */
static void
show(gw_job *job, const gw_plan *plan)
{
    if (job->absent)
    {
        gw_observer_say(job->observer, GW_EVENT_NOTE, "%s; \"godwit up\" makes it", job->missing);
    }
    gw_job_emit_target(job);
    g_autoptr(JsonNode) node = gw_job_plan_node(job, plan, PLAN_TOLD);
    gw_observer_emit(job->observer, &(gw_event){.type = GW_EVENT_PLAN, .value = node});
}

static void
build_outcome(const gw_outcome *outcome, JsonBuilder *builder)
{
    const gw_plan_migration *migration = outcome->migration;
    json_builder_begin_object(builder);
    gw_json_text(builder, "version", migration->version);
    gw_json_text(builder, "name", migration->name);
    gw_json_text(builder, "direction", gw_direction_text(migration->direction));
    gw_json_text(builder, "phase", migration->phase);
    gw_json_text(builder, "state", gw_state_text(outcome->state));
    gw_json_integer(builder, "statements", outcome->statements);
    if (migration->resume_at > 0)
    {
        gw_json_integer(builder, "resume_at", migration->resume_at);
    }
    else
    {
        gw_json_text(builder, "resume_at", NULL);
    }
    gw_json_integer(builder, "duration_us", outcome->microseconds);
    gw_json_integer(builder, "attempts", outcome->attempts);
    json_builder_end_object(builder);
}

static void
build_outcomes(const gw_run *run, JsonBuilder *builder)
{
    const GPtrArray *outcomes = run == NULL ? NULL : gw_run_outcomes(run);
    guint count = outcomes == NULL ? 0 : outcomes->len;
    guint first = count > OUTCOMES_TOLD ? count - OUTCOMES_TOLD : 0;
    gint64 microseconds = 0;
    json_builder_set_member_name(builder, "migrations");
    json_builder_begin_array(builder);
    for (guint i = 0; i < count; i++)
    {
        const gw_outcome *outcome = g_ptr_array_index(outcomes, i);
        microseconds += outcome->microseconds;
        if (i >= first)
        {
            build_outcome(outcome, builder);
        }
    }
    json_builder_end_array(builder);
    gw_json_integer(builder, "left_out", first);
    gw_json_integer(builder, "duration_us", microseconds);
}

/* Only what is applied belongs to a batch. */
static gint64
batch_of(const char *name, const gw_run *run)
{
    gboolean applies = strcmp(name, "up") == 0 || strcmp(name, "redo") == 0;
    return run != NULL && applies && gw_run_outcomes(run)->len > 0 ? gw_run_batch(run) : 0;
}

static void
build_result(gw_job *job, const char *name, const gw_run *run)
{
    JsonBuilder *builder = job->result;
    gw_job_build_target(job, builder);
    gw_json_text(builder, "command", name);
    gw_json_text(builder, "run", run == NULL ? NULL : job->run_id);
    gw_json_integer(builder, "batch", batch_of(name, run));
    build_outcomes(run, builder);
    gw_json_integer(builder, "longest_stall_us", run == NULL ? 0 : gw_run_longest_stall(run));
    gw_json_integer(builder, "retries", run == NULL ? 0 : gw_run_retries(run));
    gw_json_texts(builder, "recovered", run == NULL ? NULL : gw_run_recovered(run));
}

/* Hooks run with what they need to know in their environment. */
static gboolean
hook_run(gw_job *job, gw_hook hook, GError **error)
{
    char **argv = job->settings->hooks[hook];
    if (argv == NULL)
    {
        return TRUE;
    }
    g_autofree char *run = g_strdup_printf("GODWIT_RUN=%s", job->run_id);
    g_autofree char *project = g_strdup_printf("GODWIT_PROJECT=%s", job->settings->project);
    const char *environment[] = {run, project, NULL};
    gw_process process = {
        .argv = (const char *const *)argv,
        .environment = environment,
        .folder = job->settings->folder,
        .timeout = 300 * (gint64)G_USEC_PER_SEC,
    };
    g_auto(gw_process_result) result = {0};
    return gw_process_must(&process, &result, error);
}

static gw_hook
hook_of(const char *name, gboolean after)
{
    gw_hook before = strcmp(name, "down") == 0       ? GW_HOOK_BEFORE_DOWN
                     : strcmp(name, "contract") == 0 ? GW_HOOK_BEFORE_CONTRACT
                                                     : GW_HOOK_BEFORE_UP;
    return after ? (gw_hook)(before + 1) : before;
}

/* What the run ends as, by its error. */
static const char *
end_word(const GError *reason)
{
    if (reason == NULL)
    {
        return "done";
    }
    return gw_error_exit(reason) == 8 ? "stopped" : "failed";
}

/* Write down the environment that the target belongs to, the first time. */
static gboolean
mark_environment(gw_job *job, gw_run *run, GError **error)
{
    const char *environment = job->settings->target.environment;
    g_autofree char *marked = NULL;
    if (environment == NULL || !gw_ledger_environment(job->ledger, &marked, error))
    {
        return environment == NULL;
    }
    if (marked != NULL)
    {
        return TRUE;
    }
    gw_slot_values values = {.text = {[GW_SLOT_VALUE] = environment}};
    gw_ledger_queue(job->ledger, GW_LEDGER_SET_ENVIRONMENT, &values);
    return gw_run_decide(run, &(gw_entry){.type = "environment", .note = environment}, error);
}

/* Under the lock: look again, and run what is left to do. */
static gboolean
run_locked(gw_job *job, const command *what, gw_run *run, gw_plan **plan, GError **error)
{
    if (!mark_environment(job, run, error))
    {
        return FALSE;
    }
    g_autofree char *now = gw_history_digest(job->history);
    if (strcmp(now, (*plan)->binding.ledger) != 0)
    {
        gw_plan *again = make_checked(job, what, error);
        if (again == NULL)
        {
            return FALSE;
        }
        gw_plan_free(*plan);
        *plan = again;
    }
    return hook_run(job, hook_of(what->name, FALSE), error) && gw_run_execute(run, *plan, error) &&
           hook_run(job, hook_of(what->name, TRUE), error);
}

static gboolean
run_plan(gw_job *job, const command *what, gw_plan **plan, GError **error)
{
    g_autoptr(GError) reason = NULL;
    gw_job_identify(job, what->name);
    if (!gw_job_make_database(job, error))
    {
        return FALSE;
    }
    g_autoptr(gw_run) run = gw_job_begin_run(job, error);
    if (run == NULL)
    {
        return FALSE;
    }
    gboolean done = run_locked(job, what, run, plan, &reason);
    gw_run_end(run, end_word(reason));
    build_result(job, what->name, run);
    if (!done)
    {
        g_propagate_error(error, g_steal_pointer(&reason));
    }
    return done;
}

/* "undo 3 migrations" */
static char *
question_text(const command *what, const gw_plan *plan)
{
    const char *verb = strcmp(what->name, "down") == 0       ? "undo"
                       : strcmp(what->name, "redo") == 0     ? "undo and apply again"
                       : strcmp(what->name, "contract") == 0 ? "contract"
                                                             : "apply";
    guint count = plan->migrations->len;
    if (count == 1)
    {
        const gw_plan_migration *only = g_ptr_array_index(plan->migrations, 0);
        return g_strdup_printf("%s %s %s", verb, only->version, only->name);
    }
    return g_strdup_printf("%s %u migrations", verb, count);
}

static gboolean
migrate(gw_job *job, const command *what, GError **error)
{
    gw_access access = strcmp(what->name, "up") == 0 ? GW_ACCESS_CREATE : GW_ACCESS_WRITE;
    if (!gw_job_open(job, access, error) || !gw_policy_check_write(job, error))
    {
        return FALSE;
    }
    job->planning.text = job->project->migrations->len > TEXTS_HELD ? &job->text : NULL;
    gw_plan *plan = make_checked(job, what, error);
    if (plan == NULL)
    {
        return FALSE;
    }
    gboolean done = TRUE;
    if (plan->migrations->len == 0)
    {
        build_result(job, what->name, NULL);
    }
    else
    {
        g_autofree char *question = question_text(what, plan);
        show(job, plan);
        done = gw_policy_confirm(job, what->dangerous, question, error) &&
               run_plan(job, what, &plan, error);
    }
    gw_plan_free(plan);
    return done;
}

gboolean
gw_job_up(gw_job *job, GError **error)
{
    if (gw_job_flag(job, "dry-run"))
    {
        return gw_job_plan(job, error);
    }
    return migrate(job, &commands[0], error);
}

gboolean
gw_job_down(gw_job *job, GError **error)
{
    return migrate(job, &commands[1], error);
}

gboolean
gw_job_redo(gw_job *job, GError **error)
{
    return migrate(job, &commands[2], error);
}

gboolean
gw_job_contract(gw_job *job, GError **error)
{
    return migrate(job, &commands[3], error);
}
