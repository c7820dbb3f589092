#include "base/error.h"
#include "base/thread.h"

#define MANY 5000

/* What the work was asked for. */
typedef struct book
{
    guint calls[MANY];
    guint first;   /* from here on it fails … */
    guint slow;    /* … this index only after a while, so that later ones fail before it */
    gboolean mute; /* … without an error */
    gw_mutex mutex;
    guint others; /* calls in other threads than the caller's */
    pthread_t caller;
} book;

static gboolean
work(gpointer data, guint index, GError **error)
{
    book *notes = data;
    notes->calls[index]++;
    gw_mutex_lock(&notes->mutex);
    notes->others += !pthread_equal(pthread_self(), notes->caller);
    gw_mutex_unlock(&notes->mutex);
    if (index == notes->slow)
    {
        g_usleep(20000);
    }
    if (index >= notes->first && !notes->mute)
    {
        gw_fail(error, GW_CODE_FILE, "%u", index);
    }
    return index < notes->first;
}

static book *
book_new(void)
{
    book *notes = g_new0(book, 1);
    notes->first = G_MAXUINT;
    notes->slow = G_MAXUINT;
    notes->caller = pthread_self();
    gw_mutex_init(&notes->mutex);
    return notes;
}

static void
book_free(book *notes)
{
    gw_mutex_clear(&notes->mutex);
    g_free(notes);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(book, book_free)

static void
each_index_is_worked_on_once(void)
{
    static const guint counts[] = {0, 1, 2, 7, 8, 9, 16, 17, 1000, MANY};
    static const guint blocks[] = {0, 1, 8, 500, G_MAXUINT};
    for (gsize i = 0; i < G_N_ELEMENTS(counts); i++)
    {
        for (gsize j = 0; j < G_N_ELEMENTS(blocks); j++)
        {
            g_autoptr(book) notes = book_new();
            g_autoptr(GError) error = NULL;
            g_assert_true(gw_threads_each(counts[i], blocks[j], work, notes, &error));
            g_assert_no_error(error);
            for (guint k = 0; k < MANY; k++)
            {
                g_assert_cmpuint(notes->calls[k], ==, k < counts[i] ? 1 : 0);
            }
        }
    }
}

static void
little_work_stays_with_the_caller(void)
{
    g_autoptr(book) notes = book_new();
    g_assert_true(gw_threads_each(15, 8, work, notes, NULL));
    g_assert_cmpuint(notes->others, ==, 0);
    notes->slow = 3;
    g_assert_true(gw_threads_each(16, 8, work, notes, NULL));
    g_assert_cmpuint(notes->others, >, 0);
}

static void
the_error_is_that_of_the_lowest_index(void)
{
    for (guint first = 0; first < 40; first++)
    {
        g_autoptr(book) notes = book_new();
        g_autoptr(GError) error = NULL;
        g_autofree char *expected = g_strdup_printf("%u", first);
        notes->first = first;
        notes->slow = first;
        g_assert_false(gw_threads_each(MANY, 1 + first % 4, work, notes, &error));
        g_assert_cmpstr(error->message, ==, expected);
        for (guint k = 0; k < first; k++)
        {
            g_assert_cmpuint(notes->calls[k], ==, 1);
        }
        g_assert_cmpuint(notes->calls[MANY - 1], ==, 0);
    }
}

static void
an_error_need_not_be_told(void)
{
    g_autoptr(book) notes = book_new();
    notes->first = 7;
    g_assert_false(gw_threads_each(MANY, 2, work, notes, NULL));
    notes->mute = TRUE;
    g_assert_false(gw_threads_each(8, 8, work, notes, NULL));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/thread/each index is worked on once", each_index_is_worked_on_once);
    g_test_add_func(
        "/base/thread/little work stays with the caller", little_work_stays_with_the_caller);
    g_test_add_func("/base/thread/the error is that of the lowest index",
        the_error_is_that_of_the_lowest_index);
    g_test_add_func("/base/thread/an error need not be told", an_error_need_not_be_told);
    return g_test_run();
}
