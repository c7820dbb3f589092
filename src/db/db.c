#include "db/handle.h"

static gw_connect
connect_copy(const gw_connect *how, const gw_driver *driver)
{
    gw_connect copy = *how;
    copy.driver = driver;
    copy.url = g_strdup(how->url);
    copy.password = g_strdup(how->password);
    copy.application = g_strdup(how->application);
    copy.role = g_strdup(how->role);
    copy.ledger = g_strdup(how->ledger);
    copy.base = how->base == NULL ? g_get_current_dir() : g_strdup(how->base);
    return copy;
}

/* Overwrite a secret before its memory is given back. */
static void
secret_free(char *secret)
{
    if (secret != NULL)
    {
        explicit_bzero(secret, strlen(secret));
        g_free(secret);
    }
}

static void
connect_clear(gw_connect *how)
{
    secret_free((char *)(guintptr)how->url);
    secret_free((char *)(guintptr)how->password);
    g_free((char *)(guintptr)how->application);
    g_free((char *)(guintptr)how->role);
    g_free((char *)(guintptr)how->ledger);
    g_free((char *)(guintptr)how->base);
}

static void
place_clear(gw_place *place)
{
    g_free(place->host);
    g_free(place->database);
    g_free(place->schema);
    g_free(place->user);
    g_free(place->version);
    g_free(place->identity);
    g_free(place->session);
}

static gw_db *
db_new(const gw_driver *driver, const gw_connect *how)
{
    gw_db *db = g_new0(gw_db, 1);
    db->driver = driver;
    db->how = connect_copy(how, driver);
    db->rows = g_ptr_array_new();
    db->kept = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return db;
}

static void
db_free(gw_db *db)
{
    connect_clear(&db->how);
    place_clear(&db->place);
    g_clear_error(&db->pipeline.reason);
    g_ptr_array_unref(db->rows);
    g_hash_table_unref(db->kept);
    g_free(db);
}

gw_db *
gw_db_open(const gw_driver *const *drivers, const gw_connect *how, GError **error)
{
    const gw_driver *driver = gw_driver_find(drivers, how->url, error);
    if (driver == NULL)
    {
        return NULL;
    }
    gw_db *db = db_new(driver, how);
    db->self = driver->connection->open(&db->how, &db->place, error);
    if (db->self == NULL)
    {
        db_free(db);
        return NULL;
    }
    return db;
}

gw_db *
gw_db_adopt(const gw_driver *driver, gpointer native, const gw_connect *how, GError **error)
{
    static const gw_connect nothing = {.url = NULL};
    gw_db *db = db_new(driver, how == NULL ? &nothing : how);
    if (driver->connection->adopt == NULL)
    {
        gw_db_unsupported(db, "use a connection that is open already", error);
    }
    else
    {
        db->self = driver->connection->adopt(native, &db->how, &db->place, error);
    }
    if (db->self == NULL)
    {
        db_free(db);
        return NULL;
    }
    return db;
}

/* Do both connections reach the same database, as far as they can tell? */
static gboolean
place_same(const gw_place *left, const gw_place *right)
{
    gboolean server = left->identity == NULL || right->identity == NULL ||
                      g_str_equal(left->identity, right->identity);
    return server && g_strcmp0(left->database, right->database) == 0;
}

gw_db *
gw_db_open_beside(gw_db *db, GError **error)
{
    if (db->how.url == NULL)
    {
        gw_db_unsupported(db, "open a second connection without a URL", error);
        return NULL;
    }
    gw_connect how = db->how;
    how.create = FALSE;
    how.absent = NULL;
    gw_db *beside = db_new(db->driver, &how);
    beside->self = db->driver->connection->open(&beside->how, &beside->place, error);
    if (beside->self == NULL)
    {
        db_free(beside);
        return NULL;
    }
    if (!place_same(&db->place, &beside->place))
    {
        gw_fail(error, GW_CODE_UNREACHABLE,
            "a second connection to %s reached another database than the first", db->place.host);
        gw_db_close(beside);
        return NULL;
    }
    return beside;
}

void
gw_db_close(gw_db *db)
{
    if (db == NULL)
    {
        return;
    }
    gw_db_rollback(db);
    while (db->rows->len > 0)
    {
        gw_rows *rows = g_ptr_array_index(db->rows, db->rows->len - 1);
        gw_rows_release(rows);
        rows->db = NULL;
    }
    db->driver->connection->close(db->self);
    db_free(db);
}

const gw_dialect *
gw_db_dialect(const gw_db *db)
{
    return db->driver->dialect;
}

const gw_place *
gw_db_place(const gw_db *db)
{
    return &db->place;
}

gboolean
gw_db_has(const gw_db *db, gw_feature feature)
{
    guint lacks = db->place.lacks | (db->place.pooled ? (guint)GW_FEATURE_SESSION_LOCK : 0);
    return gw_dialect_has(db->driver->dialect, feature) && (lacks & (guint)feature) == 0;
}

