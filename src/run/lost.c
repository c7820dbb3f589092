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

gw_verdict
gw_run_settle_lost(gw_run *run)
{
    g_autoptr(GError) ignored = NULL; /* the server is gone: the next run finds out */
    if (gw_db_place(run->db)->pooled)
    {
        return GW_VERDICT_UNKNOWN;
    }
    g_autoptr(gw_db) beside = gw_db_open_beside(run->db, &ignored);
    gw_audit end;
    if (beside == NULL || !session_is_over(run, beside) ||
        !gw_audit_read(run->ledger, beside, &end, &ignored) || end.number == 0)
    {
        return GW_VERDICT_UNKNOWN;
    }
    if (end.number < run->settled.number)
    {
        return GW_VERDICT_UNKNOWN; /* another server answers, that lacks what was committed before
                                    */
    }
    return end.number > run->settled.number ? GW_VERDICT_DONE : GW_VERDICT_NOT_DONE;
}
