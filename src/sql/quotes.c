#include "sql/quotes.h"

/* Go to behind the next occurrence of `mark`. */
static gboolean
skip_to(gw_lexer *lexer, const char *mark, gsize length)
{
    const char *start = lexer->text + lexer->at;
    const char *found = memmem(start, lexer->end - lexer->at, mark, length);
    if (found == NULL)
    {
        return FALSE;
    }
    lexer->at += (gsize)(found - start) + length;
    return TRUE;
}

/* Comments */

static gboolean
line_comment(gw_lexer *lexer, gw_token *token)
{
    token->kind = GW_TOKEN_COMMENT;
    const char *start = lexer->text + lexer->at;
    gsize length = lexer->end - lexer->at;
    const char *end = memchr(start, '\n', length);
    length = end == NULL ? length : (gsize)(end - start);
    if (gw_lexer_has(lexer, GW_LEXIS_NESTED_COMMENT))
    {
        end = memchr(start, '\r', length);
        length = end == NULL ? length : (gsize)(end - start);
    }
    lexer->at += length;
    return TRUE;
}

static gboolean
nested_comment(gw_lexer *lexer)
{
    guint depth = 0;
    while (lexer->at < lexer->end)
    {
        guchar byte = gw_lexer_peek(lexer, 0);
        guchar next = gw_lexer_peek(lexer, 1);
        if (byte == '/' && next == '*')
        {
            depth++;
            lexer->at += 2;
        }
        else if (byte == '*' && next == '/')
        {
            lexer->at += 2;
            if (--depth == 0)
            {
                return TRUE;
            }
        }
        else
        {
            lexer->at++;
        }
    }
    return FALSE;
}

static gboolean
block_comment(gw_lexer *lexer, gw_token *token)
{
    token->kind = GW_TOKEN_COMMENT;
    lexer->unclosed = "comment";
    if (gw_lexer_has(lexer, GW_LEXIS_NESTED_COMMENT))
    {
        return nested_comment(lexer);
    }
    lexer->at += 2;
    return skip_to(lexer, "*/", 2);
}

/* How long the opening of a conditional comment is, version included; 0 when none stands here. */
static gsize
code_mark(const gw_lexer *lexer)
{
    gsize length = gw_lexer_peek(lexer, 2) == 'M' ? 3 : 2;
    if (!gw_lexer_has(lexer, GW_LEXIS_CONDITIONAL) || gw_lexer_peek(lexer, length) != '!')
    {
        return 0;
    }
    length++;
    gsize digits = 0;
    while (digits < 6 && g_ascii_isdigit((char)gw_lexer_peek(lexer, length + digits)))
    {
        digits++;
    }
    return digits < 5 ? length : length + digits;
}

/* A comment, or code for servers of some version. The dump tool's first line, a command to the
 * client (\-) that no server ever sees, is a comment. */
gboolean
gw_quotes_slash(gw_lexer *lexer, gw_token *token)
{
    token->kind = GW_TOKEN_OPERATOR;
    if (gw_lexer_peek(lexer, 1) != '*')
    {
        lexer->at++;
        return TRUE;
    }
    gsize mark = code_mark(lexer);
    if (mark == 0 || (gw_lexer_peek(lexer, mark) == '\\' && gw_lexer_peek(lexer, mark + 1) == '-'))
    {
        return block_comment(lexer, token);
    }
    token->kind = GW_TOKEN_CODE_OPEN;
    if (lexer->code++ == 0)
    {
        lexer->unclosed_at = lexer->at;
    }
    lexer->at += mark;
    return TRUE;
}

gboolean
gw_quotes_star(gw_lexer *lexer, gw_token *token)
{
    gsize length = lexer->code > 0 && gw_lexer_peek(lexer, 1) == '/' ? 2 : 1;
    token->kind = length == 2 ? GW_TOKEN_CODE_CLOSE : GW_TOKEN_OPERATOR;
    lexer->code -= length == 2 ? 1 : 0;
    lexer->at += length;
    return TRUE;
}

gboolean
gw_quotes_dash(gw_lexer *lexer, gw_token *token)
{
    guchar after = gw_lexer_peek(lexer, 2);
    gboolean apart = after == ' ' || after < ' ' || after == 127;
    if (gw_lexer_peek(lexer, 1) == '-' && (apart || !gw_lexer_has(lexer, GW_LEXIS_DASH_SPACE)))
    {
        return line_comment(lexer, token);
    }
    token->kind = GW_TOKEN_OPERATOR;
    lexer->at++;
    return TRUE;
}

gboolean
gw_quotes_hash(gw_lexer *lexer, gw_token *token)
{
    if (gw_lexer_has(lexer, GW_LEXIS_HASH_COMMENT))
    {
        return line_comment(lexer, token);
    }
    token->kind = GW_TOKEN_OPERATOR;
    lexer->at++;
    return TRUE;
}

