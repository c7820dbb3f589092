#include "project/starter.h"

static int
name_order(gconstpointer left, gconstpointer right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Take one file of the folder. */
static gboolean
seed_take(const char *folder, const char *name, GPtrArray *seeds, GError **error)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (name[0] == '.')
    {
        return TRUE;
    }
    if (g_str_has_suffix(name, ".yaml"))
    {
        gw_fail(error, GW_CODE_NOT_YET, "seeds in YAML come with a later version of godwit");
        if (error != NULL)
        {
            gw_position position = {.file = g_steal_pointer(&path), .line = 1};
            gw_error_add_position(*error, &position);
        }
        return FALSE;
    }
    if (g_str_has_suffix(name, ".sql"))
    {
        g_ptr_array_add(seeds, g_steal_pointer(&path));
    }
    return TRUE;
}

GPtrArray *
gw_seeds_list(const char *folder, GError **error)
{
    g_autoptr(GPtrArray) seeds = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) reason = NULL;
    g_autoptr(GDir) entries = g_dir_open(folder, 0, &reason);
    if (entries == NULL && g_error_matches(reason, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
        return g_steal_pointer(&seeds);
    }
    if (entries == NULL)
    {
        gw_fail(error, GW_CODE_FILE, "cannot read the folder %s: %s", folder, reason->message);
        return NULL;
    }
    for (const char *name = g_dir_read_name(entries); name != NULL; name = g_dir_read_name(entries))
    {
        if (!seed_take(folder, name, seeds, error))
        {
            return NULL;
        }
    }
    g_ptr_array_sort(seeds, name_order);
    return g_steal_pointer(&seeds);
}
