#include "sql/splitter.h"

#include "base/text.h"
#include "sql/bodies.h"
#include "sql/copy_data.h"
#include "sql/merge_marks.h"
#include "sql/settings.h"

static const char *const byte_order_mark = "\xEF\xBB\xBF";

static void
init(gw_splitter *splitter, const gw_lexis *lexis, const char *text, gsize start, gsize end)
{
    gboolean marked = start == 0 && end >= 3 && memcmp(text, byte_order_mark, 3) == 0;
    memset(splitter, 0, sizeof *splitter);
    gw_lexer_init(&splitter->lexer, lexis, text, marked ? 3 : start, end);
    splitter->flags = lexis->flags;
    splitter->delimiter[0] = ';';
}

void
gw_splitter_init(gw_splitter *splitter, const gw_lexis *lexis, const gw_source *source,
    gsize offset, gsize length)
{
    init(splitter, lexis, gw_source_text(source), offset, offset + length);
    splitter->source = source;
}

void
gw_splitter_init_text(gw_splitter *splitter, const gw_lexis *lexis, const char *text, gsize length)
{
    init(splitter, lexis, text, 0, length);
}

/* Fail at a place of the source; without a place when there is no source. */
static gboolean
fail(const gw_splitter *splitter, gsize offset, gsize length, gw_code code, const char *message,
    GError **error)
{
    if (splitter->source == NULL)
    {
        gw_fail(error, code, "%s", message);
        return FALSE;
    }
    gw_source_fail(splitter->source, offset, length, error, code, "%s", message);
    return FALSE;
}

static void
hint(GError **error, const char *text)
{
    if (error != NULL)
    {
        gw_error_add_hint(*error, "%s", text);
    }
}

/* Operators that no statement has: commands of psql, marks of a merge. */
static gboolean
check_operator(const gw_splitter *splitter, const gw_token *token, GError **error)
{
    gsize offset = token->offset;
    if (gw_merge_mark_at(splitter->lexer.text, offset, splitter->lexer.end))
    {
        (void)fail(splitter, offset, 7, GW_CODE_TEXT, GW_MERGE_MARK_MESSAGE, error);
        hint(error, GW_MERGE_MARK_HINT);
        return FALSE;
    }
    const char *text = splitter->lexer.text + offset;
    if (text[0] != '\\' || (splitter->flags & GW_LEXIS_PSQL_COMMAND) == 0)
    {
        return TRUE;
    }
    gsize length = 1;
    while (offset + length < splitter->lexer.end && g_ascii_isgraph(text[length]))
    {
        length++;
    }
    if (length == 2 && text[1] == '.')
    {
        return fail(splitter, offset, length, GW_CODE_CLIENT,
            "\\. ends the data of COPY, but no COPY … FROM stdin stands before it", error);
    }
    (void)fail(splitter, offset, length, GW_CODE_CLIENT,
        "a backslash begins a command of psql, which a migration cannot have", error);
    hint(error, "write the SQL that the command stands for, or leave it out");
    return FALSE;
}

/* Reading up to the delimiter */

static gboolean
own_delimiter(const gw_splitter *splitter)
{
    return splitter->delimiter[0] != ';' || splitter->delimiter[1] != '\0';
}

/* A delimiter cuts words, too: END$$. Inside a conditional comment there is none. */
static void
cut_at_delimiter(gw_splitter *splitter, gw_token *token)
{
    gw_lexer *lexer = &splitter->lexer;
    const char *text = lexer->text + token->offset;
    gsize size = strlen(splitter->delimiter);
    gsize length = MIN(token->length + size - 1, lexer->end - token->offset);
    const char *found = memmem(text, length, splitter->delimiter, size);
    if (found != NULL && lexer->code == 0)
    {
        token->length = (gsize)(found - text);
        lexer->at = token->offset + token->length;
    }
}

/* The delimiter where the cursor stands, as a semicolon. */
static gboolean
take_delimiter(gw_splitter *splitter, gw_token *token)
{
    gw_lexer *lexer = &splitter->lexer;
    gsize size = strlen(splitter->delimiter);
    gboolean here = lexer->code == 0 && lexer->end - lexer->at >= size &&
                    memcmp(lexer->text + lexer->at, splitter->delimiter, size) == 0;
    if (here)
    {
        *token = (gw_token){GW_TOKEN_SEMICOLON, lexer->at, size};
        lexer->at += size;
    }
    return here;
}

/* As gw_lexer_next(), with delimiters of one's own: those are the semicolons then, and semicolons
 * are operators. */
static gboolean
next_delimited(gw_splitter *splitter, gw_token *token)
{
    if (take_delimiter(splitter, token))
    {
        return TRUE;
    }
    if (!gw_lexer_next(&splitter->lexer, token))
    {
        return FALSE;
    }
    switch (token->kind)
    {
    case GW_TOKEN_SEMICOLON:
        token->kind = GW_TOKEN_OPERATOR;
        break;
    case GW_TOKEN_WORD:
    case GW_TOKEN_NUMBER:
    case GW_TOKEN_PARAMETER:
    case GW_TOKEN_OPERATOR:
        cut_at_delimiter(splitter, token);
        break;
    default:
        break;
    }
    return TRUE;
}