/* Strings and quoted names */

/* Stand on an opening quote; go to behind the closing one. A doubled quote does not close. */
static gboolean
skip_quoted(gw_lexer *lexer, char close, gboolean backslash)
{
    const char *text = lexer->text;
    gsize at = lexer->at + 1;
    while (at < lexer->end)
    {
        if (!backslash)
        {
            const char *found = memchr(text + at, close, lexer->end - at);
            at = found == NULL ? lexer->end : (gsize)(found - text);
        }
        else if (text[at] != close)
        {
            at += text[at] == '\\' ? 2 : 1;
            continue;
        }
        if (at >= lexer->end)
        {
            break;
        }
        if (at + 1 >= lexer->end || text[at + 1] != close)
        {
            lexer->at = at + 1;
            return TRUE;
        }
        at += 2;
    }
    return FALSE;
}

/* Behind an escape string: another quote after a line end goes on with it, and with its escapes.
 * The cursor goes onto that quote; it stays when there is none. */
static gboolean
continues(gw_lexer *lexer)
{
    gw_lexer ahead = *lexer;
    gboolean line = FALSE;
    for (guchar byte = gw_lexer_peek(&ahead, 0); ahead.at < ahead.end;
         byte = gw_lexer_peek(&ahead, 0))
    {
        gw_token comment;
        if (byte == '-' && gw_lexer_peek(&ahead, 1) == '-')
        {
            (void)line_comment(&ahead, &comment);
        }
        else if (g_ascii_isspace((char)byte))
        {
            line = line || byte == '\n' || byte == '\r';
            ahead.at++;
        }
        else
        {
            break;
        }
    }
    if (line && gw_lexer_peek(&ahead, 0) == '\'')
    {
        lexer->at = ahead.at;
        return TRUE;
    }
    return FALSE;
}

gboolean
gw_quotes_escape_string(gw_lexer *lexer, gw_token *token)
{
    token->kind = GW_TOKEN_STRING;
    lexer->unclosed = "string";
    do
    {
        if (!skip_quoted(lexer, '\'', TRUE))
        {
            return FALSE;
        }
    } while (continues(lexer));
    return TRUE;
}

gboolean
gw_quotes_string(gw_lexer *lexer, gw_token *token)
{
    token->kind = GW_TOKEN_STRING;
    lexer->unclosed = "string";
    return skip_quoted(lexer, '\'', gw_lexer_has(lexer, GW_LEXIS_BACKSLASH));
}

gboolean
gw_quotes_double(gw_lexer *lexer, gw_token *token)
{
    gboolean string = gw_lexer_has(lexer, GW_LEXIS_DOUBLE_QUOTE_STRING);
    token->kind = string ? GW_TOKEN_STRING : GW_TOKEN_QUOTED_NAME;
    lexer->unclosed = string ? "string" : "quoted name";
    return skip_quoted(lexer, '"', string && gw_lexer_has(lexer, GW_LEXIS_BACKSLASH));
}

gboolean
gw_quotes_tick(gw_lexer *lexer, gw_token *token)
{
    token->kind = gw_lexer_has(lexer, GW_LEXIS_BACKTICK) ? GW_TOKEN_QUOTED_NAME : GW_TOKEN_OPERATOR;
    if (token->kind == GW_TOKEN_OPERATOR)
    {
        lexer->at++;
        return TRUE;
    }
    lexer->unclosed = "quoted name";
    return skip_quoted(lexer, '`', FALSE);
}

gboolean
gw_quotes_bracket(gw_lexer *lexer, gw_token *token)
{
    token->kind = gw_lexer_has(lexer, GW_LEXIS_BRACKET) ? GW_TOKEN_QUOTED_NAME : GW_TOKEN_OPERATOR;
    if (token->kind == GW_TOKEN_OPERATOR)
    {
        lexer->at++;
        return TRUE;
    }
    lexer->unclosed = "quoted name";
    return skip_to(lexer, "]", 1);
}

gboolean
gw_quotes_unicode(gw_lexer *lexer, gw_token *token)
{
    char quote = (char)gw_lexer_peek(lexer, 1);
    token->kind = quote == '"' ? GW_TOKEN_QUOTED_NAME : GW_TOKEN_STRING;
    lexer->unclosed = quote == '"' ? "quoted name" : "string";
    lexer->at++;
    return skip_quoted(lexer, quote, FALSE);
}

gboolean
gw_quotes_dollar(gw_lexer *lexer, gw_token *token, gsize tag)
{
    const char *mark = lexer->text + lexer->at;
    token->kind = GW_TOKEN_STRING;
    lexer->unclosed = "dollar-quoted string";
    lexer->at += tag;
    return skip_to(lexer, mark, tag);
}
