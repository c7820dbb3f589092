#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/secret.h"

#define OUTPUT_LIMIT (1 << 20)
#define ERRORS_KEPT  4096

/* How long a child that was asked to end may take before it is killed. */
#define GRACE (2 * G_USEC_PER_SEC)

/* A child under way. */
typedef struct child
{
    GPid pid;
    int alive; /* readable when it has ended */
    int out;
    int err;
    GByteArray *output;
    GByteArray *errors;
    gsize limit;
    gint64 deadline; /* of gw_clock_now(); 0: none */
} child;

void
gw_process_result_clear(gw_process_result *result)
{
    if (result->output != NULL)
    {
        explicit_bzero(result->output, result->length);
    }
    g_free(result->output);
    g_free(result->errors);
    memset(result, 0, sizeof *result);
}

/* Runs in the child: signals that a worker thread of ours blocks reach it again. */
static void
signals_open(gpointer unused)
{
    (void)unused;
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* A file in memory that holds the input, read from its start; a pipe could fill up or break. */
static int
input_open(const gw_process *process)
{
    if (process->input == NULL || process->input_length == 0)
    {
        return open("/dev/null", O_RDONLY | O_CLOEXEC);
    }
    int fd = memfd_create("godwit-input", MFD_CLOEXEC);
    gsize done = 0;
    while (fd >= 0 && done < process->input_length)
    {
        gssize put = write(fd, process->input + done, process->input_length - done);
        if (put <= 0)
        {
            close(fd);
            return -1;
        }
        done += (gsize)put;
    }
    return fd >= 0 && lseek(fd, 0, SEEK_SET) == 0 ? fd : -1;
}

/* Our environment with what the caller adds. The caller frees it. */
static char **
environment_make(const gw_process *process)
{
    char **all = g_get_environ();
    for (gsize i = 0; process->environment != NULL && process->environment[i] != NULL; i++)
    {
        g_auto(GStrv) pair = g_strsplit(process->environment[i], "=", 2);
        all = g_environ_setenv(all, pair[0], pair[1] == NULL ? "" : pair[1], TRUE);
    }
    return all;
}

static gboolean
child_start(const gw_process *process, child *run, GError **error)
{
    g_auto(GStrv) environment = environment_make(process);
    g_autoptr(GError) reason = NULL;
    /* GLib takes a vector that is not const, and does not change it. */
    char **argv = (char **)(guintptr)process->argv;
    int in = input_open(process);
    int out = -1;
    int err = -1;
    gboolean started =
        in >= 0 &&
        g_spawn_async_with_pipes_and_fds(process->folder, (const char *const *)argv,
            (const char *const *)environment, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_SEARCH_PATH,
            signals_open, NULL, in, -1, -1, NULL, NULL, 0, &run->pid, NULL, &out, &err, &reason);
    if (in >= 0)
    {
        close(in);
    }
    if (!started)
    {
        gw_fail(error, GW_CODE_PROGRAM, "cannot run %s: %s", process->argv[0],
            reason == NULL ? g_strerror(errno) : reason->message);
        return FALSE;
    }
    run->out = out;
    run->err = err;
    run->alive = pidfd_open(run->pid, 0);
    return TRUE;
}

/* Close and forget a descriptor. */
static void
fd_close(int *fd)
{
    if (*fd >= 0)
    {
        close(*fd);
    }
    *fd = -1;
}

/* Read what is there; closes at the end. */
static void
drain(int *fd, GByteArray *into)
{
    char buffer[16384];
    gssize got = read(*fd, buffer, sizeof buffer);
    if (got > 0)
    {
        g_byte_array_append(into, (const guint8 *)buffer, (guint)got);
        explicit_bzero(buffer, (gsize)got);
    }
    else if (got == 0 || (errno != EINTR && errno != EAGAIN))
    {
        fd_close(fd);
    }
}

/* Keep only the end of what the child complains about. */
static void
errors_trim(GByteArray *errors)
{
    if (errors->len > ERRORS_KEPT)
    {
        g_byte_array_remove_range(errors, 0, errors->len - ERRORS_KEPT);
    }
}

/* How long poll may wait: in ms, -1 for ever. */
static int
patience(const child *run)
{
    if (run->deadline == 0)
    {
        return -1;
    }
    gint64 left = (run->deadline - gw_clock_now()) / 1000 + 1;
    return (int)CLAMP(left, 0, G_MAXINT);
}

/*
 * Take one round of output. FALSE when the child has ended and all that it wrote is here; a
 * grandchild that still holds the pipe is not waited for.
 */
static gboolean
child_listen(child *run)
{
    struct pollfd fds[] = {{run->alive, POLLIN, 0}, {run->out, POLLIN, 0}, {run->err, POLLIN, 0}};
    gboolean ended = run->alive < 0 && run->out < 0 && run->err < 0;
    if (!ended && poll(fds, G_N_ELEMENTS(fds), patience(run)) > 0)
    {
        ended = fds[0].revents != 0;
        gboolean heard = FALSE;
        if (fds[1].revents != 0)
        {
            drain(&run->out, run->output);
            heard = TRUE;
        }
        if (fds[2].revents != 0)
        {
            drain(&run->err, run->errors);
            errors_trim(run->errors);
            heard = TRUE;
        }
        ended = ended && !heard;
    }
    return !ended;
}

/* Has the child ended within `wait` microseconds? */
static gboolean
child_gone(const child *run, gint64 wait)
{
    struct pollfd fd = {run->alive, POLLIN, 0};
    return poll(&fd, 1, (int)(wait / 1000)) > 0;
}

static void
child_end(const child *run)
{
    kill(run->pid, SIGTERM);
    if (!child_gone(run, GRACE))
    {
        kill(run->pid, SIGKILL);
    }
}

/* The exit status as a shell would say it. */
static int
child_reap(child *run)
{
    int status = 0;
    while (waitpid(run->pid, &status, 0) < 0 && errno == EINTR)
    {
    }
    g_spawn_close_pid(run->pid);
    fd_close(&run->alive);
    fd_close(&run->out);
    fd_close(&run->err);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Hear the child out. Fails when it takes or says too much, and ends it. */
static gboolean
child_follow(child *run, const char *name, GError **error)
{
    while (child_listen(run))
    {
        if (run->output->len > run->limit)
        {
            gw_fail(error, GW_CODE_PROGRAM, "%s writes more than %" G_GSIZE_FORMAT " bytes", name,
                run->limit);
            child_end(run);
            return FALSE;
        }
        if (run->deadline != 0 && gw_clock_now() >= run->deadline)
        {
            gw_fail(error, GW_CODE_PROGRAM, "%s was not done in time", name);
            child_end(run);
            return FALSE;
        }
    }
    return TRUE;
}

gboolean
gw_process_run(const gw_process *process, gw_process_result *result, GError **error)
{
    child run = {.limit = process->limit == 0 ? OUTPUT_LIMIT : process->limit};
    memset(result, 0, sizeof *result);
    if (!child_start(process, &run, error))
    {
        return FALSE;
    }
    run.output = g_byte_array_new();
    run.errors = g_byte_array_new();
    run.deadline = process->timeout == 0 ? 0 : gw_clock_now() + process->timeout;
    gboolean done = child_follow(&run, process->argv[0], error);
    result->status = child_reap(&run);
    result->length = run.output->len;
    g_byte_array_append(run.output, (const guint8 *)"", 1);
    result->output = (char *)g_byte_array_free(run.output, FALSE);
    g_byte_array_append(run.errors, (const guint8 *)"", 1);
    result->errors = g_utf8_make_valid((const char *)run.errors->data, -1);
    g_byte_array_unref(run.errors);
    if (!done)
    {
        gw_process_result_clear(result);
    }
    return done;
}

/* The last line of a text that has one; NULL for none. The caller frees it. */
static char *
last_line(const char *text)
{
    g_autofree char *trimmed = g_strchomp(g_strdup(text));
    const char *line = strrchr(trimmed, '\n');
    return trimmed[0] == '\0' ? NULL : g_strdup(line == NULL ? trimmed : line + 1);
}

gboolean
gw_process_must(const gw_process *process, gw_process_result *result, GError **error)
{
    if (!gw_process_run(process, result, error))
    {
        return FALSE;
    }
    if (result->status == 0)
    {
        return TRUE;
    }
    g_autofree char *said = last_line(result->errors);
    gw_fail(error, GW_CODE_PROGRAM, "%s ended with status %d%s%s", process->argv[0], result->status,
        said == NULL ? "" : ": ", said == NULL ? "" : said);
    gw_process_result_clear(result);
    return FALSE;
}
