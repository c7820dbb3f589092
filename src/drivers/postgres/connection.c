#include "drivers/postgres/connection.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "drivers/postgres/conninfo.h"
#include "drivers/postgres/failure.h"
#include "drivers/postgres/statement.h"

#define ASK_AGAIN (5 * G_USEC_PER_SEC)

static void
on_notice_received(void *data, const PGresult *result)
{
    const gw_postgres *self = data;
    const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY);
    const char *primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (self->notice != NULL && primary != NULL)
    {
        g_autofree char *text =
            g_strdup_printf("%s: %s", severity == NULL ? "NOTICE" : severity, primary);
        self->notice(self->notice_data, text);
    }
}

/* Wait until libpq can go on with connecting; FALSE when the time is over. */
static gboolean
await_connecting(PGconn *native, PostgresPollingStatusType state, gint64 deadline)
{
    gint64 left = deadline - gw_clock_now();
    struct pollfd socket = {
        .fd = PQsocket(native), .events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT};
    return left > 0 && socket.fd >= 0 && poll(&socket, 1, (int)(left / 1000) + 1) > 0;
}

/*
 * The text of a refusal may be in any language. A second try that asks for SQLSTATEs tells what it
 * means; NULL when that gives nothing either.
 */
static PGconn *
refusal_with_state(const gw_pg_conninfo *info)
{
    gint64 deadline = gw_clock_now() + ASK_AGAIN;
    PGconn *native = PQconnectStartParams(
        (const char *const *)info->keywords, (const char *const *)info->values, 0);
    PostgresPollingStatusType state = PGRES_POLLING_WRITING;
    PQsetErrorVerbosity(native, PQERRORS_VERBOSE);
    while (PQstatus(native) != CONNECTION_BAD && state != PGRES_POLLING_FAILED &&
           state != PGRES_POLLING_OK && await_connecting(native, state, deadline))
    {
        state = PQconnectPoll(native);
    }
    return native;
}

static PGconn *
connect_with(const gw_pg_conninfo *info, GError **error)
{
    g_autoptr(PGconn) native = PQconnectdbParams(
        (const char *const *)info->keywords, (const char *const *)info->values, 0);
    if (PQstatus(native) == CONNECTION_OK)
    {
        return g_steal_pointer(&native);
    }
    if (!gw_pg_failure_is_plain(PQerrorMessage(native)))
    {
        g_autoptr(PGconn) second = refusal_with_state(info);
        gboolean refused = PQstatus(second) == CONNECTION_BAD;
        gw_pg_failure_connect(error, refused ? second : native, info->host, info->password);
        return NULL;
    }
    gw_pg_failure_connect(error, native, info->host, info->password);
    return NULL;
}

static void
place_clear(gw_place *place)
{
    g_free(place->host);
    g_free(place->database);
    g_free(place->schema);
    g_free(place->user);
    g_free(place->version);
    g_free(place->identity);
    g_free(place->session);
}

static void
place_copy(gw_place *to, const gw_place *from)
{
    *to = *from;
    to->host = g_strdup(from->host);
    to->database = g_strdup(from->database);
    to->schema = g_strdup(from->schema);
    to->user = g_strdup(from->user);
    to->version = g_strdup(from->version);
    to->identity = g_strdup(from->identity);
    to->session = g_strdup(from->session);
}

static void
connection_close(gpointer data)
{
    gw_postgres *self = data;
    if (self->pipeline != NULL)
    {
        gw_pg_pipeline_free(self->pipeline);
    }
    if (self->borrowed)
    {
        gw_pg_session_restore(self);
    }
    else
    {
        PQfinish(self->native);
    }
    PQfreeCancel(self->cancel);
    g_hash_table_unref(self->kept);
    g_hash_table_unref(self->locks);
    place_clear(&self->place);
    g_free(self->reset);
    g_free(self->path);
    g_free(self->found);
    g_free(self);
}

/* Begin to speak through `native`; on failure it is closed unless it is borrowed. */
static gpointer
connection_begin(
    PGconn *native, gboolean borrowed, const gw_connect *how, gw_place *place, GError **error)
{
    gw_postgres *self = g_new0(gw_postgres, 1);
    self->native = native;
    self->borrowed = borrowed;
    self->kept = gw_pg_kept_new();
    self->locks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->cancel = PQgetCancel(native);
    if (!borrowed)
    {
        PQsetNoticeReceiver(native, on_notice_received, self);
    }
    if (!gw_pg_session_begin(self, how, error))
    {
        connection_close(self);
        return NULL;
    }
    place_copy(place, &self->place);
    return self;
}

static gpointer
connection_open(const gw_connect *how, gw_place *place, GError **error)
{
    g_autoptr(gw_pg_conninfo) info = gw_pg_conninfo_read(how, error);
    PGconn *native = info == NULL ? NULL : connect_with(info, error);
    return native == NULL ? NULL : connection_begin(native, FALSE, how, place, error);
}

/* An embedder's notices stay with its own receiver, which cannot be put back once replaced. */
static gpointer
connection_adopt(gpointer native, const gw_connect *how, gw_place *place, GError **error)
{
    static const gw_connect nothing = {0};
    if (!gw_pg_library_open(error))
    {
        return NULL;
    }
    if (PQstatus(native) != CONNECTION_OK || PQtransactionStatus(native) != PQTRANS_IDLE ||
        PQpipelineStatus(native) != PQ_PIPELINE_OFF || PQisnonblocking(native))
    {
        gw_fail(error, GW_CODE_USAGE,
            "a PostgreSQL connection can be handed over only when it is open, idle and blocking");
        return NULL;
    }
    return connection_begin(native, TRUE, how == NULL ? &nothing : how, place, error);
}

static void
connection_on_notice(
    gpointer data, void (*notice)(gpointer data, const char *text), gpointer notice_data)
{
    gw_postgres *self = data;
    self->notice = notice;
    self->notice_data = notice_data;
}

static void
connection_cancel(gpointer data)
{
    gw_postgres *self = data;
    char reason[256];
    /* A cancel that does not arrive leaves the statement running, as if it had come too late. */
    (void)PQcancel(self->cancel, reason, sizeof reason);
}

static gboolean
connection_alive(gpointer data)
{
    const gw_postgres *self = data;
    char byte = 0;
    if (PQstatus(self->native) != CONNECTION_OK)
    {
        return FALSE;
    }
    gssize got = recv(PQsocket(self->native), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

const gw_connection_table gw_postgres_connection = {
    .open = connection_open,
    .adopt = connection_adopt,
    .close = connection_close,
    .exec = gw_pg_rows_exec,
    .query = gw_pg_rows_query,
    .next = gw_pg_rows_read,
    .affected = gw_pg_rows_affected,
    .column = gw_pg_rows_name,
    .finish = gw_pg_rows_end,
    .pipeline_begin = gw_pg_pipeline_begin,
    .pipeline_send = gw_pg_pipeline_send,
    .pipeline_flush = gw_pg_pipeline_flush,
    .pipeline_answered = gw_pg_pipeline_answered,
    .pipeline_mark = gw_pg_pipeline_mark,
    .limit = gw_pg_session_limit,
    .lock = gw_pg_session_lock,
    .unlock = gw_pg_session_unlock,
    .reset = gw_pg_session_reset,
    .on_notice = connection_on_notice,
    .cancel = connection_cancel,
    .alive = connection_alive,
};
