/* What the server or libpq said, as an error of godwit: classified, without values of rows. */
#ifndef GW_DRIVERS_POSTGRES_FAILURE_H
#define GW_DRIVERS_POSTGRES_FAILURE_H

#include "drivers/postgres/library.h"

/* The code for a SQLSTATE; STATEMENT for one that says nothing more. */
gw_code gw_pg_sqlstate_code(const char *sqlstate);

/*
 * Fill `error` from a failed result; `result` NULL: from the connection alone. A connection that
 * is gone is CONNECTION_LOST, whatever the result says.
 */
void gw_pg_failure_set(GError **error, PGconn *native, const PGresult *result);

/* Fill `error` for a connection that could not be made; `password` (may be NULL) is masked. */
void gw_pg_failure_connect(GError **error, PGconn *native, const char *host, const char *password);

/* Is the text of libpq one that gw_pg_failure_connect() understands without a SQLSTATE? */
gboolean gw_pg_failure_is_plain(const char *text);

#endif
