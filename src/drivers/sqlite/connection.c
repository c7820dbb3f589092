/* Opening, closing, running. */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drivers/sqlite/handle.h"
#include "drivers/sqlite/sqlite.h"

static void
statement_free(gpointer statement)
{
    sqlite3_finalize(statement);
}

static gw_sqlite *
sqlite_new(void)
{
    gw_sqlite *self = g_new0(gw_sqlite, 1);
    self->kept = g_hash_table_new_full(NULL, NULL, NULL, statement_free);
    self->locks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->plain = -1;
    return self;
}

static void
sqlite_release_locks(gw_sqlite *self)
{
    g_autoptr(GList) names = g_hash_table_get_keys(self->locks);
    for (GList *at = names; at != NULL; at = at->next)
    {
        gw_sqlite_unlock(self, at->data);
    }
}

/* An adopted connection gets back what was changed on it, as far as SQLite tells what it was. */
static void
sqlite_give_back(gw_sqlite *self)
{
    g_autoptr(GError) ignored = NULL;
    if (!gw_sqlite_reset(self, &ignored))
    {
        g_clear_error(&ignored);
    }
    sqlite3_progress_handler(self->native, 0, NULL, NULL);
    sqlite3_busy_timeout(self->native, self->native_timeout);
}

/* The journal goes with the connection, which must not be in a transaction for that. */
static void
sqlite_end(gw_sqlite *self)
{
    g_autoptr(GError) ignored = NULL; /* closing rolls back in any case */
    gboolean done = self->native == NULL || sqlite3_get_autocommit(self->native) ||
                    gw_sqlite_do(self, "ROLLBACK", &ignored);
    (void)done;
    gw_sqlite_journal_let_go(self);
    sqlite3_close_v2(self->native);
}

static void
sqlite_close(gpointer data)
{
    gw_sqlite *self = data;
    g_hash_table_remove_all(self->kept);
    if (self->native != NULL && !self->owned)
    {
        sqlite_give_back(self);
    }
    else
    {
        sqlite_end(self);
    }
    sqlite_release_locks(self);
    for (gsize i = 0; i < GW_SQLITE_SETTINGS; i++)
    {
        g_free(self->settings[i]);
    }
    g_hash_table_unref(self->kept);
    g_hash_table_unref(self->locks);
    gw_sqlite_journal_free(self->journal);
    g_free(self->path);
    g_free(self);
}

static void
fail_missing(const gw_sqlite_url *url, gboolean *absent, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(url->path);
    gboolean there = g_file_test(folder, G_FILE_TEST_IS_DIR);
    gw_fail(error, GW_CODE_NO_DATABASE, "%s is not there", there ? url->path : folder);
    if (absent != NULL)
    {
        *absent = there;
    }
    if (error != NULL && !there)
    {
        gw_error_add_hint(*error, "make the folder first: mkdir -p %s", folder);
    }
}

/* What stands at the path before SQLite opens it, which would say only "unable to open". */
static gboolean
check_path(const gw_sqlite_url *url, const gw_connect *how, GError **error)
{
    struct stat found;
    g_autofree char *folder = url->path == NULL ? NULL : g_path_get_dirname(url->path);
    if (url->path == NULL)
    {
        return TRUE;
    }
    if (stat(url->path, &found) != 0)
    {
        if (errno == ENOENT && how->create && g_file_test(folder, G_FILE_TEST_IS_DIR))
        {
            return TRUE;
        }
        if (errno == ENOENT || errno == ENOTDIR)
        {
            fail_missing(url, how->absent, error);
            return FALSE;
        }
        gw_fail(error, GW_CODE_AUTH, "cannot open %s: %s", url->path, g_strerror(errno));
        return FALSE;
    }
    if (S_ISDIR(found.st_mode))
    {
        gw_fail(error, GW_CODE_NO_DATABASE, "%s is a folder, not a database", url->path);
        gw_error_add_hint(error == NULL ? NULL : *error, "name a file in it");
        return FALSE;
    }
    if (access(url->path, R_OK) != 0)
    {
        gw_fail(error, GW_CODE_AUTH, "cannot read %s: %s", url->path, g_strerror(errno));
        return FALSE;
    }
    return TRUE;
}

