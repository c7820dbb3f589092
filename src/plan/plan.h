/*
 * A plan: the ordered list of steps that brings one database from what its ledger says to what was
 * asked. Plain data: making it changes nothing, and it can be printed, compared and bound to the
 * state it was made for.
 */
#ifndef GW_PLAN_PLAN_H
#define GW_PLAN_PLAN_H

#include "sql/facts.h"
#include "sql/lexis.h"
#include "sql/sections.h"

typedef enum gw_direction
{
    GW_UP,
    GW_DOWN,
} gw_direction;

/* "up", "down" */
const char *gw_direction_text(gw_direction direction);

/* What such a text says, as a ledger has it. */
gw_direction gw_direction_read(const char *text);

/*
 * A step: one statement, or a run of data statements of one kind on one table, which are sent one
 * by one but planned, recorded and undone together, so that a file of a million INSERTs is one
 * step. The text stays in its source.
 */
typedef struct gw_step
{
    guint id;                  /* in the plan, from 1 */
    guint ordinal;             /* of its first statement in the migration and direction, from 1 */
    guint statements;          /* how many; 1 but for a run of data statements */
    guint transaction;         /* number in the migration, from 1; 0: outside any */
    guint part;                /* which part of the migration's content its section is */
    const gw_section *section; /* borrowed from the content; NULL while that is let go */
    gw_source *source;         /* borrowed likewise */
    gsize offset;              /* of its first statement in the source */
    gsize length;              /* up to the end of its last statement, data and all */
    gw_facts *facts;
    gint64 rows; /* of the largest relation it locks, estimated; -1 unknown */
    gint64 bytes;
    gboolean existing; /* locks a relation that was there before the migration */
    char sha256[65];   /* of its bytes */
} gw_step;

/* What to do about a migration besides running its steps. */
typedef enum gw_record_action
{
    GW_RECORD_APPLY,    /* add its record: applied */
    GW_RECORD_REDO,     /* a repeatable that changed: its record is put up to date */
    GW_RECORD_REMOVE,   /* take its record away */
    GW_RECORD_SKIP,     /* not for this database: recorded, nothing runs */
    GW_RECORD_VERIFY,   /* it is applied; only its checks run */
    GW_RECORD_CONTRACT, /* it is expanded; its contract runs, then it is applied */
    GW_RECORD_NOTHING,  /* no migration (a seed): it runs, and an event alone tells of it */
} gw_record_action;

/* One migration in one direction. What it has of its file's name is borrowed from the project (or
 * the content), which outlives the plan: there may be thousands. */
typedef struct gw_plan_migration
{
    const char *version;
    const char *name;
    const char *file;  /* to be shown */
    char *description; /* NULL: none */
    gw_direction direction;
    gw_record_action action;
    const char *phase; /* "" , "expand", "contract": static text */
    gboolean repeatable;
    gboolean reversible;    /* it has a down with statements in it */
    char *irreversible;     /* the reason that the file gives */
    const char *raw_sha256; /* borrowed too, or the next one */
    char *own_sha256;       /* where the file is no longer what the project knows */
    char *token_sha256;     /* NULL while the content is let go */
    GPtrArray *steps;       /* of gw_step *: what runs */
    GPtrArray *checks;      /* of gw_step *: the SELECTs of verify */
    gboolean resume;        /* a run died or failed in it: what is done is in the ledger */
    guint resume_at;        /* … and it goes on at this statement; 0: not looked up */
    gboolean expands;       /* ends at expanded */
    gboolean atomic;        /* all steps and its record are one transaction */
    gboolean session;       /* a statement changes the session: it is put back afterwards */
    GPtrArray *first_locks; /* of gw_fact_relation *: taken before the first step; may be empty */
    gboolean integrity;     /* switches integrity checks off: SQLite's foreign_keys */
    gboolean verify_inside; /* checks run before the commit: no blocking lock is held */
    GPtrArray *warnings;    /* of char *; NULL: none */
    gpointer content;       /* what owns the sources and sections; NULL while it is let go */
    GDestroyNotify content_free;
    const struct gw_plan_text *text; /* how to read the content again; NULL: it stays */
} gw_plan_migration;

