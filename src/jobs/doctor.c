/* `doctor`: how everything is set up against what godwit needs. Creates nothing. */
#include "base/clock.h"
#include "base/file.h"
#include "base/secret.h"
#include "base/text.h"
#include "jobs/job.h"
#include "ledger/lease.h"

#define SKEW_SHOWN (2 * G_USEC_PER_SEC)

/* The lines so far. */
typedef struct chart
{
    gw_job *job;
    GPtrArray *lines; /* of gw_check_line * */
    int status;       /* what the command ends with */
} chart;

static void
line_add(chart *into, const char *name, char *found, const char *fix, gboolean bad)
{
    gw_check_line *line = g_new0(gw_check_line, 1);
    line->name = g_strdup(name);
    line->found = found;
    line->fix = g_strdup(fix);
    line->bad = bad;
    g_ptr_array_add(into->lines, line);
    into->status = into->status == 0 && bad ? 1 : into->status;
}

/* What failed as a line of its own; the error is used up. */
static void
line_fail(chart *into, const char *name, GError *error)
{
    const char *fix = gw_error_hint(error) != NULL ? gw_error_hint(error) : gw_error_next(error);
    line_add(into, name, g_strdup(error->message), fix, TRUE);
    g_error_free(error);
}

/* --- files --- */

static void
check_configuration(chart *into)
{
    const gw_config *config = into->job->settings->config;
    line_add(into, "configuration",
        config->path == NULL ? g_strdup("no godwit.yaml: defaults, flags and environment")
                             : g_strdup(config->path),
        NULL, FALSE);
}

static void
check_target(chart *into)
{
    const gw_target *target = &into->job->settings->target;
    line_add(into, "target",
        g_strdup_printf("%s%s%s (from %s)%s", target->name == NULL ? "" : target->name,
            target->name == NULL ? "" : ": ", target->shown,
            gw_settings_origin(into->job->settings, "url"), target->protect ? ", protected" : ""),
        NULL, FALSE);
}

/* Does any target of the file have its password in its URL? */
static gboolean
has_password(const gw_config *config)
{
    const gw_yaml_node *targets = gw_config_get(config, "targets");
    for (guint i = 0; targets != NULL && i < gw_yaml_count(targets); i++)
    {
        const gw_yaml_node *url = gw_yaml_get(gw_yaml_item(targets, i), "url");
        const char *text = url == NULL ? NULL : gw_yaml_text(url);
        if (text != NULL && gw_secret_in_url(text) && strstr(text, "${") == NULL)
        {
            return TRUE;
        }
    }
    return FALSE;
}

static void
check_secret_file(chart *into, const char *path, gboolean secret)
{
    if (path == NULL || !secret)
    {
        return;
    }
    gboolean open = gw_file_is_open(path);
    g_autofree char *fix = open ? g_strdup_printf("chmod 600 %s", path) : NULL;
    line_add(into, "secrets",
        g_strdup_printf(
            "%s holds a password and can be read by %s", path, open ? "others" : "its owner alone"),
        fix, open);
}

static void
check_secrets(chart *into)
{
    const gw_settings *settings = into->job->settings;
    check_secret_file(into, settings->config->path, has_password(settings->config));
    if (g_str_has_prefix(gw_settings_origin(settings, "url"), ".env"))
    {
        g_autofree char *dotenv = gw_config_join(settings->config, ".env");
        check_secret_file(into, dotenv, gw_secret_in_url(settings->target.url));
    }
    const char *file = settings->target.password_file;
    check_secret_file(into, file, file != NULL && g_file_test(file, G_FILE_TEST_EXISTS));
}