/* A setting that the URL asks for, and that the database must take over: SQLite says nothing when
 * it does not. */
static gboolean
demand(gw_sqlite *self, const char *name, const char *value, GError **error)
{
    if (value == NULL)
    {
        return TRUE;
    }
    g_autofree char *sql = g_strdup_printf("PRAGMA %s = %s", name, value);
    g_autofree char *question = g_strdup_printf("PRAGMA %s", name);
    if (!gw_sqlite_do(self, sql, error))
    {
        return FALSE;
    }
    g_autofree char *got = gw_sqlite_text(self, question);
    if (g_str_equal(name, "journal_mode") && g_strcmp0(got, value) != 0)
    {
        gw_fail(error, GW_CODE_URL, "the database stays in journal mode %s instead of %s",
            got == NULL ? "?" : got, value);
        return FALSE;
    }
    return TRUE;
}

/* The first read of the file: tells whether it is a database at all. */
static gboolean
check_content(gw_sqlite *self, const char *name, GError **error)
{
    g_autoptr(GError) reason = NULL;
    if (gw_sqlite_do(self, "SELECT count(*) FROM sqlite_schema", &reason))
    {
        return TRUE;
    }
    if (gw_error_native(reason) == SQLITE_NOTADB)
    {
        gw_fail(
            error, GW_CODE_NO_DATABASE, "%s is not a SQLite database, or it is encrypted", name);
        gw_error_add_hint(error == NULL ? NULL : *error, "check the path: another program's file?");
        return FALSE;
    }
    gw_error_prefix(reason, "cannot open %s: ", name);
    g_propagate_error(error, g_steal_pointer(&reason));
    return FALSE;
}

static gboolean
configure(gw_sqlite *self, const gw_sqlite_url *url, gboolean looks, GError **error)
{
    return check_content(self, url->name, error) &&
           demand(self, "foreign_keys", url->foreign_keys ? "ON" : "OFF", error) &&
           demand(self, "journal_mode", looks ? NULL : url->journal_mode, error) &&
           demand(self, "synchronous", url->synchronous, error) &&
           demand(self, "query_only", looks ? "ON" : NULL, error);
}

/*
 * A connection that only looks is opened for writing where the user may write, and then kept from
 * it: only so can SQLite roll back what a killed writer left in the journal, without which the file
 * cannot be read.
 */
static int
open_flags(const gw_connect *how, const gw_sqlite_url *url)
{
    int access = url->read_only ? SQLITE_OPEN_READONLY
                                : SQLITE_OPEN_READWRITE |
                                      (how->create || url->path == NULL ? SQLITE_OPEN_CREATE : 0);
    return access | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX;
}

static void
place_fill(const gw_sqlite *self, gw_place *place)
{
    place->host = g_strdup(self->path == NULL ? ":memory:" : self->path);
    place->database = self->path == NULL ? g_strdup(":memory:") : g_path_get_basename(self->path);
    place->schema = g_strdup("main");
    place->user = g_strdup(g_get_user_name());
    place->version = g_strdup(sqlite3_libversion());
    /* A file is known by its path; what is in memory is reached by no second connection. */
    place->identity =
        self->path == NULL ? g_strdup_printf("memory %p", (void *)self->native) : NULL;
    place->session = g_strdup_printf("pid:%ld host:%s", (long)getpid(), g_get_host_name());
}

/* What is the same for connections that were opened and those that were adopted. */
static void
set_up(gw_sqlite *self, gint64 wait)
{
    self->first_wait = wait;
    self->lock_wait = wait;
    gw_sqlite_bound(self);
}

static gpointer
sqlite_open(const gw_connect *how, gw_place *place, GError **error)
{
    g_auto(gw_sqlite_url) url = {.path = NULL};
    if (!gw_sqlite_url_parse(how->url, how->base, &url, error) || !check_path(&url, how, error))
    {
        return NULL;
    }
    if (how->role != NULL)
    {
        gw_fail(error, GW_CODE_UNSUPPORTED, "SQLite has no roles: take `role` out");
        return NULL;
    }
    gw_sqlite *self = sqlite_new();
    self->owned = TRUE;
    self->path = g_strdup(url.path);
    self->journal = gw_sqlite_journal_new();
    int result = sqlite3_open_v2(
        url.uri, &self->native, open_flags(how, &url), gw_sqlite_journal_vfs(self->journal));
    if (result != SQLITE_OK)
    {
        gw_fail(error, GW_CODE_NO_DATABASE, "cannot open %s: %s", url.name,
            self->native == NULL ? "no memory" : sqlite3_errmsg(self->native));
        sqlite_close(self);
        return NULL;
    }
    set_up(self, url.busy_timeout);
    if (!configure(self, &url, how->read_only, error))
    {
        sqlite_close(self);
        return NULL;
    }
    gw_sqlite_remember(self);
    gw_sqlite_watch_references(self);
    place_fill(self, place);
    return self;
}

