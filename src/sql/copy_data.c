#include "sql/copy_data.h"

#include "sql/words.h"

gboolean
gw_copy_wants_data(const gw_lexer *lexer, const gw_statement *statement)
{
    const gw_lexis lexis = {lexer->flags};
    gw_words words;
    gw_words_init(&words, &lexis, lexer->text + statement->offset, statement->length);
    if (!gw_words_take(&words, "COPY") || gw_words_is(&words, "("))
    {
        return FALSE;
    }
    return gw_words_find(&words, "FROM", FALSE) && gw_words_take(&words, "FROM STDIN");
}

/* How many bytes of the line at `at` are before its end, and with it. */
static gsize
line_length(const gw_lexer *lexer, gsize at)
{
    const char *end = memchr(lexer->text + at, '\n', lexer->end - at);
    return end == NULL ? lexer->end - at : (gsize)(end - lexer->text) - at + 1;
}

/* Is the line that begins at `at` \. alone? */
static gboolean
is_last_line(const gw_lexer *lexer, gsize at)
{
    static const char *const ends[] = {"\\.\n", "\\.\r\n", "\\.\r", "\\."};
    gsize length = MIN(lexer->end - at, 5);
    const char *end = memchr(lexer->text + at, '\n', length);
    length = end == NULL ? length : (gsize)(end - lexer->text) - at + 1;
    for (gsize i = 0; i < G_N_ELEMENTS(ends); i++)
    {
        if (strlen(ends[i]) == length && memcmp(lexer->text + at, ends[i], length) == 0)
        {
            return TRUE;
        }
    }
    return FALSE;
}

/* Where the line \. begins; the end of the text when there is none. */
static gsize
find_last_line(const gw_lexer *lexer, gsize start)
{
    gsize at = start;
    while (!is_last_line(lexer, at))
    {
        const char *found = memmem(lexer->text + at, lexer->end - at, "\n\\.", 3);
        if (found == NULL)
        {
            return lexer->end;
        }
        at = (gsize)(found - lexer->text) + 1;
    }
    return at;
}

/* The rest of the statement's line may be blank, or a comment. */
static gboolean
skip_line(gw_lexer *lexer)
{
    gsize next = lexer->at + line_length(lexer, lexer->at);
    gw_token token;
    while (lexer->at < next)
    {
        if (!gw_lexer_next(lexer, &token) ||
            (token.kind != GW_TOKEN_SPACE && token.kind != GW_TOKEN_COMMENT))
        {
            lexer->at = token.offset;
            return FALSE;
        }
    }
    lexer->at = next; /* blank lines are data */
    return TRUE;
}

gboolean
gw_copy_take_data(gw_lexer *lexer, gw_statement *statement)
{
    if (!skip_line(lexer))
    {
        return FALSE;
    }
    gsize end = find_last_line(lexer, lexer->at);
    statement->has_data = TRUE;
    statement->data_offset = lexer->at;
    statement->data_length = end - lexer->at;
    lexer->at = end + line_length(lexer, end);
    return TRUE;
}
