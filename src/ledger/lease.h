/*
 * The lease: the row that is the run lock of one project and place, with a heartbeat by the
 * server's clock and a fencing number that grows with each holder. What to do about a holder is
 * decided by run/lock.h.
 */
#ifndef GW_LEDGER_LEASE_H
#define GW_LEDGER_LEASE_H

#include "ledger/ledger.h"

/* The row as it is. Texts are owned by the struct, NULL where there is nothing. */
typedef struct gw_lease
{
    gint64 fence;
    char *run;  /* NULL: nobody holds it */
    char *mode; /* "session": the holder has a session lock besides; "lease": it has not */
    gboolean expired;
    char *started;
    char *actor;
    char *host;
    char *pid;
    char *command;
    char *step;        /* where the holder was at its last heartbeat */
    char **sessions;   /* the server sessions of the holder */
    char *application; /* what it calls itself to the server */
} gw_lease;

void gw_lease_clear(gw_lease *lease);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(gw_lease, gw_lease_clear)

/* Read the row, making it where it is missing. `lease` is empty before. */
gboolean gw_lease_read(gw_ledger *ledger, gw_lease *lease, GError **error) GW_CHECKED;

/* As _read(), but creates nothing: without a ledger or a row the lease is empty. */
gboolean gw_lease_look(gw_ledger *ledger, gw_lease *lease, GError **error) GW_CHECKED;

/* What a new holder writes. */
typedef struct gw_lease_claim
{
    const char *mode;
    const char *sessions; /* separated by line ends */
    const char *application;
    gint64 life; /* microseconds until the lease expires without a heartbeat */
} gw_lease_claim;

/*
 * Take the lease if nobody changed it since `seen` was read; *taken says so. The ledger's fence is
 * set on success.
 */
gboolean gw_lease_claim_row(gw_ledger *ledger, const gw_lease *seen, const gw_lease_claim *claim,
    gboolean *taken, GError **error) GW_CHECKED;

/*
 * A heartbeat, over a connection of its own (`db`). *held is FALSE when another run has taken the
 * lease over.
 */
gboolean gw_lease_beat(gw_ledger *ledger, gw_db *db, const gw_lease_claim *claim, const char *step,
    gboolean *held, GError **error) GW_CHECKED;

/* Give it back; silent when it is no longer ours. */
void gw_lease_free_row(gw_ledger *ledger);

#endif