gboolean
gw_db_alive(const gw_db *db)
{
    return db->driver->connection->alive == NULL || db->driver->connection->alive(db->self);
}

void
gw_db_unsupported(const gw_db *db, const char *what, GError **error)
{
    gw_fail(error, GW_CODE_UNSUPPORTED, "%s cannot %s", db->driver->dialect->title, what);
}

gboolean
gw_db_ready(gw_db *db, GError **error)
{
    if (!gw_db_alive(db))
    {
        gw_fail(error, GW_CODE_CONNECTION_LOST, "the connection to %s was lost", db->place.host);
        return FALSE;
    }
    if (db->pipeline.open || db->reading != NULL)
    {
        gw_fail(error, GW_CODE_INTERNAL, "the connection is in the middle of %s",
            db->pipeline.open ? "a pipeline" : "a result");
        return FALSE;
    }
    return TRUE;
}

const char *
gw_db_kept(gw_db *db, const char *sql, guint parameters)
{
    gpointer kept = NULL;
    if (parameters == 0)
    {
        return NULL;
    }
    if (g_hash_table_lookup_extended(db->kept, sql, &kept, NULL))
    {
        return kept;
    }
    if (g_hash_table_size(db->kept) >= GW_DB_KEPT)
    {
        return NULL;
    }
    char *copy = g_strdup(sql);
    g_hash_table_add(db->kept, copy);
    return copy;
}

gboolean
gw_db_exec(gw_db *db, const char *sql, gssize length, gint64 *affected, GError **error)
{
    gsize size = length < 0 ? strlen(sql) : (gsize)length;
    if (!gw_db_ready(db, error))
    {
        return FALSE;
    }
    gw_db_watch(db, sql, size);
    return db->driver->connection->exec(db->self, sql, size, affected, error);
}

gboolean
gw_db_exec_with(gw_db *db, const char *sql, const gw_value *parameters, guint count,
    gint64 *affected, GError **error)
{
    const gw_cell *cells = NULL;
    g_autoptr(gw_rows) rows = gw_db_query(db, sql, parameters, count, error);
    if (rows == NULL)
    {
        return FALSE;
    }
    do
    {
        if (!gw_rows_next(rows, &cells, error))
        {
            return FALSE;
        }
    } while (cells != NULL);
    if (affected != NULL)
    {
        *affected = db->driver->connection->affected(rows->native);
    }
    return TRUE;
}

gboolean
gw_db_limit(gw_db *db, const gw_limits *limits, GError **error)
{
    gboolean inside = db->pipeline.open && gw_db_has(db, GW_FEATURE_LIMIT_INSIDE);
    if (!inside && !gw_db_ready(db, error))
    {
        return FALSE;
    }
    if (db->driver->connection->limit == NULL)
    {
        gw_db_unsupported(db, "bound how long a statement waits", error);
        return FALSE;
    }
    return db->driver->connection->limit(db->self, limits, db->began, error);
}

gboolean
gw_db_lock(gw_db *db, const char *name, gboolean *taken, GError **error)
{
    *taken = FALSE;
    if (!gw_db_ready(db, error))
    {
        return FALSE;
    }
    if (db->driver->connection->lock == NULL)
    {
        gw_db_unsupported(db, "hold a lock by name", error);
        return FALSE;
    }
    return db->driver->connection->lock(db->self, name, taken, error);
}

void
gw_db_unlock(gw_db *db, const char *name)
{
    if (db->driver->connection->unlock != NULL && gw_db_ready(db, NULL))
    {
        db->driver->connection->unlock(db->self, name);
    }
}

void
gw_db_lock_note(gw_db *db, const char *name, const char *text)
{
    if (db->driver->connection->lock_note != NULL)
    {
        db->driver->connection->lock_note(db->self, name, text);
    }
}

char *
gw_db_lock_noted(gw_db *db, const char *name)
{
    return db->driver->connection->lock_noted == NULL
               ? NULL
               : db->driver->connection->lock_noted(db->self, name);
}

gboolean
gw_db_reset(gw_db *db, GError **error)
{
    if (!gw_db_ready(db, error))
    {
        return FALSE;
    }
    if (db->began && !gw_db_has(db, GW_FEATURE_RESET_INSIDE))
    {
        gw_fail(error, GW_CODE_INTERNAL, "a session is put back while its transaction is open");
        return FALSE;
    }
    return db->driver->connection->reset == NULL || db->driver->connection->reset(db->self, error);
}

void
gw_db_cancel(gw_db *db)
{
    if (db->driver->connection->cancel != NULL)
    {
        db->driver->connection->cancel(db->self);
    }
}

void
gw_db_on_notice(gw_db *db, void (*notice)(gpointer data, const char *text), gpointer data)
{
    if (db->driver->connection->on_notice != NULL)
    {
        db->driver->connection->on_notice(db->self, notice, data);
    }
}
