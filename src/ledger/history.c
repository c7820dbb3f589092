#include "ledger/ledger.h"

static const struct
{
    const char *stored;
    const char *text;
} states[] = {
    [GW_STATE_PENDING] = {"pending", "pending"},
    [GW_STATE_APPLIED] = {"applied", "applied"},
    [GW_STATE_EXPANDED] = {"expanded", "expanded"},
    [GW_STATE_UNVERIFIED] = {"unverified", "unverified"},
    [GW_STATE_RUNNING] = {"interrupted", "interrupted"},
    [GW_STATE_FAILED] = {"failed", "failed"},
};

const char *
gw_state_text(gw_state state)
{
    return states[state].text;
}

static gw_state
state_read(const char *text)
{
    for (gsize i = 0; i < G_N_ELEMENTS(states); i++)
    {
        if (strcmp(states[i].stored, text) == 0)
        {
            return (gw_state)i;
        }
    }
    return GW_STATE_FAILED;
}

void
gw_history_free(gw_history *history)
{
    if (history == NULL)
    {
        return;
    }
    g_hash_table_unref(history->by_version);
    g_array_unref(history->records);
    g_string_chunk_free(history->texts);
    g_free(history);
}

static const char *
keep(gw_history *history, gw_cell cell)
{
    return cell.text == NULL
               ? ""
               : g_string_chunk_insert_len(history->texts, cell.text, (gssize)cell.length);
}

/* Words that stand in many rows (a kind, a user, a run) are kept once: mostly it is the `last`. */
static const char *
share(gw_history *history, gw_cell cell, const char *last)
{
    const char *text = cell.text == NULL ? "" : cell.text;
    gboolean again = last != NULL && strcmp(last, text) == 0;
    return again ? last : g_string_chunk_insert_const(history->texts, text);
}

static gint64
number(gw_cell cell)
{
    return cell.text == NULL ? 0 : g_ascii_strtoll(cell.text, NULL, 10);
}

static void
record_add(gw_history *history, const gw_cell *cells)
{
    static const gw_record none = {0};
    guint count = history->records->len;
    const gw_record *last =
        count == 0 ? &none : &g_array_index(history->records, gw_record, count - 1);
    gw_record record = {
        .version = keep(history, cells[0]),
        .name = keep(history, cells[1]),
        .kind = share(history, cells[2], last->kind),
        .state = state_read(cells[3].text == NULL ? "" : cells[3].text),
        .direction = share(history, cells[4], last->direction),
        .phase = share(history, cells[5], last->phase),
        .raw_sha256 = keep(history, cells[6]),
        .token_sha256 = keep(history, cells[7]),
        .batch = number(cells[8]),
        .number = number(cells[9]),
        .run = share(history, cells[10], last->run),
        .actor = share(history, cells[11], last->actor),
        .host = share(history, cells[12], last->host),
        .started = keep(history, cells[13]),
        .ended = keep(history, cells[14]),
        .duration = number(cells[15]),
    };
    history->last_number = MAX(history->last_number, record.number);
    history->last_batch = MAX(history->last_batch, record.batch);
    g_array_append_val(history->records, record);
}

static gw_history *
history_new(void)
{
    gw_history *history = g_new0(gw_history, 1);
    history->records = g_array_new(FALSE, FALSE, sizeof(gw_record));
    history->by_version = g_hash_table_new(g_str_hash, g_str_equal);
    history->texts = g_string_chunk_new(4096);
    return history;
}

static int
record_order(gconstpointer left, gconstpointer right)
{
    const gw_record *a = left;
    const gw_record *b = right;
    return (a->number > b->number) - (a->number < b->number);
}

/* In the order of time. The database is not asked for it: mostly the rows are in order already, and
 * it would sort all their bytes, SQLite through a file. */
static void
history_sort(gw_history *history)
{
    const gw_record *records = (const gw_record *)(gpointer)history->records->data;
    for (guint i = 1; i < history->records->len; i++)
    {
        if (records[i].number < records[i - 1].number)
        {
            g_array_sort(history->records, record_order);
            return;
        }
    }
}

/* Only when the array has stopped growing do its elements stay where they are. */
static void
history_index(gw_history *history)
{
    for (guint i = 0; i < history->records->len; i++)
    {
        gw_record *record = &g_array_index(history->records, gw_record, i);
        g_hash_table_insert(history->by_version, (gpointer)(guintptr)record->version, record);
    }
}

