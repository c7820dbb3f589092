/* Begin, commit, roll back; and what is known about a commit whose answer never came. */
#include "base/text.h"
#include "db/handle.h"

/* Does a statement start with one of `words`? Splitter and godwit leave nothing before it. */
static gboolean
starts_with(const char *sql, gsize length, const char *const *words)
{
    gsize size = 0;
    while (size < length && g_ascii_isalpha(sql[size]))
    {
        size++;
    }
    for (; *words != NULL; words++)
    {
        if (gw_text_is(sql, size, *words))
        {
            return TRUE;
        }
    }
    return FALSE;
}

/* SAVEPOINT begins a transaction in SQLite, SET autocommit in MariaDB. */
static const char *const opening[] = {"BEGIN", "START", "SAVEPOINT", "SET", NULL};

void
gw_db_watch(gw_db *db, const char *sql, gsize length)
{
    db->touched = db->touched || starts_with(sql, length, opening);
}

void
gw_pipeline_watch(gw_db *db, const char *sql, gsize length)
{
    static const char *const begin[] = {"BEGIN", "START", NULL};
    static const char *const commit[] = {"COMMIT", NULL};
    db->began = db->began || starts_with(sql, length, begin);
    db->pipeline.commit = db->pipeline.commit || starts_with(sql, length, commit);
}

void
gw_db_doubt(gw_db *db, GError **error)
{
    if (gw_db_alive(db))
    {
        return;
    }
    db->began = FALSE;
    if (error != NULL && *error != NULL)
    {
        g_autoptr(GError) lost = g_steal_pointer(error);
        gw_fail(error, GW_CODE_COMMIT_UNKNOWN,
            "the connection was lost before the commit was answered: %s", lost->message);
        gw_error_add_native(*error, gw_error_sqlstate(lost), gw_error_native(lost));
    }
}

gboolean
gw_db_in_transaction(const gw_db *db)
{
    return db->began;
}

gboolean
gw_db_begin(gw_db *db, GError **error)
{
    const char *begin = db->driver->dialect->begin;
    if (db->began)
    {
        gw_fail(error, GW_CODE_INTERNAL, "a transaction is open already");
        return FALSE;
    }
    db->began = gw_db_exec(db, begin == NULL ? "BEGIN" : begin, -1, NULL, error);
    return db->began;
}

gboolean
gw_db_commit(gw_db *db, GError **error)
{
    g_autoptr(GError) reason = NULL;
    if (!gw_db_ready(db, error))
    {
        return FALSE;
    }
    if (gw_db_exec(db, "COMMIT", -1, NULL, &reason))
    {
        db->began = FALSE;
        db->touched = FALSE;
        return TRUE;
    }
    gw_db_doubt(db, &reason);
    g_propagate_error(error, g_steal_pointer(&reason));
    return FALSE;
}

void
gw_db_rollback(gw_db *db)
{
    gw_pipeline_drop(db);
    if (db->reading != NULL)
    {
        gw_rows_release(db->reading);
    }
    if ((db->began || db->touched) && gw_db_alive(db))
    {
        /* Fails when nothing is open, which is as good. */
        g_autoptr(GError) ignored = NULL;
        db->driver->connection->exec(db->self, "ROLLBACK", strlen("ROLLBACK"), NULL, &ignored);
    }
    db->began = FALSE;
    db->touched = FALSE;
}
