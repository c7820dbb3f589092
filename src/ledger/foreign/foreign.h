/*
 * The history of another tool in the target: recognised by its tables (formats of 13 tools), so
 * that nothing runs twice by mistake. Reads only.
 */
#ifndef GW_LEDGER_FOREIGN_FOREIGN_H
#define GW_LEDGER_FOREIGN_FOREIGN_H

#include "db/db.h"

typedef struct gw_foreign
{
    const char *tool;   /* "dbmate", "Flyway" …: static */
    const char *table;  /* static */
    GPtrArray *applied; /* of char *: versions or names as the tool wrote them */
    gboolean up_to;     /* it keeps only the newest version: all older ones are applied too */
} gw_foreign;

void gw_foreign_free(gw_foreign *foreign);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(gw_foreign, gw_foreign_free)

/* Look for one; *foreign is NULL when there is none that has applied anything. */
gboolean gw_foreign_find(gw_db *db, gw_foreign **foreign, GError **error) GW_CHECKED;

/* Has it applied the migration of this version and name? */
gboolean gw_foreign_has(const gw_foreign *foreign, const char *version, const char *name);

#endif
