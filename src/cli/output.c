#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

void
cli_output_guard(void)
{
    for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; descriptor++)
    {
        if (fcntl(descriptor, F_GETFD) == -1 && open("/dev/null", O_RDWR) < 0)
        {
            return;
        }
    }
    signal(SIGPIPE, SIG_IGN);
}

gboolean
cli_output_write(FILE *file, const GString *text, GError **error)
{
    errno = 0;
    gboolean written = fwrite(text->str, 1, text->len, file) == text->len;
    if ((written && fflush(file) == 0) || errno == EPIPE)
    {
        return TRUE;
    }
    gw_fail(error, GW_CODE_FILE, "the result cannot be written: %s", g_strerror(errno));
    return FALSE;
}
