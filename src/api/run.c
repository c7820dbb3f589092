/* godwit_run(): a name and options into a job, and its events and result out again. */
#include "api/drivers.h"
#include "api/handle.h"
#include "base/text.h"

/* Every command, with the options that it takes; "verbose" is taken by all. */
static const struct command
{
    const char *name;
    gw_job_body body;
    const char *const *options;
} commands[] = {
#define OPTIONS(...) ((const char *const[]){__VA_ARGS__, NULL})
    {"init", gw_job_init_project, OPTIONS("url")},
    {"new", gw_job_new, OPTIONS("name")},
    {"status", gw_job_status, OPTIONS("all", "exit-code", "verbose")},
    {"plan", gw_job_plan,
        OPTIONS("to", "sql", "markdown", "output", "from", "database", "down", "steps", "batch",
            "exit-code", "version")},
    {"up", gw_job_up,
        OPTIONS("to", "plan", "atomic", "dry-run", "wait-lock", "sql", "markdown", "output",
            "exit-code")},
    {"down", gw_job_down, OPTIONS("steps", "to", "batch", "wait-lock", "version")},
    {"redo", gw_job_redo, OPTIONS("wait-lock")},
    {"contract", gw_job_contract, OPTIONS("version", "wait-lock")},
    {"verify", gw_job_verify, OPTIONS("version")},
    {"mark", gw_job_mark, OPTIONS("version", "applied", "pending", "up-to", "wait-lock")},
    {"repair", gw_job_repair, OPTIONS("accept", "forget", "done", "not-done", "wait-lock")},
    {"log", gw_job_log, OPTIONS("check", "limit")},
    {"seed", gw_job_seed, OPTIONS("wait-lock")},
    {"wait", gw_job_wait, OPTIONS("timeout")},
    {"doctor", gw_job_doctor, OPTIONS("verbose")},
    {"config", gw_job_config, OPTIONS("verbose")},
    {"help", gw_job_help, OPTIONS("json-schema")},
#undef OPTIONS
};

static const struct command *
command_find(const char *name, GError **error)
{
    const char *names[G_N_ELEMENTS(commands) + 1] = {NULL};
    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++)
    {
        names[i] = commands[i].name;
        if (strcmp(commands[i].name, name) == 0)
        {
            return &commands[i];
        }
    }
    const char *near = gw_text_near(name, names);
    gw_fail(error, GW_CODE_USAGE, "there is no command \"%s\"", name);
    if (near != NULL)
    {
        gw_error_add_hint(error == NULL ? NULL : *error, "did you mean \"%s\"?", near);
    }
    return NULL;
}

static gboolean
options_check(const struct command *command, const char *const *options, GError **error)
{
    for (; options != NULL && options[0] != NULL; options += 2)
    {
        if (options[1] == NULL || !g_strv_contains(command->options, options[0]))
        {
            const char *near = gw_text_near(options[0], command->options);
            gw_fail(error, GW_CODE_USAGE, "\"%s\" has no option \"%s\"", command->name, options[0]);
            if (near != NULL)
            {
                gw_error_add_hint(error == NULL ? NULL : *error, "did you mean \"%s\"?", near);
            }
            return FALSE;
        }
    }
    return TRUE;
}

static void
pass_event(gpointer data, const gw_event *event)
{
    const godwit *g = data;
    if (g->event == NULL)
    {
        return;
    }
    godwit_event shown = {
        .type = gw_event_name(event->type),
        .version = event->version,
        .name = event->name,
        .direction = event->direction,
        .phase = event->phase,
        .text = event->text,
        .detail = event->detail,
        .ordinal = event->ordinal,
        .total = event->total,
        .microseconds = event->microseconds,
        .value = event->value,
    };
    g->event(g->event_data, &shown);
}

static gw_answer
pass_question(gpointer data, const gw_question *question)
{
    const godwit *g = data;
    int answer = g->ask == NULL ? -1 : g->ask(g->ask_data, question->text, question->expect);
    return answer < 0 ? GW_ANSWER_NONE : answer == 0 ? GW_ANSWER_NO : GW_ANSWER_YES;
}

static int
pass_stop(gpointer data)
{
    godwit *g = data;
    return atomic_load(&g->stop);
}

/* What the settings of the handle ask for. */
static gw_request
request_make(const godwit *g)
{
    gw_request request = {
        .folder = g_hash_table_lookup(g->settings, "folder"),
        .config = g_hash_table_lookup(g->settings, "config"),
    };
    request.flags[GW_OPTION_URL] = g_hash_table_lookup(g->settings, "url");
    request.flags[GW_OPTION_TARGET] = g_hash_table_lookup(g->settings, "target");
    request.flags[GW_OPTION_MIGRATIONS] = g_hash_table_lookup(g->settings, "dir");
    return request;
}

/* Run the job, and keep what it answered: also of one that failed half way. */
static int
job_run(godwit *g, const struct command *command, gw_job *job)
{
    GError *error = NULL;
    gw_job_init(job);
    gboolean done = command->body(job, &error);
    json_builder_end_object(job->result);
    JsonNode *result = json_builder_get_root(job->result);
    gboolean empty = result == NULL || json_object_get_size(json_node_get_object(result)) == 0;
    if (done || !empty)
    {
        g->result = result;
    }
    else
    {
        g_clear_pointer(&result, json_node_unref);
    }
    if (!done)
    {
        gw_job_advise(job, error);
    }
    int status = done ? job->status : gw_api_fail(g, error);
    gw_job_clear(job);
    return status;
}

int
godwit_run(godwit *g, const char *command, const char *const *options)
{
    GError *error = NULL;
    g_clear_pointer(&g->result, json_node_unref);
    gw_api_fail(g, NULL);
    const struct command *found = command_find(command, &error);
    if (found == NULL || !options_check(found, options, &error))
    {
        return gw_api_fail(g, error);
    }
    g_autoptr(gw_drivers) drivers = gw_drivers_new(&error);
    if (drivers == NULL)
    {
        return gw_api_fail(g, error);
    }
    gw_observer observer = {.emit = pass_event, .ask = pass_question, .stop = pass_stop, .data = g};
    gw_job job = {
        .drivers = gw_drivers_list(drivers),
        .observer = &observer,
        .request = request_make(g),
        .command = found->name,
        .options = {options},
        .yes = g_strcmp0(g_hash_table_lookup(g->settings, "yes"), "true") == 0,
        .confirm = g_hash_table_lookup(g->settings, "confirm"),
    };
    return job_run(g, found, &job);
}
