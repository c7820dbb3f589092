/* What a migration may have changed in the session, put back one by one. */
#include "drivers/sqlite/handle.h"

static const char *const names[GW_SQLITE_SETTINGS] = {
    "foreign_keys",
    "recursive_triggers",
    "ignore_check_constraints",
    "legacy_alter_table",
    "query_only",
    "writable_schema",
    "reverse_unordered_selects",
    "trusted_schema",
    "cell_size_check",
    "automatic_index",
    "temp_store",
    "synchronous",
    "locking_mode",
    "cache_size",
};

static char *
setting_read(gw_sqlite *self, const char *name)
{
    g_autofree char *sql = g_strdup_printf("PRAGMA %s", name);
    return gw_sqlite_text(self, sql);
}

void
gw_sqlite_remember(gw_sqlite *self)
{
    for (gsize i = 0; i < GW_SQLITE_SETTINGS; i++)
    {
        self->settings[i] = setting_read(self, names[i]);
    }
}

static gboolean
settings_restore(gw_sqlite *self, GError **error)
{
    for (gsize i = 0; i < GW_SQLITE_SETTINGS; i++)
    {
        g_autofree char *now = setting_read(self, names[i]);
        if (self->settings[i] == NULL || g_strcmp0(now, self->settings[i]) == 0)
        {
            continue;
        }
        g_autofree char *sql = g_strdup_printf("PRAGMA %s = %s", names[i], self->settings[i]);
        if (!gw_sqlite_do(self, sql, error))
        {
            return FALSE;
        }
    }
    return TRUE;
}

/* Statements made from the rows of `question`, all of them before the first is run. */
static gboolean
do_each(gw_sqlite *self, const char *question, GError **error)
{
    gboolean row = FALSE;
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(sqlite3_stmt) statement = gw_sqlite_ask(self, question, NULL, error);
    if (statement == NULL)
    {
        return FALSE;
    }
    while (gw_sqlite_step(self, statement, &row, error) && row)
    {
        g_ptr_array_add(list, g_strdup(gw_sqlite_cell(statement, 0)));
    }
    sqlite3_reset(statement);
    for (guint i = 0; i < list->len; i++)
    {
        if (!gw_sqlite_do(self, g_ptr_array_index(list, i), error))
        {
            return FALSE;
        }
    }
    return TRUE;
}

gboolean
gw_sqlite_reset(gpointer data, GError **error)
{
    gw_sqlite *self = data;
    self->lock_wait = self->first_wait;
    self->statement = 0;
    gw_sqlite_bound(self);
    if (!settings_restore(self, error))
    {
        return FALSE;
    }
    if (!self->owned)
    {
        return TRUE; /* its temporary tables and attached files are the embedder's */
    }
    /* case_sensitive_like cannot be asked for */
    return gw_sqlite_do(self, "PRAGMA case_sensitive_like = OFF", error) &&
           do_each(self,
               "SELECT 'DROP ' || type || ' IF EXISTS temp.' || '\"' || "
               "replace(name, '\"', '\"\"') || '\"' FROM sqlite_temp_schema "
               "WHERE type IN ('trigger', 'view', 'table') AND name NOT LIKE 'sqlite\\_%' "
               "ESCAPE '\\' ORDER BY type = 'table', type = 'view'",
               error) &&
           do_each(self,
               "SELECT 'DETACH ' || '\"' || replace(name, '\"', '\"\"') || '\"' "
               "FROM pragma_database_list WHERE name NOT IN ('main', 'temp')",
               error);
}
