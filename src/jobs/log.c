/* `log`: what was done to the target, from the audit chain, and whether the chain is whole. */
#include "jobs/job.h"
#include "ledger/audit.h"

/* What --check found. */
typedef struct verdict
{
    gint64 altered;    /* the first event that is altered or gone; 0: none */
    char *why;         /* one line */
    guint unwitnessed; /* events of a script at the end, which could not write their hashes */
} verdict;

static void
verdict_clear(verdict *found)
{
    g_free(found->why);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(verdict, verdict_clear)

static gboolean
is_script(const gw_ledger_run *run)
{
    return run != NULL && run->run != NULL && g_str_has_prefix(run->run, GW_SCRIPT_RUN);
}

/* The event of a run has its origin in the text, for the chain; here that is told in columns. */
static const char *
text_of(const gw_audit_event *event, const gw_ledger_run *run)
{
    if (strcmp(event->type, GW_LEDGER_BEGIN) == 0)
    {
        return NULL; /* its note is for the next run */
    }
    gboolean columns = strcmp(event->type, "run") == 0 && run != NULL && !is_script(run);
    return columns ? run->command : event->note;
}

/* NULL for what is empty. */
static const char *
some(const char *text)
{
    return text == NULL || *text == '\0' ? NULL : text;
}

static void
build_event(const gw_job *job, const gw_audit_event *event, JsonBuilder *builder)
{
    const gw_ledger_run *run = gw_job_run_of(job, event->fence);
    json_builder_begin_object(builder);
    gw_json_integer(builder, "sequence", event->number);
    gw_json_text(builder, "at", event->written);
    gw_json_text(builder, "type", event->type);
    gw_json_text(builder, "run", run == NULL ? NULL : run->run);
    gw_json_text(builder, "version", some(event->version));
    gw_json_text(builder, "state", some(event->state));
    gw_json_text(builder, "actor", run == NULL ? NULL : run->actor);
    gw_json_text(builder, "host", run == NULL ? NULL : run->host);
    gw_json_text(builder, "text", some(text_of(event, run)));
    gw_json_text(builder, "hash", some(event->hash));
    json_builder_end_object(builder);
}

static void
build_events(const gw_job *job, const GPtrArray *events, gint64 limit, JsonBuilder *builder)
{
    guint first = limit > 0 && limit < (gint64)events->len ? events->len - (guint)limit : 0;
    json_builder_set_member_name(builder, "events");
    json_builder_begin_array(builder);
    for (guint i = first; i < events->len; i++)
    {
        build_event(job, g_ptr_array_index(events, i), builder);
    }
    json_builder_end_array(builder);
}

/* The first thing that is wrong is told. */
G_GNUC_PRINTF(3, 4)
static void
blame(verdict *found, gint64 number, const char *format, ...)
{
    if (found->altered != 0)
    {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    found->altered = number;
    found->why = g_strdup_vprintf(format, arguments);
    va_end(arguments);
}

/* Each run writes down where the chain ended when it did. */
static gint64
events_said(const gw_job *job)
{
    gint64 said = 0;
    GHashTableIter iterator;
    gpointer value = NULL;
    g_hash_table_iter_init(&iterator, job->runs);
    while (g_hash_table_iter_next(&iterator, NULL, &value))
    {
        said = MAX(said, ((const gw_ledger_run *)value)->events);
    }
    return said;
}

/* A chain that is shorter was cut. One that has grown since it was read, before the runs were, was
 * not: its end is read again. */
static gboolean
check_tail(const gw_job *job, guint count, verdict *found, GError **error)
{
    gint64 said = events_said(job);
    gw_audit end = {.number = count};
    if (said > end.number && !gw_audit_read(job->ledger, NULL, &end, error))
    {
        return FALSE;
    }
    if (said > end.number)
    {
        blame(found, end.number + 1,
            "a run ended at event %" G_GINT64_FORMAT ", and the chain ends at %" G_GINT64_FORMAT
            ": its end was cut off",
            said, end.number);
    }
    return TRUE;
}

/* Who ran stands in the run's row, and in its event, which the chain covers. */
static void
check_origin(const gw_job *job, const gw_audit_event *event, verdict *found)
{
    const gw_ledger_run *run = gw_job_run_of(job, event->fence);
    if (strcmp(event->type, "run") != 0 || is_script(run))
    {
        return;
    }
    g_autofree char *origin = run == NULL ? NULL
                                          : gw_audit_origin(run->command, run->actor, run->host,
                                                run->git_commit, run->program);
    if (g_strcmp0(origin, event->note) != 0)
    {
        blame(found, event->number,
            "event %" G_GINT64_FORMAT " tells of another run than the list of runs does",
            event->number);
    }
}

static gboolean
check_chain(const gw_job *job, const GPtrArray *events, verdict *found, GError **error)
{
    if (found->altered != 0)
    {
        found->why = g_strdup_printf(
            "event %" G_GINT64_FORMAT " does not follow from the one before it", found->altered);
    }
    for (guint i = 0; i < events->len; i++)
    {
        const gw_audit_event *event = g_ptr_array_index(events, i);
        check_origin(job, event, found);
        found->unwitnessed = *event->hash == '\0' ? found->unwitnessed + 1 : 0;
    }
    return check_tail(job, events->len, found, error);
}

static void
build_check(const verdict *found, guint count, JsonBuilder *builder)
{
    json_builder_set_member_name(builder, "check");
    json_builder_begin_object(builder);
    gw_json_integer(builder, "events", count);
    json_builder_set_member_name(builder, "altered");
    if (found->altered == 0)
    {
        json_builder_add_null_value(builder);
    }
    else
    {
        json_builder_add_int_value(builder, found->altered);
    }
    gw_json_integer(builder, "unwitnessed", found->unwitnessed);
    json_builder_end_object(builder);
}

static gboolean
fail_altered(const verdict *found, GError **error)
{
    gw_fail(error, GW_CODE_AUDIT,
        "the audit chain was altered from event %" G_GINT64_FORMAT " on: %s", found->altered,
        found->why);
    if (error != NULL)
    {
        gw_error_add_state(*error, "nothing was changed by this check");
        gw_error_add_hint(*error,
            "somebody wrote to the ledger's tables by hand, or an old copy of them was restored");
        gw_error_add_next(*error,
            "compare event %" G_GINT64_FORMAT " with a backup of the ledger's tables, then: "
            "godwit log --check",
            found->altered);
    }
    return FALSE;
}

static gboolean
check(gw_job *job, const GPtrArray *events, gint64 altered, GError **error)
{
    g_auto(verdict) found = {.altered = altered};
    if (!check_chain(job, events, &found, error))
    {
        return FALSE;
    }
    build_check(&found, events->len, job->result);
    if (found.unwitnessed > 0)
    {
        gw_observer_say(job->observer, GW_EVENT_WARNING,
            "the last %u events are of a script of \"godwit plan --sql\" and have no hash: the "
            "chain vouches for them from the next run on",
            found.unwitnessed);
    }
    return found.altered == 0 || fail_altered(&found, error);
}

gboolean
gw_job_log(gw_job *job, GError **error)
{
    gint64 limit = 0;
    gint64 altered = 0;
    if (!gw_job_number(job, "limit", 0, &limit, error) ||
        !gw_job_open_ledger(job, GW_ACCESS_LOOK, error))
    {
        return FALSE;
    }
    g_autoptr(GPtrArray) events = gw_audit_events(job->ledger, &altered, error);
    if (events == NULL || !gw_job_read_runs(job, error))
    {
        return FALSE;
    }
    gw_job_build_target(job, job->result);
    build_events(job, events, limit, job->result);
    return !gw_job_flag(job, "check") || check(job, events, altered, error);
}
