/*
 * What a database driver provides: small tables of functions over one connection.
 *
 * Only db/ and the drivers include this file; all other code speaks to db/db.h. `self` is the
 * driver's own struct. Rules for every entry:
 *   - FALSE or NULL is returned only after `error` was filled with a code of base/error_codes.h
 *     (that code is the classification: DEADLOCK, LOCK_TIMEOUT, CONNECTION_LOST …), the database's
 *     message without values of rows, SQLSTATE and number, and the offset into the statement.
 *   - A NULL entry is what the database cannot do; db/ answers UNSUPPORTED.
 *   - A driver decides no policy: it never retries, waits only as told, and prints nothing.
 *   - A driver has no mutable file-scope variables and calls no other driver.
 *   - One thread at a time uses a connection, except `cancel`.
 */
#ifndef GW_DB_DRIVER_H
#define GW_DB_DRIVER_H

#include "db/dialect.h"
#include "db/value.h"
#include "schema/model.h"

/* What godwit asks a server to bound; microseconds, 0: no bound. */
typedef struct gw_limits
{
    gint64 lock_wait; /* for one lock */
    gint64 statement; /* for one statement */
} gw_limits;

/* Where a connection is, read once when it opened. Texts are owned by the connection. */
typedef struct gw_place
{
    char *host; /* host:port, socket, or the absolute path of a file */
    char *database;
    char *schema; /* the working schema: current_schema(), the database, "main" */
    char *user;
    char *version;  /* "15.20", "10.11.19-MariaDB" */
    char *identity; /* what tells this server and database from a copy: system identifier and
                       database oid, server uuid; may be NULL */
    gboolean replica;
    gboolean pooled; /* a pooler in transaction mode: the session is not real */
    gboolean tls;
    char *session; /* "pid backend_start" or the connection id: names the session in the
                      server, so that it can be ended; NULL when there is none */
    guint lacks;   /* of gw_feature: what the dialect can do and this server cannot; a pooled
                      connection lacks the session lock without saying so here */
} gw_place;

/* Another session, as a blocker is named. All owned by the struct. */
typedef struct gw_session
{
    char *id; /* pid or connection id */
    char *user;
    char *application; /* or host */
    char *query;       /* its running or last statement, shortened, one line */
    gint64 age;        /* microseconds of its transaction or statement; -1 unknown */
    gboolean certain;  /* FALSE: a candidate only */
    gboolean reads;    /* it holds no more than who reads: only what keeps readers out as well has
                          to wait for it */
} gw_session;

void gw_session_free(gw_session *session);

/* "session 4711, user app (web1), for 12 s: SELECT …", for people. The caller frees it. */
char *gw_session_text(const gw_session *session);

/* Such lines for the first `most` of an array of gw_session *; "" for none. The caller frees it. */
char *gw_sessions_text(const GPtrArray *sessions, guint most);

typedef struct gw_driver gw_driver;

/* How to open. */
typedef struct gw_connect
{
    const gw_driver *driver; /* whose open() is called: db/ fills it in, for drivers that wrap */
    const char *url;         /* as the user wrote it, password still inside or not */
    const char *password; /* from a command or file; NULL: as the URL and the client library say */
    const char *application; /* "godwit <run id>": shown in the server's list of sessions */
    const char *role;        /* SET ROLE after connecting; NULL: none */
    const char *ledger;      /* the schema of the ledger, which is never the working one */
    const char *base;        /* folder that relative paths of the URL are from */
    gboolean create;         /* make a missing database file */
    gboolean *absent;        /* for open() alone: set when only the file is missing; may be NULL */
    gboolean read_only;      /* never write: where the database can hold a connection to that */
    gint64 timeout;          /* microseconds for connecting; 0: the driver's default of 10 s */
} gw_connect;

