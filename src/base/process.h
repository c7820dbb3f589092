/*
 * Child processes: an argument vector, never a shell. For password commands, hooks, git.
 */
#ifndef GW_BASE_PROCESS_H
#define GW_BASE_PROCESS_H

#include "base/error.h"

/* What to run. */
typedef struct gw_process
{
    const char *const *argv;        /* NULL-terminated; argv[0] is looked up in PATH */
    const char *const *environment; /* "NAME=value" to add to or replace in ours; NULL: none */
    const char *folder;             /* to run in; NULL: here */
    const char *input;              /* its standard input; NULL: empty */
    gsize input_length;
    gint64 timeout; /* microseconds; 0: as long as it takes */
    gsize limit;    /* the most bytes of its standard output that are taken; 0: 1 MiB */
} gw_process;

/* How it ended. */
typedef struct gw_process_result
{
    char *output; /* its standard output, with a NUL behind it */
    gsize length;
    char *errors; /* the last 4 KiB of its standard error, as valid text */
    int status;   /* its exit status; 128 + n when signal n ended it */
} gw_process_result;

void gw_process_result_clear(gw_process_result *result); /* wipes the output */
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(gw_process_result, gw_process_result_clear)

/*
 * Run it to its end. Fails with PROGRAM when it cannot be started, is not done in time (it is
 * ended then: first asked, then killed) or writes more than `limit`. A status that is not 0 is no
 * failure. Input and output are in no message.
 */
gboolean gw_process_run(
    const gw_process *process, gw_process_result *result, GError **error) GW_CHECKED;

/* As _run(), but a status that is not 0 fails with PROGRAM and the last line of its errors. */
gboolean gw_process_must(
    const gw_process *process, gw_process_result *result, GError **error) GW_CHECKED;

#endif
