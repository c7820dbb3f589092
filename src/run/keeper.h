/*
 * The keeper: a thread beside the run that beats the lease, cuts a statement that waits too long
 * for a lock where the server cannot, and passes on that the user wants to stop. It has a
 * connection of its own, which it opens when it first needs one.
 */
#ifndef GW_RUN_KEEPER_H
#define GW_RUN_KEEPER_H

#include "base/observer.h"
#include "ledger/lease.h"
#include "run/progress.h"

typedef struct gw_keeper gw_keeper;

/*
 * Start. `life` is the lease's in microseconds; `beats` says whether there is a lease to beat.
 * `sessions` are those of the working connection; the keeper's own is added to the lease. All
 * arguments are borrowed until _stop().
 */
gw_keeper *gw_keeper_start(gw_ledger *ledger, const gw_observer *observer, const char *sessions,
    gint64 life, gboolean beats);
void gw_keeper_stop(gw_keeper *keeper);

/* What the holder is doing: shown to others who meet the lock. Borrowed. */
gw_progress *gw_keeper_progress(gw_keeper *keeper);

/* Has another run taken the lease over, or could it have, unheard of for a whole life? */
gboolean gw_keeper_lost(gw_keeper *keeper);

/*
 * From now on, when the working session waits for a lock longer than `budget` microseconds, stop
 * its statement; 0: never stop, only tell who is in the way.
 */
void gw_keeper_watch(gw_keeper *keeper, gint64 budget);

/*
 * End the watch. Returns whether the statement was stopped for waiting; *blockers gets what was in
 * its way, one per line, or NULL. The caller frees it.
 */
gboolean gw_keeper_unwatch(gw_keeper *keeper, char **blockers);

/* Sessions as lines for people (gw_session_text), the oldest first. Sorts the array. Caller frees;
 * NULL for none. */
char *gw_blockers_text(GPtrArray *sessions);

#endif
