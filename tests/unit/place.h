/* A folder of its own for each test, the current one while the test runs. */
#ifndef GW_TESTS_PLACE_H
#define GW_TESTS_PLACE_H

#include <glib/gstdio.h>

#include "base/base.h"

typedef struct place
{
    char *folder;
    char *before; /* the current folder outside the test */
} place;

typedef void (*place_test)(place *here, gconstpointer unused);

/* Take a folder away with all that is in it. */
static inline void
folder_drop(const char *folder)
{
    g_autoptr(GDir) entries = g_dir_open(folder, 0, NULL);
    for (const char *name = g_dir_read_name(entries); name != NULL; name = g_dir_read_name(entries))
    {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (g_file_test(path, G_FILE_TEST_IS_DIR))
        {
            folder_drop(path);
        }
        else
        {
            g_remove(path);
        }
    }
    g_rmdir(folder);
}

static inline void
place_make(place *here, gconstpointer unused)
{
    (void)unused;
    here->before = g_get_current_dir();
    here->folder = g_dir_make_tmp("gw-place-XXXXXX", NULL);
    g_assert_cmpint(g_chdir(here->folder), ==, 0);
    g_assert_cmpint(g_mkdir(".git", 0700), ==, 0); /* where searches upwards end */
}

static inline void
place_drop(place *here, gconstpointer unused)
{
    (void)unused;
    g_assert_cmpint(g_chdir(here->before), ==, 0);
    folder_drop(here->folder);
    g_free(here->folder);
    g_free(here->before);
}

/* Write a file that only its owner can read, and the folders above it. */
static inline void
put(const char *path, const char *text)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
    g_assert_true(
        g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
}

/* Add "<group>/<sentence>", to be run in a place. */
static inline void
place_add(const char *group, const char *sentence, place_test test)
{
    g_autofree char *path = g_strdup_printf("%s/%s", group, sentence);
    g_test_add(path, place, NULL, place_make, test, place_drop);
}

#endif
