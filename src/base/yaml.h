/*
 * YAML 1.2 as a tree that knows where each of its nodes stands in the file.
 *
 * Scalars are text: what a value is, its reader says (`no`, `0012` and `1.20` are what they look
 * like). Duplicate keys, tags, more than one document and trees that are too deep or too large are
 * errors. Aliases share the node of their anchor. Nodes are borrowed from the tree.
 */
#ifndef GW_BASE_YAML_H
#define GW_BASE_YAML_H

#include "base/source.h"

#define GW_YAML_DEPTH 32        /* how deep lists and maps may stand in each other */
#define GW_YAML_NODES 100000    /* how many nodes a file may have, each alias counted in full */
#define GW_YAML_BYTES (1 << 20) /* how large a file may be */

typedef struct gw_yaml gw_yaml;
typedef struct gw_yaml_node gw_yaml_node;

typedef enum gw_yaml_kind
{
    GW_YAML_TEXT,
    GW_YAML_LIST,
    GW_YAML_MAP,
} gw_yaml_kind;

/* Read `source`, which the tree keeps. Fails with YAML or ENCODING and the place. */
gw_yaml *gw_yaml_parse(gw_source *source, GError **error) GW_CHECKED;
void gw_yaml_free(gw_yaml *yaml);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(gw_yaml, gw_yaml_free)

/* The outermost node; of a file with nothing in it an empty map. */
const gw_yaml_node *gw_yaml_root(const gw_yaml *yaml);

gw_yaml_kind gw_yaml_kind_of(const gw_yaml_node *node);

/* The text of a scalar; NULL for lists and maps. */
const char *gw_yaml_text(const gw_yaml_node *node);

/* Is it a scalar without quotes: one that a reader may take as a number, a word, a null? */
gboolean gw_yaml_is_plain(const gw_yaml_node *node);

/* Is it nothing, `~` or `null`, without quotes? */
gboolean gw_yaml_is_null(const gw_yaml_node *node);

/* How many items a list or entries a map has; 0 for a scalar. */
guint gw_yaml_count(const gw_yaml_node *node);

/* The item of a list, or the value of a map's entry, from 0, in the order of the file. */
const gw_yaml_node *gw_yaml_item(const gw_yaml_node *node, guint index);

/* The key of a map's entry: always a scalar. */
const gw_yaml_node *gw_yaml_key(const gw_yaml_node *node, guint index);

/* The value of `key`; NULL when `node` is NULL, is no map or has no such key. */
const gw_yaml_node *gw_yaml_get(const gw_yaml_node *node, const char *key);

/* Where the node stands. The caller clears it. */
gw_position gw_yaml_position(const gw_yaml_node *node);

/* Fail with `code` at the place of `node`. */
void gw_yaml_fail(const gw_yaml_node *node, GError **error, gw_code code, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/* Put the place of `node` and `name` ("stall: …") to an error that a reader of text has filled;
 * always FALSE. */
gboolean gw_yaml_blame(const gw_yaml_node *node, const char *name, GError **error);

/*
 * Readers. Each fails with CONFIG and the place when the node is not of that type. `name` is the
 * key as messages show it. Results are borrowed unless said otherwise.
 */
gboolean gw_yaml_read_text(
    const gw_yaml_node *node, const char *name, const char **text, GError **error) GW_CHECKED;
gboolean gw_yaml_read_bool(
    const gw_yaml_node *node, const char *name, gboolean *value, GError **error) GW_CHECKED;

/* Is the node a map? Else CONFIG. */
gboolean gw_yaml_check_map(const gw_yaml_node *node, const char *name, GError **error) GW_CHECKED;

/* Is it a map whose keys all are in `known` (NULL-terminated)? Else CONFIG, with "did you mean". */
gboolean gw_yaml_check_keys(const gw_yaml_node *node, const char *name, const char *const *known,
    GError **error) GW_CHECKED;

#endif
