/*
 * What godwit knows about one statement before it runs: said once by its dialect, read by the plan,
 * the stall budget, the probing after a crash, and later lint and kept data.
 */
#ifndef GW_SQL_FACTS_H
#define GW_SQL_FACTS_H

#include "base/error.h"
#include "base/object_kind.h"

/* What others cannot do with a relation while the statement holds its lock; in this order. */
typedef enum gw_blocks
{
    GW_BLOCKS_NOTHING, /* reads and writes go on */
    GW_BLOCKS_SCHEMA,  /* other schema changes wait; reads and writes go on */
    GW_BLOCKS_WRITES,
    GW_BLOCKS_ALL, /* reads wait as well */
} gw_blocks;

/* "nothing", "schema changes", "writes", "reads and writes". */
const char *gw_blocks_text(gw_blocks blocks);

typedef enum gw_answer3
{
    GW_NO,
    GW_YES,
    GW_DEPENDS, /* on the server, the data or other objects: the note says on what */
    GW_UNKNOWN,
} gw_answer3;

/* "no", "yes", "depends", "unknown". */
const char *gw_answer3_text(gw_answer3 answer);

/* How long a lock lasts. */
typedef enum gw_span
{
    GW_SPAN_MOMENT, /* a change of the catalog: milliseconds */
    GW_SPAN_ROWS,   /* grows with the rows: a scan, a rewrite, an index build, a change of data */
} gw_span;

/* A relation that a statement locks. */
typedef struct gw_fact_relation
{
    char *schema; /* NULL: found by the search path */
    char *name;
    gw_blocks blocks;
    gw_span span;
    const char *lock;    /* the database's own word: "ACCESS EXCLUSIVE", "INPLACE, LOCK=NONE" */
    gw_object_kind kind; /* what it is, as far as the statement says: an index or a view cannot be
                            locked in LOCK TABLE; NONE where a dialect does not say it */
    gboolean writes;     /* rows of it may change, where the dialect says so */
    gboolean model;      /* the table that the statement makes is made like this one */
} gw_fact_relation;

/* What kind of thing a statement is for the one who runs it. */
typedef enum gw_kind
{
    GW_KIND_QUERY,   /* reads */
    GW_KIND_DATA,    /* INSERT, UPDATE, DELETE, MERGE, REPLACE, COPY: rolls back */
    GW_KIND_SCHEMA,  /* changes the schema, grants, comments */
    GW_KIND_SESSION, /* SET, PRAGMA, RESET: changes this session only */
    GW_KIND_CALL,    /* CALL, DO, EXECUTE: may do anything */
    GW_KIND_CONTROL, /* BEGIN, COMMIT, ROLLBACK, SAVEPOINT, START TRANSACTION, SET autocommit */
    GW_KIND_CLIENT,  /* USE, DROP DATABASE, LOCK TABLES … : not for a migration */
    GW_KIND_SERVICE, /* VACUUM, ANALYZE, REINDEX … */
    GW_KIND_OTHER,
} gw_kind;

/* How it stands to a transaction. */
typedef enum gw_transactional
{
    GW_TRANSACTION_FITS,    /* runs in one and rolls back with it */
    GW_TRANSACTION_COMMITS, /* runs anywhere, and commits what was open (MariaDB's DDL) */
    GW_TRANSACTION_REFUSES, /* cannot run inside one (CREATE INDEX CONCURRENTLY, VACUUM) */
    GW_TRANSACTION_OUTSIDE, /* inside one it has no effect (PRAGMA foreign_keys) */
} gw_transactional;

/* How the live catalog tells whether a statement took effect (verified.md 2). */
typedef enum gw_probe_kind
{
    GW_PROBE_NONE,       /* it has no effect that stays, or it rolls back with its ledger row */
    GW_PROBE_APPEARS,    /* the object is there afterwards and was not before */
    GW_PROBE_VANISHES,   /* the other way round */
    GW_PROBE_DEFINITION, /* the definition of the object differs afterwards */
    GW_PROBE_CATALOG,    /* the digest of the whole catalog differs afterwards (CALL, unknown) */
    GW_PROBE_REPEAT,     /* not asked: running it twice ends the same */
    GW_PROBE_IMPOSSIBLE, /* cannot be told: named in the plan before the run */
} gw_probe_kind;

typedef struct gw_probe
{
    gw_probe_kind kind;
    gw_object_kind object;
    char *schema; /* NULL: the working schema */
    char *name;
    char *table; /* of a column, index, constraint or trigger, where the statement says it */
} gw_probe;

/* What a statement destroys; bits. */
typedef enum gw_destroys
{
    GW_DESTROYS_NOTHING = 0,
    GW_DESTROYS_TABLE = 1u << 0,
    GW_DESTROYS_COLUMN = 1u << 1,
    GW_DESTROYS_ROWS = 1u << 2,   /* DELETE, TRUNCATE */
    GW_DESTROYS_VALUES = 1u << 3, /* UPDATE, narrowing types */
    GW_DESTROYS_OBJECT = 1u << 4, /* a view, routine, index …: can be made again from its text */
} gw_destroys;

typedef struct gw_facts
{
    gw_kind kind;
    const char *verb;     /* "CREATE TABLE", "ALTER TABLE ADD COLUMN": static text, never NULL */
    char *object;         /* what it is about, as the plan shows it: "users.email"; may be NULL */
    GPtrArray *relations; /* of gw_fact_relation *; relations that existed before it */
    gw_transactional transactional;
    gw_answer3 rewrite;  /* does it write every row of a table anew? */
    gw_answer3 scan;     /* does it read every row of a table? */
    guint destroys;      /* of gw_destroys */
    gboolean repeatable; /* running it twice ends the same */
    gboolean creates;    /* makes its object: relations of that name did not exist before */
    gboolean copy_in;    /* COPY … FROM stdin: wants data */
    gboolean session;    /* leaves something in the session besides: a temporary table, a lock */
    gboolean concurrent; /* waits for old transactions: must run without a lock timeout */
    gw_probe probe;
    char *engine;     /* that the statement gives its table, where it keeps part of a statement that
                         fails; "" for one that does not; NULL: it names none */
    char *incomplete; /* "table x is ENGINE=MEMORY, which …": why part of it may stay when it fails;
                         NULL: nothing does. Told by the live database. */
    const char *note; /* one line of advice or reason for the plan; static; may be NULL */
} gw_facts;

/* Facts that say nothing yet: OTHER, FITS, UNKNOWN, probe CATALOG. */
gw_facts *gw_facts_new(void);
void gw_facts_free(gw_facts *facts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(gw_facts, gw_facts_free)

/* Add a relation; `schema` and `name` are copied. The strongest lock on a relation wins. */
void gw_facts_add_relation(gw_facts *facts, const char *schema, const char *name, gw_blocks blocks,
    gw_span span, const char *lock);

/* Set the probe; texts are copied. */
void gw_facts_set_probe(gw_facts *facts, gw_probe_kind kind, gw_object_kind object,
    const char *schema, const char *name, const char *table);

/* The strongest lock on a relation that existed before. */
gw_blocks gw_facts_blocks(const gw_facts *facts);

#endif