/* The next token that is neither space nor comment; SEMICOLON is what ends statements. */
static gboolean
next(gw_splitter *splitter, gw_token *token, GError **error)
{
    gboolean own = own_delimiter(splitter);
    gw_lexer *lexer = &splitter->lexer;
    do
    {
        if (!(own ? next_delimited(splitter, token) : gw_lexer_next(lexer, token)))
        {
            g_autofree char *message = g_strdup_printf("the %s is not closed", lexer->unclosed);
            return fail(splitter, lexer->unclosed_at, 1, GW_CODE_TEXT, message, error);
        }
    } while (token->kind == GW_TOKEN_SPACE || token->kind == GW_TOKEN_COMMENT);
    return token->kind != GW_TOKEN_OPERATOR || check_operator(splitter, token, error);
}

/* DELIMITER */

/* The rest of the line behind the word is the delimiter, up to the first blank. */
static gboolean
read_delimiter(gw_splitter *splitter, const gw_token *token, GError **error)
{
    gw_lexer *lexer = &splitter->lexer;
    const char *text = lexer->text + lexer->at;
    const char *end = memchr(text, '\n', lexer->end - lexer->at);
    gsize line = end == NULL ? lexer->end - lexer->at : (gsize)(end - text);
    gsize start = 0;
    while (start < line && g_ascii_isspace(text[start]))
    {
        start++;
    }
    gsize length = 0;
    while (start + length < line && !g_ascii_isspace(text[start + length]))
    {
        length++;
    }
    if (length == 0 || length >= sizeof splitter->delimiter ||
        memchr(text + start, '\\', length) != NULL || memchr(text + start, '\0', length) != NULL)
    {
        return fail(splitter, token->offset, token->length, GW_CODE_TEXT,
            "DELIMITER wants 1 to 15 characters without a backslash behind it", error);
    }
    memset(splitter->delimiter, 0, sizeof splitter->delimiter);
    memcpy(splitter->delimiter, text + start, length);
    lexer->at += line;
    return TRUE;
}

static gboolean
is_delimiter_line(const gw_splitter *splitter, const gw_token *token)
{
    const gw_lexer *lexer = &splitter->lexer;
    gboolean blank = lexer->at >= lexer->end || g_ascii_isspace(lexer->text[lexer->at]);
    return (splitter->flags & GW_LEXIS_DELIMITER) != 0 && blank &&
           gw_token_is(lexer, token, "DELIMITER");
}

/* Statements */

/* Is the token nothing between statements: a delimiter, or a semicolon beside a delimiter of one's
 * own, which clients leave to the server? */
static gboolean
is_nothing(const gw_splitter *splitter, const gw_token *token)
{
    return token->kind == GW_TOKEN_SEMICOLON ||
           (token->kind == GW_TOKEN_OPERATOR && splitter->lexer.text[token->offset] == ';');
}

/* Go to the first token of a statement, or to the end. */
static gboolean
find_start(gw_splitter *splitter, gw_token *token, GError **error)
{
    while (TRUE)
    {
        if (!next(splitter, token, error))
        {
            return FALSE;
        }
        if (is_delimiter_line(splitter, token))
        {
            if (!read_delimiter(splitter, token, error))
            {
                return FALSE;
            }
        }
        else if (!is_nothing(splitter, token))
        {
            return TRUE;
        }
    }
}

static gboolean
fail_open(const gw_splitter *splitter, const gw_body *body, GError **error)
{
    gboolean rule = body->kind == GW_BODY_RULE;
    (void)fail(splitter, body->opened, 1, GW_CODE_TEXT,
        rule ? "the parenthesis is not closed" : "the block that begins here has no END", error);
    if (body->kind == GW_BODY_COMPOUND)
    {
        hint(error, "where the END is there, put the statement between DELIMITER lines");
    }
    return FALSE;
}

/* Read from the first token, in `token`, to behind the delimiter. `token` is that delimiter then,
 * or END. */
static gboolean
read_statement(gw_splitter *splitter, gw_token *token, gw_statement *statement, GError **error)
{
    gw_body body = {.kind = GW_BODY_NONE};
    gsize end = token->offset;
    statement->offset = token->offset;
    if (!own_delimiter(splitter))
    {
        gw_body_init(&body, &splitter->lexer, token->offset);
    }
    do
    {
        if (token->kind == GW_TOKEN_END)
        {
            break;
        }
        end = is_nothing(splitter, token) ? end : token->offset + token->length;
        if (body.kind != GW_BODY_NONE)
        {
            gw_body_step(&body, &splitter->lexer, token);
        }
        if (!next(splitter, token, error))
        {
            return FALSE;
        }
    } while (token->kind != GW_TOKEN_SEMICOLON || body.depth > 0 || splitter->lexer.code > 0);
    statement->length = end - statement->offset;
    return body.depth == 0 || fail_open(splitter, &body, error);
}

gboolean
gw_splitter_next(gw_splitter *splitter, gw_statement *statement, gboolean *more, GError **error)
{
    gw_lexer *lexer = &splitter->lexer;
    gw_token token;
    memset(statement, 0, sizeof *statement);
    *more = FALSE;
    if (!find_start(splitter, &token, error))
    {
        return FALSE;
    }
    if (token.kind == GW_TOKEN_END)
    {
        return TRUE;
    }
    *more = TRUE;
    if (!read_statement(splitter, &token, statement, error))
    {
        return FALSE;
    }
    const char *text = lexer->text + statement->offset;
    if ((splitter->flags & GW_LEXIS_COPY_DATA) != 0 && gw_copy_wants_data(lexer, statement) &&
        !gw_copy_take_data(lexer, statement))
    {
        return fail(splitter, lexer->at, 1, GW_CODE_TEXT,
            "the data of COPY … FROM stdin begin on the next line: nothing may stand here", error);
    }
    lexer->flags = gw_settings_follow(lexer->flags, splitter->flags, text, statement->length);
    return TRUE;
}
