/*
 * Messages of the server, without values of rows: those may be secrets or people's data, and
 * messages are stored and mailed. And the place in a statement that a message means.
 */
#include "drivers/mariadb/session.h"
#include "sql/lexer.h"

/* The longest excerpt of a statement that a syntax error carries, in bytes. */
#define NEAR_MOST 80

/* In messages of `number`, what stands between `before` and the last `after` is a value; `after`
 * NULL: up to the end. */
typedef struct mask_row
{
    guint number;
    const char *before;
    const char *after;
} mask_row;

static const mask_row masks[] = {
    {1062, "entry '", "' for key"},
    {1292, "value: '", "'"},
    {1300, "string: '", "'"},
    {1366, "value: '", "' for column"},
    {1367, " '", "' value found"},
    {1411, "value: '", "' for function"},
    {1470, "String '", "' is too long"},
    {1525, "value: '", "'"},
    {1526, "for value ", NULL},
    {1569, "entry '", "' for key"},
    {1586, "entry '", "' for key"},
    {1690, "out of range in '", "'"},
    {1741, "Key value '", "' was not found"},
    {1761, "record '", "' would lead"},
    {1762, "record '", "' would lead"},
    {1916, "converting '", "' to "},
    {1917, "value '", "' when converting"},
    {1918, "value '", "' when converting"},
    {1977, "character 0x", " to '"},
};

/* `message` with its value as …; NULL when it does not look as expected (another language). */
static char *
mask_between(const char *message, const mask_row *row)
{
    const char *start = strstr(message, row->before);
    if (start == NULL)
    {
        return NULL;
    }
    start += strlen(row->before);
    const char *end = row->after == NULL ? start + strlen(start) : g_strrstr(start, row->after);
    if (end == NULL)
    {
        return NULL;
    }
    return g_strdup_printf("%.*s…%s", (int)(start - message), message, end);
}

/* The excerpt of a syntax error: its start and length in the message, and the line it names. */
static gboolean
near_find(const char *message, const char **text, gsize *length, guint64 *line)
{
    static const char before[] = "near '";
    static const char after[] = "' at line ";
    const char *start = strstr(message, before);
    const char *end = g_strrstr(message, after);
    if (start == NULL || end == NULL || start + strlen(before) > end)
    {
        return FALSE;
    }
    *text = start + strlen(before);
    *length = (gsize)(end - *text);
    *line = g_ascii_strtoull(end + strlen(after), NULL, 10);
    return TRUE;
}

/* The token that the server stumbled over; literals are left out, as they may be passwords. */
static char *
mask_syntax(const char *message)
{
    const char *text = NULL;
    gsize length = 0;
    guint64 line = 0;
    if (!near_find(message, &text, &length, &line))
    {
        return g_strdup("syntax error");
    }
    gw_lexer lexer;
    gw_token token;
    gw_lexer_init(&lexer, &gw_mariadb_dialect.lexis, text, 0, length);
    if (!gw_lexer_next_code(&lexer, &token))
    {
        return g_strdup("syntax error at a literal that is not closed");
    }
    if (token.kind == GW_TOKEN_END)
    {
        return g_strdup("syntax error at the end of the statement");
    }
    if (token.kind == GW_TOKEN_STRING || token.kind == GW_TOKEN_NUMBER)
    {
        return g_strdup("syntax error at a literal");
    }
    return g_strdup_printf("syntax error at \"%.*s\"", (int)token.length, text + token.offset);
}

char *
gw_mariadb_mask(guint number, const char *message)
{
    if (number == 1064 || number == 1149)
    {
        return mask_syntax(message);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(masks); i++)
    {
        if (masks[i].number == number)
        {
            char *masked = mask_between(message, &masks[i]);
            int code = (int)gw_mariadb_code(number, NULL);
            return masked == NULL ? g_strdup(gw_code_find(code)->meaning) : masked;
        }
    }
    return g_strdup(message);
}

/* The offset at which line `line` (from 1) starts; `length` when there is none. */
static gsize
line_start(const char *sql, gsize length, guint64 line)
{
    gsize at = 0;
    for (guint64 i = 1; i < line; i++)
    {
        const char *end = memchr(sql + at, '\n', length - at);
        if (end == NULL)
        {
            return length;
        }
        at = (gsize)(end - sql) + 1;
    }
    return at;
}

/* The only place in sql[from..to) where `text` starts; -1 for none or several. */
static gssize
find_once(const char *sql, gsize length, gsize from, gsize to, const char *text, gsize size)
{
    gssize found = -1;
    for (gsize at = from; at < to && size > 0 && at + size <= length; at++)
    {
        if (memcmp(sql + at, text, size) == 0)
        {
            if (found >= 0)
            {
                return -1;
            }
            found = (gssize)at;
        }
    }
    return found;
}

guint
gw_mariadb_near(const char *message, const char *sql, gsize length)
{
    const char *text = NULL;
    gsize size = 0;
    guint64 line = 0;
    if (!near_find(message, &text, &size, &line))
    {
        return 0;
    }
    gboolean cut = size >= NEAR_MOST;
    if (cut && memcmp(text + size - 3, "...", 3) == 0)
    {
        size -= 3;
    }
    gssize at = -1;
    if (!cut && size <= length && memcmp(sql + length - size, text, size) == 0)
    {
        at = (gssize)(length - size); /* an excerpt that is not cut is the end of the statement */
    }
    else
    {
        gsize start = line_start(sql, length, line);
        gsize end = line_start(sql + start, length - start, 2) + start;
        at = find_once(sql, length, start, end, text, size);
    }
    return at < 0 ? 0 : (guint)g_utf8_strlen(sql, at) + 1;
}
