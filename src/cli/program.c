#include "cli/program.h"

#include <unistd.h>

#include "cli/manual.h"
#include "cli/output.h"
#include "cli/session.h"
#include "godwit.h"

/* How to look, also when the line could not be read: a script wants its errors as JSON, too. */
static cli_look
look_of(const cli_line *line, const cli_arguments *arguments)
{
    const char *when = line != NULL ? cli_line_value(line, "color") : NULL;
    gboolean json = g_strv_contains((const char *const *)arguments->words, "--json");
    return (cli_look){
        .out = gw_style_of(STDOUT_FILENO, when),
        .err = gw_style_of(STDERR_FILENO, when),
        .json = line != NULL ? cli_line_flag(line, "json") : json,
        .quiet = line != NULL && cli_line_flag(line, "quiet"),
        .verbose = line != NULL && cli_line_flag(line, "verbose"),
    };
}

/* `up --dry-run` is `plan`, as far as it has the same options. */
static gboolean
turn_to_plan(cli_line *line, GError **error)
{
    if (!cli_line_flag(line, "dry-run"))
    {
        return TRUE;
    }
    const cli_command *plan = cli_command_find("plan");
    for (guint i = 0; i < line->given->len; i++)
    {
        const cli_given *given = line->given->pdata[i];
        gboolean own = (given->option->traits & CLI_OWN) != 0;
        if (own || cli_option_find(plan, given->option->name) != NULL)
        {
            continue;
        }
        if (!given->environment)
        {
            gw_fail(error, GW_CODE_USAGE, "--%s does not go with --dry-run", given->option->name);
            return FALSE;
        }
        g_ptr_array_remove_index(line->given, i--);
    }
    line->command = plan;
    return TRUE;
}

static void
show_help(const cli_line *line, const cli_look *look, cli_outcome *outcome)
{
    if (line->command == NULL)
    {
        cli_manual_overview(&look->out, outcome->result);
    }
    else if (cli_line_given(line, "help")->brief)
    {
        cli_manual_brief(line->command, &look->out, outcome->result);
    }
    else
    {
        cli_manual_full(line->command, &look->out, outcome->result);
    }
    cli_wrap_json(line, outcome->result);
}

/* The command itself runs, or the library does. */
static gboolean
run_command(
    cli_line *line, const cli_look *look, gboolean secret, cli_outcome *outcome, GError **error)
{
    int status = CLI_ELSEWHERE;
    if (!cli_line_check(line, error) || !turn_to_plan(line, error))
    {
        return FALSE;
    }
    if (line->command->run != NULL)
    {
        GError *failure = NULL;
        status = line->command->run(line, outcome->result, &failure);
        if (failure != NULL)
        {
            g_propagate_error(error, failure);
            return FALSE;
        }
    }
    outcome->status = status;
    if (status == CLI_ELSEWHERE)
    {
        cli_session_run(line, look, secret, outcome);
    }
    return TRUE;
}

static gboolean
run_line(
    cli_line *line, const cli_look *look, gboolean secret, cli_outcome *outcome, GError **error)
{
    if (cli_line_given(line, "help") != NULL)
    {
        show_help(line, look, outcome);
        return TRUE;
    }
    if (cli_line_flag(line, "version"))
    {
        line->command = cli_command_find("version");
    }
    if (line->command == NULL)
    {
        outcome->status = GODWIT_USAGE;
        cli_manual_overview(&look->err, outcome->trouble);
        return TRUE;
    }
    return run_command(line, look, secret, outcome, error);
}

/* Print what there is; a result that cannot be written makes a good status a bad one. */
static int
finish(cli_outcome *outcome, const cli_look *look)
{
    g_autoptr(GError) error = NULL;
    if (!cli_output_write(stdout, outcome->result, &error))
    {
        cli_look plain = *look;
        int status = outcome->status;
        plain.json = FALSE;
        gw_error_add_state(error, "the command itself ended with status %d", status);
        cli_outcome_fail(outcome, &plain, error);
        outcome->status = status != GODWIT_DONE ? status : outcome->status;
    }
    if (!cli_output_write(stderr, outcome->trouble, NULL))
    {
        outcome->status = outcome->status != GODWIT_DONE ? outcome->status : GODWIT_INTERNAL;
    }
    g_string_free(outcome->result, TRUE);
    g_string_free(outcome->trouble, TRUE);
    return outcome->status;
}

/* A line that cannot be read is explained by the help of its command. */
static void
advise(const cli_arguments *arguments, GError *error)
{
    for (gsize i = 0; arguments->words[i] != NULL; i++)
    {
        const cli_command *command = cli_command_find(arguments->words[i]);
        if (command != NULL)
        {
            gw_error_add_next(error, "godwit help %s", command->name);
        }
    }
    gw_error_add_next(error, "godwit help");
}

int
cli_program_run(const cli_arguments *arguments)
{
    g_autoptr(GError) error = NULL;
    cli_outcome outcome = {.result = g_string_new(NULL), .trouble = g_string_new(NULL)};
    g_autoptr(cli_line) line = cli_line_parse((const char *const *)arguments->words, &error);
    gboolean read = line != NULL && cli_line_add_environment(line, &error);
    cli_look look = look_of(line, arguments);
    if (!read || !run_line(line, &look, arguments->secret, &outcome, &error))
    {
        advise(arguments, error);
        cli_outcome_fail(&outcome, &look, error);
    }
    return finish(&outcome, &look);
}
