/* What the ledger is told of a migration. */
#include "run/parts.h"

gw_state
gw_run_state_after(const gw_plan_migration *migration)
{
    if (migration->direction == GW_DOWN)
    {
        return GW_STATE_PENDING;
    }
    return migration->expands ? GW_STATE_EXPANDED : GW_STATE_APPLIED;
}

/* --- what a migration is now --- */

gboolean
gw_run_recall(const gw_run *run, const char *version, gw_record *record)
{
    const gw_record *found = gw_history_find(run->fresh, version);
    found = found != NULL ? found : gw_history_find(run->written, version);
    if (found == NULL && !g_hash_table_contains(run->undone, version))
    {
        found = gw_history_find(run->history, version);
    }
    if (found == NULL)
    {
        return FALSE;
    }
    *record = *found;
    return found->state != GW_STATE_PENDING;
}

void
gw_run_append(gw_run *run, gw_entry *entry)
{
    gw_record last;
    if (entry->record == NULL)
    {
        gw_audit_append(run->ledger, &run->audit, entry);
        return;
    }
    gw_record now = *entry->record;
    entry->replaces = gw_run_recall(run, now.version, &last) ? last.event : 0;
    now.event = gw_audit_append(run->ledger, &run->audit, entry);
    now.origin = now.origin == 0 ? now.event : now.origin;
    gw_history_put(run->fresh, &now);
}

/* What is committed is kept in mind where it is more than "pending before, applied now"; of what is
 * undone, as thousands may be, no more than that. */
static void
remember(gw_run *run, const gw_record *record)
{
    const gw_record *before = gw_history_find(run->history, record->version);
    gboolean written = gw_history_find(run->written, record->version) != NULL;
    gboolean known = written || before != NULL;
    if (record->state == GW_STATE_PENDING && before != NULL && !written)
    {
        g_hash_table_add(run->undone, (gpointer)(guintptr)before->version);
    }
    else if (record->state == GW_STATE_PENDING)
    {
        gw_history_put(run->written, &(gw_record){.version = record->version});
    }
    else if (known || record->state != GW_STATE_APPLIED)
    {
        gw_history_put(run->written, record);
    }
}

void
gw_run_settle(gw_run *run)
{
    for (guint i = 0; i < run->fresh->records->len; i++)
    {
        remember(run, &g_array_index(run->fresh->records, gw_record, i));
    }
    gw_history_clear(run->fresh);
    run->settled = run->audit;
}

gboolean
gw_run_commit(gw_run *run, GError **error)
{
    if (!gw_ledger_commit(run->ledger, error))
    {
        gw_run_forget(run);
        return FALSE;
    }
    gw_run_settle(run);
    return TRUE;
}

void
gw_run_forget(gw_run *run)
{
    gw_ledger_forget(run->ledger);
    gw_history_clear(run->fresh);
    run->audit = run->settled;
}

/* --- migrations --- */

/* What the next event says of a migration, before its state: a new record, or the one that it has,
 * as far as it stays. TRUE: it is new. */
static gboolean
record_of(const gw_run *run, const gw_plan_migration *migration, gw_record *record)
{
    gw_record made = {
        .version = migration->version,
        .name = migration->name,
        .kind = gw_plan_migration_kind(migration),
        .direction = gw_direction_text(migration->direction),
        .phase = migration->phase,
        .raw_sha256 = migration->raw_sha256,
        .token_sha256 = migration->token_sha256,
        .batch = run->batch,
    };
    gw_record last;
    gboolean known = gw_run_recall(run, migration->version, &last);
    if (!known || (!gw_plan_migration_carries_on(migration) && last.state != GW_STATE_RUNNING))
    {
        *record = made;
        return TRUE;
    }
    gboolean edited = migration->resume || !gw_plan_migration_carries_on(migration);
    *record = last;
    record->name = edited ? made.name : last.name;
    record->raw_sha256 = edited ? made.raw_sha256 : last.raw_sha256;
    record->token_sha256 = edited ? made.token_sha256 : last.token_sha256;
    record->direction = made.direction;
    record->phase = made.phase;
    return FALSE;
}

