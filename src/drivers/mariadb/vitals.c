/* Other sessions: who stands in the way, and how they are stopped. */
#include "drivers/mariadb/vitals.h"

#include "base/clock.h"

/* How long ended sessions are waited for, and how often they are looked at meanwhile. */
#define END_WAIT  200000
#define END_SLEEP 20000

/* The longest excerpt of a statement, in characters. */
#define QUERY_MOST 120

/* The server's start may be told a second earlier or later. */
#define BORN_TOLERANCE 2

#define NO_THREAD 1094
#define NOT_OWNER 1095

/* ---- who blocks ---- */

#define SHOWN                                                                                      \
    "p.ID, p.USER, p.HOST, p.INFO, CAST(p.TIME_MS * 1000 AS SIGNED) FROM "                         \
    "information_schema.PROCESSLIST p "

/*
 * Where to ask, from the surest on; the first that has an answer is believed. {id} is the session
 * that waits, {schema} and {relation} what it waits for. A server that lacks one, or a user who may
 * not ask it, goes on to the next.
 */
static const struct
{
    const char *sql;
    gboolean relation; /* only when a relation is named */
    gboolean certain;
} sources[] = {
    {"SELECT DISTINCT p.ID, p.USER, p.HOST, COALESCE(p.INFO, b.trx_query), "
     "TIMESTAMPDIFF(MICROSECOND, b.trx_started, NOW(6)) FROM information_schema.INNODB_LOCK_WAITS "
     "w JOIN information_schema.INNODB_TRX r ON r.trx_id = w.requesting_trx_id JOIN "
     "information_schema.INNODB_TRX b ON b.trx_id = w.blocking_trx_id JOIN "
     "information_schema.PROCESSLIST p ON p.ID = b.trx_mysql_thread_id WHERE "
     "r.trx_mysql_thread_id = {id}",
        FALSE, TRUE},
    {"SELECT DISTINCT m.THREAD_ID, p.USER, p.HOST, p.INFO, CAST(p.TIME_MS * 1000 AS SIGNED) FROM "
     "information_schema.METADATA_LOCK_INFO m LEFT JOIN information_schema.PROCESSLIST p ON p.ID = "
     "m.THREAD_ID WHERE m.LOCK_TYPE = 'Table metadata lock' AND m.TABLE_SCHEMA = {schema} AND "
     "m.TABLE_NAME = {relation} AND m.THREAD_ID NOT IN ({id}, CONNECTION_ID())",
        TRUE, TRUE},
    {"SELECT DISTINCT t.PROCESSLIST_ID, t.PROCESSLIST_USER, t.PROCESSLIST_HOST, "
     "t.PROCESSLIST_INFO, t.PROCESSLIST_TIME * 1000000 FROM performance_schema.metadata_locks w "
     "JOIN performance_schema.threads r ON r.THREAD_ID = w.OWNER_THREAD_ID JOIN "
     "performance_schema.metadata_locks b ON b.OBJECT_TYPE = w.OBJECT_TYPE AND b.OBJECT_SCHEMA <=> "
     "w.OBJECT_SCHEMA AND b.OBJECT_NAME <=> w.OBJECT_NAME AND b.LOCK_STATUS = 'GRANTED' JOIN "
     "performance_schema.threads t ON t.THREAD_ID = b.OWNER_THREAD_ID WHERE w.LOCK_STATUS = "
     "'PENDING' AND r.PROCESSLIST_ID = {id} AND t.PROCESSLIST_ID NOT IN ({id}, CONNECTION_ID())",
        FALSE, TRUE},
    {"SELECT p.ID, p.USER, p.HOST, COALESCE(p.INFO, t.trx_query), TIMESTAMPDIFF(MICROSECOND, "
     "t.trx_started, NOW(6)) FROM information_schema.INNODB_TRX t JOIN "
     "information_schema.PROCESSLIST p ON p.ID = t.trx_mysql_thread_id WHERE p.ID NOT IN ({id}, "
     "CONNECTION_ID()) AND (p.DB = {schema} OR p.DB IS NULL)",
        FALSE, FALSE},
    {"SELECT " SHOWN "WHERE p.ID NOT IN ({id}, CONNECTION_ID()) AND p.COMMAND <> 'Daemon' AND "
     "(p.DB = {schema} OR p.DB IS NULL)",
        FALSE, FALSE},
};

/* The connection id of a session's text. */
static gulong
session_id(const char *session)
{
    return session == NULL ? 0 : (gulong)g_ascii_strtoull(session, NULL, 10);
}

static char *
source_sql(const gw_mariadb *self, const char *template, gulong id, const char *relation)
{
    g_autoptr(GString) sql = g_string_new(template);
    g_autoptr(GString) schema = g_string_new(NULL);
    g_autoptr(GString) name = g_string_new(NULL);
    g_autofree char *number = g_strdup_printf("%lu", id);
    const char *database = self->database == NULL ? "" : self->database;
    gw_mariadb_append_literal(schema, database, strlen(database));
    gw_mariadb_append_literal(
        name, relation == NULL ? "" : relation, relation == NULL ? 0 : strlen(relation));
    g_string_replace(sql, "{id}", number, 0);
    g_string_replace(sql, "{schema}", schema->str, 0);
    g_string_replace(sql, "{relation}", name->str, 0);
    return g_strdup(sql->str);
}

/* A statement on one line, cut where it is long. */
static char *
shorten(const char *query)
{
    if (query == NULL)
    {
        return NULL;
    }
    g_autofree char *line = g_utf8_make_valid(query, -1);
    g_strdelimit(line, "\r\n\t", ' ');
    g_strstrip(line);
    if (g_utf8_strlen(line, -1) <= QUERY_MOST)
    {
        return g_steal_pointer(&line);
    }
    g_autofree char *start = g_utf8_substring(line, 0, QUERY_MOST);
    return g_strconcat(start, "…", NULL);
}

