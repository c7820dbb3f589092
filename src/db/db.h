/*
 * What the rest of godwit says to any database: connect by URL, run statements, stream rows,
 * pipeline, transactions, limits. The drivers are handed in from above (api/drivers.c).
 */
#ifndef GW_DB_DB_H
#define GW_DB_DB_H

#include "db/driver.h"

typedef struct gw_db gw_db;

/*
 * Connect. `drivers` is NULL-terminated. Fails with URL (nobody claims it; with the known schemes
 * in the hint), NO_DRIVER, UNREACHABLE, AUTH, NO_DATABASE …; never shows a password.
 */
gw_db *gw_db_open(
    const gw_driver *const *drivers, const gw_connect *how, GError **error) GW_CHECKED;

/*
 * Speak through a native handle that the caller opened, and will close after this gw_db. `how` may
 * be NULL; with its URL, gw_db_open_beside() can open a second connection. Fails with UNSUPPORTED
 * where the driver cannot.
 */
gw_db *gw_db_adopt(
    const gw_driver *driver, gpointer native, const gw_connect *how, GError **error) GW_CHECKED;

/* A second connection to where `db` is, as the same user, for heartbeats and cancelling. Fails when
 * it reaches another database than the first did. */
gw_db *gw_db_open_beside(gw_db *db, GError **error) GW_CHECKED;

/* Close; a transaction that is open rolls back. */
void gw_db_close(gw_db *db);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(gw_db, gw_db_close)

/* The driver that a URL is for; fails with URL or NO_DRIVER. */
const gw_driver *gw_driver_find(
    const gw_driver *const *drivers, const char *url, GError **error) GW_CHECKED;

const gw_dialect *gw_db_dialect(const gw_db *db);
const gw_place *gw_db_place(const gw_db *db);
gboolean gw_db_has(const gw_db *db, gw_feature feature);
gboolean gw_db_alive(const gw_db *db);

/* Is a transaction open that gw_db_begin(), or BEGIN in the pipeline, began? */
gboolean gw_db_in_transaction(const gw_db *db);

/* Run one statement; `length` -1 for text that ends with NUL. `affected` may be NULL. */
gboolean gw_db_exec(
    gw_db *db, const char *sql, gssize length, gint64 *affected, GError **error) GW_CHECKED;

/* Run one statement with parameters, and throw its rows away. */
gboolean gw_db_exec_with(gw_db *db, const char *sql, const gw_value *parameters, guint count,
    gint64 *affected, GError **error) GW_CHECKED;

gboolean gw_db_begin(gw_db *db, GError **error) GW_CHECKED;

/* Commit. An answer that never came is COMMIT_UNKNOWN: read the ledger. */
gboolean gw_db_commit(gw_db *db, GError **error) GW_CHECKED;

/* Roll back what is open; silent when nothing is, or when the connection is gone. */
void gw_db_rollback(gw_db *db);

/* Rows, one at a time; a result larger than memory passes. Until the end was read or _finish was
 * called nothing else can be asked of the connection. */
typedef struct gw_rows gw_rows;

gw_rows *gw_db_query(
    gw_db *db, const char *sql, const gw_value *parameters, guint count, GError **error) GW_CHECKED;

/* Read all rows and finish them; `take` gets each. `rows` NULL: the query failed, and this does. */
gboolean gw_rows_each(gw_rows *rows, void (*take)(const gw_cell *cells, gpointer data),
    gpointer data, GError **error) GW_CHECKED;

