/* The queries that read the live schema, one for each kind of object. */
#ifndef GW_DRIVERS_POSTGRES_CATALOG_H
#define GW_DRIVERS_POSTGRES_CATALOG_H

#include "base/object_kind.h"

/*
 * All take four texts: $1 the ledger's schema or NULL; $2 a schema, "" for the search path as it
 * was (in godwit.path), or NULL for all; $3 a relation or NULL; $4 an object's own name or NULL.
 * Columns: schema, table, name, definition, valid. The search path is pg_catalog meanwhile, so that
 * every other name in a definition has its schema.
 */
typedef struct gw_pg_query
{
    gw_object_kind kind;
    gboolean part; /* of a relation, which is $3 */
    const char *template;
} gw_pg_query;

/* The SQL of a query. The caller frees it. */
char *gw_pg_query_text(const gw_pg_query *query);

/* The queries; *count of them. */
const gw_pg_query *gw_pg_queries_all(guint *count);

#endif