static void
add_session(GPtrArray *sessions, MYSQL_ROW row, gboolean certain)
{
    gw_session *session = g_new0(gw_session, 1);
    session->id = g_strdup(row[0]);
    session->user = g_strdup(row[1]);
    session->application = g_strdup(row[2]);
    session->query = shorten(row[3]);
    session->age = row[4] == NULL ? -1 : g_ascii_strtoll(row[4], NULL, 10);
    session->certain = certain;
    g_ptr_array_add(sessions, session);
}

/* Ask one source; TRUE when it had an answer. */
static gboolean
ask_source(gw_mariadb *self, const char *sql, gboolean certain, GPtrArray *sessions)
{
    g_autoptr(GError) ignored = NULL; /* it is not there, or not for this user */
    g_autoptr(MYSQL_RES) result = gw_mariadb_select(self->mysql, sql, &ignored);
    if (result == NULL)
    {
        return FALSE;
    }
    for (MYSQL_ROW row = mysql_fetch_row(result); row != NULL; row = mysql_fetch_row(result))
    {
        add_session(sessions, row, certain);
    }
    return sessions->len > 0;
}

static GPtrArray *
vitals_blockers(gpointer data, const char *session, const char *relation, GError **error)
{
    gw_mariadb *self = data;
    if (!gw_mariadb_speak(self, error))
    {
        return NULL;
    }
    GPtrArray *sessions = g_ptr_array_new_with_free_func((GDestroyNotify)gw_session_free);
    for (gsize i = 0; i < G_N_ELEMENTS(sources); i++)
    {
        if (sources[i].relation && relation == NULL)
        {
            continue;
        }
        g_autofree char *sql = source_sql(self, sources[i].sql, session_id(session), relation);
        if (ask_source(self, sql, sources[i].certain, sessions))
        {
            break;
        }
    }
    return sessions;
}

static gboolean
vitals_waits(gpointer data, const char *session, gboolean *waits, GError **error)
{
    gw_mariadb *self = data;
    g_autofree char *sql = g_strdup_printf(
        "SELECT STATE LIKE 'Waiting for %% lock' FROM information_schema.PROCESSLIST "
        "WHERE ID = %lu",
        session_id(session));
    g_autoptr(MYSQL_RES) result = gw_mariadb_select(self->mysql, sql, error);
    MYSQL_ROW row = result == NULL ? NULL : mysql_fetch_row(result);
    *waits = row != NULL && g_strcmp0(row[0], "1") == 0;
    return result != NULL;
}

/* ---- stopping ---- */

static gboolean
vitals_cancel_session(gpointer data, const char *session, GError **error)
{
    gw_mariadb *self = data;
    return gw_mariadb_kill_query(self->mysql, session_id(session), error);
}

/* Is the session one of the server as it runs now? After a restart its number means another. */
static gboolean
is_of_this_server(const char *session, gint64 born)
{
    const char *space = strchr(session, ' ');
    gint64 then = space == NULL ? born : g_ascii_strtoll(space + 1, NULL, 10);
    return ABS(then - born) <= BORN_TOLERANCE;
}

/* End a session; FALSE once it is gone. Ending it twice does no harm. */
static gboolean
end_one(gw_mariadb *self, gulong id, gboolean *there, GError **error)
{
    g_autoptr(GError) reason = NULL;
    g_autofree char *sql = g_strdup_printf("KILL %lu", id);
    *there = TRUE;
    if (id == self->id || gw_mariadb_run(self->mysql, sql, &reason))
    {
        *there = id != self->id;
        return TRUE;
    }
    *there = gw_error_native(reason) == NOT_OWNER;
    if (*there || gw_error_native(reason) == NO_THREAD)
    {
        return TRUE;
    }
    g_propagate_error(error, g_steal_pointer(&reason));
    return FALSE;
}

static gboolean
end_all(gw_mariadb *self, const char *const *sessions, gint64 born, guint *left, GError **error)
{
    *left = 0;
    for (gsize i = 0; sessions[i] != NULL; i++)
    {
        gboolean there = FALSE;
        gulong id = session_id(sessions[i]);
        if (id == 0 || !is_of_this_server(sessions[i], born))
        {
            continue;
        }
        if (!end_one(self, id, &there, error))
        {
            return FALSE;
        }
        *left += there ? 1 : 0;
    }
    return TRUE;
}

/* What they did is rolled back before they go, which may take as long as it took: *left tells. */
static gboolean
vitals_end_sessions(gpointer data, const char *const *sessions, const char *application,
    guint *left, GError **error)
{
    gw_mariadb *self = data;
    gint64 until = gw_clock_now() + END_WAIT;
    gint64 born = 0;
    (void)application; /* the server shows it to nobody by default */
    *left = 0;
    if (sessions == NULL || sessions[0] == NULL)
    {
        return TRUE;
    }
    if (!gw_mariadb_born(self, &born, error) || !end_all(self, sessions, born, left, error))
    {
        return FALSE;
    }
    while (*left > 0 && gw_clock_now() < until)
    {
        gw_clock_sleep(END_SLEEP);
        if (!end_all(self, sessions, born, left, error))
        {
            return FALSE;
        }
    }
    return TRUE;
}

const gw_vitals_table gw_mariadb_vitals = {
    .blockers = vitals_blockers,
    .end_sessions = vitals_end_sessions,
    .cancel_session = vitals_cancel_session,
    .checks = gw_mariadb_checks,
    .waits = vitals_waits,
};
