#include "cli/all.h"

const cli_command cli_config = {
    .name = "config",
    .synonyms = NULL,
    .group = "more",
    .summary = "list each setting with its value and where it comes from",
    .about = "A flag goes over the environment, the environment over .env, .env over godwit.yaml. "
             "Secrets are not shown, and no database is asked.",
    .examples =
        (const char *const[]){
            "godwit config",
            "what holds here",
            "godwit --target prod config --json",
            "what holds for that target",
            NULL,
        },
    .needs = CLI_NEEDS_PROJECT,
};
