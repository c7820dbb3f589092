/* What only the live database knows about a plan: sizes, what exists, and digests. */
#ifndef GW_PLANNER_BIND_H
#define GW_PLANNER_BIND_H

#include "db/db.h"
#include "plan/plan.h"

/*
 * Take statements whose table has no transactions out of theirs (incomplete.h), put estimated rows
 * and bytes on the steps, in one query for the whole plan, and choose the relations that a
 * migration locks first: where it blocks several that are there already.
 */
gboolean gw_plan_bind_sizes(gw_plan *plan, gw_db *db, GError **error) GW_CHECKED;

/* Read the whole schema, and put its fingerprint on the plan. */
gboolean gw_plan_bind_schema(
    gw_plan *plan, gw_db *db, const char *ledger, GError **error) GW_CHECKED;

#endif
