#include "project/graph.h"

#include "project/name.h"
#include "sql/markers.h"

/* The graph while it is put in order. Numbers are those of project->migrations. */
typedef struct sorter
{
    const gw_project *project;
    GPtrArray *order;
    guint *waiting;      /* how many of its dependencies are not in order yet */
    GArray **followers;  /* of guint: who waits for it; NULL: nobody */
    GArray *released;    /* of guint: passed over before, and free now */
    GHashTable *numbers; /* const gw_migration * -> its number */
} sorter;

static const gw_migration *
nth(const gw_project *project, guint index)
{
    return g_ptr_array_index(project->migrations, index);
}

static guint
index_of(const sorter *sort, const gw_migration *migration)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(sort->numbers, migration));
}

/* Where in its file the migration says that it depends on `version`. */
static gw_position
depends_position(const gw_migration *migration, const char *version)
{
    g_autoptr(gw_source) source = gw_source_open(migration->path, migration->path, NULL);
    gw_marker_reader reader;
    gw_marker marker;
    gboolean more = source != NULL;
    if (more)
    {
        gw_marker_reader_init(&reader, source);
    }
    while (more && gw_marker_next(&reader, &marker, &more, NULL) && more)
    {
        const char *rest = gw_source_text(source) + marker.rest;
        const char *found = g_strstr_len(rest, (gssize)(marker.end - marker.rest), version);
        if (marker.kind == GW_MARKER_DEPENDS && found != NULL)
        {
            gsize offset = (gsize)(found - gw_source_text(source));
            return gw_source_position(source, offset, strlen(version));
        }
    }
    return (gw_position){.file = g_strdup(migration->path)};
}

/* Fail at the place where `migration` names `version`; always FALSE. */
static gboolean
refuse(const gw_migration *migration, const char *version, GError **error, const char *message)
{
    gw_fail(error, GW_CODE_DEPENDS, "%s depends on %s, %s", migration->version, version, message);
    if (error != NULL)
    {
        gw_position position = depends_position(migration, version);
        gw_error_add_position(*error, &position);
    }
    return FALSE;
}

/* Note that `index` waits for `version`. */
static gboolean
dependency_add(sorter *sort, guint index, const char *version, GError **error)
{
    const gw_migration *migration = nth(sort->project, index);
    const gw_migration *other =
        gw_version_check(version) ? gw_project_find(sort->project, version) : NULL;
    if (other == NULL)
    {
        return refuse(migration, version, error, "which is not there");
    }
    if (other == migration)
    {
        return refuse(migration, version, error, "which is itself");
    }
    if (other->repeatable)
    {
        return refuse(migration, version, error, "which is repeatable and runs after all others");
    }
    guint at = index_of(sort, other);
    if (sort->followers[at] == NULL)
    {
        sort->followers[at] = g_array_new(FALSE, FALSE, sizeof(guint));
    }
    g_array_append_val(sort->followers[at], index);
    sort->waiting[index]++;
    return TRUE;
}

static gboolean
dependencies_add(sorter *sort, GError **error)
{
    for (guint i = 0; i < sort->project->migrations->len; i++)
    {
        char *const *depends = nth(sort->project, i)->depends;
        for (gsize j = 0; depends != NULL && depends[j] != NULL; j++)
        {
            if (!dependency_add(sort, i, depends[j], error))
            {
                return FALSE;
            }
        }
    }
    return TRUE;
}

/* Put one in order. Those that waited for it alone, and whose turn was before, are released. */
static void
emit(sorter *sort, guint index, guint turn)
{
    const gw_migration *migration = nth(sort->project, index);
    const GArray *followers = sort->followers[index];
    if (!migration->repeatable)
    {
        g_ptr_array_add(sort->order, (gpointer)(guintptr)migration);
    }
    for (guint i = 0; followers != NULL && i < followers->len; i++)
    {
        guint follower = g_array_index(followers, guint, i);
        if (--sort->waiting[follower] == 0 && follower < turn)
        {
            g_array_append_val(sort->released, follower);
        }
    }
}

/* Take the released one with the lowest version. */
static guint
released_take(GArray *released)
{
    guint least = 0;
    for (guint i = 1; i < released->len; i++)
    {
        if (g_array_index(released, guint, i) < g_array_index(released, guint, least))
        {
            least = i;
        }
    }
    guint index = g_array_index(released, guint, least);
    g_array_remove_index_fast(released, least);
    return index;
}

/* By version; who waits is passed over, and comes as soon as what it waits for has come. */
static void
order_make(sorter *sort)
{
    for (guint i = 0; i < sort->project->migrations->len; i++)
    {
        if (sort->waiting[i] > 0)
        {
            continue;
        }
        emit(sort, i, i);
        while (sort->released->len > 0)
        {
            emit(sort, released_take(sort->released), i);
        }
    }
}

