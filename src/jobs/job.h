/*
 * A job: one thing that a user asks for. It opens what it needs (settings, database, ledger,
 * project), makes a plan or reads, and fills a result (docs/json.md). Every file of this room is
 * one job or a part that several share.
 */
#ifndef GW_JOBS_JOB_H
#define GW_JOBS_JOB_H

#include <json-glib/json-glib.h>

#include "base/observer.h"
#include "base/process.h"
#include "ledger/foreign/foreign.h"
#include "plan/json.h"
#include "planner/planner.h"
#include "project/settings.h"
#include "run/run.h"

/* What a job was asked for. Option names and values in turn; a name may come several times. */
typedef struct gw_options
{
    const char *const *pairs; /* NULL-terminated; NULL: none */
} gw_options;

typedef struct gw_job
{
    /* Set by the caller; borrowed. */
    const gw_driver *const *drivers;
    const gw_observer *observer;
    gw_request request;
    const char *command; /* its name: "up" */
    gw_options options;
    gboolean yes;           /* --yes */
    const char *confirm;    /* --confirm NAME */
    gint64 connect_timeout; /* microseconds for connecting; 0: the driver's own */

    /* Opened as needed; NULL before. Owned. */
    gw_settings *settings;
    gw_db *db;
    guint changes;   /* of the ledger, told in the result */
    gboolean absent; /* there is no database yet, and `db` an empty one in its place */
    char *missing;   /* … and what is said of the one that is not there */
    gw_ledger *ledger;
    gw_history *history;
    GHashTable *runs; /* who ran, as gw_ledger_runs() has it; NULL until it is asked for */
    gw_project *project;
    gw_graph *graph;
    gw_foreign *foreign; /* another tool's history, where there is no ledger */
    gw_identity identity;
    char *run_id;
    char *git_commit;
    gw_planning planning;
    gw_plan_text text; /* of plans that run */

    /* The answer: an object is open in it from the start. */
    JsonBuilder *result;
    int status; /* what the command ends with when it does not fail: 0, or 1 for a difference */
} gw_job;

/* A job's body: fills `job->result`. */
typedef gboolean (*gw_job_body)(gw_job *job, GError **error);

/* Make the result's builder ready; and free all that was opened. The struct is the caller's. */
void gw_job_init(gw_job *job);
void gw_job_clear(gw_job *job);

/* The value of an option; NULL when it was not given. "true" for flags. */
const char *gw_job_option(const gw_job *job, const char *name);
gboolean gw_job_flag(const gw_job *job, const char *name);

/* All values of an option that may come several times, NULL-terminated. The caller frees the
 * array, not the texts. */
const char **gw_job_values(const gw_job *job, const char *name);

/* A number or duration; `otherwise` when it was not given. Fails with USAGE. */
gboolean gw_job_number(const gw_job *job, const char *name, gint64 otherwise, gint64 *value,
    GError **error) GW_CHECKED;
gboolean gw_job_duration(const gw_job *job, const char *name, gint64 otherwise,
    gint64 *microseconds, GError **error) GW_CHECKED;

/* How a job will use the database. */
typedef enum gw_access
{
    GW_ACCESS_READ,   /* creates nothing */
    GW_ACCESS_LOOK,   /* … and a file that is not there yet reads as an empty database */
    GW_ACCESS_WRITE,  /* the database must be there */
    GW_ACCESS_CREATE, /* a missing file of an unprotected target reads as an empty database, until
                         gw_job_make_database() makes it */
    GW_ACCESS_MAKE,   /* … which uses this */
} gw_access;

/* Settings, then the connection, then the ledger (looked at, not made), then a foreign history. */
gboolean gw_job_open_settings(gw_job *job, GError **error) GW_CHECKED;
gboolean gw_job_open_db(gw_job *job, gw_access access, GError **error) GW_CHECKED;
gboolean gw_job_open_ledger(gw_job *job, gw_access access, GError **error) GW_CHECKED;

/* Something is about to be written: make the database that is not there yet. */
gboolean gw_job_make_database(gw_job *job, GError **error) GW_CHECKED;

