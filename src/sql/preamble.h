/* What stands before the first section: comments alone, which describe the migration. */
#ifndef GW_SQL_PREAMBLE_H
#define GW_SQL_PREAMBLE_H

#include "base/source.h"

/*
 * The comments that the source begins with, up to `end`, without their marks; NULL when there are
 * none. Markers are not part of it. The caller frees it.
 */
char *gw_preamble_describe(const gw_source *source, gsize end);

/* Fails with SECTION when anything but comments stands before `end`. */
gboolean gw_preamble_check(const gw_source *source, gsize end, GError **error) GW_CHECKED;

#endif
