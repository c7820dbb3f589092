/* A command that the library runs: its options handed over, its events told, its result shown. */
#ifndef GW_CLI_SESSION_H
#define GW_CLI_SESSION_H

#include "cli/line.h"
#include "report/live.h"

/* What a command leaves to be printed, and the status of the program. */
typedef struct cli_outcome
{
    GString *result;  /* for stdout */
    GString *trouble; /* for stderr */
    int status;
} cli_outcome;

/* How the program was asked to look. */
typedef struct cli_look
{
    gw_style out;
    gw_style err;
    gboolean json;
    gboolean quiet;
    gboolean verbose;
} cli_look;

/* Run the command of the line in the library. `secret`: warn of the password in --url. */
void cli_session_run(
    const cli_line *line, const cli_look *look, gboolean secret, cli_outcome *outcome);

/* Leave `error` as the outcome. */
void cli_outcome_fail(cli_outcome *outcome, const cli_look *look, const GError *error);

#endif
