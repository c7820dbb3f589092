#include <errno.h>
#include <sys/stat.h>

#include "base/thread.h"
#include "project/scan.h"

/* So many files are worth a thread's start. */
#define STAMP_BLOCK 500

static gint64
nanoseconds(struct timespec moment)
{
    return (gint64)moment.tv_sec * G_GINT64_CONSTANT(1000000000) + moment.tv_nsec;
}

static void
file_stamp(gw_file *file)
{
    struct stat status;
    if (fstatat(file->folder, file->inside, &status, 0) != 0)
    {
        file->missing = errno;
        return;
    }
    file->stamp = (gw_stamp){.device = status.st_dev,
        .inode = status.st_ino,
        .size = (guint64)status.st_size,
        .modified = nanoseconds(status.st_mtim),
        .changed = nanoseconds(status.st_ctim)};
}

static gboolean
stamp_one(gpointer data, guint index, GError **error)
{
    (void)error;
    file_stamp(&((gw_file *)data)[index]);
    return TRUE;
}

void
gw_scan_stamp(gw_scan *scan)
{
    gpointer files = scan->files->data;
    gboolean stamped = gw_threads_each(scan->files->len, STAMP_BLOCK, stamp_one, files, NULL);
    g_assert(stamped);
}
