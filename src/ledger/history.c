#include "ledger/ledger.h"

static const char *const states[] = {
    [GW_STATE_PENDING] = "pending",
    [GW_STATE_APPLIED] = "applied",
    [GW_STATE_EXPANDED] = "expanded",
    [GW_STATE_UNVERIFIED] = "unverified",
    [GW_STATE_RUNNING] = "interrupted",
    [GW_STATE_FAILED] = "failed",
};

const char *
gw_state_text(gw_state state)
{
    return states[state];
}

const char *
gw_state_stored(gw_state state)
{
    return state == GW_STATE_PENDING ? "" : states[state];
}

static gw_state
state_read(const char *text)
{
    for (gsize i = 0; i < G_N_ELEMENTS(states); i++)
    {
        if (strcmp(gw_state_stored((gw_state)i), text) == 0)
        {
            return (gw_state)i;
        }
    }
    return GW_STATE_FAILED;
}

gw_history *
gw_history_ref(gw_history *history)
{
    history->references++;
    return history;
}

void
gw_history_unref(gw_history *history)
{
    if (history == NULL || --history->references > 0)
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

/* What is the same as in the record before (a kind; of one migration the name and hashes) is kept
 * once. */
static const char *
share(gw_history *history, gw_cell cell, const char *before)
{
    gboolean again = before != NULL && strcmp(before, cell.text == NULL ? "" : cell.text) == 0;
    return again ? before : keep(history, cell);
}

static gint64
number(gw_cell cell)
{
    return cell.text == NULL ? 0 : g_ascii_strtoll(cell.text, NULL, 10);
}

static void
index_put(gw_history *history, guint index)
{
    const gw_record *record = &g_array_index(history->records, gw_record, index);
    g_hash_table_insert(
        history->by_version, (gpointer)(guintptr)record->version, GUINT_TO_POINTER(index + 1));
}

static guint
index_find(const gw_history *history, const char *version)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(history->by_version, version));
}

/* The record of an event; `before` is the one of the same migration until then, or NULL, and `last`
 * the one that was made last. */
static gw_record
record_make(
    gw_history *history, const gw_cell *cells, const gw_record *before, const gw_record *last)
{
    static const gw_record none = {0};
    const gw_record *same = before == NULL ? &none : before;
    gw_state state = state_read(cells[4].text == NULL ? "" : cells[4].text);
    gboolean told = state != GW_STATE_PENDING; /* else nobody will ask when it was */
    return (gw_record){
        .event = number(cells[0]),
        .version = share(history, cells[1], same->version),
        .name = share(history, cells[2], same->name),
        .kind = share(history, cells[3], last->kind),
        .state = state,
        .direction = share(history, cells[5], last->direction),
        .phase = share(history, cells[6], last->phase),
        .raw_sha256 = share(history, cells[7], same->raw_sha256),
        .token_sha256 = share(history, cells[8], same->token_sha256),
        .batch = number(cells[9]),
        .origin = number(cells[10]),
        .fence = number(cells[11]),
        .started = told ? share(history, cells[12], same->started) : "",
        .duration = number(cells[13]),
        .written = told ? keep(history, cells[14]) : "",
    };
}

/* Of a migration the last event counts, in whatever order they come: a history takes memory for
 * what there is, and not for all that ever was. */
static void
take_event(const gw_cell *cells, gpointer data)
{
    static const gw_record none = {0};
    gw_history *history = data;
    GArray *records = history->records;
    const char *version = cells[1].text == NULL ? "" : cells[1].text;
    guint known = index_find(history, version);
    gw_record *before = known == 0 ? NULL : &g_array_index(records, gw_record, known - 1);
    if (before != NULL && before->event > number(cells[0]))
    {
        return;
    }
    const gw_record *last =
        records->len == 0 ? &none : &g_array_index(records, gw_record, records->len - 1);
    gw_record record = record_make(history, cells, before, last);
    if (before != NULL)
    {
        *before = record;
        return;
    }
    g_array_append_val(records, record);
    index_put(history, records->len - 1);
}

/* Leave what is not pending again. */
static gboolean
history_sift(gw_history *history)
{
    guint kept = 0;
    guint all = history->records->len;
    gw_record *records = (gw_record *)(gpointer)history->records->data;
    for (guint i = 0; i < all; i++)
    {
        if (records[i].state != GW_STATE_PENDING)
        {
            history->last_batch = MAX(history->last_batch, records[i].batch);
            records[kept++] = records[i];
        }
    }
    g_array_set_size(history->records, kept);
    return kept < all;
}

static gw_history *
history_new(void)
{
    gw_history *history = g_new0(gw_history, 1);
    history->records = g_array_new(FALSE, FALSE, sizeof(gw_record));
    history->by_version = g_hash_table_new(g_str_hash, g_str_equal);
    history->texts = g_string_chunk_new(4096);
    history->references = 1;
    return history;
}

