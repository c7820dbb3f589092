/* The files of a migrations folder, by their names alone. For project/ alone. */
#ifndef GW_PROJECT_SCAN_H
#define GW_PROJECT_SCAN_H

#include "project/name.h"
#include "project/project.h"

/* A file that holds a migration, or a half of one. */
typedef struct gw_file
{
    gw_name name;
    char *path;
} gw_file;

void gw_file_free(gw_file *file);

/*
 * Add what lies in `folder` to `files` (of gw_file *, in no order) and `ignored` (of gw_ignored *).
 * Nothing is opened but the folder. Fails with FILE.
 */
gboolean gw_folder_scan(
    const char *folder, GPtrArray *files, GPtrArray *ignored, GError **error) GW_CHECKED;

#endif
