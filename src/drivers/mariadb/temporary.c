/*
 * Temporary tables that migrations made. The server lists them nowhere: what is said in the
 * statements is remembered, so that the next migration finds none of them.
 */
#include "drivers/mariadb/session.h"

#include "sql/words.h"

void
gw_mariadb_note_temporary(gw_mariadb *self, const char *sql, gsize length)
{
    gw_words words;
    g_autofree char *schema = NULL;
    g_autofree char *name = NULL;
    gw_words_init(&words, &gw_mariadb_dialect.lexis, sql, length);
    if (!gw_words_take(&words, "CREATE"))
    {
        return;
    }
    gw_words_take(&words, "OR REPLACE");
    if (!gw_words_take(&words, "TEMPORARY TABLE"))
    {
        return;
    }
    gw_words_take(&words, "IF NOT EXISTS");
    if (gw_words_take_name(&words, FALSE, &schema, &name))
    {
        g_autofree char *full = gw_dialect_name(&gw_mariadb_dialect, schema, name);
        self->temporary = self->temporary == NULL ? g_string_new(NULL) : self->temporary;
        g_string_append_printf(
            self->temporary, "%s%s", self->temporary->len == 0 ? "" : ", ", full);
    }
}

gboolean
gw_mariadb_drop_temporary(gw_mariadb *self, GError **error)
{
    if (self->temporary == NULL)
    {
        return TRUE;
    }
    g_string_prepend(self->temporary, "DROP TEMPORARY TABLE IF EXISTS ");
    gboolean dropped = gw_mariadb_run(self->mysql, self->temporary->str, error);
    g_string_free(self->temporary, TRUE);
    self->temporary = NULL;
    return dropped;
}
