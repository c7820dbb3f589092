/* What the files of this room share: the run itself, and their doors to each other. */
#ifndef GW_RUN_PARTS_H
#define GW_RUN_PARTS_H

#include "base/clock.h"
#include "run/keeper.h"
#include "run/run.h"

typedef struct gw_known gw_known;

struct gw_run
{
    gw_db *db; /* the working connection, the ledger's */
    gw_ledger *ledger;
    gw_run_settings settings;
    const gw_observer *observer;
    const gw_identity *identity;
    gw_keeper *keeper;   /* heartbeats and stall watch; NULL before the lock is held */
    gw_audit audit;      /* where the chain ends with all that is queued … */
    gw_audit settled;    /* … and with what is committed */
    gw_history *history; /* what the ledger said under the lock */
    gw_history *written; /* what this run has made of that, as far as it may be asked for */
    gw_history *fresh;   /* what is not committed yet */
    GHashTable *undone;  /* versions that `history` has, borrowed from it, and that this run undid;
                            `written` knows better */
    gw_known *known;     /* the names of the tables that are there */
    char *lock_name;
    gw_limits alone;       /* that the session has outside transactions … */
    gboolean limits_known; /* … if they are known */
    gboolean limited;      /* the session may have limits that the next transaction must lift */
    gboolean locked;       /* the session or file lock is held */
    gboolean claimed;      /* the lease row is ours */
    gboolean ended;
    gint64 batch;
    gint64 longest_stall;
    guint retries;
    GPtrArray *outcomes;
    GPtrArray *findings;
    GPtrArray *recovered;
};

/* lock.c */
gboolean gw_run_take_lock(gw_run *run, GError **error) GW_CHECKED;
void gw_run_give_lock(gw_run *run);

/* retry.c: the one policy. */
typedef struct gw_attempts
{
    guint count;      /* that have failed */
    gint64 began;     /* when the first one began */
    char *blockers;   /* what was in the way the last time; may be NULL */
    gboolean watched; /* … was seen while the statement waited for it */
} gw_attempts;

void gw_attempts_clear(gw_attempts *attempts);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(gw_attempts, gw_attempts_clear)

/*
 * After a failure with nothing held any more: wait and return TRUE when another try makes sense;
 * else leave `error` as it is, or as PATIENCE or STOPPED. `step` is what did not get its lock.
 */
gboolean gw_run_try_again(gw_run *run, const gw_plan_migration *migration, const gw_step *step,
    gw_attempts *attempts, GError **error);

/* FALSE, with STOPPED, when the user asked to stop, or FENCED when the lease is lost. */
gboolean gw_run_may_go_on(gw_run *run, GError **error) GW_CHECKED;

/* script.c: the statements of a step, one by one, and errors with their place. */
typedef struct gw_script
{
    gw_run *run;
    const gw_plan_migration *migration;
    const gw_step *step; /* the one being sent, or that failed */
    GArray *sent;        /* of where in the pipeline each step began */
    guint pipelined;     /* statements in the open pipeline, ours and the ledger's */
    gboolean open;       /* a pipeline is open */
    gw_limits limits;    /* that are set now */
} gw_script;

void gw_script_init(gw_script *script, gw_run *run);
void gw_script_clear(gw_script *script);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(gw_script, gw_script_clear)

/* Is the database a server in which schema changes roll back with their transaction? */
gboolean gw_run_rolls_schema_back(const gw_run *run);

/* Send all of a step; answers may be outstanding afterwards. */
gboolean gw_script_send(gw_script *script, const gw_plan_migration *migration, const gw_step *step,
    GError **error) GW_CHECKED;

/* Send one statement of godwit's own, or all that is queued in the ledger. */
gboolean gw_script_send_own(gw_script *script, const char *sql, GError **error) GW_CHECKED;
gboolean gw_script_send_ledger(gw_script *script, GError **error) GW_CHECKED;

/* Wait for all answers. An error has its place in the file. */
gboolean gw_script_flush(gw_script *script, GError **error) GW_CHECKED;

/* Bound what the statements from here on may wait and run. */
gboolean gw_script_limit(gw_script *script, const gw_limits *limits, GError **error) GW_CHECKED;

/*
 * … as a step wants it. `blocking`: its transaction locks relations that others use, so that each
 * lock is asked for within the stall budget; data statements wait the whole patience.
 */
gboolean gw_script_limit_step(
    gw_script *script, const gw_step *step, gboolean blocking, GError **error) GW_CHECKED;

/* Run the one statement of a step that is outside any transaction. */
gboolean gw_script_run_alone(gw_run *run, const gw_plan_migration *migration, const gw_step *step,
    GError **error) GW_CHECKED;

/* record.c: what the ledger is told. All of these but _commit queue. */

/* Add an event; `replaces` is filled in. */
void gw_run_append(gw_run *run, gw_entry *entry);

/* Commit what is queued; say that somebody else has committed it; throw it away. */
gboolean gw_run_commit(gw_run *run, GError **error) GW_CHECKED;
void gw_run_settle(gw_run *run);
void gw_run_forget(gw_run *run);

/* A migration with a journal begins, with the intent of its first step; NULL: with none. */
void gw_run_record_begin(
    gw_run *run, const gw_plan_migration *migration, const gw_step *step, const char *image);

/* How a migration ended. */
typedef struct gw_ending
{
    gw_state state;
    const char *started; /* of what the plan does with it */
    gint64 microseconds; /* -1: until the event is written, where the migration is timed by that;
                            else as its record has it */
} gw_ending;