/* The next row; *cells is NULL after the last. Cells are borrowed until the next call. */
gboolean gw_rows_next(gw_rows *rows, const gw_cell **cells, GError **error) GW_CHECKED;
guint gw_rows_columns(const gw_rows *rows);
const char *gw_rows_column(const gw_rows *rows, guint index);
void gw_rows_finish(gw_rows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(gw_rows, gw_rows_finish)

/* The first cell of the first row as text, NULL for no row or SQL NULL. The caller frees it. */
gboolean gw_db_ask(gw_db *db, const char *sql, const gw_value *parameters, guint count,
    char **answer, GError **error) GW_CHECKED;

/*
 * The pipeline. Between _begin and _flush statements are sent without waiting; where the database
 * has none they are run at once. _send returns FALSE when an earlier one has failed already: go to
 * _flush, which fails with the reason; *failed is the index from 0 of the statement that failed,
 * *affected what the last one affected (NULL: not asked). BEGIN and COMMIT may be sent.
 */
gboolean gw_db_pipeline_begin(gw_db *db, GError **error) GW_CHECKED;
gboolean gw_db_pipeline_send(
    gw_db *db, const char *sql, gssize length, const gw_value *parameters, guint count);
gboolean gw_db_pipeline_flush(
    gw_db *db, guint *failed, gint64 *affected, GError **error) GW_CHECKED;

/* How many statements of the open pipeline are answered: the next one runs. For any thread; where
 * statements are not sent ahead all that were sent are. _mark has those before it told early. */
guint gw_db_pipeline_answered(gw_db *db);
void gw_db_pipeline_mark(gw_db *db);

/* COPY … FROM stdin with its data: bytes of any length, handed on in pieces. */
gboolean gw_db_copy_in(gw_db *db, const char *sql, gsize length, const gw_value *data, gint64 *rows,
    GError **error) GW_CHECKED;

/* Bound what statements from here on may wait and run: until the end of the transaction that is
 * open, where the database has limits of one. With GW_FEATURE_LIMIT_INSIDE it takes its place among
 * the statements of an open pipeline, and what goes wrong is told by the flush. */
gboolean gw_db_limit(gw_db *db, const gw_limits *limits, GError **error) GW_CHECKED;
gboolean gw_db_lock(gw_db *db, const char *name, gboolean *taken, GError **error) GW_CHECKED;
void gw_db_unlock(gw_db *db, const char *name);

/* What the holder of a lock says of itself, where the lock is a file; elsewhere nothing is noted
 * and NULL found. _note is for the holder, from any thread; the caller frees what _noted returns.
 */
void gw_db_lock_note(gw_db *db, const char *name, const char *text);
char *gw_db_lock_noted(gw_db *db, const char *name);

/* Put the session back to what it was; inside a transaction only where RESET_INSIDE says so. */
gboolean gw_db_reset(gw_db *db, GError **error) GW_CHECKED;
void gw_db_cancel(gw_db *db); /* from any thread */
void gw_db_on_notice(gw_db *db, void (*notice)(gpointer data, const char *text), gpointer data);

/* The live schema: see gw_catalog_table. `filter` NULL for all. */
gw_model *gw_db_catalog(
    gw_db *db, const char *ledger, const gw_catalog_filter *filter, GError **error) GW_CHECKED;
gboolean gw_db_sizes(gw_db *db, const char *const *schemas, const char *const *names, guint count,
    gw_size *sizes, GError **error) GW_CHECKED;
gboolean gw_db_tables_exist(
    gw_db *db, const char *const *names, guint64 *found, GError **error) GW_CHECKED;
gboolean gw_db_table_names(gw_db *db, guint most, gw_names **names, GError **error) GW_CHECKED;
char **gw_db_columns(gw_db *db, const char *schema, const char *table, GError **error) GW_CHECKED;

/* See gw_vitals_table; without a server: empty arrays, nothing left. */
GPtrArray *gw_db_blockers(
    gw_db *db, const char *session, const char *relation, GError **error) GW_CHECKED;
gboolean gw_db_end_sessions(gw_db *db, const char *const *sessions, const char *application,
    guint *left, GError **error) GW_CHECKED;
gboolean gw_db_cancel_session(gw_db *db, const char *session, GError **error) GW_CHECKED;
GPtrArray *gw_db_checks(gw_db *db, GError **error) GW_CHECKED;
gw_model *gw_db_invalid_indexes(gw_db *db, GError **error) GW_CHECKED;
gboolean gw_db_session_waits(
    gw_db *db, const char *session, gboolean *waits, GError **error) GW_CHECKED;

/*
 * See gw_integrity_table. Where the database needs none of it, _suspend and _resume do nothing
 * and _check finds nothing. In order: _suspend, BEGIN, _check, the statements, _check, then
 * gw_violations_new() must find none before COMMIT; _resume after it, or after ROLLBACK.
 */
gboolean gw_db_integrity_suspend(gw_db *db, gboolean *was, GError **error) GW_CHECKED;
GPtrArray *gw_db_integrity_check(gw_db *db, const char *const *tables, GError **error) GW_CHECKED;
gboolean gw_db_integrity_resume(gw_db *db, gboolean was, GError **error) GW_CHECKED;

/* Those of `after` that `before` does not have, equal ones counted; borrowed from `after`. */
GPtrArray *gw_violations_new(const GPtrArray *before, const GPtrArray *after);

#endif
