/*
 * The tokens of one statement without space and comments, with what a classifier asks of them:
 * the words of a rule, names, parentheses, lists. Every dialect reads its statements with it.
 */
#ifndef GW_SQL_WORDS_H
#define GW_SQL_WORDS_H

#include "sql/lexer.h"

/* A cursor over the tokens; copying the struct is a bookmark. Tokens are read as they are needed,
 * so that looking at the first words of a statement of 100 MB costs nothing. The marks of
 * conditional comments are left out: their content is code. */
typedef struct gw_words
{
    gw_lexer lexer;
    gw_token token; /* the one the cursor stands on; END at the end */
    guint depth;    /* how many parentheses are open before it */
} gw_words;

/* Stand on the first token of `text`. Unclosed text reads as its end. */
void gw_words_init(gw_words *words, const gw_lexis *lexis, const char *text, gsize length);

/* Step to the next token. */
void gw_words_step(gw_words *words);

gboolean gw_words_end(const gw_words *words);

/* Is the cursor on this word? Punctuation may be asked for as well: "=", "(". Quoted names and
 * strings are no words. */
gboolean gw_words_is(const gw_words *words, const char *word);

/*
 * Take the words of `phrase` ("IF NOT EXISTS") when all of them stand here, one after the other;
 * else stay and return FALSE.
 */
gboolean gw_words_take(gw_words *words, const char *phrase);

/* As _take(), for the first phrase of a NULL-terminated list that fits; its index, or -1. */
int gw_words_take_any(gw_words *words, const char *const *phrases);

/*
 * Take a name with up to two parts before it (a.b.c): `schema` (may be NULL when the caller does
 * not ask) gets the part before the last or NULL, `name` the last. FALSE, and nothing taken, when
 * no name stands here. The caller frees both.
 */
gboolean gw_words_take_name(gw_words *words, gboolean fold, char **schema, char **name);

/* Skip a parenthesis that opens here, to behind its end. */
void gw_words_skip_parenthesis(gw_words *words);

/* Go to behind the next comma at the depth where the cursor stands; FALSE at the end or at a
 * closing parenthesis. */
gboolean gw_words_next_item(gw_words *words);

/* Go on, at any depth when `deep`, until the cursor is on `word`; FALSE at the end and, unless
 * `deep`, at the parenthesis that closes around the cursor: the cursor stands there then. */
gboolean gw_words_find(gw_words *words, const char *word, gboolean deep);

#endif