/* Is the time of a migration that from its start to its event? Else its record keeps the moment at
 * which it was applied. */
gboolean gw_run_is_timed(const gw_plan_migration *migration);

void gw_run_record_end(gw_run *run, const gw_plan_migration *migration, const gw_ending *end);
void gw_run_record_failed(gw_run *run, const gw_plan_migration *migration, const char *why);

/* The journal: a step begins, is done (`has_row`: its intent is a row) or is not done after all. */
void gw_run_record_intent(
    gw_run *run, const gw_plan_migration *migration, const gw_step *step, const char *image);
void gw_run_record_step_done(
    gw_run *run, const gw_plan_migration *migration, const gw_step *step, gboolean has_row);
void gw_run_forget_step(gw_run *run, const gw_plan_migration *migration, const gw_step *step);

/* The state that a migration of the plan ends in when all went well. */
gw_state gw_run_state_after(const gw_plan_migration *migration);

/* atomic.c: migrations that are one transaction: `count` of them, from `first`, in one. */
gboolean gw_run_atomic(
    gw_run *run, gw_plan_migration *const *migrations, guint count, GError **error) GW_CHECKED;

/* journal.c: a migration with statements outside a transaction. */
gboolean gw_run_journalled(
    gw_run *run, const gw_plan_migration *migration, GError **error) GW_CHECKED;

/* probe.c: what the live catalog says of a statement's object now; *image is owned. Where presence
 * is all that is asked, it is one of these. */
#define GW_IMAGE_ABSENT  "absent"
#define GW_IMAGE_PRESENT "present"

gboolean gw_run_image(gw_run *run, const gw_facts *facts, char **image, GError **error) GW_CHECKED;

/* known.c: the same for a table before a statement, from names that were read a moment ago; FALSE:
 * they do not tell. */
gw_known *gw_known_new(void);
void gw_known_free(gw_known *known);
gboolean gw_known_image(gw_run *run, const gw_facts *facts, char **image);

/* A statement outside a transaction has ended; anything else that this run does besides writing its
 * ledger forgets the names. */
void gw_known_follow(gw_run *run, const gw_facts *facts, gboolean done);
void gw_known_drop(gw_known *known);

/* remains.c: indexes that a dead or failed try of a concurrent statement left behind. */

/* Does the image of such a statement list the indexes that were not valid before it? */
gboolean gw_run_lists_invalid(const gw_facts *facts);

/* Append that list to an image. */
gboolean gw_run_append_invalid(gw_run *run, char **image, GError **error) GW_CHECKED;

/* Drop them; `before` is the image from before the first try, or NULL. */
gboolean gw_run_remove_remains(
    gw_run *run, const gw_facts *facts, const char *before, GError **error) GW_CHECKED;

/* Is what a dead try of the statement left completed, and not dropped? */
gboolean gw_run_is_completed(const gw_facts *facts);

/* Complete it; its lock is waited for within the stall budget. */
gboolean gw_run_complete_remains(gw_run *run, const gw_facts *facts, GError **error) GW_CHECKED;

typedef enum gw_verdict
{
    GW_VERDICT_DONE,
    GW_VERDICT_NOT_DONE,
    GW_VERDICT_UNKNOWN,
} gw_verdict;

/* Did the statement in doubt take effect? `before` is the image that was stored before it ran. */
gboolean gw_run_decide_doubt(gw_run *run, const gw_facts *facts, const char *before,
    gw_verdict *verdict, GError **error) GW_CHECKED;

/* lost.c: after a connection was lost with the commit of events under way: are they committed? */
gw_verdict gw_run_settle_lost(gw_run *run);

/* doubt.c: an image, waited for as long as a lock. */
gboolean gw_run_image_patiently(gw_run *run, const gw_plan_migration *migration,
    const gw_step *step, char **image, GError **error) GW_CHECKED;

/* A statement that a run died in: *done says whether it took effect. Fails with UNDECIDED where
 * nobody can tell; then, and after any other failure, it stays in doubt. */
gboolean gw_run_settle_doubt(gw_run *run, const gw_plan_migration *migration, const gw_step *step,
    const gw_step_record *record, gboolean *done, GError **error) GW_CHECKED;

/* How a person settles a statement in doubt: two commands. */
void gw_run_hint_doubt(const gw_plan_migration *migration, const gw_step *step, GError *error);

/* May part of a statement that failed so have stayed? */
gboolean gw_run_may_be_partial(const gw_step *step, const GError *reason);

/* verify.c: an array for gw_finding *. */
GPtrArray *gw_findings_new(void);

/* Run the checks of a migration; FALSE with VERIFY when one finds rows. */
gboolean gw_run_verify(gw_run *run, const gw_plan_migration *migration, GError **error) GW_CHECKED;

/* Tell others what the run does, once `sent` statements of the open pipeline are answered; without
 * a step the migration alone is named. Checks are numbered from 1. */
void gw_run_say(gw_run *run, guint sent, const gw_plan_migration *migration, const gw_step *step);
void gw_run_say_check(gw_run *run, const gw_plan_migration *migration, guint number);

/* events */
void gw_run_emit(gw_run *run, gw_event_type type, const gw_plan_migration *migration,
    const gw_step *step, const char *text);

/* Add an outcome of a migration. */
void gw_run_note_outcome(gw_run *run, const gw_plan_migration *migration, gw_state state,
    guint attempts, gint64 microseconds);

#endif