static void
check_heads(chart *into)
{
    g_autoptr(GPtrArray) heads = gw_graph_heads(into->job->graph);
    if (heads->len < 2)
    {
        return;
    }
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < heads->len; i++)
    {
        const gw_migration *head = g_ptr_array_index(heads, i);
        g_string_append_printf(text, "%s%s", i == 0 ? "" : ", ", head->version);
    }
    line_add(into, "heads",
        g_strdup_printf("%u migrations have nothing after them: %s", heads->len, text->str),
        "fine when they are independent of each other", FALSE);
}

/* The migrations folder; for the dialect of the URL where there is no connection. */
static void
check_migrations(chart *into)
{
    gw_job *job = into->job;
    GError *reason = NULL;
    const gw_dialect *dialect = NULL;
    if (job->db == NULL)
    {
        g_autoptr(GError) ignored = NULL; /* an unknown URL has its line already */
        const gw_driver *driver = gw_driver_find(job->drivers, job->settings->target.url, &ignored);
        if (driver == NULL)
        {
            return;
        }
        dialect = driver->dialect;
    }
    if (!gw_job_open_project(job, dialect, &reason))
    {
        line_fail(into, "migrations", reason);
        return;
    }
    guint ignored = job->project->ignored->len;
    g_autofree char *others =
        ignored == 0 ? g_strdup("") : g_strdup_printf(", %u other files ignored", ignored);
    g_autofree char *folders = g_strjoinv(", ", job->settings->migrations);
    line_add(into, "migrations",
        g_strdup_printf("%u in %s%s", job->project->migrations->len, folders, others),
        ignored == 0 ? NULL : "godwit status -v lists them", FALSE);
    check_heads(into);
}

/* --- the database --- */

/* FALSE when there is no connection, and what needs one has to be left out. It is opened as a run
 * opens it, for it is asked whether that could write; nothing is written. */
static gboolean
check_connection(chart *into)
{
    gw_job *job = into->job;
    GError *reason = NULL;
    gint64 began = gw_clock_now();
    if (!gw_job_open_db(job, GW_ACCESS_WRITE, &reason))
    {
        into->status = gw_error_exit(reason);
        line_fail(into, "connection", reason);
        return FALSE;
    }
    const gw_place *place = gw_db_place(job->db);
    g_autofree char *took = gw_duration_print(gw_clock_now() - began);
    line_add(into, "connection",
        g_strdup_printf("%s, database %s, schema %s%s%s%s, in %s", place->host, place->database,
            place->schema == NULL ? "(none)" : place->schema, place->tls ? ", encrypted" : "",
            place->pooled ? ", behind a pooler" : "", place->replica ? ", a replica" : "", took),
        NULL, FALSE);
    return TRUE;
}

static void
check_server(chart *into)
{
    GError *reason = NULL;
    g_autoptr(GPtrArray) lines = gw_db_checks(into->job->db, &reason);
    if (lines == NULL)
    {
        line_fail(into, "server", reason);
        return;
    }
    for (guint i = 0; i < lines->len; i++)
    {
        const gw_check_line *line = g_ptr_array_index(lines, i);
        line_add(into, line->name, g_strdup(line->found), line->fix, line->bad);
    }
}

static void
check_clock(chart *into)
{
    g_autofree char *text = gw_ledger_now(into->job->ledger);
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    g_autoptr(GDateTime) server = g_date_time_new_from_iso8601(text, utc);
    if (server == NULL)
    {
        return;
    }
    gint64 wall =
        g_date_time_to_unix(server) * G_USEC_PER_SEC + g_date_time_get_microsecond(server);
    gint64 skew = gw_clock_wall() - wall;
    g_autofree char *apart = gw_duration_print(ABS(skew));
    gboolean shown = ABS(skew) > SKEW_SHOWN;
    line_add(into, "clock",
        shown ? g_strdup_printf("this machine's clock is %s %s the server's", apart,
                    skew > 0 ? "before" : "behind")
              : g_strdup("this machine and the server agree"),
        shown ? "harmless for runs, which go by the server's clock; versions of new migrations "
                "come from this machine's"
              : NULL,
        FALSE);
}

