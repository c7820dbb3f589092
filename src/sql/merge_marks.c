#include "sql/merge_marks.h"

/* Seven times the same of <, |, = or > at the start of a line. */
gboolean
gw_merge_mark_at(const char *text, gsize offset, gsize end)
{
    const char *mark = text + offset;
    gboolean start = offset == 0 || text[offset - 1] == '\n';
    if (!start || end - offset < 7 || memchr("<|=>", mark[0], 4) == NULL)
    {
        return FALSE;
    }
    for (gsize i = 1; i < 7; i++)
    {
        if (mark[i] != mark[0])
        {
            return FALSE;
        }
    }
    return TRUE;
}

/* Where the first line begins that starts with `mark`; FALSE when there is none. */
static gboolean
find_line(const gw_source *source, const char *mark, gsize *offset)
{
    const char *text = gw_source_text(source);
    gsize size = gw_source_size(source);
    gsize at = 0;
    while (at < size)
    {
        const char *found = memmem(text + at, size - at, mark, strlen(mark));
        if (found == NULL)
        {
            return FALSE;
        }
        at = (gsize)(found - text);
        if (gw_merge_mark_at(text, at, size))
        {
            *offset = at;
            return TRUE;
        }
        at++;
    }
    return FALSE;
}

gboolean
gw_merge_marks_find(const gw_source *source, gsize *offset)
{
    gsize last = 0;
    return find_line(source, "<<<<<<< ", offset) && find_line(source, ">>>>>>> ", &last) &&
           last > *offset;
}
