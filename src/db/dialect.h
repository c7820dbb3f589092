/*
 * The words of a database: everything about it that is text alone and needs no connection. One
 * constant table per driver; a question that it cannot answer is a NULL entry.
 */
#ifndef GW_DB_DIALECT_H
#define GW_DB_DIALECT_H

#include "sql/facts.h"
#include "sql/lexis.h"

/*
 * What a database can do. Code above the drivers asks here and never for a database's name. The
 * dialect says what any supported version can; a connection what this server can.
 */
typedef enum gw_feature
{
    GW_FEATURE_SCHEMA_IN_TRANSACTION = 1u << 0, /* DDL rolls back with its transaction */
    GW_FEATURE_SESSION_LOCK = 1u << 1,          /* a named lock that dies with the session */
    GW_FEATURE_FILE_LOCK = 1u << 2,             /* the lock is on a file beside the database */
    GW_FEATURE_PIPELINE = 1u << 3,              /* statements are sent before answers are read */
    GW_FEATURE_SCHEMAS = 1u << 4,           /* schemas inside a database: the ledger gets its own */
    GW_FEATURE_LOCK_TABLES_FIRST = 1u << 5, /* all relations can be locked in one statement */
    GW_FEATURE_SERVER = 1u << 6,            /* other sessions exist, and can be seen and ended */
    GW_FEATURE_COPY_IN = 1u << 7,           /* COPY … FROM stdin */
    GW_FEATURE_CREATES_DATABASE = 1u << 8,  /* a missing database can be made by connecting */
    GW_FEATURE_LOCK_TIMEOUT = 1u << 9,      /* waiting for a lock can be bounded below a second */
    GW_FEATURE_RESET_INSIDE = 1u << 10,     /* a session can be put back inside a transaction */
    GW_FEATURE_LIMIT_INSIDE = 1u << 11,     /* limits can be set inside an open pipeline */
} gw_feature;

/* Tables of the ledger, in SQL of the dialect: what the ledger room writes and reads. */
typedef struct gw_dialect gw_dialect;

struct gw_dialect
{
    const char *name;           /* "postgres": as in file names, messages and --json */
    const char *title;          /* "PostgreSQL": for people */
    const char *const *aliases; /* names in databases:…, NULL-terminated: "mariadb", "mysql" */
    guint features;             /* of gw_feature */
    gw_lexis lexis;
    gboolean folds_names; /* names without quotes are lower case */
    const char *begin;    /* begins a transaction that will write; NULL: "BEGIN" */
    guint name_bytes;     /* the longest name, in bytes (63) or characters (64); 0: no limit */

    /* The one door for names: append `name` quoted. */
    void (*quote_name)(GString *out, const char *name);

    /* The one door for literals: append `text` as a string literal; NULL as NULL. */
    void (*quote_text)(GString *out, const char *text);

    /* The facts of one statement; never fails: what is not understood has UNKNOWN in it, and the
     * strongest lock on the relations that it seems to name. */
    gw_facts *(*facts)(const char *sql, gsize length);

    /*
     * The statement that takes the locks of `relations` (gw_fact_relation *), in that order, before
     * the statements that need them; NULL where a database cannot (LOCK_TABLES_FIRST is not set).
     * The caller frees the text, which is one statement.
     */
    char *(*lock_relations)(const GPtrArray *relations);

    /*
     * The statement that takes away what a failed or dead try of a statement with these facts left
     * behind and the next try would trip over (the INVALID index of CREATE INDEX CONCURRENTLY); for
     * one that is told by a definition, what completes it (DETACH PARTITION … CONCURRENTLY);
     * NULL for statements that leave nothing. May be NULL itself. The caller frees it.
     */
    char *(*remove_remains)(const gw_facts *facts);

    /* The type and clause texts of the ledger's columns, and its small differences in SQL. */
    const struct gw_ledger_words *ledger;

    /* What a script needs that the database's own client runs; NULL: no scripts. */
    const struct gw_script_words *script;
};

/* The n-th parameter of a statement ("$1" or "?"): what is put where a value goes. */
typedef struct gw_ledger_words
{
    const char *text;       /* the type of a text that may be a key: "text", "varchar(190)" */
    const char *long_text;  /* of a text of any length: "text", "longtext" */
    const char *integer;    /* 64 bits: "bigint" */
    const char *stamp;      /* a moment with microseconds, in UTC */
    const char *now;        /* an expression: the server's clock now, as `stamp`; not the start of
                               the transaction */
    const char *stamp_text; /* text with one %s, where a column goes: its ISO 8601 text in UTC
                               with Z; other percent signs stand for themselves */
    const char *later;      /* as that, with a parameter in microseconds: now plus that */
    const char *table_tail; /* after a table's parenthesis: "ENGINE=InnoDB …" or "" */
    const char *share_row;  /* after a SELECT: keeps the row as it is until the commit, and lets
                               heartbeats through where the database can: "FOR KEY SHARE" */
    gboolean numbered;      /* parameters are $1, $2 …; else ? */
} gw_ledger_words;

/*
 * For scripts that the database's own client runs. Statements end with a semicolon and a line end,
 * except where one is put around others: an expression, a condition.
 */
typedef struct gw_script_words
{
    const char *run;     /* the command line, for a comment */
    const char *client;  /* commands of the client: it stops at the first error */
    const char *save;    /* statements: remember the session's settings; "" */
    const char *session; /* statements: the session reads text as godwit does, and works where it
                            does; %s: the ledger's schema or prefix as a literal */
    const char *reset;   /* statements: put the settings back; _session comes after them */
    const char *place;   /* an expression: the working schema */
    const char *user;    /* an expression: who is connected */
    const char *sha256;  /* an expression with one %s, a text: its SHA-256 in hexadecimal digits;
                            NULL: the database has none */
    const char *holds;   /* a condition with %s for the lock's name, an expression: takes the lock
                            that a connection takes; NULL: there is none that a client can take */
    const char *wait_inside;   /* a statement with %s for a number: bounds the wait for a lock until
                                  the transaction ends; NULL: as wait_alone */
    const char *wait_alone;    /* … of the session; NULL: no such thing */
    const char *wait_reset;    /* puts that back */
    gint64 wait_unit;          /* microseconds of that number */
    const char *integrity_off; /* statements, where references are switched off for a while; else */
    const char *integrity_on;  /* all of these are NULL */
    const char *broken_before; /* statements: remember which references are broken */
    const char *broken_since;  /* a condition: more are broken now */
    const char *broken_end;    /* statements: forget it */
} gw_script_words;

/* Has the dialect, or its server, this feature? */
gboolean gw_dialect_has(const gw_dialect *dialect, gw_feature feature);

/* Does `name` (of a file or of databases:…) mean this dialect? */
gboolean gw_dialect_answers(const gw_dialect *dialect, const char *name);

/* "schema"."name" with the dialect's quotes; `schema` may be NULL. The caller frees it. */
char *gw_dialect_name(const gw_dialect *dialect, const char *schema, const char *name);

#endif
