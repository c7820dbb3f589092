/*
 * Migrations that are one transaction: their statements and the events that tell of them commit
 * together, or nothing does. The event comes last and checks the fence: what a dead run has left in
 * a server cannot commit after another one took over.
 */
#include "run/parts.h"

/* One try at some migrations in one transaction. */
typedef struct attempt
{
    gw_run *run;
    gw_plan_migration *const *migrations;
    guint count;
    gw_script script;
    gboolean limited;   /* locks on existing relations are asked for within the stall budget */
    gint64 lock_began;  /* when the first of them was asked for; 0: not yet */
    gboolean suspended; /* integrity checks are off */
    gboolean was;       /* … and were on before */
    GPtrArray *before;  /* violations before the first statement */
} attempt;

/* Does a migration block a relation that others use? Data statements alone do not. */
static gboolean
blocks_existing(const gw_plan_migration *migration)
{
    for (guint i = 0; i < migration->steps->len; i++)
    {
        const gw_step *step = g_ptr_array_index(migration->steps, i);
        if (step->existing)
        {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
any(const attempt *try, gboolean (*holds)(const gw_plan_migration *migration))
{
    for (guint i = 0; i < try->count; i++)
    {
        if (holds(try->migrations[i]))
        {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
switches_integrity(const gw_plan_migration *migration)
{
    return migration->integrity;
}

static gboolean
integrity_suspend(attempt *try, GError **error)
{
    if (!any(try, switches_integrity))
    {
        return TRUE;
    }
    try->suspended = gw_db_integrity_suspend(try->run->db, &try->was, error);
    return try->suspended;
}

/* A statement that destroys a table, on a database that would follow references into it. */
static gboolean
rebuilds(const gw_plan_migration *migration)
{
    for (guint i = 0; i < migration->steps->len; i++)
    {
        const gw_step *step = g_ptr_array_index(migration->steps, i);
        if ((step->facts->destroys & GW_DESTROYS_TABLE) != 0)
        {
            return TRUE;
        }
    }
    return migration->integrity;
}

/* Broken references that the migration made, and not those that were there. */
static gboolean
integrity_check(attempt *try, GError **error)
{
    if (try->before == NULL)
    {
        return TRUE;
    }
    if (!gw_script_flush(&try->script, error))
    {
        return FALSE;
    }
    g_autoptr(GPtrArray) after = gw_db_integrity_check(try->run->db, NULL, error);
    if (after == NULL)
    {
        return FALSE;
    }
    g_autoptr(GPtrArray) new = gw_violations_new(try->before, after);
    if (new->len == 0)
    {
        return TRUE;
    }
    const gw_violation *first = g_ptr_array_index(new, 0);
    gw_fail(error, GW_CODE_FOREIGN_KEY,
        "%u rows would refer to rows that are not there: %s in %s refers to %s", new->len,
        first->row == NULL ? "a row" : first->row, first->table, first->parent);
    return FALSE;
}

/* The first statement of godwit's own: BEGIN, at the head of the pipeline; alone on a file, where
 * it waits for others. */
static gboolean
begin(attempt *try, GError **error)
{
    const char *text = gw_db_dialect(try->run->db)->begin;
    if (!integrity_suspend(try, error))
    {
        return FALSE;
    }
    if (!gw_db_has(try->run->db, GW_FEATURE_FILE_LOCK))
    {
        return gw_script_send_own(&try->script, text == NULL ? "BEGIN" : text, error);
    }
    if (!gw_db_begin(try->run->db, error))
    {
        return FALSE;
    }
    if (any(try, rebuilds))
    {
        try->before = gw_db_integrity_check(try->run->db, NULL, error);
        return try->before != NULL;
    }
    return TRUE;
}

/* All relations that the migration will block, in one statement, before it holds any of them. */
static gboolean
lock_first(attempt *try, const gw_plan_migration *migration, GError **error)
{
    const gw_dialect *dialect = gw_db_dialect(try->run->db);
    if (!try->limited || migration->first_locks->len == 0 || dialect->lock_relations == NULL)
    {
        return TRUE;
    }
    g_autofree char *text = dialect->lock_relations(migration->first_locks);
    try->script.step = NULL;
    gw_run_say(try->run, 0, migration, NULL);
    try->lock_began = try->lock_began == 0 ? gw_clock_now() : try->lock_began;
    gw_limits limits = {.lock_wait = try->run->settings.stall};
    return gw_script_limit(&try->script, &limits, error) &&
           gw_script_send_own(&try->script, text, error) && gw_script_flush(&try->script, error);
}

/* What a step may wait for a lock: the stall budget, but data statements the whole patience; and
 * what its section says. */
static gboolean
limit_step(attempt *try, const gw_step *step, GError **error)
{
    if (try->limited && step->existing && try->lock_began == 0)
    {
        try->lock_began = gw_clock_now();
    }
    return gw_script_limit_step(&try->script, step, try->limited, error);
}

static gboolean
is_hoisted(const gw_step *step)
{
    return step->transaction == 0 && step->facts->transactional == GW_TRANSACTION_OUTSIDE;
}

static gboolean
steps_run(attempt *try, const gw_plan_migration *migration, GError **error)
{
    for (guint i = 0; i < migration->steps->len; i++)
    {
        const gw_step *step = g_ptr_array_index(migration->steps, i);
        if (is_hoisted(step))
        {
            continue;
        }
        if (!gw_run_may_go_on(try->run, error) || !limit_step(try, step, error) ||
            !gw_script_send(&try->script, migration, step, error))
        {
            return FALSE;
        }
    }
    return TRUE;
}

/* The state in which the transaction leaves a migration: checks that come after it are pending. */
static gw_state
state_at_commit(const gw_plan_migration *migration)
{
    gboolean gate =
        migration->checks->len > 0 && !migration->verify_inside && migration->direction == GW_UP;
    return gate ? GW_STATE_UNVERIFIED : gw_run_state_after(migration);
}

/*
 * Put the session back: inside the transaction where that rolls back with it, so that the ledger is
 * written as the user who logged in; else after the commit, for a reset may end what is open.
 */
static gboolean
session_restore(
    const attempt *try, const gw_plan_migration *migration, gboolean inside, GError **error)
{
    if (!migration->session || gw_db_has(try->run->db, GW_FEATURE_RESET_INSIDE) != inside)
    {
        return TRUE;
    }
    try->run->limits_known = FALSE;
    return gw_db_reset(try->run->db, error);
}

/*
 * Some things need the answers before the event can be written: checks, the time it took where the
 * event does not tell, a session that is put back. Else all goes in one piece with its commit.
 */
static gboolean
checks_run(attempt *try, const gw_plan_migration *migration, GError **error)
{
    gboolean checks = migration->verify_inside && migration->checks->len > 0;
    gboolean waits = try->count > 1 || migration->session || checks || !gw_run_is_timed(migration);
    if (waits && !gw_script_flush(&try->script, error))
    {
        return FALSE;
    }
    return !checks || gw_run_verify(try->run, migration, error);
}

static gboolean
migration_run(attempt *try, const gw_plan_migration *migration, GError **error)
{
    gw_run *run = try->run;
    gint64 began = gw_clock_now();
    g_autofree char *started = gw_ledger_now(run->ledger);
    gw_run_emit(run, GW_EVENT_MIGRATION_BEGIN, migration, NULL, NULL);
    if (!lock_first(try, migration, error) || !steps_run(try, migration, error) ||
        !checks_run(try, migration, error))
    {
        return FALSE;
    }
    gint64 spent = gw_run_is_timed(migration) ? -1 : gw_clock_now() - began;
    gw_run_record_end(run, migration, &(gw_ending){state_at_commit(migration), started, spent});
    return session_restore(try, migration, TRUE, error) &&
           gw_script_send_ledger(&try->script, error);
}

static gboolean
commit(attempt *try, GError **error)
{
    if (!integrity_check(try, error))
    {
        return FALSE;
    }
    return gw_script_send_own(&try->script, "COMMIT", error) &&
           gw_script_flush(&try->script, error);
}

static gboolean
attempt_run(attempt *try, GError **error)
{
    if (!begin(try, error))
    {
        return FALSE;
    }
    for (guint i = 0; i < try->count; i++)
    {
        if (!migration_run(try, try->migrations[i], error))
        {
            return FALSE;
        }
    }
    return commit(try, error);
}

/* After a commit or a rollback: the session as it was, and what the locks cost others. */
static gboolean
attempt_end(attempt *try, gboolean done, GError **error)
{
    gw_run *run = try->run;
    if (!done)
    {
        if (try->script.open)
        {
            g_autoptr(GError) ignored = NULL; /* the first error is the one that is told */
            gboolean flushed = gw_script_flush(&try->script, &ignored);
            (void)flushed;
        }
        gw_run_forget(run);
        gw_db_rollback(run->db);
    }
    if (try->lock_began > 0)
    {
        run->longest_stall = MAX(run->longest_stall, gw_clock_now() - try->lock_began);
    }
    if (!gw_db_alive(run->db))
    {
        return TRUE;
    }
    gboolean restored = TRUE;
    for (guint i = 0; restored && i < try->count; i++)
    {
        restored = session_restore(try, try->migrations[i], FALSE, error);
    }
    return restored && (!try->suspended || gw_db_integrity_resume(run->db, try->was, error));
}

/* One try from its BEGIN to its end. *step gets what failed, NULL for none of the user's. */
static gboolean
try_once(gw_run *run, gw_plan_migration *const *migrations, guint count, const gw_step **step,
    GError **error)
{
    attempt try = {.run = run, .migrations = migrations, .count = count};
    gw_script_init(&try.script, run);
    try.limited = any(&try, blocks_existing);
    gboolean done = attempt_run(&try, error);
    if (done)
    {
        gw_run_settle(run);
    }
    g_autoptr(GError) late = NULL;
    if (!attempt_end(&try, done, &late) && done)
    {
        gw_observer_say(run->observer, GW_EVENT_WARNING, "%s", late->message);
    }
    *step = try.script.step;
    g_clear_pointer(&try.before, g_ptr_array_unref);
    gw_script_clear(&try.script);
    return done;
}

static const gw_step *
first_blocking(const gw_plan_migration *migration)
{
    for (guint i = 0; i < migration->steps->len; i++)
    {
        const gw_step *step = g_ptr_array_index(migration->steps, i);
        if (step->existing)
        {
            return step;
        }
    }
    return NULL;
}

/* The checks that could not run before the commit, then the record. */
static gboolean
gate(gw_run *run, const gw_plan_migration *migration, gint64 microseconds, GError **error)
{
    if (state_at_commit(migration) != GW_STATE_UNVERIFIED)
    {
        return TRUE;
    }
    if (!gw_run_verify(run, migration, error))
    {
        return FALSE;
    }
    gw_plan_migration checked = *migration;
    checked.action = GW_RECORD_VERIFY;
    gw_run_record_end(
        run, &checked, &(gw_ending){gw_run_state_after(migration), NULL, microseconds});
    return gw_run_commit(run, error);
}

/* All of them are committed: their checks, and what became of them. */
static gboolean
settle(gw_run *run, gw_plan_migration *const *migrations, guint count, const gw_attempts *attempts,
    GError **error)
{
    gint64 microseconds = gw_clock_now() - attempts->began;
    for (guint i = 0; i < count; i++)
    {
        gboolean held = gate(run, migrations[i], microseconds, error);
        gw_run_note_outcome(run, migrations[i],
            held ? gw_run_state_after(migrations[i]) : GW_STATE_UNVERIFIED, attempts->count + 1,
            microseconds / count); /* their sum is what is told */
        if (!held)
        {
            return FALSE;
        }
    }
    return TRUE;
}

/*
 * Locks that are taken first may need rights that the statements themselves do not (LOCK TABLE on a
 * table that is only referred to). Then there is no first lock, and each statement asks for its
 * own.
 */
static gboolean
give_up_first_locks(
    gw_plan_migration *const *migrations, guint count, const gw_step *failed, GError **reason)
{
    gboolean had = FALSE;
    if (failed != NULL || !gw_error_is(*reason, GW_CODE_PRIVILEGE))
    {
        return FALSE;
    }
    for (guint i = 0; i < count; i++)
    {
        had |= migrations[i]->first_locks->len > 0;
        g_ptr_array_set_size(migrations[i]->first_locks, 0);
    }
    if (had)
    {
        g_clear_error(reason);
    }
    return had;
}

gboolean
gw_run_atomic(gw_run *run, gw_plan_migration *const *migrations, guint count, GError **error)
{
    g_auto(gw_attempts) attempts = {.began = gw_clock_now()};
    for (;;)
    {
        const gw_step *step = NULL;
        g_autoptr(GError) reason = NULL;
        if (try_once(run, migrations, count, &step, &reason))
        {
            return settle(run, migrations, count, &attempts, error);
        }
        if (give_up_first_locks(migrations, count, step, &reason))
        {
            continue;
        }
        const gw_plan_migration *migration = migrations[0];
        step = step == NULL ? first_blocking(migration) : step;
        if (!gw_run_try_again(run, migration, step, &attempts, &reason))
        {
            g_propagate_error(error, g_steal_pointer(&reason));
            return FALSE;
        }
    }
}
