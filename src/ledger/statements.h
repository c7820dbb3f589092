/*
 * The SQL of the ledger: its tables and every statement on them, as templates that are the same for
 * all databases and are put into a dialect's words once, when a ledger opens.
 *
 * In a template `{table}` is a table's full name, `{text} {long} {integer} {stamp} {tail} {now}`
 * are words of the dialect, `:name` is a parameter (see GW_SLOTS), of a second row from `{next}`
 * on, and `{fence}` is the fencing number of our lease, or NULL when another run has taken it over,
 * so that a write breaks on a NOT NULL column. Every transaction of a run has a write with {fence},
 * or an event.
 */
#ifndef GW_LEDGER_STATEMENTS_H
#define GW_LEDGER_STATEMENTS_H

#include "db/db.h"

/* What stands for the hash before the first event. */
#define GW_LEDGER_NO_HASH "0000000000000000000000000000000000000000000000000000000000000000"

/* The parameters that templates name. All travel as text; the database converts. */
#define GW_SLOTS(X)                                                                                \
    X(PROJECT, "project")                                                                          \
    X(PLACE, "place")                                                                              \
    X(RUN, "run")                                                                                  \
    X(FENCE, "fence")                                                                              \
    X(VERSION, "version")                                                                          \
    X(TYPE, "type")                                                                                \
    X(NAME, "name")                                                                                \
    X(KIND, "kind")                                                                                \
    X(STATE, "state")                                                                              \
    X(DIRECTION, "direction")                                                                      \
    X(PHASE, "phase")                                                                              \
    X(RAW, "raw")                                                                                  \
    X(TOKEN, "token")                                                                              \
    X(BATCH, "batch")                                                                              \
    X(ORIGIN, "origin")                                                                            \
    X(REPLACES, "replaces")                                                                        \
    X(NUMBER, "number")                                                                            \
    X(ACTOR, "actor")                                                                              \
    X(HOST, "host")                                                                                \
    X(COMMIT, "commit")                                                                            \
    X(PROGRAM, "program")                                                                          \
    X(STARTED, "started")                                                                          \
    X(ENDED, "ended")                                                                              \
    X(DURATION, "duration")                                                                        \
    X(ORDINAL, "ordinal")                                                                          \
    X(STATEMENTS, "statements")                                                                    \
    X(HASH, "hash")                                                                                \
    X(VERB, "verb")                                                                                \
    X(IMAGE, "image")                                                                              \
    X(STEPS, "steps")                                                                              \
    X(NOTE, "note")                                                                                \
    X(MODE, "mode")                                                                                \
    X(LIFE, "life")                                                                                \
    X(PID, "pid")                                                                                  \
    X(COMMAND, "command")                                                                          \
    X(STEP, "step")                                                                                \
    X(SESSIONS, "sessions")                                                                        \
    X(APPLICATION, "application")                                                                  \
    X(VALUE, "value")

typedef enum gw_slot
{
#define GW_SLOT_ENUM(name, text) GW_SLOT_##name,
    GW_SLOTS(GW_SLOT_ENUM)
#undef GW_SLOT_ENUM
        GW_SLOT_COUNT,
} gw_slot;

typedef enum gw_ledger_statement
{
    GW_LEDGER_NOW,
    GW_LEDGER_FORMAT,
    GW_LEDGER_SET_FORMAT,
    GW_LEDGER_ENVIRONMENT,
    GW_LEDGER_SET_ENVIRONMENT,
    GW_LEDGER_HISTORY,
    GW_LEDGER_STEPS,
    GW_LEDGER_INTENT,
    GW_LEDGER_ADD_STEP,
    GW_LEDGER_UPDATE_STEP,
    GW_LEDGER_DELETE_STEP,
    GW_LEDGER_DELETE_STEPS,
    GW_LEDGER_ADD_RUN,
    GW_LEDGER_END_RUN,
    GW_LEDGER_RUNS,
    GW_LEDGER_ADD_EVENT,
    GW_LEDGER_ADD_TWO_EVENTS, /* at half the price: each statement is parsed and logged anew */
    GW_LEDGER_LAST_EVENT,
    GW_LEDGER_EVENTS,
    GW_LEDGER_ADD_LEASE,
    GW_LEDGER_READ_LEASE,
    GW_LEDGER_CLAIM_LEASE,
    GW_LEDGER_BEAT_LEASE,
    GW_LEDGER_FREE_LEASE,
    GW_LEDGER_ENSURE_FORMAT, /* from here on: for scripts */
    GW_LEDGER_ENSURE_LEASE,
    GW_LEDGER_GUARD,
    GW_LEDGER_END_GUARD,
    GW_LEDGER_STATE_OF,
    GW_LEDGER_BATCH_OF,
    GW_LEDGER_ORIGIN_OF,
    GW_LEDGER_NUMBER_OF,
    GW_LEDGER_NEXT_BATCH,
    GW_LEDGER_EVENT_COUNT,
    GW_LEDGER_SEAL_EVENT, /* only where a script can compute hashes */
    GW_LEDGER_STATEMENT_COUNT,
} gw_ledger_statement;

/* How many parameters a statement has at most. */
#define GW_LEDGER_PARAMETERS 48

/* A template in words of a dialect, with the slot of each of its parameters in order. */
typedef struct gw_ledger_sql
{
    char *text;
    guint8 slots[GW_LEDGER_PARAMETERS];
    guint count;
    guint next;      /* the first parameter of a second row; 0: there is none */
    gboolean fenced; /* it writes the fencing number */
} gw_ledger_sql;

/* The full name of the ledger's table `table`: in the schema `home` where the database has
 * schemas, else with `home` and an underscore before it in `place`. The caller frees it. */
char *gw_ledger_table(
    const gw_dialect *dialect, const char *home, const char *place, const char *table);

/* Put one template into words. `checked`: something else in the same transaction fails when another
 * run has taken over, so that the fencing number need not be looked up. */
void gw_ledger_sql_make(gw_ledger_sql *sql, gw_ledger_statement statement,
    const gw_dialect *dialect, const char *home, const char *place, gboolean checked);

/*
 * The statement as text, with an SQL expression in the place of each parameter: `expressions` by
 * slot, NULL is SQL NULL. `place` may be NULL: then tables are found by the session. The caller
 * frees it.
 */
char *gw_ledger_sql_text(gw_ledger_statement statement, const gw_dialect *dialect, const char *home,
    const char *place, const char *const *expressions);

/* The statements that make the ledger's tables where they are missing, NULL-terminated. The caller
 * frees them with g_strfreev(). */
char **gw_ledger_schema(const gw_dialect *dialect, const char *home, const char *place);

#endif
