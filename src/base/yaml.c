#include "base/yaml.h"

#include "base/text.h"
#include "base/yaml_tree.h"

static void
node_free(gpointer data)
{
    gw_yaml_node *node = data;
    g_free(node->text);
    g_clear_pointer(&node->keys, g_ptr_array_unref);
    g_clear_pointer(&node->items, g_ptr_array_unref);
    g_free(node);
}

gw_yaml_node *
gw_yaml_node_new(gw_yaml *yaml, gw_yaml_kind kind, gsize offset, gsize length)
{
    gw_yaml_node *node = g_new0(gw_yaml_node, 1);
    node->yaml = yaml;
    node->kind = kind;
    node->offset = offset;
    node->length = length;
    node->weight = 1;
    node->keys = kind == GW_YAML_MAP ? g_ptr_array_new() : NULL;
    node->items = kind == GW_YAML_TEXT ? NULL : g_ptr_array_new();
    g_ptr_array_add(yaml->nodes, node);
    return node;
}

gw_yaml *
gw_yaml_parse(gw_source *source, GError **error)
{
    if (gw_source_size(source) > GW_YAML_BYTES)
    {
        gw_source_fail(
            source, 0, 1, error, GW_CODE_YAML, "the file is larger than %d bytes", GW_YAML_BYTES);
        return NULL;
    }
    if (!gw_source_check_text(source, error))
    {
        return NULL;
    }
    g_autoptr(gw_yaml) yaml = g_new0(gw_yaml, 1);
    yaml->source = gw_source_ref(source);
    yaml->nodes = g_ptr_array_new_with_free_func(node_free);
    if (!gw_yaml_build(yaml, error))
    {
        return NULL;
    }
    if (yaml->root == NULL || gw_yaml_is_null(yaml->root))
    {
        yaml->root = gw_yaml_node_new(yaml, GW_YAML_MAP, 0, 1);
    }
    return g_steal_pointer(&yaml);
}

void
gw_yaml_free(gw_yaml *yaml)
{
    if (yaml != NULL)
    {
        g_ptr_array_unref(yaml->nodes);
        gw_source_unref(yaml->source);
        g_free(yaml);
    }
}

const gw_yaml_node *
gw_yaml_root(const gw_yaml *yaml)
{
    return yaml->root;
}

gw_yaml_kind
gw_yaml_kind_of(const gw_yaml_node *node)
{
    return node->kind;
}

const char *
gw_yaml_text(const gw_yaml_node *node)
{
    return node->text;
}

gboolean
gw_yaml_is_plain(const gw_yaml_node *node)
{
    return node->plain;
}

gboolean
gw_yaml_is_null(const gw_yaml_node *node)
{
    return node->plain && (node->text[0] == '\0' || strcmp(node->text, "~") == 0 ||
                              strcmp(node->text, "null") == 0);
}

guint
gw_yaml_count(const gw_yaml_node *node)
{
    return node->items == NULL ? 0 : node->items->len;
}

const gw_yaml_node *
gw_yaml_item(const gw_yaml_node *node, guint index)
{
    return g_ptr_array_index(node->items, index);
}

const gw_yaml_node *
gw_yaml_key(const gw_yaml_node *node, guint index)
{
    return g_ptr_array_index(node->keys, index);
}

const gw_yaml_node *
gw_yaml_get(const gw_yaml_node *node, const char *key)
{
    for (guint i = 0; node != NULL && node->kind == GW_YAML_MAP && i < node->keys->len; i++)
    {
        if (strcmp(gw_yaml_key(node, i)->text, key) == 0)
        {
            return gw_yaml_item(node, i);
        }
    }
    return NULL;
}

gw_position
gw_yaml_position(const gw_yaml_node *node)
{
    return gw_source_position(node->yaml->source, node->offset, node->length);
}

void
gw_yaml_fail(const gw_yaml_node *node, GError **error, gw_code code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    gw_source_fail(node->yaml->source, node->offset, node->length, error, code, "%s", message);
}

gboolean
gw_yaml_blame(const gw_yaml_node *node, const char *name, GError **error)
{
    if (error != NULL && *error != NULL)
    {
        gw_position position = gw_yaml_position(node);
        gw_error_add_position(*error, &position);
        gw_error_prefix(*error, "%s: ", name);
    }
    return FALSE;
}

/* "a list", as messages say it. */
static const char *
kind_text(const gw_yaml_node *node)
{
    static const char *const texts[] = {"a value", "a list", "a map"};
    return gw_yaml_is_null(node) ? "nothing" : texts[node->kind];
}

gboolean
gw_yaml_read_text(const gw_yaml_node *node, const char *name, const char **text, GError **error)
{
    if (node->kind != GW_YAML_TEXT || gw_yaml_is_null(node))
    {
        gw_yaml_fail(
            node, error, GW_CODE_CONFIG, "%s is to be one value, not %s", name, kind_text(node));
        return FALSE;
    }
    *text = node->text;
    return TRUE;
}

gboolean
gw_yaml_read_bool(const gw_yaml_node *node, const char *name, gboolean *value, GError **error)
{
    *value = node->plain && strcmp(node->text, "true") == 0;
    if (!*value && !(node->plain && strcmp(node->text, "false") == 0))
    {
        gw_yaml_fail(node, error, GW_CODE_CONFIG, "%s is to be true or false", name);
        return FALSE;
    }
    return TRUE;
}

gboolean
gw_yaml_check_map(const gw_yaml_node *node, const char *name, GError **error)
{
    if (node->kind != GW_YAML_MAP)
    {
        gw_yaml_fail(node, error, GW_CODE_CONFIG, "%s is to be a map of keys and values, not %s",
            name, kind_text(node));
        return FALSE;
    }
    return TRUE;
}

gboolean
gw_yaml_check_keys(
    const gw_yaml_node *node, const char *name, const char *const *known, GError **error)
{
    if (!gw_yaml_check_map(node, name, error))
    {
        return FALSE;
    }
    for (guint i = 0; i < node->keys->len; i++)
    {
        const gw_yaml_node *key = gw_yaml_key(node, i);
        if (g_strv_contains(known, key->text))
        {
            continue;
        }
        gw_yaml_fail(key, error, GW_CODE_CONFIG, "unknown key \"%s\" in %s", key->text, name);
        const char *near = gw_text_near(key->text, known);
        if (near != NULL && error != NULL)
        {
            gw_error_add_hint(*error, "did you mean %s?", near);
        }
        return FALSE;
    }
    return TRUE;
}
