#include "cli/all.h"

static const cli_option options[] = {
    {"wait-lock", 0, CLI_DURATION, "TIME", NULL, "wait so long for another run to end", NULL, 0},
    {0},
};

const cli_command cli_contract = {
    .name = "contract",
    .synonyms = (const char *const[]){"complete", NULL},
    .group = "phases",
    .summary = "finish expanded migrations in the database: run their `contract` sections",
    .about =
        "A migration in phases stops at expanded where the target says `phases: stop`, so that "
        "the old and the new application run side by side. When the old one is gone, contract "
        "takes away what only it needed. Asks before it does; `godwit down VERSION` goes the "
        "other way.",
    .examples =
        (const char *const[]){
            "godwit contract",
            "all that are expanded",
            "godwit contract 20260102030405",
            "this one only",
            NULL,
        },
    .argument = {.role = "version",
        .placeholder = "VERSION",
        .help = "a migration; all expanded ones when none is named",
        .most = 1},
    .options = options,
    .needs = CLI_NEEDS_PROJECT | CLI_NEEDS_DATABASE | CLI_WRITES_DATABASE | CLI_ASKS,
};
