/*
 * What the catalog is asked before a statement and after a run that died in it, with the patience
 * of the run: another session may hold what is to be read.
 */
#include "run/parts.h"

gboolean
gw_run_image_patiently(gw_run *run, const gw_plan_migration *migration, const gw_step *step,
    char **image, GError **error)
{
    g_auto(gw_attempts) attempts = {.began = gw_clock_now()};
    if (gw_known_image(run, step->facts, image))
    {
        return TRUE;
    }
    for (;;)
    {
        g_autoptr(GError) reason = NULL;
        if (gw_run_image(run, step->facts, image, &reason))
        {
            return TRUE;
        }
        if (!gw_run_try_again(run, migration, step, &attempts, &reason))
        {
            g_propagate_error(error, g_steal_pointer(&reason));
            return FALSE;
        }
    }
}

void
gw_run_hint_doubt(const gw_plan_migration *migration, const gw_step *step, GError *error)
{
    const char *version = migration->version;
    const char *why = step->facts->incomplete;
    gw_error_add_hint(error,
        "%s%slook at the database; did it take effect%s? godwit repair --done %s; did it not%s? "
        "godwit repair --not-done %s",
        why == NULL ? "" : why, why == NULL ? "" : ": ", why == NULL ? "" : " as a whole", version,
        why == NULL ? "" : ", or is its part taken back", version);
}

static gboolean
fail_undecided(const gw_plan_migration *migration, const gw_step *step, GError **error)
{
    const char *version = migration->version;
    gw_source_fail(step->source, step->offset, 1, error, GW_CODE_UNDECIDED,
        "whether statement %u of migration %s (%s) took effect cannot be told", step->ordinal,
        version, step->facts->verb);
    if (error != NULL)
    {
        gw_error_add_state(
            *error, "a run ended in this statement; all before it are applied, none after it");
        gw_run_hint_doubt(migration, step, *error);
        gw_error_add_next(*error, "godwit repair --done %s", version);
    }
    return FALSE;
}

static void
note_recovery(
    gw_run *run, const gw_plan_migration *migration, const gw_step *step, const char *what)
{
    char *line = g_strdup_printf("migration %s, statement %u (%s): %s", migration->version,
        step->ordinal, step->facts->verb, what);
    g_ptr_array_add(run->recovered, line);
    gw_observer_say(run->observer, GW_EVENT_RECOVERY, "%s", line);
}

static gboolean
decide(gw_run *run, const gw_plan_migration *migration, const gw_step *step,
    const gw_step_record *record, gw_verdict *verdict, GError **error)
{
    g_auto(gw_attempts) attempts = {.began = gw_clock_now()};
    for (;;)
    {
        g_autoptr(GError) reason = NULL;
        /* What is left of a dead try would count as its effect. */
        if ((!gw_run_lists_invalid(step->facts) ||
                gw_run_remove_remains(run, step->facts, record->image, &reason)) &&
            gw_run_complete_remains(run, step->facts, &reason) &&
            gw_run_decide_doubt(run, step->facts, record->image, verdict, &reason))
        {
            return TRUE;
        }
        if (!gw_run_try_again(run, migration, step, &attempts, &reason))
        {
            g_propagate_error(error, g_steal_pointer(&reason));
            return FALSE;
        }
    }
}

gboolean
gw_run_settle_doubt(gw_run *run, const gw_plan_migration *migration, const gw_step *step,
    const gw_step_record *record, gboolean *done, GError **error)
{
    gw_verdict verdict = GW_VERDICT_UNKNOWN;
    if (!decide(run, migration, step, record, &verdict, error))
    {
        return FALSE;
    }
    if (verdict == GW_VERDICT_UNKNOWN)
    {
        return fail_undecided(migration, step, error);
    }
    *done = verdict == GW_VERDICT_DONE;
    note_recovery(run, migration, step,
        *done ? "a dead run did it: it is not run again" : "a dead run did not do it: it runs now");
    if (*done)
    {
        gw_run_record_step_done(run, migration, step, !record->in_event);
    }
    else
    {
        gw_run_forget_step(run, migration, step);
    }
    return TRUE;
}

gboolean
gw_run_may_be_partial(const gw_step *step, const GError *reason)
{
    /* Those that the server finds before it begins with the rows. */
    static const gw_code early[] = {
        GW_CODE_SYNTAX, GW_CODE_PRIVILEGE, GW_CODE_NO_TABLE, GW_CODE_NO_COLUMN, GW_CODE_READ_ONLY};
    for (gsize i = 0; i < G_N_ELEMENTS(early); i++)
    {
        if (gw_error_is(reason, early[i]))
        {
            return FALSE;
        }
    }
    return step->facts->incomplete != NULL && !step->facts->repeatable;
}
