/*
 * The ledger: what was done, exactly, in the database that was changed. docs/ledger.md describes
 * its tables; ledger/statements.h is their SQL.
 *
 * Writes are queued and sent together, either inside the transaction of a migration or in one of
 * their own, so that "step n is done" and "step n+1 begins" cost one commit. After another run has
 * taken the lock over, every transaction of the old one fails with FENCED: an event needs the
 * number after the last one, which the new run has used, and what is written without an event looks
 * up the fencing number of the lease.
 */
#ifndef GW_LEDGER_LEDGER_H
#define GW_LEDGER_LEDGER_H

#include "ledger/statements.h"

/* The version of the tables that this program writes. */
#define GW_LEDGER_FORMAT_VERSION "1"

/* What a migration is in, as its last event says. */
typedef enum gw_state
{
    GW_STATE_PENDING, /* it has no event, or one that ended it */
    GW_STATE_APPLIED,
    GW_STATE_EXPANDED,
    GW_STATE_UNVERIFIED,
    GW_STATE_RUNNING, /* a run is in it, or died in it: then it is "interrupted" */
    GW_STATE_FAILED,  /* stopped at a statement that failed; those before it stand */
} gw_state;

/* "applied" …: as messages have it; RUNNING reads "interrupted". _stored is what the ledger has,
 * where PENDING is nothing. */
const char *gw_state_text(gw_state state);
const char *gw_state_stored(gw_state state);

/* A migration as the ledger knows it: the last of its events. Texts are owned by the history. */
typedef struct gw_record
{
    const char *version;
    const char *name;
    const char *kind; /* "migration", "repeatable", "marked" (never run), "not_applicable" */
    gw_state state;
    const char *direction; /* "up", or "down" while it is being undone */
    const char *phase;     /* "" or the phase that is done: "expand", "contract" */
    const char *raw_sha256;
    const char *token_sha256;
    const char *started; /* ISO 8601, UTC */
    const char *written; /* when this event was */
    gint64 batch;
    gint64 event;    /* the number of this event */
    gint64 origin;   /* of the one that applied it: the order of application */
    gint64 fence;    /* of the run that wrote it */
    gint64 duration; /* microseconds; -1: from `started` to `written` */
} gw_record;

/* How long a migration took, in microseconds; 0 where its moments are not to be read. */
gint64 gw_record_duration(const gw_record *record);

/* All records of one project and place. */
typedef struct gw_history
{
    GArray *records;        /* of gw_record, in the order of application */
    GHashTable *by_version; /* char * -> index in records, plus 1 */
    GStringChunk *texts;
    gint64 last_batch;
    gint references;
} gw_history;

/* A history of records that are copied: for plans that are made without asking a database, and for
 * what a run has written. */
gw_history *gw_history_new(const gw_record *records, guint count);
gw_history *gw_history_ref(gw_history *history);
void gw_history_unref(gw_history *history);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(gw_history, gw_history_unref)

/* Put a record (copied) in the place of the one of its version, or behind the others. */
void gw_history_put(gw_history *history, const gw_record *record);

/* Empty it. */
void gw_history_clear(gw_history *history);

/* The record of a version, until the next one is put; NULL when there is none. */
const gw_record *gw_history_find(const gw_history *history, const char *version);

/* SHA-256 over all records: what a plan is bound to. The caller frees it. */
char *gw_history_digest(const gw_history *history);

/* A step of the journal: of a migration that is not one transaction. Texts are borrowed. */
typedef struct gw_step_record
{
    const char *direction;
    guint ordinal;
    guint statements;
    const char *sha256;
    gboolean done;     /* FALSE: intent only; the one statement in doubt */
    gboolean in_event; /* the event that began the migration says so, and no row */
    const char *verb;
    const char *image; /* what the catalog said before it; NULL: it was not asked */
} gw_step_record;

/* Who runs: what each record and event says of its origin. Texts are borrowed. */
typedef struct gw_identity
{
    const char *run; /* unique */
    const char *actor;
    const char *host;
    const char *git_commit;
    const char *program;
    const char *command;
    gint64 pid;
} gw_identity;

typedef struct gw_ledger gw_ledger;

/*
 * Look at the ledger of `project` for the working schema of `db`; `home` is the schema or prefix.
 * Creates nothing. Fails with LEDGER when a newer program wrote it. `db` is borrowed.
 */
gw_ledger *gw_ledger_open(
    gw_db *db, const char *project, const char *home, GError **error) GW_CHECKED;
void gw_ledger_free(gw_ledger *ledger);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(gw_ledger, gw_ledger_free)

