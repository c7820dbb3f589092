/* Migrations of a plan by the thousand: made in several threads, for each is read from its file. */
#ifndef GW_PLANNER_EACH_H
#define GW_PLANNER_EACH_H

#include "planner/planner.h"

/* What one item of a list adds to a plan, in this order. */
typedef struct gw_addition
{
    gw_plan_migration *list[2];
    guint count;
} gw_addition;

/*
 * Make what `item` adds; what is added is the plan's, also where this fails. It runs in any thread,
 * beside others: it only reads what `planning` has, and its dialect's facts may be asked so.
 */
typedef gboolean (*gw_planner_add)(
    const gw_planning *planning, gconstpointer item, gw_addition *added, GError **error);

/* Append what all `items` add to the plan, in their order. Fails as the first of them that does. */
gboolean gw_planner_each(const gw_planning *planning, gw_plan *plan, const GPtrArray *items,
    gw_planner_add add, GError **error) GW_CHECKED;

/* Add a migration that was just made; FALSE where that failed and it is NULL. */
gboolean gw_addition_take(gw_addition *added, gw_plan_migration *migration);

#endif
