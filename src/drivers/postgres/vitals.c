#include "base/clock.h"
#include "drivers/postgres/connection.h"
#include "drivers/postgres/failure.h"

/* How long sessions that were ended may take to go, and how often that is looked at. */
#define END_PATIENCE (2 * G_USEC_PER_SEC)
#define END_INTERVAL (50 * 1000)

/* gw_place.session of a row a of pg_stat_activity. */
#define SESSION "a.pid || ' ' || (extract(epoch FROM a.backend_start) * 1000000)::bigint"

#define ONE_LINE "left(regexp_replace(btrim(a.query), '\\s+', ' ', 'g'), 200)"
#define AGE                                                                                        \
    "coalesce((extract(epoch FROM clock_timestamp() - coalesce(a.xact_start, a.query_start))"      \
    " * 1000000)::bigint, -1)"
#define WHO "a.usename, a.application_name, " ONE_LINE ", " AGE

/* A prepared transaction blocks as process 0. */
static const char blocking_query[] =
    "SELECT CASE WHEN b.pid = 0 THEN 'prepared transaction' ELSE b.pid::text END, " WHO
    ", false FROM (SELECT DISTINCT pid FROM unnest(pg_blocking_pids($1::int)) pid) b"
    " LEFT JOIN pg_stat_activity a ON a.pid = b.pid ORDER BY a.xact_start";

static const char holding_query[] =
    "SELECT coalesce(l.pid::text, 'prepared transaction'), " WHO
    ", l.reads FROM (SELECT pid, bool_and(mode IN ('AccessShareLock', 'RowShareLock')) AS reads"
    " FROM pg_locks WHERE locktype = 'relation' AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND relation = to_regclass(CASE WHEN strpos($2, '.') = 0 THEN quote_ident($2)"
    " ELSE quote_ident(split_part($2, '.', 1)) || '.' || quote_ident(split_part($2, '.', 2)) END)"
    " AND pid IS DISTINCT FROM pg_backend_pid() AND pid IS DISTINCT FROM $1::int"
    " GROUP BY pid) l"
    " LEFT JOIN pg_stat_activity a ON a.pid = l.pid ORDER BY a.xact_start";

/* Who keeps others from reading a relation, or waits in front of them to do so; of each the name of
 * the relation stands behind. What a transaction has just made is nobody else's yet. */
static const char reading_query[] =
    "SELECT coalesce(l.pid::text, 'prepared transaction'), " WHO ", false, c.oid::regclass::text"
    " FROM pg_locks l JOIN pg_class c ON c.oid = l.relation AND c.relpersistence <> 't'"
    " LEFT JOIN pg_stat_activity a ON a.pid = l.pid WHERE l.locktype = 'relation'"
    " AND l.mode = 'AccessExclusiveLock' AND l.pid IS DISTINCT FROM pg_backend_pid()"
    " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " ORDER BY l.granted DESC, c.relkind <> 'r', a.xact_start LIMIT 1";

/* What the server says of its sessions stays as it was first seen until the transaction ends. */
static gboolean
look_afresh(gw_postgres *self, GError **error)
{
    return PQtransactionStatus(self->native) == PQTRANS_IDLE ||
           gw_pg_session_run(self, "SELECT pg_stat_clear_snapshot()", error);
}

static char *
pid_of(const char *session)
{
    return session == NULL ? NULL : g_strndup(session, strcspn(session, " "));
}

static char *
cell(const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column) ? NULL : g_strdup(PQgetvalue(result, row, column));
}

static void
add_sessions(GPtrArray *found, const PGresult *result)
{
    for (int row = 0; row < PQntuples(result); row++)
    {
        gw_session *session = g_new0(gw_session, 1);
        session->id = cell(result, row, 0);
        session->user = cell(result, row, 1);
        session->application = cell(result, row, 2);
        session->query = cell(result, row, 3);
        session->age = g_ascii_strtoll(PQgetvalue(result, row, 4), NULL, 10);
        session->reads = PQgetvalue(result, row, 5)[0] == 't';
        session->certain = TRUE;
        g_ptr_array_add(found, session);
    }
}

char *
gw_pg_holders(gw_postgres *self, char **relation)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify)gw_session_free);
    g_autoptr(PGresult) holding = gw_pg_session_ask(self, reading_query, NULL, 0, NULL);
    if (holding == NULL || PQntuples(holding) == 0)
    {
        return NULL;
    }
    add_sessions(found, holding);
    *relation = cell(holding, 0, 6);
    return gw_session_text(g_ptr_array_index(found, 0));
}

