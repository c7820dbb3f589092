#include <poll.h>
#include <sys/socket.h>

#include "drivers/postgres/failure.h"
#include "drivers/postgres/statement.h"
#include "sql/words.h"

/* How much may be sent and unanswered: libpq keeps a copy of each statement, the server of each
 * answer. */
#define WINDOW_COUNT 256
#define WINDOW_BYTES (256 * 1024)

typedef enum entry_kind
{
    ENTRY_STATEMENT,
    ENTRY_PREPARE, /* of the statement that follows */
    ENTRY_OWN,     /* the driver's own: does not count */
    ENTRY_SYNC,
} entry_kind;

/* A command that was sent and is not answered yet. */
typedef struct entry
{
    entry_kind kind;
    guint index; /* of the caller's statement */
    gsize bytes;
    char *key; /* of the statement that is prepared: its text */
    gw_pg_effect effect;
} entry;

struct gw_pg_pipeline
{
    GQueue entries; /* of entry *, the oldest first */
    gsize bytes;
    guint sent;      /* statements of the caller so far */
    GError *failure; /* the first one */
    guint failed;    /* whose it is */
    gint64 affected; /* by the statement that was answered last */
};

gboolean
gw_pg_pipeline_begin(gpointer data, GError **error)
{
    gw_postgres *self = data;
    if (self->pipeline != NULL || PQenterPipelineMode(self->native) != 1)
    {
        gw_fail(error,
            PQstatus(self->native) == CONNECTION_BAD ? GW_CODE_CONNECTION_LOST : GW_CODE_INTERNAL,
            "the pipeline cannot be opened: %s",
            self->pipeline != NULL ? "it is open" : PQerrorMessage(self->native));
        return FALSE;
    }
    PQsetnonblocking(self->native, 1);
    self->pipeline = g_new0(gw_pg_pipeline, 1);
    self->pipeline->affected = -1;
    g_atomic_int_set(&self->answered, 0);
    g_queue_init(&self->pipeline->entries);
    return TRUE;
}

static void
push(gw_pg_pipeline *pipeline, entry what)
{
    entry *made = g_new(entry, 1);
    *made = what;
    made->index = pipeline->sent;
    g_queue_push_tail(&pipeline->entries, made);
    pipeline->bytes += what.bytes;
}

static void
entry_free(gpointer data)
{
    entry *old = data;
    g_free(old->key);
    g_free(old);
}

void
gw_pg_pipeline_free(gw_pg_pipeline *pipeline)
{
    g_queue_clear_full(&pipeline->entries, entry_free);
    g_clear_error(&pipeline->failure);
    g_free(pipeline);
}

/* The oldest command is answered, with or without success. */
static void
pop(gw_postgres *self, gboolean done)
{
    gw_pg_pipeline *pipeline = self->pipeline;
    entry *oldest = g_queue_pop_head(&pipeline->entries);
    pipeline->bytes -= oldest->bytes;
    if (oldest->kind == ENTRY_STATEMENT)
    {
        g_atomic_int_set(&self->answered, oldest->index + 1);
    }
    if (oldest->kind == ENTRY_PREPARE && !done)
    {
        g_hash_table_remove(self->kept, oldest->key);
    }
    else if (oldest->kind == ENTRY_PREPARE)
    {
        gw_pg_kept *kept = g_hash_table_lookup(self->kept, oldest->key);
        if (kept != NULL)
        {
            kept->ready = TRUE;
        }
    }
    entry_free(oldest);
}

/* Keep the first failure, which takes over `*failure`. */
static void
record(gw_pg_pipeline *pipeline, guint index, GError *failure)
{
    if (pipeline->failure != NULL)
    {
        g_error_free(failure);
        return;
    }
    pipeline->failure = failure;
    pipeline->failed = MIN(index, MAX(pipeline->sent, 1) - 1);
}

