/*
 * The rollback journal of a run, which commits often. While it holds a lock, its connection writes
 * over the journal of the commit before, instead of making and removing the file each time: as safe
 * (the header is zeroed and synced), and cheaper.
 * https://sqlite.org/pragma.html#pragma_journal_mode
 *
 * SQLite syncs the folder with every commit, in case the journal is a new file. A kept one is new
 * only once: then we sync its folder, and from there on it is opened as a file that is there
 * already. That needs a VFS: SQLite's own, but for how it opens a journal.
 * https://sqlite.org/c3ref/vfs.html
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drivers/sqlite/handle.h"

/* A VFS for one connection, and what it knows of the journal. */
struct gw_sqlite_journal
{
    sqlite3_vfs vfs; /* must be the first: SQLite hands it to open_file() */
    sqlite3_vfs *real;
    gboolean kept;
    ino_t file; /* whose entry in its folder is synced; 0: none */
    dev_t device;
    char name[32];
};

/* Is it the file whose entry we have synced? Another program may have removed that one. */
static gboolean
is_settled(const gw_sqlite_journal *journal, const char *path)
{
    struct stat now;
    return journal->kept && journal->file != 0 && stat(path, &now) == 0 &&
           now.st_ino == journal->file && now.st_dev == journal->device;
}

/* Sync the entry of a kept journal that has just been made, by us or by somebody else. */
static void
settle(gw_sqlite_journal *journal, const char *path)
{
    struct stat now;
    g_autofree char *folder = g_path_get_dirname(path);
    int file = stat(path, &now) == 0 ? open(folder, O_RDONLY | O_CLOEXEC | O_DIRECTORY) : -1;
    gboolean synced = file >= 0 && fsync(file) == 0;
    journal->file = synced ? now.st_ino : 0;
    journal->device = synced ? now.st_dev : 0;
    if (file >= 0)
    {
        close(file);
    }
}

/* SQLite syncs the folder of a journal that it was allowed to make. */
static int
open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *flags_out)
{
    const int making = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_CREATE;
    gw_sqlite_journal *journal = (gw_sqlite_journal *)(gpointer)vfs;
    gboolean settled = (flags & making) == making && is_settled(journal, name);
    int result = journal->real->xOpen(
        journal->real, name, file, settled ? flags & ~SQLITE_OPEN_CREATE : flags, flags_out);
    if (result == SQLITE_OK && journal->kept && !settled && (flags & making) == making)
    {
        settle(journal, name);
    }
    return result;
}

gw_sqlite_journal *
gw_sqlite_journal_new(void)
{
    sqlite3_vfs *real = sqlite3_vfs_find(NULL);
    if (real == NULL || strcmp(real->zName, "unix") != 0)
    {
        return NULL; /* another program's, which may not stand being copied */
    }
    gw_sqlite_journal *journal = g_new0(gw_sqlite_journal, 1);
    g_snprintf(journal->name, sizeof journal->name, "godwit %p", (void *)journal);
    journal->real = real;
    journal->vfs = *real;
    journal->vfs.zName = journal->name;
    journal->vfs.xOpen = open_file;
    if (sqlite3_vfs_register(&journal->vfs, 0) != SQLITE_OK)
    {
        g_clear_pointer(&journal, g_free);
    }
    return journal;
}

const char *
gw_sqlite_journal_vfs(const gw_sqlite_journal *journal)
{
    return journal == NULL ? NULL : journal->name;
}

void
gw_sqlite_journal_free(gw_sqlite_journal *journal)
{
    if (journal != NULL)
    {
        sqlite3_vfs_unregister(&journal->vfs);
        g_free(journal);
    }
}

/* ---- while a lock is held ---- */

static void
set_kept(gw_sqlite *self, gboolean kept)
{
    self->keeps_journal = kept;
    if (self->journal != NULL)
    {
        self->journal->kept = kept;
    }
}

void
gw_sqlite_journal_keep(gw_sqlite *self)
{
    g_autoptr(GError) ignored = NULL; /* then it is made each time */
    g_autofree char *mode = gw_sqlite_text(self, "PRAGMA journal_mode");
    if (self->owned && g_strcmp0(mode, "delete") == 0)
    {
        set_kept(self, gw_sqlite_do(self, "PRAGMA journal_mode = persist", &ignored));
    }
}

/* The file goes, unless a migration has chosen another mode meanwhile. */
void
gw_sqlite_journal_let_go(gw_sqlite *self)
{
    g_autoptr(GError) ignored = NULL; /* what stays is an empty journal, which nobody reads */
    if (!self->keeps_journal)
    {
        return;
    }
    g_autofree char *mode = gw_sqlite_text(self, "PRAGMA journal_mode");
    gboolean done = g_strcmp0(mode, "persist") == 0 &&
                    gw_sqlite_do(self, "PRAGMA journal_mode = delete", &ignored);
    (void)done;
    set_kept(self, FALSE);
}
