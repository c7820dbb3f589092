/* The inside of a YAML tree: for base/yaml*.c alone. */
#ifndef GW_BASE_YAML_TREE_H
#define GW_BASE_YAML_TREE_H

#include "base/yaml.h"

struct gw_yaml
{
    gw_source *source;
    GPtrArray *nodes; /* owns every node, so that aliases can share them */
    gw_yaml_node *root;
};

struct gw_yaml_node
{
    const gw_yaml *yaml;
    gw_yaml_kind kind;
    gboolean plain;
    gsize offset; /* in the source */
    gsize length;
    guint weight;     /* how many nodes it is, each alias counted in full */
    char *text;       /* of a scalar */
    GPtrArray *keys;  /* of a map; borrows from gw_yaml.nodes */
    GPtrArray *items; /* of a list, or the values of a map; borrows as well */
};

/* A new node of the tree. */
gw_yaml_node *gw_yaml_node_new(gw_yaml *yaml, gw_yaml_kind kind, gsize offset, gsize length);

/* Read the events of libfyaml into `yaml`. */
gboolean gw_yaml_build(gw_yaml *yaml, GError **error) GW_CHECKED;

#endif
