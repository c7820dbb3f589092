/*
 * Statements on their way to the server: parameters in libpq's shape, and those that are prepared
 * once and kept. All go by the extended protocol, in which one message holds one statement.
 */
#ifndef GW_DRIVERS_POSTGRES_STATEMENT_H
#define GW_DRIVERS_POSTGRES_STATEMENT_H

#include "drivers/postgres/connection.h"

/* A prepared statement of ours. */
typedef struct gw_pg_kept
{
    char name[24];
    gboolean sent;  /* its preparation is on its way */
    gboolean ready; /* and was answered */
} gw_pg_kept;

/* Texts of statements → gw_pg_kept. */
GHashTable *gw_pg_kept_new(void);

/* What a statement does to the driver itself. */
typedef enum gw_pg_effect
{
    GW_PG_EFFECT_NONE,
    GW_PG_EFFECT_COMMIT, /* a server that rolls back instead says so in its answer alone */
    GW_PG_EFFECT_FORGET, /* DISCARD, DEALLOCATE: prepared statements may be gone */
    GW_PG_EFFECT_COPY,   /* COPY: cannot run in a pipeline when data goes over the connection */
} gw_pg_effect;

/* Read it from the first word. */
gw_pg_effect gw_pg_statement_effect(const char *sql, gsize length);

/* The statement kept for this text, or a new one that is not ready; NULL when enough are kept. */
gw_pg_kept *gw_pg_kept_get(gw_postgres *self, const char *sql);

/* Send the preparation of `kept`; in a pipeline this is a command of its own. */
gboolean gw_pg_statement_prepare(
    gw_postgres *self, const gw_pg_kept *kept, const char *sql) GW_CHECKED;

/* Send one statement; `kept` NULL: as text. FALSE: see the connection's error message. */
gboolean gw_pg_statement_send(gw_postgres *self, const gw_pg_kept *kept, const char *sql,
    const gw_value *parameters, guint count) GW_CHECKED;

/* Did a COMMIT commit? A server whose transaction had failed rolls back and reports no error. */
gboolean gw_pg_statement_committed(
    gw_pg_effect effect, const PGresult *result, GError **error) GW_CHECKED;

/* The rows that the command of `result` affected; -1 where that means nothing. */
gint64 gw_pg_statement_affected(const PGresult *result);

#endif
