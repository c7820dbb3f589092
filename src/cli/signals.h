/*
 * Ctrl-C and its like. The signals are blocked in all threads, and one thread of its own waits for
 * them: so nothing has to be safe inside a handler, and the library never sees an interrupted call.
 *
 * The first asks the run to stop at the next safe point, the second to roll back at once, the third
 * ends the program: what a run had under way is then taken up by the next one.
 */
#ifndef GW_CLI_SIGNALS_H
#define GW_CLI_SIGNALS_H

#include "base/base.h"
#include "godwit.h"
#include "report/live.h"

typedef struct cli_signals cli_signals;

/* Start to wait; before any other thread is started. `live` tells the user what happens. */
cli_signals *cli_signals_watch(godwit *library, gw_live *live);

/* Stop waiting; signals do what they did before. */
void cli_signals_free(cli_signals *signals);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(cli_signals, cli_signals_free)

/* A descriptor that becomes readable with the first signal, for those who wait on a terminal. */
int cli_signals_descriptor(const cli_signals *signals);

#endif
