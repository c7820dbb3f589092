#include "drivers/postgres/connection.h"
#include "drivers/postgres/failure.h"
#include "drivers/postgres/statement.h"

/*
 * What every session of godwit has: bounds that a role or database may have set are lifted, and a
 * server notices a dead client. Those that the server does not know are left out.
 */
#define OUR_SETTINGS                                                                               \
    "('lock_timeout','0'),('statement_timeout','0'),('idle_in_transaction_session_timeout','0'),"  \
    "('idle_session_timeout','0'),('transaction_timeout','0'),"                                    \
    "('client_connection_check_interval','2s'),('standard_conforming_strings','on'),"              \
    "('tcp_keepalives_idle','30'),('tcp_keepalives_interval','10'),('tcp_keepalives_count','3')"

#define SET_OURS                                                                                   \
    "SELECT count(pg_catalog.set_config(name, value, false)) FROM (VALUES " OUR_SETTINGS           \
    ") AS ours(name, value) WHERE pg_catalog.current_setting(name, true) IS NOT NULL"

/*
 * Take the ledger's schema, $4, out of the search path: what a migration creates without a schema
 * must not land there. A user of its name has it by "$user", also when it will be made later. NULL
 * when it is not in the path; "" when it is and the session is not ours.
 */
#define HIDE_LEDGER                                                                                \
    "(SELECT CASE WHEN count(*) FILTER (WHERE hidden) = 0 THEN NULL"                               \
    " WHEN pg_backend_pid() <> $1::int THEN '' ELSE set_config('search_path', coalesce("           \
    "string_agg(item, ', ' ORDER BY n) FILTER (WHERE NOT hidden), 'public'), false) END"           \
    " FROM (SELECT item, n, coalesce(btrim(item, '\"') = $4 OR (btrim(item, '\"') = '$user'"       \
    " AND current_user = $4), false) AS hidden FROM regexp_split_to_table("                        \
    "current_setting('search_path'), '\\s*,\\s*') WITH ORDINALITY AS p(item, n)) path)"

/*
 * What a session says of itself, after it is set up. $1 is the process that libpq knows, which is
 * another behind a pooler; $2 a role or NULL, $3 "on" for reading alone or NULL, $4 the schema of
 * the ledger or NULL. %s: the cluster's own number, or NULL.
 */
#define ABOUT                                                                                      \
    "SELECT (" SET_OURS " AND pg_backend_pid() = $1::int),"                                        \
    " CASE WHEN pg_backend_pid() = $1::int AND $2::text IS NOT NULL"                               \
    " THEN set_config('role', $2, false) END,"                                                     \
    " CASE WHEN pg_backend_pid() = $1::int AND $3::text IS NOT NULL"                               \
    " THEN set_config('default_transaction_read_only', $3, false) END,"                            \
    " " HIDE_LEDGER ","                                                                            \
    " pg_backend_pid(), (extract(epoch FROM a.backend_start) * 1000000)::bigint,"                  \
    " (SELECT s FROM unnest(current_schemas(false)) WITH ORDINALITY AS u(s, n)"                    \
    " WHERE s::text IS DISTINCT FROM $4 ORDER BY n LIMIT 1), current_database(), current_user,"    \
    " substring(current_setting('server_version') FROM '^[^ ]+'), pg_is_in_recovery(),"            \
    " (%s) || '/' || d.oid, current_setting('server_version_num')"                                 \
    " FROM pg_database d LEFT JOIN pg_stat_get_activity(pg_backend_pid()) a ON true"               \
    " WHERE d.datname = current_database()"

#define IDENTIFIER "SELECT system_identifier::text FROM pg_control_system()"

/* The columns of ABOUT. */
enum
{
    ABOUT_SET,
    ABOUT_ROLE,
    ABOUT_READ_ONLY,
    ABOUT_PATH,
    ABOUT_PID,
    ABOUT_START,
    ABOUT_SCHEMA,
    ABOUT_DATABASE,
    ABOUT_USER,
    ABOUT_VERSION,
    ABOUT_REPLICA,
    ABOUT_IDENTITY,
    ABOUT_NUMBER,
};

#define OLDEST_VERSION 120000

/* Settings that an embedder's session had before, and those that put it back to them. */
static const char found_settings[] =
    "SELECT 'SELECT ' || string_agg(format('pg_catalog.set_config(%L, %L, false)', name, setting),"
    " ', ') FROM (SELECT name, setting FROM pg_settings WHERE source = 'session' AND context IN"
    " ('user', 'superuser') UNION ALL SELECT 'role', current_setting('role')) found";

