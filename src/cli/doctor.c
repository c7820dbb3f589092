#include "cli/all.h"

const cli_command cli_doctor = {
    .name = "doctor",
    .synonyms = NULL,
    .group = "more",
    .summary = "compare what the database allows and how it is set up with what godwit needs",
    .about =
        "Looks at the connection, rights, versions, limits, poolers and the ledger: one line "
        "for each, with what to do about it. Writes nothing. Exits with 1 when something is bad, "
        "and with 3 when the database cannot be reached.",
    .examples =
        (const char *const[]){
            "godwit doctor",
            "is all well?",
            "godwit --target prod doctor --json",
            "for a monitor",
            NULL,
        },
    .needs = CLI_NEEDS_PROJECT | CLI_NEEDS_DATABASE,
};
