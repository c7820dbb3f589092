/* Which files of a version are for which database. For project/ alone. */
#ifndef GW_PROJECT_VARIANTS_H
#define GW_PROJECT_VARIANTS_H

#include "project/scan.h"

/*
 * The migration that `files` (`count` of them, all of one version) are for the database called
 * `aliases`; its hash is not known yet. Fails with DUPLICATE or SECTION.
 */
gw_migration *gw_variants_choose(
    gw_file *const *files, guint count, const char *const *aliases, GError **error) GW_CHECKED;

void gw_migration_free(gw_migration *migration);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(gw_migration, gw_migration_free)

#endif
