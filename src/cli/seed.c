#include "cli/all.h"

const cli_command cli_seed = {
    .name = "seed",
    .synonyms = NULL,
    .group = "data",
    .summary = "bring the rows of the seeds folder into the database",
    .about = "Runs seeds/*.sql in order of name, each in a transaction. Seeds are to be written so "
             "that they may run again. Refused on protected targets.",
    .examples =
        (const char *const[]){
            "godwit seed",
            "all seeds",
            "godwit up && godwit seed",
            "a fresh database, ready to work with",
            NULL,
        },
    .needs = CLI_NEEDS_PROJECT | CLI_NEEDS_DATABASE | CLI_WRITES_DATABASE,
};
