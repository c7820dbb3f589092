#include "fake-godwit.h"

#include <json-glib/json-glib.h>

#include "base/clock.h"
#include "base/error.h"

#define CODE_FORMAT "GW%04d"

struct godwit
{
    JsonNode *script;
    GString *log;
    void (*event)(void *data, const godwit_event *event);
    void *event_data;
    int (*ask)(void *data, const char *text, const char *expect);
    void *ask_data;
    gint stops;
};

/* A value is a node of json-glib under another name. */
static JsonNode *
node_of(const godwit_value *value)
{
    return (JsonNode *)(guintptr)value;
}

static const godwit_value *
value_of(const JsonNode *node)
{
    return (const godwit_value *)node;
}

godwit_value *
fake_value(const char *json)
{
    g_autofree char *text = g_strdelimit(g_strdup(json), "'", '"');
    g_autoptr(GError) error = NULL;
    JsonNode *node = json_from_string(text, &error);
    g_assert_no_error(error);
    return (godwit_value *)node;
}

void
fake_value_free(godwit_value *value)
{
    json_node_unref((JsonNode *)value);
}

static const godwit_value *
part(const godwit *g, const char *key)
{
    return g->script != NULL ? godwit_value_get(value_of(g->script), key) : NULL;
}

static const char *
part_text(const godwit_value *object, const char *key)
{
    return godwit_value_text(godwit_value_get(object, key));
}

const char *
godwit_version(void)
{
    return "9.8.7";
}

const char *const *
godwit_engines(void)
{
    static const char *const engines[] = {"sqlite", "fake", NULL};
    return engines;
}

godwit *
godwit_new(void)
{
    godwit *g = g_new0(godwit, 1);
    const char *path = g_getenv("FAKE_GODWIT");
    g_autofree char *text = NULL;
    g->log = g_string_new(NULL);
    if (path != NULL && g_file_get_contents(path, &text, NULL, NULL))
    {
        g->script = json_from_string(text, NULL);
    }
    return g;
}

void
godwit_free(godwit *g)
{
    const char *path = g_getenv("FAKE_GODWIT_LOG");
    if (path != NULL)
    {
        g_file_set_contents(path, g->log->str, (gssize)g->log->len, NULL);
    }
    g_clear_pointer(&g->script, json_node_unref);
    g_string_free(g->log, TRUE);
    g_free(g);
}

int
godwit_set(godwit *g, const char *key, const char *value)
{
    g_string_append_printf(g->log, "set %s=%s\n", key, value);
    return GODWIT_DONE;
}

static void
emit_all(godwit *g)
{
    const godwit_value *events = part(g, "events");
    for (size_t i = 0; i < godwit_value_count(events) && g->event != NULL; i++)
    {
        const godwit_value *from = godwit_value_at(events, i);
        godwit_event event = {
            .type = part_text(from, "type"),
            .version = part_text(from, "version"),
            .name = part_text(from, "name"),
            .direction = part_text(from, "direction"),
            .text = part_text(from, "text"),
            .detail = part_text(from, "detail"),
            .ordinal = (unsigned)godwit_value_integer(godwit_value_get(from, "ordinal")),
            .total = (unsigned)godwit_value_integer(godwit_value_get(from, "total")),
            .microseconds = godwit_value_integer(godwit_value_get(from, "us")),
            .value = godwit_value_get(from, "value"),
        };
        gw_clock_sleep(godwit_value_integer(godwit_value_get(from, "after_us")));
        g->event(g->event_data, &event);
    }
}

static void
hold(godwit *g)
{
    gint64 until = gw_clock_now() + godwit_value_integer(part(g, "hold_us"));
    while (gw_clock_now() < until && g_atomic_int_get(&g->stops) == 0)
    {
        gw_clock_sleep(1000);
    }
    if (g_atomic_int_get(&g->stops) > 0)
    {
        g_string_append(g->log, "stopped\n");
    }
}

int
godwit_run(godwit *g, const char *command, const char *const *options)
{
    const godwit_value *question = part(g, "ask");
    g_string_append_printf(g->log, "run %s", command);
    for (size_t i = 0; options != NULL && options[i] != NULL; i += 2)
    {
        g_string_append_printf(g->log, " %s=%s", options[i], options[i + 1]);
    }
    g_string_append_c(g->log, '\n');
    emit_all(g);
    if (question != NULL && g->ask != NULL)
    {
        int said = g->ask(g->ask_data, part_text(question, "text"), part_text(question, "expect"));
        g_string_append_printf(g->log, "answer %d\n", said);
    }
    hold(g);
    return (int)godwit_value_integer(part(g, "status"));
}

const godwit_value *
godwit_result(const godwit *g)
{
    return part(g, "result");
}

const char *
godwit_error_code(const godwit *g)
{
    return part_text(part(g, "error"), "code");
}

