/* Values of options: checked before anything is done. */
#ifndef GW_CLI_OPTION_VALUE_H
#define GW_CLI_OPTION_VALUE_H

#include "cli/command.h"

/* Whether `value` is of the option's kind. Fails with USAGE; `shown` is what messages call it. */
gboolean cli_option_check(
    const cli_option *option, const char *shown, const char *value, GError **error) GW_CHECKED;

#endif
