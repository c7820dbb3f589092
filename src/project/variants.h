/* Which files of a version are for which database. For project/ alone. */
#ifndef GW_PROJECT_VARIANTS_H
#define GW_PROJECT_VARIANTS_H

#include "project/scan.h"

/* The files of a migration. */
typedef struct gw_variant
{
    const gw_file *up;   /* or the file that holds all */
    const gw_file *down; /* of a pair; NULL: none */
    gw_migration_form form;
    gboolean applicable;
} gw_variant;

/*
 * Choose among `files` (`count` of them, all of one version) those for the database called
 * `aliases`. Fails with DUPLICATE or SECTION.
 */
gboolean gw_variants_choose(const gw_file *files, guint count, const char *const *aliases,
    gw_variant *chosen, GError **error) GW_CHECKED;

#endif
