#include <malloc.h>

#include "cli/arguments.h"
#include "cli/output.h"
#include "cli/program.h"

/*
 * The C library gives each thread an arena of its own to allocate from, and what is freed in one
 * cannot be used in another: threads that plan thousands of migrations would leave megabytes of
 * holes. Of two arenas neither is waited for much, for most of what threads do is not allocating.
 */
#define ARENAS_MOST 2

static void
arenas_bound(void)
{
#ifdef M_ARENA_MAX
    mallopt(M_ARENA_MAX, ARENAS_MOST);
#endif
}

int
main(int argc, char **argv)
{
    arenas_bound();
    g_auto(cli_arguments) arguments = cli_arguments_take(argc, argv);
    cli_output_guard();
    return cli_program_run(&arguments);
}
