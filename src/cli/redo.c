#include "cli/all.h"

static const cli_option options[] = {
    {"wait-lock", 0, CLI_DURATION, "TIME", NULL, "wait so long for another run to end", NULL, 0},
    {0},
};

const cli_command cli_redo = {
    .name = "redo",
    .synonyms = NULL,
    .group = "daily",
    .summary = "undo the newest applied migration in the database, and apply it again",
    .about = "For the one that is being written: `down`, then `up`, with one question before both.",
    .examples =
        (const char *const[]){
            "godwit redo",
            "the newest migration once more",
            "godwit redo --yes",
            "without asking",
            NULL,
        },
    .options = options,
    .needs = CLI_NEEDS_PROJECT | CLI_NEEDS_DATABASE | CLI_WRITES_DATABASE | CLI_ASKS,
};
