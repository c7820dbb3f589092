#include "cli/all.h"

const cli_command cli_verify = {
    .name = "verify",
    .synonyms = (const char *const[]){"validate", NULL},
    .group = "trust",
    .summary = "compare the rows in the database with the `verify` checks of applied migrations",
    .about = "Each SELECT of a `verify` section must return no row; rows that come are those that "
             "break it. Exits with 7 when there are any.",
    .examples =
        (const char *const[]){
            "godwit verify",
            "the checks of all applied migrations",
            "godwit verify 20260102030405",
            "of this one only",
            NULL,
        },
    .argument = {.role = "version",
        .placeholder = "VERSION",
        .help = "a migration; all applied ones when none is named"},
    .needs = CLI_NEEDS_PROJECT | CLI_NEEDS_DATABASE,
};