static int
record_order(gconstpointer left, gconstpointer right)
{
    const gw_record *a = left;
    const gw_record *b = right;
    return (a->origin > b->origin) - (a->origin < b->origin);
}

/* In the order of time. The database is not asked for it: mostly the rows are in order already, and
 * it would sort all their bytes, SQLite through a file. */
static gboolean
history_sort(gw_history *history)
{
    const gw_record *records = (const gw_record *)(gpointer)history->records->data;
    for (guint i = 1; i < history->records->len; i++)
    {
        if (records[i].origin < records[i - 1].origin)
        {
            g_array_sort(history->records, record_order);
            return TRUE;
        }
    }
    return FALSE;
}

void
gw_history_put(gw_history *history, const gw_record *record)
{
    gw_record copy = *record;
    const char **texts[] = {&copy.version, &copy.name, &copy.kind, &copy.direction, &copy.phase,
        &copy.raw_sha256, &copy.token_sha256, &copy.started, &copy.written};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    {
        const char *text = *texts[i] == NULL ? "" : *texts[i];
        *texts[i] = g_string_chunk_insert_const(history->texts, text);
    }
    history->last_batch = MAX(history->last_batch, copy.batch);
    guint index = index_find(history, copy.version);
    if (index > 0)
    {
        g_array_index(history->records, gw_record, index - 1) = copy;
        return;
    }
    g_array_append_val(history->records, copy);
    index_put(history, history->records->len - 1);
}

void
gw_history_clear(gw_history *history)
{
    g_hash_table_remove_all(history->by_version);
    g_array_set_size(history->records, 0);
    g_string_chunk_clear(history->texts);
    history->last_batch = 0;
}

gw_history *
gw_history_new(const gw_record *records, guint count)
{
    gw_history *history = history_new();
    for (guint i = 0; i < count; i++)
    {
        gw_history_put(history, &records[i]);
    }
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
    gw_rows *rows = gw_ledger_read(ledger, NULL, GW_LEDGER_HISTORY, NULL, error);
    if (!gw_rows_each(rows, take_event, history, error))
    {
        return NULL;
    }
    gboolean moved = history_sift(history);
    moved |= history_sort(history);
    if (moved)
    {
        g_hash_table_remove_all(history->by_version);
    }
    for (guint i = 0; moved && i < history->records->len; i++)
    {
        index_put(history, i);
    }
    return g_steal_pointer(&history);
}

static void
run_free(gpointer data)
{
    gw_ledger_run *run = data;
    g_free(run->run);
    g_free(run->command);
    g_free(run->actor);
    g_free(run->host);
    g_free(run->git_commit);
    g_free(run->program);
    g_free(run);
}

static void
take_run(const gw_cell *cells, gpointer data)
{
    GHashTable *runs = data;
    gw_ledger_run *run = g_new0(gw_ledger_run, 1);
    run->fence = number(cells[0]);
    run->run = g_strdup(cells[1].text);
    run->command = g_strdup(cells[2].text);
    run->actor = g_strdup(cells[3].text);
    run->host = g_strdup(cells[4].text);
    run->git_commit = g_strdup(cells[5].text);
    run->program = g_strdup(cells[6].text);
    run->events = number(cells[7]);
    g_hash_table_insert(runs, &run->fence, run);
}

GHashTable *
gw_ledger_runs(gw_ledger *ledger, GError **error)
{
    g_autoptr(GHashTable) runs = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, run_free);
    if (!gw_ledger_exists(ledger))
    {
        return g_steal_pointer(&runs);
    }
    gw_rows *rows = gw_ledger_read(ledger, NULL, GW_LEDGER_RUNS, NULL, error);
    return gw_rows_each(rows, take_run, runs, error) ? g_steal_pointer(&runs) : NULL;
}

const gw_record *
gw_history_find(const gw_history *history, const char *version)
{
    guint index = index_find(history, version);
    return index == 0 ? NULL : &g_array_index(history->records, gw_record, index - 1);
}

