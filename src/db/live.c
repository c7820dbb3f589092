/* What the live database tells: its schema, its sizes, its sessions, its checks; and COPY. */
#include "db/handle.h"

/* COPY data are handed on in pieces, so that a mapped file of 100 MB stays out of memory. */
#define PIECE ((gsize)256 * 1024)

gw_model *
gw_db_catalog(gw_db *db, const char *ledger, const gw_catalog_filter *filter, GError **error)
{
    if (!gw_db_ready(db, error))
    {
        return NULL;
    }
    return db->driver->catalog->read(db->self, &db->place, ledger, filter, error);
}

gboolean
gw_db_sizes(gw_db *db, const char *const *schemas, const char *const *names, guint count,
    gw_size *sizes, GError **error)
{
    for (guint i = 0; i < count; i++)
    {
        sizes[i] = (gw_size){.rows = -1, .bytes = -1};
    }
    if (!gw_db_ready(db, error))
    {
        return FALSE;
    }
    return count == 0 || db->driver->catalog->sizes == NULL ||
           db->driver->catalog->sizes(db->self, schemas, names, count, sizes, error);
}

gboolean
gw_db_tables_exist(gw_db *db, const char *const *names, guint64 *found, GError **error)
{
    *found = 0;
    return gw_db_ready(db, error) &&
           db->driver->catalog->tables_exist(db->self, &db->place, names, found, error);
}

gboolean
gw_db_table_names(gw_db *db, guint most, gw_names **names, GError **error)
{
    *names = NULL;
    return gw_db_ready(db, error) &&
           (db->driver->catalog->table_names == NULL ||
               db->driver->catalog->table_names(db->self, &db->place, most, names, error));
}

char **
gw_db_columns(gw_db *db, const char *schema, const char *table, GError **error)
{
    if (!gw_db_ready(db, error))
    {
        return NULL;
    }
    return db->driver->catalog->columns(db->self, &db->place, schema, table, error);
}

/* All the pieces; the end is sent also after a failure, so that the server leaves COPY mode. */
static gboolean
copy_pieces(gw_db *db, const gw_value *data, GError **error)
{
    for (gsize at = 0; at < data->length; at += PIECE)
    {
        gsize size = MIN(PIECE, data->length - at);
        if (!db->driver->bulk->copy_data(db->self, data->text + at, size, error))
        {
            return FALSE;
        }
    }
    return TRUE;
}

gboolean
gw_db_copy_in(
    gw_db *db, const char *sql, gsize length, const gw_value *data, gint64 *rows, GError **error)
{
    const gw_bulk_table *bulk = db->driver->bulk;
    g_autoptr(GError) ignored = NULL;
    gint64 counted = 0;
    if (!gw_db_ready(db, error))
    {
        return FALSE;
    }
    if (bulk == NULL || bulk->copy_begin == NULL)
    {
        gw_db_unsupported(db, "read COPY data", error);
        return FALSE;
    }
    if (!bulk->copy_begin(db->self, sql, length, error))
    {
        return FALSE;
    }
    gboolean sent = copy_pieces(db, data, error);
    gboolean ended = bulk->copy_end(db->self, &counted, sent ? error : &ignored);
    if (rows != NULL)
    {
        *rows = counted;
    }
    return sent && ended;
}

/* The entry of the vitals table, NULL where there is no table. */
#define VITAL(db, entry) ((db)->driver->vitals == NULL ? NULL : (db)->driver->vitals->entry)

GPtrArray *
gw_db_blockers(gw_db *db, const char *session, const char *relation, GError **error)
{
    if (!gw_db_ready(db, error))
    {
        return NULL;
    }
    return VITAL(db, blockers) == NULL
               ? g_ptr_array_new_with_free_func((GDestroyNotify)gw_session_free)
               : db->driver->vitals->blockers(db->self, session, relation, error);
}

gboolean
gw_db_end_sessions(
    gw_db *db, const char *const *sessions, const char *application, guint *left, GError **error)
{
    *left = 0;
    return gw_db_ready(db, error) &&
           (VITAL(db, end_sessions) == NULL ||
               db->driver->vitals->end_sessions(db->self, sessions, application, left, error));
}

gboolean
gw_db_cancel_session(gw_db *db, const char *session, GError **error)
{
    return gw_db_ready(db, error) &&
           (VITAL(db, cancel_session) == NULL ||
               db->driver->vitals->cancel_session(db->self, session, error));
}

gboolean
gw_db_session_waits(gw_db *db, const char *session, gboolean *waits, GError **error)
{
    *waits = FALSE;
    return gw_db_ready(db, error) &&
           (VITAL(db, waits) == NULL || db->driver->vitals->waits(db->self, session, waits, error));
}

GPtrArray *
gw_db_checks(gw_db *db, GError **error)
{
    if (!gw_db_ready(db, error))
    {
        return NULL;
    }
    return VITAL(db, checks) == NULL
               ? g_ptr_array_new_with_free_func((GDestroyNotify)gw_check_line_free)
               : db->driver->vitals->checks(db->self, &db->place, error);
}

gw_model *
gw_db_invalid_indexes(gw_db *db, GError **error)
{
    if (!gw_db_ready(db, error))
    {
        return NULL;
    }
    if (VITAL(db, invalid_indexes) != NULL)
    {
        return db->driver->vitals->invalid_indexes(db->self, error);
    }
    gw_model *none = gw_model_new();
    gw_model_seal(none);
    return none;
}