/* Fail when some never came: they wait for each other. */
static gboolean
cycle_check(const sorter *sort, GError **error)
{
    guint at = 0;
    guint count = sort->project->migrations->len;
    while (at < count && sort->waiting[at] == 0)
    {
        at++;
    }
    if (at == count)
    {
        return TRUE;
    }
    /* Going from one to what it waits for must come around: then this one is in the circle. */
    const char *version = NULL;
    for (guint steps = 0; steps <= count; steps++)
    {
        char *const *depends = nth(sort->project, at)->depends;
        for (gsize j = 0; depends[j] != NULL; j++)
        {
            guint next = index_of(sort, gw_project_find(sort->project, depends[j]));
            if (sort->waiting[next] > 0)
            {
                at = steps < count ? next : at;
                version = depends[j];
                break;
            }
        }
    }
    return refuse(nth(sort->project, at), version, error, "which depends on it in turn");
}

static gboolean
project_sort(sorter *sort, GError **error)
{
    if (!dependencies_add(sort, error))
    {
        return FALSE;
    }
    order_make(sort);
    return cycle_check(sort, error);
}

gw_graph *
gw_graph_new(const gw_project *project, GError **error)
{
    guint count = project->migrations->len;
    g_autoptr(gw_graph) graph = g_new0(gw_graph, 1);
    graph->project = project;
    graph->order = g_ptr_array_new();
    graph->repeatables = g_ptr_array_new();
    g_autofree guint *waiting = g_new0(guint, count);
    g_autofree GArray **followers = g_new0(GArray *, count);
    g_autoptr(GArray) released = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autoptr(GHashTable) numbers = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < count; i++)
    {
        g_hash_table_insert(numbers, (gpointer)(guintptr)nth(project, i), GUINT_TO_POINTER(i));
    }
    sorter sort = {project, graph->order, waiting, followers, released, numbers};
    gboolean sorted = project_sort(&sort, error);
    for (guint i = 0; i < count; i++)
    {
        g_clear_pointer(&followers[i], g_array_unref);
        if (nth(project, i)->repeatable)
        {
            g_ptr_array_add(graph->repeatables, (gpointer)(guintptr)nth(project, i));
        }
    }
    return sorted ? g_steal_pointer(&graph) : NULL;
}

void
gw_graph_free(gw_graph *graph)
{
    if (graph != NULL)
    {
        g_ptr_array_unref(graph->order);
        g_ptr_array_unref(graph->repeatables);
        g_free(graph);
    }
}

/* Does it depend on one of `set` (of const gw_migration *)? */
static gboolean
depends_on_any(const gw_graph *graph, const gw_migration *migration, GHashTable *set)
{
    for (gsize i = 0; migration->depends != NULL && migration->depends[i] != NULL; i++)
    {
        if (g_hash_table_contains(set, gw_project_find(graph->project, migration->depends[i])))
        {
            return TRUE;
        }
    }
    return FALSE;
}

GPtrArray *
gw_graph_dependents(const gw_graph *graph, const gw_migration *migration)
{
    GPtrArray *dependents = g_ptr_array_new();
    g_autoptr(GHashTable) set = g_hash_table_new(NULL, NULL);
    g_hash_table_add(set, (gpointer)(guintptr)migration);
    for (guint i = 0; i < graph->order->len + graph->repeatables->len; i++)
    {
        gpointer next = i < graph->order->len
                            ? g_ptr_array_index(graph->order, i)
                            : g_ptr_array_index(graph->repeatables, i - graph->order->len);
        if (depends_on_any(graph, next, set))
        {
            g_hash_table_add(set, next);
            g_ptr_array_add(dependents, next);
        }
    }
    return dependents;
}

GPtrArray *
gw_graph_heads(const gw_graph *graph)
{
    GPtrArray *heads = g_ptr_array_new();
    g_autoptr(GHashTable) followed = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < graph->project->migrations->len; i++)
    {
        char *const *depends = nth(graph->project, i)->depends;
        for (gsize j = 0; depends != NULL && depends[j] != NULL; j++)
        {
            g_hash_table_add(
                followed, (gpointer)(guintptr)gw_project_find(graph->project, depends[j]));
        }
    }
    for (guint i = 0; i < graph->order->len; i++)
    {
        const gw_migration *next =
            i + 1 < graph->order->len ? g_ptr_array_index(graph->order, i + 1) : NULL;
        gpointer migration = g_ptr_array_index(graph->order, i);
        gboolean comes_next = next != NULL && next->depends == NULL;
        if (!comes_next && !g_hash_table_contains(followed, migration))
        {
            g_ptr_array_add(heads, migration);
        }
    }
    return heads;
}
