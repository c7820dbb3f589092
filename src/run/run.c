#include "run/run.h"

#include "base/text.h"
#include "run/parts.h"

#define READINGS      5 /* of the ledger, while another run writes its last */
#define LEASE_DEFAULT (30 * G_USEC_PER_SEC)
#define HELD_BACK     10 /* that part of the stall budget is for giving up and going on */

void
gw_run_emit(gw_run *run, gw_event_type type, const gw_plan_migration *migration,
    const gw_step *step, const char *text)
{
    g_autofree char *title = step == NULL ? NULL : gw_step_title(step, 100);
    gw_observer_emit(run->observer, &(gw_event){.type = type,
                                        .version = migration->version,
                                        .name = migration->name,
                                        .direction = gw_direction_text(migration->direction),
                                        .phase = migration->phase,
                                        .text = text != NULL ? text : title,
                                        .ordinal = step == NULL ? 0 : step->ordinal,
                                        .total = gw_plan_migration_last(migration)});
}

/* "20240101000000 users, statement 2 of 5" */
static char *
doing_text(const gw_plan_migration *migration, const char *part, guint number, guint of)
{
    gboolean seed = migration->action == GW_RECORD_NOTHING;
    g_autofree char *title = seed ? g_strdup(migration->file)
                                  : g_strdup_printf("%s %s", migration->version, migration->name);
    return number == 0 ? g_steal_pointer(&title)
                       : g_strdup_printf("%s, %s %u of %u", title, part, number, of);
}

void
gw_run_say(gw_run *run, guint sent, const gw_plan_migration *migration, const gw_step *step)
{
    gw_progress_say(gw_keeper_progress(run->keeper), sent,
        doing_text(migration, "statement", step == NULL ? 0 : step->ordinal,
            gw_plan_migration_last(migration)));
}

void
gw_run_say_check(gw_run *run, const gw_plan_migration *migration, guint number)
{
    gw_progress_say(gw_keeper_progress(run->keeper), 0,
        doing_text(migration, "check", number, migration->checks->len));
}

void
gw_run_note_outcome(gw_run *run, const gw_plan_migration *migration, gw_state state, guint attempts,
    gint64 microseconds)
{
    gw_outcome *outcome = g_new0(gw_outcome, 1);
    outcome->migration = migration;
    outcome->state = state;
    outcome->statements = gw_plan_migration_statements(migration);
    outcome->attempts = attempts;
    outcome->microseconds = microseconds;
    g_ptr_array_add(run->outcomes, outcome);
    gw_observer_emit(run->observer, &(gw_event){.type = GW_EVENT_MIGRATION_END,
                                        .version = migration->version,
                                        .name = migration->name,
                                        .direction = gw_direction_text(migration->direction),
                                        .phase = migration->phase,
                                        .text = gw_state_text(state),
                                        .total = outcome->statements,
                                        .microseconds = microseconds});
}

/* Where the audit chain ends, and what is applied, read under the lock and in this order: what
 * comes between the two takes the number of the run's own event. */
static gboolean
read_ledger(gw_run *run, GError **error)
{
    if (!gw_audit_read(run->ledger, NULL, &run->audit, error))
    {
        return FALSE;
    }
    run->history = gw_ledger_history(run->ledger, error);
    if (run->history == NULL)
    {
        return FALSE;
    }
    run->batch = run->history->last_batch + 1;
    run->settled = run->audit;
    return TRUE;
}

/* The run's own row; it is written with the first thing that the run writes. */
static void
queue_begin(gw_run *run)
{
    const gw_identity *who = run->identity;
    g_autofree char *started = gw_ledger_now(run->ledger);
    g_autofree char *origin =
        gw_audit_origin(who->command, who->actor, who->host, who->git_commit, who->program);
    gw_slot_values values = {.text = {[GW_SLOT_STARTED] = started}};
    gw_ledger_queue(run->ledger, GW_LEDGER_ADD_RUN, &values);
    gw_run_append(run, &(gw_entry){.type = "run", .note = origin});
}

