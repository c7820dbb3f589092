/*
 * How the text of a dialect is cut into tokens: data that each dialect states once, read by lexer,
 * splitter and normaliser, which know no database by name.
 */
#ifndef GW_SQL_LEXIS_H
#define GW_SQL_LEXIS_H

#include "base/base.h"

typedef enum gw_lexis_flag
{
    GW_LEXIS_DOLLAR_QUOTE = 1u << 0,        /* $tag$ … $tag$ */
    GW_LEXIS_NESTED_COMMENT = 1u << 1,      /* comments in comments; CR ends a line comment too */
    GW_LEXIS_BACKSLASH = 1u << 2,           /* \ escapes in every '…' (not in E'…' only) */
    GW_LEXIS_ESCAPE_STRING = 1u << 3,       /* E'…', U&'…', U&"…" */
    GW_LEXIS_BACKTICK = 1u << 4,            /* `name` */
    GW_LEXIS_BRACKET = 1u << 5,             /* [name] */
    GW_LEXIS_HASH_COMMENT = 1u << 6,        /* # to the end of the line */
    GW_LEXIS_CONDITIONAL = 1u << 7,         /* the text inside a version comment is code */
    GW_LEXIS_DASH_SPACE = 1u << 8,          /* -- opens a comment only before white space or end */
    GW_LEXIS_DOUBLE_QUOTE_STRING = 1u << 9, /* "…" is a string (ANSI_QUOTES off) */
    GW_LEXIS_DELIMITER = 1u << 10,          /* the client's DELIMITER line */
    GW_LEXIS_COPY_DATA = 1u << 11,          /* COPY … FROM stdin; and data up to \. */
    GW_LEXIS_BEGIN_ATOMIC = 1u << 12,       /* CREATE FUNCTION … BEGIN ATOMIC … END */
    GW_LEXIS_COMPOUND = 1u << 13,           /* BEGIN … END, IF, LOOP … in stored programs */
    GW_LEXIS_TRIGGER_BODY = 1u << 14,       /* CREATE TRIGGER … BEGIN … END (SQLite) */
    GW_LEXIS_PSQL_COMMAND = 1u << 15,       /* a line that starts with \ between statements */
    GW_LEXIS_RULE_PARENTHESES = 1u << 16,   /* ; inside (…) of CREATE RULE does not end it */
    GW_LEXIS_ORACLE = 1u << 17,             /* routines declare between AS and BEGIN; set by the
                                               text itself (SET sql_mode) */
} gw_lexis_flag;

typedef struct gw_lexis
{
    guint flags; /* of gw_lexis_flag */
} gw_lexis;

#endif
