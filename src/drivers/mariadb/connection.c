/* Opening, closing, cancelling; and the table of what a connection does. */
#include "drivers/mariadb/session.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

static void
connection_free(gw_mariadb *self)
{
    g_autoptr(GError) ignored = NULL; /* a handle that is gone is somebody else's to mend */
    gw_mariadb_pipeline_clear(self);
    g_hash_table_unref(self->statements);
    if (self->mysql != NULL && !self->adopted)
    {
        mysql_close(self->mysql);
    }
    else if (self->mysql != NULL && !gw_mariadb_single(self, ";", 1, &ignored))
    {
        g_debug("a connection keeps its permission: %s", ignored->message);
    }
    gw_mariadb_login_clear(self);
    gw_mariadb_address_free(self->address);
    g_free(self->database);
    g_free(self->role);
    g_free(self->speech);
    if (self->temporary != NULL)
    {
        g_string_free(self->temporary, TRUE);
    }
    g_free(self);
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
    memset(place, 0, sizeof *place);
}

static void
statement_close(gpointer statement)
{
    mysql_stmt_close(statement);
}

static gw_mariadb *
connection_new(MYSQL *mysql)
{
    gw_mariadb *self = g_new0(gw_mariadb, 1);
    self->mysql = mysql;
    self->real_mariadb = mariadb_connection(mysql) != 0;
    self->pipeline.affected = -1;
    self->statements = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, statement_close);
    return self;
}

/* So that a server whose machine is gone is noticed within a minute or two, not hours. */
static void
keep_alive(MYSQL *mysql)
{
    const struct
    {
        int option;
        int value;
    } options[] = {{TCP_KEEPIDLE, 30}, {TCP_KEEPINTVL, 10}, {TCP_KEEPCNT, 3}};
    int on = 1;
    int socket = (int)mysql_get_socket(mysql);
    setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    for (gsize i = 0; i < G_N_ELEMENTS(options); i++) /* refused on a local socket: no harm */
    {
        setsockopt(socket, IPPROTO_TCP, options[i].option, &options[i].value, sizeof(int));
    }
}

/* Read the place and the session's settings; on failure nothing is left of `self`. */
static gw_mariadb *
settled(gw_mariadb *self, const gw_connect *how, gw_place *place, GError **error)
{
    if (gw_mariadb_settle(self, how, place, error))
    {
        return self;
    }
    place_clear(place);
    connection_free(self);
    return NULL;
}

static gpointer
connection_open(const gw_connect *how, gw_place *place, GError **error)
{
    g_autoptr(gw_mariadb_address) address = gw_mariadb_address_new(how, error);
    if (address == NULL)
    {
        return NULL;
    }
    MYSQL *mysql = gw_mariadb_connect(address, error);
    if (mysql == NULL)
    {
        return NULL;
    }
    keep_alive(mysql);
    gw_mariadb *self = connection_new(mysql);
    self->address = g_steal_pointer(&address);
    return settled(self, how, place, error);
}

/* Where a handle that somebody else opened leads, so that it can be cancelled. */
static gw_mariadb_address *
address_of(MYSQL *mysql)
{
    gw_mariadb_address *address = g_new0(gw_mariadb_address, 1);
    address->host = g_strdup(mysql->host);
    address->user = g_strdup(mysql->user);
    address->password = g_strdup(mysql->passwd);
    address->database = g_strdup(mysql->db);
    address->socket = g_strdup(mysql->unix_socket);
    address->ca = g_strdup(mysql->options.ssl_ca);
    address->capath = g_strdup(mysql->options.ssl_capath);
    address->certificate = g_strdup(mysql->options.ssl_cert);
    address->key = g_strdup(mysql->options.ssl_key);
    address->port = mysql->port;
    address->timeout = 10 * (gint64)G_USEC_PER_SEC;
    address->tls =
        mysql_get_ssl_cipher(mysql) == NULL ? GW_MARIADB_TLS_PREFERRED : GW_MARIADB_TLS_REQUIRED;
    return address;
}

static gpointer
connection_adopt(gpointer native, const gw_connect *how, gw_place *place, GError **error)
{
    if (!gw_mariadb_library_open(error))
    {
        return NULL;
    }
    gw_mariadb *self = connection_new(native);
    self->adopted = TRUE;
    self->address = address_of(native);
    return settled(self, how, place, error);
}

