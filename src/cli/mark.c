#include "cli/all.h"

static const cli_option options[] = {
    {"applied", 0, CLI_FLAG, NULL, NULL, "write down that they are applied", NULL, CLI_SPOKEN},
    {"pending", 0, CLI_FLAG, NULL, NULL, "write down that they are not", NULL, CLI_SPOKEN},
    {"up-to", 0, CLI_TEXT, "VERSION", NULL, "all migrations up to this one: a baseline", NULL,
        CLI_SPOKEN},
    {0},
};

const cli_command cli_mark = {
    .name = "mark",
    .synonyms = (const char *const[]){"stamp", "baseline", "resolve", "force", NULL},
    .group = "daily",
    .summary = "change what the ledger says of migrations, and nothing else in the database",
    .about =
        "For a database whose schema is there already, and for what was done by hand. No SQL of "
        "a migration is run.",
    .examples =
        (const char *const[]){
            "godwit mark --up-to 20260102030405 --applied",
            "a baseline: all that the schema has already",
            "godwit mark 20260102030405 --pending",
            "let `up` run this one",
            NULL,
        },
    .argument = {.role = "version", .placeholder = "VERSION", .help = "a migration"},
    .options = options,
    .needs = CLI_NEEDS_PROJECT | CLI_NEEDS_DATABASE | CLI_WRITES_DATABASE | CLI_ASKS,
};
