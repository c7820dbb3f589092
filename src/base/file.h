/* Small files, read and written whole. */
#ifndef GW_BASE_FILE_H
#define GW_BASE_FILE_H

#include "base/error.h"

/*
 * Read a file of at most `limit` bytes, with a NUL behind them. Fails with FILE; the caller frees
 * *text. `length` may be NULL.
 */
gboolean gw_file_read(
    const char *path, gsize limit, char **text, gsize *length, GError **error) GW_CHECKED;

typedef enum gw_file_flag
{
    GW_FILE_OWN = 1u << 0,  /* only its owner may read it: 0600 */
    GW_FILE_LAZY = 1u << 1, /* need not outlive a crash of the machine, as caches need not */
} gw_file_flag;

/*
 * Put `text` (`length` -1: up to its NUL) in the place of the file in one go: after a crash there
 * is the old or the new content, never a part (a LAZY one may be broken). `flags` of gw_file_flag.
 * Fails with FILE.
 */
gboolean gw_file_write(
    const char *path, const char *text, gssize length, guint flags, GError **error) GW_CHECKED;

/* Make a file that is not there yet; never overwrites: fails with EXISTS_ALREADY, or FILE. */
gboolean gw_file_create(const char *path, const char *text, GError **error) GW_CHECKED;

/* Make a folder and those above it; one that is there is fine. Fails with FILE. */
gboolean gw_folder_make(const char *path, int mode, GError **error) GW_CHECKED;

/* Can others than the owner read the file? FALSE when it is not there. */
gboolean gw_file_is_open(const char *path);

#endif
