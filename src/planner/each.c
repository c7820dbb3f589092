#include "planner/each.h"

#include "base/thread.h"

/* So many migrations are worth a thread's start. */
#define PLAN_BLOCK 8

typedef struct order
{
    const gw_planning *planning;
    const GPtrArray *items;
    gw_planner_add add;
    gw_addition *added; /* one for each item */
} order;

gboolean
gw_addition_take(gw_addition *added, gw_plan_migration *migration)
{
    if (migration == NULL)
    {
        return FALSE;
    }
    g_assert(added->count < G_N_ELEMENTS(added->list));
    added->list[added->count++] = migration;
    return TRUE;
}

static gboolean
item_add(gpointer data, guint index, GError **error)
{
    const order *all = data;
    gconstpointer item = g_ptr_array_index(all->items, index);
    return all->add(all->planning, item, &all->added[index], error);
}

gboolean
gw_planner_each(const gw_planning *planning, gw_plan *plan, const GPtrArray *items,
    gw_planner_add add, GError **error)
{
    g_autofree gw_addition *added = g_new0(gw_addition, items->len);
    order all = {planning, items, add, added};
    gboolean good = gw_threads_each(items->len, PLAN_BLOCK, item_add, &all, error);
    for (guint i = 0; i < items->len; i++)
    {
        for (guint j = 0; j < added[i].count; j++)
        {
            g_ptr_array_add(plan->migrations, added[i].list[j]);
        }
    }
    return good;
}
