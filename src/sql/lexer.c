#include "sql/lexer.h"

#include "sql/quotes.h"

/* What a byte can be the start of. Bytes up to DOLLAR can stand inside a name. */
typedef enum byte_class
{
    NAME, /* letters, _, and all bytes of characters beyond ASCII */
    DIGIT,
    DOLLAR,
    BLANK,
    SINGLE, /* a token of its own */
    PAIR,   /* < > ! |: may be the first of two */
    QUOTE,
    DOUBLE,
    TICK,
    BRACKET,
    DASH,
    SLASH,
    STAR,
    HASH,
    COLON,
    POINT,
    AT,
    QUESTION,
} byte_class;

/* clang-format off */
#define SAME8(x) x, x, x, x, x, x, x, x
#define SAME16(x) SAME8(x), SAME8(x)

static const guchar classes[256] = {
    SAME8(SINGLE), SINGLE, BLANK, BLANK, BLANK, BLANK, BLANK, SINGLE, SINGLE,
    SAME16(SINGLE),
    /*  !"#$%&' */ BLANK, PAIR, DOUBLE, HASH, DOLLAR, SINGLE, SINGLE, QUOTE,
    /* ()*+,-./ */ SINGLE, SINGLE, STAR, SINGLE, SINGLE, DASH, POINT, SLASH,
    /* 01234567 */ SAME8(DIGIT),
    /* 89:;<=>? */ DIGIT, DIGIT, COLON, SINGLE, PAIR, SINGLE, PAIR, QUESTION,
    /* @ABCDEFG */ AT, NAME, NAME, NAME, NAME, NAME, NAME, NAME,
    SAME16(NAME),
    /* XYZ[\]^_ */ NAME, NAME, NAME, BRACKET, SINGLE, SINGLE, SINGLE, NAME,
    /* `abcdefg */ TICK, NAME, NAME, NAME, NAME, NAME, NAME, NAME,
    SAME16(NAME),
    /* xyz{|}~  */ NAME, NAME, NAME, SINGLE, PAIR, SINGLE, SINGLE, SINGLE,
    SAME16(NAME), SAME16(NAME), SAME16(NAME), SAME16(NAME),
    SAME16(NAME), SAME16(NAME), SAME16(NAME), SAME16(NAME),
};
/* clang-format on */

/* A reader stands on the first byte of a token, of its class. It sets the token's kind and goes to
 * behind the token; FALSE, with `unclosed` set, when the token does not end. */
typedef gboolean (*reader)(gw_lexer *lexer, gw_token *token);

void
gw_lexer_init(gw_lexer *lexer, const gw_lexis *lexis, const char *text, gsize start, gsize end)
{
    memset(lexer, 0, sizeof *lexer);
    lexer->text = text;
    lexer->at = start;
    lexer->end = end;
    lexer->flags = lexis->flags;
}

static gboolean
names(guchar byte)
{
    return classes[byte] <= DOLLAR;
}

/* Can a name begin with this byte? */
static gboolean
begins_name(guchar byte)
{
    return classes[byte] == NAME;
}

static void
skip_name(gw_lexer *lexer)
{
    while (lexer->at < lexer->end && names((guchar)lexer->text[lexer->at]))
    {
        lexer->at++;
    }
}

/* Words, numbers, parameters */

/* The cursor is behind the one letter or U& before a quote: is that letter part of the string? */
static gboolean
prefixes_string(const gw_lexer *lexer, guchar letter)
{
    const char *letters = gw_lexer_has(lexer, GW_LEXIS_ESCAPE_STRING) ? "ebxn" : "bxn";
    return strchr(letters, g_ascii_tolower((char)letter)) != NULL &&
           gw_lexer_peek(lexer, 0) == '\'';
}

static gboolean
read_name(gw_lexer *lexer, gw_token *token)
{
    guchar first = gw_lexer_peek(lexer, 0);
    token->kind = GW_TOKEN_WORD;
    skip_name(lexer);
    if (lexer->at - token->offset > 1)
    {
        return TRUE;
    }
    if (prefixes_string(lexer, first))
    {
        gboolean escapes = g_ascii_tolower((char)first) == 'e';
        return escapes ? gw_quotes_escape_string(lexer, token) : gw_quotes_string(lexer, token);
    }
    gboolean unicode =
        gw_lexer_has(lexer, GW_LEXIS_ESCAPE_STRING) && (first == 'U' || first == 'u');
    guchar quote = gw_lexer_peek(lexer, 1);
    if (unicode && gw_lexer_peek(lexer, 0) == '&' && (quote == '\'' || quote == '"'))
    {
        return gw_quotes_unicode(lexer, token);
    }
    return TRUE;
}

