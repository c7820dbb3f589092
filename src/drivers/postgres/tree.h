/*
 * A statement as the tree that PostgreSQL's own grammar makes of it. libpg_query hands the tree
 * over as JSON text, which is cut here in place into one array: json-glib takes ten times as long
 * as the parser itself, and its message structs three times.
 */
#ifndef GW_DRIVERS_POSTGRES_TREE_H
#define GW_DRIVERS_POSTGRES_TREE_H

#include "base/base.h"

/* A node and all below it stand side by side, parents before their children. */
typedef struct gw_pg_node
{
    const char *key;  /* the field's name or the node's type; "" in a list */
    const char *text; /* of a string, number, true or false; NULL of an object or a list */
    guint size;       /* how many nodes, itself and all below it */
    guint up;         /* how far before it the parent stands; 0: none */
} gw_pg_node;

typedef struct gw_pg_tree gw_pg_tree;

/* Parse one statement. NULL when the grammar does not know it, or it is too long to be worth it. */
gw_pg_tree *gw_pg_tree_parse(const char *sql, gsize length);
void gw_pg_tree_free(gw_pg_tree *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(gw_pg_tree, gw_pg_tree_free)

/* The statement's node: its key is the type, "AlterTableStmt". */
const gw_pg_node *gw_pg_tree_statement(const gw_pg_tree *tree);

/* The first node below `node` and the next beside `child`; NULL after the last. `node` may be NULL:
 * nothing is below it. */
const gw_pg_node *gw_pg_first(const gw_pg_node *node);
const gw_pg_node *gw_pg_next(const gw_pg_node *node, const gw_pg_node *child);

/* The field of that name, or NULL; its text, or NULL; is it true? */
const gw_pg_node *gw_pg_get(const gw_pg_node *node, const char *key);
const char *gw_pg_text(const gw_pg_node *node, const char *key);
gboolean gw_pg_flag(const gw_pg_node *node, const char *key);

/* Is the field's text `text`? */
gboolean gw_pg_is(const gw_pg_node *node, const char *key, const char *text);

/* The n-th text from the end (0: the last) of a list of String nodes, as names are; or NULL. */
const char *gw_pg_name(const gw_pg_node *list, guint from_end);

/* Does a list of DefElem nodes hold `name`, and is it not switched off? */
gboolean gw_pg_option(const gw_pg_node *list, const char *name);

#endif
