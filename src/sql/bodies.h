/*
 * The bodies of stored programs: where a semicolon does not end the statement. The splitter asks
 * once, at a statement's start, and then shows each token.
 */
#ifndef GW_SQL_BODIES_H
#define GW_SQL_BODIES_H

#include "sql/lexer.h"

typedef enum gw_body_kind
{
    GW_BODY_NONE,     /* the next semicolon ends the statement */
    GW_BODY_RULE,     /* semicolons in parentheses belong to it */
    GW_BODY_TRIGGER,  /* BEGIN …; END: the END that follows a semicolon closes */
    GW_BODY_ATOMIC,   /* BEGIN ATOMIC …; END: likewise */
    GW_BODY_COMPOUND, /* blocks in blocks: BEGIN, IF, CASE, LOOP, REPEAT, WHILE, FOR … END */
} gw_body_kind;

/* What the token before allows the next word to be. */
typedef enum gw_body_place
{
    GW_PLACE_START,   /* a statement begins here */
    GW_PLACE_OPERAND, /* a value or a name is due: a keyword is none here */
    GW_PLACE_OTHER,   /* behind a value or any other word */
    GW_PLACE_PART,    /* behind a dot */
    GW_PLACE_END,     /* behind the END of a block */
} gw_body_place;

/* The open blocks are bits: nothing grows with the text. */
typedef struct gw_body
{
    gw_body_kind kind;
    gw_body_place place;
    guint depth;          /* how many blocks, or parentheses of a rule, are open */
    guint64 expressions;  /* bit n: the block at depth n is a CASE inside an expression */
    guint64 declarations; /* bit n: it is what stands between AS and BEGIN, or a package */
    gboolean handler;     /* in DECLARE … HANDLER FOR: a statement may follow any word */
    gboolean routine;     /* in the head of a routine: AS opens its declarations */
    gsize opened;         /* where the outermost open block began */
} gw_body;

/* Look at the statement that starts at `start`: has it a body? */
void gw_body_init(gw_body *body, const gw_lexer *lexer, gsize start);

/* Take note of a token. A semicolon ends the statement where the depth is 0 then. */
void gw_body_step(gw_body *body, const gw_lexer *lexer, const gw_token *token);

#endif