/* The migrations folder and its order, for the dialect of the target. Also without a database:
 * `dialect` is then the one to plan for; NULL: that of the connection. */
gboolean gw_job_open_project(gw_job *job, const gw_dialect *dialect, GError **error) GW_CHECKED;

/* All of the above. */
gboolean gw_job_open(gw_job *job, gw_access access, GError **error) GW_CHECKED;

/* Read who ran, for gw_job_run_of(): whose fencing number it was; NULL when nothing is known. */
gboolean gw_job_read_runs(gw_job *job, GError **error) GW_CHECKED;
const gw_ledger_run *gw_job_run_of(const gw_job *job, gint64 fence);

/* "target": {…} into the open object of `builder`; and the TARGET event. */
void gw_job_build_target(const gw_job *job, JsonBuilder *builder);
void gw_job_emit_target(const gw_job *job);

/* Identity for a run of `command`. */
void gw_job_identify(gw_job *job, const char *command);

/* Begin a run with the settings of the target and the options of the job. */
gw_run *gw_job_begin_run(gw_job *job, GError **error) GW_CHECKED;

/* --- what several jobs ask, each in its own file --- */

/* advice.c: the command as it was given, to be typed once more. The caller frees it. */
char *gw_job_line(const gw_job *job);

/* Add the state and the command to type next to the error of a job that has not said them. */
void gw_job_advise(const gw_job *job, GError *error);

/* policy.c: may this target be written to at all? Environment marker, foreign history, replica. */
gboolean gw_policy_check_write(gw_job *job, GError **error) GW_CHECKED;

/* … and by this plan? require, order, protected. */
gboolean gw_policy_check_plan(gw_job *job, const gw_plan *plan, GError **error) GW_CHECKED;

/* Ask, where the command or the target wants it: `what` is one line. Fails with CONFIRM. */
gboolean gw_policy_confirm(
    gw_job *job, gboolean dangerous, const char *what, GError **error) GW_CHECKED;

/* standing.c: files against the ledger. */
typedef struct gw_mismatch
{
    const gw_record *record;
    const gw_migration *migration; /* NULL: the file is missing */
    gboolean meaning;              /* more than comments and layout changed */
} gw_mismatch;

/* All applied migrations whose file is missing or another: array of gw_mismatch *, with a free
 * function. */
GPtrArray *gw_job_mismatches(gw_job *job, GError **error) GW_CHECKED;

/* Fails with CHANGED or MISSING for the first that matters; warns of the others. */
gboolean gw_job_check_files(gw_job *job, GError **error) GW_CHECKED;

/* resume.c: where the interrupted migrations of a plan go on; and one of the history, at which
 * statement of how many. */
gboolean gw_job_find_resumes(gw_job *job, gw_plan *plan, GError **error) GW_CHECKED;
gboolean gw_job_find_resume(
    gw_job *job, const gw_record *record, guint *at, guint *of, GError **error) GW_CHECKED;

/* binding.c: the digests a plan is bound to. */
gboolean gw_job_bind(gw_job *job, gw_plan *plan, gboolean schema, GError **error) GW_CHECKED;

/* --- the jobs --- */

gboolean gw_job_init_project(gw_job *job, GError **error);
gboolean gw_job_new(gw_job *job, GError **error);
gboolean gw_job_status(gw_job *job, GError **error);
gboolean gw_job_plan(gw_job *job, GError **error);
gboolean gw_job_up(gw_job *job, GError **error);
gboolean gw_job_down(gw_job *job, GError **error);
gboolean gw_job_redo(gw_job *job, GError **error);
gboolean gw_job_contract(gw_job *job, GError **error);
gboolean gw_job_verify(gw_job *job, GError **error);
gboolean gw_job_mark(gw_job *job, GError **error);
gboolean gw_job_repair(gw_job *job, GError **error);
gboolean gw_job_log(gw_job *job, GError **error);
gboolean gw_job_seed(gw_job *job, GError **error);
gboolean gw_job_wait(gw_job *job, GError **error);
gboolean gw_job_doctor(gw_job *job, GError **error);
gboolean gw_job_config(gw_job *job, GError **error);
gboolean gw_job_help(gw_job *job, GError **error);

#endif
