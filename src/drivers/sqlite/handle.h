/* What the files of the SQLite driver share. */
#ifndef GW_DRIVERS_SQLITE_HANDLE_H
#define GW_DRIVERS_SQLITE_HANDLE_H

#include <sqlite3.h>

#include "db/driver.h"
#include "drivers/sqlite/url.h"

/* Settings of a session that reset() puts back; their values stand in gw_sqlite.settings. */
#define GW_SQLITE_SETTINGS 14

typedef struct gw_sqlite_journal gw_sqlite_journal;

typedef struct gw_sqlite
{
    sqlite3 *native;
    gboolean owned;         /* FALSE: adopted, and left open */
    int native_timeout;     /* of an adopted connection, in milliseconds, to be put back */
    char *path;             /* NULL: in memory */
    GHashTable *kept;       /* address of a statement's text -> sqlite3_stmt *, when not in use */
    GHashTable *locks;      /* name -> file descriptor */
    gboolean keeps_journal; /* while it holds one of them */
    gw_sqlite_journal *journal;         /* of a connection of our own; may be NULL */
    char *settings[GW_SQLITE_SETTINGS]; /* as they were when the connection was opened */
    gint64 plain;     /* version of the schema in which no table refers to another; -1: not known */
    gboolean plainly; /* the open transaction has found so, and nothing since speaks against it */
    gint64 first_wait; /* how long a lock is waited for before anybody bounded it */
    gint64 lock_wait;  /* now; microseconds, -1: for ever */
    gint64 statement;  /* bound of one statement; 0: none */
    gint64 waiting;    /* when waiting for the lock began */
    gint64 deadline;   /* when the running statement must end; 0: never */
    gint cancelled;    /* atomic: set by cancel(), taken back by the next statement */
} gw_sqlite;

extern const gw_dialect gw_sqlite_dialect;
extern const gw_catalog_table gw_sqlite_catalog;
extern const gw_vitals_table gw_sqlite_vitals;
extern const gw_integrity_table gw_sqlite_integrity;

/* Fill `error` from what SQLite said last; `sql` (may be NULL) is the statement that failed. */
void gw_sqlite_fail(gw_sqlite *self, int result, const char *sql, gsize length, GError **error);

/* Prepare the one statement of `sql`; *statement is NULL where there is none but comments. Fails
 * with SYNTAX when text follows the statement. */
gboolean gw_sqlite_prepare(gw_sqlite *self, const char *sql, gsize length, gboolean keep,
    sqlite3_stmt **statement, GError **error) GW_CHECKED;

/* Run one of the driver's own statements with parameters bound as texts (NULL-terminated list).
 * The caller finalizes it. NULL when it cannot be prepared. */
sqlite3_stmt *gw_sqlite_ask(
    gw_sqlite *self, const char *sql, const char *const *texts, GError **error) GW_CHECKED;

/* The next row of such a statement: *row is FALSE at the end. */
gboolean gw_sqlite_step(
    gw_sqlite *self, sqlite3_stmt *statement, gboolean *row, GError **error) GW_CHECKED;

/* Run one of the driver's own statements, its rows thrown away. */
gboolean gw_sqlite_do(gw_sqlite *self, const char *sql, GError **error) GW_CHECKED;

/* The first cell of a statement of the driver's own, NULL when there is none. Caller frees. */
char *gw_sqlite_text(gw_sqlite *self, const char *sql);

/* A cell of a row as text, "" for NULL; borrowed until the next row. */
const char *gw_sqlite_cell(sqlite3_stmt *statement, int column);

/* A statement begins: its time runs, an old cancel is forgotten. */
void gw_sqlite_begin(gw_sqlite *self);

/* Bound waiting for the lock and for statements by what `self` says. */
void gw_sqlite_bound(gw_sqlite *self);

/* What a statement affected; -1 where it changes no rows. */
gint64 gw_sqlite_affected(sqlite3_stmt *statement);

/* What keeps in mind whether tables refer to each other (integrity.c): from a connection that is
 * our own, and by each statement that is prepared. */
void gw_sqlite_watch_references(gw_sqlite *self);
void gw_sqlite_note_references(gw_sqlite *self, const char *sql, gsize length);

/* Results: entries of the connection table (rows.c). */
gpointer gw_sqlite_query(gpointer data, const char *sql, const gw_value *parameters, guint count,
    gboolean keep, GError **error);
gboolean gw_sqlite_next(gpointer data, const gw_cell **cells, guint *columns, GError **error);
gint64 gw_sqlite_rows_affected(gpointer data);
const char *gw_sqlite_column(gpointer data, guint index);
void gw_sqlite_finish(gpointer data);

/* The session between migrations (session.c). */
void gw_sqlite_remember(gw_sqlite *self);
gboolean gw_sqlite_reset(gpointer data, GError **error);

/* Locks on a file beside the database (lock.c). */
gboolean gw_sqlite_lock(gpointer data, const char *name, gboolean *taken, GError **error);
void gw_sqlite_unlock(gpointer data, const char *name);
void gw_sqlite_lock_note(gpointer data, const char *name, const char *text);
char *gw_sqlite_lock_noted(gpointer data, const char *name);

/* The journal (journal.c) of a connection that is opened with its VFS; the name is NULL for that of
 * SQLite itself. Freed when the connection is closed. */
gw_sqlite_journal *gw_sqlite_journal_new(void);
const char *gw_sqlite_journal_vfs(const gw_sqlite_journal *journal);
void gw_sqlite_journal_free(gw_sqlite_journal *journal);

/* While a lock is held it is kept between commits; with the last one it goes. */
void gw_sqlite_journal_keep(gw_sqlite *self);
void gw_sqlite_journal_let_go(gw_sqlite *self);

/* The text that defines an object, in one form for one meaning. The caller frees it. */
char *gw_sqlite_canonical(const char *sql);

gw_facts *gw_sqlite_facts(const char *sql, gsize length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3_stmt, sqlite3_finalize)

#endif
