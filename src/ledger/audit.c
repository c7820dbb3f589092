#include "ledger/audit.h"

/* The columns of an event that its hash covers, in this order. */
enum
{
    COLUMN_NUMBER,
    COLUMN_FENCE,
    COLUMN_TYPE,
    COLUMN_VERSION,
    COLUMN_NAME,
    COLUMN_KIND,
    COLUMN_STATE,
    COLUMN_DIRECTION,
    COLUMN_PHASE,
    COLUMN_RAW,
    COLUMN_TOKEN,
    COLUMN_BATCH,
    COLUMN_ORIGIN,
    COLUMN_REPLACES,
    COLUMN_STARTED,
    COLUMN_DURATION,
    COLUMN_STEPS,
    COLUMN_NOTE,
    COLUMN_COUNT, /* those that are read and not covered come behind */
    COLUMN_WRITTEN = COLUMN_COUNT,
    COLUMN_HASH,
};

/* Which parameter each of them is. */
static const gw_slot slots[COLUMN_COUNT] = {
    GW_SLOT_NUMBER,
    GW_SLOT_FENCE,
    GW_SLOT_TYPE,
    GW_SLOT_VERSION,
    GW_SLOT_NAME,
    GW_SLOT_KIND,
    GW_SLOT_STATE,
    GW_SLOT_DIRECTION,
    GW_SLOT_PHASE,
    GW_SLOT_RAW,
    GW_SLOT_TOKEN,
    GW_SLOT_BATCH,
    GW_SLOT_ORIGIN,
    GW_SLOT_REPLACES,
    GW_SLOT_STARTED,
    GW_SLOT_DURATION,
    GW_SLOT_STEPS,
    GW_SLOT_NOTE,
};

/* 64 digits into `hash`. */
static void
hash_columns(char *hash, const char *before, const char *const *columns)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sum, (const guchar *)before, -1);
    for (guint i = 0; i < COLUMN_COUNT; i++)
    {
        g_checksum_update(sum, (const guchar *)"\n", 1);
        g_checksum_update(sum, (const guchar *)columns[i], -1);
    }
    g_strlcpy(hash, g_checksum_get_string(sum), 65);
}

char *
gw_audit_origin(const char *command, const char *actor, const char *host, const char *git_commit,
    const char *program)
{
    const char *at = git_commit == NULL ? "" : ", commit ";
    return g_strdup_printf("%s by %s on %s, %s%s%s", command, actor == NULL ? "" : actor,
        host == NULL ? "" : host, program == NULL ? "" : program, at,
        git_commit == NULL ? "" : git_commit);
}

/* The numbers of an event as text. */
typedef struct numbers
{
    char number[24];
    char fence[24];
    char batch[24];
    char origin[24];
    char replaces[24];
    char duration[24];
} numbers;

