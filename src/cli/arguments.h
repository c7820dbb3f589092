/* The words of the command line, taken out of sight before anything else is done. */
#ifndef GW_CLI_ARGUMENTS_H
#define GW_CLI_ARGUMENTS_H

#include "base/base.h"

typedef struct cli_arguments
{
    char **words;    /* a copy without the program's name, NULL-terminated */
    gboolean secret; /* a URL with a password stood among them */
} cli_arguments;

void cli_arguments_clear(cli_arguments *arguments);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(cli_arguments, cli_arguments_clear)

/* Copy the words of main(), and overwrite there what may hold a password: the process list shows
 * that memory to everybody. */
cli_arguments cli_arguments_take(int argc, char **argv);

#endif
