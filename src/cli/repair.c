#include "cli/all.h"

static const cli_option options[] = {
    {"accept", 0, CLI_TEXT, "VERSION", NULL, "the changed file of this migration is right", NULL,
        CLI_REPEATS | CLI_SPOKEN},
    {"forget", 0, CLI_TEXT, "VERSION", NULL,
        "the missing file of this migration will not come back", NULL, CLI_REPEATS | CLI_SPOKEN},
    {"done", 0, CLI_TEXT, "VERSION", NULL, "the statement in doubt of this migration took effect",
        NULL, CLI_REPEATS | CLI_SPOKEN},
    {"not-done", 0, CLI_TEXT, "VERSION", NULL, "the statement in doubt did not take effect", NULL,
        CLI_REPEATS | CLI_SPOKEN},
    {0},
};

const cli_command cli_repair = {
    .name = "repair",
    .synonyms = NULL,
    .group = "more",
    .summary = "change the ledger in the database where it and the files or the truth differ",
    .about =
        "Settles what godwit cannot decide alone: a file that was changed after it was applied, "
        "a file that is gone, a statement of a dead run whose effect cannot be seen. Only what "
        "an option names is touched.",
    .examples =
        (const char *const[]){
            "godwit repair --accept 20260102030405",
            "the file is right as it is now",
            "godwit repair --not-done 20260102030405",
            "the statement in doubt is to be run",
            NULL,
        },
    .options = options,
    .needs = CLI_NEEDS_PROJECT | CLI_NEEDS_DATABASE | CLI_WRITES_DATABASE | CLI_ASKS,
};
