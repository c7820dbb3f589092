/* Statements that are run for their effect, and small answers that are held in memory. */
#include "drivers/mariadb/session.h"

/* How many warnings of one statement are told. */
#define WARNINGS "SHOW WARNINGS LIMIT 20"

/* Throw the rows of one result away. */
static gboolean
drain_one(MYSQL *mysql, gint64 *affected)
{
    MYSQL_RES *result = mysql_use_result(mysql);
    if (result == NULL)
    {
        *affected = (gint64)mysql_affected_rows(mysql);
        return mysql_field_count(mysql) == 0;
    }
    *affected = -1;
    while (mysql_fetch_row(result) != NULL)
    {
    }
    gboolean whole = mysql_errno(mysql) == 0;
    mysql_free_result(result);
    return whole;
}

gboolean
gw_mariadb_drain(MYSQL *mysql, const char *sql, gsize length, gint64 *affected, GError **error)
{
    gint64 rows = -1;
    int more = 0;
    while (more == 0)
    {
        if (!drain_one(mysql, &rows))
        {
            more = 1;
            break;
        }
        more = mysql_next_result(mysql);
    }
    if (more > 0)
    {
        gw_mariadb_fail(mysql, sql, length, error);
        return FALSE;
    }
    if (affected != NULL)
    {
        *affected = rows;
    }
    return TRUE;
}

gboolean
gw_mariadb_run(MYSQL *mysql, const char *sql, GError **error)
{
    gsize length = strlen(sql);
    if (mysql_real_query(mysql, sql, length) != 0)
    {
        gw_mariadb_fail(mysql, sql, length, error);
        return FALSE;
    }
    return gw_mariadb_drain(mysql, sql, length, NULL, error);
}

MYSQL_RES *
gw_mariadb_select(MYSQL *mysql, const char *sql, GError **error)
{
    gsize length = strlen(sql);
    MYSQL_RES *result =
        mysql_real_query(mysql, sql, length) == 0 ? mysql_store_result(mysql) : NULL;
    if (result == NULL)
    {
        gw_mariadb_fail(mysql, sql, length, error);
    }
    return result;
}

gboolean
gw_mariadb_speak(gw_mariadb *self, GError **error)
{
    static const char ask[] = "SELECT @@character_set_client, @@character_set_results, "
                              "@@collation_connection";
    if (strcmp(mysql_character_set_name(self->mysql), "utf8mb4") == 0)
    {
        return TRUE;
    }
    g_autoptr(MYSQL_RES) result = gw_mariadb_select(self->mysql, ask, error);
    MYSQL_ROW row = result == NULL ? NULL : mysql_fetch_row(result);
    if (row == NULL)
    {
        return FALSE;
    }
    g_free(self->speech);
    self->speech = g_strdup_printf("SET character_set_client = %s, character_set_results = %s, "
                                   "collation_connection = %s",
        row[0], row[1] == NULL ? "NULL" : row[1], row[2]);
    if (mysql_set_character_set(self->mysql, "utf8mb4") != 0)
    {
        gw_mariadb_fail(self->mysql, NULL, 0, error);
        return FALSE;
    }
    return TRUE;
}

/* Bring the user's character set back. */
static gboolean
listen_again(gw_mariadb *self, GError **error)
{
    g_autofree char *speech = g_steal_pointer(&self->speech);
    return speech == NULL || gw_mariadb_run(self->mysql, speech, error);
}

/* Hand the warnings of the last statement to whoever listens. */
static void
tell_warnings(gw_mariadb *self)
{
    g_autoptr(GError) ignored = NULL;
    if (self->notice == NULL || mysql_warning_count(self->mysql) == 0)
    {
        return;
    }
    g_autoptr(MYSQL_RES) result = gw_mariadb_select(self->mysql, WARNINGS, &ignored);
    for (MYSQL_ROW row = result == NULL ? NULL : mysql_fetch_row(result); row != NULL;
         row = mysql_fetch_row(result))
    {
        guint number = (guint)g_ascii_strtoull(row[1], NULL, 10);
        g_autofree char *masked = gw_mariadb_mask(number, row[2]);
        g_autofree char *line = g_strdup_printf("%s %u: %s", row[0], number, masked);
        self->notice(self->notice_data, line);
    }
}

gboolean
gw_mariadb_exec(gpointer self, const char *sql, gsize length, gint64 *affected, GError **error)
{
    gw_mariadb *connection = self;
    if (!listen_again(connection, error) || !gw_mariadb_single(connection, sql, length, error))
    {
        return FALSE;
    }
    if (mysql_real_query(connection->mysql, sql, length) != 0)
    {
        gw_mariadb_fail(connection->mysql, sql, length, error);
        return FALSE;
    }
    if (!gw_mariadb_drain(connection->mysql, sql, length, affected, error))
    {
        return FALSE;
    }
    gw_mariadb_note_temporary(connection, sql, length);
    tell_warnings(connection);
    return TRUE;
}
