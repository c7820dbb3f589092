/* The files of migrations folders, by their names alone. For project/ alone. */
#ifndef GW_PROJECT_SCAN_H
#define GW_PROJECT_SCAN_H

#include "project/name.h"
#include "project/project.h"

/* What tells one state of a file from another. */
typedef struct gw_stamp
{
    guint64 device;
    guint64 inode;
    guint64 size;
    gint64 modified; /* nanoseconds since 1970 */
    gint64 changed;
} gw_stamp;

/* A file that holds a migration, or a half of one. Texts are of the scan. */
typedef struct gw_file
{
    char *version;
    char *name;
    const char *database; /* static; NULL: every one */
    gw_name_part part;
    gboolean yaml;
    guint64 rank; /* gw_version_rank() */
    int folder;   /* open; borrowed */
    char *path;
    const char *inside; /* the end of `path` that is seen from the folder */
    gw_stamp stamp;
    int missing; /* why there is no stamp, as errno has it; 0: there is */
} gw_file;

/* What was found. */
typedef struct gw_scan
{
    GStringChunk *texts; /* borrowed: holds all texts of files and ignored ones */
    GPtrArray *ignored;  /* borrowed; of gw_ignored * */
    GArray *files;       /* of gw_file */
    GArray *folders;     /* of int: open folders */
} gw_scan;

void gw_scan_init(gw_scan *scan, GStringChunk *texts, GPtrArray *ignored);
void gw_scan_clear(gw_scan *scan);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(gw_scan, gw_scan_clear)

/* Add what lies in `folder`. Nothing is opened but the folder. Fails with FILE. */
gboolean gw_scan_folder(gw_scan *scan, const char *folder, GError **error) GW_CHECKED;

/* Put the files in order of version. */
void gw_scan_sort(gw_scan *scan);

/* Ask for the stamp of each file; of many files in several threads. */
void gw_scan_stamp(gw_scan *scan);

#endif
