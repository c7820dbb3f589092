/*
 * One connection to PostgreSQL, as the files of this driver share it. Every gpointer `self` of the
 * driver's tables is a gw_postgres.
 */
#ifndef GW_DRIVERS_POSTGRES_CONNECTION_H
#define GW_DRIVERS_POSTGRES_CONNECTION_H

#include "drivers/postgres/library.h"
#include "drivers/postgres/postgres.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PGresult, PQclear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PGconn, PQfinish)

typedef struct gw_pg_pipeline gw_pg_pipeline;

typedef struct gw_postgres
{
    PGconn *native;
    PGcancel *cancel;
    gboolean borrowed; /* the handle is an embedder's: it is left open, and as it was found */
    gw_place place;    /* the caller has a copy */
    char *found;       /* of a borrowed one: the statement that gives it its own settings */
    char *reset;       /* the statements that put the session back */
    char *path;        /* the search path without the ledger; NULL: as the role has it */
    GHashTable *kept;  /* statements that are prepared */
    GHashTable *locks; /* the numbers of the locks that the session holds by name */
    guint names;       /* prepared statements so far: the next one's name */
    gw_pg_pipeline *pipeline; /* NULL: not open */
    guint answered;           /* atomic: statements of the pipeline */
    void (*notice)(gpointer data, const char *text);
    gpointer notice_data;
} gw_postgres;

/* connection.c */
extern const gw_connection_table gw_postgres_connection;

/* session.c: what a session is set to, what it says of itself, and how it is put back. */

/*
 * Set the session up and fill self->place, in one round trip. Behind a pooler nothing is set,
 * since others would get the session with it.
 */
gboolean gw_pg_session_begin(gw_postgres *self, const gw_connect *how, GError **error) GW_CHECKED;

/* Give an embedder's handle back with its own settings. */
void gw_pg_session_restore(gw_postgres *self);

gboolean gw_pg_session_limit(
    gpointer self, const gw_limits *limits, gboolean in_transaction, GError **error);
gboolean gw_pg_session_lock(gpointer self, const char *name, gboolean *taken, GError **error);
void gw_pg_session_unlock(gpointer self, const char *name);
gboolean gw_pg_session_reset(gpointer self, GError **error);

/* Run driver-made statements, several at once; no rows are wanted. Fails as exec does. */
gboolean gw_pg_session_run(gw_postgres *self, const char *sql, GError **error) GW_CHECKED;

/*
 * Run one driver-made query with text parameters (NULL: SQL NULL) and have all its rows; for
 * results that are small. NULL on failure.
 */
PGresult *gw_pg_session_ask(gw_postgres *self, const char *sql, const char *const *values,
    guint count, GError **error) GW_CHECKED;

/* rows.c */
gboolean gw_pg_rows_exec(
    gpointer self, const char *sql, gsize length, gint64 *affected, GError **error);
gpointer gw_pg_rows_query(gpointer self, const char *sql, const gw_value *parameters, guint count,
    gboolean keep, GError **error);
gboolean gw_pg_rows_read(gpointer rows, const gw_cell **cells, guint *columns, GError **error);
gint64 gw_pg_rows_affected(gpointer rows);
const char *gw_pg_rows_name(gpointer rows, guint index);
void gw_pg_rows_end(gpointer rows);

/* pipeline.c */
gboolean gw_pg_pipeline_begin(gpointer self, GError **error);
gboolean gw_pg_pipeline_send(gpointer self, const char *sql, gsize length,
    const gw_value *parameters, guint count, GError **error);
guint gw_pg_pipeline_answered(gpointer self);
void gw_pg_pipeline_mark(gpointer self);
gboolean gw_pg_pipeline_flush(gpointer self, guint *failed, gint64 *affected_last, GError **error);
void gw_pg_pipeline_free(gw_pg_pipeline *pipeline);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(gw_pg_pipeline, gw_pg_pipeline_free)

/* Send driver-made statements without parameters within the pipeline; they do not count. */
gboolean gw_pg_pipeline_send_own(gw_postgres *self, const char *sql, GError **error) GW_CHECKED;

/* catalog.c: texts (NULL: SQL NULL) as an array in the server's notation. The caller frees it. */
char *gw_pg_array(const char *const *texts, guint count);

/*
 * vitals.c: who holds a relation of this database so that nobody else can read it, or waits for
 * that in front of us: told for people, and the relation's name. NULL: nobody now. The caller frees
 * both.
 */
char *gw_pg_holders(gw_postgres *self, char **relation);

/* checks.c */
GPtrArray *gw_pg_checks(gpointer self, const gw_place *place, GError **error);

/* The other tables. */
extern const gw_dialect gw_postgres_dialect;
extern const gw_catalog_table gw_postgres_catalog;
extern const gw_bulk_table gw_postgres_bulk;
extern const gw_vitals_table gw_postgres_vitals;

#endif
