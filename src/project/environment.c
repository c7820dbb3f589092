#include "project/environment.h"

#include "base/secret.h"

GHashTable *
gw_environment_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)gw_secret_free);
}

GHashTable *
gw_environment_read(const char *const *entries)
{
    GHashTable *table = gw_environment_new();
    g_auto(GStrv) own = entries == NULL ? g_get_environ() : NULL;
    const char *const *list = own == NULL ? entries : (const char *const *)own;
    for (gsize i = 0; list[i] != NULL; i++)
    {
        const char *equals = strchr(list[i], '=');
        if (equals != NULL)
        {
            g_hash_table_replace(
                table, g_strndup(list[i], (gsize)(equals - list[i])), g_strdup(equals + 1));
        }
    }
    return table;
}

void
gw_environment_add(GHashTable *into, GHashTable *from)
{
    GHashTableIter entries;
    gpointer name = NULL;
    gpointer value = NULL;
    if (from == NULL)
    {
        return;
    }
    g_hash_table_iter_init(&entries, from);
    while (g_hash_table_iter_next(&entries, &name, &value))
    {
        g_hash_table_replace(into, g_strdup(name), g_strdup(value));
    }
}
