#include "api/handle.h"

#include "api/drivers.h"

const char *
godwit_version(void)
{
    return GW_VERSION;
}

const char *const *
godwit_engines(void)
{
    static const char *const engines[] = {
        "sqlite",
#if GW_POSTGRES
        "postgres",
#endif
#if GW_MARIADB
        "mariadb",
#endif
        NULL,
    };
    return engines;
}

godwit *
godwit_new(void)
{
    godwit *g = g_new0(godwit, 1);
    g->settings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return g;
}

void
godwit_free(godwit *g)
{
    if (g == NULL)
    {
        return;
    }
    g_hash_table_unref(g->settings);
    g_clear_error(&g->error);
    g_free(g->code);
    g_clear_pointer(&g->result, json_node_unref);
    g_free(g);
}

int
gw_api_fail(godwit *g, GError *error)
{
    g_clear_error(&g->error);
    g_clear_pointer(&g->code, g_free);
    g->error = error;
    if (error == NULL)
    {
        return GODWIT_DONE;
    }
    int number = error->domain == GW_ERROR ? error->code : GW_CODE_INTERNAL;
    g->code = g_strdup(gw_code_find(number)->shown);
    return gw_error_exit(error);
}

int
godwit_set(godwit *g, const char *key, const char *value)
{
    static const char *const keys[] = {
        "url", "target", "dir", "config", "confirm", "yes", "folder", "verbose", NULL};
    if (!g_strv_contains(keys, key))
    {
        GError *error = NULL;
        gw_fail(&error, GW_CODE_USAGE, "there is no setting \"%s\"", key);
        return gw_api_fail(g, error);
    }
    if (value == NULL)
    {
        g_hash_table_remove(g->settings, key);
    }
    else
    {
        g_hash_table_insert(g->settings, g_strdup(key), g_strdup(value));
    }
    return GODWIT_DONE;
}

const godwit_value *
godwit_result(const godwit *g)
{
    return (const godwit_value *)g->result;
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
    atomic_fetch_add(&g->stop, 1);
}

const char *
godwit_error_code(const godwit *g)
{
    return g->code;
}

const char *
godwit_error_message(const godwit *g)
{
    return g->error == NULL ? NULL : g->error->message;
}

const char *
godwit_error_hint(const godwit *g)
{
    return gw_error_hint(g->error);
}

const char *
godwit_error_state(const godwit *g)
{
    return gw_error_state(g->error);
}

const char *
godwit_error_next(const godwit *g)
{
    return gw_error_next(g->error);
}

const char *
godwit_error_sqlstate(const godwit *g)
{
    return gw_error_sqlstate(g->error);
}

const char *
godwit_error_file(const godwit *g)
{
    const gw_position *position = gw_error_position(g->error);
    return position == NULL ? NULL : position->file;
}

const char *
godwit_error_text(const godwit *g)
{
    const gw_position *position = gw_error_position(g->error);
    return position == NULL ? NULL : position->text;
}

unsigned
godwit_error_line(const godwit *g)
{
    const gw_position *position = gw_error_position(g->error);
    return position == NULL ? 0 : position->line;
}

unsigned
godwit_error_column(const godwit *g)
{
    const gw_position *position = gw_error_position(g->error);
    return position == NULL ? 0 : position->column;
}

unsigned
godwit_error_length(const godwit *g)
{
    const gw_position *position = gw_error_position(g->error);
    return position == NULL ? 0 : position->length;
}
