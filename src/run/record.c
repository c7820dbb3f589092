/* What the ledger is told of a migration. */
#include "run/parts.h"

static char *
number_text(gint64 number)
{
    return g_strdup_printf("%" G_GINT64_FORMAT, number);
}

gw_state
gw_run_state_after(const gw_plan_migration *migration)
{
    if (migration->direction == GW_DOWN)
    {
        return GW_STATE_PENDING;
    }
    return migration->expands ? GW_STATE_EXPANDED : GW_STATE_APPLIED;
}

/* An update of the row as it is while the migration runs. */
static void
record_running(gw_run *run, const gw_plan_migration *migration)
{
    gw_slot_values values = {.text = {
                                 [GW_SLOT_VERSION] = migration->version,
                                 [GW_SLOT_STATE] = "interrupted",
                                 [GW_SLOT_DIRECTION] = gw_direction_text(migration->direction),
                                 [GW_SLOT_PHASE] = migration->phase,
                             }};
    gw_ledger_queue(run->ledger, GW_LEDGER_UPDATE_MIGRATION, &values);
}

/* A new row, as it is while the migration runs, or as it stays when `end` is given. */
static void
record_add(gw_run *run, const gw_plan_migration *migration, const gw_slot_values *end)
{
    g_autofree char *now = gw_ledger_now(run->ledger);
    g_autofree char *batch = number_text(run->batch);
    g_autofree char *number = number_text(++run->number);
    const char *started = end == NULL ? NULL : end->text[GW_SLOT_STARTED];
    gw_slot_values values = {
        .text = {
            [GW_SLOT_VERSION] = migration->version,
            [GW_SLOT_NAME] = migration->name,
            [GW_SLOT_KIND] = migration->action == GW_RECORD_SKIP ? "not_applicable"
                             : migration->repeatable             ? "repeatable"
                                                                 : "migration",
            [GW_SLOT_STATE] = end == NULL ? "interrupted" : end->text[GW_SLOT_STATE],
            [GW_SLOT_DIRECTION] = "up",
            [GW_SLOT_PHASE] = migration->phase,
            [GW_SLOT_RAW] = migration->raw_sha256,
            [GW_SLOT_TOKEN] = migration->token_sha256,
            [GW_SLOT_BATCH] = batch,
            [GW_SLOT_NUMBER] = number,
            [GW_SLOT_STARTED] = started == NULL ? now : started,
            [GW_SLOT_ENDED] = end == NULL ? NULL : end->text[GW_SLOT_ENDED],
            [GW_SLOT_DURATION] = end == NULL ? NULL : end->text[GW_SLOT_DURATION],
        }};
    gw_ledger_queue(run->ledger, GW_LEDGER_ADD_MIGRATION, &values);
}

static void
record_remove(gw_run *run, const gw_plan_migration *migration)
{
    gw_slot_values values = {.text = {[GW_SLOT_VERSION] = migration->version}};
    gw_ledger_queue(run->ledger, GW_LEDGER_DELETE_STEPS, &values);
    gw_ledger_queue(run->ledger, GW_LEDGER_DELETE_MIGRATION, &values);
}

/* Does the ledger have a row of it when it begins? */
static gboolean
has_row(const gw_plan_migration *migration)
{
    return migration->resume || migration->direction == GW_DOWN ||
           migration->action == GW_RECORD_CONTRACT || migration->action == GW_RECORD_VERIFY;
}

void
gw_run_record_begin(gw_run *run, const gw_plan_migration *migration)
{
    if (migration->action == GW_RECORD_NOTHING)
    {
        return;
    }
    if (has_row(migration))
    {
        record_running(run, migration);
        return;
    }
    if (migration->action == GW_RECORD_REDO)
    {
        record_remove(run, migration);
    }
    record_add(run, migration, NULL);
}

/* The row as the migration leaves it; `begun`: this run has written it already. */
static void
record_state(
    gw_run *run, const gw_plan_migration *migration, gboolean begun, const gw_slot_values *end)
{
    if (begun || has_row(migration))
    {
        gw_ledger_queue(run->ledger, GW_LEDGER_UPDATE_MIGRATION, end);
        return;
    }
    if (migration->action == GW_RECORD_REDO)
    {
        record_remove(run, migration);
    }
    record_add(run, migration, end);
}

static void
audit_end(gw_run *run, const gw_plan_migration *migration, gw_state state)
{
    const char *type = migration->action == GW_RECORD_VERIFY ? "verify"
                       : migration->action == GW_RECORD_CONTRACT
                           ? "contract"
                           : gw_direction_text(migration->direction);
    gw_audit_append(run->ledger, &run->audit, type, migration->version,
        state == GW_STATE_APPLIED || state == GW_STATE_PENDING ? NULL : gw_state_text(state));
}

