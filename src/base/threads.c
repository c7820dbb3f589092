#include "base/thread.h"

/* Threads on one piece of work, the caller's among them. More than some machines have cores: what
 * they do is for a good part waiting for disks. */
#define THREADS_MOST 4

/* The work and how far it is. */
typedef struct crew
{
    guint count;
    guint block;
    gw_threads_work work;
    gpointer data;
    gw_mutex mutex; /* guards what follows */
    guint next;     /* the first index that nobody has claimed */
    guint failed;   /* the lowest that failed; `count`: none did */
    GError *error;  /* its error; may be NULL */
} crew;

/* Claim the next indices, from `*first` up to `*end`; FALSE: none is left. */
static gboolean
block_claim(crew *all, guint *first, guint *end)
{
    gw_mutex_lock(&all->mutex);
    *first = all->next;
    *end = *first + MIN(all->block, all->count - *first);
    all->next = *end;
    gw_mutex_unlock(&all->mutex);
    return *first < *end;
}

/* Keep the error of the lowest index. Indices are claimed in order, so whoever has a lower one than
 * this is still at it: nothing has to be claimed any more. */
static void
failure_keep(crew *all, guint index, GError *error)
{
    gw_mutex_lock(&all->mutex);
    if (index < all->failed)
    {
        g_clear_error(&all->error);
        all->error = g_steal_pointer(&error);
        all->failed = index;
    }
    all->next = all->count;
    gw_mutex_unlock(&all->mutex);
    g_clear_error(&error);
}

static gboolean
block_work(crew *all, guint first, guint end)
{
    for (guint i = first; i < end; i++)
    {
        GError *error = NULL;
        if (!all->work(all->data, i, &error))
        {
            failure_keep(all, i, error);
            return FALSE;
        }
    }
    return TRUE;
}

static void
crew_body(gpointer data)
{
    crew *all = data;
    guint first = 0;
    guint end = 0;
    while (block_claim(all, &first, &end) && block_work(all, first, end))
    {
    }
}

gboolean
gw_threads_each(guint count, guint block, gw_threads_work work, gpointer data, GError **error)
{
    crew all = {
        .count = count, .block = MAX(block, 1), .work = work, .data = data, .failed = count};
    gw_thread *others[THREADS_MOST - 1];
    guint wanted = MIN(THREADS_MOST, count / all.block);
    guint started = 0;
    gw_mutex_init(&all.mutex);
    while (started + 1 < wanted && (others[started] = gw_thread_try(crew_body, &all)) != NULL)
    {
        started++;
    }
    crew_body(&all);
    for (guint i = 0; i < started; i++)
    {
        gw_thread_join(others[i]);
    }
    gw_mutex_clear(&all.mutex);
    if (all.error != NULL)
    {
        g_propagate_error(error, all.error);
    }
    return all.failed == count;
}
