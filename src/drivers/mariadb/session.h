/* The inside of a connection: for the files of this driver alone. */
#ifndef GW_DRIVERS_MARIADB_SESSION_H
#define GW_DRIVERS_MARIADB_SESSION_H

#include "drivers/mariadb/address.h"
#include "drivers/mariadb/mariadb.h"

/* Statements that are sent together: see pipeline.c. */
typedef struct gw_mariadb_pipeline
{
    GString *text; /* those that wait to be sent, with ; between them */
    guint waiting; /* how many */
    guint done;    /* how many were answered before them */
    guint failed;  /* the index of the one that failed, where `reason` is set */
    GError *reason;
    gint64 affected; /* by the last one answered */
} gw_mariadb_pipeline;

typedef struct gw_mariadb
{
    MYSQL *mysql;
    gboolean adopted;            /* the handle belongs to somebody else */
    gw_mariadb_address *address; /* for further connections to the same place */
    gboolean real_mariadb;       /* and not MySQL */
    gulong id;                   /* of the connection, in the server */
    char *database;              /* the working one; NULL: none */
    char *role;                  /* to go back to; NULL: none */
    char **login;                /* values of the session's variables, as reset.c lists them */
    char *speech;                /* brings the user's character set back; NULL: it is not away */
    GString *temporary;          /* names of temporary tables that were made, with commas */
    GHashTable *statements;      /* text by address -> MYSQL_STMT *, prepared and kept */
    gw_mariadb_pipeline pipeline;
    gboolean many;  /* the server takes several statements in one text */
    guint answered; /* atomic: statements of the pipeline */
    void (*notice)(gpointer data, const char *text);
    gpointer notice_data;
} gw_mariadb;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MYSQL_RES, mysql_free_result)

/* ---- exec.c ---- */

/* Run a statement of the user and throw its rows away; `affected` may be NULL. */
gboolean gw_mariadb_exec(
    gpointer self, const char *sql, gsize length, gint64 *affected, GError **error);

/* Before a statement of the user that goes alone: the server takes one statement at a time. What
 * has no semicolon can be no more than one. */
gboolean gw_mariadb_single(
    gw_mariadb *self, const char *sql, gsize length, GError **error) GW_CHECKED;

/* Run a statement of godwit's own. */
gboolean gw_mariadb_run(MYSQL *mysql, const char *sql, GError **error) GW_CHECKED;

/* All rows of a small SELECT of godwit's own, in memory. */
MYSQL_RES *gw_mariadb_select(MYSQL *mysql, const char *sql, GError **error) GW_CHECKED;

/* Read what is left of an answer, throwing rows away. `sql` as in gw_mariadb_fail(). */
gboolean gw_mariadb_drain(
    MYSQL *mysql, const char *sql, gsize length, gint64 *affected, GError **error) GW_CHECKED;

/* Let the session speak UTF-8 although a statement of the user chose another character set; the
 * user's is back with the next gw_mariadb_exec(). */
gboolean gw_mariadb_speak(gw_mariadb *self, GError **error) GW_CHECKED;

/* ---- rows.c ---- */

gpointer gw_mariadb_query(gpointer self, const char *sql, const gw_value *parameters, guint count,
    gboolean keep, GError **error);
gboolean gw_mariadb_next(gpointer rows, const gw_cell **cells, guint *columns, GError **error);
gint64 gw_mariadb_affected(gpointer rows);
const char *gw_mariadb_column(gpointer rows, guint index);
void gw_mariadb_finish(gpointer rows);

/* ---- pipeline.c ---- */

gboolean gw_mariadb_pipeline_begin(gpointer self, GError **error);
gboolean gw_mariadb_pipeline_send(gpointer self, const char *sql, gsize length,
    const gw_value *parameters, guint count, GError **error);
gboolean gw_mariadb_pipeline_flush(
    gpointer self, guint *failed, gint64 *affected_last, GError **error);
guint gw_mariadb_pipeline_answered(gpointer self);
void gw_mariadb_pipeline_clear(gw_mariadb *self);

/* ---- reset.c ---- */

/* Take note of the session as it is after login, and of the place. */
gboolean gw_mariadb_settle(
    gw_mariadb *self, const gw_connect *how, gw_place *place, GError **error) GW_CHECKED;
gboolean gw_mariadb_reset(gpointer self, GError **error);
void gw_mariadb_login_clear(gw_mariadb *self);

/* When the server started, in seconds since 1970: its connection ids mean nothing to another. */
gboolean gw_mariadb_born(gw_mariadb *self, gint64 *born, GError **error) GW_CHECKED;

/* The value of a session variable after login; borrowed. */
const char *gw_mariadb_login(const gw_mariadb *self, const char *name);

/* ---- temporary.c ---- */

/* Remember the table when the statement, which has run or will, makes a temporary one. */
void gw_mariadb_note_temporary(gw_mariadb *self, const char *sql, gsize length);

/* Drop those that are remembered. */
gboolean gw_mariadb_drop_temporary(gw_mariadb *self, GError **error) GW_CHECKED;

/* ---- limits.c ---- */

gboolean gw_mariadb_limit(
    gpointer self, const gw_limits *limits, gboolean in_transaction, GError **error);
gboolean gw_mariadb_lock(gpointer self, const char *name, gboolean *taken, GError **error);
void gw_mariadb_unlock(gpointer self, const char *name);

/* ---- error.c ---- */

/* Fail with what the server or the client library said last. `sql` (may be NULL) is the statement
 * that a syntax error is looked for in. */
void gw_mariadb_fail(MYSQL *mysql, const char *sql, gsize length, GError **error);
void gw_mariadb_fail_statement(MYSQL_STMT *statement, const char *sql, GError **error);
void gw_mariadb_fail_connect(MYSQL *mysql, const gw_mariadb_address *address, GError **error);

/* `message` of error or warning `number` without the values of rows in it. The caller frees it. */
char *gw_mariadb_mask(guint number, const char *message);

/* The code that stands for an error number of server or client. */
gw_code gw_mariadb_code(guint number, const char *sqlstate);

/* Does this number, on a connection that was open, mean that it is gone? */
gboolean gw_mariadb_is_lost(guint number);

/* The offset in characters, from 1, of the place that "near '…' at line N" means; 0: not unique. */
guint gw_mariadb_near(const char *message, const char *sql, gsize length);

/* ---- dialect.c ---- */

/* Append a literal that reads the same whatever character set and sql_mode the session has. */
void gw_mariadb_append_literal(GString *out, const char *text, gsize length);

/* Append bytes as X'…'. */
void gw_mariadb_append_hex(GString *out, const char *bytes, gsize length);

/* ---- catalog.c, vitals.c ---- */

extern const gw_catalog_table gw_mariadb_catalog;
extern const gw_vitals_table gw_mariadb_vitals;

/* Stop what connection `id` runs now, over another connection. */
gboolean gw_mariadb_kill_query(MYSQL *over, gulong id, GError **error) GW_CHECKED;

#endif
