#include "cli/arguments.h"
#include "cli/output.h"
#include "cli/program.h"

int
main(int argc, char **argv)
{
    g_auto(cli_arguments) arguments = cli_arguments_take(argc, argv);
    cli_output_guard();
    return cli_program_run(&arguments);
}
