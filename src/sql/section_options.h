/* The options on the line of a section's marker: one table of all there are. */
#ifndef GW_SQL_SECTION_OPTIONS_H
#define GW_SQL_SECTION_OPTIONS_H

#include "sql/sections.h"

/*
 * Read the options in `length` bytes at `offset` of `source` into `section`, whose kind and marker
 * are set. Fails with OPTION and the place.
 */
gboolean gw_section_options_read(const gw_source *source, gsize offset, gsize length,
    gw_section *section, GError **error) GW_CHECKED;

/* Can both sections be for the same database? */
gboolean gw_section_shares_database(const gw_section *left, const gw_section *right);

#endif
