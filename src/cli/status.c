#include "cli/all.h"

static const cli_option options[] = {
    {"all", 'a', CLI_FLAG, NULL, NULL, "list all applied migrations, not only the newest", NULL, 0},
    {"exit-code", 0, CLI_FLAG, NULL, NULL, "exit with 1 when something is pending", NULL, 0},
    {"verbose", 'v', CLI_FLAG, NULL, NULL, "list the files that are no migrations, too", NULL, 0},
    {0},
};

const cli_command cli_status = {
    .name = "status",
    .synonyms = (const char *const[]){"info", "list", NULL},
    .group = "daily",
    .summary = "compare the migrations folder with the ledger in the database",
    .about =
        "Lists the migrations with their states: applied, pending, expanded, interrupted, "
        "unverified, failed, missing (applied, but the file is gone) and changed (applied, and "
        "the file was changed since). Says who runs godwit there now. Writes nothing.",
    .examples =
        (const char *const[]){
            "godwit status",
            "what is applied and what is pending",
            "godwit status --exit-code --quiet",
            "for scripts: 1 when something is pending",
            NULL,
        },
    .options = options,
    .needs = CLI_NEEDS_PROJECT | CLI_NEEDS_DATABASE,
};
