#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* How much is read at a time where the size is not known. */
#define READ_BLOCK 16384

/* Fail with FILE and the reason of errno; always FALSE. */
static gboolean
file_fail(const char *doing, const char *path, GError **error)
{
    gw_fail(error, GW_CODE_FILE, "cannot %s %s: %s", doing, path, g_strerror(errno));
    return FALSE;
}

/* How much to make room for: what the file says of itself, and one byte that tells the end. */
static gsize
room_for(int fd, gsize limit)
{
    struct stat status;
    gboolean told = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0;
    return told ? MIN((gsize)status.st_size, limit) + 1 : READ_BLOCK;
}

/* Read up to `limit` bytes and one more, which tells that there are more. */
static gboolean
read_all(int fd, gsize limit, GByteArray *bytes)
{
    gsize room = room_for(fd, limit);
    gssize got = 1;
    while (got != 0 && bytes->len <= limit)
    {
        guint before = bytes->len;
        g_byte_array_set_size(bytes, before + (guint)room);
        got = read(fd, bytes->data + before, room);
        g_byte_array_set_size(bytes, before + (guint)MAX(got, 0));
        if (got < 0 && errno != EINTR)
        {
            return FALSE;
        }
        room = READ_BLOCK;
    }
    return TRUE;
}

gboolean
gw_file_read(const char *path, gsize limit, char **text, gsize *length, GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
    {
        return file_fail("read", path, error);
    }
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    gboolean done = read_all(fd, limit, bytes) || file_fail("read", path, error);
    close(fd);
    if (!done)
    {
        return FALSE;
    }
    if (bytes->len > limit)
    {
        gw_fail(error, GW_CODE_FILE, "%s is larger than %" G_GSIZE_FORMAT " bytes", path, limit);
        return FALSE;
    }
    if (length != NULL)
    {
        *length = bytes->len;
    }
    g_byte_array_append(bytes, (const guint8 *)"", 1);
    *text = (char *)g_byte_array_free(g_steal_pointer(&bytes), FALSE);
    return TRUE;
}

static gboolean
write_all(int fd, const char *text, gsize length)
{
    while (length > 0)
    {
        gssize put = write(fd, text, length);
        if (put < 0 && errno != EINTR)
        {
            return FALSE;
        }
        text += MAX(put, 0);
        length -= (gsize)MAX(put, 0);
    }
    return TRUE;
}

/* Bring the entry of a file in its folder to the disk; a file system that cannot has no need. */
static void
folder_sync(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0)
    {
        (void)fsync(fd);
        close(fd);
    }
}

/* What goes into a new file. */
typedef struct content
{
    const char *text;
    gsize length;
    gboolean lazy;
} content;

/* Fill the new file `fd`, close it, and report what failed. */
static gboolean
fill(int fd, const content *with, const char *path, GError **error)
{
    gboolean written = write_all(fd, with->text, with->length) && (with->lazy || fsync(fd) == 0);
    int reason = errno;
    close(fd);
    errno = reason;
    return written || file_fail("write", path, error);
}

gboolean
gw_file_write(const char *path, const char *text, gssize length, guint flags, GError **error)
{
    gboolean lazy = (flags & GW_FILE_LAZY) != 0;
    const content with = {text, length < 0 ? strlen(text) : (gsize)length, lazy};
    mode_t mode = (flags & GW_FILE_OWN) != 0 ? 0600 : 0666;
    g_autofree char *draft = g_strdup_printf("%s.%06x.new", path, g_random_int() & 0xFFFFFF);
    int fd = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    if (fd < 0)
    {
        return file_fail("write", path, error);
    }
    if (!fill(fd, &with, path, error))
    {
        g_unlink(draft);
        return FALSE;
    }
    if (rename(draft, path) != 0)
    {
        file_fail("write", path, error);
        g_unlink(draft);
        return FALSE;
    }
    if (!lazy)
    {
        folder_sync(path);
    }
    return TRUE;
}

gboolean
gw_file_create(const char *path, const char *text, GError **error)
{
    const content with = {text, strlen(text), FALSE};
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (fd < 0 && errno == EEXIST)
    {
        gw_fail(error, GW_CODE_EXISTS_ALREADY, "%s is already there", path);
        return FALSE;
    }
    if (fd < 0)
    {
        return file_fail("make", path, error);
    }
    if (!fill(fd, &with, path, error))
    {
        g_unlink(path);
        return FALSE;
    }
    folder_sync(path);
    return TRUE;
}

gboolean
gw_folder_make(const char *path, int mode, GError **error)
{
    return g_mkdir_with_parents(path, mode) == 0 || file_fail("make", path, error);
}

gboolean
gw_file_is_open(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && (status.st_mode & (S_IRGRP | S_IROTH)) != 0;
}
