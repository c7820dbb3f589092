/*
 * The run lock. The lease row is the lock; where the session is real, or the database is a file, a
 * session or file lock besides tells at once that a holder has died (verified.md 3 to 5).
 */
#include "base/text.h"
#include "run/parts.h"

#define POLL_FIRST (100 * 1000)
#define POLL_MOST  (1000 * 1000)

/* What one look at the lock says. */
typedef enum look
{
    LOOK_FREE, /* the row can be claimed */
    LOOK_HELD, /* by a living run */
    LOOK_FAILED,
} look;

static gboolean
has_session_lock(const gw_run *run)
{
    return gw_db_has(run->db, GW_FEATURE_FILE_LOCK) ||
           (gw_db_has(run->db, GW_FEATURE_SESSION_LOCK) && !gw_db_place(run->db)->pooled);
}

static gboolean
try_session_lock(gw_run *run, GError **error)
{
    if (run->locked || !has_session_lock(run))
    {
        return TRUE;
    }
    return gw_db_lock(run->db, run->lock_name, &run->locked, error);
}

static void
free_session_lock(gw_run *run)
{
    if (run->locked)
    {
        gw_db_unlock(run->db, run->lock_name);
        run->locked = FALSE;
    }
}

/*
 * May the row be taken from the run that stands in it? With the session lock in our hands a holder
 * that had it is dead; one that had none, behind a pooler, is dead when its lease is.
 */
static gboolean
holder_is_gone(const gw_run *run, const gw_lease *lease)
{
    if (lease->run == NULL)
    {
        return !has_session_lock(run) || run->locked;
    }
    if (run->locked &&
        (g_strcmp0(lease->mode, "session") == 0 || gw_db_has(run->db, GW_FEATURE_FILE_LOCK)))
    {
        return TRUE;
    }
    return lease->expired;
}

/* End what a dead run left running in the server; TRUE when nothing of it is left. */
static gboolean
end_dead_run(gw_run *run, const gw_lease *lease, GError **error)
{
    if (lease->run == NULL || !gw_db_has(run->db, GW_FEATURE_SERVER))
    {
        return TRUE;
    }
    static const char *const none[] = {NULL};
    const char *const *sessions =
        lease->sessions == NULL ? none : (const char *const *)lease->sessions;
    guint left = 0;
    if (!gw_db_end_sessions(run->db, sessions, lease->application, &left, error))
    {
        return FALSE;
    }
    if (left > 0)
    {
        gw_observer_say(run->observer, GW_EVENT_RECOVERY,
            "the dead run %s still works in the server: waiting for its end", lease->run);
    }
    return left == 0;
}

static look
look_at(gw_run *run, gw_lease *lease, GError **error)
{
    g_autoptr(GError) reason = NULL;
    if (!try_session_lock(run, error) || !gw_lease_read(run->ledger, lease, error))
    {
        return LOOK_FAILED;
    }
    if (!holder_is_gone(run, lease))
    {
        return LOOK_HELD;
    }
    if (!end_dead_run(run, lease, &reason))
    {
        if (reason != NULL)
        {
            g_propagate_error(error, g_steal_pointer(&reason));
            return LOOK_FAILED;
        }
        return LOOK_HELD;
    }
    /* A frozen holder's session lock is free once its session has ended. */
    if (!try_session_lock(run, error))
    {
        return LOOK_FAILED;
    }
    return has_session_lock(run) && !run->locked ? LOOK_HELD : LOOK_FREE;
}

/* "up by ada on build-7 (pid 4711) since 2026-…, at 20240102 add_users, statement 3 of 7" */
static char *
holder_text(const gw_lease *lease)
{
    if (lease->run == NULL)
    {
        return g_strdup("a run that is just beginning or ending");
    }
    return g_strdup_printf("%s by %s on %s (pid %s), since %s%s%s",
        lease->command == NULL ? "a run" : lease->command,
        lease->actor == NULL ? "?" : lease->actor, lease->host == NULL ? "?" : lease->host,
        lease->pid == NULL ? "?" : lease->pid, lease->started == NULL ? "?" : lease->started,
        lease->step == NULL ? "" : ", at ", lease->step == NULL ? "" : lease->step);
}

static gboolean
fail_locked(const gw_run *run, const gw_lease *lease, GError **error)
{
    g_autofree char *holder = holder_text(lease);
    gw_fail(error, GW_CODE_LOCKED, "another run holds the lock: %s", holder);
    if (error != NULL)
    {
        gw_error_add_state(*error, "this run has changed nothing");
        gw_error_add_hint(*error, "a dead holder's lock is taken over by itself%s",
            run->settings.wait_lock > 0 ? "" : "; --wait-lock 5m waits for a living one");
        gw_error_add_next(*error, "godwit status");
    }
    return FALSE;
}

static gboolean
claim(gw_run *run, const gw_lease *lease, GError **error)
{
    const gw_place *place = gw_db_place(run->db);
    g_autofree char *application = g_strdup_printf("godwit %s", run->identity->run);
    gw_lease_claim claim = {
        .mode = run->locked ? "session" : "lease",
        .sessions = place->session == NULL ? "" : place->session,
        .application = application,
        .life = run->settings.lease,
    };
    if (lease->run != NULL)
    {
        g_autofree char *holder = holder_text(lease);
        gw_observer_say(run->observer, GW_EVENT_LOCK_TAKEN,
            "the lock was taken over from a dead run: %s", holder);
    }
    return gw_lease_claim_row(run->ledger, lease, &claim, &run->claimed, error);
}

/* Tell once for each holder that there is one to wait for. */
static void
tell_waiting(gw_run *run, const gw_lease *lease, char **told)
{
    if (g_strcmp0(*told, lease->run == NULL ? "" : lease->run) == 0)
    {
        return;
    }
    g_free(*told);
    *told = g_strdup(lease->run == NULL ? "" : lease->run);
    g_autofree char *holder = holder_text(lease);
    gw_observer_say(run->observer, GW_EVENT_LOCK_WAITING, "waiting for another run: %s", holder);
}

gboolean
gw_run_take_lock(gw_run *run, GError **error)
{
    gint64 until = gw_clock_now() + run->settings.wait_lock;
    g_autofree char *told = NULL;
    for (guint attempt = 1;; attempt++)
    {
        g_auto(gw_lease) lease = {0};
        look found = look_at(run, &lease, error);
        if (found == LOOK_FAILED || (found == LOOK_FREE && !claim(run, &lease, error)))
        {
            free_session_lock(run);
            return FALSE;
        }
        if (run->claimed)
        {
            return TRUE;
        }
        /* Nobody keeps a session lock while it waits: the holder may need to be polled by others.
         */
        free_session_lock(run);
        if (gw_clock_now() >= until || gw_observer_stop(run->observer) > 0)
        {
            return fail_locked(run, &lease, error);
        }
        tell_waiting(run, &lease, &told);
        gw_clock_sleep(gw_clock_backoff(attempt, POLL_FIRST, POLL_MOST));
    }
}

void
gw_run_give_lock(gw_run *run)
{
    if (run->claimed && gw_db_alive(run->db))
    {
        gw_lease_free_row(run->ledger);
    }
    run->claimed = FALSE;
    free_session_lock(run);
}
