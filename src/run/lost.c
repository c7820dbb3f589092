/*
 * A connection that was lost with a commit under way. The server may have carried it out and died
 * with the answer, or still be at a statement before it. Another connection ends what is left of
 * the session and reads in the ledger what became of it.
 */
#include "run/parts.h"

/* How long the server may take to end a session. */
#define TRIES 20
#define PAUSE (100 * 1000)

/* Nothing of the lost session works in the server any more. */
static gboolean
session_is_over(gw_run *run, gw_db *beside)
{
    const char *const sessions[] = {gw_db_place(run->db)->session, NULL};
    g_autoptr(GError) ignored = NULL; /* then it is not known */
    guint left = 1;
    for (guint i = 0; sessions[0] != NULL && left > 0 && i < TRIES; i++)
    {
        if (i > 0)
        {
            gw_clock_sleep(PAUSE);
        }
        if (!gw_db_end_sessions(beside, sessions, NULL, &left, &ignored))
        {
            return FALSE;
        }
    }
    return left == 0;
}

/* The number of the last event that is committed; -1: it cannot be had. */
static gint64
last_event(gw_run *run, gw_db *beside)
{
    g_autoptr(GError) ignored = NULL; /* then it is not known */
    g_autoptr(gw_rows) rows =
        gw_ledger_read_beside(run->ledger, beside, GW_LEDGER_LAST_EVENT, NULL, &ignored);
    const gw_cell *cells = NULL;
    if (rows == NULL || !gw_rows_next(rows, &cells, &ignored) || cells == NULL)
    {
        return -1;
    }
    return g_ascii_strtoll(cells[0].text, NULL, 10);
}

gw_verdict
gw_run_settle_lost(gw_run *run)
{
    g_autoptr(GError) ignored = NULL; /* the server is gone: the next run finds out */
    if (gw_db_place(run->db)->pooled)
    {
        return GW_VERDICT_UNKNOWN;
    }
    g_autoptr(gw_db) beside = gw_db_open_beside(run->db, &ignored);
    gint64 last = beside != NULL && session_is_over(run, beside) ? last_event(run, beside) : -1;
    if (last < 0)
    {
        return GW_VERDICT_UNKNOWN;
    }
    return last > run->settled.number ? GW_VERDICT_DONE : GW_VERDICT_NOT_DONE;
}
