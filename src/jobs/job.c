#include "jobs/job.h"

#include "base/clock.h"
#include "base/secret.h"
#include "base/text.h"
#include "base/thread.h"

void
gw_job_init(gw_job *job)
{
    job->result = json_builder_new_immutable();
    json_builder_begin_object(job->result);
    job->run_id = g_uuid_string_random();
}

void
gw_job_clear(gw_job *job)
{
    g_clear_pointer(&job->foreign, gw_foreign_free);
    g_clear_pointer(&job->history, gw_history_unref);
    g_clear_pointer(&job->runs, g_hash_table_unref);
    g_clear_pointer(&job->graph, gw_graph_free);
    g_clear_pointer(&job->project, gw_project_free);
    g_clear_pointer(&job->ledger, gw_ledger_free);
    g_clear_pointer(&job->db, gw_db_close);
    g_clear_pointer(&job->settings, gw_settings_free);
    g_clear_object(&job->result);
    g_clear_pointer(&job->run_id, g_free);
    g_clear_pointer(&job->missing, g_free);
    g_clear_pointer(&job->git_commit, g_free);
}

const char *
gw_job_option(const gw_job *job, const char *name)
{
    const char *const *pairs = job->options.pairs;
    for (; pairs != NULL && pairs[0] != NULL; pairs += 2)
    {
        if (strcmp(pairs[0], name) == 0)
        {
            return pairs[1];
        }
    }
    return NULL;
}

gboolean
gw_job_flag(const gw_job *job, const char *name)
{
    return g_strcmp0(gw_job_option(job, name), "true") == 0;
}

const char **
gw_job_values(const gw_job *job, const char *name)
{
    GPtrArray *values = g_ptr_array_new();
    const char *const *pairs = job->options.pairs;
    for (; pairs != NULL && pairs[0] != NULL; pairs += 2)
    {
        if (strcmp(pairs[0], name) == 0)
        {
            g_ptr_array_add(values, (gpointer)(guintptr)pairs[1]);
        }
    }
    g_ptr_array_add(values, NULL);
    return (const char **)g_ptr_array_free(values, FALSE);
}

gboolean
gw_job_number(const gw_job *job, const char *name, gint64 otherwise, gint64 *value, GError **error)
{
    const char *text = gw_job_option(job, name);
    *value = otherwise;
    if (text == NULL || g_ascii_string_to_signed(text, 10, 0, G_MAXINT32, value, NULL))
    {
        return TRUE;
    }
    gw_fail(error, GW_CODE_USAGE, "--%s wants a number from 0, not \"%s\"", name, text);
    return FALSE;
}

gboolean
gw_job_duration(
    const gw_job *job, const char *name, gint64 otherwise, gint64 *microseconds, GError **error)
{
    const char *text = gw_job_option(job, name);
    g_autoptr(GError) reason = NULL;
    *microseconds = otherwise;
    if (text == NULL || gw_duration_parse(text, microseconds, &reason))
    {
        return TRUE;
    }
    gw_fail(error, GW_CODE_USAGE, "--%s: %s", name, reason->message);
    return FALSE;
}

gboolean
gw_job_open_settings(gw_job *job, GError **error)
{
    if (job->settings != NULL)
    {
        return TRUE;
    }
    job->settings = gw_settings_read(&job->request, error);
    for (guint i = 0; job->settings != NULL && i < job->settings->warnings->len; i++)
    {
        gw_observer_say(job->observer, GW_EVENT_WARNING, "%s",
            (const char *)g_ptr_array_index(job->settings->warnings, i));
    }
    return job->settings != NULL;
}

/* How the target is opened; texts are borrowed. */
static gw_connect
connect_how(const gw_job *job, gw_access access, const char *application, const char *base)
{
    const gw_target *target = &job->settings->target;
    return (gw_connect){
        .url = target->url,
        .application = application,
        .role = target->role,
        .ledger = job->settings->ledger,
        .base = base,
        .create = access == GW_ACCESS_MAKE,
        .read_only = access == GW_ACCESS_READ || access == GW_ACCESS_LOOK,
        .timeout = job->connect_timeout,
    };
}

/* There is no file, and it could be made. */
static void
advise_missing(const gw_job *job, GError *error)
{
    gw_error_add_hint(error, "%s",
        job->settings->target.protect
            ? "check the path, or put an empty file there: the database of a protected target is "
              "not made by itself"
            : "check the path, or let `godwit up` make the file");
}

/*
 * A database that `up` would make and that is not there yet: who only looks sees an empty one, so
 * that a newcomer can plan before the first up, and a refused up leaves nothing behind.
 */
