/* Bounds for waiting and running, and the named lock of a run. */
#include "drivers/mariadb/session.h"

/* Names of locks have 64 characters: this, and as much of a digest as fits. */
#define LOCK_PREFIX  "godwit."
#define DIGEST_BYTES 57

static gint64
whole_seconds(gint64 microseconds)
{
    return MAX(1, (microseconds + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
}

/* `name` = the bound, or what it was after login. */
static void
append_bound(const gw_mariadb *self, GString *sql, const char *name, gint64 microseconds)
{
    if (microseconds > 0)
    {
        g_string_append_printf(sql, "%s = %" G_GINT64_FORMAT, name, whole_seconds(microseconds));
    }
    else
    {
        g_string_append_printf(sql, "%s = %s", name, gw_mariadb_login(self, name));
    }
}

/* MariaDB counts seconds with their fraction, MySQL milliseconds and only for SELECT. */
static void
append_statement_bound(const gw_mariadb *self, GString *sql, gint64 microseconds)
{
    const char *name = self->real_mariadb ? "max_statement_time" : "max_execution_time";
    if (microseconds <= 0)
    {
        g_string_append_printf(sql, "%s = %s", name, gw_mariadb_login(self, name));
    }
    else if (self->real_mariadb)
    {
        g_string_append_printf(sql, "%s = %" G_GINT64_FORMAT ".%06" G_GINT64_FORMAT, name,
            microseconds / G_USEC_PER_SEC, microseconds % G_USEC_PER_SEC);
    }
    else
    {
        g_string_append_printf(sql, "%s = %" G_GINT64_FORMAT, name, MAX(1, microseconds / 1000));
    }
}

/*
 * The server counts lock waits in whole seconds: this is the backstop, and a shorter wait is ended
 * by cancelling from a second connection.
 */
gboolean
gw_mariadb_limit(gpointer data, const gw_limits *limits, gboolean in_transaction, GError **error)
{
    const gw_mariadb *self = data;
    (void)in_transaction;
    g_autoptr(GString) sql = g_string_new("SET SESSION ");
    append_bound(self, sql, "lock_wait_timeout", limits->lock_wait);
    g_string_append(sql, ", SESSION ");
    append_bound(self, sql, "innodb_lock_wait_timeout", limits->lock_wait);
    g_string_append(sql, ", SESSION ");
    append_statement_bound(self, sql, limits->statement);
    return gw_mariadb_run(self->mysql, sql->str, error);
}

/* Locks are the server's, not the database's: the name says which. A script of the client takes the
 * same lock: see gw_script_words.holds in dialect.c. */
static char *
lock_name(const gw_mariadb *self, const char *name)
{
    g_autofree char *full =
        g_strdup_printf("%s.%s", self->database == NULL ? "" : self->database, name);
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, full, -1);
    return g_strdup_printf(LOCK_PREFIX "%.*s", DIGEST_BYTES, digest);
}

static char *
lock_sql(const gw_mariadb *self, const char *format, const char *name)
{
    g_autofree char *full = lock_name(self, name);
    g_autoptr(GString) literal = g_string_new(NULL);
    gw_mariadb_append_literal(literal, full, strlen(full));
    g_autoptr(GString) sql = g_string_new(format);
    g_string_replace(sql, "%s", literal->str, 1);
    return g_strdup(sql->str);
}

gboolean
gw_mariadb_lock(gpointer data, const char *name, gboolean *taken, GError **error)
{
    gw_mariadb *self = data;
    g_autofree char *sql = lock_sql(self, "SELECT GET_LOCK(%s, 0)", name);
    g_autoptr(MYSQL_RES) result = gw_mariadb_select(self->mysql, sql, error);
    MYSQL_ROW row = result == NULL ? NULL : mysql_fetch_row(result);
    *taken = row != NULL && g_strcmp0(row[0], "1") == 0;
    return result != NULL;
}

void
gw_mariadb_unlock(gpointer data, const char *name)
{
    gw_mariadb *self = data;
    g_autoptr(GError) ignored = NULL; /* the lock ends with the session anyway */
    g_autofree char *sql = lock_sql(self, "SELECT RELEASE_LOCK(%s)", name);
    g_autoptr(MYSQL_RES) result G_GNUC_UNUSED = gw_mariadb_select(self->mysql, sql, &ignored);
}
