/*
 * Statements into steps: split, ask the dialect for the facts of each, refuse what has no place in
 * a migration, say which transaction each step is in, and join long runs of data statements.
 */
#ifndef GW_PLANNER_STEPS_H
#define GW_PLANNER_STEPS_H

#include "db/dialect.h"
#include "plan/plan.h"
#include "project/project.h"

/* Where the steps of one migration in one direction grow. */
typedef struct gw_step_maker
{
    const gw_dialect *dialect;
    gw_plan_migration *migration;
    guint part;        /* the number of the part whose section comes next in the content, from 0 */
    guint statements;  /* so far */
    guint transaction; /* the last number that was given out */
    gboolean block;    /* inside BEGIN … COMMIT of a section with transaction:false */
    gboolean open;     /* the next statement that fits joins the last transaction */
} gw_step_maker;

/*
 * Append the steps of one section. Fails with the place: TEXT, CONTROL (BEGIN, COMMIT … in a
 * section that godwit wraps), CLIENT (USE, DROP DATABASE …).
 */
gboolean gw_steps_add(gw_step_maker *make, const gw_part *part, GError **error) GW_CHECKED;

/* Append the SELECTs of a verify section to the migration's checks; anything else there fails. */
gboolean gw_checks_add(gw_step_maker *make, const gw_part *part, GError **error) GW_CHECKED;

/* Hash the bytes of a step. */
void gw_step_hash(gw_step *step);

/*
 * When all sections are there: hash the steps, and say what the migration as a whole is: atomic,
 * which relations existed before it, whether its checks can run before the commit.
 */
void gw_steps_finish(gw_step_maker *make);

#endif
