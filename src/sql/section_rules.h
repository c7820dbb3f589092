/* Which sections a file may have, and in what order. */
#ifndef GW_SQL_SECTION_RULES_H
#define GW_SQL_SECTION_RULES_H

#include "sql/sections.h"

/*
 * Fails with SECTION, or OPTION, at the section that is wrong. `indented` is the place of a line
 * that only its indentation keeps from being a marker, G_MAXSIZE when there is none.
 */
gboolean gw_section_rules_check(const gw_sections *sections, const gw_source *source,
    gsize indented, GError **error) GW_CHECKED;

#endif
