#include "report/grid.h"

#include "report/columns.h"

#define GAP 2

typedef struct cell
{
    char *text;
    gw_ink ink;
} cell;

/* A row of cells, or one that spans all. */
typedef struct row
{
    cell *cells;
    guint count;
    gboolean span;
    guint indent;
} row;

struct gw_grid
{
    const gw_grid_column *columns;
    guint count;
    GPtrArray *rows;
};

static void
row_free(gpointer data)
{
    row *old = data;
    for (guint i = 0; i < old->count; i++)
    {
        g_free(old->cells[i].text);
    }
    g_free(old->cells);
    g_free(old);
}

gw_grid *
gw_grid_new(const gw_grid_column *columns, guint count)
{
    gw_grid *grid = g_new0(gw_grid, 1);
    grid->columns = columns;
    grid->count = count;
    grid->rows = g_ptr_array_new_with_free_func(row_free);
    return grid;
}

void
gw_grid_free(gw_grid *grid)
{
    g_ptr_array_unref(grid->rows);
    g_free(grid);
}

static row *
row_add(gw_grid *grid, guint cells)
{
    row *new = g_new0(row, 1);
    new->cells = g_new0(cell, cells);
    g_ptr_array_add(grid->rows, new);
    return new;
}

/* The row that still has room for a cell. */
static row *
row_open(gw_grid *grid)
{
    row *last = grid->rows->len > 0 ? grid->rows->pdata[grid->rows->len - 1] : NULL;
    if (last == NULL || last->span || last->count == grid->count)
    {
        return row_add(grid, grid->count);
    }
    return last;
}

static void
cell_put(row *into, gw_ink ink, const char *text)
{
    into->cells[into->count++] =
        (cell){.text = gw_columns_clean(text != NULL ? text : "", TRUE), .ink = ink};
}

void
gw_grid_cell(gw_grid *grid, gw_ink ink, const char *text)
{
    cell_put(row_open(grid), ink, text);
}

void
gw_grid_span(gw_grid *grid, guint indent, gw_ink ink, const char *text)
{
    row *new = row_add(grid, 1);
    new->span = TRUE;
    new->indent = indent;
    cell_put(new, ink, text);
}

/* The widest text of each column; 0 where all cells are empty. */
static void
measure(const gw_grid *grid, guint *widths)
{
    for (guint i = 0; i < grid->rows->len; i++)
    {
        const row *one = grid->rows->pdata[i];
        for (guint j = 0; j < one->count && !one->span; j++)
        {
            widths[j] = MAX(widths[j], gw_columns(one->cells[j].text));
        }
    }
    for (guint j = 0; j < grid->count; j++)
    {
        widths[j] = widths[j] > 0 ? MAX(widths[j], gw_columns(grid->columns[j].title)) : 0;
    }
}

static guint
total(const gw_grid *grid, const guint *widths)
{
    guint sum = 0;
    for (guint j = 0; j < grid->count; j++)
    {
        sum += widths[j] > 0 ? widths[j] + GAP : 0;
    }
    return sum > GAP ? sum - GAP : 0;
}

/* Take columns from the widest that may be wrapped, until a line fits or none can give more. */
static void
shrink(const gw_grid *grid, guint *widths, guint width)
{
    for (guint sum = total(grid, widths); sum > width; sum--)
    {
        guint widest = grid->count;
        for (guint j = 0; j < grid->count; j++)
        {
            guint least = grid->columns[j].least;
            gboolean gives = least > 0 && widths[j] > least;
            if (gives && (widest == grid->count || widths[j] > widths[widest]))
            {
                widest = j;
            }
        }
        if (widest == grid->count)
        {
            return;
        }
        widths[widest]--;
    }
}

/* The widest line of column `j` when its cells are wrapped to `width`. */
static guint
wrapped_width(const gw_grid *grid, guint j, guint width)
{
    guint widest = gw_columns(grid->columns[j].title);
    for (guint i = 0; i < grid->rows->len; i++)
    {
        const row *one = grid->rows->pdata[i];
        if (one->span || j >= one->count)
        {
            continue;
        }
        g_autoptr(GPtrArray) lines = gw_columns_wrap(one->cells[j].text, width);
        for (guint k = 0; k < lines->len; k++)
        {
            widest = MAX(widest, gw_columns(lines->pdata[k]));
        }
    }
    return widest;
}

