#include "project/scan.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

/* A folder while it is read. */
typedef struct finder
{
    gw_scan *scan;
    GString *path; /* of the folder, with its slash, and of a file in it while that is looked at */
    gsize folder;  /* the length of the former */
    DIR *entries;
} finder;

void
gw_scan_init(gw_scan *scan, GStringChunk *texts, GPtrArray *ignored)
{
    scan->texts = texts;
    scan->ignored = ignored;
    scan->files = g_array_new(FALSE, FALSE, sizeof(gw_file));
    scan->folders = g_array_new(FALSE, FALSE, sizeof(int));
}

void
gw_scan_clear(gw_scan *scan)
{
    for (guint i = 0; i < scan->folders->len; i++)
    {
        close(g_array_index(scan->folders, int, i));
    }
    g_array_unref(scan->folders);
    g_array_unref(scan->files);
}

/* "folder/name" among the scan's texts. */
static char *
path_make(const finder *in, const char *name)
{
    g_string_truncate(in->path, in->folder);
    g_string_append(in->path, name);
    return g_string_chunk_insert_len(in->scan->texts, in->path->str, (gssize)in->path->len);
}

static void
ignore(const finder *in, const char *name, const char *why)
{
    gw_ignored *file = g_new0(gw_ignored, 1);
    file->path = path_make(in, name);
    file->why = why;
    g_ptr_array_add(in->scan->ignored, file);
}

/* Add the file at `inside`, seen from the folder. */
static void
file_add(const finder *in, const gw_name *name, gw_name_part part, const char *inside)
{
    GStringChunk *texts = in->scan->texts;
    gw_file file = {.database = name->database, .part = part, .yaml = name->yaml};
    file.version = g_string_chunk_insert_len(texts, name->version, (gssize)name->version_length);
    file.name = g_string_chunk_insert_len(texts, name->name, (gssize)name->name_length);
    file.rank = gw_version_rank(file.version);
    file.folder = g_array_index(in->scan->folders, int, in->scan->folders->len - 1);
    file.path = path_make(in, inside);
    file.inside = file.path + in->folder;
    g_array_append_val(in->scan->files, file);
}

/* Is there such a file in the scanned folder? */
static gboolean
is_file(const finder *in, const char *path)
{
    struct stat status;
    return fstatat(dirfd(in->entries), path, &status, 0) == 0 && S_ISREG(status.st_mode);
}

static void
folder_take(const finder *in, const char *folder)
{
    gw_name name;
    const char *why = NULL;
    if (!gw_name_parse_folder(folder, &name, &why))
    {
        ignore(in, folder, "folders are looked into only when they are called VERSION_name");
        return;
    }
    g_autofree char *up = g_strconcat(folder, "/up.sql", NULL);
    g_autofree char *down = g_strconcat(folder, "/down.sql", NULL);
    if (!is_file(in, up))
    {
        ignore(in, folder, "there is no up.sql in it");
        return;
    }
    file_add(in, &name, GW_NAME_UP, up);
    if (is_file(in, down))
    {
        file_add(in, &name, GW_NAME_DOWN, down);
    }
}

static gboolean
is_folder(const finder *in, const struct dirent *entry)
{
    struct stat status;
    if (entry->d_type != DT_UNKNOWN && entry->d_type != DT_LNK)
    {
        return entry->d_type == DT_DIR;
    }
    return fstatat(dirfd(in->entries), entry->d_name, &status, 0) == 0 && S_ISDIR(status.st_mode);
}

static void
entry_take(const finder *in, const struct dirent *entry)
{
    gw_name name;
    const char *why = NULL;
    if (entry->d_name[0] == '.')
    {
        return;
    }
    if (is_folder(in, entry))
    {
        folder_take(in, entry->d_name);
    }
    else if (gw_name_parse(entry->d_name, &name, &why))
    {
        file_add(in, &name, name.part, entry->d_name);
    }
    else
    {
        ignore(in, entry->d_name, why);
    }
}

/* Fail with FILE and a reason of errno; always FALSE. */
static gboolean
folder_fail(const char *folder, int reason, GError **error)
{
    gw_fail(error, GW_CODE_FILE, "cannot read the folder %s: %s", folder, g_strerror(reason));
    if (reason == ENOENT && error != NULL)
    {
        gw_error_add_hint(*error, "the first migration makes it; --dir FOLDER names another");
        gw_error_add_next(*error, "godwit new NAME");
    }
    return FALSE;
}

gboolean
gw_scan_folder(gw_scan *scan, const char *folder, GError **error)
{
    g_autoptr(GString) path = g_string_new(folder);
    g_string_append_c(path, '/');
    finder in = {.scan = scan, .path = path, .folder = path->len};
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
    {
        return folder_fail(folder, errno, error);
    }
    g_array_append_val(scan->folders, fd);
    in.entries = opendir(folder);
    if (in.entries == NULL)
    {
        return folder_fail(folder, errno, error);
    }
    errno = 0;
    const struct dirent *entry = readdir(in.entries);
    for (; entry != NULL; entry = readdir(in.entries))
    {
        entry_take(&in, entry);
        errno = 0;
    }
    int reason = errno;
    closedir(in.entries);
    return reason == 0 || folder_fail(folder, reason, error);
}

static int
file_order(gconstpointer left, gconstpointer right)
{
    const gw_file *a = left;
    const gw_file *b = right;
    if (a->rank != b->rank)
    {
        return a->rank < b->rank ? -1 : 1;
    }
    int order = gw_version_compare(a->version, b->version);
    return order != 0 ? order : strcmp(a->path, b->path);
}

void
gw_scan_sort(gw_scan *scan)
{
    g_array_sort(scan->files, file_order);
}
