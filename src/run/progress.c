#include "run/progress.h"

#include "base/thread.h"

typedef struct entry
{
    guint sent;
    char *what;
} entry;

struct gw_progress
{
    gw_db *work;
    gw_mutex mutex;
    GQueue entries; /* of entry *, the oldest first; under the mutex */
};

static void
entry_free(gpointer data)
{
    entry *old = data;
    g_free(old->what);
    g_free(old);
}

gw_progress *
gw_progress_new(gw_db *work)
{
    gw_progress *progress = g_new0(gw_progress, 1);
    progress->work = work;
    gw_mutex_init(&progress->mutex);
    g_queue_init(&progress->entries);
    return progress;
}

void
gw_progress_free(gw_progress *progress)
{
    g_queue_clear_full(&progress->entries, entry_free);
    gw_mutex_clear(&progress->mutex);
    g_free(progress);
}

/* Forget all but what runs now and what comes after it. */
static void
trim(gw_progress *progress)
{
    guint answered = gw_db_pipeline_answered(progress->work);
    for (;;)
    {
        const entry *second = g_queue_peek_nth(&progress->entries, 1);
        if (second == NULL || second->sent > answered)
        {
            return;
        }
        entry_free(g_queue_pop_head(&progress->entries));
    }
}

void
gw_progress_say(gw_progress *progress, guint sent, char *what)
{
    entry *made = g_new(entry, 1);
    *made = (entry){sent, what};
    gw_mutex_lock(&progress->mutex);
    const entry *last = g_queue_peek_tail(&progress->entries);
    if (last != NULL && last->sent >= sent) /* another pipeline */
    {
        g_queue_clear_full(&progress->entries, entry_free);
    }
    trim(progress);
    g_queue_push_tail(&progress->entries, made);
    gw_mutex_unlock(&progress->mutex);
}

char *
gw_progress_text(gw_progress *progress)
{
    gw_mutex_lock(&progress->mutex);
    trim(progress);
    const entry *now = g_queue_peek_head(&progress->entries);
    char *text = now == NULL ? NULL : g_strdup(now->what);
    gw_mutex_unlock(&progress->mutex);
    return text;
}
