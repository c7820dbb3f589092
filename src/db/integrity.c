/* References between rows while a table is rebuilt under them. */
#include "db/handle.h"

gboolean
gw_db_integrity_suspend(gw_db *db, gboolean *was, GError **error)
{
    *was = FALSE;
    return gw_db_ready(db, error) &&
           (db->driver->integrity == NULL || db->driver->integrity->suspend(db->self, was, error));
}

GPtrArray *
gw_db_integrity_check(gw_db *db, const char *const *tables, GError **error)
{
    if (!gw_db_ready(db, error))
    {
        return NULL;
    }
    return db->driver->integrity == NULL
               ? g_ptr_array_new_with_free_func((GDestroyNotify)gw_violation_free)
               : db->driver->integrity->check(db->self, tables, error);
}

gboolean
gw_db_integrity_resume(gw_db *db, gboolean was, GError **error)
{
    return gw_db_ready(db, error) &&
           (db->driver->integrity == NULL || db->driver->integrity->resume(db->self, was, error));
}

/* One count for each mark; `add` is 1 or -1. Returns what stood there before. */
static gint
count(GHashTable *counts, const char *mark, gint add)
{
    gint before = GPOINTER_TO_INT(g_hash_table_lookup(counts, mark));
    g_hash_table_insert(counts, (gpointer)(guintptr)mark, GINT_TO_POINTER(before + add));
    return before;
}

GPtrArray *
gw_violations_new(const GPtrArray *before, const GPtrArray *after)
{
    g_autoptr(GHashTable) counts = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *fresh = g_ptr_array_new();
    for (guint i = 0; i < before->len; i++)
    {
        const gw_violation *violation = g_ptr_array_index(before, i);
        count(counts, violation->mark, 1);
    }
    for (guint i = 0; i < after->len; i++)
    {
        gw_violation *violation = g_ptr_array_index(after, i);
        if (count(counts, violation->mark, -1) <= 0)
        {
            g_ptr_array_add(fresh, violation);
        }
    }
    return fresh;
}