/* The connection is gone: nothing will be answered any more. */
static void
lose(gw_postgres *self)
{
    gw_pg_pipeline *pipeline = self->pipeline;
    const entry *oldest = g_queue_peek_head(&pipeline->entries);
    GError *failure = NULL;
    gw_pg_failure_set(&failure, self->native, NULL);
    record(pipeline, oldest == NULL ? pipeline->sent : oldest->index, failure);
    while (!g_queue_is_empty(&pipeline->entries))
    {
        pop(self, FALSE);
    }
}

/* One result of the oldest command. */
static void
take(gw_postgres *self, const entry *oldest, const PGresult *result)
{
    GError *failure = NULL;
    switch (PQresultStatus(result))
    {
    case PGRES_PIPELINE_ABORTED:
        break;
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
        if (oldest->kind == ENTRY_STATEMENT)
        {
            self->pipeline->affected = gw_pg_statement_affected(result);
        }
        if (!gw_pg_statement_committed(oldest->effect, result, &failure))
        {
            record(self->pipeline, oldest->index, failure);
        }
        break;
    case PGRES_EMPTY_QUERY:
    case PGRES_SINGLE_TUPLE:
        break;
    case PGRES_COPY_IN:
    case PGRES_COPY_OUT:
    case PGRES_COPY_BOTH: /* server and libpq would now wait for each other: hang up */
        gw_fail(&failure, GW_CODE_CONNECTION_LOST, "COPY with data cannot run in the pipeline");
        record(self->pipeline, oldest->index, failure);
        shutdown(PQsocket(self->native), SHUT_RDWR);
        break;
    default:
        gw_pg_failure_set(&failure, self->native, result);
        record(self->pipeline, oldest->index, failure);
        break;
    }
}

/* Take the next answer that is there. */
static void
receive(gw_postgres *self)
{
    gw_pg_pipeline *pipeline = self->pipeline;
    const entry *oldest = g_queue_peek_head(&pipeline->entries);
    g_autoptr(PGresult) result = PQgetResult(self->native);
    if (result == NULL)
    {
        if (PQstatus(self->native) == CONNECTION_BAD)
        {
            lose(self);
            return;
        }
        pop(self, pipeline->failure == NULL);
        PQsetSingleRowMode(self->native); /* of the next one: its rows are thrown away */
        return;
    }
    if (PQresultStatus(result) == PGRES_PIPELINE_SYNC)
    {
        pop(self, TRUE);
        return;
    }
    take(self, oldest, result);
}

/* Send what waits, take what came, until at most `count` commands and `bytes` are unanswered. */
static void
work(gw_postgres *self, guint count, gsize bytes)
{
    gw_pg_pipeline *pipeline = self->pipeline;
    while (!g_queue_is_empty(&pipeline->entries) &&
           (pipeline->entries.length > count || pipeline->bytes > bytes))
    {
        gboolean unsent = PQflush(self->native) == 1;
        if (!PQisBusy(self->native))
        {
            receive(self);
            continue;
        }
        struct pollfd socket = {
            .fd = PQsocket(self->native), .events = (short)(unsent ? POLLIN | POLLOUT : POLLIN)};
        (void)poll(&socket, 1, -1); /* a signal wakes it: that does no harm */
        if (!PQconsumeInput(self->native))
        {
            lose(self);
        }
    }
}

/* Is it COPY that sends or wants data over this connection? */
static gboolean
is_copy_with_data(const char *sql, gsize length)
{
    gw_words words;
    gw_words_init(&words, &gw_postgres_dialect.lexis, sql, length);
    gw_words out = words;
    return gw_words_find(&words, "STDIN", FALSE) || gw_words_find(&out, "STDOUT", FALSE);
}

/* Send a command, and what has to be known of it when it is answered. */
static gboolean
post(gw_postgres *self, const char *sql, const gw_value *parameters, guint count, entry what)
{
    gw_pg_pipeline *pipeline = self->pipeline;
    gboolean first = g_queue_is_empty(&pipeline->entries);
    gboolean keep = count > 0 && !self->place.pooled;
    gw_pg_kept *kept = keep ? gw_pg_kept_get(self, sql) : NULL;
    if (kept != NULL && !kept->sent)
    {
        if (!gw_pg_statement_prepare(self, kept, sql))
        {
            return FALSE;
        }
        kept->sent = TRUE;
        push(pipeline, (entry){.kind = ENTRY_PREPARE, .key = g_strdup(sql)});
    }
    if (!gw_pg_statement_send(self, kept, sql, parameters, count))
    {
        return FALSE;
    }
    push(pipeline, what);
    if (first)
    {
        PQsetSingleRowMode(self->native);
    }
    if (pipeline->entries.length > WINDOW_COUNT || pipeline->bytes > WINDOW_BYTES)
    {
        PQsendFlushRequest(self->native);
        work(self, WINDOW_COUNT / 2, WINDOW_BYTES / 2);
    }
    return TRUE;
}

