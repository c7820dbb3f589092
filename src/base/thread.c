#include "base/thread.h"

#include <signal.h>
#include <time.h>

/* What a program's own thread usually has. Others may get much less by themselves, and parsers of
 * SQL work in recursion. Only what is used costs memory. */
#define STACK_BYTES ((gsize)8 * 1024 * 1024)

struct gw_thread
{
    pthread_t native;
    void (*body)(gpointer data);
    gpointer data;
};

void
gw_mutex_init(gw_mutex *mutex)
{
    pthread_mutex_init(&mutex->native, NULL);
}

void
gw_mutex_clear(gw_mutex *mutex)
{
    pthread_mutex_destroy(&mutex->native);
}

void
gw_mutex_lock(gw_mutex *mutex)
{
    pthread_mutex_lock(&mutex->native);
}

void
gw_mutex_unlock(gw_mutex *mutex)
{
    pthread_mutex_unlock(&mutex->native);
}

void
gw_condition_init(gw_condition *condition)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&condition->native, &attributes);
    pthread_condattr_destroy(&attributes);
}

void
gw_condition_clear(gw_condition *condition)
{
    pthread_cond_destroy(&condition->native);
}

void
gw_condition_wake(gw_condition *condition)
{
    pthread_cond_broadcast(&condition->native);
}

void
gw_condition_wait(gw_condition *condition, gw_mutex *mutex, gint64 microseconds)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    gint64 nanoseconds = until.tv_nsec + microseconds % G_USEC_PER_SEC * 1000;
    until.tv_sec += microseconds / G_USEC_PER_SEC + nanoseconds / 1000000000;
    until.tv_nsec = nanoseconds % 1000000000;
    pthread_cond_timedwait(&condition->native, &mutex->native, &until);
}

static void *
thread_main(void *data)
{
    gw_thread *thread = data;
    thread->body(thread->data);
    return NULL;
}

/* Start it; an error number where that fails. */
static int
thread_create(gw_thread *thread, void (*body)(gpointer data), gpointer data)
{
    sigset_t all;
    sigset_t before;
    pthread_attr_t attributes;
    thread->body = body;
    thread->data = data;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failure = pthread_create(&thread->native, &attributes, thread_main, thread);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return failure;
}

gw_thread *
gw_thread_start(void (*body)(gpointer data), gpointer data)
{
    gw_thread *thread = g_new0(gw_thread, 1);
    int failure = thread_create(thread, body, data);
    if (failure != 0)
    {
        g_error("cannot start a thread: %s", g_strerror(failure));
    }
    return thread;
}

gw_thread *
gw_thread_try(void (*body)(gpointer data), gpointer data)
{
    gw_thread *thread = g_new0(gw_thread, 1);
    if (thread_create(thread, body, data) != 0)
    {
        g_clear_pointer(&thread, g_free);
    }
    return thread;
}

void
gw_thread_join(gw_thread *thread)
{
    pthread_join(thread->native, NULL);
    g_free(thread);
}
