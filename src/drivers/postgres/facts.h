/* What is known of a statement of PostgreSQL before it runs: see sql/facts.h. */
#ifndef GW_DRIVERS_POSTGRES_FACTS_H
#define GW_DRIVERS_POSTGRES_FACTS_H

#include "sql/facts.h"

/* The dialect's entries. */
gw_facts *gw_pg_facts(const char *sql, gsize length);
char *gw_pg_lock_relations(const GPtrArray *relations);
char *gw_pg_remove_remains(const gw_facts *facts);

#endif
