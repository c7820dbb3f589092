/* The inside of a connection and of a result: for the files of db/ alone. */
#ifndef GW_DB_HANDLE_H
#define GW_DB_HANDLE_H

#include "db/db.h"

/* How many texts of statements a connection remembers, so that the driver keeps them prepared. */
#define GW_DB_KEPT 64

/* The pipeline of a connection, whether the driver has one or not. */
typedef struct gw_pipeline
{
    gboolean open;
    guint sent;      /* statements so far */
    gboolean commit; /* a COMMIT was sent */
    guint failed;    /* index of the statement that failed, where `reason` is set */
    GError *reason;  /* why sending failed, until the flush reports it */
    gint64 affected; /* by the last statement, where they are run as they are sent */
} gw_pipeline;

struct gw_db
{
    const gw_driver *driver;
    gpointer self; /* the driver's */
    gw_place place;
    gw_connect how;   /* with copies of its texts */
    gboolean began;   /* a transaction is open that godwit began */
    gboolean touched; /* a statement may have begun one */
    gw_pipeline pipeline;
    gw_rows *reading; /* the result that is being read */
    GPtrArray *rows;  /* of gw_rows *, those that hold something of the driver's */
    GHashTable *kept; /* texts of statements that are worth preparing once */
};

struct gw_rows
{
    gw_db *db;       /* NULL once the connection is closed */
    gpointer native; /* the driver's; NULL once it is finished */
    guint columns;
};

/* May a statement be run now? Fails with CONNECTION_LOST, or INTERNAL in the middle of a result or
 * of the pipeline. */
gboolean gw_db_ready(gw_db *db, GError **error) GW_CHECKED;

/* Fail with UNSUPPORTED: the database cannot do `what`. */
void gw_db_unsupported(const gw_db *db, const char *what, GError **error);

/* `sql` at the one address that this connection keeps it at; NULL when it is not worth it. */
const char *gw_db_kept(gw_db *db, const char *sql, guint parameters);

/* Take note of a statement that may open a transaction, so that a rollback is not forgotten. */
void gw_db_watch(gw_db *db, const char *sql, gsize length);

/* Take note of BEGIN and COMMIT in the pipeline. */
void gw_pipeline_watch(gw_db *db, const char *sql, gsize length);

/* Turn a lost connection into COMMIT_UNKNOWN when a commit was under way. */
void gw_db_doubt(gw_db *db, GError **error);

/* End the pipeline without asking how it went. */
void gw_pipeline_drop(gw_db *db);

/* Give a result back to the driver; the gw_rows stays with its owner. */
void gw_rows_release(gw_rows *rows);

#endif