gw_history *
gw_history_new(const gw_record *records, guint count)
{
    gw_history *history = history_new();
    for (guint i = 0; i < count; i++)
    {
        gw_record record = records[i];
        const char **texts[] = {&record.version, &record.name, &record.kind, &record.direction,
            &record.phase, &record.raw_sha256, &record.token_sha256, &record.run, &record.actor,
            &record.host, &record.started, &record.ended};
        for (gsize j = 0; j < G_N_ELEMENTS(texts); j++)
        {
            const char *text = *texts[j];
            *texts[j] = text == NULL ? "" : g_string_chunk_insert_const(history->texts, text);
        }
        history->last_number = MAX(history->last_number, record.number);
        history->last_batch = MAX(history->last_batch, record.batch);
        g_array_append_val(history->records, record);
    }
    history_index(history);
    return history;
}

gw_history *
gw_ledger_history(gw_ledger *ledger, GError **error)
{
    g_autoptr(gw_history) history = history_new();
    if (!gw_ledger_exists(ledger))
    {
        return g_steal_pointer(&history);
    }
    g_autoptr(gw_rows) rows = gw_ledger_read(ledger, GW_LEDGER_HISTORY, NULL, error);
    const gw_cell *cells = NULL;
    if (rows == NULL || !gw_rows_next(rows, &cells, error))
    {
        return NULL;
    }
    while (cells != NULL)
    {
        record_add(history, cells);
        if (!gw_rows_next(rows, &cells, error))
        {
            return NULL;
        }
    }
    history_sort(history);
    history_index(history);
    return g_steal_pointer(&history);
}

gboolean
gw_ledger_ends(gw_ledger *ledger, gint64 *last_number, gint64 *last_batch, GError **error)
{
    g_autoptr(gw_rows) rows = gw_ledger_read(ledger, GW_LEDGER_ENDS, NULL, error);
    const gw_cell *cells = NULL;
    if (rows == NULL || !gw_rows_next(rows, &cells, error))
    {
        return FALSE;
    }
    *last_number = cells == NULL ? 0 : number(cells[0]);
    *last_batch = cells == NULL ? 0 : number(cells[1]);
    return TRUE;
}

const gw_record *
gw_history_find(const gw_history *history, const char *version)
{
    return g_hash_table_lookup(history->by_version, version);
}

char *
gw_history_digest(const gw_history *history)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    for (guint i = 0; i < history->records->len; i++)
    {
        const gw_record *record = &g_array_index(history->records, gw_record, i);
        g_autofree char *line = g_strdup_printf("%s %s %s %s %s\n", record->version,
            gw_state_text(record->state), record->direction, record->phase, record->raw_sha256);
        g_checksum_update(sum, (const guchar *)line, -1);
    }
    return g_strdup(g_checksum_get_string(sum));
}

void
gw_step_record_free(gw_step_record *step)
{
    g_free(step->direction);
    g_free(step->sha256);
    g_free(step->probe);
    g_free(step->image);
    g_free(step);
}

GPtrArray *
gw_ledger_steps(gw_ledger *ledger, const char *version, GError **error)
{
    g_autoptr(GPtrArray) steps =
        g_ptr_array_new_with_free_func((GDestroyNotify)gw_step_record_free);
    gw_slot_values values = {.text = {[GW_SLOT_VERSION] = version}};
    g_autoptr(gw_rows) rows = gw_ledger_read(ledger, GW_LEDGER_STEPS, &values, error);
    const gw_cell *cells = NULL;
    if (rows == NULL || !gw_rows_next(rows, &cells, error))
    {
        return NULL;
    }
    while (cells != NULL)
    {
        gw_step_record *step = g_new0(gw_step_record, 1);
        g_ptr_array_add(steps, step);
        step->direction = g_strdup(cells[0].text);
        step->ordinal = (guint)number(cells[1]);
        step->statements = (guint)number(cells[2]);
        step->sha256 = g_strdup(cells[3].text);
        step->done = g_strcmp0(cells[4].text, "done") == 0;
        step->probe = g_strdup(cells[5].text);
        step->image = g_strdup(cells[6].text);
        if (!gw_rows_next(rows, &cells, error))
        {
            return NULL;
        }
    }
    return g_steal_pointer(&steps);
}
