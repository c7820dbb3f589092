/* The lines of a migration file that mean something to godwit: -- migrate:NAME … */
#ifndef GW_SQL_MARKERS_H
#define GW_SQL_MARKERS_H

#include "sql/sections.h"

typedef enum gw_marker_kind
{
    GW_MARKER_SECTION,
    GW_MARKER_DEPENDS,
    GW_MARKER_IRREVERSIBLE,
} gw_marker_kind;

typedef struct gw_marker
{
    gw_marker_kind kind;
    gw_section_kind section;
    gsize offset; /* of its line */
    gsize rest;   /* of what stands behind the name */
    gsize end;    /* of the line, without its end */
    gsize next;   /* of the next line */
} gw_marker;

/* A place in the text; every marker is met once, in the order of the file. */
typedef struct gw_marker_reader
{
    const gw_source *source;
    gsize at;       /* the start of a line */
    gsize indented; /* the first line that only its indentation keeps from being a marker of a
                       section; G_MAXSIZE: none */
} gw_marker_reader;

/* Where the name begins in a line of the form -- migrate:NAME, however it is indented and spelled;
 * 0 for other lines. */
gsize gw_marker_name(const char *text, gsize at, gsize end);

/* Begin at the first line, behind a byte order mark. */
void gw_marker_reader_init(gw_marker_reader *reader, const gw_source *source);

/* The next marker; *more is FALSE at the end. Fails with SECTION on a marker of another name. */
gboolean gw_marker_next(
    gw_marker_reader *reader, gw_marker *marker, gboolean *more, GError **error) GW_CHECKED;

#endif
