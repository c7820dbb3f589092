#include "base/text.h"
#include "sql/lexer.h"

gboolean
gw_token_is(const gw_lexer *lexer, const gw_token *token, const char *word)
{
    return token->kind == GW_TOKEN_WORD &&
           gw_text_is(lexer->text + token->offset, token->length, word);
}

/* The text between quotes, doubled ones made single. Brackets cannot be doubled. */
static char *
unquoted(const char *text, gsize length)
{
    GString *name = g_string_sized_new(length);
    char close = text[0] == '[' ? ']' : text[0];
    for (gsize i = 1; i + 1 < length; i++)
    {
        g_string_append_c(name, text[i]);
        i += text[i] == close;
    }
    return g_string_free(name, FALSE);
}

char *
gw_token_name(const gw_lexer *lexer, const gw_token *token, gboolean fold)
{
    const char *text = lexer->text + token->offset;
    gsize length = token->length;
    if (token->kind == GW_TOKEN_QUOTED_NAME)
    {
        gsize prefix = text[0] == 'U' || text[0] == 'u' ? 2 : 0;
        return unquoted(text + prefix, length - prefix);
    }
    return fold ? g_ascii_strdown(text, (gssize)length) : g_strndup(text, length);
}
