/* Statements that keep part of what they did when they fail, for their table has no transactions.
 */
#ifndef GW_PLANNER_INCOMPLETE_H
#define GW_PLANNER_INCOMPLETE_H

#include "db/dialect.h"
#include "plan/plan.h"

/*
 * Take such statements out of their transactions: each stands alone, is written down before it
 * runs, and cannot be told apart from one that did not run. `schema` is the working one; `engines`
 * has the engine of each table that is there and has no transactions by gw_incomplete_key(); it is
 * brought up to date with what the plan makes, changes and drops.
 */
gboolean gw_plan_bind_incomplete(gw_plan *plan, const gw_dialect *dialect, const char *schema,
    GHashTable *engines, GError **error) GW_CHECKED;

/* The key of a relation. The caller frees it. */
char *gw_incomplete_key(const char *working, const char *schema, const char *name);

#endif
