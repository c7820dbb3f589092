#include "project/graph.h"
#include "project/name.h"

void
gw_standing_free(gw_standing *standing)
{
    if (standing != NULL)
    {
        g_ptr_array_unref(standing->applied);
        g_ptr_array_unref(standing->pending);
        g_ptr_array_unref(standing->late);
        g_ptr_array_unref(standing->missing);
        g_free(standing);
    }
}

/* Look each version of the history up; `found` gets those that have a file. */
static void
history_match(
    const gw_graph *graph, const char *const *applied, gw_standing *standing, GHashTable *found)
{
    for (gsize i = 0; applied[i] != NULL; i++)
    {
        const gw_migration *migration = gw_project_find(graph->project, applied[i]);
        if (migration == NULL)
        {
            g_ptr_array_add(standing->missing, (gpointer)(guintptr)applied[i]);
        }
        else
        {
            g_hash_table_add(found, (gpointer)(guintptr)migration);
        }
        gboolean counts = migration == NULL || !migration->repeatable;
        if (counts &&
            (standing->newest == NULL || gw_version_compare(applied[i], standing->newest) > 0))
        {
            standing->newest = applied[i];
        }
    }
}

static void
split(const GPtrArray *all, GHashTable *found, gw_standing *standing)
{
    for (guint i = 0; i < all->len; i++)
    {
        gpointer migration = g_ptr_array_index(all, i);
        g_ptr_array_add(
            g_hash_table_contains(found, migration) ? standing->applied : standing->pending,
            migration);
    }
}

static void
late_find(gw_standing *standing)
{
    for (guint i = 0; i < standing->pending->len && standing->newest != NULL; i++)
    {
        gw_migration *migration = g_ptr_array_index(standing->pending, i);
        if (!migration->repeatable && gw_version_compare(migration->version, standing->newest) < 0)
        {
            g_ptr_array_add(standing->late, migration);
        }
    }
}

gw_standing *
gw_graph_compare(const gw_graph *graph, const char *const *applied)
{
    gw_standing *standing = g_new0(gw_standing, 1);
    g_autoptr(GHashTable) found = g_hash_table_new(NULL, NULL);
    standing->applied = g_ptr_array_new();
    standing->pending = g_ptr_array_new();
    standing->late = g_ptr_array_new();
    standing->missing = g_ptr_array_new();
    history_match(graph, applied, standing, found);
    split(graph->order, found, standing);
    split(graph->repeatables, found, standing);
    late_find(standing);
    return standing;
}

gboolean
gw_standing_check_order(const gw_standing *standing, GError **error)
{
    if (standing->late->len == 0)
    {
        return TRUE;
    }
    const gw_migration *first = g_ptr_array_index(standing->late, 0);
    gw_fail(error, GW_CODE_ORDER, "%s is pending, and older than %s, which is applied", first->path,
        standing->newest);
    if (error != NULL)
    {
        gw_position position = {.file = g_strdup(first->path)};
        gw_error_add_position(*error, &position);
        gw_error_add_hint(
            *error, "where late migrations are welcome, say order: late in godwit.yaml");
        gw_error_add_next(*error, "rename %s to a version above %s, then: godwit up", first->path,
            standing->newest);
    }
    return FALSE;
}
