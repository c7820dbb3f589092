#include "drivers/trace/trace.h"

#include "base/text.h"

/* How much of a statement is told, in bytes. */
#define SHOWN 200

/* What the hook knows; stands in front of nothing, and is freed with the wrapper. */
typedef struct trace
{
    void (*line)(gpointer data, const char *text);
    gpointer data;
} trace;

/* The start of a statement on one line. */
static void
put_statement(GString *out, const char *sql, gsize length)
{
    gsize size = MIN(length, SHOWN);
    g_autofree char *text = g_utf8_make_valid(sql, (gssize)size);
    g_strdelimit(text, "\t\r\n", ' ');
    g_string_append_printf(out, " %s%s", text, size < length ? "…" : "");
}

static gw_hook_answer
after(gpointer data, const gw_call *call)
{
    const trace *self = data;
    g_autofree char *duration = gw_duration_print(call->microseconds);
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_printf(text, "%s %s", call->entry, duration);
    if (call->sql != NULL)
    {
        put_statement(text, call->sql, call->length);
    }
    if (call->error != NULL)
    {
        g_string_append_printf(
            text, " -> %s: %s", gw_code_find(call->error->code)->name, call->error->message);
    }
    self->line(self->data, text->str);
    return GW_HOOK_GO_ON;
}

gw_wrapper *
gw_trace_new(const gw_driver *inner, void (*line)(gpointer data, const char *text), gpointer data)
{
    trace *self = g_new0(trace, 1);
    const gw_hooks hooks = {.after = after, .data = self};
    self->line = line;
    self->data = data;
    return gw_wrapper_new(inner, &hooks);
}

void
gw_trace_free(gw_wrapper *wrapper)
{
    if (wrapper != NULL)
    {
        g_free(gw_wrapper_data(wrapper));
        gw_wrapper_free(wrapper);
    }
}