static void
skip_digits(gw_lexer *lexer)
{
    while (g_ascii_isdigit((char)gw_lexer_peek(lexer, 0)) || gw_lexer_peek(lexer, 0) == '_')
    {
        lexer->at++;
    }
}

/* Skip e+10 where it stands. */
static void
skip_exponent(gw_lexer *lexer)
{
    gsize sign = gw_lexer_peek(lexer, 1) == '+' || gw_lexer_peek(lexer, 1) == '-' ? 2 : 1;
    if (g_ascii_tolower((char)gw_lexer_peek(lexer, 0)) == 'e' &&
        g_ascii_isdigit((char)gw_lexer_peek(lexer, sign)))
    {
        lexer->at += sign;
        skip_digits(lexer);
    }
}

/* Numbers of all dialects, with 0x1F, 0b1 and 1_000. What begins with digits and is none is a name
 * that begins with digits: 1st. */
static gboolean
read_number(gw_lexer *lexer, gw_token *token)
{
    token->kind = GW_TOKEN_NUMBER;
    if (gw_lexer_peek(lexer, 0) == '0' && strchr("xXbBoO", gw_lexer_peek(lexer, 1)) != NULL &&
        gw_lexer_peek(lexer, 1) != 0)
    {
        skip_name(lexer);
        return TRUE;
    }
    skip_digits(lexer);
    if (gw_lexer_peek(lexer, 0) == '.' && gw_lexer_peek(lexer, 1) != '.')
    {
        lexer->at++;
        skip_digits(lexer);
    }
    skip_exponent(lexer);
    if (names(gw_lexer_peek(lexer, 0)))
    {
        token->kind = GW_TOKEN_WORD;
        skip_name(lexer);
    }
    return TRUE;
}

static gboolean
read_point(gw_lexer *lexer, gw_token *token)
{
    guchar before = lexer->at > 0 ? (guchar)lexer->text[lexer->at - 1] : 0;
    gboolean qualifies = names(before) || strchr("\"`]", before) != NULL;
    if (g_ascii_isdigit((char)gw_lexer_peek(lexer, 1)) && (before == 0 || !qualifies))
    {
        return read_number(lexer, token);
    }
    token->kind = GW_TOKEN_DOT;
    lexer->at++;
    return TRUE;
}

/* A parameter $1, a string $tag$ … $tag$, or a name, where names may begin so. */
static gboolean
read_dollar(gw_lexer *lexer, gw_token *token)
{
    gsize tag = 1;
    if (g_ascii_isdigit((char)gw_lexer_peek(lexer, 1)))
    {
        token->kind = GW_TOKEN_PARAMETER;
        lexer->at++;
        skip_digits(lexer);
        return TRUE;
    }
    if (!gw_lexer_has(lexer, GW_LEXIS_DOLLAR_QUOTE))
    {
        token->kind = GW_TOKEN_WORD;
        skip_name(lexer);
        return TRUE;
    }
    while (classes[gw_lexer_peek(lexer, tag)] <= DIGIT)
    {
        tag++;
    }
    if (gw_lexer_peek(lexer, tag) == '$')
    {
        return gw_quotes_dollar(lexer, token, tag + 1);
    }
    token->kind = GW_TOKEN_OPERATOR;
    lexer->at++;
    return TRUE;
}

/* The rest of a parameter whose mark is `mark` bytes long; an operator when no name follows. */
static gboolean
parameter(gw_lexer *lexer, gw_token *token, gsize mark)
{
    gboolean named = begins_name(gw_lexer_peek(lexer, mark));
    token->kind = named ? GW_TOKEN_PARAMETER : GW_TOKEN_OPERATOR;
    lexer->at += named ? mark : 1;
    if (named)
    {
        skip_name(lexer);
    }
    return TRUE;
}

