/*
 * Migrations with statements outside a transaction: each such statement is written down as intended
 * before it runs and as done after it, and "n is done" and "n+1 is intended" are one commit. After
 * a crash the one statement in doubt is decided by the live catalog.
 */
#include "run/parts.h"

/* A migration on its way. */
typedef struct journey
{
    gw_run *run;
    const gw_plan_migration *migration;
    GPtrArray *known;  /* of gw_step_record *: what an earlier run wrote; NULL: nothing */
    gboolean begun;    /* its record is queued or written */
    gboolean doubt;    /* whether the next step took effect is not known yet */
    gboolean rows;     /* the journal has rows, or may have */
    gboolean in_event; /* the intent of the next step is in the event of the beginning … */
    char *image;       /* … with this image */
    guint next;        /* index of the next step */
} journey;

static const gw_step *
step_at(const journey *way, guint index)
{
    return g_ptr_array_index(way->migration->steps, index);
}

/* What an earlier run wrote of a step. */
static const gw_step_record *
record_of(const journey *way, const gw_step *step)
{
    const char *direction = gw_direction_text(way->migration->direction);
    for (guint i = 0; way->known != NULL && i < way->known->len; i++)
    {
        const gw_step_record *record = g_ptr_array_index(way->known, i);
        if (record->ordinal == step->ordinal && strcmp(record->direction, direction) == 0)
        {
            return record;
        }
    }
    return NULL;
}

static gboolean
fail_changed(const journey *way, const gw_step *step, GError **error)
{
    gw_source_fail(step->source, step->offset, 1, error, GW_CODE_CHANGED,
        "statement %u of migration %s was changed after it was applied", step->ordinal,
        way->migration->version);
    if (error != NULL)
    {
        gw_error_add_state(*error, "migration %s is applied up to this statement, in its old text",
            way->migration->version);
        gw_error_add_hint(
            *error, "put the statement back as it was; only what follows it may be mended");
        gw_error_add_next(*error, "edit %s, then: godwit up", way->migration->file);
    }
    return FALSE;
}

/* Is a step behind us? *skip says so. */
static gboolean
look_back(journey *way, const gw_step *step, gboolean *skip, GError **error)
{
    const gw_step_record *record = record_of(way, step);
    *skip = FALSE;
    if (record == NULL)
    {
        return TRUE;
    }
    way->doubt = !record->done;
    if (way->doubt && !gw_run_settle_doubt(way->run, way->migration, step, record, skip, error))
    {
        return FALSE;
    }
    way->doubt = FALSE;
    *skip |= record->done;
    if (*skip && strcmp(record->sha256, step->sha256) != 0)
    {
        return fail_changed(way, step, error);
    }
    return TRUE;
}

static void
begin_record(journey *way)
{
    if (!way->begun)
    {
        gw_run_record_begin(way->run, way->migration, NULL, NULL);
        way->begun = TRUE;
    }
}

/* How long a statement outside a transaction may wait for a lock; said when it is another than the
 * last one's. */
static gboolean
limit_alone(gw_run *run, const gw_step *step, GError **error)
{
    gint64 wait = step->facts->concurrent ? 0 : run->settings.stall;
    wait = step->facts->incomplete == NULL ? wait : run->settings.patience;
    wait = step->section->lock_timeout > 0 ? step->section->lock_timeout : wait;
    gw_limits limits = {.lock_wait = wait, .statement = step->section->timeout};
    gboolean known = run->limits_known && run->alone.lock_wait == limits.lock_wait &&
                     run->alone.statement == limits.statement;
    if (known || gw_db_place(run->db)->pooled)
    {
        return TRUE;
    }
    run->alone = limits;
    run->limited = limits.lock_wait != 0 || limits.statement != 0;
    run->limits_known = gw_db_limit(run->db, &limits, error);
    return run->limits_known;
}

