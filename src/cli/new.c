#include "cli/all.h"

const cli_command cli_new = {
    .name = "new",
    .synonyms = (const char *const[]){"create", "add", "generate", NULL},
    .group = "daily",
    .summary = "make an empty migration file with the version of this second",
    .about = "The words of the name are joined with `_`. The file has the sections `up` and `down` "
             "to be filled in. No database is asked.",
    .examples =
        (const char *const[]){
            "godwit new add users",
            "migrations/20260102030405_add_users.sql",
            "godwit --dir db/migrations new 'drop old index'",
            "in another folder",
            NULL,
        },
    .argument = {.role = "name",
        .placeholder = "NAME",
        .help = "words of the migration's name",
        .least = 1},
    .needs = CLI_NEEDS_PROJECT | CLI_WRITES_FILES,
};
