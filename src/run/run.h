/*
 * A run: one execution of a plan against one database. The one place that loops over steps, holds
 * the run lock, keeps the stall budget, retries, and writes the ledger while it works.
 */
#ifndef GW_RUN_RUN_H
#define GW_RUN_RUN_H

#include "base/observer.h"
#include "ledger/audit.h"
#include "ledger/lease.h"
#include "plan/plan.h"

/* What a run is held to. Microseconds. */
typedef struct gw_run_settings
{
    gint64 stall;             /* the longest that it may hold up the application */
    gint64 patience;          /* how long it goes on asking for a lock */
    gint64 wait_lock;         /* how long it waits for another run; 0: not at all */
    gint64 lease;             /* how long its lease lasts without a heartbeat; 0: 30 s */
    gboolean one_transaction; /* up --atomic */
    gboolean show_values;     /* samples of violations may show more than the first column */
} gw_run_settings;

/* What became of one migration. Texts are borrowed from the plan. */
typedef struct gw_outcome
{
    const gw_plan_migration *migration;
    gw_state state; /* PENDING after a down */
    guint statements;
    guint attempts;
    gint64 microseconds;
} gw_outcome;

/* A check that found rows. */
typedef struct gw_finding
{
    const gw_plan_migration *migration;
    const gw_step *check;
    guint64 rows;      /* that break it */
    GPtrArray *sample; /* of char *: the first column of the first rows */
} gw_finding;

typedef struct gw_run gw_run;

/*
 * Begin a run on `ledger` (which is made where it is missing) and take the run lock. All arguments
 * are borrowed for the life of the run. Fails with LOCKED, naming the holder.
 */
gw_run *gw_run_begin(gw_ledger *ledger, const gw_run_settings *settings,
    const gw_identity *identity, const gw_observer *observer, GError **error) GW_CHECKED;

/*
 * Carry a plan out. What is done when it fails is done and recorded; the error says what state
 * everything is in and what to type next.
 */
gboolean gw_run_execute(gw_run *run, const gw_plan *plan, GError **error) GW_CHECKED;

/*
 * Run the checks of a plan's migrations and change nothing; no run and no lock is needed. Array of
 * gw_finding *, one for each check, with a free function.
 */
GPtrArray *gw_checks_run(gw_db *db, const gw_plan *plan, GError **error) GW_CHECKED;

/*
 * What a person decides about the ledger (mark, repair …). _recall says what a migration is now,
 * FALSE: pending; its texts stay until the next commit. _forget_steps queues that its journal is
 * the past. _decide writes an event, whose `replaces` it fills in, with what is queued, in one
 * transaction.
 */
gboolean gw_run_recall(const gw_run *run, const char *version, gw_record *record);
void gw_run_forget_steps(gw_run *run, const char *version);
gboolean gw_run_decide(gw_run *run, gw_entry *entry, GError **error) GW_CHECKED;

/* End it: give the lock back. `done` is what its row says: "done", "failed", "stopped". */
void gw_run_end(gw_run *run, const char *state);
void gw_run_free(gw_run *run); /* ends it as "failed" when nobody has */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(gw_run, gw_run_free)

/* What the ledger said when the lock was taken; borrowed. */
gw_history *gw_run_history(const gw_run *run);

/* What happened. Arrays of gw_outcome *, gw_finding * and char *. */
const GPtrArray *gw_run_outcomes(const gw_run *run);
const GPtrArray *gw_run_findings(const gw_run *run);
const GPtrArray *gw_run_recovered(const gw_run *run);
gint64 gw_run_longest_stall(const gw_run *run);
guint gw_run_retries(const gw_run *run);
gint64 gw_run_batch(const gw_run *run);

#endif
