/* What is applied and what is pending. */
#include "report/field.h"
#include "report/grid.h"
#include "report/pages.h"

static const gw_grid_column columns[] = {
    {.title = "Version", .least = 14},
    {.title = "Name", .least = 16},
    {.title = "State"},
    {.title = "Applied (UTC)"},
    {.title = "Batch", .right = TRUE},
    {.title = "Took", .right = TRUE},
    {.title = "By", .least = 10},
};

#define NOTE_INDENT 4 /* a remark stands below its migration, so that names keep their room */

/* In the order in which they are summed up; those that are 0 are not said. */
static const char *const counted[] = {
    "applied", "pending", "expanded", "interrupted", "unverified", "failed", "missing", "changed"};

static void
add_migration(gw_grid *grid, const godwit_value *migration)
{
    const char *state = gw_field_text(migration, "state");
    const char *foreign = gw_field_text(migration, "foreign");
    g_autofree char *moment = gw_field_moment(migration, "applied_at");
    g_autofree char *batch = gw_field_number(migration, "batch");
    g_autofree char *took = gw_field_duration(migration, "duration_us");
    g_autofree char *words = g_strdelimit(g_strdup(state), "_", ' ');
    gw_grid_cell(grid, GW_INK_PLAIN, gw_field_text(migration, "version"));
    gw_grid_cell(grid, GW_INK_PLAIN, gw_field_text(migration, "name"));
    gw_grid_cell(grid, gw_page_state_ink(state), words);
    gw_grid_cell(grid, GW_INK_DIM, moment);
    gw_grid_cell(grid, GW_INK_DIM, batch);
    gw_grid_cell(grid, GW_INK_DIM, took);
    gw_grid_cell(
        grid, GW_INK_DIM, foreign[0] != '\0' ? foreign : gw_field_text(migration, "actor"));
    if (gw_field_text(migration, "note")[0] != '\0')
    {
        gw_grid_span(grid, NOTE_INDENT, GW_INK_YELLOW, gw_field_text(migration, "note"));
    }
}

static void
print_migrations(gw_page *page, const godwit_value *result)
{
    gsize count = 0;
    const godwit_value *list = gw_field_list(result, "migrations", &count);
    g_autoptr(gw_grid) grid = gw_grid_new(columns, G_N_ELEMENTS(columns));
    gint64 left_out = gw_field_integer(result, "left_out");
    if (left_out > 0)
    {
        g_autofree char *older = g_strdup_printf(
            "… %" G_GINT64_FORMAT " older applied ones are not listed (--all lists them)",
            left_out);
        gw_grid_span(grid, 0, GW_INK_DIM, older);
    }
    for (gsize i = 0; i < count; i++)
    {
        add_migration(grid, godwit_value_at(list, i));
    }
    gw_grid_print(grid, &page->style, page->out);
}

/* "12 applied, 3 pending" */
static void
print_counts(gw_page *page, const godwit_value *counts)
{
    g_autoptr(GString) line = g_string_new(NULL);
    gint64 others = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(counted); i++)
    {
        gint64 number = gw_field_integer(counts, counted[i]);
        if (number > 0)
        {
            g_string_append_printf(
                line, "%s%" G_GINT64_FORMAT " %s", line->len > 0 ? ", " : "", number, counted[i]);
        }
        others += i > 0 ? number : 0;
    }
    gw_ink ink = others > 0 ? GW_INK_YELLOW : GW_INK_GREEN;
    gw_page_line(page, ink, "%s", line->len > 0 ? line->str : "no migrations");
}

static void
print_foreign(gw_page *page, const godwit_value *foreign)
{
    if (godwit_value_type(foreign) == GODWIT_OBJECT)
    {
        g_autofree char *applied = gw_field_number(foreign, "applied");
        gw_page_line(page, GW_INK_YELLOW, "history of %s in %s: %s applied",
            gw_field_text(foreign, "tool"), gw_field_text(foreign, "table"), applied);
    }
}

static void
print_running(gw_page *page, const godwit_value *running)
{
    if (godwit_value_type(running) != GODWIT_OBJECT)
    {
        return;
    }
    gboolean dead = gw_field_flag(running, "dead");
    const char *step = gw_field_text(running, "step");
    g_autofree char *since = gw_field_moment(running, "since");
    g_autofree char *pid = gw_field_number(running, "pid");
    gw_page_line(page, dead ? GW_INK_YELLOW : GW_INK_CYAN,
        "%s: %s by %s on %s (pid %s) since %s UTC%s%s", dead ? "died" : "running",
        gw_field_text(running, "command"), gw_field_text(running, "actor"),
        gw_field_text(running, "host"), pid, since, step[0] == '\0' ? "" : ", at ", step);
}

void
gw_page_status(gw_page *page, const godwit_value *result)
{
    gw_page_target(page, godwit_value_get(result, "target"));
    if (gw_field_has(result, "ledger") && !gw_field_flag(result, "ledger"))
    {
        gw_page_line(page, GW_INK_DIM, "no ledger here yet: nothing was applied by godwit");
    }
    print_foreign(page, godwit_value_get(result, "foreign"));
    print_running(page, godwit_value_get(result, "running"));
    print_migrations(page, result);
    gsize heads = 0;
    gw_field_list(result, "heads", &heads);
    if (heads > 1)
    {
        g_autofree char *versions = gw_field_joined(result, "heads");
        gw_page_line(page, GW_INK_YELLOW, "more than one head: %s", versions);
    }
    gw_page_remarks(page, "ignored: ", GW_INK_DIM, godwit_value_get(result, "ignored"));
    print_counts(page, godwit_value_get(result, "counts"));
}