static void
connection_close(gpointer data)
{
    gw_mariadb *self = data;
    if (self->adopted)
    {
        g_autoptr(GError) ignored = NULL; /* a handle that is gone needs no settings */
        gboolean done = gw_mariadb_reset(self, &ignored);
        (void)done;
    }
    connection_free(self);
}

gboolean
gw_mariadb_kill_query(MYSQL *over, gulong id, GError **error)
{
    static const guint gone[] = {1094, 1957}; /* no such thread, no such query: it has ended */
    g_autofree char *ask = g_strdup_printf("SELECT QUERY_ID FROM information_schema.PROCESSLIST "
                                           "WHERE ID = %lu AND COMMAND <> 'Sleep'",
        id);
    g_autofree char *kill = g_strdup_printf("KILL QUERY %lu", id);
    if (mariadb_connection(over))
    {
        /* By the number of the query, so that the next one of that session is never hit. */
        g_autoptr(MYSQL_RES) result = gw_mariadb_select(over, ask, error);
        MYSQL_ROW row = result == NULL ? NULL : mysql_fetch_row(result);
        if (row == NULL)
        {
            return result != NULL;
        }
        g_free(kill);
        kill = g_strdup_printf("KILL QUERY ID %s", row[0]);
    }
    g_autoptr(GError) reason = NULL;
    if (gw_mariadb_run(over, kill, &reason) || gw_error_native(reason) == (int)gone[0] ||
        gw_error_native(reason) == (int)gone[1])
    {
        return TRUE;
    }
    g_propagate_error(error, g_steal_pointer(&reason));
    return FALSE;
}

/* Uses only what never changes after opening, and a connection of its own. */
static void
connection_cancel(gpointer data)
{
    const gw_mariadb *self = data;
    g_autoptr(GError) ignored = NULL; /* who cancels cannot be told; the statement runs on */
    MYSQL *over = gw_mariadb_connect(self->address, &ignored);
    if (over != NULL)
    {
        gboolean done = gw_mariadb_kill_query(over, self->id, &ignored);
        (void)done;
        mysql_close(over);
    }
}

/* A server that ends a session says so in an error, before the client library sees the end. */
static gboolean
connection_alive(gpointer data)
{
    const gw_mariadb *self = data;
    return self->mysql->net.pvio != NULL && !gw_mariadb_is_lost(mysql_errno(self->mysql));
}

static void
connection_on_notice(gpointer data, void (*notice)(gpointer data, const char *text), gpointer user)
{
    gw_mariadb *self = data;
    self->notice = notice;
    self->notice_data = user;
}

static const gw_connection_table connection = {
    .open = connection_open,
    .adopt = connection_adopt,
    .close = connection_close,
    .exec = gw_mariadb_exec,
    .query = gw_mariadb_query,
    .next = gw_mariadb_next,
    .affected = gw_mariadb_affected,
    .column = gw_mariadb_column,
    .finish = gw_mariadb_finish,
    .pipeline_begin = gw_mariadb_pipeline_begin,
    .pipeline_send = gw_mariadb_pipeline_send,
    .pipeline_flush = gw_mariadb_pipeline_flush,
    .pipeline_answered = gw_mariadb_pipeline_answered,
    .limit = gw_mariadb_limit,
    .lock = gw_mariadb_lock,
    .unlock = gw_mariadb_unlock,
    .reset = gw_mariadb_reset,
    .on_notice = connection_on_notice,
    .cancel = connection_cancel,
    .alive = connection_alive,
};

static const char *const schemes[] = {"mariadb", "mysql", "mysql2", "mysql+pymysql",
    "mysql+mysqldb", "mysql+mysqlconnector", "mysql+mariadbconnector", "mariadb+mariadbconnector",
    "mariadb+pymysql", NULL};

const gw_driver gw_mariadb_driver = {
    .schemes = schemes,
    .claims = gw_mariadb_claims,
    .redact = gw_mariadb_redact,
    .dialect = &gw_mariadb_dialect,
    .connection = &connection,
    .catalog = &gw_mariadb_catalog,
    .vitals = &gw_mariadb_vitals,
};
