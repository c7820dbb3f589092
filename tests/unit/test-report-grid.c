#include "report/columns.h"
#include "report/grid.h"

static const gw_grid_column columns[] = {
    {.title = "Name", .least = 6}, {.title = "N", .right = TRUE}, {.title = "Note", .least = 8}};

static char *
print(const gw_grid *grid, guint width)
{
    gw_style style = {.width = width};
    GString *out = g_string_new(NULL);
    gw_grid_print(grid, &style, out);
    return g_string_free(out, FALSE);
}

static void
add(gw_grid *grid, const char *name, const char *number, const char *note)
{
    gw_grid_cell(grid, GW_INK_PLAIN, name);
    gw_grid_cell(grid, GW_INK_PLAIN, number);
    gw_grid_cell(grid, GW_INK_PLAIN, note);
}

static void
columns_line_up_also_with_wide_characters(void)
{
    g_autoptr(gw_grid) grid = gw_grid_new(columns, G_N_ELEMENTS(columns));
    add(grid, "日本", "1", "x");
    add(grid, "users", "100", "y");
    g_autofree char *text = print(grid, 100);
    g_assert_cmpstr(text, ==,
        "Name     N  Note\n"
        "日本     1  x\n"
        "users  100  y\n");
}

static void
columns_without_text_are_left_out(void)
{
    g_autoptr(gw_grid) grid = gw_grid_new(columns, G_N_ELEMENTS(columns));
    add(grid, "users", "1", NULL);
    g_autofree char *text = print(grid, 100);
    g_assert_cmpstr(text, ==, "Name   N\nusers  1\n");
}

static void
long_cells_are_wrapped_so_that_a_line_fits(void)
{
    g_autoptr(gw_grid) grid = gw_grid_new(columns, G_N_ELEMENTS(columns));
    add(grid, "a name of many words", "12", "and a note of many words");
    gw_grid_span(grid, 2, GW_INK_PLAIN, "a line over all columns that is too long as well");
    g_autofree char *text = print(grid, 30);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++)
    {
        g_assert_cmpuint(gw_columns(lines[i]), <=, 30);
        g_assert_false(g_str_has_suffix(lines[i], " "));
    }
    g_assert_nonnull(strstr(text, "\n  a line over all columns"));
}

static void
an_empty_grid_prints_nothing(void)
{
    g_autoptr(gw_grid) grid = gw_grid_new(columns, G_N_ELEMENTS(columns));
    g_autofree char *text = print(grid, 100);
    g_assert_cmpstr(text, ==, "");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/grid/columns line up also with wide characters",
        columns_line_up_also_with_wide_characters);
    g_test_add_func(
        "/report/grid/columns without text are left out", columns_without_text_are_left_out);
    g_test_add_func("/report/grid/long cells are wrapped so that a line fits",
        long_cells_are_wrapped_so_that_a_line_fits);
    g_test_add_func("/report/grid/an empty grid prints nothing", an_empty_grid_prints_nothing);
    return g_test_run();
}
