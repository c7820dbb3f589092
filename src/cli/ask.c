#include "cli/ask.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "report/columns.h"

#define ANSWER_LONGEST 1024

gboolean
cli_ask_possible(const cli_asker *asker)
{
    const char *ci = g_getenv("CI");
    gboolean script = ci != NULL && ci[0] != '\0' && strcmp(ci, "false") != 0;
    return !script && isatty(asker->input) == 1 && isatty(fileno(asker->talk)) == 1;
}

/* Wait for input; FALSE when there will be none. */
static gboolean
wait_for_input(const cli_asker *asker)
{
    struct pollfd watched[] = {
        {.fd = asker->input, .events = POLLIN},
        {.fd = asker->stop, .events = POLLIN},
    };
    while (poll(watched, G_N_ELEMENTS(watched), -1) < 0)
    {
        if (errno != EINTR)
        {
            return FALSE;
        }
    }
    return watched[1].revents == 0;
}

/* One line without its end; NULL when the input ends or the run is to stop. */
static char *
read_answer(const cli_asker *asker)
{
    g_autoptr(GString) answer = g_string_new(NULL);
    char byte = '\0';
    while (wait_for_input(asker) && read(asker->input, &byte, 1) == 1)
    {
        if (byte == '\n')
        {
            return g_strdup(g_strstrip(answer->str));
        }
        if (answer->len < ANSWER_LONGEST)
        {
            g_string_append_c(answer, byte);
        }
    }
    return NULL;
}

static gboolean
is_yes(const char *answer)
{
    return g_ascii_strcasecmp(answer, "y") == 0 || g_ascii_strcasecmp(answer, "yes") == 0;
}

int
cli_ask(const cli_asker *asker, const char *text, const char *expect)
{
    g_autofree char *question = gw_columns_clean(text, FALSE);
    if (expect != NULL)
    {
        g_autofree char *name = gw_columns_clean(expect, TRUE);
        fprintf(asker->talk, "%s\nType %s to go on: ", question, name);
    }
    else
    {
        fprintf(asker->talk, "%s [y/N] ", question);
    }
    fflush(asker->talk);
    g_autofree char *answer = read_answer(asker);
    if (answer == NULL)
    {
        fputc('\n', asker->talk);
        return 0;
    }
    return expect != NULL ? strcmp(answer, expect) == 0 : is_yes(answer);
}
