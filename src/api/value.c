/* Values of results: JSON nodes behind the public type. */
#include "api/handle.h"

/* The library's own view of a value. */
static JsonNode *
node(const godwit_value *value)
{
    return (JsonNode *)(guintptr)value;
}

static const godwit_value *
wrap(JsonNode *inner)
{
    return (const godwit_value *)inner;
}

godwit_type
godwit_value_type(const godwit_value *value)
{
    JsonNode *inner = node(value);
    if (inner == NULL || JSON_NODE_HOLDS_NULL(inner))
    {
        return GODWIT_NULL;
    }
    if (JSON_NODE_HOLDS_OBJECT(inner))
    {
        return GODWIT_OBJECT;
    }
    if (JSON_NODE_HOLDS_ARRAY(inner))
    {
        return GODWIT_LIST;
    }
    switch (json_node_get_value_type(inner))
    {
    case G_TYPE_BOOLEAN:
        return GODWIT_BOOLEAN;
    case G_TYPE_INT64:
        return GODWIT_INTEGER;
    case G_TYPE_DOUBLE:
        return GODWIT_NUMBER;
    default:
        return GODWIT_TEXT;
    }
}

const godwit_value *
godwit_value_get(const godwit_value *object, const char *key)
{
    if (godwit_value_type(object) != GODWIT_OBJECT)
    {
        return NULL;
    }
    return wrap(json_object_get_member(json_node_get_object(node(object)), key));
}

const godwit_value *
godwit_value_at(const godwit_value *list, size_t index)
{
    if (index >= godwit_value_count(list))
    {
        return NULL;
    }
    return wrap(json_array_get_element(json_node_get_array(node(list)), (guint)index));
}

size_t
godwit_value_count(const godwit_value *list)
{
    if (godwit_value_type(list) != GODWIT_LIST)
    {
        return 0;
    }
    return json_array_get_length(json_node_get_array(node(list)));
}

const char *
godwit_value_text(const godwit_value *value)
{
    return godwit_value_type(value) == GODWIT_TEXT ? json_node_get_string(node(value)) : NULL;
}

int64_t
godwit_value_integer(const godwit_value *value)
{
    return godwit_value_type(value) == GODWIT_INTEGER ? json_node_get_int(node(value)) : 0;
}

int
godwit_value_boolean(const godwit_value *value)
{
    return godwit_value_type(value) == GODWIT_BOOLEAN && json_node_get_boolean(node(value));
}

char *
godwit_value_json(const godwit_value *value, unsigned indent)
{
    g_autoptr(JsonGenerator) generator = json_generator_new();
    g_autoptr(JsonNode) null = json_node_new(JSON_NODE_NULL);
    json_generator_set_root(generator, value == NULL ? null : node(value));
    json_generator_set_pretty(generator, indent > 0);
    json_generator_set_indent(generator, indent);
    return json_generator_to_data(generator, NULL);
}

void
godwit_text_free(char *text)
{
    g_free(text);
}

const char *
godwit_code_name(size_t index)
{
    gsize count = 0;
    const gw_code_row *rows = gw_code_rows(&count);
    return index < count ? rows[index].shown : NULL;
}

const char *
godwit_code_meaning(size_t index)
{
    gsize count = 0;
    const gw_code_row *rows = gw_code_rows(&count);
    return index < count ? rows[index].meaning : NULL;
}

int
godwit_code_status(size_t index)
{
    gsize count = 0;
    const gw_code_row *rows = gw_code_rows(&count);
    return index < count ? gw_code_exit((int)rows[index].code) : 0;
}