static gboolean
open_empty(gw_job *job, gw_access access, gw_connect *how, GError **error)
{
    gboolean may = access == GW_ACCESS_LOOK || access == GW_ACCESS_CREATE;
    if (!may || job->settings->target.protect)
    {
        advise_missing(job, *error);
        return FALSE;
    }
    const gw_driver *driver = gw_driver_find(job->drivers, how->url, NULL);
    g_autofree char *memory = g_strdup_printf("%s::memory:", driver->schemes[0]);
    g_free(job->missing);
    job->missing = g_strdup((*error)->message);
    if (access == GW_ACCESS_LOOK)
    {
        gw_observer_say(
            job->observer, GW_EVENT_NOTE, "%s; \"godwit up\" will make it", job->missing);
    }
    g_clear_error(error);
    how->url = memory;
    how->read_only = FALSE;
    job->absent = TRUE;
    job->db = gw_db_open(job->drivers, how, error);
    return job->db != NULL;
}

gboolean
gw_job_open_db(gw_job *job, gw_access access, GError **error)
{
    char *password = NULL;
    if (!gw_job_open_settings(job, error) || !gw_settings_password(job->settings, &password, error))
    {
        return FALSE;
    }
    g_autofree char *application = g_strdup_printf("godwit %s", job->run_id);
    g_autofree char *base = g_canonicalize_filename(
        job->settings->target.base == NULL ? "." : job->settings->target.base, NULL);
    gw_connect how = connect_how(job, access, application, base);
    how.password = password;
    gboolean absent = FALSE;
    how.absent = &absent;
    g_autoptr(GError) reason = NULL;
    job->db = gw_db_open(job->drivers, &how, &reason);
    if (job->db == NULL && (!absent || !open_empty(job, access, &how, &reason)))
    {
        g_propagate_error(error, g_steal_pointer(&reason));
    }
    if (password != NULL)
    {
        explicit_bzero(password, strlen(password));
        g_free(password);
    }
    return job->db != NULL;
}

static gboolean
read_history(gw_job *job, GError **error)
{
    g_clear_pointer(&job->history, gw_history_unref); /* not two of them in memory at once */
    job->history = gw_ledger_history(job->ledger, error);
    job->planning.history = job->history;
    return job->history != NULL;
}

gboolean
gw_job_open_ledger(gw_job *job, gw_access access, GError **error)
{
    if (job->db == NULL && !gw_job_open_db(job, access, error))
    {
        return FALSE;
    }
    const gw_settings *settings = job->settings;
    job->ledger = gw_ledger_open(job->db, settings->project, settings->ledger, error);
    if (job->ledger == NULL)
    {
        return FALSE;
    }
    if (!gw_ledger_exists(job->ledger) && !gw_foreign_find(job->db, &job->foreign, error))
    {
        return FALSE;
    }
    return read_history(job, error);
}

gboolean
gw_job_make_database(gw_job *job, GError **error)
{
    if (!job->absent)
    {
        return TRUE;
    }
    g_clear_pointer(&job->ledger, gw_ledger_free);
    g_clear_pointer(&job->db, gw_db_close);
    job->absent = FALSE;
    return gw_job_open_ledger(job, GW_ACCESS_MAKE, error);
}

gboolean
gw_job_read_runs(gw_job *job, GError **error)
{
    g_clear_pointer(&job->runs, g_hash_table_unref);
    job->runs = gw_ledger_runs(job->ledger, error);
    return job->runs != NULL;
}

const gw_ledger_run *
gw_job_run_of(const gw_job *job, gint64 fence)
{
    return job->runs == NULL ? NULL : g_hash_table_lookup(job->runs, &fence);
}

/* A project that is read for a job. */
typedef struct reading
{
    const char *const *folders;
    const char *const *aliases;
    gw_project *project;
    GError *error;
} reading;

static void
read_project(gpointer data)
{
    reading *wanted = data;
    g_autofree char *cache = gw_project_cache_folder();
    wanted->project = gw_project_read(wanted->folders, wanted->aliases, cache, &wanted->error);
}

static reading
reading_of(const gw_job *job, const gw_dialect *dialect)
{
    return (reading){
        .folders = (const char *const *)job->settings->migrations, .aliases = dialect->aliases};
}

/* Take over what was read. */
static gboolean
settle_project(gw_job *job, const gw_dialect *dialect, reading *done, GError **error)
{
    if (done->project == NULL)
    {
        g_propagate_error(error, g_steal_pointer(&done->error));
        return FALSE;
    }
    job->project = g_steal_pointer(&done->project);
    job->graph = gw_graph_new(job->project, error);
    job->text = gw_planner_text(&job->planning);
    job->planning = (gw_planning){
        .project = job->project,
        .graph = job->graph,
        .history = job->history,
        .dialect = dialect,
        .vars = job->settings->vars,
        .name = job->settings->project,
        .stop = job->settings->target.stop,
    };
    return job->graph != NULL;
}

gboolean
gw_job_open_project(gw_job *job, const gw_dialect *dialect, GError **error)
{
    if (!gw_job_open_settings(job, error))
    {
        return FALSE;
    }
    const gw_dialect *chosen = dialect != NULL ? dialect : gw_db_dialect(job->db);
    reading wanted = reading_of(job, chosen);
    read_project(&wanted);
    return settle_project(job, chosen, &wanted, error);
}

