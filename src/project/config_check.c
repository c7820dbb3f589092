#include "project/reader.h"

/* One value against its key; maps are not looked into. */
typedef gboolean (*checker)(const gw_yaml_node *node, const gw_config_key *key, GError **error);

/* A checker that reads the value and throws it away. */
#define CHECKER(type, variable, initial, clear)                                                    \
    static gboolean check_##type(                                                                  \
        const gw_yaml_node *node, const gw_config_key *key, GError **error)                        \
    {                                                                                              \
        variable = initial;                                                                        \
        gboolean fine = gw_read_##type(node, key->name, NULL, &value, error);                      \
        clear;                                                                                     \
        return fine;                                                                               \
    }

CHECKER(text, char *value, NULL, g_free(value))
CHECKER(integer, gint64 value, 0, (void)0)
CHECKER(duration, gint64 value, 0, (void)0)
CHECKER(size, guint64 value, 0, (void)0)
CHECKER(amount, gw_amount value, {0}, (void)0)
CHECKER(waves, GArray *value, NULL, g_clear_pointer(&value, g_array_unref))
CHECKER(texts, char **value, NULL, g_strfreev(value))
CHECKER(command, char **value, NULL, g_strfreev(value))

static gboolean
check_bool(const gw_yaml_node *node, const gw_config_key *key, GError **error)
{
    gboolean value = FALSE;
    return gw_yaml_read_bool(node, key->name, &value, error);
}

static gboolean
check_word(const gw_yaml_node *node, const gw_config_key *key, GError **error)
{
    guint value = 0;
    return gw_read_word(node, key, NULL, &value, error);
}

static gboolean
check_words(const gw_yaml_node *node, const gw_config_key *key, GError **error)
{
    guint value = 0;
    return gw_read_words(node, key, NULL, &value, error);
}

static gboolean
check_text_map(const gw_yaml_node *node, const gw_config_key *key, GError **error)
{
    g_autoptr(GHashTable) map = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return gw_read_text_map(node, key->name, NULL, map, error);
}

static gboolean
check_map(const gw_yaml_node *node, const gw_config_key *key, GError **error)
{
    return gw_config_check(node, key->name, key->keys, error);
}

static gboolean
check_named_map(const gw_yaml_node *node, const gw_config_key *key, GError **error)
{
    if (!gw_yaml_check_map(node, key->name, error))
    {
        return FALSE;
    }
    for (guint i = 0; i < gw_yaml_count(node); i++)
    {
        g_autofree char *name =
            g_strdup_printf("%s.%s", key->name, gw_yaml_text(gw_yaml_key(node, i)));
        if (!gw_config_check(gw_yaml_item(node, i), name, key->keys, error))
        {
            return FALSE;
        }
    }
    return TRUE;
}

static const checker checkers[] = {
    [GW_KEY_TEXT] = check_text,
    [GW_KEY_BOOL] = check_bool,
    [GW_KEY_INTEGER] = check_integer,
    [GW_KEY_DURATION] = check_duration,
    [GW_KEY_SIZE] = check_size,
    [GW_KEY_AMOUNT] = check_amount,
    [GW_KEY_WORD] = check_word,
    [GW_KEY_WORDS] = check_words,
    [GW_KEY_TEXTS] = check_texts,
    [GW_KEY_COMMAND] = check_command,
    [GW_KEY_WAVES] = check_waves,
    [GW_KEY_TEXT_MAP] = check_text_map,
    [GW_KEY_MAP] = check_map,
    [GW_KEY_NAMED_MAP] = check_named_map,
};

/* The names of `keys`, for "did you mean". The caller frees the array alone. */
static const char **
key_names(const gw_config_key *keys)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (; keys->name != NULL; keys++)
    {
        g_ptr_array_add(names, (gpointer)(guintptr)keys->name);
    }
    g_ptr_array_add(names, NULL);
    return (const char **)g_ptr_array_steal(names, NULL);
}

gboolean
gw_config_check(
    const gw_yaml_node *node, const char *name, const gw_config_key *keys, GError **error)
{
    g_autofree const char **names = key_names(keys);
    if (!gw_yaml_check_keys(node, name, names, error))
    {
        return FALSE;
    }
    for (guint i = 0; i < gw_yaml_count(node); i++)
    {
        const char *text = gw_yaml_text(gw_yaml_key(node, i));
        const gw_config_key *key = gw_config_key_find(keys, text);
        if (!checkers[key->type](gw_yaml_item(node, i), key, error))
        {
            return FALSE;
        }
    }
    return TRUE;
}
