#include "cli/all.h"

static const cli_option options[] = {
    {"timeout", 0, CLI_DURATION, "TIME", NULL, "give up after so long", NULL, 0},
    {0},
};

const cli_command cli_wait = {
    .name = "wait",
    .synonyms = NULL,
    .group = "more",
    .summary = "wait until the database answers",
    .about = "For containers that start together. Exits with 3 when the time is over. A wrong "
             "password or a database that does not exist ends the waiting at once.",
    .examples =
        (const char *const[]){
            "godwit wait --timeout 60s && godwit up",
            "migrate as soon as the database is there",
            "godwit --target prod wait",
            "wait for that target",
            NULL,
        },
    .options = options,
    .needs = CLI_NEEDS_DATABASE,
};