/* Give what wrapped columns do not use to those that stand left of them. */
static void
tighten(const gw_grid *grid, const guint *wanted, guint *widths, guint width)
{
    for (guint j = 0; j < grid->count; j++)
    {
        if (widths[j] < wanted[j])
        {
            widths[j] = wrapped_width(grid, j, widths[j]);
        }
    }
    guint sum = total(grid, widths);
    guint left = width > sum ? width - sum : 0;
    for (guint j = 0; j < grid->count; j++)
    {
        guint more = MIN(left, wanted[j] - MIN(wanted[j], widths[j]));
        widths[j] += more;
        left -= more;
    }
}

/* One cell's text with its ink, padded to its width unless it ends the line. */
static void
print_text(GString *out, const gw_style *style, const cell *one, const char *text, gint pad)
{
    gw_columns_pad(out, pad < 0 ? (guint)-pad : 0);
    gw_style_add(style, out, one->ink, text);
    gw_columns_pad(out, pad > 0 ? (guint)pad : 0);
}

static void
chop(GString *out)
{
    while (out->len > 0 && out->str[out->len - 1] == ' ')
    {
        g_string_truncate(out, out->len - 1);
    }
    g_string_append_c(out, '\n');
}

/* How a grid is printed: the width of each column, and where. */
typedef struct layout
{
    const gw_grid *grid;
    const gw_style *style;
    const guint *widths;
    GString *out;
} layout;

/* Append line `number` of a row whose cells are wrapped; FALSE when no cell has so many. */
static gboolean
print_line(const layout *as, const row *one, GPtrArray *const *lines, guint number)
{
    gboolean any = FALSE;
    for (guint j = 0; j < as->grid->count; j++)
    {
        any = any || number < lines[j]->len;
    }
    for (guint j = 0; any && j < as->grid->count; j++)
    {
        if (as->widths[j] == 0)
        {
            continue;
        }
        const char *text = number < lines[j]->len ? lines[j]->pdata[number] : "";
        gint pad = (gint)as->widths[j] - (gint)gw_columns(text);
        gint side = as->grid->columns[j].right ? -1 : 1;
        print_text(as->out, as->style, &one->cells[j], text, side * pad);
        gw_columns_pad(as->out, GAP);
    }
    if (any)
    {
        chop(as->out);
    }
    return any;
}

static void
print_cells(const layout *as, const row *one)
{
    g_autofree GPtrArray **lines = g_new0(GPtrArray *, as->grid->count);
    for (guint j = 0; j < as->grid->count; j++)
    {
        gboolean seen = as->widths[j] > 0 && one->cells[j].text != NULL;
        lines[j] = gw_columns_wrap(seen ? one->cells[j].text : "", as->widths[j]);
    }
    for (guint number = 0; print_line(as, one, lines, number); number++)
    {
    }
    for (guint j = 0; j < as->grid->count; j++)
    {
        g_ptr_array_unref(lines[j]);
    }
}

static void
print_span(const layout *as, const row *one)
{
    guint width = as->style->width > one->indent ? as->style->width - one->indent : 1;
    g_autoptr(GPtrArray) lines = gw_columns_wrap(one->cells[0].text, width);
    for (guint i = 0; i < lines->len; i++)
    {
        gw_columns_pad(as->out, one->indent);
        gw_style_add(as->style, as->out, one->cells[0].ink, lines->pdata[i]);
        chop(as->out);
    }
}

static void
print_titles(const layout *as)
{
    cell *cells = g_new0(cell, as->grid->count);
    row titles = {.cells = cells, .count = as->grid->count};
    gboolean any = FALSE;
    for (guint j = 0; j < as->grid->count; j++)
    {
        cells[j].text = g_strdup(as->grid->columns[j].title);
        cells[j].ink = GW_INK_BOLD;
        any = any || (as->widths[j] > 0 && cells[j].text[0] != '\0');
    }
    if (any)
    {
        print_cells(as, &titles);
    }
    for (guint j = 0; j < as->grid->count; j++)
    {
        g_free(cells[j].text);
    }
    g_free(cells);
}

void
gw_grid_print(const gw_grid *grid, const gw_style *style, GString *out)
{
    g_autofree guint *widths = g_new0(guint, grid->count);
    layout as = {.grid = grid, .style = style, .widths = widths, .out = out};
    g_autofree guint *wanted = g_new0(guint, grid->count);
    measure(grid, wanted);
    memcpy(widths, wanted, grid->count * sizeof *widths);
    shrink(grid, widths, style->width);
    tighten(grid, wanted, widths, style->width);
    print_titles(&as);
    for (guint i = 0; i < grid->rows->len; i++)
    {
        const row *one = grid->rows->pdata[i];
        if (one->span)
        {
            print_span(&as, one);
        }
        else
        {
            print_cells(&as, one);
        }
    }
}
