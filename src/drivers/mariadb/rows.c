/*
 * Rows one by one, straight from the wire: the text protocol where there are no parameters,
 * prepared statements and the binary protocol where there are.
 */
#include "drivers/mariadb/session.h"

/* How large a cell may be before its buffer grows. */
#define CELL_BYTES 256

typedef struct reading
{
    gw_mariadb *self;
    char *sql;             /* for messages */
    MYSQL_RES *result;     /* the rows, or what is known of a statement's columns */
    MYSQL_STMT *statement; /* NULL: text protocol */
    gboolean kept;         /* the statement stays prepared */
    guint columns;
    gw_cell *cells;
    MYSQL_BIND *binds; /* where the binary protocol puts cells */
    unsigned long *lengths;
    my_bool *nulls;
    gint64 affected;
} reading;

/* ---- the text protocol ---- */

static gboolean
text_open(reading *rows, GError **error)
{
    MYSQL *mysql = rows->self->mysql;
    gsize length = strlen(rows->sql);
    if (mysql_real_query(mysql, rows->sql, length) != 0)
    {
        gw_mariadb_fail(mysql, rows->sql, length, error);
        return FALSE;
    }
    rows->columns = mysql_field_count(mysql);
    rows->affected = (gint64)mysql_affected_rows(mysql);
    rows->result = rows->columns == 0 ? NULL : mysql_use_result(mysql);
    return TRUE;
}

/* The end of the rows, or a failure in their middle. */
static gboolean
text_end(reading *rows, GError **error)
{
    MYSQL *mysql = rows->self->mysql;
    if (mysql_errno(mysql) != 0)
    {
        gw_mariadb_fail(mysql, rows->sql, strlen(rows->sql), error);
        return FALSE;
    }
    if (mysql_more_results(mysql) && mysql_next_result(mysql) <= 0)
    {
        return gw_mariadb_drain(mysql, rows->sql, strlen(rows->sql), NULL, error);
    }
    return TRUE;
}

static gboolean
text_next(reading *rows, const gw_cell **cells, GError **error)
{
    MYSQL_ROW row = rows->result == NULL ? NULL : mysql_fetch_row(rows->result);
    if (row == NULL)
    {
        *cells = NULL;
        return text_end(rows, error);
    }
    unsigned long *lengths = mysql_fetch_lengths(rows->result);
    for (guint i = 0; i < rows->columns; i++)
    {
        rows->cells[i] = (gw_cell){.text = row[i], .length = lengths[i]};
    }
    *cells = rows->cells;
    return TRUE;
}

/* ---- the binary protocol ---- */

static MYSQL_STMT *
prepare(gw_mariadb *self, const char *sql, GError **error)
{
    MYSQL_STMT *statement = mysql_stmt_init(self->mysql);
    if (mysql_stmt_prepare(statement, sql, strlen(sql)) != 0)
    {
        gw_mariadb_fail_statement(statement, sql, error);
        mysql_stmt_close(statement);
        return NULL;
    }
    return statement;
}

/* The statement for `sql`: one that was kept, or a new one. */
static gboolean
statement_find(reading *rows, const char *sql, GError **error)
{
    GHashTable *kept = rows->self->statements;
    rows->statement = rows->kept ? g_hash_table_lookup(kept, sql) : NULL;
    if (rows->statement != NULL)
    {
        return TRUE;
    }
    rows->statement = prepare(rows->self, sql, error);
    if (rows->statement != NULL && rows->kept)
    {
        g_hash_table_insert(kept, (gpointer)(guintptr)sql, rows->statement);
    }
    return rows->statement != NULL;
}

static MYSQL_BIND
bind_value(const gw_value *value)
{
    static const enum enum_field_types types[] = {
        [GW_TYPE_NULL] = MYSQL_TYPE_NULL,
        [GW_TYPE_INTEGER] = MYSQL_TYPE_LONGLONG,
        [GW_TYPE_TEXT] = MYSQL_TYPE_STRING,
        [GW_TYPE_BYTES] = MYSQL_TYPE_BLOB,
    };
    gboolean number = value->type == GW_TYPE_INTEGER;
    gconstpointer data = number ? (gconstpointer)&value->integer : value->text;
    return (MYSQL_BIND){
        .buffer_type = types[value->type],
        .buffer = (gpointer)(guintptr)data,
        .buffer_length = value->length,
    };
}

static gboolean
statement_run(reading *rows, const gw_value *parameters, guint count, GError **error)
{
    if (mysql_stmt_param_count(rows->statement) != count)
    {
        gw_fail(error, GW_CODE_INTERNAL, "a statement with %lu parameters was given %u",
            mysql_stmt_param_count(rows->statement), count);
        return FALSE;
    }
    g_autofree MYSQL_BIND *binds = g_new0(MYSQL_BIND, count + 1);
    for (guint i = 0; i < count; i++)
    {
        binds[i] = bind_value(&parameters[i]);
    }
    if (mysql_stmt_bind_param(rows->statement, binds) != 0 ||
        mysql_stmt_execute(rows->statement) != 0)
    {
        gw_mariadb_fail_statement(rows->statement, rows->sql, error);
        return FALSE;
    }
    return TRUE;
}

/* Let every column be given as text; a byte stays free for the NUL behind it. */
static gboolean
bind_columns(reading *rows, GError **error)
{
    rows->binds = g_new0(MYSQL_BIND, rows->columns);
    rows->lengths = g_new0(unsigned long, rows->columns);
    rows->nulls = g_new0(my_bool, rows->columns);
    for (guint i = 0; i < rows->columns; i++)
    {
        rows->binds[i] = (MYSQL_BIND){
            .buffer_type = MYSQL_TYPE_STRING,
            .buffer = g_malloc(CELL_BYTES + 1),
            .buffer_length = CELL_BYTES,
            .length = &rows->lengths[i],
            .is_null = &rows->nulls[i],
        };
    }
    if (mysql_stmt_bind_result(rows->statement, rows->binds) != 0)
    {
        gw_mariadb_fail_statement(rows->statement, rows->sql, error);
        return FALSE;
    }
    return TRUE;
}

