/* Questions to whoever sits at the terminal. */
#ifndef GW_CLI_ASK_H
#define GW_CLI_ASK_H

#include <stdio.h>

#include "base/base.h"

/* Where to ask. */
typedef struct cli_asker
{
    int input;  /* answers are read here */
    FILE *talk; /* questions are written here */
    int stop;   /* a descriptor that ends the waiting when it is readable; -1: none */
} cli_asker;

/* Whether somebody can be asked: both ends are terminals, and CI is not set. */
gboolean cli_ask_possible(const cli_asker *asker);

/*
 * Ask: 1 for yes, 0 for no, also when the input ends. Where `expect` is not NULL, exactly that text
 * is the yes; else y or yes.
 */
int cli_ask(const cli_asker *asker, const char *text, const char *expect);

#endif
