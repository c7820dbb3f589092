#include "cli/signals.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <glib-unix.h>

#include "base/thread.h"

struct cli_signals
{
    godwit *library;
    gw_live *live;
    gw_thread *watcher;
    sigset_t before; /* what was blocked */
    int pipe[2];     /* written to by the first signal */
};

/* Those that ask to stop, and the one by which the watcher itself is told to end. */
static const int asking[] = {SIGINT, SIGTERM, SIGHUP};
#define ENOUGH SIGUSR2

static void
fill(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, ENOUGH);
    for (gsize i = 0; i < G_N_ELEMENTS(asking); i++)
    {
        sigaddset(set, asking[i]);
    }
}

static void
tell(const cli_signals *signals, guint number)
{
    static const char *const texts[] = {
        "stopping at the next safe point (again: roll back)",
        "rolling back what is under way (again: end at once)",
    };
    gw_live_say(signals->live, "note", texts[number]);
}

/* One more signal: the first and the second are asked for nicely. */
static void
react(const cli_signals *signals, guint number)
{
    if (number > 1)
    {
        _exit(GODWIT_STOPPED);
    }
    godwit_stop(signals->library);
    if (number == 0)
    {
        G_GNUC_UNUSED ssize_t written = write(signals->pipe[1], "", 1);
    }
    tell(signals, number);
}

static void
watch(gpointer data)
{
    const cli_signals *signals = data;
    sigset_t set;
    int received = 0;
    guint number = 0;
    fill(&set);
    while (sigwait(&set, &received) == 0 && received != ENOUGH)
    {
        react(signals, number++);
    }
}

cli_signals *
cli_signals_watch(godwit *library, gw_live *live)
{
    cli_signals *signals = g_new0(cli_signals, 1);
    sigset_t set;
    signals->library = library;
    signals->live = live;
    if (!g_unix_open_pipe(signals->pipe, FD_CLOEXEC, NULL))
    {
        signals->pipe[0] = signals->pipe[1] = -1;
    }
    fill(&set);
    pthread_sigmask(SIG_BLOCK, &set, &signals->before);
    signals->watcher = gw_thread_start(watch, signals);
    return signals;
}

void
cli_signals_free(cli_signals *signals)
{
    kill(getpid(), ENOUGH);
    gw_thread_join(signals->watcher);
    pthread_sigmask(SIG_SETMASK, &signals->before, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(signals->pipe); i++)
    {
        if (signals->pipe[i] >= 0)
        {
            close(signals->pipe[i]);
        }
    }
    g_free(signals);
}

int
cli_signals_descriptor(const cli_signals *signals)
{
    return signals->pipe[0];
}