/* In a file anybody who writes is in the way of the first row of a run: asked for patiently. */
static gboolean
be_patient(gw_run *run, GError **error)
{
    gw_limits limits = {.lock_wait = MAX(run->settings.patience, 1)};
    return !gw_db_has(run->db, GW_FEATURE_FILE_LOCK) || gw_db_limit(run->db, &limits, error);
}

/* Nothing has begun: what stood in the way all the time was another program. */
static void
explain_begin(const gw_run *run, GError **error)
{
    if (error == NULL || !gw_error_is(*error, GW_CODE_LOCK_TIMEOUT))
    {
        return;
    }
    g_autofree char *patience = gw_duration_print(run->settings.patience);
    g_clear_error(error);
    gw_fail(error, GW_CODE_PATIENCE,
        "another program held the database for longer than the patience of %s", patience);
    gw_error_add_state(*error, "nothing was changed");
}

/*
 * The run's event is what closes the ledger to whoever had the lock before: from then on its next
 * number is taken. When that one was faster with its last commit, the ledger is read again.
 */
static gboolean
enter(gw_run *run, GError **error)
{
    for (guint attempt = 1;; attempt++)
    {
        g_autoptr(GError) reason = NULL;
        g_clear_pointer(&run->history, gw_history_unref);
        if (!read_ledger(run, error))
        {
            return FALSE;
        }
        queue_begin(run);
        if (gw_run_commit(run, &reason))
        {
            return TRUE;
        }
        if (!gw_error_is(reason, GW_CODE_FENCED) || attempt == READINGS)
        {
            g_propagate_error(error, g_steal_pointer(&reason));
            return FALSE;
        }
    }
}

static gboolean
begin(gw_run *run, GError **error)
{
    const char *session = gw_db_place(run->db)->session;
    if (!be_patient(run, error) || !gw_ledger_create(run->ledger, error) ||
        !gw_run_take_lock(run, error))
    {
        return FALSE;
    }
    run->keeper = gw_keeper_start(run->ledger, run->observer, session == NULL ? "" : session,
        run->settings.lease, gw_db_has(run->db, GW_FEATURE_SERVER));
    return enter(run, error);
}

gw_run *
gw_run_begin(gw_ledger *ledger, const gw_run_settings *settings, const gw_identity *identity,
    const gw_observer *observer, GError **error)
{
    g_autoptr(gw_run) run = g_new0(gw_run, 1);
    run->db = gw_ledger_db(ledger);
    run->ledger = ledger;
    run->settings = *settings;
    run->settings.stall -= settings->stall / HELD_BACK;
    run->settings.lease = settings->lease > 0 ? settings->lease : LEASE_DEFAULT;
    run->observer = observer;
    run->identity = identity;
    run->lock_name = gw_ledger_lock_name(ledger);
    run->written = gw_history_new(NULL, 0);
    run->fresh = gw_history_new(NULL, 0);
    run->undone = g_hash_table_new(g_str_hash, g_str_equal);
    run->known = gw_known_new();
    run->outcomes = g_ptr_array_new_with_free_func(g_free);
    run->findings = gw_findings_new();
    run->recovered = g_ptr_array_new_with_free_func(g_free);
    gw_ledger_identify(ledger, identity);
    GError *reason = NULL;
    if (begin(run, &reason))
    {
        return g_steal_pointer(&run);
    }
    explain_begin(run, &reason);
    g_propagate_error(error, reason);
    return NULL;
}

/* The checks of a migration that is applied already. */
static gboolean
execute_checks(gw_run *run, const gw_plan_migration *migration, GError **error)
{
    gw_run_emit(run, GW_EVENT_MIGRATION_BEGIN, migration, NULL, NULL);
    if (!gw_run_verify(run, migration, error))
    {
        return FALSE;
    }
    gw_run_record_end(run, migration, &(gw_ending){GW_STATE_APPLIED, NULL, -1});
    gw_run_note_outcome(run, migration, GW_STATE_APPLIED, 1, 0);
    return gw_run_commit(run, error);
}

