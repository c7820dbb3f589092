/* Making and showing plans: what plan.c, its two printers and the jobs that run plans share. */
#ifndef GW_JOBS_PLANS_H
#define GW_JOBS_PLANS_H

#include "jobs/job.h"

/* The plans that the options of `up` and `down` ask for. */
gw_plan *gw_job_plan_up(gw_job *job, GError **error) GW_CHECKED;
gw_plan *gw_job_plan_down(gw_job *job, GError **error) GW_CHECKED;

/* … without what another tool has applied; not bound yet (gw_job_bind()). */
gw_plan *gw_job_make_plan(gw_job *job, gboolean down, GError **error) GW_CHECKED;

/* Target and plan as one object of docs/json.md, with its first `most` migrations; 0: all. The
 * caller frees it. */
JsonNode *gw_job_plan_node(const gw_job *job, const gw_plan *plan, guint most);

/* plan_sql.c: a script for the database's own client, that records itself. The caller frees it. */
char *gw_plan_sql(const gw_plan *plan, gw_job *job, GError **error);

/* plan_sql.c: `plan --sql --from V --database NAME`, without a connection. */
gboolean gw_job_plan_offline(gw_job *job, GError **error);

/* plan_markdown.c: for a pull request. The caller frees it. */
char *gw_plan_markdown(const gw_plan *plan, const gw_job *job);

#endif