static gpointer
sqlite_adopt(gpointer native, const gw_connect *how, gw_place *place, GError **error)
{
    gw_sqlite *self = sqlite_new();
    (void)how;
    self->native = native;
    const char *path = sqlite3_db_filename(native, "main");
    self->path = path == NULL || path[0] == '\0' ? NULL : g_strdup(path);
    g_autofree char *timeout = gw_sqlite_text(self, "PRAGMA busy_timeout");
    self->native_timeout = timeout == NULL ? 0 : (int)g_ascii_strtoll(timeout, NULL, 10);
    gw_sqlite_remember(self);
    set_up(self, (gint64)self->native_timeout * 1000);
    if (!check_content(self, self->path == NULL ? ":memory:" : self->path, error))
    {
        sqlite_close(self);
        return NULL;
    }
    place_fill(self, place);
    return self;
}

static gboolean
sqlite_exec(gpointer data, const char *sql, gsize length, gint64 *affected, GError **error)
{
    gw_sqlite *self = data;
    g_autoptr(sqlite3_stmt) statement = NULL;
    int result = SQLITE_DONE;
    gw_sqlite_begin(self);
    if (!gw_sqlite_prepare(self, sql, length, FALSE, &statement, error))
    {
        return FALSE;
    }
    do
    {
        result = statement == NULL ? SQLITE_DONE : sqlite3_step(statement);
    } while (result == SQLITE_ROW);
    if (result != SQLITE_DONE)
    {
        gw_sqlite_fail(self, result, sql, length, error);
        return FALSE;
    }
    if (affected != NULL)
    {
        *affected = statement == NULL ? -1 : gw_sqlite_affected(statement);
    }
    return TRUE;
}

static gboolean
sqlite_limit(gpointer data, const gw_limits *limits, gboolean in_transaction, GError **error)
{
    gw_sqlite *self = data;
    (void)in_transaction;
    (void)error;
    self->lock_wait = limits->lock_wait == 0 ? -1 : limits->lock_wait;
    self->statement = limits->statement;
    gw_sqlite_bound(self);
    return TRUE;
}

static void
sqlite_cancel(gpointer data)
{
    gw_sqlite *self = data;
    g_atomic_int_set(&self->cancelled, 1);
    sqlite3_interrupt(self->native);
}

static gboolean
sqlite_alive(gpointer data)
{
    (void)data;
    return TRUE;
}

static const gw_connection_table connection = {
    .open = sqlite_open,
    .adopt = sqlite_adopt,
    .close = sqlite_close,
    .exec = sqlite_exec,
    .query = gw_sqlite_query,
    .next = gw_sqlite_next,
    .affected = gw_sqlite_rows_affected,
    .column = gw_sqlite_column,
    .finish = gw_sqlite_finish,
    .limit = sqlite_limit,
    .lock = gw_sqlite_lock,
    .unlock = gw_sqlite_unlock,
    .lock_note = gw_sqlite_lock_note,
    .lock_noted = gw_sqlite_lock_noted,
    .reset = gw_sqlite_reset,
    .cancel = sqlite_cancel,
    .alive = sqlite_alive,
};

static const char *const schemes[] = {"sqlite", "sqlite3", "file", NULL};

const gw_driver gw_sqlite_driver = {
    .schemes = schemes,
    .claims = gw_sqlite_url_claims,
    .redact = gw_sqlite_url_redact,
    .dialect = &gw_sqlite_dialect,
    .connection = &connection,
    .catalog = &gw_sqlite_catalog,
    .vitals = &gw_sqlite_vitals,
    .integrity = &gw_sqlite_integrity,
};