static gboolean
execute_held(gw_run *run, gw_plan_migration *migration, GError **error)
{
    if (migration->action == GW_RECORD_VERIFY)
    {
        return execute_checks(run, migration, error);
    }
    if (!migration->atomic || migration->resume)
    {
        return gw_run_journalled(run, migration, error);
    }
    /* What the journal has queued belongs before this migration's transaction. */
    return gw_run_commit(run, error) && gw_run_atomic(run, &migration, 1, error);
}

static gboolean
execute_one(gw_run *run, gw_plan_migration *migration, GError **error)
{
    gboolean done = gw_plan_migration_hold(migration, error) && execute_held(run, migration, error);
    if (done)
    {
        gw_plan_migration_finish(migration);
    }
    gw_plan_migration_release(migration);
    return done;
}

/* A statement that was cut off because the user asked twice did not fail: the run was stopped. */
static void
tell_stop(const gw_run *run, const gw_plan_migration *migration, GError **error)
{
    if (gw_observer_stop(run->observer) > 0 && gw_error_is(*error, GW_CODE_CANCELLED))
    {
        g_clear_error(error);
        gw_fail(error, GW_CODE_STOPPED, "stopped as asked, in the middle of %s %s",
            migration->version, migration->name);
    }
}

/* What a failure leaves of the migration that it happened in. Where a commit was under way the
 * ledger is asked, and the error is no longer one that leaves it open. */
static const char *
what_is_left(gw_run *run, const gw_plan_migration *migration, GError *error)
{
    gboolean whole = migration->atomic && !migration->resume;
    gw_verdict verdict = GW_VERDICT_NOT_DONE;
    if (whole && gw_error_is(error, GW_CODE_COMMIT_UNKNOWN))
    {
        verdict = gw_run_settle_lost(run);
        error->code = verdict == GW_VERDICT_UNKNOWN ? error->code : GW_CODE_CONNECTION_LOST;
    }
    return verdict == GW_VERDICT_DONE ? "is applied too: only the answer to its commit was lost"
           : verdict == GW_VERDICT_UNKNOWN ? "is applied or rolled back: the next run reads in the "
                                             "ledger which"
           : whole                         ? "is rolled back as if it had not begun"
                   : "keeps the statements before this one; the next run goes on with it";
}

/* Say what everything is in after a failure, where nobody has said it more exactly. */
static void
explain(gw_run *run, const gw_plan *plan, const gw_plan_migration *migration, GError *error)
{
    gboolean stopped = gw_error_is(error, GW_CODE_STOPPED) || gw_error_exit(error) == 8;
    const char *left = what_is_left(run, migration, error);
    gw_error_add_state(error, "%u of %u migrations of this run are done; %s %s", run->outcomes->len,
        plan->migrations->len, migration->version, left);
    if (stopped || migration->file == NULL)
    {
        gw_error_add_next(error, "godwit %s", plan->command);
        return;
    }
    gw_error_add_next(error, "edit %s, then: godwit %s", migration->file, plan->command);
}

