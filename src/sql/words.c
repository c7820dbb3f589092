#include "sql/words.h"

#include "base/text.h"

/* Read on to a token that a classifier looks at. The marks of conditional comments are not: what
 * stands between them is code. */
static void
read_token(gw_words *words)
{
    gw_token *token = &words->token;
    do
    {
        if (!gw_lexer_next_code(&words->lexer, token))
        {
            *token = (gw_token){.kind = GW_TOKEN_END, .offset = words->lexer.end};
        }
    } while (token->kind == GW_TOKEN_CODE_OPEN || token->kind == GW_TOKEN_CODE_CLOSE);
}

void
gw_words_init(gw_words *words, const gw_lexis *lexis, const char *text, gsize length)
{
    memset(words, 0, sizeof *words);
    gw_lexer_init(&words->lexer, lexis, text, 0, length);
    read_token(words);
}

void
gw_words_step(gw_words *words)
{
    if (words->token.kind == GW_TOKEN_OPEN)
    {
        words->depth++;
    }
    else if (words->token.kind == GW_TOKEN_CLOSE && words->depth > 0)
    {
        words->depth--;
    }
    read_token(words);
}

gboolean
gw_words_end(const gw_words *words)
{
    return words->token.kind == GW_TOKEN_END;
}

/* Does `length` bytes of a phrase name the token here? Punctuation stands for itself. */
static gboolean
fits(const gw_words *words, const char *word, gsize length)
{
    const gw_token *token = &words->token;
    if (token->kind == GW_TOKEN_QUOTED_NAME || token->kind == GW_TOKEN_STRING)
    {
        return FALSE;
    }
    return token->length == length && length > 0 &&
           g_ascii_strncasecmp(words->lexer.text + token->offset, word, length) == 0;
}

gboolean
gw_words_is(const gw_words *words, const char *word)
{
    return fits(words, word, strlen(word));
}

gboolean
gw_words_take(gw_words *words, const char *phrase)
{
    gw_words ahead = *words;
    while (*phrase != '\0')
    {
        gsize length = strcspn(phrase, " ");
        if (!fits(&ahead, phrase, length))
        {
            return FALSE;
        }
        gw_words_step(&ahead);
        phrase += length;
        phrase += strspn(phrase, " ");
    }
    *words = ahead;
    return TRUE;
}

int
gw_words_take_any(gw_words *words, const char *const *phrases)
{
    for (int i = 0; phrases[i] != NULL; i++)
    {
        if (gw_words_take(words, phrases[i]))
        {
            return i;
        }
    }
    return -1;
}

static gboolean
on_name(const gw_words *words)
{
    return words->token.kind == GW_TOKEN_WORD || words->token.kind == GW_TOKEN_QUOTED_NAME;
}

/* Is the cursor on a dot with a name behind it? */
static gboolean
on_next_part(const gw_words *words)
{
    gw_words ahead = *words;
    if (ahead.token.kind != GW_TOKEN_DOT)
    {
        return FALSE;
    }
    gw_words_step(&ahead);
    return on_name(&ahead);
}

gboolean
gw_words_take_name(gw_words *words, gboolean fold, char **schema, char **name)
{
    gw_token before = {.kind = GW_TOKEN_END};
    gw_token last = words->token;
    if (!on_name(words))
    {
        return FALSE;
    }
    gw_words_step(words);
    for (int parts = 1; parts < 3 && on_next_part(words); parts++)
    {
        gw_words_step(words);
        before = last;
        last = words->token;
        gw_words_step(words);
    }
    *name = gw_token_name(&words->lexer, &last, fold);
    if (schema != NULL)
    {
        gboolean alone = before.kind == GW_TOKEN_END;
        *schema = alone ? NULL : gw_token_name(&words->lexer, &before, fold);
    }
    return TRUE;
}

void
gw_words_skip_parenthesis(gw_words *words)
{
    guint depth = words->depth;
    if (words->token.kind != GW_TOKEN_OPEN)
    {
        return;
    }
    do
    {
        gw_words_step(words);
    } while (!gw_words_end(words) && words->depth > depth);
}

gboolean
gw_words_next_item(gw_words *words)
{
    guint depth = words->depth;
    while (!gw_words_end(words))
    {
        gw_token_kind kind = words->token.kind;
        if (words->depth == depth && kind == GW_TOKEN_CLOSE)
        {
            return FALSE;
        }
        gw_words_step(words);
        if (words->depth == depth && kind == GW_TOKEN_COMMA)
        {
            return TRUE;
        }
    }
    return FALSE;
}

gboolean
gw_words_find(gw_words *words, const char *word, gboolean deep)
{
    guint depth = words->depth;
    while (!gw_words_end(words))
    {
        gboolean level = words->depth == depth;
        if ((deep || level) && gw_words_is(words, word))
        {
            return TRUE;
        }
        if (!deep && level && words->token.kind == GW_TOKEN_CLOSE)
        {
            return FALSE;
        }
        gw_words_step(words);
    }
    return FALSE;
}