gint64
gw_record_duration(const gw_record *record)
{
    if (record->duration >= 0)
    {
        return record->duration;
    }
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    g_autoptr(GDateTime) from = g_date_time_new_from_iso8601(record->started, utc);
    g_autoptr(GDateTime) to = g_date_time_new_from_iso8601(record->written, utc);
    return from == NULL || to == NULL ? 0 : MAX(g_date_time_difference(to, from), 0);
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

static void
take_text(const gw_cell *cells, gpointer data)
{
    char **text = data;
    *text = g_strdup(cells[0].text);
}

gboolean
gw_ledger_environment(gw_ledger *ledger, char **environment, GError **error)
{
    *environment = NULL;
    if (!gw_ledger_exists(ledger))
    {
        return TRUE;
    }
    gw_rows *rows = gw_ledger_read(ledger, NULL, GW_LEDGER_ENVIRONMENT, NULL, error);
    return gw_rows_each(rows, take_text, environment, error);
}

static void
step_free(gpointer data)
{
    gw_step_record *step = data;
    const char *const owned[] = {step->direction, step->sha256, step->verb, step->image};
    for (gsize i = 0; i < G_N_ELEMENTS(owned); i++)
    {
        g_free((gpointer)(guintptr)owned[i]);
    }
    g_free(step);
}

static gboolean
has_step(const GPtrArray *steps, const gw_step_record *wanted)
{
    for (guint i = 0; i < steps->len; i++)
    {
        const gw_step_record *step = g_ptr_array_index(steps, i);
        if (step->ordinal == wanted->ordinal && strcmp(step->direction, wanted->direction) == 0)
        {
            return TRUE;
        }
    }
    return FALSE;
}

/* "ORDINAL STATEMENTS SHA256 VERB": the intent of a first step; NULL where there is none. */
static gw_step_record *
intent_read(const gw_cell *cells)
{
    g_auto(GStrv) words = g_strsplit(cells[2].text == NULL ? "" : cells[2].text, " ", 4);
    if (g_strcmp0(cells[0].text, GW_LEDGER_BEGIN) != 0 || g_strv_length(words) != 4)
    {
        return NULL;
    }
    gw_step_record *step = g_new0(gw_step_record, 1);
    step->direction = g_strdup(cells[1].text);
    step->ordinal = (guint)g_ascii_strtoull(words[0], NULL, 10);
    step->statements = (guint)g_ascii_strtoull(words[1], NULL, 10);
    step->sha256 = g_strdup(words[2]);
    step->verb = g_strdup(words[3]);
    step->image = cells[3].text == NULL || *cells[3].text == '\0' ? NULL : g_strdup(cells[3].text);
    step->in_event = TRUE;
    return step;
}

/* The intent that the last event of a migration has in it, unless a row tells more of that step. */
static void
take_intent(const gw_cell *cells, gpointer data)
{
    GPtrArray *steps = data;
    gw_step_record *step = intent_read(cells);
    if (step != NULL && !has_step(steps, step))
    {
        g_ptr_array_add(steps, step);
    }
    else if (step != NULL)
    {
        step_free(step);
    }
}

static void
take_step(const gw_cell *cells, gpointer data)
{
    GPtrArray *steps = data;
    gw_step_record *step = g_new0(gw_step_record, 1);
    step->direction = g_strdup(cells[0].text);
    step->ordinal = (guint)number(cells[1]);
    step->statements = (guint)number(cells[2]);
    step->sha256 = g_strdup(cells[3].text);
    step->done = g_strcmp0(cells[4].text, "done") == 0;
    step->verb = g_strdup(cells[5].text);
    step->image = g_strdup(cells[6].text);
    g_ptr_array_add(steps, step);
}

GPtrArray *
gw_ledger_steps(gw_ledger *ledger, const char *version, GError **error)
{
    g_autoptr(GPtrArray) steps = g_ptr_array_new_with_free_func(step_free);
    gw_slot_values values = {.text = {[GW_SLOT_VERSION] = version}};
    gw_rows *rows = gw_ledger_read(ledger, NULL, GW_LEDGER_STEPS, &values, error);
    if (!gw_rows_each(rows, take_step, steps, error))
    {
        return NULL;
    }
    rows = gw_ledger_read(ledger, NULL, GW_LEDGER_INTENT, &values, error);
    return gw_rows_each(rows, take_intent, steps, error) ? g_steal_pointer(&steps) : NULL;
}

void
gw_ledger_queue_step(gw_ledger *ledger, gw_ledger_statement statement, const char *version,
    const gw_step_record *step)
{
    g_autofree char *ordinal = g_strdup_printf("%u", step->ordinal);
    g_autofree char *statements = g_strdup_printf("%u", step->statements);
    g_autofree char *now = gw_ledger_now(ledger);
    gw_slot_values values = {.text = {
                                 [GW_SLOT_VERSION] = version,
                                 [GW_SLOT_DIRECTION] = step->direction,
                                 [GW_SLOT_ORDINAL] = ordinal,
                                 [GW_SLOT_STATEMENTS] = statements,
                                 [GW_SLOT_HASH] = step->sha256,
                                 [GW_SLOT_STATE] = step->done ? "done" : "intent",
                                 [GW_SLOT_VERB] = step->verb,
                                 [GW_SLOT_IMAGE] = step->image,
                                 [GW_SLOT_STARTED] = now,
                                 [GW_SLOT_ENDED] = step->done ? now : NULL,
                             }};
    gw_ledger_queue(ledger, statement, &values);
}
