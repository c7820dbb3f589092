#include "ledger/lease.h"

void
gw_lease_clear(gw_lease *lease)
{
    g_free(lease->run);
    g_free(lease->mode);
    g_free(lease->started);
    g_free(lease->actor);
    g_free(lease->host);
    g_free(lease->pid);
    g_free(lease->command);
    g_free(lease->step);
    g_strfreev(lease->sessions);
    g_free(lease->application);
    memset(lease, 0, sizeof *lease);
}

/* A row that is looked for. */
typedef struct search
{
    gw_lease *lease;
    gboolean found;
} search;

static void
take_lease(const gw_cell *cells, gpointer data)
{
    search *wanted = data;
    gw_lease *lease = wanted->lease;
    wanted->found = TRUE;
    lease->fence = g_ascii_strtoll(cells[0].text, NULL, 10);
    lease->run = g_strdup(cells[1].text);
    lease->mode = g_strdup(cells[2].text);
    lease->expired = g_strcmp0(cells[3].text, "1") == 0;
    lease->started = g_strdup(cells[4].text);
    lease->actor = g_strdup(cells[5].text);
    lease->host = g_strdup(cells[6].text);
    lease->pid = g_strdup(cells[7].text);
    lease->command = g_strdup(cells[8].text);
    lease->step = g_strdup(cells[9].text);
    lease->sessions = cells[10].text == NULL ? NULL : g_strsplit(cells[10].text, "\n", -1);
    lease->application = g_strdup(cells[11].text);
}

/* In a file only the transaction that is open could write the row: its holder's step stands in the
 * file of the lock. */
static void
lease_fill_step(gw_ledger *ledger, gw_lease *lease)
{
    g_autofree char *name = gw_ledger_lock_name(ledger);
    char *noted = lease->run == NULL ? NULL : gw_db_lock_noted(gw_ledger_db(ledger), name);
    if (noted != NULL)
    {
        g_free(lease->step);
        lease->step = noted;
    }
}

/* Read the row if there is one. */
static gboolean
lease_find(gw_ledger *ledger, gw_lease *lease, gboolean *found, GError **error)
{
    search wanted = {.lease = lease};
    gw_rows *rows = gw_ledger_read(ledger, NULL, GW_LEDGER_READ_LEASE, NULL, error);
    if (!gw_rows_each(rows, take_lease, &wanted, error))
    {
        return FALSE;
    }
    *found = wanted.found;
    lease_fill_step(ledger, lease);
    return TRUE;
}

gboolean
gw_lease_look(gw_ledger *ledger, gw_lease *lease, GError **error)
{
    gboolean found = FALSE;
    return !gw_ledger_exists(ledger) || lease_find(ledger, lease, &found, error);
}

gboolean
gw_lease_read(gw_ledger *ledger, gw_lease *lease, GError **error)
{
    gboolean found = FALSE;
    if (!lease_find(ledger, lease, &found, error) || found)
    {
        return found;
    }
    g_autoptr(GError) reason = NULL;
    if (!gw_ledger_write(ledger, gw_ledger_db(ledger), GW_LEDGER_ADD_LEASE, NULL, NULL, &reason) &&
        !gw_error_is(reason, GW_CODE_UNIQUE))
    {
        g_propagate_error(error, g_steal_pointer(&reason));
        return FALSE;
    }
    return lease_find(ledger, lease, &found, error);
}

/* The values that both a claim and a heartbeat write; `life` must outlive the result. */
static gw_slot_values
claim_values(const gw_lease_claim *claim, const char *life)
{
    return (gw_slot_values){.text = {
                                [GW_SLOT_MODE] = claim->mode,
                                [GW_SLOT_SESSIONS] = claim->sessions,
                                [GW_SLOT_APPLICATION] = claim->application,
                                [GW_SLOT_LIFE] = life,
                            }};
}

gboolean
gw_lease_claim_row(gw_ledger *ledger, const gw_lease *seen, const gw_lease_claim *claim,
    gboolean *taken, GError **error)
{
    g_autofree char *life = g_strdup_printf("%" G_GINT64_FORMAT, claim->life);
    g_autofree char *fence = g_strdup_printf("%" G_GINT64_FORMAT, seen->fence);
    g_autofree char *started = gw_ledger_now(ledger);
    gw_slot_values values = claim_values(claim, life);
    values.text[GW_SLOT_FENCE] = fence;
    values.text[GW_SLOT_STARTED] = started;
    gint64 affected = 0;
    if (!gw_ledger_write(
            ledger, gw_ledger_db(ledger), GW_LEDGER_CLAIM_LEASE, &values, &affected, error))
    {
        return FALSE;
    }
    *taken = affected == 1;
    if (*taken)
    {
        gw_ledger_set_fence(ledger, seen->fence + 1);
    }
    return TRUE;
}

gboolean
gw_lease_beat(gw_ledger *ledger, gw_db *db, const gw_lease_claim *claim, const char *step,
    gboolean *held, GError **error)
{
    g_autofree char *life = g_strdup_printf("%" G_GINT64_FORMAT, claim->life);
    gw_slot_values values = claim_values(claim, life);
    values.text[GW_SLOT_STEP] = step;
    gint64 affected = 0;
    if (!gw_ledger_write(ledger, db, GW_LEDGER_BEAT_LEASE, &values, &affected, error))
    {
        return FALSE;
    }
    *held = affected == 1;
    return TRUE;
}

void
gw_lease_free_row(gw_ledger *ledger)
{
    g_autoptr(GError) ignored = NULL; /* it expires by itself */
    if (!gw_ledger_write(ledger, gw_ledger_db(ledger), GW_LEDGER_FREE_LEASE, NULL, NULL, &ignored))
    {
        g_debug("the lease could not be given back: %s", ignored->message);
    }
}
