#include "ledger/audit.h"

#include <json-glib/json-glib.h>

static const char nothing[] = "0000000000000000000000000000000000000000000000000000000000000000";

const char *
gw_audit_nothing(void)
{
    return nothing;
}

char *
gw_audit_hash(const char *before, const char *body)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sum, (const guchar *)(before == NULL ? nothing : before), -1);
    g_checksum_update(sum, (const guchar *)"\n", 1);
    g_checksum_update(sum, (const guchar *)body, -1);
    return g_strdup(g_checksum_get_string(sum));
}

gboolean
gw_audit_read(gw_ledger *ledger, gw_audit *audit, GError **error)
{
    g_strlcpy(audit->hash, nothing, sizeof audit->hash);
    audit->number = 0;
    if (!gw_ledger_exists(ledger))
    {
        return TRUE;
    }
    g_autoptr(gw_rows) rows = gw_ledger_read(ledger, GW_LEDGER_LAST_EVENT, NULL, error);
    const gw_cell *cells = NULL;
    if (rows == NULL || !gw_rows_next(rows, &cells, error))
    {
        return FALSE;
    }
    if (cells != NULL)
    {
        audit->number = g_ascii_strtoll(cells[0].text, NULL, 10);
        g_strlcpy(audit->hash, cells[1].text, sizeof audit->hash);
    }
    return TRUE;
}

static void
member(JsonBuilder *builder, const char *name, const char *text)
{
    if (text != NULL)
    {
        json_builder_set_member_name(builder, name);
        json_builder_add_string_value(builder, text);
    }
}

static char *
event_body(
    gw_ledger *ledger, gint64 number, const char *type, const char *version, const char *text)
{
    const gw_identity *who = gw_ledger_identity(ledger);
    g_autofree char *at = gw_ledger_now(ledger);
    g_autoptr(JsonBuilder) builder = json_builder_new_immutable();
    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "number");
    json_builder_add_int_value(builder, number);
    member(builder, "at", at);
    member(builder, "type", type);
    member(builder, "version", version);
    member(builder, "text", text);
    member(builder, "run", who->run);
    member(builder, "actor", who->actor);
    member(builder, "host", who->host);
    member(builder, "commit", who->git_commit);
    member(builder, "program", who->program);
    json_builder_end_object(builder);
    g_autoptr(JsonNode) root = json_builder_get_root(builder);
    return json_to_string(root, FALSE);
}

void
gw_audit_append(
    gw_ledger *ledger, gw_audit *audit, const char *type, const char *version, const char *text)
{
    audit->number++;
    g_autofree char *body = event_body(ledger, audit->number, type, version, text);
    g_autofree char *hash = gw_audit_hash(audit->hash, body);
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, audit->number);
    gw_slot_values values = {.text = {
                                 [GW_SLOT_NUMBER] = number,
                                 [GW_SLOT_HASH] = hash,
                                 [GW_SLOT_BODY] = body,
                             }};
    gw_ledger_queue(ledger, GW_LEDGER_ADD_EVENT, &values);
    g_strlcpy(audit->hash, hash, sizeof audit->hash);
}

void
gw_audit_event_free(gw_audit_event *event)
{
    g_free(event->hash);
    g_free(event->body);
    g_free(event);
}

GPtrArray *
gw_audit_events(gw_ledger *ledger, gint64 *altered, GError **error)
{
    g_autoptr(GPtrArray) events =
        g_ptr_array_new_with_free_func((GDestroyNotify)gw_audit_event_free);
    g_autofree char *before = g_strdup(nothing);
    *altered = 0;
    if (!gw_ledger_exists(ledger))
    {
        return g_steal_pointer(&events);
    }
    g_autoptr(gw_rows) rows = gw_ledger_read(ledger, GW_LEDGER_EVENTS, NULL, error);
    const gw_cell *cells = NULL;
    if (rows == NULL || !gw_rows_next(rows, &cells, error))
    {
        return NULL;
    }
    while (cells != NULL)
    {
        gw_audit_event *event = g_new0(gw_audit_event, 1);
        g_ptr_array_add(events, event);
        event->number = g_ascii_strtoll(cells[0].text, NULL, 10);
        event->hash = g_strdup(cells[1].text);
        event->body = g_strdup(cells[2].text);
        g_autofree char *expected = gw_audit_hash(before, event->body);
        gboolean fits = strcmp(expected, event->hash) == 0 && event->number == (gint64)events->len;
        if (!fits && *altered == 0)
        {
            *altered = (gint64)events->len;
        }
        g_free(before);
        before = g_strdup(event->hash);
        if (!gw_rows_next(rows, &cells, error))
        {
            return NULL;
        }
    }
    return g_steal_pointer(&events);
}
