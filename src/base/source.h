/*
 * A text that a user wrote, with its name, so that any place in it can be shown.
 *
 * Small files are read into memory, so that nobody can change them under a run; files over
 * GW_SOURCE_MAPPED bytes are mapped, so that a migration with 100 MB of data costs no memory.
 */
#ifndef GW_BASE_SOURCE_H
#define GW_BASE_SOURCE_H

#include "base/error.h"

#define GW_SOURCE_MAPPED (1024 * 1024)

typedef struct gw_source gw_source;

/* Open the file at `path`; `shown` is the name that messages give it. Fails with FILE. */
gw_source *gw_source_open(const char *path, const char *shown, GError **error) GW_CHECKED;

/* A source of `text` that is copied; for tests and for text that never was a file. */
gw_source *gw_source_new(const char *shown, const char *text, gssize length);

gw_source *gw_source_ref(gw_source *source);
void gw_source_unref(gw_source *source);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(gw_source, gw_source_unref)

/* Borrowed; the text has no NUL at its end when it is mapped: use the size. */
const char *gw_source_text(const gw_source *source);
gsize gw_source_size(const gw_source *source);
const char *gw_source_name(const gw_source *source);

/* The place of `length` bytes at `offset`, with the line's text. The caller clears it. */
gw_position gw_source_position(const gw_source *source, gsize offset, gsize length);

/* Counts lines from one place to a later one, so that many places in order cost one reading of the
 * text. Zeroed before the first. */
typedef struct gw_line_counter
{
    const gw_source *source;
    gsize offset;
    guint line;
} gw_line_counter;

/* The number of the line that holds `offset`, from 1. */
guint gw_source_line(const gw_source *source, gsize offset, gw_line_counter *counter);

/* SHA-256 of the bytes, as 64 hexadecimal digits; the caller frees it. */
char *gw_source_sha256(const gw_source *source);

/*
 * Fails with ENCODING, with the place, on a NUL byte or on what is not UTF-8. The bytes inside
 * COPY data are text as well.
 */
gboolean gw_source_check_text(const gw_source *source, GError **error) GW_CHECKED;

/* Fail with `code` at a place of the source: gw_fail() and gw_error_add_position() in one. */
void gw_source_fail(const gw_source *source, gsize offset, gsize length, GError **error,
    gw_code code, const char *format, ...) G_GNUC_PRINTF(6, 7);

#endif
