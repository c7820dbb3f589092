/* Completion scripts, made from the tables of command.h. */
#ifndef GW_CLI_SHELLS_H
#define GW_CLI_SHELLS_H

#include "base/base.h"

/* Append the script for that shell. */
void cli_shell_bash(GString *out);
void cli_shell_zsh(GString *out);
void cli_shell_fish(GString *out);

#endif
