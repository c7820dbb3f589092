/* `status`: the migrations folder against the ledger. */
#include <errno.h>
#include <signal.h>

#include "jobs/job.h"
#include "ledger/lease.h"

#define SHOWN_APPLIED 20

/* Counts by the words of states. */
typedef struct counts
{
    gint64 applied;
    gint64 pending;
    gint64 expanded;
    gint64 interrupted;
    gint64 unverified;
    gint64 failed;
    gint64 missing;
    gint64 changed;
    gint64 not_applicable;
} counts;

static void
count_state(counts *all, const char *state)
{
    const struct
    {
        const char *state;
        gint64 *count;
    } rows[] = {
        {"applied", &all->applied},
        {"pending", &all->pending},
        {"expanded", &all->expanded},
        {"interrupted", &all->interrupted},
        {"unverified", &all->unverified},
        {"failed", &all->failed},
        {"missing", &all->missing},
        {"changed", &all->changed},
        {"not_applicable", &all->not_applicable},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    {
        if (strcmp(rows[i].state, state) == 0)
        {
            ++*rows[i].count;
            return;
        }
    }
}

static void
build_counts(const counts *all, JsonBuilder *builder)
{
    json_builder_set_member_name(builder, "counts");
    json_builder_begin_object(builder);
    gw_json_integer(builder, "applied", all->applied);
    gw_json_integer(builder, "pending", all->pending);
    gw_json_integer(builder, "expanded", all->expanded);
    gw_json_integer(builder, "interrupted", all->interrupted);
    gw_json_integer(builder, "unverified", all->unverified);
    gw_json_integer(builder, "failed", all->failed);
    gw_json_integer(builder, "missing", all->missing);
    gw_json_integer(builder, "changed", all->changed);
    gw_json_integer(builder, "not_applicable", all->not_applicable);
    json_builder_end_object(builder);
}

/* What a mismatch says of a version; NULL: nothing. */
static const gw_mismatch *
mismatch_of(const GPtrArray *mismatches, const char *version)
{
    for (guint i = 0; i < mismatches->len; i++)
    {
        const gw_mismatch *mismatch = g_ptr_array_index(mismatches, i);
        if (strcmp(mismatch->record->version, version) == 0)
        {
            return mismatch;
        }
    }
    return NULL;
}

/* The word for a record, and a note for people. */
static const char *
record_state(const gw_record *record, const gw_mismatch *mismatch, const char **note)
{
    *note = NULL;
    if (mismatch != NULL && mismatch->migration == NULL)
    {
        *note = "its file is not there";
        return "missing";
    }
    if (mismatch != NULL && mismatch->meaning)
    {
        *note = "the file was changed after it was applied";
        return "changed";
    }
    if (mismatch != NULL)
    {
        *note = "comments or layout were changed since";
    }
    if (strcmp(record->kind, "not_applicable") == 0)
    {
        return "not_applicable";
    }
    if (record->state == GW_STATE_RUNNING && gw_direction_read(record->direction) == GW_DOWN)
    {
        *note = "while it was being undone";
    }
    return gw_state_text(record->state);
}

/* A begun one: at which statement it goes on, and the note that says so. A file that cannot be read
 * is told by what wants to run it. */
static char *
build_resume(gw_job *job, const gw_record *record, const char *note)
{
    guint at = 0;
    guint of = 0;
    g_autoptr(GError) ignored = NULL;
    gboolean begun = record->state == GW_STATE_RUNNING || record->state == GW_STATE_FAILED;
    if (!begun || !gw_job_find_resume(job, record, &at, &of, &ignored))
    {
        return g_strdup(note);
    }
    gw_json_integer(job->result, "resume_at", at);
    gw_json_integer(job->result, "statements", of);
    g_autofree char *goes = at > of ? g_strdup("all its statements are done")
                                    : g_strdup_printf("goes on at statement %u of %u", at, of);
    return note == NULL ? g_steal_pointer(&goes) : g_strdup_printf("%s, %s", note, goes);
}

static void
build_record(gw_job *job, const gw_record *record, const char *state, const char *note)
{
    JsonBuilder *builder = job->result;
    const gw_ledger_run *run = gw_job_run_of(job, record->fence);
    json_builder_begin_object(builder);
    g_autofree char *told = build_resume(job, record, note);
    gw_json_text(builder, "version", record->version);
    gw_json_text(builder, "name", record->name);
    gw_json_text(builder, "state", state);
    gw_json_text(builder, "note", told);
    gw_json_text(builder, "kind", record->kind);
    gw_json_text(builder, "applied_at", record->started);
    gw_json_integer(builder, "batch", record->batch);
    gw_json_integer(builder, "duration_us", gw_record_duration(record));
    gw_json_text(builder, "actor", run == NULL ? NULL : run->actor);
    gw_json_text(builder, "host", run == NULL ? NULL : run->host);
    json_builder_end_object(builder);
}

/* Applied ones in the order of time; of those that are fine only the newest unless all are asked
 * for. */
static gint64
build_records(gw_job *job, const GPtrArray *mismatches, counts *all)
{
    guint count = job->history->records->len;
    gboolean everything = gw_job_flag(job, "all");
    gint64 left_out = 0;
    for (guint i = 0; i < count; i++)
    {
        const gw_record *record = &g_array_index(job->history->records, gw_record, i);
        const char *note = NULL;
        const gw_mismatch *mismatch =
            mismatches->len == 0 ? NULL : mismatch_of(mismatches, record->version);
        const char *state = record_state(record, mismatch, &note);
        count_state(all, state);
        if (!everything && strcmp(state, "applied") == 0 && note == NULL &&
            i + SHOWN_APPLIED < count)
        {
            left_out++;
            continue;
        }
        build_record(job, record, state, note);
    }
    return left_out;
}

static void
build_pending(gw_job *job, const gw_standing *standing, counts *all)
{
    for (guint i = 0; i < standing->pending->len; i++)
    {
        const gw_migration *migration = g_ptr_array_index(standing->pending, i);
        gboolean foreign = gw_foreign_has(job->foreign, migration->version, migration->name);
        const char *state = foreign ? "applied" : "pending";
        gboolean late = g_ptr_array_find(standing->late, migration, NULL);
        count_state(all, state);
        json_builder_begin_object(job->result);
        gw_json_text(job->result, "version", migration->version);
        gw_json_text(job->result, "name", migration->name);
        gw_json_text(job->result, "state", state);
        gw_json_text(job->result, "note",
            foreign ? "by another tool"
            : late  ? "older than the newest applied one"
                    : NULL);
        gw_json_text(job->result, "foreign", foreign ? job->foreign->tool : NULL);
        json_builder_end_object(job->result);
    }
}

static gw_standing *
compare(gw_job *job)
{
    guint count = job->history->records->len;
    g_autofree const char **applied = g_new0(const char *, count + 1);
    for (guint i = 0; i < count; i++)
    {
        applied[i] = g_array_index(job->history->records, gw_record, i).version;
    }
    return gw_graph_compare(job->graph, applied);
}

static void
build_foreign(gw_job *job)
{
    JsonBuilder *builder = job->result;
    json_builder_set_member_name(builder, "foreign");
    if (job->foreign == NULL)
    {
        json_builder_add_null_value(builder);
        return;
    }
    json_builder_begin_object(builder);
    gw_json_text(builder, "tool", job->foreign->tool);
    gw_json_text(builder, "table", job->foreign->table);
    gw_json_integer(builder, "applied", job->foreign->applied->len);
    json_builder_end_object(builder);
}

static gint64
holder_pid(const gw_lease *lease)
{
    return lease->pid == NULL ? 0 : g_ascii_strtoll(lease->pid, NULL, 10);
}

/* As far as it can be told from here: by the process itself on this host, else by a heartbeat that
 * is overdue; a file's lease has none. */
static gboolean
holder_is_dead(const gw_job *job, const gw_lease *lease)
{
    if (g_strcmp0(lease->host, g_get_host_name()) == 0 && holder_pid(lease) > 0)
    {
        return kill((pid_t)holder_pid(lease), 0) != 0 && errno == ESRCH;
    }
    return lease->expired && gw_db_has(job->db, GW_FEATURE_SERVER);
}

/* The run that holds the lock now, if one does. */
static gboolean
build_running(gw_job *job, GError **error)
{
    JsonBuilder *builder = job->result;
    g_auto(gw_lease) lease = {0};
    if (!gw_lease_look(job->ledger, &lease, error))
    {
        return FALSE;
    }
    json_builder_set_member_name(builder, "running");
    if (lease.run == NULL)
    {
        json_builder_add_null_value(builder);
        return TRUE;
    }
    json_builder_begin_object(builder);
    gw_json_text(builder, "run", lease.run);
    gw_json_text(builder, "command", lease.command);
    gw_json_text(builder, "actor", lease.actor);
    gw_json_text(builder, "host", lease.host);
    gw_json_integer(builder, "pid", holder_pid(&lease));
    gw_json_text(builder, "since", lease.started);
    gw_json_text(builder, "step", lease.step);
    gw_json_boolean(builder, "dead", holder_is_dead(job, &lease));
    json_builder_end_object(builder);
    return TRUE;
}

static void
build_heads(gw_job *job)
{
    g_autoptr(GPtrArray) heads = gw_graph_heads(job->graph);
    json_builder_set_member_name(job->result, "heads");
    json_builder_begin_array(job->result);
    for (guint i = 0; heads->len > 1 && i < heads->len; i++)
    {
        const gw_migration *head = g_ptr_array_index(heads, i);
        json_builder_add_string_value(job->result, head->version);
    }
    json_builder_end_array(job->result);
}

static void
build_ignored(gw_job *job)
{
    json_builder_set_member_name(job->result, "ignored");
    json_builder_begin_array(job->result);
    for (guint i = 0; gw_job_flag(job, "verbose") && i < job->project->ignored->len; i++)
    {
        const gw_ignored *ignored = g_ptr_array_index(job->project->ignored, i);
        json_builder_begin_object(job->result);
        gw_json_text(job->result, "path", ignored->path);
        gw_json_text(job->result, "why", ignored->why);
        json_builder_end_object(job->result);
    }
    json_builder_end_array(job->result);
}

/* The list of migrations; *all gets the counts. */
static gboolean
build_migrations(gw_job *job, counts *all, GError **error)
{
    g_autoptr(GPtrArray) mismatches = gw_job_mismatches(job, error);
    if (mismatches == NULL || !gw_job_read_runs(job, error))
    {
        return FALSE;
    }
    g_autoptr(gw_standing) standing = compare(job);
    json_builder_set_member_name(job->result, "migrations");
    json_builder_begin_array(job->result);
    gint64 left_out = build_records(job, mismatches, all);
    build_pending(job, standing, all);
    json_builder_end_array(job->result);
    gw_json_integer(job->result, "left_out", left_out);
    return TRUE;
}

gboolean
gw_job_status(gw_job *job, GError **error)
{
    counts all = {0};
    if (!gw_job_open(job, GW_ACCESS_LOOK, error))
    {
        return FALSE;
    }
    gw_job_build_target(job, job->result);
    gw_json_text(job->result, "project", job->settings->project);
    gw_json_boolean(job->result, "ledger", gw_ledger_exists(job->ledger));
    build_foreign(job);
    if (!build_running(job, error) || !build_migrations(job, &all, error))
    {
        return FALSE;
    }
    build_counts(&all, job->result);
    build_heads(job);
    build_ignored(job);
    gint64 open = all.pending + all.interrupted + all.failed + all.unverified + all.missing +
                  all.changed + all.expanded;
    job->status = gw_job_flag(job, "exit-code") && open > 0 ? 1 : 0;
    return TRUE;
}
