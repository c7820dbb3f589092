/*
 * Threads and what they share: pthread mutex, condition and a bell, thin. GLib's own locks use
 * futexes that thread sanitizer cannot see into, so code that threads share uses these.
 */
#ifndef GW_BASE_THREAD_H
#define GW_BASE_THREAD_H

#include <pthread.h>

#include "base/base.h"

typedef struct gw_mutex
{
    pthread_mutex_t native;
} gw_mutex;

void gw_mutex_init(gw_mutex *mutex);
void gw_mutex_clear(gw_mutex *mutex);
void gw_mutex_lock(gw_mutex *mutex);
void gw_mutex_unlock(gw_mutex *mutex);

/* A condition that can be waited for with a bound. Its clock never goes back. */
typedef struct gw_condition
{
    pthread_cond_t native;
} gw_condition;

void gw_condition_init(gw_condition *condition);
void gw_condition_clear(gw_condition *condition);
void gw_condition_wake(gw_condition *condition);

/* Wait at most that long with `mutex` held, as always with conditions; may return early. */
void gw_condition_wait(gw_condition *condition, gw_mutex *mutex, gint64 microseconds);

typedef struct gw_thread gw_thread;

/* Start `body(data)`; its signals are blocked, so that the program's own thread gets them. */
gw_thread *gw_thread_start(void (*body)(gpointer data), gpointer data);

/* Wait until it ends, and free it. */
void gw_thread_join(gw_thread *thread);

#endif
