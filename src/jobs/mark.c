/* `mark` and `repair`: what a person decides about the ledger. No SQL of a migration runs. */
#include "jobs/job.h"

#include "project/name.h"

/* A change of one record, for the result. */
static void
build_change(gw_job *job, const char *version, const char *name, const char *from, const char *to)
{
    job->changes++;
    json_builder_begin_object(job->result);
    gw_json_text(job->result, "version", version);
    gw_json_text(job->result, "name", name);
    gw_json_text(job->result, "from", from);
    gw_json_text(job->result, "to", to);
    json_builder_end_object(job->result);
}

/* The hash of a migration's meaning, of the file as it is now. */
static char *
token_of(gw_job *job, const gw_migration *migration, GError **error)
{
    if (!migration->applicable || migration->form == GW_FORM_YAML)
    {
        return g_strdup(migration->sha256);
    }
    g_autoptr(gw_content) content =
        gw_migration_load(migration, &job->planning.dialect->lexis, job->planning.vars, error);
    return content == NULL ? NULL : gw_content_token_sha256(content, &job->planning.dialect->lexis);
}

/* Say that a migration is applied, by its file as it is now. */
static gboolean
decide_applied(
    gw_job *job, gw_run *run, const gw_migration *migration, const char *note, GError **error)
{
    g_autofree char *now = gw_ledger_now(job->ledger);
    g_autofree char *token = token_of(job, migration, error);
    gw_record record = {
        .version = migration->version,
        .name = migration->name,
        .kind = migration->repeatable ? "repeatable" : "marked",
        .state = GW_STATE_APPLIED,
        .direction = "up",
        .raw_sha256 = migration->sha256,
        .token_sha256 = token,
        .started = now,
        .batch = gw_run_batch(run),
    };
    return token != NULL &&
           gw_run_decide(run, &(gw_entry){.type = "mark", .record = &record, .note = note}, error);
}

/* Change what the ledger says of a migration that it knows. */
static gboolean
decide_state(gw_run *run, const char *type, const gw_record *known, gw_state state,
    const char *note, GError **error)
{
    gw_record record = *known;
    record.state = state;
    record.duration = gw_record_duration(known);
    return gw_run_decide(run, &(gw_entry){.type = type, .record = &record, .note = note}, error);
}

/* Mark one migration; nothing when it is already so. */
static gboolean
mark_one(gw_job *job, gw_run *run, const gw_migration *migration, GError **error)
{
    gw_record record;
    gboolean known = gw_run_recall(run, migration->version, &record);
    gboolean applied = gw_job_flag(job, "applied");
    const char *from = gw_state_text(known ? record.state : GW_STATE_PENDING);
    const char *to = applied ? "applied" : "pending";
    if (strcmp(from, to) == 0)
    {
        return TRUE;
    }
    g_autofree char *text = g_strdup_printf("%s to %s", from, to);
    if (known)
    {
        gw_run_forget_steps(run, record.version);
    }
    gboolean done = applied ? decide_applied(job, run, migration, text, error)
                            : decide_state(run, "mark", &record, GW_STATE_PENDING, text, error);
    if (done)
    {
        build_change(job, migration->version, migration->name, from, to);
    }
    return done;
}

/* The migrations that the arguments name, in order; array of const gw_migration *. */
static GPtrArray *
marked(gw_job *job, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new();
    g_autofree const char **versions = gw_job_values(job, "version");
    const char *up_to = gw_job_option(job, "up-to");
    if (up_to != NULL && gw_project_need(job->project, up_to, error) == NULL)
    {
        return NULL;
    }
    for (guint i = 0; up_to != NULL && i < job->graph->order->len; i++)
    {
        const gw_migration *migration = g_ptr_array_index(job->graph->order, i);
        if (gw_version_compare(migration->version, up_to) <= 0)
        {
            g_ptr_array_add(list, (gpointer)(guintptr)migration);
        }
    }
    for (guint i = 0; versions[i] != NULL; i++)
    {
        const gw_migration *migration = gw_project_need(job->project, versions[i], error);
        if (migration == NULL)
        {
            return NULL;
        }
        g_ptr_array_add(list, (gpointer)(guintptr)migration);
    }
    return g_steal_pointer(&list);
}