void
gw_run_record_end(
    gw_run *run, const gw_plan_migration *migration, gboolean begun, const gw_ending *end)
{
    if (migration->action == GW_RECORD_NOTHING)
    {
        gw_audit_append(run->ledger, &run->audit, "seed", NULL, migration->file);
        return;
    }
    g_autofree char *ended = gw_ledger_now(run->ledger);
    g_autofree char *duration = number_text(end->microseconds);
    gw_slot_values values = {.text = {
                                 [GW_SLOT_VERSION] = migration->version,
                                 [GW_SLOT_STATE] = gw_state_text(end->state),
                                 [GW_SLOT_DIRECTION] = "up",
                                 [GW_SLOT_PHASE] = migration->phase,
                                 [GW_SLOT_STARTED] = end->started,
                                 [GW_SLOT_ENDED] = ended,
                                 [GW_SLOT_DURATION] = duration,
                             }};
    if (end->state == GW_STATE_PENDING)
    {
        record_remove(run, migration);
    }
    else
    {
        record_state(run, migration, begun, &values);
    }
    if (end->state != GW_STATE_PENDING && migration->resume)
    {
        values.text[GW_SLOT_NAME] = migration->name;
        values.text[GW_SLOT_RAW] = migration->raw_sha256;
        values.text[GW_SLOT_TOKEN] = migration->token_sha256;
        gw_ledger_queue(run->ledger, GW_LEDGER_UPDATE_HASHES, &values);
    }
    audit_end(run, migration, end->state);
}

void
gw_run_record_step(gw_run *run, const gw_plan_migration *migration, const gw_step *step,
    const char *state, const char *image)
{
    if (migration->action == GW_RECORD_NOTHING)
    {
        return;
    }
    g_autofree char *ordinal = number_text(step->ordinal);
    g_autofree char *statements = number_text(step->statements);
    g_autofree char *now = gw_ledger_now(run->ledger);
    gw_slot_values values = {.text = {
                                 [GW_SLOT_VERSION] = migration->version,
                                 [GW_SLOT_DIRECTION] = gw_direction_text(migration->direction),
                                 [GW_SLOT_ORDINAL] = ordinal,
                                 [GW_SLOT_STATEMENTS] = statements,
                                 [GW_SLOT_HASH] = step->sha256,
                                 [GW_SLOT_STATE] = state,
                                 [GW_SLOT_PROBE] = step->facts->verb,
                                 [GW_SLOT_IMAGE] = image,
                                 [GW_SLOT_STARTED] = now,
                             }};
    if (strcmp(state, "done") == 0)
    {
        values.text[GW_SLOT_ENDED] = now;
    }
    gw_ledger_queue(run->ledger, GW_LEDGER_ADD_STEP, &values);
}

/* The values that name one step's row. */
static void
step_queue(gw_run *run, const gw_plan_migration *migration, const gw_step *step,
    gw_ledger_statement statement)
{
    if (migration->action == GW_RECORD_NOTHING)
    {
        return;
    }
    g_autofree char *ordinal = number_text(step->ordinal);
    g_autofree char *now = gw_ledger_now(run->ledger);
    gw_slot_values values = {.text = {
                                 [GW_SLOT_VERSION] = migration->version,
                                 [GW_SLOT_DIRECTION] = gw_direction_text(migration->direction),
                                 [GW_SLOT_ORDINAL] = ordinal,
                                 [GW_SLOT_STATE] = "done",
                                 [GW_SLOT_ENDED] = now,
                             }};
    gw_ledger_queue(run->ledger, statement, &values);
}

void
gw_run_record_step_done(gw_run *run, const gw_plan_migration *migration, const gw_step *step)
{
    step_queue(run, migration, step, GW_LEDGER_UPDATE_STEP);
}

void
gw_run_forget_step(gw_run *run, const gw_plan_migration *migration, const gw_step *step)
{
    step_queue(run, migration, step, GW_LEDGER_DELETE_STEP);
}

void
gw_run_record_failed(gw_run *run, const gw_plan_migration *migration, const char *why)
{
    if (migration->action == GW_RECORD_NOTHING)
    {
        gw_audit_append(run->ledger, &run->audit, "failed", NULL, migration->file);
        return;
    }
    gw_slot_values values = {.text = {
                                 [GW_SLOT_VERSION] = migration->version,
                                 [GW_SLOT_STATE] = gw_state_text(GW_STATE_FAILED),
                                 [GW_SLOT_DIRECTION] = gw_direction_text(migration->direction),
                                 [GW_SLOT_PHASE] = migration->phase,
                             }};
    gw_ledger_queue(run->ledger, GW_LEDGER_UPDATE_MIGRATION, &values);
    gw_audit_append(run->ledger, &run->audit, "failed", migration->version, why);
}
