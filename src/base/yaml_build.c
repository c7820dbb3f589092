#include <libfyaml.h>

#include "base/yaml_tree.h"

/* A list or map that is not closed yet. */
typedef struct level
{
    gw_yaml_node *node;
    gw_yaml_node *key; /* of a map: the key whose value comes next */
    GHashTable *seen;  /* of a map: its keys; borrowed texts */
    char *anchor;
} level;

/* The tree while it grows. */
typedef struct builder
{
    gw_yaml *yaml;
    GArray *levels;      /* of level: the innermost last */
    GHashTable *anchors; /* char * -> gw_yaml_node *, of closed nodes */
    guint documents;
} builder;

static void
level_clear(gpointer data)
{
    level *ended = data;
    g_clear_pointer(&ended->seen, g_hash_table_unref);
    g_free(ended->anchor);
}

static void
builder_clear(builder *build)
{
    g_array_unref(build->levels);
    g_hash_table_unref(build->anchors);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(builder, builder_clear)

/* The text of a token; NULL for none. The caller frees it. */
static char *
token_text(struct fy_token *token)
{
    size_t length = 0;
    const char *text = token == NULL ? NULL : fy_token_get_text(token, &length);
    return token == NULL ? NULL : g_strndup(text == NULL ? "" : text, length);
}

/* Where an event begins, in bytes of the source. */
static gsize
event_offset(struct fy_event *event)
{
    const struct fy_mark *mark = fy_event_start_mark(event);
    return mark == NULL ? 0 : mark->input_pos;
}

static gsize
event_length(struct fy_event *event)
{
    const struct fy_mark *end = fy_event_end_mark(event);
    gsize offset = event_offset(event);
    return end == NULL || end->input_pos <= offset ? 1 : end->input_pos - offset;
}

/* Fail at the place of an event; always FALSE. */
static gboolean
refuse(const builder *build, struct fy_event *event, GError **error, const char *message)
{
    gw_source_fail(build->yaml->source, event_offset(event), event_length(event), error,
        GW_CODE_YAML, "%s", message);
    return FALSE;
}

/* Take `node` as the key of the innermost map. */
static gboolean
key_take(level *in, gw_yaml_node *node, GError **error)
{
    if (node->kind != GW_YAML_TEXT)
    {
        gw_yaml_fail(node, error, GW_CODE_YAML, "a key is to be one value");
        return FALSE;
    }
    if (!g_hash_table_add(in->seen, node->text))
    {
        gw_yaml_fail(node, error, GW_CODE_YAML, "the key \"%s\" stands here twice", node->text);
        return FALSE;
    }
    in->key = node;
    return TRUE;
}

/* Put a node where the file has it: under the innermost list or map, or at the root. */
static gboolean
node_place(builder *build, gw_yaml_node *node, GError **error)
{
    if (build->levels->len == 0)
    {
        build->yaml->root = node;
        return TRUE;
    }
    level *in = &g_array_index(build->levels, level, build->levels->len - 1);
    if (in->node->kind == GW_YAML_MAP && in->key == NULL)
    {
        return key_take(in, node, error);
    }
    if (in->key != NULL)
    {
        g_ptr_array_add(in->node->keys, g_steal_pointer(&in->key));
    }
    g_ptr_array_add(in->node->items, node);
    in->node->weight += node->weight;
    if (in->node->weight > GW_YAML_NODES)
    {
        gw_yaml_fail(
            node, error, GW_CODE_YAML, "the file holds more than %d values", GW_YAML_NODES);
        return FALSE;
    }
    return TRUE;
}

/* Remember a closed node under its anchor, which is moved from. */
static void
anchor_set(builder *build, char *anchor, gw_yaml_node *node)
{
    if (anchor != NULL)
    {
        g_hash_table_replace(build->anchors, anchor, node);
    }
}

/* libfyaml leaves the quotes out of a quoted scalar's place; a user looks at them. */
static void
quotes_include(gw_yaml_node *node)
{
    const char *text = gw_source_text(node->yaml->source);
    if (node->offset > 0 && strchr("'\"", text[node->offset - 1]) != NULL)
    {
        node->offset--;
        node->length += 2;
    }
}

static gboolean
scalar_add(builder *build, struct fy_event *event, GError **error)
{
    gw_yaml_node *node =
        gw_yaml_node_new(build->yaml, GW_YAML_TEXT, event_offset(event), event_length(event));
    struct fy_token *value = event->scalar.value;
    node->text = value == NULL ? g_strdup("") : token_text(value);
    node->plain = value == NULL || fy_token_scalar_style(value) == FYSS_PLAIN;
    if (!node->plain)
    {
        quotes_include(node);
    }
    anchor_set(build, token_text(event->scalar.anchor), node);
    return node_place(build, node, error);
}

static gboolean
alias_add(builder *build, struct fy_event *event, GError **error)
{
    g_autofree char *anchor = token_text(event->alias.anchor);
    gw_yaml_node *node = g_hash_table_lookup(build->anchors, anchor);
    if (node == NULL)
    {
        return refuse(build, event, error, "no anchor of that name stands before this alias");
    }
    return node_place(build, node, error);
}

static gboolean
level_open(builder *build, struct fy_event *event, gw_yaml_kind kind, GError **error)
{
    if (build->levels->len >= GW_YAML_DEPTH)
    {
        return refuse(build, event, error, "lists and maps stand too deep in each other");
    }
    level opened = {0};
    opened.node = gw_yaml_node_new(build->yaml, kind, event_offset(event), event_length(event));
    opened.anchor = token_text(fy_event_get_anchor_token(event));
    opened.seen = kind == GW_YAML_MAP ? g_hash_table_new(g_str_hash, g_str_equal) : NULL;
    g_array_append_val(build->levels, opened);
    return TRUE;
}

static gboolean
level_close(builder *build, GError **error)
{
    level *ended = &g_array_index(build->levels, level, build->levels->len - 1);
    gw_yaml_node *node = ended->node;
    anchor_set(build, g_steal_pointer(&ended->anchor), node);
    g_array_set_size(build->levels, build->levels->len - 1);
    return node_place(build, node, error);
}

static gboolean
event_take(builder *build, struct fy_event *event, GError **error)
{
    if (fy_event_get_tag_token(event) != NULL)
    {
        return refuse(build, event, error, "tags (!) are not used here");
    }
    switch (event->type)
    {
    case FYET_DOCUMENT_START:
        build->documents++;
        return build->documents == 1 ||
               refuse(build, event, error, "a second document begins here");
    case FYET_SCALAR:
        return scalar_add(build, event, error);
    case FYET_ALIAS:
        return alias_add(build, event, error);
    case FYET_SEQUENCE_START:
        return level_open(build, event, GW_YAML_LIST, error);
    case FYET_MAPPING_START:
        return level_open(build, event, GW_YAML_MAP, error);
    case FYET_SEQUENCE_END:
    case FYET_MAPPING_END:
        return level_close(build, error);
    default:
        return TRUE;
    }
}

/* The offset of a line and column, both from 1, of the source. */
static gsize
place_offset(const gw_source *source, int line, int column)
{
    const char *text = gw_source_text(source);
    const char *end = text + gw_source_size(source);
    const char *at = text;
    for (int i = 1; i < line; i++)
    {
        const char *next = memchr(at, '\n', (gsize)(end - at));
        at = next == NULL ? end : next + 1;
    }
    for (int i = 1; i < column && at < end && *at != '\n'; i++)
    {
        at = g_utf8_next_char(at);
    }
    return (gsize)(MIN(at, end) - text);
}

/* Fail with the first thing that libfyaml found wrong; always FALSE. */
static gboolean
parser_fail(const gw_yaml *yaml, struct fy_diag *diagnosis, GError **error)
{
    void *previous = NULL;
    const struct fy_diag_error *first = fy_diag_errors_iterate(diagnosis, &previous);
    gsize offset = first == NULL ? 0 : place_offset(yaml->source, first->line, first->column);
    gw_source_fail(yaml->source, offset, 1, error, GW_CODE_YAML, "%s",
        first == NULL ? "this is not YAML" : first->msg);
    return FALSE;
}

/* All events into the tree. */
static gboolean
events_read(gw_yaml *yaml, struct fy_parser *parser, struct fy_diag *diagnosis, GError **error)
{
    g_auto(builder) build = {.yaml = yaml};
    build.levels = g_array_new(FALSE, FALSE, sizeof(level));
    g_array_set_clear_func(build.levels, level_clear);
    build.anchors = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    gboolean fine = TRUE;
    struct fy_event *event = fy_parser_parse(parser);
    for (; event != NULL && fine; event = fine ? fy_parser_parse(parser) : NULL)
    {
        fine = event_take(&build, event, error);
        fy_parser_event_free(parser, event);
    }
    if (fine && (fy_parser_get_stream_error(parser) || fy_diag_got_error(diagnosis)))
    {
        return parser_fail(yaml, diagnosis, error);
    }
    return fine;
}

gboolean
gw_yaml_build(gw_yaml *yaml, GError **error)
{
    struct fy_diag_cfg quiet;
    fy_diag_cfg_default(&quiet);
    quiet.fp = NULL;
    struct fy_diag *diagnosis = fy_diag_create(&quiet);
    fy_diag_set_collect_errors(diagnosis, true);
    struct fy_parse_cfg how = {.search_path = "",
        .flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG | FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE,
        .diag = diagnosis};
    struct fy_parser *parser = fy_parser_create(&how);
    gboolean done = FALSE;
    if (parser == NULL || fy_parser_set_string(parser, gw_source_text(yaml->source),
                              gw_source_size(yaml->source)) != 0)
    {
        gw_fail(error, GW_CODE_INTERNAL, "libfyaml cannot read a text");
    }
    else
    {
        done = events_read(yaml, parser, diagnosis, error);
    }
    fy_parser_destroy(parser);
    fy_diag_destroy(diagnosis);
    return done;
}
