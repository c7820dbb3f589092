/*
 * Threads and what they share: pthread mutex and condition, thin. GLib's own locks use futexes that
 * thread sanitizer cannot see into, so code that threads share uses these. And the one way in which
 * much work of one kind is done by several threads.
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

/* The same for what can be done without it: NULL where the system has no thread to give. */
gw_thread *gw_thread_try(void (*body)(gpointer data), gpointer data);

/* Wait until it ends, and free it. */
void gw_thread_join(gw_thread *thread);

/* What is done for one index; fails with any error. */
typedef gboolean (*gw_threads_work)(gpointer data, guint index, GError **error);

/*
 * Call `work(data, index)` once for each index below `count`: in the caller's thread and, where
 * there are two blocks or more, in some others, which claim `block` indices at a time: as many as
 * are worth starting a thread. Fails with the error of the lowest index that fails, as if all were
 * done in order: everything below it was done, of what is above it any part.
 */
gboolean gw_threads_each(
    guint count, guint block, gw_threads_work work, gpointer data, GError **error) GW_CHECKED;

#endif
