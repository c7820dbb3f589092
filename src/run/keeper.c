#include "run/keeper.h"

#include "base/clock.h"
#include "base/thread.h"

#define TICK       (50 * 1000)   /* how often the user's wish to stop is looked at */
#define AT_LEAST   1000          /* … and the shortest sleep before a look that is due */
#define TELL_AFTER (1000 * 1000) /* who is in the way is told after that long */
#define SAY_AFTER  (400 * 1000)  /* others are told of a step that takes longer */

struct gw_keeper
{
    gw_ledger *ledger;
    const gw_observer *observer;
    gw_db *work;
    gw_db *beside; /* the keeper's own connection; its thread alone uses it */
    char *sessions;
    gint64 life;
    gboolean beats;
    gw_progress *progress; /* guards itself */
    gw_thread *thread;
    gw_mutex mutex;
    gw_condition condition;
    /* Under the mutex: */
    gboolean ending;
    gboolean lost;
    gboolean cancelled;
    gboolean watching;
    gboolean cut;
    gboolean busy; /* looking at the session; _unwatch() waits until it is done */
    gboolean told;
    gint64 watch_began;
    gint64 next_look;
    gint64 budget;
    char *blockers;
    /* The thread's own: */
    gint64 next_beat;
    gint64 last_beat;
    char *seen; /* the step when it was looked at last … */
    gint64 seen_at;
    char *told_step; /* … and the one that others were told of */
    gint64 next_tell;
};

static gint
compare_age(gconstpointer left, gconstpointer right)
{
    const gw_session *a = *(const gw_session *const *)left;
    const gw_session *b = *(const gw_session *const *)right;
    return (a->age < b->age) - (a->age > b->age);
}

char *
gw_blockers_text(GPtrArray *sessions)
{
    if (sessions == NULL || sessions->len == 0)
    {
        return NULL;
    }
    g_ptr_array_sort(sessions, compare_age);
    return gw_sessions_text(sessions, sessions->len);
}

/* The keeper's connection, opened when it is needed. NULL: it cannot be had now. */
static gw_db *
beside(gw_keeper *keeper)
{
    if (keeper->beside != NULL && !gw_db_alive(keeper->beside))
    {
        g_clear_pointer(&keeper->beside, gw_db_close);
    }
    if (keeper->beside == NULL && gw_db_has(keeper->work, GW_FEATURE_SERVER))
    {
        g_autoptr(GError) ignored = NULL; /* the next tick tries again */
        keeper->beside = gw_db_open_beside(keeper->work, &ignored);
    }
    return keeper->beside;
}

static char *
sessions_text(const gw_keeper *keeper)
{
    const char *own = gw_db_place(keeper->beside)->session;
    return own == NULL ? g_strdup(keeper->sessions)
                       : g_strdup_printf("%s\n%s", keeper->sessions, own);
}

static void
set_lost(gw_keeper *keeper)
{
    gw_mutex_lock(&keeper->mutex);
    keeper->lost = TRUE;
    gw_mutex_unlock(&keeper->mutex);
    gw_db_cancel(keeper->work);
}

/* Is there a step that others should hear of before the next beat? */
static gboolean
is_news(gw_keeper *keeper, const char *step, gint64 now)
{
    if (g_strcmp0(step, keeper->seen) != 0)
    {
        g_free(keeper->seen);
        keeper->seen = g_strdup(step);
        keeper->seen_at = now;
    }
    return g_strcmp0(step, keeper->told_step) != 0 && now - keeper->seen_at >= SAY_AFTER &&
           now >= keeper->next_tell;
}

static void
set_told(gw_keeper *keeper, const char *step)
{
    g_free(keeper->told_step);
    keeper->told_step = g_strdup(step);
}

/* Where the lock is a file: what is done stands in it. */
static void
note(gw_keeper *keeper, const char *step)
{
    if (g_strcmp0(step, keeper->told_step) != 0)
    {
        g_autofree char *name = gw_ledger_lock_name(keeper->ledger);
        gw_db_lock_note(keeper->work, name, step == NULL ? "" : step);
        set_told(keeper, step);
    }
}