typedef struct gw_connection_table
{
    gpointer (*open)(const gw_connect *how, gw_place *place, GError **error);

    /* Wrap a native handle (sqlite3 *, PGconn *, MYSQL *) that the caller opened and will close:
     * close() leaves it open, and leaves its settings as they were found. May be NULL. */
    gpointer (*adopt)(gpointer native, const gw_connect *how, gw_place *place, GError **error);

    void (*close)(gpointer self);

    /* Run one statement without parameters; rows it returns are thrown away. `affected` may be
     * NULL; -1 where it means nothing. A COMMIT that the server answers with a rollback fails. */
    gboolean (*exec)(
        gpointer self, const char *sql, gsize length, gint64 *affected, GError **error);

    /*
     * Run one statement with parameters and read its rows one by one; `sql` lives as long as the
     * connection where `keep` is set: such a statement is prepared once and kept. db/ sees to it
     * that only one result is read at a time, and that equal kept texts have one address.
     */
    gpointer (*query)(gpointer self, const char *sql, const gw_value *parameters, guint count,
        gboolean keep, GError **error);
    gboolean (*next)(gpointer rows, const gw_cell **cells, guint *columns, GError **error);
    gint64 (*affected)(gpointer rows);
    const char *(*column)(gpointer rows, guint index);
    void (*finish)(gpointer rows);

    /*
     * The pipeline: statements that are sent without waiting for their answers. `send` may fail
     * with the error of an earlier statement. `flush` waits for all answers; *failed gets the index
     * (from 0) of the statement that failed. After a failure nothing sent later had an effect as
     * long as all stands in one transaction, and the pipeline is closed. Without a pipeline each
     * statement is run as it is sent; NULL entries: db/ does that with exec. A statement with
     * parameters is kept as with `keep` above.
     */
    gboolean (*pipeline_begin)(gpointer self, GError **error);
    gboolean (*pipeline_send)(gpointer self, const char *sql, gsize length,
        const gw_value *parameters, guint count, GError **error);
    gboolean (*pipeline_flush)(gpointer self, guint *failed, gint64 *affected_last, GError **error);

    /* How many statements of the open pipeline are answered; any thread may ask. `mark` asks for an
     * early answer to those that were sent so far. Both may be NULL. */
    guint (*pipeline_answered)(gpointer self);
    void (*pipeline_mark)(gpointer self);

    gboolean (*limit)(
        gpointer self, const gw_limits *limits, gboolean in_transaction, GError **error);

    /* A lock by name that the session holds; taken at once or not. */
    gboolean (*lock)(gpointer self, const char *name, gboolean *taken, GError **error);
    void (*unlock)(gpointer self, const char *name);

    /* Where the lock is a file: what its holder says of itself in it, and what stands there (NULL:
     * nothing; the caller frees it). While the lock is held any thread may note. May be NULL. */
    void (*lock_note)(gpointer self, const char *name, const char *text);
    char *(*lock_noted)(gpointer self, const char *name);

    /* What the session is put back to between migrations: role, search path, settings. */
    gboolean (*reset)(gpointer self, GError **error);

    /* Notices and warnings of the server go here; may be set to NULL. */
    void (*on_notice)(
        gpointer self, void (*notice)(gpointer data, const char *text), gpointer data);

    /* Stop the running statement; another thread or a signal may call this one. */
    void (*cancel)(gpointer self);

    /* Is the connection still there, as far as the client knows? Asks no server. */
    gboolean (*alive)(gpointer self);
} gw_connection_table;

/* What of the catalog is wanted. NULL: everything of the working schema (and, on PostgreSQL, of
 * all schemas that are not the system's, extensions and the ledger's own excepted). */
typedef struct gw_catalog_filter
{
    gw_object_kind kind;
    const char *schema; /* NULL: by the search path */
    const char *table;
    const char *name;
} gw_catalog_filter;

/* How large a relation is, as far as the database knows without counting; -1 unknown. */
typedef struct gw_size
{
    gint64 rows;
    gint64 bytes;
    char engine[32]; /* of a table that keeps part of a statement that fails; "" of any other */
} gw_size;

/* The names of all tables and views of the working schema; how names compare is the server's. */
typedef struct gw_names
{
    GHashTable *set; /* of char *, owned */
    gboolean folded; /* they compare without case, and are all in lower case here */
} gw_names;

void gw_names_free(gw_names *names);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(gw_names, gw_names_free)

/* Is a name there? And put one in, or take it out. FALSE: that cannot be told here, for letters
 * beyond ASCII are folded by the server's own rules. */
gboolean gw_names_find(const gw_names *names, const char *name, gboolean *there);
gboolean gw_names_note(gw_names *names, const char *name, gboolean there);

typedef struct gw_catalog_table
{
    /*
     * Read the live schema; a fixed number of queries, whatever the number of objects. Objects of
     * the ledger are left out: those in the schema `ledger`, or, where there are no schemas, of
     * tables whose names begin with `ledger` and "_". With a filter at least that object
     * and, for a table, its parts.
     */
    gw_model *(*read)(gpointer self, const gw_place *place, const char *ledger,
        const gw_catalog_filter *filter, GError **error);

    /* Estimated rows and bytes of relations, without counting, in one query: parallel arrays;
     * schemas[i] NULL: by the search path. Both are -1 where the relation is not there; rows alone
     * is -1 where it is there and its number of rows is not known. */
    gboolean (*sizes)(gpointer self, const char *const *schemas, const char *const *names,
        guint count, gw_size *sizes, GError **error);

    /* Which tables and views there are of `names` (at most 64, NULL-terminated): bit i set. Names
     * compare as they do in statements. */
    gboolean (*tables_exist)(gpointer self, const gw_place *place, const char *const *names,
        guint64 *found, GError **error);

    /* All tables and views of the working schema, in one question; *names stays NULL where there
     * are more than `most`. NULL: the database is not asked so, for one name costs it no more. */
    gboolean (*table_names)(
        gpointer self, const gw_place *place, guint most, gw_names **names, GError **error);

    /* Columns of a table in order, NULL-terminated; empty when it is not there. */
    char **(*columns)(gpointer self, const gw_place *place, const char *schema, const char *table,
        GError **error);
} gw_catalog_table;