/* One try; where the server cannot bound the wait for a lock finely, the keeper does. */
static gboolean
try_alone(gw_run *run, const gw_plan_migration *migration, const gw_step *step,
    gw_attempts *attempts, GError **error)
{
    gboolean cuts = !step->facts->concurrent && step->facts->incomplete == NULL &&
                    !gw_db_has(run->db, GW_FEATURE_LOCK_TIMEOUT);
    g_autofree char *blockers = NULL;
    g_autoptr(GError) reason = NULL;
    gint64 began = gw_clock_now();
    gw_keeper_watch(run->keeper, cuts ? run->settings.stall : 0);
    gboolean done = gw_script_run_alone(run, migration, step, &reason);
    gboolean cut = gw_keeper_unwatch(run->keeper, &blockers);
    if (step->existing)
    {
        run->longest_stall = MAX(run->longest_stall, gw_clock_now() - began);
    }
    attempts->watched = blockers != NULL;
    if (attempts->watched)
    {
        g_free(attempts->blockers);
        attempts->blockers = g_steal_pointer(&blockers);
    }
    if (done)
    {
        return TRUE;
    }
    if (cut && gw_error_is(reason, GW_CODE_CANCELLED))
    {
        const char *object = step->facts->object == NULL ? "" : step->facts->object;
        g_clear_error(&reason);
        gw_fail(&reason, GW_CODE_LOCK_TIMEOUT, "%s%s%s was not granted its lock in time",
            step->facts->verb, *object == '\0' ? "" : " ", object);
    }
    g_propagate_error(error, g_steal_pointer(&reason));
    return FALSE;
}

/* An index that was built but is not valid counts as a failed try. */
static gboolean
check_valid(gw_run *run, const gw_step *step, GError **error)
{
    g_autofree char *image = NULL;
    if (!step->facts->concurrent || step->facts->probe.kind != GW_PROBE_APPEARS)
    {
        return TRUE;
    }
    if (!gw_run_image(run, step->facts, &image, error))
    {
        return FALSE;
    }
    if (!g_str_has_prefix(image, "invalid "))
    {
        return TRUE;
    }
    gw_fail(error, GW_CODE_INVALID_INDEX, "index %s was built but is not valid",
        step->facts->probe.name);
    return FALSE;
}

static gboolean
run_alone(gw_run *run, const gw_plan_migration *migration, const gw_step *step, const char *before,
    GError **error)
{
    g_auto(gw_attempts) attempts = {.began = gw_clock_now()};
    for (;;)
    {
        g_autoptr(GError) reason = NULL;
        if (gw_run_remove_remains(run, step->facts, before, &reason) &&
            limit_alone(run, step, &reason) &&
            try_alone(run, migration, step, &attempts, &reason) && check_valid(run, step, &reason))
        {
            return TRUE;
        }
        gboolean partial = gw_run_may_be_partial(step, reason);
        if (partial)
        {
            gw_run_hint_doubt(migration, step, reason);
            gw_error_set_next(reason, "godwit repair --not-done %s", migration->version);
        }
        if (partial || !gw_run_try_again(run, migration, step, &attempts, &reason))
        {
            g_autoptr(GError) ignored = NULL; /* what failed is told; remains go if they can */
            gboolean removed =
                gw_db_alive(run->db) && gw_run_remove_remains(run, step->facts, before, &ignored);
            (void)removed;
            g_propagate_error(error, g_steal_pointer(&reason));
            return FALSE;
        }
    }
}

/* A statement that changes the session alone leaves nothing to write down, and is run again when a
 * migration is taken up. */
static gboolean
is_silent(const gw_step *step)
{
    return step->transaction == 0 && (step->facts->kind == GW_KIND_SESSION ||
                                         step->facts->transactional == GW_TRANSACTION_OUTSIDE);
}

/* After the last step, the rows of all steps go in the same commit. */
static gboolean
is_last(const journey *way)
{
    return way->next + 1 == way->migration->steps->len;
}

/* Where the migration begins with the step, its event tells of the intent. */
static void
record_intent(journey *way, const gw_step *step, const char *image)
{
    gboolean in_event = !way->begun;
    if (in_event)
    {
        gw_run_record_begin(way->run, way->migration, step, image);
        way->image = g_strdup(image);
    }
    else
    {
        gw_run_record_intent(way->run, way->migration, step, image);
    }
    way->begun = TRUE;
    way->rows |= !in_event;
    way->in_event = in_event;
}

