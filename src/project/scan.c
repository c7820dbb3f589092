#include "project/scan.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

#include "base/error.h"

/* Where a scan puts what it finds. */
typedef struct finder
{
    const char *folder;
    DIR *entries;
    GPtrArray *files;
    GPtrArray *ignored;
} finder;

void
gw_file_free(gw_file *file)
{
    gw_name_clear(&file->name);
    g_free(file->path);
    g_free(file);
}

static void
ignore(const finder *in, const char *name, const char *why)
{
    gw_ignored *file = g_new0(gw_ignored, 1);
    file->path = g_build_filename(in->folder, name, NULL);
    file->why = why;
    g_ptr_array_add(in->ignored, file);
}

/* Add a file; `name` is moved from. */
static void
file_add(const finder *in, gw_name *name, const char *path)
{
    gw_file *file = g_new0(gw_file, 1);
    file->name = *name;
    file->path = g_strconcat(in->folder, "/", path, NULL);
    memset(name, 0, sizeof *name);
    g_ptr_array_add(in->files, file);
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
    g_auto(gw_name) name = {0};
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
    if (is_file(in, down))
    {
        gw_name half = {
            .version = g_strdup(name.version), .name = g_strdup(name.name), .part = GW_NAME_DOWN};
        file_add(in, &half, down);
    }
    name.part = GW_NAME_UP;
    file_add(in, &name, up);
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
    g_auto(gw_name) name = {0};
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
        file_add(in, &name, entry->d_name);
    }
    else
    {
        ignore(in, entry->d_name, why);
    }
}

gboolean
gw_folder_scan(const char *folder, GPtrArray *files, GPtrArray *ignored, GError **error)
{
    const finder in = {folder, opendir(folder), files, ignored};
    if (in.entries == NULL)
    {
        gboolean missing = errno == ENOENT;
        gw_fail(error, GW_CODE_FILE, "cannot read the folder %s: %s", folder, g_strerror(errno));
        if (missing && error != NULL)
        {
            gw_error_add_hint(
                *error, "say --dir FOLDER, or make it: godwit new makes the first migration");
        }
        return FALSE;
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
    if (reason != 0)
    {
        gw_fail(error, GW_CODE_FILE, "cannot read the folder %s: %s", folder, g_strerror(reason));
    }
    return reason == 0;
}
