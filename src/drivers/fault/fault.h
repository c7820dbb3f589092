/*
 * A driver around another that breaks at the n-th point: for tests, and compiled in only with
 * -Dfaults=true.
 *
 * Points are numbered from 1, over all connections of all drivers that share one gw_fault, in the
 * order in which they are reached. Each call that may change something outside this process has
 * two: an odd one before it, when nothing has happened yet, and an even one after it, when it has
 * happened and nobody has been told. These calls are open, exec, query (of what does not start
 * with SELECT, SHOW, VALUES or EXPLAIN), pipeline_send, pipeline_flush, copy_begin, copy_data,
 * copy_end, lock, unlock, end_sessions and cancel_session. A run that does the same has the same
 * points, as long as it has no second connection that works by the clock.
 */
#ifndef GW_DRIVERS_FAULT_FAULT_H
#define GW_DRIVERS_FAULT_FAULT_H

#include "db/wrapper.h"

typedef enum gw_fault_mode
{
    GW_FAULT_COUNT, /* break nothing; write the number of points into a file */
    GW_FAULT_KILL,  /* SIGKILL to this process */
    GW_FAULT_DROP,  /* the connection is closed, and the call fails with CONNECTION_LOST */
    GW_FAULT_STOP,  /* SIGSTOP to this process: it sleeps until somebody wakes it */
} gw_fault_mode;

typedef struct gw_fault gw_fault;

/* Read "kill:17", "drop:17", "stop:17" or "count:/path"; fails with CONFIG. */
gw_fault *gw_fault_parse(const char *text, GError **error) GW_CHECKED;

/* Counts: the file is written now, as it is after each connection that is closed. */
void gw_fault_free(gw_fault *fault);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(gw_fault, gw_fault_free)

/* How many points were reached so far. */
guint gw_fault_reached(const gw_fault *fault);

/* Wrap `inner`; free the result with gw_wrapper_free(), before `fault`. */
gw_wrapper *gw_fault_wrap(gw_fault *fault, const gw_driver *inner);

#endif
