#include "db/wrapped.h"

#include "base/clock.h"

/* A result of the inner driver. */
typedef struct gw_wrapped_rows
{
    gw_wrapped *wrapped;
    gpointer inner; /* NULL once the connection was dropped */
} gw_wrapped_rows;

static gboolean
lost(const gw_call *call, GError **error)
{
    g_clear_error(error);
    gw_fail(error, GW_CODE_CONNECTION_LOST, "the connection was lost during %s", call->entry);
    return FALSE;
}

/* Close the inner connection, as a network does: without asking, in the middle of anything. */
static void
drop(gw_wrapped *wrapped)
{
    gw_mutex_lock(&wrapped->mutex);
    for (guint i = 0; i < wrapped->rows->len; i++)
    {
        gw_wrapped_rows *rows = g_ptr_array_index(wrapped->rows, i);
        wrapped->inner->connection->finish(rows->inner);
        rows->inner = NULL;
    }
    g_ptr_array_set_size(wrapped->rows, 0);
    if (wrapped->self != NULL)
    {
        wrapped->inner->connection->close(wrapped->self);
        wrapped->self = NULL;
    }
    gw_mutex_unlock(&wrapped->mutex);
}

static gboolean
drops(gw_wrapped *wrapped, const gw_call *call,
    gw_hook_answer (*hook)(gpointer data, const gw_call *call))
{
    if (hook == NULL || hook(wrapped->wrapper->hooks.data, call) == GW_HOOK_GO_ON)
    {
        return FALSE;
    }
    drop(wrapped);
    return TRUE;
}

gboolean
gw_wrapped_enter(gw_wrapped *wrapped, gw_call *call, GError **error)
{
    gboolean opening = g_str_equal(call->entry, "open");
    if ((wrapped->self == NULL && !opening) || drops(wrapped, call, wrapped->wrapper->hooks.before))
    {
        return lost(call, error);
    }
    wrapped->start = gw_clock_now();
    return TRUE;
}

gboolean
gw_wrapped_leave(gw_wrapped *wrapped, gw_call *call, gboolean done, GError **error)
{
    call->microseconds = gw_clock_now() - wrapped->start;
    call->error = done || error == NULL ? NULL : *error;
    if (drops(wrapped, call, wrapped->wrapper->hooks.after))
    {
        return lost(call, error);
    }
    return done;
}

static gw_wrapped *
wrapped_new(const gw_connect *how)
{
    gw_wrapped *wrapped = g_new0(gw_wrapped, 1);
    wrapped->wrapper = (const gw_wrapper *)(gconstpointer)how->driver;
    wrapped->inner = wrapped->wrapper->inner;
    wrapped->rows = g_ptr_array_new();
    gw_mutex_init(&wrapped->mutex);
    return wrapped;
}

static void
wrapped_close(gpointer data)
{
    gw_wrapped *wrapped = data;
    gw_call call = {.entry = "close"};
    if (wrapped->self != NULL && gw_wrapped_enter(wrapped, &call, NULL))
    {
        drop(wrapped);
        gboolean done = gw_wrapped_leave(wrapped, &call, TRUE, NULL);
        (void)done;
    }
    g_ptr_array_unref(wrapped->rows);
    gw_mutex_clear(&wrapped->mutex);
    g_free(wrapped);
}

/* Open, or adopt `native` when it is not NULL. */
static gpointer
open_or_adopt(gpointer native, const gw_connect *how, gw_place *place, GError **error)
{
    gw_wrapped *wrapped = wrapped_new(how);
    const gw_connection_table *inner = wrapped->inner->connection;
    gw_connect within = *how;
    gw_call call = {.entry = "open", .effect = TRUE};
    within.driver = wrapped->inner;
    if (gw_wrapped_enter(wrapped, &call, error))
    {
        wrapped->self = native == NULL ? inner->open(&within, place, error)
                                       : inner->adopt(native, &within, place, error);
        if (gw_wrapped_leave(wrapped, &call, wrapped->self != NULL, error))
        {
            return wrapped;
        }
    }
    wrapped_close(wrapped);
    return NULL;
}

static gpointer
wrapped_open(const gw_connect *how, gw_place *place, GError **error)
{
    return open_or_adopt(NULL, how, place, error);
}

static gboolean
wrapped_exec(gpointer data, const char *sql, gsize length, gint64 *affected, GError **error)
{
    gw_wrapped *wrapped = data;
    gw_call call = {.entry = "exec", .effect = TRUE, .sql = sql, .length = length};
    return gw_wrapped_enter(wrapped, &call, error) &&
           gw_wrapped_leave(wrapped, &call,
               wrapped->inner->connection->exec(wrapped->self, sql, length, affected, error),
               error);
}

