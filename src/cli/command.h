/*
 * Commands and options as constant tables. The parser, the help, the environment variables, the
 * completion scripts, the pages of docs/commands and the manual page are all made from them.
 *
 * To add a command, write one file with its cli_command and name it in commands.c.
 */
#ifndef GW_CLI_COMMAND_H
#define GW_CLI_COMMAND_H

#include "base/error.h"

typedef enum cli_kind
{
    CLI_FLAG,     /* takes no value */
    CLI_TEXT,     /* any value */
    CLI_DURATION, /* "500ms", "10m" */
    CLI_NUMBER,   /* digits */
} cli_kind;

typedef enum cli_trait
{
    CLI_REPEATS = 1u << 0, /* may be given more than once, and every value counts */
    CLI_SPOKEN = 1u << 1,  /* has no environment variable: it is to be said each time */
    CLI_SETTING = 1u << 2, /* is for godwit_set(); the library reads its environment variable */
    CLI_OWN = 1u << 3,     /* is the program's own and not handed to the library */
} cli_trait;

/* An option. Its name is the key that godwit_run() or godwit_set() gets. */
typedef struct cli_option
{
    const char *name; /* "wait-lock"; a NULL name ends a table */
    char letter;      /* 0: none */
    cli_kind kind;
    const char *placeholder;  /* of its value: "TIME" */
    const char *standard;     /* what holds when it is not given; NULL: nothing to say */
    const char *help;         /* one line */
    const char *const *words; /* the values it may have; NULL: any */
    guint traits;             /* of cli_trait */
} cli_option;

/* What stands behind the command without dashes. */
typedef struct cli_argument
{
    const char *role;        /* the key that godwit_run() gets; NULL: the command takes none */
    const char *placeholder; /* "VERSION" */
    const char *help;
    const char *const *words; /* as in cli_option */
    guint least;
    guint most; /* 0: as many as one likes */
} cli_argument;

/* What a command needs and does. */
typedef enum cli_need
{
    CLI_NEEDS_PROJECT = 1u << 0,
    CLI_NEEDS_DATABASE = 1u << 1,
    CLI_WRITES_DATABASE = 1u << 2,
    CLI_WRITES_FILES = 1u << 3,
    CLI_ASKS = 1u << 4, /* may want a yes before it writes */
} cli_need;

typedef struct cli_line cli_line;

typedef struct cli_command
{
    const char *name;
    const char *const *synonyms; /* NULL-terminated; NULL: none */
    const char *group;           /* "daily" */
    const char *summary;         /* one line: what it compares with what, or changes in what */
    const char *about;           /* paragraphs, with an empty line between them */
    const char *const *examples; /* a command line and what it does, in turn; at least two */
    cli_argument argument;
    const cli_option *options; /* NULL: none of its own */
    guint needs;               /* of cli_need */

    /*
     * NULL: the library runs it. Else append what goes to stdout, and return GODWIT_DONE; or return
     * CLI_ELSEWHERE to let the library run it after all; or fail.
     */
    int (*run)(const cli_line *line, GString *out, GError **error);
} cli_command;

#define CLI_ELSEWHERE (-1)

/* Options that every command takes, before or after its name. Ends with a NULL name. */
const cli_option *cli_global_options(void);

/* All commands in the order in which they are listed; ends with NULL. */
const cli_command *const *cli_commands(void);

/* The command of that name or synonym; NULL when there is none. */
const cli_command *cli_command_find(const char *word);

/* The nearest name, for "did you mean"; NULL when none is near. */
const char *cli_command_near(const char *word);

/* The option of that name among the command's and the global ones; `command` may be NULL. */
const cli_option *cli_option_find(const cli_command *command, const char *name);
const cli_option *cli_option_of_letter(const cli_command *command, char letter);
const char *cli_option_near(const cli_command *command, const char *name);

/* "GODWIT_WAIT_LOCK"; NULL when it has no variable. The caller frees it. */
char *cli_option_variable(const cli_option *option);

/* The name of a code as an exit status has it: "a migration failed; the state is clean". NULL past
 * the last one. */
typedef struct cli_exit
{
    int status;
    const char *meaning;
} cli_exit;
const cli_exit *cli_exits(gsize *count);

#endif
