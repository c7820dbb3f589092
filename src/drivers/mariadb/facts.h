/* What godwit knows about MariaDB's statements; the parts that share a statement's cursor. */
#ifndef GW_DRIVERS_MARIADB_FACTS_H
#define GW_DRIVERS_MARIADB_FACTS_H

#include "sql/facts.h"
#include "sql/words.h"

/* How the server does an ALTER: each can do all that the one before it can. */
typedef enum gw_mariadb_algorithm
{
    GW_MARIADB_INSTANT, /* the catalog alone */
    GW_MARIADB_NOCOPY,  /* an index is built or dropped, the rows stay */
    GW_MARIADB_INPLACE, /* the engine writes the table anew */
    GW_MARIADB_COPY,    /* the server copies row by row */
} gw_mariadb_algorithm;

/* Who may go on meanwhile. */
typedef enum gw_mariadb_share
{
    GW_MARIADB_NONE, /* readers and writers */
    GW_MARIADB_SHARED,
    GW_MARIADB_EXCLUSIVE,
} gw_mariadb_share;

/*
 * What a change of a table costs: as a rule, and at most where the table's other features or the
 * old definition decide. Measured on 10.11 by the ladder of tests/unit/test-mariadb-ladder.c.
 */
typedef struct gw_mariadb_cost
{
    gw_mariadb_algorithm least;
    gw_mariadb_algorithm most;
    gw_mariadb_share least_share;
    gw_mariadb_share most_share;
    gboolean scans;    /* reads all rows although it writes none */
    gboolean reshapes; /* changes which columns there are: an index beside it needs a rebuild */
    gboolean computes; /* adds a virtual column: an index beside it locks writers out */
} gw_mariadb_cost;

/* Both in one statement. */
void gw_mariadb_cost_add(gw_mariadb_cost *cost, const gw_mariadb_cost *more);

/* What ALGORITHM= and LOCK= say is believed: the server refuses what it cannot do so. */
void gw_mariadb_cost_cap(gw_mariadb_cost *cost, gw_mariadb_algorithm algorithm);
void gw_mariadb_cost_share(gw_mariadb_cost *cost, gw_mariadb_share share);

/* Write relation, rewrite and scan into the facts. */
void gw_mariadb_cost_state(
    const gw_mariadb_cost *cost, gw_facts *facts, const char *schema, const char *name);

/* Take ALGORITHM [=] word or LOCK [=] word when one stands here. */
gboolean gw_mariadb_take_clause(gw_words *words, gw_mariadb_cost *cost);

typedef struct gw_mariadb_reader gw_mariadb_reader;

/* One way for a statement to begin, and what is so of all that do. */
typedef struct gw_mariadb_rule
{
    const char *phrase;
    const char *verb;
    gw_kind kind;
    gw_transactional transactional;
    gw_probe_kind probe;
    gw_object_kind object;
    guint destroys;
    void (*read)(gw_mariadb_reader *reader);
    const char *note;
} gw_mariadb_rule;

/* A statement that is being read. */
struct gw_mariadb_reader
{
    gw_words words;
    gw_facts *facts;
    const gw_mariadb_rule *rule;
    gboolean replace;   /* OR REPLACE */
    gboolean lenient;   /* IF [NOT] EXISTS */
    gboolean temporary; /* of the session alone */
    gw_mariadb_cost cost;
};

gw_facts *gw_mariadb_facts(const char *sql, gsize length);

/* Take IF EXISTS or IF NOT EXISTS. */
void gw_mariadb_take_if(gw_mariadb_reader *reader);

/* What the plan shows: "name", of the first that is set, or "table.name". */
void gw_mariadb_set_object(gw_facts *facts, const char *table, const char *name);

/* Make the facts those of the rule, and read on with it. */
void gw_mariadb_apply(gw_mariadb_reader *reader, const gw_mariadb_rule *rule);

/* Apply the first of `count` rules whose phrase stands here; FALSE when none does. */
gboolean gw_mariadb_match(gw_mariadb_reader *reader, const gw_mariadb_rule *list, gsize count);

/* What is not known: UNKNOWN, and all that seems to be a table is locked against all. */
void gw_mariadb_read_unknown(gw_mariadb_reader *reader);

/* Add the tables behind FROM, USING and JOIN from here on, at the depth of the cursor. */
void gw_mariadb_read_sources(gw_mariadb_reader *reader, gw_blocks blocks, const char *lock);

/* Take the name of what the statement is about: object and probe are set from the rule. Nothing
 * happens where no name stands. `names` (may be NULL) get copies: the caller frees them. */
gboolean gw_mariadb_take_object(gw_mariadb_reader *reader, char **schema, char **name);

/* Look ahead for ENGINE = name, and say in the facts whether such a table keeps part of a statement
 * that fails. */
void gw_mariadb_read_engine(gw_mariadb_reader *reader);

/* Set the probe to REPEAT, and say that it may be repeated. */
void gw_mariadb_repeats(gw_facts *facts);

void gw_mariadb_read_create(gw_mariadb_reader *reader);
void gw_mariadb_read_drop(gw_mariadb_reader *reader);
void gw_mariadb_read_rename_table(gw_mariadb_reader *reader);
void gw_mariadb_read_alter_table(gw_mariadb_reader *reader);
void gw_mariadb_read_alter(gw_mariadb_reader *reader);
void gw_mariadb_read_insert(gw_mariadb_reader *reader);
void gw_mariadb_read_update(gw_mariadb_reader *reader);
void gw_mariadb_read_delete(gw_mariadb_reader *reader);
void gw_mariadb_read_load(gw_mariadb_reader *reader);
void gw_mariadb_read_with(gw_mariadb_reader *reader);
void gw_mariadb_read_set(gw_mariadb_reader *reader);
void gw_mariadb_read_begin(gw_mariadb_reader *reader);

/* Read the facts of the statement that begins at the cursor, as if it stood alone. */
void gw_mariadb_read_inner(gw_mariadb_reader *reader);

#endif
