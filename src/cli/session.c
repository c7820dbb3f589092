#include "cli/session.h"

#include <unistd.h>

#include "cli/ask.h"
#include "cli/signals.h"
#include "godwit.h"
#include "report/page.h"
#include "report/trouble.h"

#define JSON_INDENT 2

/* What lives as long as the command runs. */
typedef struct session
{
    const cli_line *line;
    const cli_look *look;
    godwit *library;
    gw_live *live;
    cli_signals *signals;
} session;

static int
answer(void *data, const char *text, const char *expect)
{
    session *running = data;
    cli_asker asker = {
        .input = STDIN_FILENO,
        .talk = stderr,
        .stop = cli_signals_descriptor(running->signals),
    };
    if (!cli_ask_possible(&asker))
    {
        return -1;
    }
    gw_live_pause(running->live);
    int said = cli_ask(&asker, text, expect);
    gw_live_resume(running->live);
    return said;
}

/* Hand over what godwit_set() takes; the rest goes into `pairs`, names and values in turn. */
static void
hand_over(session *running, GPtrArray *pairs)
{
    const cli_line *line = running->line;
    for (guint i = 0; i < line->given->len; i++)
    {
        const cli_given *given = line->given->pdata[i];
        if ((given->option->traits & CLI_SETTING) != 0)
        {
            godwit_set(running->library, given->option->name, given->value);
        }
        else if ((given->option->traits & CLI_OWN) == 0)
        {
            g_ptr_array_add(pairs, (gpointer)(guintptr)given->option->name);
            g_ptr_array_add(pairs, given->value);
        }
    }
    for (guint i = 0; i < line->arguments->len; i++)
    {
        g_ptr_array_add(pairs, (gpointer)(guintptr)line->command->argument.role);
        g_ptr_array_add(pairs, line->arguments->pdata[i]);
    }
    g_ptr_array_add(pairs, NULL);
}

static void
show_json(const session *running, const gw_trouble *trouble, cli_outcome *outcome)
{
    const godwit_value *result = godwit_result(running->library);
    if (trouble->code[0] != '\0')
    {
        g_autofree char *text = gw_trouble_json(trouble, result);
        g_string_append_printf(outcome->result, "%s\n", text);
    }
    else
    {
        char *text = godwit_value_json(result, JSON_INDENT);
        g_string_append_printf(outcome->result, "%s\n", text != NULL ? text : "{}");
        godwit_text_free(text);
    }
}

static void
show_text(const session *running, const gw_trouble *trouble, cli_outcome *outcome)
{
    const godwit_value *result = godwit_result(running->library);
    gw_page page = {
        .style = running->look->out,
        .verbose = running->look->verbose,
        .told = !running->look->quiet,
        .failed = trouble->code[0] != '\0',
        .out = outcome->result,
    };
    if (result != NULL)
    {
        gw_page_result(&page, running->line->command->name, result);
    }
    if (trouble->code[0] != '\0')
    {
        gw_trouble_print(trouble, &running->look->err, outcome->trouble);
    }
}

static void
show(const session *running, cli_outcome *outcome)
{
    gw_trouble trouble = {0};
    gw_trouble_of_library(running->library, &trouble);
    if (running->look->json)
    {
        show_json(running, &trouble, outcome);
    }
    else
    {
        show_text(running, &trouble, outcome);
    }
}

void
cli_session_run(const cli_line *line, const cli_look *look, gboolean secret, cli_outcome *outcome)
{
    g_autoptr(GPtrArray) pairs = g_ptr_array_new();
    gw_live_options options = {look->err, look->quiet, look->verbose, look->json};
    session running = {.line = line, .look = look, .library = godwit_new()};
    running.live = gw_live_new(stderr, &options);
    running.signals = cli_signals_watch(running.library, running.live);
    if (secret)
    {
        gw_live_say(running.live, "warning",
            "the process list showed the password in the URL for a moment; use DATABASE_URL or a "
            "password file");
    }
    godwit_on_event(running.library, gw_live_event, running.live);
    godwit_on_question(running.library, answer, &running);
    hand_over(&running, pairs);
    outcome->status =
        godwit_run(running.library, line->command->name, (const char *const *)pairs->pdata);
    cli_signals_free(running.signals);
    gw_live_free(running.live);
    show(&running, outcome);
    godwit_free(running.library);
}

void
cli_outcome_fail(cli_outcome *outcome, const cli_look *look, const GError *error)
{
    gw_trouble trouble = {0};
    gw_trouble_of_error(error, &trouble);
    outcome->status = gw_error_exit(error);
    if (look->json)
    {
        g_autofree char *text = gw_trouble_json(&trouble, NULL);
        g_string_append_printf(outcome->result, "%s\n", text);
        return;
    }
    gw_trouble_print(&trouble, &look->err, outcome->trouble);
}
