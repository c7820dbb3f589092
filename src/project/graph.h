/*
 * The order of migrations: by version, but after what they say that they depend on; and what of
 * them is applied, pending, missing or late.
 */
#ifndef GW_PROJECT_GRAPH_H
#define GW_PROJECT_GRAPH_H

#include "project/project.h"

typedef struct gw_graph
{
    const gw_project *project; /* borrowed: must outlive the graph */
    GPtrArray *order;          /* of const gw_migration *: the versioned ones, as they run */
    GPtrArray *repeatables;    /* of const gw_migration *: they run after all others */
} gw_graph;

/* Put a project in order. Fails with DEPENDS, at the line that says so, when a version is not
 * there, is a repeatable one, or depends on itself. */
gw_graph *gw_graph_new(const gw_project *project, GError **error) GW_CHECKED;
void gw_graph_free(gw_graph *graph);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(gw_graph, gw_graph_free)

/* Those that nothing depends on, neither by saying so nor by coming after: of a project without
 * `depends` its last. The caller frees the array of const gw_migration *. */
GPtrArray *gw_graph_heads(const gw_graph *graph);

/* Those that depend on `migration`, at once or through others, as they run. The caller frees the
 * array of const gw_migration *. */
GPtrArray *gw_graph_dependents(const gw_graph *graph, const gw_migration *migration);

/* Files against a history. Arrays borrow from graph and history. */
typedef struct gw_standing
{
    GPtrArray *applied; /* of const gw_migration *, as they ran */
    GPtrArray *pending; /* of const gw_migration *, as they will run */
    GPtrArray *late;    /* of const gw_migration *: pending, and older than the newest applied */
    GPtrArray *missing; /* of const char *: versions of the history that have no file */
    const char *newest; /* the highest applied version that is not of a repeatable; NULL: none */
} gw_standing;

/* `applied`: the versions of the history, NULL-terminated, in any order. Repeatables and what is
 * not applicable are in it like any other when the history has them, and pending when not. */
gw_standing *gw_graph_compare(const gw_graph *graph, const char *const *applied);
void gw_standing_free(gw_standing *standing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(gw_standing, gw_standing_free)

/* Fails with ORDER, naming the first late one and what to type, unless none is late. For targets
 * with order: strict. */
gboolean gw_standing_check_order(const gw_standing *standing, GError **error) GW_CHECKED;

#endif
