#include "cli/all.h"

static const cli_option options[] = {
    {"to", 0, CLI_TEXT, "VERSION", NULL,
        "stop after this migration; with --down: undo all that are newer", NULL, CLI_SPOKEN},
    {"sql", 0, CLI_FLAG, NULL, NULL, "print the SQL that would run", NULL, 0},
    {"markdown", 0, CLI_FLAG, NULL, NULL, "print the plan as Markdown, for a review", NULL, 0},
    {"output", 'o', CLI_TEXT, "FILE", NULL, "write the plan to a file, for `godwit up --plan`",
        NULL, CLI_SPOKEN},
    {"from", 0, CLI_TEXT, "VERSION", NULL,
        "with --sql: as if this one were the newest applied; no database is asked", NULL,
        CLI_SPOKEN},
    {"database", 0, CLI_TEXT, "ENGINE", NULL,
        "with --sql and --from: the database that the SQL is for", NULL, CLI_SPOKEN},
    {"down", 0, CLI_FLAG, NULL, NULL, "plan what `godwit down` would do", NULL, CLI_SPOKEN},
    {"steps", 0, CLI_NUMBER, "N", NULL, "with --down: so many migrations", NULL, CLI_SPOKEN},
    {"batch", 0, CLI_FLAG, NULL, NULL, "with --down: the whole last batch", NULL, CLI_SPOKEN},
    {"exit-code", 0, CLI_FLAG, NULL, NULL, "exit with 1 when there is something to do", NULL, 0},
    {0},
};

const cli_command cli_plan = {
    .name = "plan",
    .synonyms = NULL,
    .group = "daily",
    .summary = "compare the migrations folder with the database, and list the steps `up` would run",
    .about =
        "For each step: the statement, what it blocks and how long, whether it rewrites or scans "
        "the table, how many rows there are, and whether `down` can undo it. Where transactions "
        "begin and end is shown. Writes nothing to the database.\n\n"
        "A plan that was written with --output is run by `godwit up --plan FILE`, which refuses "
        "when files, ledger or schema have moved since.",
    .examples =
        (const char *const[]){
            "godwit plan",
            "the steps of all pending migrations",
            "godwit plan --sql > review.sql",
            "the SQL, to be read",
            "godwit plan --output release.plan",
            "a plan to be approved, and run later",
            NULL,
        },
    .options = options,
    .needs = CLI_NEEDS_PROJECT | CLI_NEEDS_DATABASE,
};