/* Does a statement only read, as far as its first word tells? */
static gboolean
only_reads(const char *sql)
{
    static const char *const words[] = {"SELECT", "SHOW", "VALUES", "EXPLAIN"};
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
    {
        if (g_ascii_strncasecmp(sql, words[i], strlen(words[i])) == 0)
        {
            return TRUE;
        }
    }
    return FALSE;
}

static gpointer
wrapped_query(gpointer data, const char *sql, const gw_value *parameters, guint count,
    gboolean keep, GError **error)
{
    gw_wrapped *wrapped = data;
    gw_call call = {
        .entry = "query", .effect = !only_reads(sql), .sql = sql, .length = strlen(sql)};
    if (!gw_wrapped_enter(wrapped, &call, error))
    {
        return NULL;
    }
    gw_wrapped_rows *rows = g_new0(gw_wrapped_rows, 1);
    rows->wrapped = wrapped;
    rows->inner =
        wrapped->inner->connection->query(wrapped->self, sql, parameters, count, keep, error);
    gboolean done = rows->inner != NULL;
    if (done)
    {
        g_ptr_array_add(wrapped->rows, rows);
    }
    if (!gw_wrapped_leave(wrapped, &call, done, error))
    {
        g_free(rows); /* a drop has finished the inner one */
        return NULL;
    }
    return rows;
}

static gboolean
wrapped_next(gpointer data, const gw_cell **cells, guint *columns, GError **error)
{
    gw_wrapped_rows *rows = data;
    static const gw_call call = {.entry = "next"};
    if (rows->inner == NULL)
    {
        return lost(&call, error);
    }
    return rows->wrapped->inner->connection->next(rows->inner, cells, columns, error);
}

static gint64
wrapped_affected(gpointer data)
{
    gw_wrapped_rows *rows = data;
    return rows->inner == NULL ? -1 : rows->wrapped->inner->connection->affected(rows->inner);
}

static const char *
wrapped_column(gpointer data, guint index)
{
    gw_wrapped_rows *rows = data;
    return rows->inner == NULL ? NULL
                               : rows->wrapped->inner->connection->column(rows->inner, index);
}

static void
wrapped_finish(gpointer data)
{
    gw_wrapped_rows *rows = data;
    if (rows->inner != NULL)
    {
        g_ptr_array_remove_fast(rows->wrapped->rows, rows);
        rows->wrapped->inner->connection->finish(rows->inner);
    }
    g_free(rows);
}

static gboolean
wrapped_pipeline_begin(gpointer data, GError **error)
{
    gw_wrapped *wrapped = data;
    gw_call call = {.entry = "pipeline_begin"};
    return gw_wrapped_enter(wrapped, &call, error) &&
           gw_wrapped_leave(wrapped, &call,
               wrapped->inner->connection->pipeline_begin(wrapped->self, error), error);
}

static gboolean
wrapped_pipeline_send(gpointer data, const char *sql, gsize length, const gw_value *parameters,
    guint count, GError **error)
{
    gw_wrapped *wrapped = data;
    gw_call call = {.entry = "pipeline_send", .effect = TRUE, .sql = sql, .length = length};
    return gw_wrapped_enter(wrapped, &call, error) &&
           gw_wrapped_leave(wrapped, &call,
               wrapped->inner->connection->pipeline_send(
                   wrapped->self, sql, length, parameters, count, error),
               error);
}

static gboolean
wrapped_pipeline_flush(gpointer data, guint *failed, gint64 *affected, GError **error)
{
    gw_wrapped *wrapped = data;
    gw_call call = {.entry = "pipeline_flush", .effect = TRUE};
    return gw_wrapped_enter(wrapped, &call, error) &&
           gw_wrapped_leave(wrapped, &call,
               wrapped->inner->connection->pipeline_flush(wrapped->self, failed, affected, error),
               error);
}

static guint
wrapped_pipeline_answered(gpointer data)
{
    gw_wrapped *wrapped = data;
    gw_mutex_lock(&wrapped->mutex);
    guint answered = wrapped->self == NULL
                         ? G_MAXUINT
                         : wrapped->inner->connection->pipeline_answered(wrapped->self);
    gw_mutex_unlock(&wrapped->mutex);
    return answered;
}

static void
wrapped_pipeline_mark(gpointer data)
{
    gw_wrapped *wrapped = data;
    if (wrapped->self != NULL)
    {
        wrapped->inner->connection->pipeline_mark(wrapped->self);
    }
}

static gboolean
wrapped_limit(gpointer data, const gw_limits *limits, gboolean in_transaction, GError **error)
{
    gw_wrapped *wrapped = data;
    gw_call call = {.entry = "limit"};
    return gw_wrapped_enter(wrapped, &call, error) &&
           gw_wrapped_leave(wrapped, &call,
               wrapped->inner->connection->limit(wrapped->self, limits, in_transaction, error),
               error);
}

