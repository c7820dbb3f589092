/* `config`: every setting with its value and where it comes from. No database is asked. */
#include "jobs/job.h"

/* Without a target in sight the other settings are still worth seeing. */
static gboolean
open_any(gw_job *job, GError **error)
{
    g_autoptr(GError) reason = NULL;
    if (gw_job_open_settings(job, &reason))
    {
        return TRUE;
    }
    gboolean asked = job->request.flags[GW_OPTION_TARGET] != NULL;
    if (asked || !gw_error_is(reason, GW_CODE_NO_TARGET))
    {
        g_propagate_error(error, g_steal_pointer(&reason));
        return FALSE;
    }
    gw_observer_say(job->observer, GW_EVENT_NOTE, "%s", reason->message);
    job->request.without_target = TRUE;
    return gw_job_open_settings(job, error);
}

gboolean
gw_job_config(gw_job *job, GError **error)
{
    if (!open_any(job, error))
    {
        return FALSE;
    }
    const GPtrArray *origins = job->settings->origins;
    json_builder_set_member_name(job->result, "values");
    json_builder_begin_array(job->result);
    for (guint i = 0; i < origins->len; i++)
    {
        const gw_origin *origin = g_ptr_array_index(origins, i);
        json_builder_begin_object(job->result);
        gw_json_text(job->result, "key", origin->key);
        gw_json_text(job->result, "value", origin->value);
        gw_json_text(job->result, "origin", origin->origin);
        json_builder_end_object(job->result);
    }
    json_builder_end_array(job->result);
    return TRUE;
}
