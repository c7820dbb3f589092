/* `wait`: until the database answers. Only a server that may still be coming is waited for. */
#include "base/clock.h"
#include "base/text.h"
#include "jobs/job.h"

#define WAIT_DEFAULT  (60 * G_USEC_PER_SEC)
#define POLL_FIRST    (50 * 1000)
#define POLL_MOST     (1000 * 1000)
#define CONNECT_MOST  (5 * G_USEC_PER_SEC)
#define CONNECT_LEAST (100 * 1000)

/* A wait under way. Microseconds. */
typedef struct vigil
{
    gw_job *job;
    gint64 began;
    gint64 timeout;
    guint tries;
} vigil;

static gint64
left(const vigil *watch)
{
    return watch->timeout - (gw_clock_now() - watch->began);
}

static gboolean
may_come(const GError *error)
{
    return gw_error_is(error, GW_CODE_UNREACHABLE) || gw_error_is(error, GW_CODE_UNAVAILABLE) ||
           gw_error_is(error, GW_CODE_CONNECTION_LOST);
}

/* One try; a host that swallows packets must not outlast the time that is left. */
static gboolean
try_once(vigil *watch, GError **error)
{
    gw_job *job = watch->job;
    job->connect_timeout = CLAMP(left(watch), CONNECT_LEAST, CONNECT_MOST);
    watch->tries++;
    return gw_job_open_db(job, GW_ACCESS_READ, error);
}

static gboolean
stopped(const vigil *watch, GError **error)
{
    if (gw_observer_stop(watch->job->observer) == 0)
    {
        return FALSE;
    }
    gw_fail(error, GW_CODE_STOPPED, "stopped while waiting for the database");
    return TRUE;
}

/* After a failed try: FALSE when waiting is over, with the reason in `error`. */
static gboolean
wait_more(const vigil *watch, GError *reason, GError **error)
{
    gint64 pause = gw_clock_backoff(watch->tries, POLL_FIRST, POLL_MOST);
    if (!may_come(reason) || left(watch) <= 0)
    {
        if (may_come(reason))
        {
            g_autofree char *waited = gw_duration_print(watch->timeout);
            gw_error_add_state(reason, "waited %s, tried %u times", waited, watch->tries);
            gw_error_add_next(reason, "godwit doctor");
        }
        g_propagate_error(error, reason);
        return FALSE;
    }
    if (watch->tries == 1)
    {
        gw_observer_say(
            watch->job->observer, GW_EVENT_NOTE, "waiting for the database: %s", reason->message);
    }
    g_error_free(reason);
    gw_clock_sleep(CLAMP(left(watch), 0, pause));
    return !stopped(watch, error);
}

gboolean
gw_job_wait(gw_job *job, GError **error)
{
    vigil watch = {.job = job, .began = gw_clock_now()};
    if (!gw_job_duration(job, "timeout", WAIT_DEFAULT, &watch.timeout, error) ||
        !gw_job_open_settings(job, error))
    {
        return FALSE;
    }
    for (;;)
    {
        GError *reason = NULL;
        if (try_once(&watch, &reason))
        {
            break;
        }
        if (!wait_more(&watch, reason, error))
        {
            return FALSE;
        }
    }
    gw_job_build_target(job, job->result);
    gw_json_integer(job->result, "waited_us", gw_clock_now() - watch.began);
    return TRUE;
}
