#include "report/columns.h"

guint
gw_columns_char(gunichar character)
{
    if (g_unichar_iszerowidth(character))
    {
        return 0;
    }
    return g_unichar_iswide(character) ? 2 : 1;
}

guint
gw_columns_of(const char *text, gsize bytes)
{
    guint columns = 0;
    for (const char *at = text; at < text + bytes && *at != '\0'; at = g_utf8_next_char(at))
    {
        columns += gw_columns_char(g_utf8_get_char(at));
    }
    return columns;
}

guint
gw_columns(const char *text)
{
    return gw_columns_of(text, strlen(text));
}

/* Characters that turn the direction of what follows, or that end a line in some terminals. */
static gboolean
is_hidden(gunichar character)
{
    return g_unichar_iscntrl(character) || (character >= 0x202a && character <= 0x202e) ||
           (character >= 0x2066 && character <= 0x2069) || character == 0x2028 ||
           character == 0x2029;
}

static void
append_clean(GString *out, gunichar character, gboolean one_line)
{
    if (character == '\n' || character == '\t')
    {
        g_string_append_c(out, one_line ? ' ' : (char)character);
    }
    else if (character == '\r' && one_line)
    {
        g_string_append_c(out, ' ');
    }
    else if (is_hidden(character))
    {
        g_string_append_printf(out, character < 0x100 ? "\\x%02x" : "\\u%04x", character);
    }
    else
    {
        g_string_append_unichar(out, character);
    }
}

char *
gw_columns_clean(const char *text, gboolean one_line)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *out = g_string_new(NULL);
    for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at))
    {
        append_clean(out, g_utf8_get_char(at), one_line);
    }
    return g_string_free(out, FALSE);
}

/* How many bytes of `text` fit into `columns`. */
static gsize
fitting(const char *text, guint columns)
{
    guint used = 0;
    const char *at = text;
    while (*at != '\0')
    {
        used += gw_columns_char(g_utf8_get_char(at));
        if (used > columns)
        {
            break;
        }
        at = g_utf8_next_char(at);
    }
    return (gsize)(at - text);
}

char *
gw_columns_cut(const char *text, guint columns)
{
    if (gw_columns(text) <= columns)
    {
        return g_strdup(text);
    }
    gsize bytes = fitting(text, columns > 0 ? columns - 1 : 0);
    GString *out = g_string_new_len(text, (gssize)bytes);
    g_string_append(out, columns > 0 ? "…" : "");
    return g_string_free(out, FALSE);
}

/* The bytes of the first line of `text`: up to the last blank that fits, else all that fits. */
static gsize
first_line(const char *text, guint columns)
{
    gsize bytes = fitting(text, columns);
    if (text[bytes] == '\0' || text[bytes] == ' ')
    {
        return bytes;
    }
    for (gsize at = bytes; at > 0; at--)
    {
        if (text[at - 1] == ' ')
        {
            return at;
        }
    }
    return bytes > 0 ? bytes : (gsize)(g_utf8_next_char(text) - text);
}

GPtrArray *
gw_columns_wrap(const char *text, guint columns)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    while (*text != '\0' && columns > 0)
    {
        gsize bytes = first_line(text, columns);
        char *line = g_strndup(text, bytes);
        g_ptr_array_add(lines, g_strchomp(line));
        text += bytes;
        while (*text == ' ')
        {
            text++;
        }
    }
    if (lines->len == 0)
    {
        g_ptr_array_add(lines, g_strdup(text));
    }
    return lines;
}

void
gw_columns_pad(GString *out, guint blanks)
{
    for (guint i = 0; i < blanks; i++)
    {
        g_string_append_c(out, ' ');
    }
}

void
gw_columns_paragraph(GString *out, const char *text, guint indent, guint columns)
{
    g_autoptr(GPtrArray) lines = gw_columns_wrap(text, columns > indent ? columns - indent : 1);
    for (guint i = 0; i < lines->len; i++)
    {
        gw_columns_pad(out, indent);
        g_string_append(out, lines->pdata[i]);
        g_string_append_c(out, '\n');
    }
}