static gboolean
all_atomic(const gw_plan *plan, GError **error)
{
    for (guint i = 0; i < plan->migrations->len; i++)
    {
        const gw_plan_migration *migration = g_ptr_array_index(plan->migrations, i);
        if (!migration->atomic || migration->resume)
        {
            gw_fail(error, GW_CODE_UNSUPPORTED,
                "migration %s cannot be part of one transaction with the others",
                migration->version);
            gw_error_add_hint(error == NULL ? NULL : *error,
                "it has statements that commit by themselves or refuse a transaction");
            gw_error_add_state(error == NULL ? NULL : *error, "nothing was changed");
            gw_error_add_next(error == NULL ? NULL : *error, "godwit up");
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
hold_all(const gw_plan *plan, GError **error)
{
    for (guint i = 0; i < plan->migrations->len; i++)
    {
        if (!gw_plan_migration_hold(g_ptr_array_index(plan->migrations, i), error))
        {
            return FALSE;
        }
    }
    return TRUE;
}

/* All in one transaction, after the checks that an earlier run has left open. */
static gboolean
execute_together(gw_run *run, const gw_plan *plan, GError **error)
{
    g_autoptr(GPtrArray) together = g_ptr_array_new();
    if (!all_atomic(plan, error) || !hold_all(plan, error))
    {
        return FALSE;
    }
    for (guint i = 0; i < plan->migrations->len; i++)
    {
        gw_plan_migration *migration = g_ptr_array_index(plan->migrations, i);
        if (migration->action != GW_RECORD_VERIFY)
        {
            g_ptr_array_add(together, migration);
        }
        else if (!execute_checks(run, migration, error))
        {
            return FALSE;
        }
    }
    guint settled = run->outcomes->len;
    gw_plan_migration *const *all = (gw_plan_migration *const *)together->pdata;
    if (together->len == 0 || gw_run_atomic(run, all, together->len, error))
    {
        return TRUE;
    }
    if (error != NULL && run->outcomes->len == settled) /* else a check failed after the commit */
    {
        gw_error_add_state(*error, "all %u migrations are rolled back", together->len);
    }
    return FALSE;
}

gboolean
gw_run_execute(gw_run *run, const gw_plan *plan, GError **error)
{
    if (run->settings.one_transaction)
    {
        return execute_together(run, plan, error);
    }
    for (guint i = 0; i < plan->migrations->len; i++)
    {
        gw_plan_migration *migration = g_ptr_array_index(plan->migrations, i);
        g_autoptr(GError) reason = NULL;
        if (!gw_run_may_go_on(run, &reason) || !execute_one(run, migration, &reason))
        {
            tell_stop(run, migration, &reason);
            explain(run, plan, migration, reason);
            g_propagate_error(error, g_steal_pointer(&reason));
            return FALSE;
        }
    }
    return gw_run_commit(run, error);
}

gboolean
gw_run_decide(gw_run *run, gw_entry *entry, GError **error)
{
    gw_run_append(run, entry);
    return gw_run_commit(run, error);
}

/* Write the end of the run, if the connection stands and the lock is ours. */
static void
write_end(gw_run *run, const char *state)
{
    g_autofree char *ended = gw_ledger_now(run->ledger);
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, run->audit.number);
    gw_slot_values values = {.text = {
                                 [GW_SLOT_STATE] = state,
                                 [GW_SLOT_ENDED] = ended,
                                 [GW_SLOT_NUMBER] = number,
                             }};
    g_autoptr(GError) ignored = NULL; /* a run without an end reads as a dead one: that is true */
    gw_ledger_queue(run->ledger, GW_LEDGER_END_RUN, &values);
    if (!gw_run_commit(run, &ignored))
    {
        g_debug("the end of the run could not be written: %s", ignored->message);
    }
}

void
gw_run_end(gw_run *run, const char *state)
{
    if (run->ended)
    {
        return;
    }
    run->ended = TRUE;
    if (run->keeper != NULL)
    {
        gw_keeper_stop(g_steal_pointer(&run->keeper));
    }
    if (run->claimed && gw_db_alive(run->db))
    {
        gw_db_rollback(run->db);
        write_end(run, state);
    }
    gw_run_give_lock(run);
}

void
gw_run_free(gw_run *run)
{
    if (run == NULL)
    {
        return;
    }
    gw_run_end(run, "failed");
    gw_history_unref(run->history);
    gw_history_unref(run->written);
    gw_history_unref(run->fresh);
    g_hash_table_unref(run->undone);
    g_ptr_array_unref(run->outcomes);
    g_ptr_array_unref(run->findings);
    g_ptr_array_unref(run->recovered);
    gw_known_free(run->known);
    g_free(run->lock_name);
    g_free(run);
}

gw_history *
gw_run_history(const gw_run *run)
{
    return run->history;
}

const GPtrArray *
gw_run_outcomes(const gw_run *run)
{
    return run->outcomes;
}

const GPtrArray *
gw_run_findings(const gw_run *run)
{
    return run->findings;
}

const GPtrArray *
gw_run_recovered(const gw_run *run)
{
    return run->recovered;
}

gint64
gw_run_longest_stall(const gw_run *run)
{
    return run->longest_stall;
}

guint
gw_run_retries(const gw_run *run)
{
    return run->retries;
}

gint64
gw_run_batch(const gw_run *run)
{
    return run->batch;
}
