#include "drivers/postgres/failure.h"
#include "drivers/postgres/statement.h"

/* How much is handed to libpq at once: it copies it. */
#define PIECE (256 * 1024)

static gboolean
bulk_fail(gw_postgres *self, const PGresult *result, GError **error)
{
    gw_pg_failure_set(error, self->native, result);
    for (PGresult *rest = NULL; (rest = PQgetResult(self->native)) != NULL; PQclear(rest))
    {
        if (PQstatus(self->native) == CONNECTION_BAD)
        {
            PQclear(rest);
            break;
        }
    }
    return FALSE;
}

static gboolean
bulk_begin(gpointer data, const char *sql, gsize length, GError **error)
{
    gw_postgres *self = data;
    g_autofree char *text = g_strndup(sql, length);
    if (!gw_pg_statement_send(self, NULL, text, NULL, 0))
    {
        return bulk_fail(self, NULL, error);
    }
    g_autoptr(PGresult) result = PQgetResult(self->native);
    ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_COPY_IN)
    {
        return TRUE;
    }
    if (status == PGRES_FATAL_ERROR)
    {
        return bulk_fail(self, result, error);
    }
    gw_fail(error, GW_CODE_STATEMENT, "the statement is not COPY … FROM stdin");
    (void)bulk_fail(self, result, NULL);
    return FALSE;
}

static gboolean
bulk_data(gpointer data, const char *bytes, gsize length, GError **error)
{
    gw_postgres *self = data;
    for (gsize sent = 0; sent < length;)
    {
        gsize piece = MIN(PIECE, length - sent);
        if (PQputCopyData(self->native, bytes + sent, (int)piece) != 1)
        {
            g_autoptr(PGresult) result = PQgetResult(self->native);
            return bulk_fail(self, result, error);
        }
        sent += piece;
    }
    return TRUE;
}

static gboolean
bulk_end(gpointer data, gint64 *rows, GError **error)
{
    gw_postgres *self = data;
    gboolean ended = PQputCopyEnd(self->native, NULL) == 1;
    g_autoptr(PGresult) result = PQgetResult(self->native);
    if (!ended || PQresultStatus(result) != PGRES_COMMAND_OK)
    {
        return bulk_fail(self, result, error);
    }
    *rows = gw_pg_statement_affected(result);
    PGresult *rest = PQgetResult(self->native); /* NULL: the end of the command */
    PQclear(rest);
    return TRUE;
}

const gw_bulk_table gw_postgres_bulk = {
    .copy_begin = bulk_begin,
    .copy_data = bulk_data,
    .copy_end = bulk_end,
};
