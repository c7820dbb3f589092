/*
 * The tokens that run to a closing mark: strings, quoted names, comments. Readers for the lexer
 * alone: each stands on the first byte of a token, sets the token's kind and goes to behind it;
 * FALSE, with `unclosed` set, when the mark does not come.
 */
#ifndef GW_SQL_QUOTES_H
#define GW_SQL_QUOTES_H

#include "sql/lexer.h"

/* The byte `ahead` of the cursor; 0 behind the end. */
static inline guchar
gw_lexer_peek(const gw_lexer *lexer, gsize ahead)
{
    gsize at = lexer->at + ahead;
    return at < lexer->end ? (guchar)lexer->text[at] : 0;
}

static inline gboolean
gw_lexer_has(const gw_lexer *lexer, gw_lexis_flag flag)
{
    return (lexer->flags & (guint)flag) != 0;
}

/* What begins with this byte, which may be an operator as well. */
gboolean gw_quotes_slash(gw_lexer *lexer, gw_token *token);
gboolean gw_quotes_star(gw_lexer *lexer, gw_token *token);
gboolean gw_quotes_dash(gw_lexer *lexer, gw_token *token);
gboolean gw_quotes_hash(gw_lexer *lexer, gw_token *token);
gboolean gw_quotes_string(gw_lexer *lexer, gw_token *token);
gboolean gw_quotes_double(gw_lexer *lexer, gw_token *token);
gboolean gw_quotes_tick(gw_lexer *lexer, gw_token *token);
gboolean gw_quotes_bracket(gw_lexer *lexer, gw_token *token);

/* The string behind an E, with its continuations on later lines. */
gboolean gw_quotes_escape_string(gw_lexer *lexer, gw_token *token);

/* What follows a U: &'…' or &"…". */
gboolean gw_quotes_unicode(gw_lexer *lexer, gw_token *token);

/* A string between marks $…$ that are `mark` bytes long. */
gboolean gw_quotes_dollar(gw_lexer *lexer, gw_token *token, gsize mark);

#endif
