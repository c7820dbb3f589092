/*
 * The audit chain: what was done to a target and who decided it, each event with the hash of the
 * one before, so that a change of any of them shows. Events are runs, migrations and decisions.
 * Only the holder of the run lock appends.
 *
 * The hash of an event is SHA-256 over the hash of the one before (64 digits; for the first, 64
 * zeros), a line end, and the event's body, which is one line of JSON.
 */
#ifndef GW_LEDGER_AUDIT_H
#define GW_LEDGER_AUDIT_H

#include "ledger/ledger.h"

/* What the run of a script (`plan --sql`) begins with. Such a script writes its events where the
 * database can compute their hashes; else it writes none, and its records have no event. */
#define GW_SCRIPT_RUN "script-"

typedef struct gw_audit
{
    gint64 number; /* of the last event; 0: none */
    char hash[65];
} gw_audit;

/* Where the chain ends. */
gboolean gw_audit_read(gw_ledger *ledger, gw_audit *audit, GError **error) GW_CHECKED;

/*
 * Queue one event behind the chain's end, and move the end. `type`: "run", "up", "down", "verify",
 * "mark", "repair", "environment" …; `version` and `text` may be NULL.
 */
void gw_audit_append(
    gw_ledger *ledger, gw_audit *audit, const char *type, const char *version, const char *text);

/* The hash of an event: of the one before (NULL: there is none) and its own body. The caller frees
 * it. */
char *gw_audit_hash(const char *before, const char *body);

/* What stands for the hash before the first event. */
const char *gw_audit_nothing(void);

/* One event, read back. */
typedef struct gw_audit_event
{
    gint64 number;
    char *hash;
    char *body;
} gw_audit_event;

void gw_audit_event_free(gw_audit_event *event);

/*
 * All events in order (array of gw_audit_event *, with a free function). *altered gets the number
 * of the first that does not fit the chain, 0 when all do.
 */
GPtrArray *gw_audit_events(gw_ledger *ledger, gint64 *altered, GError **error) GW_CHECKED;

#endif
