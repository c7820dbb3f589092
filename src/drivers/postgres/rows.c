#include "drivers/postgres/failure.h"
#include "drivers/postgres/statement.h"

/* A result that is being read, row by row. */
typedef struct reading
{
    gw_postgres *self;
    PGresult *result; /* the row that was read last, or the one that waits, or the end */
    gw_cell *cells;
    guint columns;
    gboolean waits; /* `result` holds a row that was not handed out yet */
    gboolean ended;
    gint64 affected;
} reading;

static gboolean
wants_data(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COPY_IN || status == PGRES_COPY_BOTH;
}

static gboolean
is_copy(const PGresult *result)
{
    return wants_data(result) || PQresultStatus(result) == PGRES_COPY_OUT;
}

/* End what COPY began: refuse to send data, throw away what comes. */
static void
end_copy(PGconn *native, const PGresult *result)
{
    if (wants_data(result))
    {
        PQputCopyEnd(native, "no data");
    }
    for (char *data = NULL;
         PQresultStatus(result) == PGRES_COPY_OUT && PQgetCopyData(native, &data, 0) > 0;
         data = NULL)
    {
        PQfreemem(data);
    }
}

/* Read answers up to the end of the command, and throw them away. */
static void
drain(PGconn *native)
{
    for (PGresult *result = NULL; (result = PQgetResult(native)) != NULL;)
    {
        end_copy(native, result);
        PQclear(result);
        if (PQstatus(native) == CONNECTION_BAD)
        {
            return;
        }
    }
}

static gboolean
is_failure(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE ||
           status == PGRES_NONFATAL_ERROR;
}

static gboolean
refuse_in_pipeline(const gw_postgres *self, GError **error)
{
    if (self->pipeline != NULL)
    {
        gw_fail(error, GW_CODE_INTERNAL, "a statement was asked for while the pipeline is open");
        return TRUE;
    }
    return FALSE;
}

/* Prepare the statement that is kept for `sql`. */
static gboolean
prepare(gw_postgres *self, gw_pg_kept *kept, const char *sql, GError **error)
{
    gboolean sent = gw_pg_statement_prepare(self, kept, sql);
    g_autoptr(PGresult) result = sent ? PQgetResult(self->native) : NULL;
    if (result == NULL || is_failure(result))
    {
        gw_pg_failure_set(error, self->native, result);
        g_hash_table_remove(self->kept, sql);
        drain(self->native);
        return FALSE;
    }
    drain(self->native);
    kept->sent = TRUE;
    kept->ready = TRUE;
    return TRUE;
}

/* Send a statement whose rows will be read one by one. */
static gboolean
send(gw_postgres *self, const char *sql, const gw_value *parameters, guint count, gboolean keep,
    GError **error)
{
    if (refuse_in_pipeline(self, error))
    {
        return FALSE;
    }
    gw_pg_kept *kept = keep && !self->place.pooled ? gw_pg_kept_get(self, sql) : NULL;
    if (kept != NULL && !kept->ready && !prepare(self, kept, sql, error))
    {
        return FALSE;
    }
    if (!gw_pg_statement_send(self, kept, sql, parameters, count))
    {
        gw_pg_failure_set(error, self->native, NULL);
        return FALSE;
    }
    PQsetSingleRowMode(self->native);
    return TRUE;
}

/* Take the next result of the command into rows->result; FALSE when it failed. */
static gboolean
advance(reading *rows, GError **error)
{
    PGconn *native = rows->self->native;
    PGresult *result = PQgetResult(native);
    if (result == NULL)
    {
        rows->ended = TRUE; /* the last result stays: it knows the names of the columns */
        return TRUE;
    }
    PQclear(rows->result);
    rows->result = result;
    if (is_failure(result) || is_copy(result))
    {
        if (is_copy(result))
        {
            gw_fail(error, GW_CODE_STATEMENT, "COPY over the connection is not a query");
        }
        else
        {
            gw_pg_failure_set(error, native, result);
        }
        end_copy(native, result);
        drain(native);
        rows->ended = TRUE;
        return FALSE;
    }
    rows->waits = PQresultStatus(result) == PGRES_SINGLE_TUPLE;
    if (!rows->waits)
    {
        rows->affected = gw_pg_statement_affected(rows->result);
    }
    return TRUE;
}

