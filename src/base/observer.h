/*
 * What a run tells and asks while it works: events out, answers in. The library never prints and
 * never reads a terminal; whoever started it hands in an observer.
 */
#ifndef GW_BASE_OBSERVER_H
#define GW_BASE_OBSERVER_H

#include "base/base.h"

/* X(NAME, "name"): the names are what --json prints. */
#define GW_EVENTS(X)                                                                               \
    X(TARGET, "target")             /* where a write will go, before it goes */                    \
    X(PLAN, "plan")                 /* the plan, before it runs */                                 \
    X(LOCK_WAITING, "lock_waiting") /* another run holds the lock */                               \
    X(LOCK_TAKEN, "lock_taken")     /* from a dead or finished holder, or free */                  \
    X(RECOVERY, "recovery")         /* what a dead run left is being decided */                    \
    X(MIGRATION_BEGIN, "migration_begin")                                                          \
    X(STEP_BEGIN, "step_begin")                                                                    \
    X(STEP_END, "step_end")                                                                        \
    X(STEP_WAITING, "step_waiting")       /* a lock is not granted; `text` names the blockers */   \
    X(MIGRATION_RETRY, "migration_retry") /* rolled back, will start again */                      \
    X(MIGRATION_END, "migration_end")                                                              \
    X(WARNING, "warning")                                                                          \
    X(NOTE, "note")                                                                                \
    X(RUN_END, "run_end")

typedef enum gw_event_type
{
#define GW_EVENT_ENUM(name, text) GW_EVENT_##name,
    GW_EVENTS(GW_EVENT_ENUM)
#undef GW_EVENT_ENUM
} gw_event_type;

/* One event. All pointers are borrowed for the time of the call; what does not apply is 0 or NULL.
 */
typedef struct gw_event
{
    gw_event_type type;
    const char *version;   /* the migration */
    const char *name;      /* its name */
    const char *direction; /* "up" or "down" */
    const char *phase;     /* "expand", "contract" … where there are phases */
    const char *text;      /* one line for people */
    const char *detail;    /* a statement, a list of blockers, a table: may have several lines */
    guint ordinal;         /* of this step in its migration, from 1 */
    guint total;
    gint64 microseconds; /* how long it took, or has waited so far */
    gpointer value;      /* TARGET and PLAN: a JsonNode * of docs/json.md, borrowed; else NULL */
} gw_event;

/* The word for an event type: "step_begin". */
const char *gw_event_name(gw_event_type type);

/* A question that must be answered before something is written. */
typedef struct gw_question
{
    const char *text;   /* one line */
    const char *expect; /* the text to be typed; NULL when a plain yes is enough */
} gw_question;

typedef enum gw_answer
{
    GW_ANSWER_NONE, /* nobody can be asked */
    GW_ANSWER_NO,
    GW_ANSWER_YES,
} gw_answer;

/* Any entry may be NULL. `emit` is called by one thread at a time. */
typedef struct gw_observer
{
    void (*emit)(gpointer data, const gw_event *event);
    gw_answer (*ask)(gpointer data, const gw_question *question);

    /* 0: go on. 1: stop at the next safe point. 2: roll back what is under way and stop. */
    int (*stop)(gpointer data);
    gpointer data;
} gw_observer;

/* NULL observers are silent, cannot be asked and never stop. */
void gw_observer_emit(const gw_observer *observer, const gw_event *event);
gw_answer gw_observer_ask(const gw_observer *observer, const gw_question *question);
int gw_observer_stop(const gw_observer *observer);

/* Emit a NOTE or WARNING of one line. */
void gw_observer_say(const gw_observer *observer, gw_event_type type, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

#endif
