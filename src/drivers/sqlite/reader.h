/* The statement whose facts are being told, for the files that tell them. */
#ifndef GW_DRIVERS_SQLITE_READER_H
#define GW_DRIVERS_SQLITE_READER_H

#include "sql/facts.h"
#include "sql/words.h"

/* A statement that writes takes the one lock there is; readers go on in WAL mode. */
#define GW_SQLITE_LOCK "write lock of the whole database"

typedef struct gw_sqlite_rule gw_sqlite_rule;

typedef struct gw_sqlite_reader
{
    gw_words words; /* behind the phrase of the rule */
    gw_facts *facts;
    const gw_sqlite_rule *rule;
} gw_sqlite_reader;

/* What starts with `phrase` has these facts; `read` (may be NULL) adds what the rest says. */
struct gw_sqlite_rule
{
    const char *phrase;
    const char *verb;
    gw_kind kind;
    gw_transactional transactional;
    gw_answer3 rewrite;
    gw_answer3 scan;
    guint destroys;
    gw_object_kind object;
    gboolean temporary;
    void (*read)(gw_sqlite_reader *reader);
    const char *note;
};

/* The table itself that holds the schema: what a statement writes that names no other table. */
void gw_sqlite_lock_schema(gw_sqlite_reader *reader);

/* The parts that read one family of statements. */
void gw_sqlite_read_alter(gw_sqlite_reader *reader);
void gw_sqlite_read_pragma(gw_sqlite_reader *reader);
void gw_sqlite_read_insert(gw_sqlite_reader *reader);
void gw_sqlite_read_update(gw_sqlite_reader *reader);
void gw_sqlite_read_delete(gw_sqlite_reader *reader);

#endif
