#include "sql/preamble.h"

#include "sql/lexer.h"
#include "sql/markers.h"

/* The comments of all databases. */
static const gw_lexis lexis = {GW_LEXIS_HASH_COMMENT};

static void
begin(gw_lexer *lexer, const gw_source *source, gsize end)
{
    gw_marker_reader reader;
    gw_marker_reader_init(&reader, source);
    gw_lexer_init(lexer, &lexis, gw_source_text(source), reader.at, MAX(reader.at, end));
}

/* Append a line of a comment without blanks around it, and without the marks that it begins with.
 */
static void
add_line(GString *description, const char *text, gsize length, char mark)
{
    gsize start = 0;
    while (start < length && g_ascii_isspace(text[start]))
    {
        start++;
    }
    while (start < length && text[start] == mark)
    {
        start++;
    }
    while (start < length && g_ascii_isspace(text[start]))
    {
        start++;
    }
    while (length > start && g_ascii_isspace(text[length - 1]))
    {
        length--;
    }
    g_string_append_len(description, text + start, (gssize)(length - start));
    g_string_append_c(description, '\n');
}

static void
add_comment(GString *description, const char *text, gsize length)
{
    gboolean block = text[0] == '/';
    char mark = block ? '*' : text[0];
    gsize stop = block ? length - 2 : length;
    for (gsize at = block ? 2 : 0; at <= stop;)
    {
        const char *end = memchr(text + at, '\n', stop - at);
        gsize line = end == NULL ? stop - at : (gsize)(end - text) - at;
        add_line(description, text + at, line, mark);
        at += line + 1;
    }
}

/* Is the comment a marker (depends, irreversible)? Unknown ones were refused before. */
static gboolean
is_marker(const char *text, gsize length)
{
    gsize name = text[0] == '-' ? gw_marker_name(text, 0, length) : 0;
    return name > 0 && name < length && !g_ascii_isspace(text[name]) && text[name - 8] == 'm';
}

char *
gw_preamble_describe(const gw_source *source, gsize end)
{
    const char *text = gw_source_text(source);
    g_autoptr(GString) description = g_string_new(NULL);
    gw_lexer lexer;
    gw_token token;
    begin(&lexer, source, end);
    while (gw_lexer_next(&lexer, &token) &&
           (token.kind == GW_TOKEN_SPACE || token.kind == GW_TOKEN_COMMENT))
    {
        if (token.kind == GW_TOKEN_COMMENT && !is_marker(text + token.offset, token.length))
        {
            add_comment(description, text + token.offset, token.length);
        }
    }
    g_strstrip(description->str);
    return description->str[0] == '\0' ? NULL : g_strdup(description->str);
}

gboolean
gw_preamble_check(const gw_source *source, gsize end, GError **error)
{
    gw_lexer lexer;
    gw_token token;
    begin(&lexer, source, end);
    if (gw_lexer_next_code(&lexer, &token) && token.kind == GW_TOKEN_END)
    {
        return TRUE;
    }
    gw_source_fail(source, token.offset, MAX(1, token.length), error, GW_CODE_SECTION,
        "text stands before the first section");
    if (error != NULL)
    {
        gw_error_add_hint(
            *error, "only comments may stand there: put the line \"-- migrate:up\" above it");
    }
    return FALSE;
}