/* Is there a ledger in the database? */
gboolean gw_ledger_exists(const gw_ledger *ledger);

/* Make what is missing; safe when several do so at once. */
gboolean gw_ledger_create(gw_ledger *ledger, GError **error) GW_CHECKED;

gw_db *gw_ledger_db(const gw_ledger *ledger);
const char *gw_ledger_project(const gw_ledger *ledger);
const char *gw_ledger_home(const gw_ledger *ledger);
const char *gw_ledger_place(const gw_ledger *ledger);

/* The name of the run lock of this project in this schema. The caller frees it. */
char *gw_ledger_lock_name(const gw_ledger *ledger);

/* Who writes from now on; borrowed for the life of the ledger. */
void gw_ledger_identify(gw_ledger *ledger, const gw_identity *identity);
const gw_identity *gw_ledger_identity(const gw_ledger *ledger);

/* The fencing number of the lease that this run holds; set by the run lock. */
void gw_ledger_set_fence(gw_ledger *ledger, gint64 fence);
gint64 gw_ledger_fence(const gw_ledger *ledger);

/* The server's clock now, as ISO 8601 in UTC, without asking the server again. Caller frees. */
char *gw_ledger_now(const gw_ledger *ledger);

/* Read what is applied or begun; an empty history when there is no ledger. */
gw_history *gw_ledger_history(gw_ledger *ledger, GError **error) GW_CHECKED;

/* Who ran: what the ledger says of a run. Texts are owned. */
typedef struct gw_ledger_run
{
    gint64 fence;
    char *run;
    char *command;
    char *actor;
    char *host;
    char *git_commit;
    char *program;
    gint64 events; /* the number of the last event when it ended; 0: it has not */
} gw_ledger_run;

/* All runs by their fencing number: gint64 * -> gw_ledger_run *, both owned by the table. */
GHashTable *gw_ledger_runs(gw_ledger *ledger, GError **error) GW_CHECKED;

/* The type of the event with which a migration with a journal begins. It has the first intent in
 * it: the step as gw_plan_migration_record() prints it, and the image as its note. */
#define GW_LEDGER_BEGIN "begin"

/* The journalled steps of a version: array of gw_step_record *, which owns them and their texts. */
GPtrArray *gw_ledger_steps(gw_ledger *ledger, const char *version, GError **error) GW_CHECKED;

/* The environment that the target says it belongs to; NULL when it says nothing. Caller frees. */
gboolean gw_ledger_environment(gw_ledger *ledger, char **environment, GError **error) GW_CHECKED;

/* Values of a statement's parameters; what is NULL is SQL NULL. Project, place, run, fence, actor,
 * host, commit, program, command and pid are filled in by the ledger. */
typedef struct gw_slot_values
{
    const char *text[GW_SLOT_COUNT];
} gw_slot_values;

/* Queue a write; texts are copied. */
void gw_ledger_queue(
    gw_ledger *ledger, gw_ledger_statement statement, const gw_slot_values *values);

/*
 * Queue a write of one step's row: GW_LEDGER_ADD_STEP, _UPDATE_STEP (it is done) or _DELETE_STEP.
 * It began, and ended where it is done, now.
 */
void gw_ledger_queue_step(gw_ledger *ledger, gw_ledger_statement statement, const char *version,
    const gw_step_record *step);

/* How many writes wait. */
guint gw_ledger_queued(const gw_ledger *ledger);

/* Send what waits into the pipeline that the caller has begun and will flush. */
void gw_ledger_send(gw_ledger *ledger);

/* Throw away what waits: its transaction was rolled back. */
void gw_ledger_forget(gw_ledger *ledger);

/* Write what waits in a transaction of its own (or in the one that is open). */
gboolean gw_ledger_commit(gw_ledger *ledger, GError **error) GW_CHECKED;

/*
 * Run one write now, outside the queue and without a transaction of its own; `affected` may be
 * NULL. For the lease.
 */
gboolean gw_ledger_write(gw_ledger *ledger, gw_db *db, gw_ledger_statement statement,
    const gw_slot_values *values, gint64 *affected, GError **error) GW_CHECKED;

/* Run one read; `db` is another connection to the same database, or NULL: the ledger's own. */
gw_rows *gw_ledger_read(gw_ledger *ledger, gw_db *db, gw_ledger_statement statement,
    const gw_slot_values *values, GError **error) GW_CHECKED;

/* Turn the database's error about a ledger write into FENCED where that is what it means. */
void gw_ledger_explain(GError **error);

#endif
