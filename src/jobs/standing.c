/* Files against the ledger: what was changed or went missing after it was applied. */
#include "jobs/job.h"

/* Is the meaning of the file another than that of what was applied? */
static gboolean
meaning_changed(gw_job *job, gw_mismatch *mismatch, GError **error)
{
    g_autoptr(gw_content) content = gw_migration_load(
        mismatch->migration, &job->planning.dialect->lexis, job->planning.vars, error);
    if (content == NULL)
    {
        return FALSE;
    }
    g_autofree char *token = gw_content_token_sha256(content, &job->planning.dialect->lexis);
    mismatch->meaning = strcmp(token, mismatch->record->token_sha256) != 0;
    return TRUE;
}

/* Repeatables are meant to change, and what is half applied may be mended where it has not run. */
static gboolean
is_compared(const gw_record *record, const gw_migration *migration)
{
    gboolean settled = record->state == GW_STATE_APPLIED || record->state == GW_STATE_EXPANDED ||
                       record->state == GW_STATE_UNVERIFIED;
    gboolean ran = strcmp(record->kind, "migration") == 0 || strcmp(record->kind, "marked") == 0;
    return settled && ran && (migration == NULL || !migration->repeatable);
}

GPtrArray *
gw_job_mismatches(gw_job *job, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < job->history->records->len; i++)
    {
        const gw_record *record = &g_array_index(job->history->records, gw_record, i);
        const gw_migration *migration = gw_project_find(job->project, record->version);
        gboolean same =
            migration != NULL &&
            (!migration->applicable || strcmp(migration->sha256, record->raw_sha256) == 0);
        if (same || !is_compared(record, migration))
        {
            continue;
        }
        gw_mismatch *mismatch = g_new0(gw_mismatch, 1);
        g_ptr_array_add(list, mismatch);
        mismatch->record = record;
        mismatch->migration = migration;
        if (migration != NULL && !meaning_changed(job, mismatch, error))
        {
            return NULL;
        }
    }
    return g_steal_pointer(&list);
}

static gboolean
fail_changed(gw_job *job, const gw_mismatch *mismatch, GError **error)
{
    const char *version = mismatch->record->version;
    if (!gw_job_read_runs(job, error))
    {
        return FALSE;
    }
    const gw_ledger_run *run = gw_job_run_of(job, mismatch->record->fence);
    gw_fail(error, GW_CODE_CHANGED, "migration %s was changed after it was applied", version);
    if (error != NULL)
    {
        gw_position position = {.file = g_strdup(mismatch->migration->path)};
        gw_error_add_position(*error, &position);
        gw_error_add_state(*error, "nothing was changed; it was applied %s by %s",
            mismatch->record->started, run == NULL || run->actor == NULL ? "?" : run->actor);
        gw_error_add_hint(*error, "put the file back and write a new migration; or, where the file "
                                  "is right as it is now, accept it");
        gw_error_add_next(*error, "godwit repair --accept %s", version);
    }
    return FALSE;
}

gboolean
gw_job_check_files(gw_job *job, GError **error)
{
    g_autoptr(GPtrArray) list = gw_job_mismatches(job, error);
    if (list == NULL)
    {
        return FALSE;
    }
    for (guint i = 0; i < list->len; i++)
    {
        const gw_mismatch *mismatch = g_ptr_array_index(list, i);
        if (mismatch->migration == NULL)
        {
            gw_observer_say(job->observer, GW_EVENT_WARNING,
                "migration %s is applied, and its file is missing", mismatch->record->version);
        }
        else if (mismatch->meaning)
        {
            return fail_changed(job, mismatch, error);
        }
        else
        {
            gw_observer_say(job->observer, GW_EVENT_WARNING,
                "%s was changed after it was applied, in comments or layout only",
                mismatch->migration->path);
        }
    }
    return TRUE;
}