static gboolean
mark_all(gw_job *job, gw_run *run, const GPtrArray *list, GError **error)
{
    for (guint i = 0; i < list->len; i++)
    {
        if (!mark_one(job, run, g_ptr_array_index(list, i), error))
        {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
check_usage(gw_job *job, GError **error)
{
    gboolean named = gw_job_option(job, "version") != NULL || gw_job_option(job, "up-to") != NULL;
    if (named && gw_job_flag(job, "applied") != gw_job_flag(job, "pending"))
    {
        return TRUE;
    }
    gw_fail(error, GW_CODE_USAGE,
        named ? "say either --applied or --pending" : "say which migrations to mark");
    gw_error_add_next(error == NULL ? NULL : *error, "godwit help mark");
    return FALSE;
}

/* Open, ask, lock, and call `body` with the list of changes open in the result. */
static gboolean
decide(
    gw_job *job, const char *what, gboolean (*body)(gw_job *, gw_run *, GError **), GError **error)
{
    g_autofree char *question = g_strdup_printf("%s: change what the ledger says", what);
    if (!gw_policy_confirm(job, FALSE, question, error))
    {
        return FALSE;
    }
    gw_job_identify(job, what);
    g_autoptr(gw_run) run = gw_job_begin_run(job, error);
    if (run == NULL)
    {
        return FALSE;
    }
    gw_job_build_target(job, job->result);
    json_builder_set_member_name(job->result, "changes");
    json_builder_begin_array(job->result);
    gboolean done = body(job, run, error);
    json_builder_end_array(job->result);
    gw_run_end(run, done ? "done" : "failed");
    if (!done && job->changes == 0 && error != NULL)
    {
        gw_error_add_state(*error, "nothing was changed");
    }
    return done;
}

static gboolean
mark_body(gw_job *job, gw_run *run, GError **error)
{
    g_autoptr(GPtrArray) list = marked(job, error);
    return list != NULL && mark_all(job, run, list, error);
}

gboolean
gw_job_mark(gw_job *job, GError **error)
{
    if (!check_usage(job, error) || !gw_job_open(job, GW_ACCESS_WRITE, error) ||
        !gw_policy_check_write(job, error))
    {
        return FALSE;
    }
    return decide(job, "mark", mark_body, error);
}

/* --- repair --- */

static const gw_record *
need_record(gw_job *job, const char *version, GError **error)
{
    for (guint i = 0; i < job->history->records->len; i++)
    {
        const gw_record *record = &g_array_index(job->history->records, gw_record, i);
        if (gw_version_compare(record->version, version) == 0)
        {
            return record;
        }
    }
    gw_fail(error, GW_CODE_VERSION, "the ledger has no migration %s", version);
    gw_error_add_next(error == NULL ? NULL : *error, "godwit status");
    return NULL;
}

/* The event of a decision replaces that of the migration's beginning: an intent that stands there
 * gets a row of its own. */
static gboolean
keep_intent(gw_job *job, const gw_record *record, GError **error)
{
    g_autoptr(GPtrArray) steps = gw_ledger_steps(job->ledger, record->version, error);
    for (guint i = 0; steps != NULL && i < steps->len; i++)
    {
        const gw_step_record *step = g_ptr_array_index(steps, i);
        if (step->in_event)
        {
            gw_ledger_queue_step(job->ledger, GW_LEDGER_ADD_STEP, record->version, step);
        }
    }
    return steps != NULL;
}

static gboolean
accept(gw_job *job, gw_run *run, const gw_record *record, GError **error)
{
    const gw_migration *migration = gw_project_need(job->project, record->version, error);
    g_autofree char *token = migration == NULL ? NULL : token_of(job, migration, error);
    if (token == NULL)
    {
        return FALSE;
    }
    if (strcmp(record->raw_sha256, migration->sha256) == 0 &&
        strcmp(record->token_sha256, token) == 0)
    {
        return TRUE; /* it is as it was applied */
    }
    if (!keep_intent(job, record, error))
    {
        return FALSE;
    }
    gw_record accepted = *record;
    accepted.name = migration->name;
    accepted.raw_sha256 = migration->sha256;
    accepted.token_sha256 = token;
    build_change(job, record->version, migration->name, "changed", gw_state_text(record->state));
    return decide_state(
        run, "repair", &accepted, record->state, "accepted the changed file", error);
}

static gboolean
forget(gw_job *job, gw_run *run, const gw_record *record, GError **error)
{
    if (gw_project_find(job->project, record->version) != NULL)
    {
        gw_fail(error, GW_CODE_USAGE, "migration %s has its file: nothing is to be forgotten",
            record->version);
        gw_error_add_hint(error == NULL ? NULL : *error,
            "to say that it is not applied: godwit mark %s --pending", record->version);
        return FALSE;
    }
    gw_run_forget_steps(run, record->version);
    build_change(job, record->version, record->name, gw_state_text(record->state), "forgotten");
    return decide_state(run, "repair", record, GW_STATE_PENDING, "forgot the missing file", error);
}

/* The step that a dead run left in doubt; NULL when there is none. */
static gboolean
settle(gw_job *job, gw_run *run, const gw_record *record, gboolean done, GError **error)
{
    g_autoptr(GPtrArray) steps = gw_ledger_steps(job->ledger, record->version, error);
    for (guint i = 0; steps != NULL && i < steps->len; i++)
    {
        const gw_step_record *step = g_ptr_array_index(steps, i);
        if (step->done)
        {
            continue;
        }
        gw_step_record settled = *step;
        settled.done = done;
        gw_ledger_queue_step(job->ledger,
            !done            ? GW_LEDGER_DELETE_STEP
            : step->in_event ? GW_LEDGER_ADD_STEP
                             : GW_LEDGER_UPDATE_STEP,
            record->version, &settled);
        build_change(job, record->version, record->name, "in doubt", done ? "done" : "not done");
        g_autofree char *text = g_strdup_printf(
            "statement %u %s", step->ordinal, done ? "took effect" : "did not take effect");
        return decide_state(run, "repair", record, record->state, text, error);
    }
    if (steps != NULL)
    {
        gw_fail(error, GW_CODE_USAGE, "no statement of migration %s is in doubt", record->version);
        gw_error_add_next(error == NULL ? NULL : *error, "godwit status");
    }
    return FALSE;
}

static gboolean
settle_done(gw_job *job, gw_run *run, const gw_record *record, GError **error)
{
    return settle(job, run, record, TRUE, error);
}

static gboolean
settle_not_done(gw_job *job, gw_run *run, const gw_record *record, GError **error)
{
    return settle(job, run, record, FALSE, error);
}

static const struct
{
    const char *option;
    gboolean (*body)(gw_job *job, gw_run *run, const gw_record *record, GError **error);
} repairs[] = {
    {"accept", accept},
    {"forget", forget},
    {"done", settle_done},
    {"not-done", settle_not_done},
};

static gboolean
repair_body(gw_job *job, gw_run *run, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(repairs); i++)
    {
        g_autofree const char **versions = gw_job_values(job, repairs[i].option);
        for (guint j = 0; versions[j] != NULL; j++)
        {
            const gw_record *record = need_record(job, versions[j], error);
            if (record == NULL || !repairs[i].body(job, run, record, error))
            {
                return FALSE;
            }
        }
    }
    return TRUE;
}

gboolean
gw_job_repair(gw_job *job, GError **error)
{
    gboolean named = FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(repairs); i++)
    {
        named |= gw_job_option(job, repairs[i].option) != NULL;
    }
    if (!named)
    {
        gw_fail(error, GW_CODE_USAGE, "say what to repair: --accept, --forget, --done, --not-done");
        gw_error_add_next(error == NULL ? NULL : *error, "godwit status");
        return FALSE;
    }
    if (!gw_job_open(job, GW_ACCESS_WRITE, error) || !gw_policy_check_write(job, error))
    {
        return FALSE;
    }
    return decide(job, "repair", repair_body, error);
}
