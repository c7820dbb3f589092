/* Results: rows one at a time. */
#include "db/handle.h"

gw_rows *
gw_db_query(gw_db *db, const char *sql, const gw_value *parameters, guint count, GError **error)
{
    if (!gw_db_ready(db, error))
    {
        return NULL;
    }
    const char *kept = gw_db_kept(db, sql, count);
    gpointer native = db->driver->connection->query(
        db->self, kept == NULL ? sql : kept, parameters, count, kept != NULL, error);
    if (native == NULL)
    {
        return NULL;
    }
    gw_rows *rows = g_new0(gw_rows, 1);
    rows->db = db;
    rows->native = native;
    g_ptr_array_add(db->rows, rows);
    db->reading = rows;
    return rows;
}

gboolean
gw_rows_next(gw_rows *rows, const gw_cell **cells, GError **error)
{
    *cells = NULL;
    if (rows->native == NULL || rows->db->reading != rows)
    {
        return TRUE; /* behind the end, or closed */
    }
    gboolean done = rows->db->driver->connection->next(rows->native, cells, &rows->columns, error);
    if (!done || *cells == NULL)
    {
        rows->db->reading = NULL;
    }
    return done;
}

guint
gw_rows_columns(const gw_rows *rows)
{
    return rows->columns;
}

const char *
gw_rows_column(const gw_rows *rows, guint index)
{
    return rows->native == NULL ? NULL : rows->db->driver->connection->column(rows->native, index);
}

void
gw_rows_release(gw_rows *rows)
{
    if (rows->native == NULL)
    {
        return;
    }
    rows->db->driver->connection->finish(rows->native);
    rows->native = NULL;
    g_ptr_array_remove_fast(rows->db->rows, rows);
    if (rows->db->reading == rows)
    {
        rows->db->reading = NULL;
    }
}

void
gw_rows_finish(gw_rows *rows)
{
    if (rows != NULL)
    {
        gw_rows_release(rows);
        g_free(rows);
    }
}

gboolean
gw_rows_each(
    gw_rows *rows, void (*take)(const gw_cell *cells, gpointer data), gpointer data, GError **error)
{
    const gw_cell *cells = NULL;
    gboolean done = rows != NULL && gw_rows_next(rows, &cells, error);
    while (done && cells != NULL)
    {
        take(cells, data);
        done = gw_rows_next(rows, &cells, error);
    }
    gw_rows_finish(rows);
    return done;
}

gboolean
gw_db_ask(gw_db *db, const char *sql, const gw_value *parameters, guint count, char **answer,
    GError **error)
{
    const gw_cell *cells = NULL;
    *answer = NULL;
    g_autoptr(gw_rows) rows = gw_db_query(db, sql, parameters, count, error);
    if (rows == NULL || !gw_rows_next(rows, &cells, error))
    {
        return FALSE;
    }
    if (cells != NULL && rows->columns > 0)
    {
        *answer = g_strndup(cells[0].text, cells[0].length);
    }
    return TRUE;
}