typedef struct gw_bulk_table
{
    /* COPY … FROM stdin: begin with the user's statement, hand in bytes, end (commits nothing). */
    gboolean (*copy_begin)(gpointer self, const char *sql, gsize length, GError **error);
    gboolean (*copy_data)(gpointer self, const char *data, gsize length, GError **error);
    gboolean (*copy_end)(gpointer self, gint64 *rows, GError **error);
} gw_bulk_table;

typedef struct gw_check_line
{
    char *name;   /* "privileges" */
    char *found;  /* "may create tables in public" */
    char *fix;    /* the command or setting that mends it; NULL: fine */
    gboolean bad; /* a fix is needed before a run can succeed */
} gw_check_line;

void gw_check_line_free(gw_check_line *line);

typedef struct gw_vitals_table
{
    /*
     * Who holds what the session `session` (gw_place.session) waits for, or, when it does not wait
     * now, what would stop a lock on `relation` ("table" or "schema.table", not quoted; may be
     * NULL). Array of gw_session *.
     */
    GPtrArray *(*blockers)(
        gpointer self, const char *session, const char *relation, GError **error);

    /*
     * End sessions of a dead run: `sessions` are gw_place.session texts, `application` is what
     * that run called itself (found behind a pooler). Sets *left to how many are still there.
     */
    gboolean (*end_sessions)(gpointer self, const char *const *sessions, const char *application,
        guint *left, GError **error);

    /* Stop the statement that the session runs, from here (MariaDB: KILL QUERY). */
    gboolean (*cancel_session)(gpointer self, const char *session, GError **error);

    /* The server's checks for `doctor`: privileges, timeouts, version, clock … */
    GPtrArray *(*checks)(gpointer self, const gw_place *place, GError **error);

    /* Indexes that a failed concurrent build left behind: objects with valid FALSE. */
    gw_model *(*invalid_indexes)(gpointer self, GError **error);

    /* Does the session wait for a lock at this moment? One cheap query: the stall watch asks it
     * before it cancels, so that a statement that works is never cut. */
    gboolean (*waits)(gpointer self, const char *session, gboolean *waits, GError **error);
} gw_vitals_table;

/* One row that refers to another that is not there. All owned by the struct. */
typedef struct gw_violation
{
    char *table;
    char *parent;
    char *row;  /* names the row as the database can: "rowid 17"; NULL where it cannot */
    char *mark; /* a digest of what refers: equal for the same reference, also when the table was
                   rebuilt meanwhile; says nothing about the values */
} gw_violation;

void gw_violation_free(gw_violation *violation);

/*
 * References between rows, where a table is rebuilt under them and the database would follow them
 * to rows that must stay (SQLite: PRAGMA foreign_keys does nothing inside a transaction, and DROP
 * TABLE deletes the rows that refer to the table). NULL where the database needs none of this.
 */
typedef struct gw_integrity_table
{
    /* Outside a transaction: stop acting on references; *was tells whether it did. Verified by
     * reading the setting back. */
    gboolean (*suspend)(gpointer self, gboolean *was, GError **error);

    /* All broken references of rows in `tables` (NULL-terminated; NULL: all), and of rows in tables
     * that refer to these. Reads them whole. Array of gw_violation *. */
    GPtrArray *(*check)(gpointer self, const char *const *tables, GError **error);

    /* Outside a transaction: put it back as `was` says. */
    gboolean (*resume)(gpointer self, gboolean was, GError **error);
} gw_integrity_table;

/* A driver that is not in this build has its schemes, and NULL for `connection`: NO_DRIVER. */
struct gw_driver
{
    const char *const *schemes; /* URL schemes it answers to, NULL-terminated: "postgres" … */

    /* Is `url` ours although it has no scheme ("host=… dbname=…", "app.db")? May be NULL. */
    gboolean (*claims)(const char *url);

    /* The URL without its password, as messages show it. The caller frees it. */
    char *(*redact)(const char *url);

    const gw_dialect *dialect;
    const gw_connection_table *connection;
    const gw_catalog_table *catalog;
    const gw_bulk_table *bulk;           /* NULL: no bulk */
    const gw_vitals_table *vitals;       /* NULL: no server */
    const gw_integrity_table *integrity; /* NULL: not needed */
};

#endif