const char *
godwit_error_message(const godwit *g)
{
    return part_text(part(g, "error"), "message");
}

const char *
godwit_error_hint(const godwit *g)
{
    return part_text(part(g, "error"), "hint");
}

const char *
godwit_error_state(const godwit *g)
{
    return part_text(part(g, "error"), "state");
}

const char *
godwit_error_next(const godwit *g)
{
    return part_text(part(g, "error"), "next");
}

const char *
godwit_error_sqlstate(const godwit *g)
{
    return part_text(part(g, "error"), "sqlstate");
}

const char *
godwit_error_file(const godwit *g)
{
    return part_text(part(g, "error"), "file");
}

const char *
godwit_error_text(const godwit *g)
{
    return part_text(part(g, "error"), "text");
}

unsigned
godwit_error_line(const godwit *g)
{
    return (unsigned)godwit_value_integer(godwit_value_get(part(g, "error"), "line"));
}

unsigned
godwit_error_column(const godwit *g)
{
    return (unsigned)godwit_value_integer(godwit_value_get(part(g, "error"), "column"));
}

unsigned
godwit_error_length(const godwit *g)
{
    return (unsigned)godwit_value_integer(godwit_value_get(part(g, "error"), "length"));
}

static const gw_code_row *
code_row(size_t index)
{
    gsize count = 0;
    const gw_code_row *rows = gw_code_rows(&count);
    return index < count ? &rows[index] : NULL;
}

const char *
godwit_code_name(size_t index)
{
    const gw_code_row *row = code_row(index);
    g_autofree char *name = row != NULL ? g_strdup_printf(CODE_FORMAT, (int)row->code) : NULL;
    return g_intern_string(name);
}

const char *
godwit_code_meaning(size_t index)
{
    const gw_code_row *row = code_row(index);
    return row != NULL ? row->meaning : NULL;
}

int
godwit_code_status(size_t index)
{
    const gw_code_row *row = code_row(index);
    return row != NULL ? gw_code_exit((int)row->code) : 0;
}

void
godwit_on_event(godwit *g, void (*event)(void *data, const godwit_event *event), void *data)
{
    g->event = event;
    g->event_data = data;
}

void
godwit_on_question(
    godwit *g, int (*ask)(void *data, const char *text, const char *expect), void *data)
{
    g->ask = ask;
    g->ask_data = data;
}

void
godwit_stop(godwit *g)
{
    g_atomic_int_inc(&g->stops);
}

godwit_type
godwit_value_type(const godwit_value *value)
{
    JsonNode *node = node_of(value);
    if (node == NULL || JSON_NODE_HOLDS_NULL(node))
    {
        return GODWIT_NULL;
    }
    if (JSON_NODE_HOLDS_OBJECT(node))
    {
        return GODWIT_OBJECT;
    }
    if (JSON_NODE_HOLDS_ARRAY(node))
    {
        return GODWIT_LIST;
    }
    GType type = json_node_get_value_type(node);
    if (type == G_TYPE_BOOLEAN)
    {
        return GODWIT_BOOLEAN;
    }
    if (type == G_TYPE_STRING)
    {
        return GODWIT_TEXT;
    }
    return type == G_TYPE_INT64 ? GODWIT_INTEGER : GODWIT_NUMBER;
}

const godwit_value *
godwit_value_get(const godwit_value *object, const char *key)
{
    if (godwit_value_type(object) != GODWIT_OBJECT)
    {
        return NULL;
    }
    return value_of(json_object_get_member(json_node_get_object(node_of(object)), key));
}

const godwit_value *
godwit_value_at(const godwit_value *list, size_t index)
{
    if (index >= godwit_value_count(list))
    {
        return NULL;
    }
    return value_of(json_array_get_element(json_node_get_array(node_of(list)), (guint)index));
}

size_t
godwit_value_count(const godwit_value *list)
{
    if (godwit_value_type(list) != GODWIT_LIST)
    {
        return 0;
    }
    return json_array_get_length(json_node_get_array(node_of(list)));
}

const char *
godwit_value_text(const godwit_value *value)
{
    return godwit_value_type(value) == GODWIT_TEXT ? json_node_get_string(node_of(value)) : NULL;
}

int64_t
godwit_value_integer(const godwit_value *value)
{
    return godwit_value_type(value) == GODWIT_INTEGER ? json_node_get_int(node_of(value)) : 0;
}

int
godwit_value_boolean(const godwit_value *value)
{
    gboolean is = godwit_value_type(value) == GODWIT_BOOLEAN;
    return is && json_node_get_boolean(node_of(value));
}

char *
godwit_value_json(const godwit_value *value, unsigned indent)
{
    return value != NULL ? json_to_string(node_of(value), indent > 0) : g_strdup("null");
}

void
godwit_text_free(char *text)
{
    g_free(text);
}