gboolean
gw_pg_session_run(gw_postgres *self, const char *sql, GError **error)
{
    g_autoptr(PGresult) result = PQexec(self->native, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    {
        gw_pg_failure_set(error, self->native, result);
        return FALSE;
    }
    return TRUE;
}

PGresult *
gw_pg_session_ask(
    gw_postgres *self, const char *sql, const char *const *values, guint count, GError **error)
{
    g_autoptr(PGresult) result =
        PQexecParams(self->native, sql, (int)count, NULL, values, NULL, NULL, 0);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    {
        gw_pg_failure_set(error, self->native, result);
        return NULL;
    }
    return g_steal_pointer(&result);
}

/* ABOUT, with what tells the cluster's number. */
static PGresult *
ask_with(gw_postgres *self, const gw_connect *how, const char *identifier, GError **error)
{
    g_autofree char *process = g_strdup_printf("%d", PQbackendPID(self->native));
    const char *values[] = {process, how->role, how->read_only ? "on" : NULL, how->ledger};
    g_autofree char *sql = g_strdup_printf(ABOUT, identifier);
    return gw_pg_session_ask(self, sql, values, G_N_ELEMENTS(values), error);
}

/* ABOUT, without the cluster's number where the user may not read it. */
static PGresult *
ask_about(gw_postgres *self, const gw_connect *how, GError **error)
{
    GError *failure = NULL;
    PGresult *result = ask_with(self, how, IDENTIFIER, &failure);
    if (result == NULL && gw_error_is(failure, GW_CODE_PRIVILEGE) && how->role == NULL)
    {
        g_clear_error(&failure);
        result = ask_with(self, how, "NULL::text", &failure);
    }
    if (failure != NULL)
    {
        g_propagate_error(error, failure);
    }
    return result;
}

/* One cell of the first row; NULL for SQL NULL. The caller frees it. */
static char *
cell(const PGresult *result, int column)
{
    return PQgetisnull(result, 0, column) ? NULL : g_strdup(PQgetvalue(result, 0, column));
}

static char *
shown_host(const PGconn *native)
{
    const char *host = PQhost(native);
    return host[0] == '/' ? g_strdup_printf("%s/.s.PGSQL.%s", host, PQport(native))
                          : g_strdup_printf("%s:%s", host, PQport(native));
}

static void
fill_place(gw_postgres *self, const PGresult *about)
{
    gw_place *place = &self->place;
    place->host = shown_host(self->native);
    place->database = cell(about, ABOUT_DATABASE);
    place->schema = cell(about, ABOUT_SCHEMA);
    place->user = cell(about, ABOUT_USER);
    place->version = cell(about, ABOUT_VERSION);
    place->identity = cell(about, ABOUT_IDENTITY);
    place->replica = PQgetvalue(about, 0, ABOUT_REPLICA)[0] == 't';
    place->tls = PQsslInUse((PGconn *)(guintptr)self->native) == 1;
    place->pooled =
        g_ascii_strtoll(PQgetvalue(about, 0, ABOUT_PID), NULL, 10) != PQbackendPID(self->native);
    if (!PQgetisnull(about, 0, ABOUT_START) && !place->pooled)
    {
        place->session = g_strdup_printf(
            "%s %s", PQgetvalue(about, 0, ABOUT_PID), PQgetvalue(about, 0, ABOUT_START));
    }
}

static void
append_name(GString *out, const char *before, const char *name)
{
    g_string_append(out, before);
    gw_postgres_dialect.quote_name(out, name);
    g_string_append(out, ";");
}

/* The statements of gw_pg_session_reset(). None of them releases advisory locks. */
static char *
reset_statements(const gw_postgres *self, const gw_connect *how)
{
    g_autoptr(GString) out = g_string_new("RESET SESSION AUTHORIZATION; RESET ALL;");
    if (self->place.pooled)
    {
        g_string_append(out, "CLOSE ALL; UNLISTEN *; DISCARD TEMP");
        return g_string_free(g_steal_pointer(&out), FALSE);
    }
    g_string_append_printf(out, "%s; " SET_OURS ";", self->found == NULL ? "" : self->found);
    if (how->role != NULL)
    {
        append_name(out, "SET ROLE ", how->role);
    }
    if (how->read_only)
    {
        g_string_append(out, "SET default_transaction_read_only = on;");
    }
    if (self->path != NULL)
    {
        g_string_append_printf(out, "SET search_path = %s;", self->path);
    }
    g_string_append(out,
        self->borrowed ? "CLOSE ALL"
                       : "CLOSE ALL; UNLISTEN *; DEALLOCATE ALL; DISCARD TEMP; DISCARD SEQUENCES");
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* What an embedder's session was set to, as a statement. */
static gboolean
remember_found(gw_postgres *self, GError **error)
{
    g_autoptr(PGresult) result = gw_pg_session_ask(self, found_settings, NULL, 0, error);
    if (result == NULL)
    {
        return FALSE;
    }
    self->found = cell(result, 0);
    if (PQsetClientEncoding(self->native, "UTF8") != 0)
    {
        gw_pg_failure_set(error, self->native, NULL);
        return FALSE;
    }
    return TRUE;
}

/* Refuse what this session could not keep. */
static gboolean
check_session(const gw_postgres *self, const gw_connect *how, int number, GError **error)
{
    if (number < OLDEST_VERSION)
    {
        gw_fail(error, GW_CODE_SERVER_VERSION, "PostgreSQL %s is too old", self->place.version);
        gw_error_add_hint(error == NULL ? NULL : *error, "PostgreSQL 12 or later is needed");
        return FALSE;
    }
    if (self->place.pooled && self->path != NULL)
    {
        gw_fail(error, GW_CODE_CONFIG,
            "the ledger's schema %s is in the search path, and a pooler keeps no other path",
            how->ledger);
        gw_error_add_hint(error == NULL ? NULL : *error,
            "\"$user\" is in the path by default: name the ledger otherwise, or log in as a role "
            "that is not called %s",
            how->ledger);
        gw_error_add_next(error == NULL ? NULL : *error, "edit godwit.yaml");
        return FALSE;
    }
    if (self->place.pooled && how->role != NULL)
    {
        gw_fail(error, GW_CODE_CONFIG,
            "role %s cannot be set behind a pooler, where the next transaction has another session",
            how->role);
        gw_error_add_hint(
            error == NULL ? NULL : *error, "connect to the server itself, or log in as that role");
        return FALSE;
    }
    return TRUE;
}

gboolean
gw_pg_session_begin(gw_postgres *self, const gw_connect *how, GError **error)
{
    if (self->borrowed && !remember_found(self, error))
    {
        return FALSE;
    }
    g_autoptr(PGresult) about = ask_about(self, how, error);
    if (about == NULL)
    {
        return FALSE;
    }
    fill_place(self, about);
    self->path = cell(about, ABOUT_PATH);
    self->reset = reset_statements(self, how);
    int number = (int)g_ascii_strtoll(PQgetvalue(about, 0, ABOUT_NUMBER), NULL, 10);
    return check_session(self, how, number, error);
}

void
gw_pg_session_restore(gw_postgres *self)
{
    GHashTableIter kept;
    gpointer statement = NULL;
    g_autoptr(GString) out = g_string_new(NULL);
    if (self->found == NULL || PQstatus(self->native) != CONNECTION_OK)
    {
        return;
    }
    if (PQtransactionStatus(self->native) != PQTRANS_IDLE)
    {
        PQclear(PQexec(self->native, "ROLLBACK"));
    }
    g_hash_table_iter_init(&kept, self->kept);
    while (g_hash_table_iter_next(&kept, NULL, &statement))
    {
        g_string_append_printf(out, "DEALLOCATE %s;", ((const gw_pg_kept *)statement)->name);
    }
    g_string_append_printf(out, "RESET ALL; %s", self->found);
    PQclear(PQexec(self->native, out->str));
}

/* "SET LOCAL lock_timeout = '50000us'": whole milliseconds are the server's unit, at least one. */
static char *
set_bound(const char *name, gint64 microseconds, gboolean local)
{
    gint64 milliseconds = (microseconds + 999) / 1000;
    return g_strdup_printf("SET %s %s = %" G_GINT64_FORMAT, local ? "LOCAL" : "SESSION", name,
        CLAMP(milliseconds, 0, G_MAXINT32));
}

gboolean
gw_pg_session_limit(gpointer data, const gw_limits *limits, gboolean in_transaction, GError **error)
{
    gw_postgres *self = data;
    g_autofree char *lock = set_bound("lock_timeout", limits->lock_wait, in_transaction);
    g_autofree char *statement = set_bound("statement_timeout", limits->statement, in_transaction);
    if (self->place.pooled && !in_transaction)
    {
        gboolean none = limits->lock_wait == 0 && limits->statement == 0;
        if (!none)
        {
            gw_fail(error, GW_CODE_UNSUPPORTED,
                "behind a pooler a statement outside a transaction cannot be bounded");
            gw_error_add_hint(error == NULL ? NULL : *error, "connect to the server itself");
        }
        return none;
    }
    if (self->pipeline != NULL)
    {
        return gw_pg_pipeline_send_own(self, lock, error) &&
               gw_pg_pipeline_send_own(self, statement, error);
    }
    g_autofree char *both = g_strconcat(lock, "; ", statement, NULL);
    return gw_pg_session_run(self, both, error);
}

/* The number that stands for a lock's name: the first 64 bits of its SHA-256, as a bigint. */
static char *
lock_number(const char *name)
{
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, name, -1);
    digest[16] = '\0';
    gint64 number = (gint64)g_ascii_strtoull(digest, NULL, 16);
    return g_strdup_printf("%" G_GINT64_FORMAT, number);
}

gboolean
gw_pg_session_lock(gpointer data, const char *name, gboolean *taken, GError **error)
{
    gw_postgres *self = data;
    g_autofree char *number = lock_number(name);
    const char *values[] = {number};
    if (self->place.pooled)
    {
        gw_fail(error, GW_CODE_UNSUPPORTED,
            "behind a pooler a lock of the session would outlive its client");
        return FALSE;
    }
    g_autoptr(PGresult) result = gw_pg_session_ask(
        self, "SELECT pg_catalog.pg_try_advisory_lock($1::bigint)", values, 1, error);
    if (result == NULL)
    {
        return FALSE;
    }
    *taken = PQgetvalue(result, 0, 0)[0] == 't';
    if (*taken)
    {
        g_hash_table_add(self->locks, g_steal_pointer(&number));
    }
    return TRUE;
}

void
gw_pg_session_unlock(gpointer data, const char *name)
{
    gw_postgres *self = data;
    g_autofree char *number = lock_number(name);
    const char *values[] = {number};
    g_hash_table_remove(self->locks, number);
    if (!self->place.pooled)
    {
        PQclear(gw_pg_session_ask(
            self, "SELECT pg_catalog.pg_advisory_unlock($1::bigint)", values, 1, NULL));
    }
}

/* Advisory locks that a migration took and kept; $1: those that are the run's own. A lock that was
 * taken several times is given back as often: the rows go on until it is. */
static const char unlock_query[] =
    "SELECT CASE WHEN objsubid = 1 AND mode = 'ExclusiveLock' THEN pg_advisory_unlock(key)"
    " WHEN objsubid = 1 THEN pg_advisory_unlock_shared(key) WHEN mode = 'ExclusiveLock'"
    " THEN pg_advisory_unlock(classid::int, objid::int)"
    " ELSE pg_advisory_unlock_shared(classid::int, objid::int) END"
    " FROM (SELECT *, (classid::bigint << 32) | objid::bigint AS key FROM pg_locks"
    " WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted AND database ="
    " (SELECT oid FROM pg_database WHERE datname = current_database()) OFFSET 0) held"
    " WHERE NOT (objsubid = 1 AND key = ANY ($1::bigint[]))";

/* How often one lock is given back at most. */
#define UNLOCKS_MOST 100

static gboolean
unlock_others(gw_postgres *self, GError **error)
{
    guint count = 0;
    g_autofree gpointer *own = g_hash_table_get_keys_as_array(self->locks, &count);
    g_autofree char *list = gw_pg_array((const char *const *)own, count);
    const char *values[] = {list};
    for (guint i = 0; i < UNLOCKS_MOST; i++)
    {
        g_autoptr(PGresult) result = gw_pg_session_ask(self, unlock_query, values, 1, error);
        if (result == NULL || PQntuples(result) == 0)
        {
            return result != NULL;
        }
    }
    return TRUE;
}

gboolean
gw_pg_session_reset(gpointer data, GError **error)
{
    gw_postgres *self = data;
    if (!self->borrowed && !self->place.pooled)
    {
        g_hash_table_remove_all(self->kept);
    }
    return gw_pg_session_run(self, self->reset, error) &&
           (self->borrowed || self->place.pooled || unlock_others(self, error));
}
