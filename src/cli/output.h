/* The two streams of the program: the result on stdout, the talk on stderr. */
#ifndef GW_CLI_OUTPUT_H
#define GW_CLI_OUTPUT_H

#include <stdio.h>

#include "base/error.h"

/*
 * Make sure that descriptors 0 to 2 are open, so that no file of the run gets their number and what
 * is printed; and that a reader that went away is an error of a write and not the end of the
 * program.
 */
void cli_output_guard(void);

/*
 * Write all of it, now. A reader that went away is no failure. Fails with FILE for anything else,
 * such as a full disk.
 */
gboolean cli_output_write(FILE *file, const GString *text, GError **error) GW_CHECKED;

#endif