static void
beat(gw_keeper *keeper)
{
    gint64 now = gw_clock_now();
    g_autofree char *step = gw_progress_text(keeper->progress);
    gboolean news = is_news(keeper, step, now);
    if (!keeper->beats)
    {
        note(keeper, step);
        return;
    }
    if (now < keeper->next_beat && !news)
    {
        return;
    }
    keeper->next_beat = now + keeper->life / 3;
    keeper->next_tell = now + SAY_AFTER;
    gboolean held = TRUE;
    g_autoptr(GError) reason = NULL;
    gboolean heard = FALSE;
    if (beside(keeper) != NULL)
    {
        g_autofree char *sessions = sessions_text(keeper);
        gw_lease_claim claim = {.sessions = sessions, .life = keeper->life};
        heard = gw_lease_beat(keeper->ledger, keeper->beside, &claim, step, &held, &reason);
    }
    if (heard && held)
    {
        keeper->last_beat = now;
        set_told(keeper, step);
        return;
    }
    /* Unheard of for a whole life, or told so: somebody else may hold the lease now. */
    if ((heard && !held) || now - keeper->last_beat > keeper->life)
    {
        set_lost(keeper);
    }
    keeper->next_beat = now + TICK * 4;
}

static void
tell(gw_keeper *keeper, gint64 waited, const char *blockers)
{
    if (keeper->told || waited < TELL_AFTER)
    {
        return;
    }
    keeper->told = TRUE;
    gw_observer_emit(keeper->observer, &(gw_event){.type = GW_EVENT_STEP_WAITING,
                                           .text = "waiting for a lock",
                                           .detail = blockers,
                                           .microseconds = waited});
}

/* The working session waits: say who is in its way, and stop its statement when it may not. */
static void
intervene(gw_keeper *keeper, gint64 waited, gint64 budget)
{
    const char *session = gw_db_place(keeper->work)->session;
    g_autoptr(GError) ignored = NULL;
    g_autoptr(GPtrArray) sessions = gw_db_blockers(keeper->beside, session, NULL, &ignored);
    g_autofree char *blockers = gw_blockers_text(sessions);
    gw_mutex_lock(&keeper->mutex);
    keeper->cut |= budget > 0;
    g_free(keeper->blockers);
    keeper->blockers = g_strdup(blockers);
    gw_mutex_unlock(&keeper->mutex);
    if (budget == 0)
    {
        tell(keeper, waited, blockers);
        return;
    }
    g_autoptr(GError) unsent = NULL;
    if (!gw_db_cancel_session(keeper->beside, session, &unsent))
    {
        gw_db_cancel(keeper->work);
    }
}

/* Ask whether the working session waits, and do something about it when it does. */
static void
look_now(gw_keeper *keeper, gint64 waited, gint64 budget)
{
    gboolean waits = FALSE;
    g_autoptr(GError) ignored = NULL;
    if (beside(keeper) != NULL &&
        gw_db_session_waits(keeper->beside, gw_db_place(keeper->work)->session, &waits, &ignored) &&
        waits)
    {
        intervene(keeper, waited, budget);
    }
}

/* When the session is looked at first. What is in its way takes a while to find out, and the
 * statement waits, and others behind it, until it is known. */
static gint64
first_look(gint64 budget)
{
    return budget > 0 ? budget - budget / 4 : TELL_AFTER;
}

static void
look(gw_keeper *keeper)
{
    gint64 now = gw_clock_now();
    gw_mutex_lock(&keeper->mutex);
    gint64 waited = now - keeper->watch_began;
    gint64 budget = keeper->budget;
    keeper->busy = keeper->watching && !keeper->cut && now >= keeper->next_look &&
                   waited >= first_look(budget);
    gboolean due = keeper->busy;
    gw_mutex_unlock(&keeper->mutex);
    if (!due)
    {
        return;
    }
    look_now(keeper, waited, budget);
    gw_mutex_lock(&keeper->mutex);
    keeper->next_look = gw_clock_now() + (budget > 0 ? budget / 2 : TELL_AFTER);
    keeper->busy = FALSE;
    gw_condition_wake(&keeper->condition);
    gw_mutex_unlock(&keeper->mutex);
}