static gboolean
read_colon(gw_lexer *lexer, gw_token *token)
{
    if (gw_lexer_peek(lexer, 1) == ':' || gw_lexer_peek(lexer, 1) == '=')
    {
        token->kind = GW_TOKEN_OPERATOR;
        lexer->at += 2;
        return TRUE;
    }
    return parameter(lexer, token, 1);
}

/* Where $1 is a parameter, @ is an operator. */
static gboolean
read_at(gw_lexer *lexer, gw_token *token)
{
    if (gw_lexer_has(lexer, GW_LEXIS_DOLLAR_QUOTE))
    {
        token->kind = GW_TOKEN_OPERATOR;
        lexer->at++;
        return TRUE;
    }
    return parameter(lexer, token, gw_lexer_peek(lexer, 1) == '@' ? 2 : 1);
}

static gboolean
read_question(gw_lexer *lexer, gw_token *token)
{
    token->kind =
        gw_lexer_has(lexer, GW_LEXIS_DOLLAR_QUOTE) ? GW_TOKEN_OPERATOR : GW_TOKEN_PARAMETER;
    lexer->at++;
    if (token->kind == GW_TOKEN_PARAMETER)
    {
        skip_digits(lexer);
    }
    return TRUE;
}

/* The rest */

static gboolean
read_blank(gw_lexer *lexer, gw_token *token)
{
    token->kind = GW_TOKEN_SPACE;
    while (lexer->at < lexer->end && classes[(guchar)lexer->text[lexer->at]] == BLANK)
    {
        lexer->at++;
    }
    return TRUE;
}

static gboolean
read_single(gw_lexer *lexer, gw_token *token)
{
    switch (gw_lexer_peek(lexer, 0))
    {
    case '(':
        token->kind = GW_TOKEN_OPEN;
        break;
    case ')':
        token->kind = GW_TOKEN_CLOSE;
        break;
    case ',':
        token->kind = GW_TOKEN_COMMA;
        break;
    case ';':
        token->kind = GW_TOKEN_SEMICOLON;
        break;
    default:
        token->kind = GW_TOKEN_OPERATOR;
        break;
    }
    lexer->at++;
    return TRUE;
}

static gboolean
read_pair(gw_lexer *lexer, gw_token *token)
{
    guchar first = gw_lexer_peek(lexer, 0);
    guchar second = gw_lexer_peek(lexer, 1);
    gboolean two = first == '|' ? second == '|' : second == '=' || (first == '<' && second == '>');
    token->kind = GW_TOKEN_OPERATOR;
    lexer->at += two ? 2 : 1;
    return TRUE;
}

static const reader readers[] = {
    [NAME] = read_name,
    [DIGIT] = read_number,
    [DOLLAR] = read_dollar,
    [BLANK] = read_blank,
    [SINGLE] = read_single,
    [PAIR] = read_pair,
    [QUOTE] = gw_quotes_string,
    [DOUBLE] = gw_quotes_double,
    [TICK] = gw_quotes_tick,
    [BRACKET] = gw_quotes_bracket,
    [DASH] = gw_quotes_dash,
    [SLASH] = gw_quotes_slash,
    [STAR] = gw_quotes_star,
    [HASH] = gw_quotes_hash,
    [COLON] = read_colon,
    [POINT] = read_point,
    [AT] = read_at,
    [QUESTION] = read_question,
};

gboolean
gw_lexer_next(gw_lexer *lexer, gw_token *token)
{
    token->offset = lexer->at;
    token->length = 0;
    token->kind = GW_TOKEN_END;
    if (lexer->at >= lexer->end)
    {
        lexer->unclosed = lexer->code > 0 ? "conditional comment" : NULL;
        return lexer->code == 0;
    }
    if (!readers[classes[(guchar)lexer->text[lexer->at]]](lexer, token))
    {
        lexer->unclosed_at = token->offset;
        lexer->at = lexer->end;
        lexer->code = 0;
        return FALSE;
    }
    token->length = lexer->at - token->offset;
    return TRUE;
}

gboolean
gw_lexer_next_code(gw_lexer *lexer, gw_token *token)
{
    do
    {
        if (!gw_lexer_next(lexer, token))
        {
            return FALSE;
        }
    } while (token->kind == GW_TOKEN_SPACE || token->kind == GW_TOKEN_COMMENT);
    return TRUE;
}