static void
numbers_print(numbers *text, gint64 number, gint64 fence, const gw_entry *entry)
{
    static const gw_record nothing = {0};
    const gw_record *record = entry->record == NULL ? &nothing : entry->record;
    gint64 origin = record->origin == 0 && entry->record != NULL ? number : record->origin;
    const struct
    {
        char *text;
        gint64 value;
    } rows[] = {
        {text->number, number},
        {text->fence, fence},
        {text->batch, record->batch},
        {text->origin, origin},
        {text->replaces, entry->replaces},
        {text->duration, record->duration},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    {
        g_snprintf(rows[i].text, sizeof text->number, "%" G_GINT64_FORMAT, rows[i].value);
    }
}

gint64
gw_audit_append(gw_ledger *ledger, gw_audit *audit, const gw_entry *entry)
{
    static const gw_record nothing = {0};
    const gw_record *record = entry->record == NULL ? &nothing : entry->record;
    numbers text;
    audit->number++;
    numbers_print(&text, audit->number, gw_ledger_fence(ledger), entry);
    const char *columns[COLUMN_COUNT] = {text.number, text.fence, entry->type, record->version,
        record->name, record->kind, gw_state_stored(record->state), record->direction,
        record->phase, record->raw_sha256, record->token_sha256, text.batch, text.origin,
        text.replaces, record->started, text.duration, entry->steps, entry->note};
    gw_slot_values values = {0};
    for (guint i = 0; i < COLUMN_COUNT; i++)
    {
        columns[i] = columns[i] == NULL ? "" : columns[i];
        values.text[slots[i]] = columns[i];
    }
    hash_columns(audit->hash, audit->hash, columns);
    values.text[GW_SLOT_HASH] = audit->hash;
    gw_ledger_queue(ledger, GW_LEDGER_ADD_EVENT, &values);
    return audit->number;
}

void
gw_audit_event_free(gw_audit_event *event)
{
    g_free(event->type);
    g_free(event->version);
    g_free(event->state);
    g_free(event->note);
    g_free(event->written);
    g_free(event->hash);
    g_free(event);
}

static gw_audit_event *
event_new(const gw_cell *cells)
{
    gw_audit_event *event = g_new0(gw_audit_event, 1);
    event->number = g_ascii_strtoll(cells[COLUMN_NUMBER].text, NULL, 10);
    event->fence = g_ascii_strtoll(cells[COLUMN_FENCE].text, NULL, 10);
    event->type = g_strdup(cells[COLUMN_TYPE].text);
    event->version = g_strdup(cells[COLUMN_VERSION].text);
    event->state = g_strdup(cells[COLUMN_STATE].text);
    event->note = g_strdup(cells[COLUMN_NOTE].text);
    event->written = g_strdup(cells[COLUMN_WRITTEN].text);
    event->hash = g_strdup(cells[COLUMN_HASH].text);
    return event;
}

/* The chain while it is read. */
typedef struct chain
{
    GPtrArray *events; /* of gw_audit_event *; NULL: they are not wanted */
    gint64 count;
    gint64 altered; /* which of them is the first that does not fit; 0: none */
    gw_audit end;
} chain;

/* Go on by one event. Does it fit? One without a hash does, and is covered by the next. */
static gboolean
follow(gw_audit *end, const gw_cell *cells)
{
    const char *columns[COLUMN_COUNT];
    char expected[65];
    for (guint i = 0; i < COLUMN_COUNT; i++)
    {
        columns[i] = cells[i].text == NULL ? "" : cells[i].text;
    }
    hash_columns(expected, end->hash, columns);
    const char *hash = cells[COLUMN_HASH].text;
    gint64 number = g_ascii_strtoll(cells[COLUMN_NUMBER].text, NULL, 10);
    gboolean sealed = hash[0] != '\0';
    gboolean fits = number == end->number + 1 && (!sealed || strcmp(expected, hash) == 0);
    end->number = number;
    g_strlcpy(end->hash, sealed ? hash : expected, sizeof end->hash);
    return fits;
}

static void
take_event(const gw_cell *cells, gpointer data)
{
    chain *so_far = data;
    so_far->count++;
    if (!follow(&so_far->end, cells) && so_far->altered == 0)
    {
        so_far->altered = so_far->count;
    }
    if (so_far->events != NULL)
    {
        g_ptr_array_add(so_far->events, event_new(cells));
    }
}

static gboolean
chain_read(gw_ledger *ledger, gw_db *db, chain *whole, GError **error)
{
    return gw_rows_each(
        gw_ledger_read(ledger, db, GW_LEDGER_EVENTS, NULL, error), take_event, whole, error);
}

static void
take_end(const gw_cell *cells, gpointer data)
{
    gw_audit *audit = data;
    audit->number = g_ascii_strtoll(cells[0].text, NULL, 10);
    g_strlcpy(audit->hash, cells[1].text, sizeof audit->hash);
}

gboolean
gw_audit_read(gw_ledger *ledger, gw_db *db, gw_audit *audit, GError **error)
{
    static const gw_audit beginning = {.hash = GW_LEDGER_NO_HASH};
    *audit = beginning;
    if (!gw_ledger_exists(ledger))
    {
        return TRUE;
    }
    gw_rows *rows = gw_ledger_read(ledger, db, GW_LEDGER_LAST_EVENT, NULL, error);
    if (!gw_rows_each(rows, take_end, audit, error))
    {
        return FALSE;
    }
    if (audit->hash[0] != '\0')
    {
        return TRUE;
    }
    chain whole = {.end = beginning};
    gboolean done = chain_read(ledger, db, &whole, error);
    *audit = whole.end;
    return done;
}

GPtrArray *
gw_audit_events(gw_ledger *ledger, gint64 *altered, GError **error)
{
    g_autoptr(GPtrArray) events =
        g_ptr_array_new_with_free_func((GDestroyNotify)gw_audit_event_free);
    chain whole = {.events = events, .end = {.hash = GW_LEDGER_NO_HASH}};
    if (gw_ledger_exists(ledger) && !chain_read(ledger, NULL, &whole, error))
    {
        return NULL;
    }
    *altered = whole.altered;
    return g_steal_pointer(&events);
}