/* Where the content of migrations comes from. */
typedef struct gw_plan_text
{
    /* Read it, and put `token_sha256` and `section` and `source` of all steps and checks in order.
     * Fails with CHANGED when the file is not what the plan was made from. */
    gboolean (*load)(gconstpointer data, gw_plan_migration *migration, GError **error);
    gconstpointer data; /* borrowed; lives as long as the plan */
} gw_plan_text;

/* What a plan was made for: digests that must be the same when it runs. */
typedef struct gw_binding
{
    char *files;
    char *ledger;
    char *schema; /* NULL: not read */
} gw_binding;

typedef struct gw_plan
{
    char *command; /* "up", "down" … */
    char *project;
    GPtrArray *migrations; /* of gw_plan_migration *, in the order in which they run */
    GPtrArray *warnings;   /* of char * */
    gw_binding binding;
} gw_plan;

gw_plan *gw_plan_new(const char *command, const char *project);
void gw_plan_free(gw_plan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(gw_plan, gw_plan_free)

/* Both are borrowed. */
gw_plan_migration *gw_plan_migration_new(const char *version, const char *name);

/* The static text of a phase, as a ledger or a plan has it. */
const char *gw_phase_read(const char *text);
void gw_plan_migration_free(gw_plan_migration *migration);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(gw_plan_migration, gw_plan_migration_free)

/*
 * The texts of thousands of migrations need not be in memory at once: _release() lets one's content
 * go where it can be read again, _hold() reads it where it was let go. These do not nest: whoever
 * holds lets go.
 */
gboolean gw_plan_migration_hold(gw_plan_migration *migration, GError **error) GW_CHECKED;
void gw_plan_migration_release(gw_plan_migration *migration);

/* It has run: where its content is let go, so are its steps. */
void gw_plan_migration_finish(gw_plan_migration *migration);

/* Add a warning of one line. */
void gw_plan_migration_warn(gw_plan_migration *migration, const char *format, ...)
    G_GNUC_PRINTF(2, 3);

/* Number the steps through, once all migrations are there. */
void gw_plan_number(gw_plan *plan);

/* How many steps a plan has, and how many statements a migration has. */
guint gw_plan_steps(const gw_plan *plan);
guint gw_plan_migration_statements(const gw_plan_migration *migration);

/* The number of its last statement in the migration and direction; 0 where it has none. */
guint gw_plan_migration_last(const gw_plan_migration *migration);

/* What the ledger calls a migration (its `kind`), and what is done with it (the event's type). */
const char *gw_plan_migration_kind(const gw_plan_migration *migration);
const char *gw_plan_migration_event(const gw_plan_migration *migration);

/* Does it go on with a record that is there, instead of making a new one? */
gboolean gw_plan_migration_carries_on(const gw_plan_migration *migration);

/* What the ledger keeps of a step: "ORDINAL STATEMENTS SHA256 VERB"; and of all steps of a
 * migration, with commas between them: of ten thousand, and of the others "N more SHA256", over
 * the same text of them. The caller frees it. */
char *gw_step_record_text(const gw_step *step);
char *gw_plan_migration_record(const gw_plan_migration *migration);

/* The strongest lock of a step on relations that were there before. */
gw_blocks gw_step_blocks(const gw_step *step);

/* How long the wait of a step for its locks may be, in microseconds; 0: as long as it takes. What
 * its section says, else the `stall` budget where it blocks others, and `patience` for rows. */
gint64 gw_step_lock_wait(const gw_step *step, gboolean blocking, gint64 stall, gint64 patience);

/* The step's first line, white space as single blanks, cut at `most` characters. Caller frees. */
char *gw_step_title(const gw_step *step, gsize most);

/* SHA-256 over everything that decides what a plan does: migrations, directions, hashes, steps and
 * bounds. The caller frees it. */
char *gw_plan_digest(const gw_plan *plan);

void gw_step_free(gw_step *step);

#endif