static void
check_lease(chart *into)
{
    GError *reason = NULL;
    g_auto(gw_lease) lease = {0};
    if (!gw_lease_look(into->job->ledger, &lease, &reason))
    {
        line_fail(into, "run lock", reason);
        return;
    }
    if (lease.run == NULL)
    {
        line_add(into, "run lock", g_strdup("free"), NULL, FALSE);
        return;
    }
    line_add(into, "run lock",
        g_strdup_printf("held by %s of %s on %s (pid %s) since %s%s",
            lease.command == NULL ? "a run" : lease.command,
            lease.actor == NULL ? "?" : lease.actor, lease.host == NULL ? "?" : lease.host,
            lease.pid == NULL ? "?" : lease.pid, lease.started == NULL ? "?" : lease.started,
            lease.expired ? ", not heard of since its lease ran out" : ""),
        lease.expired ? "the next run takes it over by itself" : NULL, FALSE);
}

static void
check_environment(chart *into)
{
    GError *reason = NULL;
    g_autofree char *marked = NULL;
    const char *expected = into->job->settings->target.environment;
    if (!gw_ledger_environment(into->job->ledger, &marked, &reason))
    {
        line_fail(into, "environment", reason);
        return;
    }
    if (marked == NULL && expected == NULL)
    {
        return;
    }
    gboolean differs = marked != NULL && expected != NULL && strcmp(marked, expected) != 0;
    line_add(into, "environment",
        g_strdup_printf("the database says %s, the target says %s",
            marked == NULL ? "nothing" : marked, expected == NULL ? "nothing" : expected),
        differs ? "is this the right database? see godwit config" : NULL, differs);
}

static void
check_ledger(chart *into)
{
    gw_job *job = into->job;
    GError *reason = NULL;
    if (!gw_job_open_ledger(job, GW_ACCESS_WRITE, &reason))
    {
        line_fail(into, "ledger", reason);
        return;
    }
    check_clock(into);
    if (job->foreign != NULL)
    {
        line_add(into, "history",
            g_strdup_printf("%s has migrated this database: %s says %u applied", job->foreign->tool,
                job->foreign->table, job->foreign->applied->len),
            "godwit status shows which migrations these are; \"up\" refuses to run", TRUE);
    }
    if (!gw_ledger_exists(job->ledger))
    {
        line_add(into, "ledger", g_strdup("not there yet: the first \"up\" makes it"), NULL, FALSE);
        return;
    }
    line_add(into, "ledger",
        g_strdup_printf("%s, format %s, %u migrations of project %s", gw_ledger_home(job->ledger),
            GW_LEDGER_FORMAT_VERSION, job->history->records->len, job->settings->project),
        NULL, FALSE);
    check_lease(into);
    check_environment(into);
}

static void
build_lines(const chart *from, JsonBuilder *builder)
{
    json_builder_set_member_name(builder, "checks");
    json_builder_begin_array(builder);
    for (guint i = 0; i < from->lines->len; i++)
    {
        const gw_check_line *line = g_ptr_array_index(from->lines, i);
        json_builder_begin_object(builder);
        gw_json_text(builder, "name", line->name);
        gw_json_text(builder, "found", line->found);
        gw_json_text(builder, "fix", line->fix);
        gw_json_boolean(builder, "bad", line->bad);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

gboolean
gw_job_doctor(gw_job *job, GError **error)
{
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func((GDestroyNotify)gw_check_line_free);
    chart all = {.job = job, .lines = lines};
    if (!gw_job_open_settings(job, error))
    {
        return FALSE;
    }
    check_configuration(&all);
    check_target(&all);
    check_secrets(&all);
    if (check_connection(&all))
    {
        check_server(&all);
        check_ledger(&all);
    }
    check_migrations(&all);
    gw_job_build_target(job, job->result);
    build_lines(&all, job->result);
    job->status = all.status;
    return TRUE;
}
