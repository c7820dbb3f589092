/*
 * The lock of a run: a range of a file beside the database, held by an open file description, so
 * that the kernel frees it when the process is gone, and only then. One byte for each name. What
 * the holder says of itself stands in the file, as text: "byte of the name" and what it does.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drivers/sqlite/handle.h"

/* Room for what a holder says; names whose numbers end alike share it, and the last one is read. */
#define NOTE_BYTES 512
#define NOTES      64

/* How often a file that is removed under us is made again, before something else is wrong. */
#define TRIES 100

static char *
lock_path(const gw_sqlite *self)
{
    return g_strconcat(self->path, "-godwit.lock", NULL);
}

/* The byte that stands for a name: far apart, so that two names do not meet. */
static off_t
lock_byte(const char *name)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    guint8 digest[32];
    gsize size = sizeof digest;
    guint64 byte = 0;
    g_checksum_update(sum, (const guchar *)name, -1);
    g_checksum_get_digest(sum, digest, &size);
    memcpy(&byte, digest, sizeof byte);
    return (off_t)(byte >> 2);
}

static gboolean
lock_range(int file, off_t start, off_t length)
{
    struct flock range = {
        .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = start, .l_len = length};
    return fcntl(file, F_OFD_SETLK, &range) == 0;
}

/* Is the file that is open still the one that stands at `path`? */
static gboolean
is_current(int file, const char *path)
{
    struct stat mine;
    struct stat there;
    return fstat(file, &mine) == 0 && stat(path, &there) == 0 && mine.st_ino == there.st_ino &&
           mine.st_dev == there.st_dev;
}

/* Open and lock the file once: -1 with `errno` when it fails, EAGAIN when it is held. */
static int
lock_once(const char *path, off_t byte)
{
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file >= 0 && !lock_range(file, byte, 1))
    {
        int reason = errno;
        close(file);
        errno = reason;
        return -1;
    }
    return file;
}

static gboolean
lock_failed(const char *path, GError **error)
{
    gboolean closed = errno == EACCES || errno == EROFS || errno == EPERM;
    gw_fail(error, closed ? GW_CODE_READ_ONLY : GW_CODE_FILE, "cannot lock %s: %s", path,
        g_strerror(errno));
    return FALSE;
}

static void
note_write(int file, off_t byte, const char *text)
{
    char note[NOTE_BYTES] = {0};
    g_snprintf(note, sizeof note, "%" G_GINT64_FORMAT " %s\n", (gint64)byte, text);
    /* A note that cannot be written, on a disk that is full, is not worth failing for. */
    gssize written = pwrite(file, note, sizeof note, byte % NOTES * NOTE_BYTES);
    (void)written;
}

void
gw_sqlite_lock_note(gpointer data, const char *name, const char *text)
{
    gw_sqlite *self = data;
    gpointer found = NULL;
    if (g_hash_table_lookup_extended(self->locks, name, NULL, &found))
    {
        note_write(GPOINTER_TO_INT(found), lock_byte(name), text);
    }
}

char *
gw_sqlite_lock_noted(gpointer data, const char *name)
{
    const gw_sqlite *self = data;
    g_autofree char *path = self->path == NULL ? NULL : lock_path(self);
    char note[NOTE_BYTES + 1] = {0};
    off_t byte = lock_byte(name);
    int file = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0)
    {
        return NULL;
    }
    gssize size = pread(file, note, NOTE_BYTES, byte % NOTES * NOTE_BYTES);
    close(file);
    g_autofree char *mine = g_strdup_printf("%" G_GINT64_FORMAT " ", (gint64)byte);
    const char *text = size > 0 && g_str_has_prefix(note, mine) ? note + strlen(mine) : "\n";
    return text[0] == '\n' ? NULL : g_utf8_make_valid(g_strchomp(note + strlen(mine)), -1);
}

gboolean
gw_sqlite_lock(gpointer data, const char *name, gboolean *taken, GError **error)
{
    gw_sqlite *self = data;
    *taken = TRUE;
    if (self->path == NULL || g_hash_table_contains(self->locks, name))
    {
        return TRUE; /* nobody else can reach a database in memory */
    }
    g_autofree char *path = lock_path(self);
    for (guint i = 0; i < TRIES; i++)
    {
        int file = lock_once(path, lock_byte(name));
        if (file < 0)
        {
            *taken = FALSE;
            /* open() does not say EAGAIN for a plain file */
            return errno == EAGAIN || lock_failed(path, error);
        }
        if (is_current(file, path))
        {
            g_hash_table_insert(self->locks, g_strdup(name), GINT_TO_POINTER(file));
            note_write(file, lock_byte(name), "");
            gw_sqlite_journal_keep(self);
            return TRUE;
        }
        close(file);
    }
    *taken = FALSE;
    gw_fail(error, GW_CODE_FILE, "%s is removed again and again", path);
    return FALSE;
}

void
gw_sqlite_unlock(gpointer data, const char *name)
{
    gw_sqlite *self = data;
    gpointer found = NULL;
    if (!g_hash_table_lookup_extended(self->locks, name, NULL, &found))
    {
        return;
    }
    int file = GPOINTER_TO_INT(found);
    g_autofree char *path = lock_path(self);
    if (g_hash_table_size(self->locks) == 1)
    {
        gw_sqlite_journal_let_go(self);
    }
    /* Whoever holds all names may take the file away: nobody else holds one, and who opened it
     * meanwhile sees that it is not there any more. */
    if (lock_range(file, 0, 0) && is_current(file, path))
    {
        unlink(path);
    }
    close(file);
    g_hash_table_remove(self->locks, name);
}
