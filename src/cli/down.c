#include "cli/all.h"

static const cli_option options[] = {
    {"steps", 0, CLI_NUMBER, "N", "1", "undo so many migrations", NULL, CLI_SPOKEN},
    {"to", 0, CLI_TEXT, "VERSION", NULL, "undo all that are newer than this one", NULL, CLI_SPOKEN},
    {"batch", 0, CLI_FLAG, NULL, NULL, "undo all that the last `up` applied", NULL, CLI_SPOKEN},
    {"wait-lock", 0, CLI_DURATION, "TIME", NULL, "wait so long for another run to end", NULL, 0},
    {0},
};

const cli_command cli_down = {
    .name = "down",
    .synonyms = (const char *const[]){"rollback", "undo", "revert", "downgrade", "abort", NULL},
    .group = "daily",
    .summary = "undo the newest applied migrations in the database",
    .about = "Runs the `down` sections, newest first, and asks before it does. A migration without "
             "one, or one that is irreversible, is refused, and nothing is changed.",
    .examples =
        (const char *const[]){
            "godwit down",
            "undo the newest migration",
            "godwit down --batch --yes",
            "undo all of the last `up`, without asking",
            NULL,
        },
    .argument = {.role = "version",
        .placeholder = "VERSION",
        .help = "undo this one; the newest by time applied when none is named",
        .most = 1},
    .options = options,
    .needs = CLI_NEEDS_PROJECT | CLI_NEEDS_DATABASE | CLI_WRITES_DATABASE | CLI_ASKS,
};
