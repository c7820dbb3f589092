#include "cli/all.h"

const cli_command cli_init = {
    .name = "init",
    .group = "daily",
    .summary = "make a project: godwit.yaml and a folder for migrations",
    .about =
        "Writes godwit.yaml with the URL as target dev, and makes the folder `migrations`. A "
        "folder db/migrations that is there already is used as it is. Nothing is overwritten, and "
        "no database is asked.\n\n"
        "A URL with a password is not written down: the file says ${DATABASE_URL} instead.",
    .examples =
        (const char *const[]){
            "godwit init sqlite:app.db",
            "a project for an SQLite file",
            "godwit init postgres://app@localhost/shop",
            "a project for a PostgreSQL database",
            NULL,
        },
    .argument = {.role = "url",
        .placeholder = "URL",
        .help = "the database of target dev",
        .most = 1},
    .needs = CLI_WRITES_FILES,
};
