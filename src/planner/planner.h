/*
 * Plans made from a project, a history and a dialect. Nothing here asks a database: what only the
 * live schema knows is added by planner/bind.h.
 */
#ifndef GW_PLANNER_PLANNER_H
#define GW_PLANNER_PLANNER_H

#include "db/dialect.h"
#include "ledger/ledger.h"
#include "plan/plan.h"
#include "project/graph.h"

/* What a plan is made from; all borrowed. */
typedef struct gw_planning
{
    const gw_project *project;
    const gw_graph *graph;
    const gw_history *history;
    const gw_dialect *dialect;
    GHashTable *vars;         /* of ${…} in sections that say so */
    const char *name;         /* of the project */
    gboolean stop;            /* phases: stop at expanded */
    const gw_plan_text *text; /* not NULL: texts are let go at once, and read again by this */
} gw_planning;

/* How the texts of a plan that was made so are read again; `planning` is borrowed. */
gw_plan_text gw_planner_text(const gw_planning *planning);

/* How far up goes. */
typedef struct gw_up_goal
{
    const char *to; /* a version; NULL: everything */
} gw_up_goal;

/*
 * The plan of `up`: what a dead or failed run left, then what is unverified, then pending
 * migrations in order, then repeatables that are new or changed. Fails with DEPENDS, VERSION and as
 * reading the files does.
 */
gw_plan *gw_plan_up(const gw_planning *planning, const gw_up_goal *goal, GError **error) GW_CHECKED;

/* What down undoes; the first that is set counts. */
typedef struct gw_down_goal
{
    const char *to;      /* all that were applied after this version; "0": everything */
    const char *version; /* this one (and what depends on it must be undone before) */
    gboolean batch;      /* the newest batch */
    guint steps;         /* that many, the newest by time applied; 0: 1 */
} gw_down_goal;

/* The plan of `down`, newest by time applied first. Fails with IRREVERSIBLE, MISSING, VERSION. */
gw_plan *gw_plan_down(
    const gw_planning *planning, const gw_down_goal *goal, GError **error) GW_CHECKED;

/* The plan of `contract`: of `version`, or of all that are expanded. */
gw_plan *gw_plan_contract(
    const gw_planning *planning, const char *version, GError **error) GW_CHECKED;

/* The plan that runs the checks alone of applied migrations: all, or these versions. */
gw_plan *gw_plan_verify(
    const gw_planning *planning, const char *const *versions, GError **error) GW_CHECKED;

/* One migration of a plan, made from its file. `phase`: "", "expand" or "contract". */
gw_plan_migration *gw_planner_migration(const gw_planning *planning, const gw_migration *migration,
    gw_direction direction, const char *phase, GError **error) GW_CHECKED;

/* Only its checks. */
gw_plan_migration *gw_planner_checks(
    const gw_planning *planning, const gw_migration *migration, GError **error) GW_CHECKED;

#endif
