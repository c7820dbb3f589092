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

static gboolean
is_known(const GPtrArray *sessions, const char *id)
{
    for (guint i = 0; i < sessions->len; i++)
    {
        if (strcmp(((const gw_session *)g_ptr_array_index(sessions, i))->id, id) == 0)
        {
            return TRUE;
        }
    }
    return FALSE;
}

/* Who is at a relation of `relations` now; each session once. */
static void
add_blockers(gw_run *run, const GPtrArray *relations, GPtrArray *all)
{
    for (guint i = 0; i < relations->len; i++)
    {
        const gw_fact_relation *relation = g_ptr_array_index(relations, i);
        g_autofree char *name = relation->schema == NULL
                                    ? g_strdup(relation->name)
                                    : g_strdup_printf("%s.%s", relation->schema, relation->name);
        g_autoptr(GError) ignored = NULL; /* then nobody is named */
        g_autoptr(GPtrArray) found = gw_db_blockers(run->db, NULL, name, &ignored);
        while (found != NULL && found->len > 0)
        {
            gw_session *session = g_ptr_array_steal_index(found, 0);
            gboolean harmless = session->reads && relation->blocks < GW_BLOCKS_ALL;
            if (harmless || is_known(all, session->id))
            {
                gw_session_free(session);
                continue;
            }
            g_ptr_array_add(all, session);
        }
    }
}

/* Who is in the way of a migration's locks, asked now that nothing is held. */
static void
find_blockers(
    gw_run *run, const gw_plan_migration *migration, const gw_step *step, gw_attempts *attempts)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)gw_session_free);
    if (step != NULL)
    {
        add_blockers(run, step->facts->relations, all);
    }
    add_blockers(run, migration->first_locks, all);
    char *text = gw_blockers_text(all);
    if (text != NULL)
    {
        g_free(attempts->blockers);
        attempts->blockers = text;
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

/* The relations that a migration locks before all else, or NULL. */
static char *
first_names(const gw_plan_migration *migration)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i < migration->first_locks->len; i++)
    {
        const gw_fact_relation *relation = g_ptr_array_index(migration->first_locks, i);
        g_ptr_array_add(names, relation->name);
    }
    g_ptr_array_add(names, NULL);
    return names->len == 1 ? NULL : g_strjoinv(", ", (char **)names->pdata);
}

/* What did not get its lock, in the words of the migration, where the database itself says no more
 * than that something did not; else what is said already. */
static char *
say_missed(const gw_plan_migration *migration, const gw_step *step, const GError *error)
{
    g_autofree char *first = step == NULL ? first_names(migration) : NULL;
    const char *verb = step == NULL ? "LOCK TABLE" : step->facts->verb;
    const char *object = step == NULL ? first : step->facts->object;
    gboolean bare = gw_error_sqlstate(error) != NULL && gw_error_is(error, GW_CODE_LOCK_TIMEOUT);
    if (!bare || (step == NULL && first == NULL))
    {
        return g_strdup(error->message);
    }
    return g_strdup_printf("%s%s%s was not granted its lock in time", verb,
        object == NULL ? "" : " ", object == NULL ? "" : object);
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
    if (!attempts->watched)
    {
        find_blockers(run, migration, step, attempts);
    }
    gint64 now = gw_clock_now();
    if (now - attempts->began >= run->settings.patience)
    {
        fail_patience(run, step, attempts, error);
        return FALSE;
    }
    g_autofree char *missed = say_missed(migration, step, *error);
    gw_observer_emit(run->observer, &(gw_event){.type = GW_EVENT_MIGRATION_RETRY,
                                        .version = migration->version,
                                        .name = migration->name,
                                        .text = missed,
                                        .detail = attempts->blockers,
                                        .ordinal = attempts->count,
                                        .microseconds = now - attempts->began});
    gint64 pause = gw_clock_backoff(attempts->count, BACKOFF_FIRST, BACKOFF_MOST);
    if (!sleep_until(run, MIN(now + pause, attempts->began + run->settings.patience)) ||
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
