/* What doctor asks a SQLite file: there is no server, and no other session to be seen. */
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "drivers/sqlite/handle.h"

/* Older ones have no DROP COLUMN and no RETURNING. */
#define OLDEST 3035000

static void
say(GPtrArray *lines, const char *name, gboolean bad, char *found, const char *fix)
{
    gw_check_line *line = g_new0(gw_check_line, 1);
    line->name = g_strdup(name);
    line->found = found;
    line->fix = g_strdup(fix);
    line->bad = bad;
    g_ptr_array_add(lines, line);
}

static void
check_version(GPtrArray *lines)
{
    gboolean old = sqlite3_libversion_number() < OLDEST;
    say(lines, "version", old, g_strdup_printf("SQLite %s", sqlite3_libversion()),
        old ? "use SQLite 3.35 or newer" : NULL);
}

static void
check_writable(gw_sqlite *self, GPtrArray *lines)
{
    g_autofree char *folder = g_path_get_dirname(self->path);
    gboolean file = access(self->path, W_OK) == 0 && sqlite3_db_readonly(self->native, "main") == 0;
    gboolean beside = access(folder, W_OK) == 0;
    say(lines, "file", !file,
        g_strdup_printf("%s %s", self->path, file ? "can be written" : "cannot be written"),
        file ? NULL : "give this user the right to write the file, or take mode=ro out of the URL");
    say(lines, "folder", !beside,
        g_strdup_printf("%s %s", folder,
            beside ? "can be written" : "cannot be written, where SQLite keeps its journal"),
        beside ? NULL : "give this user the right to write the folder");
}

static void
check_room(gw_sqlite *self, GPtrArray *lines)
{
    struct statvfs volume;
    struct stat file;
    if (statvfs(self->path, &volume) != 0 || stat(self->path, &file) != 0)
    {
        return;
    }
    guint64 free_bytes = (guint64)volume.f_bavail * volume.f_frsize;
    gboolean narrow = free_bytes < (guint64)file.st_size;
    g_autofree char *free_text = g_format_size(free_bytes);
    g_autofree char *file_text = g_format_size((guint64)file.st_size);
    say(lines, "room", FALSE, g_strdup_printf("%s free, the file has %s", free_text, file_text),
        narrow ? "rebuilding the largest table may need more room: free some" : NULL);
}

static void
check_journal(gw_sqlite *self, GPtrArray *lines)
{
    g_autofree char *mode = gw_sqlite_text(self, "PRAGMA journal_mode");
    gboolean wal = g_strcmp0(mode, "wal") == 0;
    say(lines, "journal", FALSE,
        g_strdup_printf("journal_mode is %s: readers %s while a migration writes",
            mode == NULL ? "unknown" : mode, wal ? "go on" : "wait at its commit"),
        wal ? NULL : "PRAGMA journal_mode = wal");
}

static void
check_foreign_keys(gw_sqlite *self, GPtrArray *lines)
{
    g_autofree char *on = gw_sqlite_text(self, "PRAGMA foreign_keys");
    gboolean enforced = g_strcmp0(on, "1") == 0;
    say(lines, "foreign keys", FALSE,
        g_strdup(enforced ? "enforced on this connection" : "not enforced on this connection"),
        enforced ? NULL : "add ?foreign_keys=on to the URL if the application enforces them");
}

/* One broken view makes every RENAME and DROP COLUMN in the database fail. */
static gboolean
check_views(gw_sqlite *self, GPtrArray *lines, GError **error)
{
    gboolean row = FALSE;
    g_autoptr(GString) broken = g_string_new(NULL);
    g_autoptr(sqlite3_stmt) views = gw_sqlite_ask(self,
        "SELECT name, 'SELECT 1 FROM \"' || replace(name, '\"', '\"\"') || '\"' "
        "FROM sqlite_schema WHERE type = 'view' ORDER BY name",
        NULL, error);
    if (views == NULL)
    {
        return FALSE;
    }
    while (gw_sqlite_step(self, views, &row, error) && row)
    {
        g_autoptr(sqlite3_stmt) view = gw_sqlite_ask(self, gw_sqlite_cell(views, 1), NULL, NULL);
        if (view == NULL)
        {
            g_string_append_printf(
                broken, "%s%s", broken->len == 0 ? "" : ", ", gw_sqlite_cell(views, 0));
        }
    }
    if (broken->len > 0)
    {
        say(lines, "views", TRUE, g_strdup_printf("broken: %s", broken->str),
            "drop or mend them: ALTER TABLE … RENAME and DROP COLUMN fail while they are there");
    }
    return TRUE;
}

static GPtrArray *
vitals_checks(gpointer data, const gw_place *place, GError **error)
{
    gw_sqlite *self = data;
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func((GDestroyNotify)gw_check_line_free);
    (void)place;
    check_version(lines);
    if (self->path != NULL)
    {
        check_writable(self, lines);
        check_room(self, lines);
    }
    check_journal(self, lines);
    check_foreign_keys(self, lines);
    if (!check_views(self, lines, error))
    {
        return NULL;
    }
    return g_steal_pointer(&lines);
}

const gw_vitals_table gw_sqlite_vitals = {
    .checks = vitals_checks,
};