static gboolean
wrapped_lock(gpointer data, const char *name, gboolean *taken, GError **error)
{
    gw_wrapped *wrapped = data;
    gw_call call = {.entry = "lock", .effect = TRUE};
    return gw_wrapped_enter(wrapped, &call, error) &&
           gw_wrapped_leave(wrapped, &call,
               wrapped->inner->connection->lock(wrapped->self, name, taken, error), error);
}

static void
wrapped_unlock(gpointer data, const char *name)
{
    gw_wrapped *wrapped = data;
    gw_call call = {.entry = "unlock", .effect = TRUE};
    if (gw_wrapped_enter(wrapped, &call, NULL))
    {
        wrapped->inner->connection->unlock(wrapped->self, name);
        gboolean done = gw_wrapped_leave(wrapped, &call, TRUE, NULL);
        (void)done;
    }
}

static void
wrapped_lock_note(gpointer data, const char *name, const char *text)
{
    gw_wrapped *wrapped = data;
    gw_mutex_lock(&wrapped->mutex);
    if (wrapped->self != NULL)
    {
        wrapped->inner->connection->lock_note(wrapped->self, name, text);
    }
    gw_mutex_unlock(&wrapped->mutex);
}

static char *
wrapped_lock_noted(gpointer data, const char *name)
{
    gw_wrapped *wrapped = data;
    return wrapped->self == NULL ? NULL
                                 : wrapped->inner->connection->lock_noted(wrapped->self, name);
}

static gboolean
wrapped_reset(gpointer data, GError **error)
{
    gw_wrapped *wrapped = data;
    gw_call call = {.entry = "reset"};
    return gw_wrapped_enter(wrapped, &call, error) &&
           gw_wrapped_leave(
               wrapped, &call, wrapped->inner->connection->reset(wrapped->self, error), error);
}

static void
wrapped_on_notice(gpointer data, void (*notice)(gpointer data, const char *text), gpointer to)
{
    gw_wrapped *wrapped = data;
    if (wrapped->self != NULL)
    {
        wrapped->inner->connection->on_notice(wrapped->self, notice, to);
    }
}

static void
wrapped_cancel(gpointer data)
{
    gw_wrapped *wrapped = data;
    gw_mutex_lock(&wrapped->mutex);
    if (wrapped->self != NULL)
    {
        wrapped->inner->connection->cancel(wrapped->self);
    }
    gw_mutex_unlock(&wrapped->mutex);
}

static gboolean
wrapped_alive(gpointer data)
{
    gw_wrapped *wrapped = data;
    return wrapped->self != NULL && (wrapped->inner->connection->alive == NULL ||
                                        wrapped->inner->connection->alive(wrapped->self));
}

/* The wrapped entry where the inner driver has one. */
#define WHERE(entry) (inner->entry == NULL ? NULL : wrapped_##entry)

static gw_connection_table
connection_table(const gw_connection_table *inner)
{
    return (gw_connection_table){
        .open = wrapped_open,
        .adopt = inner->adopt == NULL ? NULL : open_or_adopt,
        .close = wrapped_close,
        .exec = wrapped_exec,
        .query = wrapped_query,
        .next = wrapped_next,
        .affected = wrapped_affected,
        .column = wrapped_column,
        .finish = wrapped_finish,
        .pipeline_begin = WHERE(pipeline_begin),
        .pipeline_send = WHERE(pipeline_send),
        .pipeline_flush = WHERE(pipeline_flush),
        .pipeline_answered = WHERE(pipeline_answered),
        .pipeline_mark = WHERE(pipeline_mark),
        .limit = WHERE(limit),
        .lock = WHERE(lock),
        .unlock = WHERE(unlock),
        .lock_note = WHERE(lock_note),
        .lock_noted = WHERE(lock_noted),
        .reset = WHERE(reset),
        .on_notice = WHERE(on_notice),
        .cancel = WHERE(cancel),
        .alive = wrapped_alive,
    };
}

gw_wrapper *
gw_wrapper_new(const gw_driver *inner, const gw_hooks *hooks)
{
    gw_wrapper *wrapper = g_new0(gw_wrapper, 1);
    wrapper->driver = *inner;
    wrapper->inner = inner;
    wrapper->hooks = *hooks;
    if (inner->connection != NULL)
    {
        wrapper->connection = connection_table(inner->connection);
        wrapper->driver.connection = &wrapper->connection;
        gw_wrapper_fill_tables(wrapper);
    }
    return wrapper;
}

void
gw_wrapper_free(gw_wrapper *wrapper)
{
    g_free(wrapper);
}

gpointer
gw_wrapper_data(const gw_wrapper *wrapper)
{
    return wrapper->hooks.data;
}

const gw_driver *
gw_wrapper_driver(const gw_wrapper *wrapper)
{
    return &wrapper->driver;
}