/* The user pressed twice: what is running now is rolled back. */
static void
pass_stop_on(gw_keeper *keeper)
{
    if (gw_observer_stop(keeper->observer) < 2)
    {
        return;
    }
    gw_mutex_lock(&keeper->mutex);
    gboolean first = !keeper->cancelled;
    keeper->cancelled = TRUE;
    gw_mutex_unlock(&keeper->mutex);
    if (first)
    {
        gw_db_cancel(keeper->work);
    }
}

/* How long to sleep with the mutex held: to the next look or tick. */
static gint64
nap(const gw_keeper *keeper)
{
    if (!keeper->watching || keeper->cut)
    {
        return TICK;
    }
    gint64 due = MAX(keeper->watch_began + first_look(keeper->budget), keeper->next_look);
    return CLAMP(due - gw_clock_now(), AT_LEAST, TICK);
}

static void
keeper_body(gpointer data)
{
    gw_keeper *keeper = data;
    gw_mutex_lock(&keeper->mutex);
    while (!keeper->ending)
    {
        gw_condition_wait(&keeper->condition, &keeper->mutex, nap(keeper));
        if (keeper->ending)
        {
            break;
        }
        gw_mutex_unlock(&keeper->mutex);
        pass_stop_on(keeper);
        beat(keeper);
        look(keeper);
        gw_mutex_lock(&keeper->mutex);
    }
    gw_mutex_unlock(&keeper->mutex);
}

gw_keeper *
gw_keeper_start(gw_ledger *ledger, const gw_observer *observer, const char *sessions, gint64 life,
    gboolean beats)
{
    gw_keeper *keeper = g_new0(gw_keeper, 1);
    keeper->ledger = ledger;
    keeper->observer = observer;
    keeper->work = gw_ledger_db(ledger);
    keeper->sessions = g_strdup(sessions);
    keeper->life = life;
    keeper->beats = beats;
    keeper->progress = gw_progress_new(keeper->work);
    keeper->last_beat = gw_clock_now();
    keeper->next_beat = keeper->last_beat + life / 3;
    gw_mutex_init(&keeper->mutex);
    gw_condition_init(&keeper->condition);
    keeper->thread = gw_thread_start(keeper_body, keeper);
    return keeper;
}

void
gw_keeper_stop(gw_keeper *keeper)
{
    gw_mutex_lock(&keeper->mutex);
    keeper->ending = TRUE;
    gw_condition_wake(&keeper->condition);
    gw_mutex_unlock(&keeper->mutex);
    gw_thread_join(keeper->thread);
    gw_db_close(keeper->beside);
    gw_condition_clear(&keeper->condition);
    gw_mutex_clear(&keeper->mutex);
    g_free(keeper->blockers);
    g_free(keeper->sessions);
    g_free(keeper->seen);
    g_free(keeper->told_step);
    gw_progress_free(keeper->progress);
    g_free(keeper);
}

gw_progress *
gw_keeper_progress(gw_keeper *keeper)
{
    return keeper->progress;
}

gboolean
gw_keeper_lost(gw_keeper *keeper)
{
    gw_mutex_lock(&keeper->mutex);
    gboolean lost = keeper->lost;
    gw_mutex_unlock(&keeper->mutex);
    return lost;
}

void
gw_keeper_watch(gw_keeper *keeper, gint64 budget)
{
    gw_mutex_lock(&keeper->mutex);
    keeper->watching = TRUE;
    keeper->cut = FALSE;
    keeper->told = FALSE;
    keeper->watch_began = gw_clock_now();
    keeper->next_look = 0;
    keeper->budget = budget;
    g_clear_pointer(&keeper->blockers, g_free);
    gw_condition_wake(&keeper->condition);
    gw_mutex_unlock(&keeper->mutex);
}

gboolean
gw_keeper_unwatch(gw_keeper *keeper, char **blockers)
{
    gw_mutex_lock(&keeper->mutex);
    keeper->watching = FALSE;
    /* A cancel that is on its way must not meet the statement after this one. */
    while (keeper->busy)
    {
        gw_condition_wait(&keeper->condition, &keeper->mutex, TICK);
    }
    gboolean cut = keeper->cut;
    *blockers = g_steal_pointer(&keeper->blockers);
    gw_mutex_unlock(&keeper->mutex);
    return cut;
}
