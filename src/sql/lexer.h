/*
 * SQL text into tokens. No allocation, no copies: tokens are ranges of the text. The lexer accepts
 * all bytes; what is not closed at the end of the text is an error with its place.
 */
#ifndef GW_SQL_LEXER_H
#define GW_SQL_LEXER_H

#include "base/source.h"
#include "sql/lexis.h"

typedef enum gw_token_kind
{
    GW_TOKEN_END,         /* the end of the text; length 0 */
    GW_TOKEN_SPACE,       /* white space, one token for all of it */
    GW_TOKEN_COMMENT,     /* one comment, with its marks */
    GW_TOKEN_WORD,        /* a keyword or a name without quotes */
    GW_TOKEN_QUOTED_NAME, /* "name", `name`, [name], with its quotes */
    GW_TOKEN_STRING,      /* '…', E'…', $$…$$, X'…', and "…" where that is a string */
    GW_TOKEN_NUMBER,
    GW_TOKEN_PARAMETER, /* :name, $1, ?, @name, @@name */
    GW_TOKEN_OPERATOR,  /* one character that is none of the others, or :: := <= >= <> != || */
    GW_TOKEN_OPEN,      /* ( */
    GW_TOKEN_CLOSE,     /* ) */
    GW_TOKEN_COMMA,
    GW_TOKEN_DOT,
    GW_TOKEN_SEMICOLON,
    GW_TOKEN_CODE_OPEN,  /* the opening of a conditional comment with its version; its content is
                            code, not executed by servers that are older */
    GW_TOKEN_CODE_CLOSE, /* its end */
} gw_token_kind;

typedef struct gw_token
{
    gw_token_kind kind;
    gsize offset; /* from the start of the text */
    gsize length;
} gw_token;

/* A reader of tokens. Copy it to look ahead. All fields are the lexer's own but `at` and `flags`.
 */
typedef struct gw_lexer
{
    const char *text;
    gsize at;             /* where the next token starts; may be set */
    gsize end;            /* where the text ends */
    guint flags;          /* of gw_lexis_flag; may be changed between statements */
    guint code;           /* how deep in conditional comments */
    const char *unclosed; /* after an error: what was not closed ("string", "comment" …) */
    gsize unclosed_at;    /* and where it began */
} gw_lexer;

/* Read `text[start..end)`. Borrows the text. */
void gw_lexer_init(
    gw_lexer *lexer, const gw_lexis *lexis, const char *text, gsize start, gsize end);

/* The next token, GW_TOKEN_END at the end. FALSE when something is not closed: see `unclosed`. */
gboolean gw_lexer_next(gw_lexer *lexer, gw_token *token) GW_CHECKED;

/* The next token that is neither space nor comment. */
gboolean gw_lexer_next_code(gw_lexer *lexer, gw_token *token) GW_CHECKED;

/* Is the token the word `word` (ASCII case aside), unquoted? */
gboolean gw_token_is(const gw_lexer *lexer, const gw_token *token, const char *word);

/*
 * The name that a WORD or QUOTED_NAME token stands for: quotes taken off, doubled quotes single;
 * words are folded to lower case when `fold` is set. Escapes of U&"…" stay as they are. The caller
 * frees it.
 */
char *gw_token_name(const gw_lexer *lexer, const gw_token *token, gboolean fold);

/*
 * SHA-256 (64 hexadecimal digits) of the tokens of a script alone: no comments, space only where
 * tokens would melt without it, words in lower case, empty statements, DELIMITER lines and the last
 * semicolon left off; data of COPY count byte for byte. Equal for texts that mean the same. Text
 * that cannot be cut hashes as raw bytes. Markers of sections are comments: hash section by
 * section where those count. The caller frees it.
 */
char *gw_sql_sha256(const gw_lexis *lexis, const char *text, gsize length);

#endif
