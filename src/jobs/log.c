/* `log`: what was done to the target, from the audit chain, and whether the chain is whole. */
#include "jobs/job.h"
#include "ledger/audit.h"

#define READINGS 5

/* What --check found. */
typedef struct verdict
{
    gint64 altered;    /* the first event that is altered or gone; 0: none */
    char *why;         /* one line */
    guint unwitnessed; /* records that a script wrote, which could not write their events */
} verdict;

static void
verdict_clear(verdict *found)
{
    g_free(found->why);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(verdict, verdict_clear)

static JsonObject *
event_object(JsonParser *parser, const gw_audit_event *event)
{
    if (!json_parser_load_from_data(parser, event->body, -1, NULL))
    {
        return NULL;
    }
    JsonNode *root = json_parser_get_root(parser);
    return root != NULL && JSON_NODE_HOLDS_OBJECT(root) ? json_node_get_object(root) : NULL;
}

static const char *
member(JsonObject *object, const char *name)
{
    JsonNode *node = object == NULL ? NULL : json_object_get_member(object, name);
    return node != NULL && json_node_get_value_type(node) == G_TYPE_STRING
               ? json_node_get_string(node)
               : NULL;
}

/* A body that is no longer JSON is shown as it is: only an altered chain has one. */
static void
build_event(JsonParser *parser, const gw_audit_event *event, JsonBuilder *builder)
{
    static const char *const names[] = {"at", "type", "run", "version", "actor", "host"};
    JsonObject *object = event_object(parser, event);
    json_builder_begin_object(builder);
    gw_json_integer(builder, "sequence", event->number);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
    {
        gw_json_text(builder, names[i], member(object, names[i]));
    }
    gw_json_text(builder, "text", object == NULL ? event->body : member(object, "text"));
    gw_json_text(builder, "hash", event->hash);
    json_builder_end_object(builder);
}

static void
build_events(const GPtrArray *events, gint64 limit, JsonBuilder *builder)
{
    g_autoptr(JsonParser) parser = json_parser_new_immutable();
    guint first = limit > 0 && limit < (gint64)events->len ? events->len - (guint)limit : 0;
    json_builder_set_member_name(builder, "events");
    json_builder_begin_array(builder);
    for (guint i = first; i < events->len; i++)
    {
        build_event(parser, g_ptr_array_index(events, i), builder);
    }
    json_builder_end_array(builder);
}

/* The first thing that is wrong is told. */
G_GNUC_PRINTF(3, 4)
static void
blame(verdict *found, gint64 number, const char *format, ...)
{
    if (found->altered != 0)
    {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    found->altered = number;
    found->why = g_strdup_vprintf(format, arguments);
    va_end(arguments);
}

/* Each run writes down where the chain ended when it did: a chain that is shorter was cut. */
static gboolean
check_tail(gw_job *job, const GPtrArray *events, verdict *found, GError **error)
{
    g_autoptr(gw_rows) rows = gw_ledger_read(job->ledger, GW_LEDGER_EVENTS_SAID, NULL, error);
    const gw_cell *cells = NULL;
    if (rows == NULL || !gw_rows_next(rows, &cells, error))
    {
        return FALSE;
    }
    gint64 said =
        cells == NULL || cells[0].text == NULL ? 0 : g_ascii_strtoll(cells[0].text, NULL, 10);
    if (said > (gint64)events->len)
    {
        blame(found, (gint64)events->len + 1,
            "a run ended at event %" G_GINT64_FORMAT ", and the chain ends at %u: its end was cut "
            "off",
            said, events->len);
    }
    return TRUE;
}

/* The last event of each version: char * -> char *, both owned. */
static GHashTable *
last_types(const GPtrArray *events)
{
    GHashTable *types = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(JsonParser) parser = json_parser_new_immutable();
    for (guint i = 0; i < events->len; i++)
    {
        JsonObject *object = event_object(parser, g_ptr_array_index(events, i));
        const char *version = member(object, "version");
        const char *type = member(object, "type");
        if (version != NULL && type != NULL)
        {
            g_hash_table_insert(types, g_strdup(version), g_strdup(type));
        }
    }
    return types;
}

/* A record stands in the ledger: does the chain say so too? */
static void
check_record(const gw_record *record, const char *type, guint count, verdict *found)
{
    gboolean begun = record->state == GW_STATE_RUNNING || record->state == GW_STATE_FAILED;
    if (begun || (type != NULL && strcmp(type, "down") != 0))
    {
        return;
    }
    if (type == NULL && g_str_has_prefix(record->run, GW_SCRIPT_RUN))
    {
        found->unwitnessed++;
        return;
    }
    blame(found, (gint64)count + 1,
        type == NULL ? "migration %s is recorded as %s, and no event tells of it"
                     : "migration %s is recorded as %s, and its last event undid it",
        record->version, gw_state_text(record->state));
}

/* The chain says that a migration was applied: is there a record? */
static void
check_absent(gw_job *job, GHashTable *types, guint count, verdict *found)
{
    static const char *const leaves[] = {"up", "verify", "contract", NULL};
    GHashTableIter iterator;
    gpointer version = NULL;
    gpointer type = NULL;
    g_hash_table_iter_init(&iterator, types);
    while (g_hash_table_iter_next(&iterator, &version, &type))
    {
        if (g_strv_contains(leaves, type) && gw_history_find(job->history, version) == NULL)
        {
            blame(found, (gint64)count + 1,
                "migration %s was applied, its record is gone, and no event tells why",
                (const char *)version);
        }
    }
}

static gboolean
check_chain(gw_job *job, const GPtrArray *events, verdict *found, GError **error)
{
    if (found->altered != 0)
    {
        found->why = g_strdup_printf(
            "event %" G_GINT64_FORMAT " does not follow from the one before it", found->altered);
    }
    if (!gw_ledger_exists(job->ledger))
    {
        return TRUE;
    }
    g_autoptr(GHashTable) types = last_types(events);
    for (guint i = 0; i < job->history->records->len; i++)
    {
        const gw_record *record = &g_array_index(job->history->records, gw_record, i);
        check_record(record, g_hash_table_lookup(types, record->version), events->len, found);
    }
    check_absent(job, types, events->len, found);
    return check_tail(job, events, found, error);
}

static void
build_check(const verdict *found, guint count, JsonBuilder *builder)
{
    json_builder_set_member_name(builder, "check");
    json_builder_begin_object(builder);
    gw_json_integer(builder, "events", count);
    json_builder_set_member_name(builder, "altered");
    if (found->altered == 0)
    {
        json_builder_add_null_value(builder);
    }
    else
    {
        json_builder_add_int_value(builder, found->altered);
    }
    gw_json_integer(builder, "unwitnessed", found->unwitnessed);
    json_builder_end_object(builder);
}

static gboolean
fail_altered(const verdict *found, GError **error)
{
    gw_fail(error, GW_CODE_AUDIT,
        "the audit chain was altered from event %" G_GINT64_FORMAT " on: %s", found->altered,
        found->why);
    if (error != NULL)
    {
        gw_error_add_state(*error, "nothing was changed by this check");
        gw_error_add_hint(*error,
            "somebody wrote to the ledger's tables by hand, or an old copy of them was restored");
        gw_error_add_next(*error, "godwit log");
    }
    return FALSE;
}

static gboolean
check(gw_job *job, const GPtrArray *events, gint64 altered, GError **error)
{
    g_auto(verdict) found = {.altered = altered};
    if (!check_chain(job, events, &found, error))
    {
        return FALSE;
    }
    build_check(&found, events->len, job->result);
    if (found.unwitnessed > 0)
    {
        gw_observer_say(job->observer, GW_EVENT_WARNING,
            "%u migrations were recorded by scripts of \"godwit plan --sql\" that could not write "
            "events: the chain does not vouch for them",
            found.unwitnessed);
    }
    return found.altered == 0 || fail_altered(&found, error);
}

/*
 * Events and records as they were at one moment: read again when a run has written meanwhile. With
 * runs that follow one another without a pause the last reading counts.
 */
static GPtrArray *
read_both(gw_job *job, gint64 *altered, GError **error)
{
    for (guint attempt = 1;; attempt++)
    {
        gw_audit end = {0};
        g_autoptr(GPtrArray) events = gw_audit_events(job->ledger, altered, error);
        if (events == NULL || !gw_job_read_history(job, error) ||
            !gw_audit_read(job->ledger, &end, error))
        {
            return NULL;
        }
        if (end.number <= (gint64)events->len || attempt == READINGS)
        {
            return g_steal_pointer(&events);
        }
    }
}

gboolean
gw_job_log(gw_job *job, GError **error)
{
    gint64 limit = 0;
    gint64 altered = 0;
    if (!gw_job_number(job, "limit", 0, &limit, error) ||
        !gw_job_open_ledger(job, GW_ACCESS_LOOK, error))
    {
        return FALSE;
    }
    g_autoptr(GPtrArray) events = read_both(job, &altered, error);
    if (events == NULL)
    {
        return FALSE;
    }
    gw_job_build_target(job, job->result);
    build_events(events, limit, job->result);
    return !gw_job_flag(job, "check") || check(job, events, altered, error);
}
