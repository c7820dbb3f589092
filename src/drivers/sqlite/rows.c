/* Results of SQLite: a statement that is stepped through. */
#include "drivers/sqlite/handle.h"

typedef struct result
{
    gw_sqlite *self;
    sqlite3_stmt *statement; /* NULL for text without a statement */
    const char *kept;        /* the address it is kept under; NULL: finalized */
    gw_cell *cells;
    char (*numbers)[32]; /* texts of floating-point cells, one for each column */
    guint columns;
    gboolean done;
    gint64 affected;
} result;

static int
bind(sqlite3_stmt *statement, int index, const gw_value *value)
{
    switch (value->type)
    {
    case GW_TYPE_INTEGER:
        return sqlite3_bind_int64(statement, index, value->integer);
    case GW_TYPE_TEXT:
        return sqlite3_bind_text64(
            statement, index, value->text, value->length, SQLITE_TRANSIENT, SQLITE_UTF8);
    case GW_TYPE_BYTES:
        return sqlite3_bind_blob64(statement, index, value->text, value->length, SQLITE_TRANSIENT);
    case GW_TYPE_NULL:
        break;
    }
    return sqlite3_bind_null(statement, index);
}

static gboolean
bind_all(gw_sqlite *self, sqlite3_stmt *statement, const gw_value *parameters, guint count,
    GError **error)
{
    int wanted = statement == NULL ? 0 : sqlite3_bind_parameter_count(statement);
    if (wanted != (int)count)
    {
        gw_fail(error, GW_CODE_STATEMENT, "the statement has %d parameters, %u were given", wanted,
            count);
        return FALSE;
    }
    for (guint i = 0; i < count; i++)
    {
        int bound = bind(statement, (int)i + 1, &parameters[i]);
        if (bound != SQLITE_OK)
        {
            gw_sqlite_fail(self, bound, NULL, 0, error);
            return FALSE;
        }
    }
    return TRUE;
}

/* A kept statement is taken out while it is in use: two results may be of one text. */
static gboolean
statement_get(
    gw_sqlite *self, const char *sql, gboolean keep, sqlite3_stmt **statement, GError **error)
{
    gpointer found = NULL;
    if (keep && g_hash_table_steal_extended(self->kept, sql, NULL, &found))
    {
        *statement = found;
        return TRUE;
    }
    return gw_sqlite_prepare(self, sql, strlen(sql), keep, statement, error);
}

gpointer
gw_sqlite_query(gpointer data, const char *sql, const gw_value *parameters, guint count,
    gboolean keep, GError **error)
{
    gw_sqlite *self = data;
    sqlite3_stmt *statement = NULL;
    gw_sqlite_begin(self);
    if (!statement_get(self, sql, keep, &statement, error))
    {
        return NULL;
    }
    result *rows = g_new0(result, 1);
    rows->self = self;
    rows->statement = statement;
    rows->kept = keep ? sql : NULL;
    rows->affected = -1;
    rows->columns = statement == NULL ? 0 : (guint)sqlite3_column_count(statement);
    if (!bind_all(self, statement, parameters, count, error))
    {
        gw_sqlite_finish(rows);
        return NULL;
    }
    rows->cells = g_new0(gw_cell, rows->columns);
    rows->numbers = g_malloc0_n(rows->columns, sizeof *rows->numbers);
    return rows;
}

/* SQLite prints 15 digits of a floating-point number; where they are another one, print 17. */
static gw_cell
cell_real(result *rows, int column)
{
    const char *text = (const char *)sqlite3_column_text(rows->statement, column);
    double value = sqlite3_column_double(rows->statement, column);
    char *number = rows->numbers[column];
    if (text == NULL || g_ascii_strtod(text, NULL) == value)
    {
        sqlite3_snprintf(sizeof *rows->numbers, number, "%s", text == NULL ? "" : text);
    }
    else
    {
        sqlite3_snprintf(sizeof *rows->numbers, number, "%!.17g", value);
    }
    return (gw_cell){.text = number, .length = strlen(number)};
}

/* The value is taken once and then asked, which is allowed where one thread uses a connection. */
static gw_cell
cell_read(result *rows, int column)
{
    sqlite3_value *value = sqlite3_column_value(rows->statement, column);
    int type = sqlite3_value_type(value);
    if (type == SQLITE_NULL)
    {
        return (gw_cell){.text = NULL, .length = 0};
    }
    if (type == SQLITE_FLOAT)
    {
        return cell_real(rows, column);
    }
    const char *text = (const char *)sqlite3_value_text(value);
    gsize length = (gsize)sqlite3_value_bytes(value);
    return (gw_cell){.text = text == NULL ? "" : text, .length = length};
}

gboolean
gw_sqlite_next(gpointer data, const gw_cell **cells, guint *columns, GError **error)
{
    result *rows = data;
    *cells = NULL;
    *columns = rows->columns;
    if (rows->done || rows->statement == NULL)
    {
        return TRUE;
    }
    int stepped = sqlite3_step(rows->statement);
    rows->done = stepped != SQLITE_ROW;
    if (stepped == SQLITE_ROW)
    {
        for (guint i = 0; i < rows->columns; i++)
        {
            rows->cells[i] = cell_read(rows, (int)i);
        }
        *cells = rows->cells;
        return TRUE;
    }
    if (stepped == SQLITE_DONE)
    {
        rows->affected = gw_sqlite_affected(rows->statement);
        return TRUE;
    }
    const char *sql = sqlite3_sql(rows->statement);
    gw_sqlite_fail(rows->self, stepped, sql, sql == NULL ? 0 : strlen(sql), error);
    return FALSE;
}

gint64
gw_sqlite_rows_affected(gpointer data)
{
    const result *rows = data;
    return rows->affected;
}

const char *
gw_sqlite_column(gpointer data, guint index)
{
    const result *rows = data;
    return index < rows->columns ? sqlite3_column_name(rows->statement, (int)index) : NULL;
}

void
gw_sqlite_finish(gpointer data)
{
    result *rows = data;
    if (rows->kept != NULL && rows->statement != NULL)
    {
        sqlite3_reset(rows->statement);
        sqlite3_clear_bindings(rows->statement);
        g_hash_table_insert(rows->self->kept, (gpointer)(guintptr)rows->kept, rows->statement);
    }
    else
    {
        sqlite3_finalize(rows->statement);
    }
    g_free(rows->cells);
    g_free(rows->numbers);
    g_free(rows);
}
