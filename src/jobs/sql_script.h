/*
 * A script for the database's own client that does what a run does and records itself in the
 * ledger: the parts that plan_sql.c puts together. docs/scripts.md describes it to those who run
 * one.
 */
#ifndef GW_JOBS_SQL_SCRIPT_H
#define GW_JOBS_SQL_SCRIPT_H

#include "jobs/job.h"

/* A script that grows. */
typedef struct gw_sql_script
{
    const gw_job *job;
    const gw_dialect *dialect;
    const gw_script_words *words;
    const char *home;           /* of the ledger */
    const char *place;          /* NULL: the session says it, for there was no connection */
    char *run;                  /* "script-…" */
    char *slots[GW_SLOT_COUNT]; /* expressions of the ledger's statements */
    gboolean references;        /* the target acts on references (SQLite's foreign_keys) */
    gint64 wait;                /* for a lock, that the script has set last; 0: none */
    GString *text;
} gw_sql_script;

/* Begin one, for the connection of `job`, or without one for the dialect of its planning. Asks the
 * connection where the chain ends. */
gboolean gw_sql_script_init(gw_sql_script *script, gw_job *job, GError **error) GW_CHECKED;
void gw_sql_script_clear(gw_sql_script *script);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(gw_sql_script, gw_sql_script_clear)

/* A comment of one line; a statement, whose semicolon is added. */
void gw_sql_script_say(gw_sql_script *script, const char *format, ...) G_GNUC_PRINTF(2, 3);
void gw_sql_script_put(gw_sql_script *script, const char *statement);

/* What makes the session read text as godwit does, in the role that the target wants. */
void gw_sql_script_session(gw_sql_script *script);

/* sql_migration.c: one migration, with its transactions and records. Fails where a script cannot
 * do what a run does. */
gboolean gw_sql_script_migration(
    gw_sql_script *script, const gw_plan_migration *migration, GError **error) GW_CHECKED;

/* The statements of a step, as the file has them. Fails as the splitter does. */
gboolean gw_sql_script_step(gw_sql_script *script, const gw_step *step, GError **error) GW_CHECKED;

/* sql_limits.c: bound the wait for a lock from here on (0: as it is), inside a transaction or not;
 * and end that. _of says what a step may wait when its transaction locks tables in use. */
void gw_sql_script_wait(gw_sql_script *script, gint64 wait, gboolean inside);
void gw_sql_script_wait_end(gw_sql_script *script, gboolean inside);
gint64 gw_sql_script_wait_of(const gw_sql_script *script, const gw_step *step, gboolean blocking);

/* The comment that tells of it. */
void gw_sql_script_say_waits(gw_sql_script *script);

/* What a slot of the ledger's statements has from now on: a text, or an expression that is taken
 * over; NULL is SQL NULL. */
void gw_sql_script_say_text(gw_sql_script *script, gw_slot slot, const char *text);
void gw_sql_script_say_sql(gw_sql_script *script, gw_slot slot, char *expression);

/* One of the ledger's statements; and a reading one as an expression, which the caller frees. */
void gw_sql_script_ledger(gw_sql_script *script, gw_ledger_statement statement);
char *gw_sql_script_ask(const gw_sql_script *script, gw_ledger_statement statement);

/* The server's clock as the ledger writes it; the caller frees it. */
char *gw_sql_script_now(const gw_sql_script *script);

/* Statements that fail, and stop the client, unless `condition` holds; `what` is in the message
 * of the database. */
void gw_sql_script_guard(gw_sql_script *script, const char *condition, const char *what);

/* An event with what the slots say besides; with its hash where the database can compute it. */
void gw_sql_script_event(gw_sql_script *script, const char *type, const char *note);

#endif
