#include "cli/all.h"

static const cli_option options[] = {
    {"check", 0, CLI_FLAG, NULL, NULL, "look whether the audit chain was altered", NULL, 0},
    {"limit", 'n', CLI_NUMBER, "N", NULL, "the newest so many", NULL, 0},
    {0},
};

const cli_command cli_log = {
    .name = "log",
    .synonyms = (const char *const[]){"history", NULL},
    .group = "daily",
    .summary = "list what was done to the database, when and by whom, from its ledger",
    .about =
        "Each entry carries a hash of the one before it, and what is applied is what the entries "
        "say. With --check the chain is recomputed; what was altered exits with 6.",
    .examples =
        (const char *const[]){
            "godwit log --limit 20",
            "the last twenty events",
            "godwit log --check",
            "was the history altered?",
            NULL,
        },
    .options = options,
    .needs = CLI_NEEDS_PROJECT | CLI_NEEDS_DATABASE,
};
