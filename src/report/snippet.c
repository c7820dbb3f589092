#include "report/snippet.h"

#include "report/columns.h"

#define TAB        4
#define BEFORE     2 /* a caret stands at most so many parts of BEFORE_OF from the left */
#define BEFORE_OF  3
#define LINE_LEAST 20 /* columns of the line that are shown on the narrowest terminal */

/* A line as it is shown, and where in it the caret is, in columns from 0. */
typedef struct shown
{
    GString *text;
    guint from;
    guint to;
} shown;

static void
append_char(GString *out, gunichar character, guint *columns)
{
    char bytes[8] = {0};
    if (character == '\t')
    {
        guint blanks = TAB - *columns % TAB;
        gw_columns_pad(out, blanks);
        *columns += blanks;
        return;
    }
    g_unichar_to_utf8(character, bytes);
    g_autofree char *clean = gw_columns_clean(bytes, TRUE);
    g_string_append(out, clean);
    *columns += gw_columns(clean);
}

/* The line with its tabs and control characters made visible, and the columns of the caret. */
static shown
expand(const gw_snippet *snippet)
{
    g_autofree char *valid = g_utf8_make_valid(snippet->text, -1);
    shown line = {.text = g_string_new(NULL)};
    guint columns = 0;
    guint number = 0;
    for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at))
    {
        number++;
        line.from = number == snippet->column ? columns : line.from;
        append_char(line.text, g_utf8_get_char(at), &columns);
        gboolean inside =
            number >= snippet->column && number - snippet->column < MAX(snippet->length, 1);
        line.to = inside ? columns : line.to;
    }
    if (snippet->column > number)
    {
        line.from = columns;
    }
    line.to = MAX(line.to, line.from + 1);
    return line;
}

/* Take what lies before column `from` off the line, and put an ellipsis in its place. */
static void
cut_left(shown *line, guint from)
{
    guint columns = 0;
    const char *at = line->text->str;
    while (*at != '\0' && columns < from + 1)
    {
        columns += gw_columns_char(g_utf8_get_char(at));
        at = g_utf8_next_char(at);
    }
    g_string_erase(line->text, 0, at - line->text->str);
    g_string_prepend(line->text, "…");
    line->from -= columns - 1;
    line->to -= columns - 1;
}

/* Keep what is around the caret of a line that is too long. */
static void
fit(shown *line, guint width)
{
    guint reach = width * BEFORE / BEFORE_OF;
    if (gw_columns(line->text->str) <= width)
    {
        return;
    }
    if (line->from > reach)
    {
        cut_left(line, line->from - reach);
    }
    char *cut = gw_columns_cut(line->text->str, width);
    g_string_assign(line->text, cut);
    g_free(cut);
    line->to = MIN(line->to, MAX(width, line->from + 1));
}

static void
print_caret(const shown *line, guint margin, const gw_style *style, GString *out)
{
    g_autoptr(GString) mark = g_string_new("^");
    for (guint i = line->from + 1; i < line->to; i++)
    {
        g_string_append_c(mark, '~');
    }
    gw_columns_pad(out, margin);
    gw_style_add(style, out, GW_INK_DIM, " | ");
    gw_columns_pad(out, line->from);
    gw_style_add(style, out, GW_INK_RED, mark->str);
    g_string_append_c(out, '\n');
}

void
gw_snippet_print(const gw_snippet *snippet, const gw_style *style, GString *out)
{
    if (snippet->text == NULL || snippet->line == 0)
    {
        return;
    }
    g_autofree char *number = g_strdup_printf("%5u", snippet->line);
    guint margin = (guint)strlen(number);
    shown line = expand(snippet);
    fit(&line, MAX(style->width, margin + LINE_LEAST) - margin - (guint)strlen(" | ") - 1);
    gw_style_add(style, out, GW_INK_DIM, number);
    gw_style_add(style, out, GW_INK_DIM, " | ");
    g_string_append_printf(out, "%s\n", line.text->str);
    if (snippet->column > 0)
    {
        print_caret(&line, margin, style, out);
    }
    g_string_free(line.text, TRUE);
}
