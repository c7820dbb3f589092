/* A command line, read against the tables of command.h. */
#ifndef GW_CLI_LINE_H
#define GW_CLI_LINE_H

#include "cli/command.h"

/* One option with its value; a flag that is given has "true". */
typedef struct cli_given
{
    const cli_option *option;
    char *value;
    gboolean environment; /* said by its variable, not on the command line */
    gboolean brief;       /* said by its letter */
} cli_given;

struct cli_line
{
    const cli_command *command; /* NULL: none was named */
    GPtrArray *given;           /* of cli_given *, in order */
    GPtrArray *arguments;       /* of char *: what stands behind the command */
};

/* An empty line. */
cli_line *cli_line_new(void);

/*
 * Read the words behind the program's name. Options may stand before the command when they are
 * global, and anywhere after it; "--" ends them. Fails with USAGE, with a hint where a name is
 * near.
 */
cli_line *cli_line_parse(const char *const *words, GError **error) GW_CHECKED;
void cli_line_free(cli_line *line);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(cli_line, cli_line_free)

/*
 * Take the environment for options that the line does not give and that the library does not look
 * for itself. Fails with USAGE, naming the variable.
 */
gboolean cli_line_add_environment(cli_line *line, GError **error) GW_CHECKED;

/* Whether there are as many arguments as the command takes. Fails with USAGE. */
gboolean cli_line_check(const cli_line *line, GError **error) GW_CHECKED;

/* Add an option with its value, which is copied. */
cli_given *cli_line_give(cli_line *line, const cli_option *option, const char *value);

/* The last value of an option; NULL when it is not given. */
const char *cli_line_value(const cli_line *line, const char *name);
gboolean cli_line_flag(const cli_line *line, const char *name);

/* The option as it was given last; NULL when it is not. */
const cli_given *cli_line_given(const cli_line *line, const char *name);

#endif