/* One statement outside any transaction. */
static gboolean
alone(journey *way, const gw_step *step, GError **error)
{
    gw_run *run = way->run;
    g_autofree char *image = NULL;
    if (is_silent(step))
    {
        run->limits_known = FALSE;
        return gw_script_run_alone(run, way->migration, step, error);
    }
    if (!gw_run_image_patiently(run, way->migration, step, &image, error))
    {
        return FALSE;
    }
    record_intent(way, step, image);
    if (!gw_run_commit(run, error) || !run_alone(run, way->migration, step, image, error))
    {
        return FALSE;
    }
    if (!is_last(way))
    {
        gw_run_record_step_done(run, way->migration, step, !way->in_event);
        way->rows = TRUE;
    }
    way->in_event = FALSE;
    return TRUE;
}

/* All steps of one transaction number, from the next one on. */
static guint
group_end(const journey *way)
{
    guint end = way->next + 1;
    while (end < way->migration->steps->len &&
           step_at(way, end)->transaction == step_at(way, way->next)->transaction)
    {
        end++;
    }
    return end;
}

/* Do steps of the next transaction lock relations that others use? */
static gboolean
blocks(const journey *way, guint end)
{
    for (guint i = way->next; i < end; i++)
    {
        if (step_at(way, i)->existing)
        {
            return TRUE;
        }
    }
    return FALSE;
}

/* Send the steps of the next transaction, each lock asked for within the stall budget. */
static gboolean
together_send(journey *way, guint end, gw_script *script, GError **error)
{
    gboolean blocking = blocks(way, end);
    for (guint i = way->next; i < end; i++)
    {
        const gw_step *step = step_at(way, i);
        if (!gw_script_limit_step(script, step, blocking, error) ||
            !gw_script_send(script, way->migration, step, error))
        {
            return FALSE;
        }
    }
    return gw_script_flush(script, error);
}

static gboolean
together_once(journey *way, guint end, const gw_step **failed, GError **error)
{
    gw_run *run = way->run;
    g_auto(gw_script) script = {0};
    gw_script_init(&script, run);
    const char *text = gw_db_dialect(run->db)->begin;
    gboolean sent = gw_script_send_own(&script, text == NULL ? "BEGIN" : text, error) &&
                    together_send(way, end, &script, error);
    way->rows = TRUE;
    for (guint i = way->next; sent && i < end; i++)
    {
        gw_run_record_step_done(run, way->migration, step_at(way, i), FALSE);
    }
    sent = sent && gw_script_send_ledger(&script, error) &&
           gw_script_send_own(&script, "COMMIT", error) && gw_script_flush(&script, error);
    *failed = script.step;
    return sent;
}

/*
 * Several steps in a transaction of their own, whose ledger rows commit with them. What waits in
 * the ledger's queue is written before, so that a rollback does not take it along.
 */
static gboolean
together(journey *way, guint end, GError **error)
{
    gw_run *run = way->run;
    g_auto(gw_attempts) attempts = {.began = gw_clock_now()};
    begin_record(way);
    if (!gw_run_commit(run, error))
    {
        return FALSE;
    }
    for (;;)
    {
        const gw_step *failed = NULL;
        g_autoptr(GError) reason = NULL;
        gint64 began = gw_clock_now();
        gboolean done = together_once(way, end, &failed, &reason);
        if (!done)
        {
            gw_run_forget(run);
            gw_db_rollback(run->db);
        }
        if (blocks(way, end))
        {
            run->longest_stall = MAX(run->longest_stall, gw_clock_now() - began);
        }
        if (done)
        {
            return TRUE;
        }
        if (!gw_run_try_again(run, way->migration, failed, &attempts, &reason))
        {
            g_propagate_error(error, g_steal_pointer(&reason));
            return FALSE;
        }
    }
}