static gboolean
binary_open(reading *rows, const char *sql, const gw_value *parameters, guint count, GError **error)
{
    if (!statement_find(rows, sql, error) || !statement_run(rows, parameters, count, error))
    {
        return FALSE;
    }
    rows->columns = mysql_stmt_field_count(rows->statement);
    rows->affected = (gint64)mysql_stmt_affected_rows(rows->statement);
    if (rows->columns == 0)
    {
        return TRUE;
    }
    rows->result = mysql_stmt_result_metadata(rows->statement);
    return bind_columns(rows, error);
}

/* Fetch the cells that were longer than their buffers once more, into buffers that hold them. */
static gboolean
fetch_long(reading *rows, GError **error)
{
    gboolean grown = FALSE;
    for (guint i = 0; i < rows->columns; i++)
    {
        MYSQL_BIND *bind = &rows->binds[i];
        if (rows->nulls[i] || rows->lengths[i] <= bind->buffer_length)
        {
            continue;
        }
        bind->buffer_length = rows->lengths[i];
        bind->buffer = g_realloc(bind->buffer, bind->buffer_length + 1);
        grown = TRUE;
        if (mysql_stmt_fetch_column(rows->statement, bind, i, 0) != 0)
        {
            gw_mariadb_fail_statement(rows->statement, rows->sql, error);
            return FALSE;
        }
    }
    return !grown || mysql_stmt_bind_result(rows->statement, rows->binds) == 0;
}

static void
binary_cells(reading *rows)
{
    for (guint i = 0; i < rows->columns; i++)
    {
        char *text = rows->binds[i].buffer;
        gsize length = rows->nulls[i] ? 0 : rows->lengths[i];
        text[length] = '\0';
        rows->cells[i] = (gw_cell){.text = rows->nulls[i] ? NULL : text, .length = length};
    }
}

static gboolean
binary_next(reading *rows, const gw_cell **cells, GError **error)
{
    int state = rows->columns == 0 ? MYSQL_NO_DATA : mysql_stmt_fetch(rows->statement);
    *cells = NULL;
    if (state == MYSQL_NO_DATA)
    {
        return TRUE;
    }
    if (state == 1)
    {
        gw_mariadb_fail_statement(rows->statement, rows->sql, error);
        return FALSE;
    }
    if (state == MYSQL_DATA_TRUNCATED && !fetch_long(rows, error))
    {
        return FALSE;
    }
    binary_cells(rows);
    *cells = rows->cells;
    return TRUE;
}

/* A procedure may answer with several results: the later ones are read and thrown away. */
static void
binary_drain(MYSQL_STMT *statement)
{
    do
    {
        mysql_stmt_free_result(statement);
    } while (mysql_stmt_more_results(statement) && mysql_stmt_next_result(statement) == 0);
}

static void
binary_finish(reading *rows)
{
    if (rows->statement == NULL)
    {
        return;
    }
    binary_drain(rows->statement);
    if (!rows->kept)
    {
        mysql_stmt_close(rows->statement);
    }
    for (guint i = 0; rows->binds != NULL && i < rows->columns; i++)
    {
        g_free(rows->binds[i].buffer);
    }
}

/* ---- both ---- */

gpointer
gw_mariadb_query(gpointer self, const char *sql, const gw_value *parameters, guint count,
    gboolean keep, GError **error)
{
    gw_mariadb *connection = self;
    if (!gw_mariadb_speak(connection, error) ||
        !gw_mariadb_single(connection, sql, strlen(sql), error))
    {
        return NULL;
    }
    reading *made = g_new0(reading, 1);
    *made = (reading){.self = connection, .sql = g_strdup(sql), .kept = keep};
    gboolean open =
        count == 0 ? text_open(made, error) : binary_open(made, sql, parameters, count, error);
    if (!open)
    {
        gw_mariadb_finish(made);
        return NULL;
    }
    made->cells = g_new0(gw_cell, made->columns + 1);
    return made;
}

gboolean
gw_mariadb_next(gpointer data, const gw_cell **cells, guint *columns, GError **error)
{
    reading *rows = data;
    *columns = rows->columns;
    return rows->statement == NULL ? text_next(rows, cells, error)
                                   : binary_next(rows, cells, error);
}

gint64
gw_mariadb_affected(gpointer data)
{
    const reading *rows = data;
    return rows->columns > 0 ? -1 : rows->affected;
}

const char *
gw_mariadb_column(gpointer data, guint index)
{
    const reading *rows = data;
    if (rows->result == NULL || index >= rows->columns)
    {
        return NULL;
    }
    return mysql_fetch_field_direct(rows->result, index)->name;
}

void
gw_mariadb_finish(gpointer data)
{
    reading *rows = data;
    MYSQL *mysql = rows->self->mysql;
    g_clear_pointer(&rows->result, mysql_free_result);
    binary_finish(rows);
    if (rows->statement == NULL && mysql_more_results(mysql) && mysql_next_result(mysql) == 0)
    {
        g_autoptr(GError) ignored = NULL;
        gboolean whole = gw_mariadb_drain(mysql, NULL, 0, NULL, &ignored);
        (void)whole;
    }
    g_free(rows->binds);
    g_free(rows->lengths);
    g_free(rows->nulls);
    g_free(rows->cells);
    g_free(rows->sql);
    g_free(rows);
}