gpointer
gw_pg_rows_query(gpointer data, const char *sql, const gw_value *parameters, guint count,
    gboolean keep, GError **error)
{
    gw_postgres *self = data;
    if (!send(self, sql, parameters, count, keep, error))
    {
        return NULL;
    }
    reading *made = g_new0(reading, 1);
    made->self = self;
    made->affected = -1;
    if (!advance(made, error))
    {
        gw_pg_rows_end(made);
        return NULL;
    }
    made->columns = made->result == NULL ? 0 : (guint)PQnfields(made->result);
    made->cells = g_new0(gw_cell, made->columns + 1);
    return made;
}

static void
fill_cells(reading *rows)
{
    for (guint i = 0; i < rows->columns; i++)
    {
        int column = (int)i;
        gboolean null = PQgetisnull(rows->result, 0, column);
        rows->cells[i].text = null ? NULL : PQgetvalue(rows->result, 0, column);
        rows->cells[i].length = (gsize)PQgetlength(rows->result, 0, column);
    }
}

gboolean
gw_pg_rows_read(gpointer data, const gw_cell **cells, guint *columns, GError **error)
{
    reading *rows = data;
    *cells = NULL;
    *columns = rows->columns;
    if (!rows->waits && !rows->ended && !advance(rows, error))
    {
        return FALSE;
    }
    if (rows->waits)
    {
        fill_cells(rows);
        rows->waits = FALSE;
        *cells = rows->cells;
        return TRUE;
    }
    return rows->ended || gw_pg_rows_read(rows, cells, columns, error);
}

gint64
gw_pg_rows_affected(gpointer data)
{
    const reading *rows = data;
    return rows->affected;
}

const char *
gw_pg_rows_name(gpointer data, guint index)
{
    const reading *rows = data;
    return rows->result == NULL ? "" : PQfname(rows->result, (int)index);
}

void
gw_pg_rows_end(gpointer data)
{
    reading *rows = data;
    if (!rows->ended)
    {
        drain(rows->self->native);
    }
    PQclear(rows->result);
    g_free(rows->cells);
    g_free(rows);
}

/* One answer of a statement whose rows nobody wants. */
static gboolean
take_answer(gw_postgres *self, const PGresult *result, gint64 *affected, GError **error)
{
    if (is_failure(result))
    {
        gw_pg_failure_set(error, self->native, result);
        return FALSE;
    }
    end_copy(self->native, result);
    if (wants_data(result))
    {
        gw_fail(error, GW_CODE_STATEMENT, "the statement wants data, and none stands behind it");
        return FALSE;
    }
    gboolean row = PQresultStatus(result) == PGRES_SINGLE_TUPLE;
    *affected = row ? *affected : gw_pg_statement_affected(result);
    return TRUE;
}

gboolean
gw_pg_rows_exec(gpointer data, const char *sql, gsize length, gint64 *affected, GError **error)
{
    gw_postgres *self = data;
    gw_pg_effect effect = gw_pg_statement_effect(sql, length);
    g_autofree char *text = g_strndup(sql, length);
    gint64 rows = -1;
    gboolean good = send(self, text, NULL, 0, FALSE, error);
    if (effect == GW_PG_EFFECT_FORGET)
    {
        g_hash_table_remove_all(self->kept);
    }
    for (PGresult *result = NULL; good && (result = PQgetResult(self->native)) != NULL;)
    {
        good = take_answer(self, result, &rows, error) &&
               gw_pg_statement_committed(effect, result, error);
        PQclear(result);
    }
    if (!good && self->pipeline == NULL)
    {
        drain(self->native);
    }
    if (affected != NULL)
    {
        *affected = rows;
    }
    return good;
}