/* The files are read while the database tells its history. */
gboolean
gw_job_open(gw_job *job, gw_access access, GError **error)
{
    if (job->db == NULL && !gw_job_open_db(job, access, error))
    {
        return FALSE;
    }
    const gw_dialect *dialect = gw_db_dialect(job->db);
    reading wanted = reading_of(job, dialect);
    gw_thread *thread = gw_thread_start(read_project, &wanted);
    gboolean opened = gw_job_open_ledger(job, access, error);
    gw_thread_join(thread);
    gboolean settled = opened && settle_project(job, dialect, &wanted, error);
    g_clear_pointer(&wanted.project, gw_project_free);
    g_clear_error(&wanted.error);
    return settled;
}

void
gw_job_build_target(const gw_job *job, JsonBuilder *builder)
{
    const gw_target *target = &job->settings->target;
    json_builder_set_member_name(builder, "target");
    json_builder_begin_object(builder);
    if (job->db != NULL)
    {
        const gw_place *place = gw_db_place(job->db);
        gw_json_text(builder, "engine", gw_db_dialect(job->db)->name);
        gw_json_text(builder, "title", gw_db_dialect(job->db)->title);
        gw_json_text(builder, "version", place->version);
        gw_json_text(builder, "host", job->absent ? NULL : place->host);
        gw_json_text(builder, "database", job->absent ? "(not there yet)" : place->database);
        gw_json_text(builder, "schema", place->schema);
        gw_json_text(builder, "user", place->user);
        gw_json_boolean(builder, "replica", place->replica);
        gw_json_boolean(builder, "pooled", place->pooled);
        gw_json_boolean(builder, "tls", place->tls);
    }
    gw_json_text(builder, "url", target->shown);
    gw_json_text(builder, "name", target->name);
    gw_json_text(builder, "environment", target->environment);
    gw_json_boolean(builder, "protected", target->protect);
    gw_json_text(builder, "origin", gw_settings_origin(job->settings, "url"));
    json_builder_end_object(builder);
}

void
gw_job_emit_target(const gw_job *job)
{
    g_autoptr(JsonBuilder) builder = json_builder_new_immutable();
    json_builder_begin_object(builder);
    gw_job_build_target(job, builder);
    json_builder_end_object(builder);
    g_autoptr(JsonNode) root = json_builder_get_root(builder);
    JsonNode *target = json_object_get_member(json_node_get_object(root), "target");
    gw_observer_emit(job->observer, &(gw_event){.type = GW_EVENT_TARGET, .value = target});
}

/* The commit that the project's folder is at, read from .git without running git. */
static char *
git_commit_read(const char *folder)
{
    g_autofree char *path = g_canonicalize_filename(folder == NULL ? "." : folder, NULL);
    while (strlen(path) > 1)
    {
        g_autofree char *git = g_build_filename(path, ".git", NULL);
        g_autofree char *head = g_build_filename(git, "HEAD", NULL);
        g_autofree char *text = NULL;
        if (g_file_get_contents(head, &text, NULL, NULL))
        {
            g_strstrip(text);
            if (!g_str_has_prefix(text, "ref: "))
            {
                return g_steal_pointer(&text);
            }
            g_autofree char *ref = g_build_filename(git, text + 5, NULL);
            char *commit = NULL;
            return g_file_get_contents(ref, &commit, NULL, NULL) ? g_strstrip(commit) : NULL;
        }
        char *parent = g_path_get_dirname(path);
        g_free(path);
        path = parent;
    }
    return NULL;
}

void
gw_job_identify(gw_job *job, const char *command)
{
    const char *actor = g_getenv("GODWIT_ACTOR");
    g_free(job->git_commit);
    job->git_commit = git_commit_read(job->settings->folder);
    job->identity = (gw_identity){
        .run = job->run_id,
        .actor = actor != NULL && *actor != '\0' ? actor : g_get_user_name(),
        .host = g_get_host_name(),
        .git_commit = job->git_commit,
        .program = "godwit " GW_VERSION,
        .command = command,
        .pid = getpid(),
    };
}

/* A lease shorter than the default is for tests and for impatient clusters. */
static gint64
lease_life(void)
{
    const char *text = g_getenv("GODWIT_LEASE");
    gint64 life = 0;
    g_autoptr(GError) ignored = NULL;
    return text != NULL && gw_duration_parse(text, &life, &ignored) ? life : 0;
}

gw_run *
gw_job_begin_run(gw_job *job, GError **error)
{
    gw_run_settings settings = {
        .stall = job->settings->target.stall,
        .patience = job->settings->target.patience,
        .lease = lease_life(),
        .one_transaction = gw_job_flag(job, "atomic"),
    };
    if (!gw_job_duration(job, "wait-lock", 0, &settings.wait_lock, error))
    {
        return NULL;
    }
    /* The run reads it anew: not two of them in memory at once. */
    g_clear_pointer(&job->history, gw_history_unref);
    job->planning.history = NULL;
    gw_run *run = gw_run_begin(job->ledger, &settings, &job->identity, job->observer, error);
    if (run != NULL)
    {
        job->history = gw_history_ref(gw_run_history(run));
        job->planning.history = job->history;
    }
    return run;
}
