#include "base/library.h"

static const char *const names[] = {"cos", "sin"};
static const gw_library mathematics = {.file = "libm.so.6",
    .purpose = "a test",
    .names = names,
    .count = G_N_ELEMENTS(names)};

static void
assert_refused(const gw_library *library, const char *message)
{
    g_autoptr(GError) error = NULL;
    gpointer slot = NULL;
    g_assert_null(gw_library_open(library, &slot, &error));
    g_assert_null(slot);
    g_assert_true(gw_error_is(error, GW_CODE_LIBRARY));
    g_assert_true(g_str_has_prefix(error->message, message));
    g_assert_cmpstr(gw_error_hint(error), ==, library->remedy);
}

static void
test_found(void)
{
    g_autoptr(GError) error = NULL;
    gpointer slot = NULL;
    double (*const *functions)(double) = gw_library_open(&mathematics, &slot, &error);
    g_assert_no_error(error);
    g_assert_cmpfloat(functions[0](0), ==, 1);
    g_assert_cmpfloat(functions[1](0), ==, 0);
    g_assert_true(gw_library_open(&mathematics, &slot, &error) == functions);
    g_free(slot);
}

static void
test_missing(void)
{
    gw_library library = mathematics;
    library.file = "libgodwit-is-not-there.so.1";
    library.remedy = "install it: by hand";
    assert_refused(&library, "a test needs libgodwit-is-not-there.so.1: ");
}

static void
test_too_old(void)
{
    static const char *const more[] = {"cos", "cosine_of_the_future"};
    gw_library library = mathematics;
    library.names = more;
    library.remedy = "install a newer one";
    assert_refused(
        &library, "a test needs libm.so.6: cosine_of_the_future is not in it, it is too old");
}

static gpointer
open_in_thread(gpointer slot)
{
    g_autoptr(GError) error = NULL;
    gconstpointer found = gw_library_open(&mathematics, slot, &error);
    g_assert_no_error(error);
    return (gpointer)(guintptr)found;
}

static void
test_threads(void)
{
    GThread *threads[8];
    gpointer slot = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
    {
        threads[i] = g_thread_new("opens", open_in_thread, &slot);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
    {
        gpointer found = g_thread_join(threads[i]);
        g_assert_true(found == slot);
    }
    g_free(slot);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/library/functions are found, once", test_found);
    g_test_add_func("/library/one that is not there is named, with its remedy", test_missing);
    g_test_add_func("/library/one that lacks a function is too old", test_too_old);
    g_test_add_func("/library/threads that open it at once get the same", test_threads);
    return g_test_run();
}
