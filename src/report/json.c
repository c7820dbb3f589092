#include "report/json.h"

#define INDENT 2

void
gw_json_text(JsonBuilder *builder, const char *name, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    json_builder_set_member_name(builder, name);
    json_builder_add_string_value(builder, valid);
}

void
gw_json_integer(JsonBuilder *builder, const char *name, gint64 number)
{
    json_builder_set_member_name(builder, name);
    json_builder_add_int_value(builder, number);
}

void
gw_json_value(JsonBuilder *builder, const char *name, const godwit_value *value)
{
    char *text = godwit_value_json(value, 0);
    JsonNode *node = json_from_string(text != NULL ? text : "null", NULL);
    godwit_text_free(text);
    json_builder_set_member_name(builder, name);
    json_builder_add_value(builder, node != NULL ? node : json_node_new(JSON_NODE_NULL));
}

char *
gw_json_finish(JsonBuilder *builder, gboolean indented)
{
    g_autoptr(JsonGenerator) generator = json_generator_new();
    g_autoptr(JsonNode) root = json_builder_get_root(builder);
    json_generator_set_root(generator, root);
    json_generator_set_pretty(generator, indented);
    json_generator_set_indent(generator, INDENT);
    return json_generator_to_data(generator, NULL);
}
