#include "cli/all.h"

static const cli_option options[] = {
    {"to", 0, CLI_TEXT, "VERSION", NULL, "stop after this migration", NULL, CLI_SPOKEN},
    {"plan", 0, CLI_TEXT, "FILE", NULL, "run this plan, and nothing when something moved since",
        NULL, CLI_SPOKEN},
    {"atomic", 0, CLI_FLAG, NULL, NULL, "all in one transaction, or not at all", NULL, 0},
    {"dry-run", 'n', CLI_FLAG, NULL, NULL, "change nothing: the same as `godwit plan`", NULL,
        CLI_OWN | CLI_SPOKEN},
    {"wait-lock", 0, CLI_DURATION, "TIME", NULL, "wait so long for another run to end", NULL, 0},
    {0},
};

const cli_command cli_up = {
    .name = "up",
    .synonyms = (const char *const[]){"migrate", "latest", "upgrade", "deploy", "apply", NULL},
    .group = "daily",
    .summary = "apply the pending migrations to the database",
    .about =
        "Shows where it will write and the plan, then runs the pending migrations in order, each "
        "in its own transaction where the database allows it, and keeps the ledger in the same "
        "transaction. A run that was interrupted is carried on exactly where it was.\n\n"
        "Ctrl-C stops at the next safe point; a second one rolls back what is under way.",
    .examples =
        (const char *const[]){
            "godwit up",
            "apply all that is pending",
            "godwit up --to 20260102030405",
            "stop after that one",
            "godwit up --plan release.plan --wait-lock 30s",
            "run an approved plan",
            NULL,
        },
    .options = options,
    .needs = CLI_NEEDS_PROJECT | CLI_NEEDS_DATABASE | CLI_WRITES_DATABASE | CLI_ASKS,
};
