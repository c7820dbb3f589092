/* One row for each type of statement in PostgreSQL's grammar: what is always so, and who reads the
 * rest from the tree. */
#ifndef GW_DRIVERS_POSTGRES_RULES_H
#define GW_DRIVERS_POSTGRES_RULES_H

#include "drivers/postgres/locks.h"

/* What a rule says besides kind and verb; bits. */
typedef enum gw_pg_rule_flag
{
    GW_PG_RULE_REFUSES = 1u << 0, /* cannot run in a transaction */
    GW_PG_RULE_REPEAT = 1u << 1,  /* twice ends the same */
    GW_PG_RULE_CREATES = 1u << 2,
    GW_PG_RULE_SCAN = 1u << 3,
    GW_PG_RULE_REWRITE = 1u << 4,
    GW_PG_RULE_SILENT = 1u << 5, /* leaves nothing behind: no probe */
} gw_pg_rule_flag;

typedef struct gw_pg_rule
{
    const char *node;
    const char *verb;
    gw_kind kind;
    guint flags; /* of gw_pg_rule_flag */
    guint destroys;
    void (*read)(gw_facts *facts, const gw_pg_node *statement);
} gw_pg_rule;

/* The rule of a type of node; NULL for none. */
const gw_pg_rule *gw_pg_rule_find(const char *node);

/* Readers: alter.c */
void gw_pg_read_alter(gw_facts *facts, const gw_pg_node *statement);

/* change.c: ALTER … RENAME, SET SCHEMA, OWNER, DROP, COMMENT, GRANT */
void gw_pg_read_rename(gw_facts *facts, const gw_pg_node *statement);
void gw_pg_read_move(gw_facts *facts, const gw_pg_node *statement);
void gw_pg_read_owner(gw_facts *facts, const gw_pg_node *statement);
void gw_pg_read_drop(gw_facts *facts, const gw_pg_node *statement);
void gw_pg_read_truncate(gw_facts *facts, const gw_pg_node *statement);
void gw_pg_read_comment(gw_facts *facts, const gw_pg_node *statement);
void gw_pg_read_grant(gw_facts *facts, const gw_pg_node *statement);
void gw_pg_read_domain(gw_facts *facts, const gw_pg_node *statement);
void gw_pg_read_enum(gw_facts *facts, const gw_pg_node *statement);
void gw_pg_read_alter_sequence(gw_facts *facts, const gw_pg_node *statement);

/* create.c */
void gw_pg_read_table(gw_facts *facts, const gw_pg_node *statement);
void gw_pg_read_table_as(gw_facts *facts, const gw_pg_node *statement);
void gw_pg_read_select(gw_facts *facts, const gw_pg_node *statement);
void gw_pg_read_index(gw_facts *facts, const gw_pg_node *statement);
void gw_pg_read_view(gw_facts *facts, const gw_pg_node *statement);
void gw_pg_read_trigger(gw_facts *facts, const gw_pg_node *statement);
void gw_pg_read_rule(gw_facts *facts, const gw_pg_node *statement);
void gw_pg_read_policy(gw_facts *facts, const gw_pg_node *statement);
void gw_pg_read_sequence(gw_facts *facts, const gw_pg_node *statement);
void gw_pg_read_statistics(gw_facts *facts, const gw_pg_node *statement);
void gw_pg_read_type(gw_facts *facts, const gw_pg_node *statement);
void gw_pg_read_function(gw_facts *facts, const gw_pg_node *statement);
void gw_pg_read_schema(gw_facts *facts, const gw_pg_node *statement);
void gw_pg_read_extension(gw_facts *facts, const gw_pg_node *statement);

/* service.c: VACUUM, REINDEX, LOCK, publications, what runs outside transactions */
void gw_pg_read_vacuum(gw_facts *facts, const gw_pg_node *statement);
void gw_pg_read_reindex(gw_facts *facts, const gw_pg_node *statement);
void gw_pg_read_cluster(gw_facts *facts, const gw_pg_node *statement);
void gw_pg_read_refresh(gw_facts *facts, const gw_pg_node *statement);
void gw_pg_read_lock(gw_facts *facts, const gw_pg_node *statement);
void gw_pg_read_publication(gw_facts *facts, const gw_pg_node *statement);
void gw_pg_read_subscription(gw_facts *facts, const gw_pg_node *statement);
void gw_pg_read_explain(gw_facts *facts, const gw_pg_node *statement);

#endif
