#include "base/library.h"

#include <dlfcn.h>

static void
fail(GError **error, const gw_library *library, const char *reason)
{
    gw_fail(error, GW_CODE_LIBRARY, "%s needs %s: %s", library->purpose, library->file, reason);
    gw_error_add_hint(error == NULL ? NULL : *error, "%s", library->remedy);
}

/* The addresses in a new array; NULL when one is missing. */
static gpointer *
find_all(const gw_library *library, void *handle, GError **error)
{
    g_autofree gpointer *functions = g_new0(gpointer, library->count);
    for (guint i = 0; i < library->count; i++)
    {
        functions[i] = dlsym(handle, library->names[i]);
        if (functions[i] == NULL)
        {
            g_autofree char *reason =
                g_strdup_printf("%s is not in it, it is too old", library->names[i]);
            fail(error, library, reason);
            return NULL;
        }
    }
    return g_steal_pointer(&functions);
}

gconstpointer
gw_library_open(const gw_library *library, gpointer *slot, GError **error)
{
    gpointer known = g_atomic_pointer_get(slot);
    if (known != NULL)
    {
        return known;
    }
    void *handle = dlopen(library->file, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL)
    {
        fail(error, library, dlerror());
        return NULL;
    }
    gpointer *functions = find_all(library, handle, error);
    if (functions == NULL)
    {
        dlclose(handle);
        return NULL;
    }
    if (!g_atomic_pointer_compare_and_exchange(slot, NULL, functions))
    {
        g_free(functions); /* another thread was first, with the same ones */
        dlclose(handle);
    }
    return g_atomic_pointer_get(slot);
}