/* A copy of the first failure; FALSE when there is one. */
static gboolean
still_good(const gw_pg_pipeline *pipeline, GError **error)
{
    if (pipeline->failure != NULL && error != NULL)
    {
        *error = g_error_copy(pipeline->failure);
    }
    return pipeline->failure == NULL;
}

gboolean
gw_pg_pipeline_send(gpointer data, const char *sql, gsize length, const gw_value *parameters,
    guint count, GError **error)
{
    gw_postgres *self = data;
    gw_pg_pipeline *pipeline = self->pipeline;
    GError *failure = NULL;
    if (!still_good(pipeline, error))
    {
        return FALSE;
    }
    entry what = {.bytes = length, .effect = gw_pg_statement_effect(sql, length)};
    g_autofree char *text = g_strndup(sql, length);
    if (what.effect == GW_PG_EFFECT_COPY && is_copy_with_data(sql, length))
    {
        gw_fail(&failure, GW_CODE_INTERNAL, "COPY with data was sent into the pipeline");
    }
    else if (!post(self, text, parameters, count, what))
    {
        gw_pg_failure_set(&failure, self->native, NULL);
    }
    if (failure != NULL)
    {
        record(pipeline, pipeline->sent, failure);
        pipeline->failed = pipeline->sent;
    }
    if (what.effect == GW_PG_EFFECT_FORGET)
    {
        g_hash_table_remove_all(self->kept);
    }
    pipeline->sent++;
    return still_good(pipeline, error);
}

gboolean
gw_pg_pipeline_send_own(gw_postgres *self, const char *sql, GError **error)
{
    entry what = {.kind = ENTRY_OWN, .bytes = strlen(sql)};
    if (still_good(self->pipeline, NULL) && !post(self, sql, NULL, 0, what))
    {
        GError *failure = NULL;
        gw_pg_failure_set(&failure, self->native, NULL);
        record(self->pipeline, self->pipeline->sent, failure);
    }
    return still_good(self->pipeline, error);
}

guint
gw_pg_pipeline_answered(gpointer data)
{
    gw_postgres *self = data;
    return (guint)g_atomic_int_get(&self->answered);
}

void
gw_pg_pipeline_mark(gpointer data)
{
    const gw_postgres *self = data;
    /* When it cannot be sent, the next statement cannot either, and says so. */
    (void)PQsendFlushRequest(self->native);
}

gboolean
gw_pg_pipeline_flush(gpointer data, guint *failed, gint64 *affected_last, GError **error)
{
    gw_postgres *self = data;
    g_autoptr(gw_pg_pipeline) pipeline = self->pipeline;
    if (PQpipelineSync(self->native) == 1)
    {
        push(pipeline, (entry){.kind = ENTRY_SYNC});
        work(self, 0, 0);
    }
    else
    {
        lose(self);
    }
    self->pipeline = NULL;
    if (PQexitPipelineMode(self->native) != 1 && pipeline->failure == NULL)
    {
        gw_pg_failure_set(&pipeline->failure, self->native, NULL);
        pipeline->failed = pipeline->sent;
    }
    PQsetnonblocking(self->native, 0);
    if (affected_last != NULL)
    {
        *affected_last = pipeline->affected;
    }
    if (failed != NULL)
    {
        *failed = pipeline->failed;
    }
    if (pipeline->failure != NULL)
    {
        g_propagate_error(error, g_steal_pointer(&pipeline->failure));
        return FALSE;
    }
    return TRUE;
}