static GPtrArray *
vitals_blockers(gpointer data, const char *session, const char *relation, GError **error)
{
    gw_postgres *self = data;
    g_autofree char *pid = pid_of(session);
    const char *values[] = {pid, relation};
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify)gw_session_free);
    if (!look_afresh(self, error))
    {
        return NULL;
    }
    if (pid != NULL)
    {
        g_autoptr(PGresult) blocking = gw_pg_session_ask(self, blocking_query, values, 1, error);
        if (blocking == NULL)
        {
            return NULL;
        }
        add_sessions(found, blocking);
    }
    if (found->len == 0 && relation != NULL)
    {
        g_autoptr(PGresult) holding = gw_pg_session_ask(self, holding_query, values, 2, error);
        if (holding == NULL)
        {
            return NULL;
        }
        add_sessions(found, holding);
    }
    return g_steal_pointer(&found);
}

/*
 * Sessions of a dead run: by process and start, and, behind a pooler, where others use them as
 * well, by application while they work. A start that we may not see counts as the same: rather
 * wait for a session that is not ours than let one live.
 */
#define THEIRS                                                                                     \
    " FROM pg_stat_activity a WHERE a.pid <> pg_backend_pid() AND (" SESSION                       \
    " = ANY ($1::text[]) OR (a.backend_start IS NULL AND a.pid::text = ANY (SELECT"                \
    " split_part(s, ' ', 1) FROM unnest($1::text[]) s)) OR (a.application_name = $2::name::text"   \
    " AND a.state <> 'idle'))"

static const char end_query[] = "SELECT pg_terminate_backend(a.pid)" THEIRS;

static gboolean
vitals_end_sessions(gpointer data, const char *const *sessions, const char *application,
    guint *left, GError **error)
{
    gw_postgres *self = data;
    static const char *const none[] = {NULL};
    const char *const *list = sessions == NULL ? none : sessions;
    g_autofree char *array = gw_pg_array(list, g_strv_length((char **)(guintptr)list));
    const char *values[] = {array, application};
    gint64 until = gw_clock_now() + END_PATIENCE;
    for (;;)
    {
        g_autoptr(PGresult) ended =
            look_afresh(self, error)
                ? gw_pg_session_ask(self, end_query, values, G_N_ELEMENTS(values), error)
                : NULL;
        if (ended == NULL)
        {
            return FALSE;
        }
        *left = (guint)PQntuples(ended);
        if (*left == 0 || gw_clock_now() >= until)
        {
            return TRUE;
        }
        gw_clock_sleep(END_INTERVAL);
    }
}

static const char cancel_query[] =
    "SELECT pg_cancel_backend(a.pid) FROM pg_stat_activity a WHERE " SESSION " = $1";

static gboolean
vitals_cancel_session(gpointer data, const char *session, GError **error)
{
    gw_postgres *self = data;
    const char *values[] = {session};
    if (!look_afresh(self, error))
    {
        return FALSE;
    }
    g_autoptr(PGresult) result = gw_pg_session_ask(self, cancel_query, values, 1, error);
    return result != NULL;
}

static const char invalid_query[] =
    "SELECT n.nspname, c.relname, x.relname, 'INVALID INDEX' FROM pg_index i"
    " JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid"
    " JOIN pg_namespace n ON n.oid = x.relnamespace"
    " WHERE NOT (i.indisvalid AND i.indisready AND i.indislive) AND x.relkind = 'i'"
    " AND n.nspname !~ '^pg_'";

static gw_model *
vitals_invalid_indexes(gpointer data, GError **error)
{
    gw_postgres *self = data;
    g_autoptr(PGresult) result = gw_pg_session_ask(self, invalid_query, NULL, 0, error);
    if (result == NULL)
    {
        return NULL;
    }
    gw_model *model = gw_model_new();
    for (int row = 0; row < PQntuples(result); row++)
    {
        gw_object *object = gw_model_add(model, GW_OBJECT_INDEX, PQgetvalue(result, row, 0),
            PQgetvalue(result, row, 1), PQgetvalue(result, row, 2), PQgetvalue(result, row, 3));
        object->valid = FALSE;
    }
    gw_model_seal(model);
    return model;
}

static gboolean
vitals_waits(gpointer data, const char *session, gboolean *waits, GError **error)
{
    gw_postgres *self = data;
    g_autofree char *pid = pid_of(session);
    const char *values[] = {pid};
    g_autoptr(PGresult) result = gw_pg_session_ask(self,
        "SELECT EXISTS (SELECT FROM pg_locks WHERE pid = $1::int AND NOT granted)", values, 1,
        error);
    *waits = result != NULL && PQgetvalue(result, 0, 0)[0] == 't';
    return result != NULL;
}

const gw_vitals_table gw_postgres_vitals = {
    .blockers = vitals_blockers,
    .end_sessions = vitals_end_sessions,
    .cancel_session = vitals_cancel_session,
    .checks = gw_pg_checks,
    .invalid_indexes = vitals_invalid_indexes,
    .waits = vitals_waits,
};
