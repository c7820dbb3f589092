/* `init` and `new`: the files that a user begins with. No database is asked. */
#include "jobs/job.h"

#include "base/clock.h"
#include "project/starter.h"

static void
build_created(gw_job *job, const char *first, const char *second, const char *next)
{
    g_autoptr(GPtrArray) created = g_ptr_array_new();
    g_ptr_array_add(created, (gpointer)(guintptr)first);
    if (second != NULL)
    {
        g_ptr_array_add(created, (gpointer)(guintptr)second);
    }
    gw_json_texts(job->result, "created", created);
    gw_json_text(job->result, "next", next);
}

/* The URL behind the command, or that of --url. */
static const char *
url_asked(const gw_job *job)
{
    const char *url = gw_job_option(job, "url");
    return url != NULL ? url : job->request.flags[GW_OPTION_URL];
}

gboolean
gw_job_init_project(gw_job *job, GError **error)
{
    const char *folder = job->request.folder == NULL ? "." : job->request.folder;
    const char *url = url_asked(job);
    g_auto(gw_starter) starter = {0};
    if (!gw_starter_init(folder, url, &starter, error))
    {
        return FALSE;
    }
    if (starter.hidden_secret)
    {
        gw_observer_say(job->observer, GW_EVENT_WARNING,
            "the URL has a password, so %s says ${DATABASE_URL} instead: set that variable",
            starter.config);
    }
    else if (url == NULL)
    {
        gw_observer_say(job->observer, GW_EVENT_NOTE,
            "%s takes the database from ${DATABASE_URL}: set that variable, or write the URL into "
            "the file",
            starter.config);
    }
    build_created(
        job, starter.config, starter.found ? NULL : starter.migrations, "godwit new NAME");
    return TRUE;
}

gboolean
gw_job_new(gw_job *job, GError **error)
{
    g_autofree const char **words = gw_job_values(job, "name");
    g_autofree char *path = NULL;
    job->request.without_target = TRUE;
    if (!gw_job_open_settings(job, error))
    {
        return FALSE;
    }
    const char *const *folders = (const char *const *)job->settings->migrations;
    if (!gw_starter_new(folders, words, gw_clock_wall(), &path, error))
    {
        return FALSE;
    }
    build_created(job, path, NULL, "edit it, then: godwit plan");
    return TRUE;
}
