/* The commands, each in the file of its name. */
#ifndef GW_CLI_ALL_H
#define GW_CLI_ALL_H

#include "cli/command.h"

extern const cli_command cli_init;
extern const cli_command cli_new;
extern const cli_command cli_status;
extern const cli_command cli_plan;
extern const cli_command cli_up;
extern const cli_command cli_down;
extern const cli_command cli_redo;
extern const cli_command cli_contract;
extern const cli_command cli_verify;
extern const cli_command cli_mark;
extern const cli_command cli_log;
extern const cli_command cli_seed;
extern const cli_command cli_wait;
extern const cli_command cli_doctor;
extern const cli_command cli_repair;
extern const cli_command cli_config;
extern const cli_command cli_help;
extern const cli_command cli_completion;
extern const cli_command cli_version;

#endif
