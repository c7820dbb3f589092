/* The one retry policy: what is tried again, how often, how long, and what is said meanwhile. */
#include "base/text.h"
#include "run/parts.h"

#define BACKOFF_FIRST (100 * 1000)
#define BACKOFF_MOST  (2 * 1000 * 1000)

void
gw_attempts_clear(gw_attempts *attempts)
{
    g_clear_pointer(&attempts->blockers, g_free);
}

gboolean
gw_run_may_go_on(gw_run *run, GError **error)
{
    if (run->keeper != NULL && gw_keeper_lost(run->keeper))
    {
        gw_fail(error, GW_CODE_FENCED, "another run took the lock over");
        return FALSE;
    }
    if (gw_observer_stop(run->observer) == 0)
    {
        return TRUE;
    }
    gw_fail(error, GW_CODE_STOPPED, "stopped as asked");
    return FALSE;
}

/* Who is in the way of `step`, asked now that nothing is held. */
static void
find_blockers(gw_run *run, const gw_step *step, gw_attempts *attempts)
{
    for (guint i = 0; step != NULL && i < step->facts->relations->len; i++)
    {
        const gw_fact_relation *relation = g_ptr_array_index(step->facts->relations, i);
        g_autofree char *name =
            gw_dialect_name(gw_db_dialect(run->db), relation->schema, relation->name);
        g_autoptr(GError) ignored = NULL;
        g_autoptr(GPtrArray) sessions = gw_db_blockers(run->db, NULL, name, &ignored);
        char *text = gw_blockers_text(sessions);
        if (text != NULL)
        {
            g_free(attempts->blockers);
            attempts->blockers = text;
            return;
        }
    }
}

static void
fail_patience(gw_run *run, const gw_step *step, const gw_attempts *attempts, GError **error)
{
    g_autofree char *patience = gw_duration_print(run->settings.patience);
    g_clear_error(error);
    gw_fail(error, GW_CODE_PATIENCE, "%s did not get its lock within the patience of %s (%u tries)",
        step == NULL ? "the transaction" : step->facts->verb, patience, attempts->count);
    if (error != NULL)
    {
        gw_error_add_hint(*error, "in the way: %s",
            attempts->blockers == NULL ? "nobody that could be seen" : attempts->blockers);
        gw_error_add_next(*error, "godwit up");
    }
}

/* Sleep in short naps, so that a wish to stop is heard. FALSE when it was. */
static gboolean
sleep_until(gw_run *run, gint64 until)
{
    while (gw_clock_now() < until)
    {
        if (gw_observer_stop(run->observer) > 0)
        {
            return FALSE;
        }
        gw_clock_sleep(MIN(until - gw_clock_now(), 50 * 1000));
    }
    return TRUE;
}

gboolean
gw_run_try_again(gw_run *run, const gw_plan_migration *migration, const gw_step *step,
    gw_attempts *attempts, GError **error)
{
    g_autoptr(GError) none = NULL;
    if (gw_error_retry(error == NULL ? NULL : *error) != GW_RETRY_LOCK)
    {
        return FALSE;
    }
    attempts->count++;
    run->retries++;
    if (attempts->blockers == NULL || attempts->count == 1)
    {
        find_blockers(run, step, attempts);
    }
    gint64 now = gw_clock_now();
    if (now - attempts->began >= run->settings.patience)
    {
        fail_patience(run, step, attempts, error);
        return FALSE;
    }
    gw_observer_emit(run->observer, &(gw_event){.type = GW_EVENT_MIGRATION_RETRY,
                                        .version = migration->version,
                                        .name = migration->name,
                                        .text = (*error)->message,
                                        .detail = attempts->blockers,
                                        .ordinal = attempts->count,
                                        .microseconds = now - attempts->began});
    if (!sleep_until(run, now + gw_clock_backoff(attempts->count, BACKOFF_FIRST, BACKOFF_MOST)) ||
        !gw_run_may_go_on(run, &none))
    {
        g_clear_error(error);
        if (none == NULL)
        {
            gw_fail(&none, GW_CODE_STOPPED, "stopped as asked");
        }
        g_propagate_error(error, g_steal_pointer(&none));
        return FALSE;
    }
    g_clear_error(error);
    return TRUE;
}
