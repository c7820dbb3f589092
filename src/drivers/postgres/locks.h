/* The lock modes of PostgreSQL, and how the files that read statements state facts with them. */
#ifndef GW_DRIVERS_POSTGRES_LOCKS_H
#define GW_DRIVERS_POSTGRES_LOCKS_H

#include "drivers/postgres/tree.h"
#include "sql/facts.h"

/* In the server's numbers and order. */
typedef enum gw_pg_lock
{
    GW_PG_NO_LOCK,
    GW_PG_ACCESS_SHARE,
    GW_PG_ROW_SHARE,
    GW_PG_ROW_EXCLUSIVE,
    GW_PG_SHARE_UPDATE_EXCLUSIVE,
    GW_PG_SHARE,
    GW_PG_SHARE_ROW_EXCLUSIVE,
    GW_PG_EXCLUSIVE,
    GW_PG_ACCESS_EXCLUSIVE,
} gw_pg_lock;

/* "ACCESS EXCLUSIVE" */
const char *gw_pg_lock_text(gw_pg_lock lock);

/* A relation by name, as what the statement says it is. */
typedef struct gw_pg_relation
{
    const char *schema;
    const char *name;
    gw_object_kind kind;
} gw_pg_relation;

/* The relation that a RangeVar names; kind TABLE. */
gw_pg_relation gw_pg_relation_of(const gw_pg_node *range);

/* The facts get the lock on the relation; nothing when it has no name. */
void gw_pg_locks(gw_facts *facts, gw_pg_relation relation, gw_pg_lock lock, gw_span span);

/* What the statement is about, as the plan shows it: "schema.name" or "name.part". */
void gw_pg_about(gw_facts *facts, gw_pg_relation relation, const char *part);

/* The probe for an object that is a relation or a part of one. */
void gw_pg_probe(gw_facts *facts, gw_probe_kind kind, gw_pg_relation relation);

/* The stronger of two answers: yes, then unknown, then depends, then no. */
gw_answer3 gw_pg_stronger(gw_answer3 left, gw_answer3 right);

/* Keep the first note. */
void gw_pg_note(gw_facts *facts, const char *note);

/*
 * All relations that the queries below `node` read or write. Writes make the statement DATA. Names
 * of WITH queries are left out.
 */
void gw_pg_queries(gw_facts *facts, const gw_pg_node *node);

/* Parents of the foreign keys below `node`. */
void gw_pg_parents(gw_facts *facts, const gw_pg_node *node, gw_span span);

#endif