/* Add an event of a migration that has not ended; a new one begins now. */
static void
append_open(gw_run *run, const gw_plan_migration *migration, gw_state state, gw_entry entry)
{
    gw_record record;
    g_autofree char *now = gw_ledger_now(run->ledger);
    if (record_of(run, migration, &record))
    {
        record.started = now;
    }
    record.state = state;
    entry.record = &record;
    gw_run_append(run, &entry);
}

void
gw_run_record_begin(
    gw_run *run, const gw_plan_migration *migration, const gw_step *step, const char *image)
{
    if (migration->action == GW_RECORD_NOTHING)
    {
        return;
    }
    g_autofree char *intent = step == NULL ? NULL : gw_step_record_text(step);
    append_open(run, migration, GW_STATE_RUNNING,
        (gw_entry){.type = GW_LEDGER_BEGIN, .steps = intent, .note = image});
}

gboolean
gw_run_is_timed(const gw_plan_migration *migration)
{
    return migration->direction == GW_DOWN || !gw_plan_migration_carries_on(migration);
}

void
gw_run_record_end(gw_run *run, const gw_plan_migration *migration, const gw_ending *end)
{
    if (migration->action == GW_RECORD_NOTHING)
    {
        gw_run_append(run, &(gw_entry){.type = "seed", .note = migration->file});
        return;
    }
    gw_record record;
    gboolean made = record_of(run, migration, &record);
    g_autofree char *steps =
        migration->action == GW_RECORD_VERIFY ? NULL : gw_plan_migration_record(migration);
    record.state = end->state;
    record.started = made || migration->direction == GW_DOWN ? end->started : record.started;
    record.duration = end->microseconds >= 0       ? end->microseconds
                      : gw_run_is_timed(migration) ? -1
                                                   : gw_record_duration(&record);
    gw_run_append(run,
        &(gw_entry){.type = gw_plan_migration_event(migration), .record = &record, .steps = steps});
}

void
gw_run_record_failed(gw_run *run, const gw_plan_migration *migration, const char *why)
{
    if (migration->action == GW_RECORD_NOTHING)
    {
        gw_run_append(run, &(gw_entry){.type = "failed", .note = migration->file});
        return;
    }
    append_open(run, migration, GW_STATE_FAILED, (gw_entry){.type = "failed", .note = why});
}

/* --- the journal --- */

/* A write of one step's row; what is not recorded has none. */
static void
queue_step(gw_run *run, gw_ledger_statement statement, const gw_plan_migration *migration,
    const gw_step *step, gboolean done, const char *image)
{
    gw_step_record record = {
        .direction = gw_direction_text(migration->direction),
        .ordinal = step->ordinal,
        .statements = step->statements,
        .sha256 = step->sha256,
        .done = done,
        .verb = step->facts->verb,
        .image = image,
    };
    if (migration->action != GW_RECORD_NOTHING)
    {
        gw_ledger_queue_step(run->ledger, statement, migration->version, &record);
    }
}

void
gw_run_record_intent(
    gw_run *run, const gw_plan_migration *migration, const gw_step *step, const char *image)
{
    queue_step(run, GW_LEDGER_ADD_STEP, migration, step, FALSE, image);
}

void
gw_run_record_step_done(
    gw_run *run, const gw_plan_migration *migration, const gw_step *step, gboolean has_row)
{
    queue_step(
        run, has_row ? GW_LEDGER_UPDATE_STEP : GW_LEDGER_ADD_STEP, migration, step, TRUE, NULL);
}

void
gw_run_forget_step(gw_run *run, const gw_plan_migration *migration, const gw_step *step)
{
    queue_step(run, GW_LEDGER_DELETE_STEP, migration, step, FALSE, NULL);
}

void
gw_run_forget_steps(gw_run *run, const char *version)
{
    gw_slot_values values = {.text = {[GW_SLOT_VERSION] = version}};
    gw_ledger_queue(run->ledger, GW_LEDGER_DELETE_STEPS, &values);
}
