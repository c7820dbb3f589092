/* Questions to the catalog that wait for nobody for long, and small ones: is it there, which
 * columns.
 */
#include "drivers/mariadb/catalog.h"

/* MySQL keeps its catalog in tables, and locks none to read it. */
#define PREFIX                                                                                     \
    "SET STATEMENT sql_mode = '', group_concat_max_len = 1048576, lock_wait_timeout = 1 FOR "

/* Warnings behind an answer that lacks a table: it was not to be had in time, or at once. */
#define SKIPPED "1205", "1684"

/* How many sessions are named that may be in the way. */
#define NAMED 3

/* Did the server leave a table out of its last answer? */
static gboolean
has_skipped(gw_mariadb *self)
{
    static const char *const numbers[] = {SKIPPED, NULL};
    g_autoptr(GError) ignored = NULL;
    g_autoptr(MYSQL_RES) warnings = mysql_warning_count(self->mysql) == 0
                                        ? NULL
                                        : gw_mariadb_select(self->mysql, "SHOW WARNINGS", &ignored);
    for (MYSQL_ROW row = warnings == NULL ? NULL : mysql_fetch_row(warnings); row != NULL;
         row = mysql_fetch_row(warnings))
    {
        if (g_strv_contains(numbers, row[1]))
        {
            return TRUE;
        }
    }
    return FALSE;
}

/* Say what cannot be read, and who may be in the way. */
static void
fail_locked(gw_mariadb *self, const char *table, GError **error)
{
    g_autoptr(GPtrArray) sessions = gw_mariadb_vitals.blockers(self, NULL, table, NULL);
    g_autofree char *who = sessions == NULL ? NULL : gw_sessions_text(sessions, NAMED);
    g_clear_error(error);
    gw_fail(error, GW_CODE_LOCK_TIMEOUT,
        "the definition of %s cannot be read: another session keeps it locked",
        table == NULL ? "a table" : table);
    if (error != NULL && who != NULL && *who != '\0')
    {
        gw_error_add_hint(*error, "in the way: %s", who);
    }
}

MYSQL_RES *
gw_mariadb_look(gw_mariadb *self, const char *sql, const char *table, GError **error)
{
    g_autoptr(GError) reason = NULL;
    g_autofree char *text = g_strconcat(self->real_mariadb ? PREFIX : "", sql, NULL);
    g_autoptr(MYSQL_RES) result =
        gw_mariadb_speak(self, &reason) ? gw_mariadb_select(self->mysql, text, &reason) : NULL;
    if (result != NULL && !has_skipped(self))
    {
        return g_steal_pointer(&result);
    }
    if (result != NULL || gw_error_is(reason, GW_CODE_LOCK_TIMEOUT))
    {
        fail_locked(self, table, error);
        return NULL;
    }
    g_propagate_error(error, g_steal_pointer(&reason));
    return NULL;
}

/* Does the server take both for the same table? It has found the one by asking for the other. */
static gboolean
is_found(const char *asked, MYSQL_ROW row)
{
    return strcmp(asked, row[1]) == 0 || strcmp(row[2], "0") != 0;
}

gboolean
gw_mariadb_tables_exist(
    gpointer data, const gw_place *place, const char *const *names, guint64 *found, GError **error)
{
    gw_mariadb *self = data;
    *found = 0;
    if (names[0] == NULL)
    {
        return TRUE;
    }
    g_autoptr(GString) sql = g_string_new(NULL);
    for (guint i = 0; i < 64 && names[i] != NULL; i++)
    {
        g_string_append_printf(sql,
            "%sSELECT %u, TABLE_NAME, @@lower_case_table_names FROM information_schema.TABLES "
            "WHERE ",
            i == 0 ? "" : " UNION ALL ", i);
        gw_mariadb_append_equals(sql, "TABLE_SCHEMA", place->schema);
        g_string_append(sql, " AND ");
        gw_mariadb_append_equals(sql, "TABLE_NAME", names[i]);
    }
    g_autoptr(MYSQL_RES) result = gw_mariadb_look(self, sql->str, NULL, error);
    if (result == NULL)
    {
        return FALSE;
    }
    for (MYSQL_ROW row = mysql_fetch_row(result); row != NULL; row = mysql_fetch_row(result))
    {
        guint64 index = g_ascii_strtoull(row[0], NULL, 10);
        *found |= (guint64)is_found(names[index], row) << index;
    }
    return TRUE;
}

/* The names alone: no table is opened for them, and nobody's lock is in the way. */
gboolean
gw_mariadb_table_names(
    gpointer data, const gw_place *place, guint most, gw_names **names, GError **error)
{
    gw_mariadb *self = data;
    g_autoptr(GString) sql = g_string_new(
        "SELECT TABLE_NAME, @@lower_case_table_names FROM information_schema.TABLES WHERE ");
    gw_mariadb_append_equals(sql, "TABLE_SCHEMA", place->schema);
    g_string_append_printf(sql, " LIMIT %u", most + 1);
    g_autoptr(MYSQL_RES) result = gw_mariadb_look(self, sql->str, NULL, error);
    if (result == NULL)
    {
        return FALSE;
    }
    g_autoptr(gw_names) all = g_new0(gw_names, 1);
    all->set = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (MYSQL_ROW row = mysql_fetch_row(result); row != NULL; row = mysql_fetch_row(result))
    {
        all->folded = strcmp(row[1], "0") != 0;
        g_hash_table_add(all->set, all->folded ? g_utf8_strdown(row[0], -1) : g_strdup(row[0]));
    }
    *names = g_hash_table_size(all->set) > most ? NULL : g_steal_pointer(&all);
    return TRUE;
}

char **
gw_mariadb_columns(
    gpointer data, const gw_place *place, const char *schema, const char *table, GError **error)
{
    gw_mariadb *self = data;
    g_autoptr(GString) sql =
        g_string_new("SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE ");
    gw_mariadb_append_equals(sql, "TABLE_SCHEMA", schema == NULL ? place->schema : schema);
    g_string_append(sql, " AND ");
    gw_mariadb_append_equals(sql, "TABLE_NAME", table);
    g_string_append(sql, " ORDER BY ORDINAL_POSITION");
    g_autoptr(MYSQL_RES) result = gw_mariadb_look(self, sql->str, table, error);
    if (result == NULL)
    {
        return NULL;
    }
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (MYSQL_ROW row = mysql_fetch_row(result); row != NULL; row = mysql_fetch_row(result))
    {
        g_ptr_array_add(names, g_strdup(row[0]));
    }
    g_ptr_array_add(names, NULL);
    return (char **)g_ptr_array_steal(names, NULL);
}
