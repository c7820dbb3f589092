/* The program from its words to its exit status. */
#ifndef GW_CLI_PROGRAM_H
#define GW_CLI_PROGRAM_H

#include "cli/arguments.h"

/* Do what the words say, on stdout and stderr. */
int cli_program_run(const cli_arguments *arguments);

#endif
