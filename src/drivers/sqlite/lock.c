/*
 * The lock of a run: a range of a file beside the database, held by an open file description, so
 * that the kernel frees it when the process is gone, and only then. One byte for each name.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drivers/sqlite/handle.h"

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
    /* Whoever holds all names may take the file away: nobody else holds one, and who opened it
     * meanwhile sees that it is not there any more. */
    if (lock_range(file, 0, 0) && is_current(file, path))
    {
        unlink(path);
    }
    close(file);
    g_hash_table_remove(self->locks, name);
}
