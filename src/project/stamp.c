#include <errno.h>
#include <sys/stat.h>

#include "base/thread.h"
#include "project/scan.h"

/* From this many files on a second thread is worth its start. */
#define THREAD_FROM 2000

typedef struct slice
{
    gw_file *files;
    guint count;
} slice;

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

static void
slice_stamp(gpointer data)
{
    const slice *part = data;
    for (guint i = 0; i < part->count; i++)
    {
        file_stamp(&part->files[i]);
    }
}

void
gw_scan_stamp(gw_scan *scan)
{
    gw_file *files = (gw_file *)(gpointer)scan->files->data;
    guint half = scan->files->len < THREAD_FROM ? 0 : scan->files->len / 2;
    slice first = {files, half};
    slice second = {files + half, scan->files->len - half};
    gw_thread *helper = half == 0 ? NULL : gw_thread_start(slice_stamp, &first);
    slice_stamp(&second);
    if (helper != NULL)
    {
        gw_thread_join(helper);
    }
}
