/*
 * The audit chain: everything that was done to a target and who decided it, as events that are only
 * ever added. An event of a migration holds all that the ledger knows of it from then on, so that
 * what is applied is what the chain says, and each event has the hash of the one before, so that a
 * change of any of them shows. Only the holder of the run lock appends.
 *
 * The hash of an event is SHA-256 over lines, joined by line ends: the hash of the one before (64
 * digits; for the first, 64 zeros), number, fence, type, version, name, kind, state, direction,
 * phase, raw and token hash, batch, origin, replaces, started, duration, steps, note. Not in it is
 * the moment at which it was written, which the server sets.
 */
#ifndef GW_LEDGER_AUDIT_H
#define GW_LEDGER_AUDIT_H

#include "ledger/ledger.h"

/* What the run of a script (`plan --sql`) begins with. Where the database cannot compute hashes,
 * the events of such a script have none, until the next run's event covers them. */
#define GW_SCRIPT_RUN "script-"

/* Where the chain ends. */
typedef struct gw_audit
{
    gint64 number; /* of the last event; 0: none */
    char hash[65]; /* … which is computed where the ledger has none */
} gw_audit;

/* Read it; through `db`, or the ledger's own connection where that is NULL. */
gboolean gw_audit_read(gw_ledger *ledger, gw_db *db, gw_audit *audit, GError **error) GW_CHECKED;

/* What an event says. Texts are borrowed; NULL is "". */
typedef struct gw_entry
{
    const char *type; /* "run", "begin", "up", "down", "contract", "verify", "failed", "mark" … */
    const gw_record *record; /* the migration from now on; NULL: of no migration. Its `event`,
                                `fence` and `written` are not read; `origin` 0: this event's */
    gint64 replaces;         /* the event that was the migration's last; 0: none */
    const char *steps;       /* what ran */
    const char *note;
} gw_entry;

/* Queue one event behind the chain's end, and move the end. Returns its number. */
gint64 gw_audit_append(gw_ledger *ledger, gw_audit *audit, const gw_entry *entry);

/* What the event of a run says of its origin: one line. The caller frees it. */
char *gw_audit_origin(const char *command, const char *actor, const char *host,
    const char *git_commit, const char *program);

/* One event, read back. */
typedef struct gw_audit_event
{
    gint64 number;
    gint64 fence;
    char *type;
    char *version;
    char *state;
    char *note;
    char *written;
    char *hash; /* "": it has none */
} gw_audit_event;

void gw_audit_event_free(gw_audit_event *event);

/*
 * All events in order (array of gw_audit_event *, with a free function). *altered gets the number
 * of the first that does not fit the chain, 0 when all do.
 */
GPtrArray *gw_audit_events(gw_ledger *ledger, gint64 *altered, GError **error) GW_CHECKED;

#endif
