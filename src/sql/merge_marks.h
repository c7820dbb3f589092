/* The lines that git leaves in a file when a merge is not finished. */
#ifndef GW_SQL_MERGE_MARKS_H
#define GW_SQL_MERGE_MARKS_H

#include "base/source.h"

/* Does such a line begin at `offset` of `text`, which ends at `end`? */
gboolean gw_merge_mark_at(const char *text, gsize offset, gsize end);

/* Has the source lines that open and close a conflict, in strings or not? *offset gets the first.
 */
gboolean gw_merge_marks_find(const gw_source *source, gsize *offset);

/* What is said of it. */
#define GW_MERGE_MARK_MESSAGE "the mark of an unfinished merge"
#define GW_MERGE_MARK_HINT    "choose one side of the conflict and delete the lines with the marks"

#endif
