/* Whether a target may be written to, and who has to say yes. */
#include "jobs/job.h"

/* Another tool's history without a ledger of ours: nothing runs, so that nothing runs twice. */
static gboolean
check_foreign(gw_job *job, GError **error)
{
    if (job->foreign == NULL)
    {
        return TRUE;
    }
    gw_fail(error, GW_CODE_FOREIGN_HISTORY, "%s has migrated this database: %s says %u applied",
        job->foreign->tool, job->foreign->table, job->foreign->applied->len);
    if (error != NULL)
    {
        gw_error_add_state(*error, "nothing was changed; there is no ledger of godwit's yet");
        gw_error_add_hint(*error,
            "\"godwit status\" shows which of this project's migrations it has applied; go on with "
            "%s, or take the history over with \"godwit adopt\" (a later version)",
            job->foreign->tool);
        gw_error_add_next(*error, "godwit status");
    }
    return FALSE;
}

/* The environment that the target says it belongs to, against the one that the settings say. */
static gboolean
check_environment(gw_job *job, GError **error)
{
    const char *expected = job->settings->target.environment;
    g_autofree char *marked = NULL;
    if (!gw_ledger_environment(job->ledger, &marked, error))
    {
        return FALSE;
    }
    if (marked == NULL || expected == NULL || strcmp(marked, expected) == 0)
    {
        return TRUE;
    }
    gw_fail(error, GW_CODE_ENVIRONMENT, "the database says it is \"%s\", the target says \"%s\"",
        marked, expected);
    if (error != NULL)
    {
        gw_error_add_state(*error, "nothing was changed");
        gw_error_add_hint(*error, "the URL came from %s: is it the right one?",
            gw_settings_origin(job->settings, "url"));
        gw_error_add_next(*error, "godwit config");
    }
    return FALSE;
}

static gboolean
check_replica(gw_job *job, GError **error)
{
    if (!gw_db_place(job->db)->replica)
    {
        return TRUE;
    }
    gw_fail(error, GW_CODE_READ_ONLY, "the database is a replica or read-only");
    gw_error_add_state(error == NULL ? NULL : *error, "nothing was changed");
    gw_error_add_next(error == NULL ? NULL : *error, "godwit doctor");
    return FALSE;
}

gboolean
gw_policy_check_write(gw_job *job, GError **error)
{
    if (job->settings->overrides != NULL)
    {
        gw_observer_say(job->observer, GW_EVENT_WARNING, "%s", job->settings->overrides);
    }
    return check_foreign(job, error) && check_environment(job, error) && check_replica(job, error);
}

/* What `require` can ask for and this version cannot give yet. */
static const struct
{
    gw_require bit;
    const char *name;
} later[] = {
    {GW_REQUIRE_LINT, "lint"},
    {GW_REQUIRE_PROOF, "proof"},
    {GW_REQUIRE_BACKUP, "backup"},
};

static gboolean
refuse(GError **error, const char *what, const char *why, const char *next)
{
    gw_fail(error, GW_CODE_REQUIRED, "the target requires \"%s\": %s", what, why);
    gw_error_add_state(error == NULL ? NULL : *error, "nothing was changed");
    gw_error_add_next(error == NULL ? NULL : *error, "%s", next);
    return FALSE;
}

static gboolean
check_later(guint require, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(later); i++)
    {
        if ((require & later[i].bit) != 0)
        {
            return refuse(error, later[i].name, "this version of godwit cannot give it yet",
                "edit godwit.yaml");
        }
    }
    return TRUE;
}

static gboolean
check_migration(const gw_plan_migration *migration, guint require, GError **error)
{
    gboolean runs = migration->action == GW_RECORD_APPLY && !migration->repeatable;
    g_autofree char *edit = g_strdup_printf("edit %s, then: godwit up", migration->file);
    if (!runs)
    {
        return TRUE;
    }
    if ((require & GW_REQUIRE_DOWN) != 0 && !migration->reversible &&
        migration->irreversible == NULL)
    {
        g_autofree char *why = g_strdup_printf("migration %s has no down", migration->version);
        return refuse(error, "down", why, edit);
    }
    if ((require & GW_REQUIRE_VERIFY) != 0 && migration->checks->len == 0)
    {
        g_autofree char *why =
            g_strdup_printf("migration %s has no verify section", migration->version);
        return refuse(error, "verify", why, edit);
    }
    return TRUE;
}

/* Every file that would run must be as it is in git. */
static gboolean
check_committed(gw_job *job, GError **error)
{
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    static const char *const words[] = {"git", "status", "--porcelain", "--"};
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
    {
        g_ptr_array_add(argv, (gpointer)(guintptr)words[i]);
    }
    for (guint i = 0; job->settings->migrations[i] != NULL; i++)
    {
        g_ptr_array_add(argv, job->settings->migrations[i]);
    }
    g_ptr_array_add(argv, NULL);
    gw_process git = {.argv = (const char *const *)argv->pdata, .timeout = 30 * G_USEC_PER_SEC};
    g_auto(gw_process_result) result = {0};
    if (!gw_process_must(&git, &result, error))
    {
        return FALSE;
    }
    return result.length == 0 ||
           refuse(error, "committed", "migrations differ from what git has", "git status");
}

gboolean
gw_policy_check_plan(gw_job *job, const gw_plan *plan, GError **error)
{
    guint require = job->settings->target.require;
    if (!check_later(require, error) ||
        ((require & GW_REQUIRE_COMMITTED) != 0 && !check_committed(job, error)))
    {
        return FALSE;
    }
    if ((require & GW_REQUIRE_PLAN) != 0 && strcmp(plan->command, "up") == 0 &&
        gw_job_option(job, "plan") == NULL)
    {
        return refuse(error, "plan", "no approved plan was given",
            "godwit plan -o release.plan, then: godwit up --plan release.plan");
    }
    for (guint i = 0; i < plan->migrations->len; i++)
    {
        if (!check_migration(g_ptr_array_index(plan->migrations, i), require, error))
        {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
fail_unconfirmed(
    gw_job *job, const char *what, const char *expect, gw_answer answer, GError **error)
{
    gw_fail(error, GW_CODE_CONFIRM, "%s: %s", what,
        answer == GW_ANSWER_NO ? "not confirmed" : "this has to be confirmed, and nobody is here");
    gboolean yes = job->yes;
    const char *confirm = job->confirm;
    job->yes = expect == NULL;
    job->confirm = expect;
    g_autofree char *line = gw_job_line(job);
    job->yes = yes;
    job->confirm = confirm;
    gw_error_add_state(error == NULL ? NULL : *error, "nothing was changed");
    gw_error_add_next(error == NULL ? NULL : *error, "%s", line);
    return FALSE;
}

gboolean
gw_policy_confirm(gw_job *job, gboolean dangerous, const char *what, GError **error)
{
    const gw_target *target = &job->settings->target;
    gboolean named = target->protect || (target->require & GW_REQUIRE_CONFIRM) != 0;
    const char *expect = !named ? NULL : target->name == NULL ? "protected" : target->name;
    if (!named && (!dangerous || job->yes))
    {
        return TRUE;
    }
    if (job->confirm != NULL && g_strcmp0(job->confirm, expect) == 0)
    {
        return TRUE;
    }
    if (named && job->confirm != NULL)
    {
        return fail_unconfirmed(
            job, "--confirm has another name than this target", expect, GW_ANSWER_NO, error);
    }
    gw_question question = {.text = what, .expect = expect};
    gw_answer answer = gw_observer_ask(job->observer, &question);
    return answer == GW_ANSWER_YES || fail_unconfirmed(job, what, expect, answer, error);
}
