#include "base/thread.h"

#include <signal.h>
#include <time.h>

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

gw_thread *
gw_thread_start(void (*body)(gpointer data), gpointer data)
{
    gw_thread *thread = g_new0(gw_thread, 1);
    sigset_t all;
    sigset_t before;
    thread->body = body;
    thread->data = data;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failure = pthread_create(&thread->native, NULL, thread_main, thread);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failure != 0)
    {
        g_error("cannot start a thread: %s", g_strerror(failure));
    }
    return thread;
}

void
gw_thread_join(gw_thread *thread)
{
    pthread_join(thread->native, NULL);
    g_free(thread);
}