/* Carry out the next step, or the next transaction's steps. */
static gboolean
advance(journey *way, GError **error)
{
    const gw_step *step = step_at(way, way->next);
    gboolean skip = FALSE;
    gw_run_emit(way->run, GW_EVENT_STEP_BEGIN, way->migration, step, NULL);
    if (!look_back(way, step, &skip, error))
    {
        return FALSE;
    }
    guint end = skip || step->transaction == 0 ? way->next + 1 : group_end(way);
    gboolean done =
        skip || (step->transaction == 0 ? alone(way, step, error) : together(way, end, error));
    way->next = done ? end : way->next;
    return done;
}

/* A statement failed: write down where, if the connection still stands. */
static void
write_failure(journey *way, const GError *reason)
{
    gw_run *run = way->run;
    const gw_step *step = step_at(way, MIN(way->next, way->migration->steps->len - 1));
    gboolean unknown = reason == NULL || gw_error_exit(reason) != 4 ||
                       gw_error_is(reason, GW_CODE_UNDECIDED) || !gw_db_alive(run->db);
    if (unknown || way->doubt || !way->begun)
    {
        return;
    }
    gw_run_forget(run);
    gboolean open = gw_run_may_be_partial(step, reason) || gw_run_is_completed(step->facts);
    if (!open)
    {
        gw_run_forget_step(run, way->migration, step);
    }
    else if (way->in_event) /* which is replaced now */
    {
        gw_run_record_intent(run, way->migration, step, way->image);
    }
    gw_run_record_failed(run, way->migration, reason->message);
    g_autoptr(GError) ignored = NULL; /* then the next run finds the intent and asks the catalog */
    if (!gw_run_commit(run, &ignored))
    {
        g_debug("the failure could not be written: %s", ignored->message);
    }
}

static gboolean
journey_go(journey *way, GError **error)
{
    g_autoptr(GError) reason = NULL;
    while (way->next < way->migration->steps->len)
    {
        if (!gw_run_may_go_on(way->run, &reason) || !advance(way, &reason))
        {
            write_failure(way, reason);
            g_propagate_error(error, g_steal_pointer(&reason));
            return FALSE;
        }
    }
    return TRUE;
}

/* The checks come after: the migration is unverified until they have held. */
static gboolean
finish(journey *way, const char *started, gint64 microseconds, GError **error)
{
    gw_run *run = way->run;
    const gw_plan_migration *migration = way->migration;
    gw_state state = gw_run_state_after(migration);
    gw_ending end = {state, started, microseconds};
    begin_record(way);
    if (way->rows)
    {
        gw_run_forget_steps(run, migration->version);
    }
    if (migration->direction == GW_UP && migration->checks->len > 0)
    {
        end.state = GW_STATE_UNVERIFIED;
        gw_run_record_end(run, migration, &end);
        if (!gw_run_commit(run, error) || !gw_run_verify(run, migration, error))
        {
            return FALSE;
        }
        gw_plan_migration checked = *migration;
        checked.action = GW_RECORD_VERIFY;
        checked.resume = FALSE;
        end.state = state;
        gw_run_record_end(run, &checked, &end);
    }
    else
    {
        gw_run_record_end(run, migration, &end);
    }
    gw_run_note_outcome(run, migration, state, 1, microseconds);
    run->limits_known &= !migration->session;
    return !migration->session || gw_db_reset(run->db, error);
}

gboolean
gw_run_journalled(gw_run *run, const gw_plan_migration *migration, GError **error)
{
    journey way = {
        .run = run, .migration = migration, .begun = migration->resume, .rows = migration->resume};
    g_autoptr(GPtrArray) known = NULL;
    gint64 began = gw_clock_now();
    g_autofree char *started = gw_ledger_now(run->ledger);
    gw_run_emit(run, GW_EVENT_MIGRATION_BEGIN, migration, NULL, NULL);
    if (migration->resume)
    {
        known = gw_ledger_steps(run->ledger, migration->version, error);
        if (known == NULL)
        {
            return FALSE;
        }
        way.known = known;
    }
    gboolean done = journey_go(&way, error) && finish(&way, started, gw_clock_now() - began, error);
    g_free(way.image);
    return done;
}
