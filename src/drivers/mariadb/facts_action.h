/* One action of an ALTER TABLE: what it costs, and how its effect is seen. */
#ifndef GW_DRIVERS_MARIADB_FACTS_ACTION_H
#define GW_DRIVERS_MARIADB_FACTS_ACTION_H

#include "drivers/mariadb/facts.h"

/* How many effects of one statement are looked at when its probe is chosen. */
#define GW_MARIADB_EFFECTS 32

/* A name that comes or goes. */
typedef struct gw_mariadb_effect
{
    gw_probe_kind kind; /* APPEARS or VANISHES */
    gw_object_kind object;
    char *name;
} gw_mariadb_effect;

/* An ALTER TABLE that is being read. */
typedef struct gw_mariadb_alter
{
    gw_mariadb_reader *reader;
    gw_words *words;
    gw_facts *facts;
    char *schema;
    char *table;
    char *new_schema; /* where RENAME TO puts it, when it says so */
    gw_mariadb_cost cost;
    guint count;        /* actions so far */
    guint repeatable;   /* those that may run twice */
    guint silent;       /* those that leave no trace in the definition */
    guint hidden;       /* those whose effect cannot be seen at all */
    gboolean drops_key; /* DROP PRIMARY KEY: a copy, unless another one comes */
    gboolean adds_key;
    gboolean adds_column; /* and drops one besides: a copy where there is a virtual column */
    gw_mariadb_effect effects[GW_MARIADB_EFFECTS];
    guint effect_count;
} gw_mariadb_alter;

typedef struct gw_mariadb_action gw_mariadb_action;

/* One way for an action to begin. */
struct gw_mariadb_action
{
    const char *phrase;
    const char *verb;
    gw_mariadb_cost cost;
    gw_probe_kind probe; /* APPEARS, VANISHES, DEFINITION, REPEAT (no trace), IMPOSSIBLE */
    gw_object_kind object;
    guint destroys;
    gboolean repeatable;
    void (*read)(gw_mariadb_alter *alter, const gw_mariadb_action *action);
    const char *note;
};

/* Costs: as a rule, at most; share as a rule, at most; scans, reshapes, computes. */
#define GW_COST_QUICK                                                                              \
    {                                                                                              \
        GW_MARIADB_INSTANT, GW_MARIADB_INSTANT, GW_MARIADB_NONE, GW_MARIADB_NONE, FALSE, FALSE,    \
            FALSE                                                                                  \
    }
#define GW_COST_INDEX                                                                              \
    {                                                                                              \
        GW_MARIADB_NOCOPY, GW_MARIADB_NOCOPY, GW_MARIADB_NONE, GW_MARIADB_NONE, TRUE, FALSE, FALSE \
    }
#define GW_COST_ANEW                                                                               \
    {                                                                                              \
        GW_MARIADB_INPLACE, GW_MARIADB_INPLACE, GW_MARIADB_NONE, GW_MARIADB_NONE, FALSE, FALSE,    \
            FALSE                                                                                  \
    }
#define GW_COST_COPY                                                                               \
    {                                                                                              \
        GW_MARIADB_COPY, GW_MARIADB_COPY, GW_MARIADB_SHARED, GW_MARIADB_SHARED, FALSE, FALSE,      \
            FALSE                                                                                  \
    }
#define GW_COST_ANY                                                                                \
    {                                                                                              \
        GW_MARIADB_INSTANT, GW_MARIADB_COPY, GW_MARIADB_NONE, GW_MARIADB_SHARED, FALSE, FALSE,     \
            FALSE                                                                                  \
    }

#define GW_COPY_NOTE      "all rows are copied; writes wait"
#define GW_PARTITION_NOTE "rows are copied between partitions; writes wait"
#define GW_REFERENCE_NOTE                                                                          \
    "all rows are copied and checked; writes wait, on the referenced table too"
#define GW_CHECK_NOTE "all rows are copied and checked; writes wait"

/* Read one action, to behind its last word that matters; FALSE where none is known. */
gboolean gw_mariadb_read_action(gw_mariadb_alter *alter);

/* Take IF [NOT] EXISTS: what may be so already may run twice, and its effect tells nothing. */
gboolean gw_mariadb_take_lenient(gw_mariadb_alter *alter);

/* Take a name; NULL where none stands. The caller frees it. */
char *gw_mariadb_take_name(gw_mariadb_alter *alter);

/* Show what the first action is about. */
void gw_mariadb_show(gw_mariadb_alter *alter, const char *name);

void gw_mariadb_add_cost(gw_mariadb_alter *alter, gw_mariadb_cost cost);
void gw_mariadb_add_effect(
    gw_mariadb_alter *alter, gw_probe_kind kind, gw_object_kind object, const char *name);

/* Show `name`, and remember that it comes or goes as the action says. */
void gw_mariadb_note_effect(
    gw_mariadb_alter *alter, const gw_mariadb_action *action, gboolean lenient, const char *name);

/* Take the table behind REFERENCES: writes on it wait while all rows are looked up in it. */
void gw_mariadb_add_parent(gw_mariadb_alter *alter);

/* The readers of actions. */
void gw_mariadb_add_column(gw_mariadb_alter *alter, const gw_mariadb_action *action);
void gw_mariadb_change_column(gw_mariadb_alter *alter, const gw_mariadb_action *action);
void gw_mariadb_modify_column(gw_mariadb_alter *alter, const gw_mariadb_action *action);
void gw_mariadb_alter_column(gw_mariadb_alter *alter, const gw_mariadb_action *action);
void gw_mariadb_add_constraint(gw_mariadb_alter *alter, const gw_mariadb_action *action);
void gw_mariadb_add_reference(gw_mariadb_alter *alter, const gw_mariadb_action *action);
void gw_mariadb_add_key(gw_mariadb_alter *alter, const gw_mariadb_action *action);
void gw_mariadb_primary_key(gw_mariadb_alter *alter, const gw_mariadb_action *action);
void gw_mariadb_drop_one(gw_mariadb_alter *alter, const gw_mariadb_action *action);
void gw_mariadb_rename_one(gw_mariadb_alter *alter, const gw_mariadb_action *action);
void gw_mariadb_rename_table(gw_mariadb_alter *alter, const gw_mariadb_action *action);
void gw_mariadb_add_partition(gw_mariadb_alter *alter, const gw_mariadb_action *action);
void gw_mariadb_table_option(gw_mariadb_alter *alter, const gw_mariadb_action *action);

#endif
