/* Results that are a list and little more. */
#include "report/field.h"
#include "report/grid.h"
#include "report/pages.h"

void
gw_page_changes(gw_page *page, const godwit_value *result)
{
    static const gw_grid_column columns[] = {{.title = "Version"}, {.title = "Name", .least = 16},
        {.title = "Was"}, {.title = "Is now"}};
    gsize count = 0;
    const godwit_value *list = gw_field_list(result, "changes", &count);
    g_autoptr(gw_grid) grid = gw_grid_new(columns, G_N_ELEMENTS(columns));
    for (gsize i = 0; i < count; i++)
    {
        const godwit_value *change = godwit_value_at(list, i);
        const char *from = gw_field_text(change, "from");
        const char *to = gw_field_text(change, "to");
        gw_grid_cell(grid, GW_INK_PLAIN, gw_field_text(change, "version"));
        gw_grid_cell(grid, GW_INK_PLAIN, gw_field_text(change, "name"));
        gw_grid_cell(grid, gw_page_state_ink(from), from);
        gw_grid_cell(grid, gw_page_state_ink(to), to);
    }
    gw_grid_print(grid, &page->style, page->out);
    if (count == 0 && !page->failed)
    {
        gw_page_line(page, GW_INK_GREEN, "nothing had to be changed");
    }
}

static void
print_audit(gw_page *page, const godwit_value *check)
{
    g_autofree char *events = gw_field_plural(gw_field_integer(check, "events"), "event");
    if (gw_field_has(check, "altered"))
    {
        gw_page_line(page, GW_INK_RED,
            "audit chain: altered from event %" G_GINT64_FORMAT " on (%s)",
            gw_field_integer(check, "altered"), events);
        return;
    }
    gw_page_line(page, GW_INK_GREEN, "audit chain: %s, none altered", events);
}

static void
add_event(gw_grid *grid, const godwit_value *event)
{
    g_autofree char *sequence = gw_field_number(event, "sequence");
    g_autofree char *at = gw_field_moment(event, "at");
    const char *actor = gw_field_text(event, "actor");
    const char *host = gw_field_text(event, "host");
    g_autofree char *who = g_strconcat(actor, host[0] != '\0' ? "@" : "", host, NULL);
    gw_grid_cell(grid, GW_INK_DIM, sequence);
    gw_grid_cell(grid, GW_INK_DIM, at);
    gw_grid_cell(grid, GW_INK_PLAIN, gw_field_text(event, "type"));
    gw_grid_cell(grid, GW_INK_PLAIN, gw_field_text(event, "version"));
    gw_grid_cell(grid, GW_INK_PLAIN, who);
    gw_grid_cell(grid, GW_INK_PLAIN, gw_field_text(event, "text"));
}

void
gw_page_log(gw_page *page, const godwit_value *result)
{
    static const gw_grid_column columns[] = {{.title = "#", .right = TRUE}, {.title = "At (UTC)"},
        {.title = "What"}, {.title = "Version", .least = 14}, {.title = "Who", .least = 10},
        {.title = "Text", .least = 20}};
    gsize count = 0;
    const godwit_value *list = gw_field_list(result, "events", &count);
    g_autoptr(gw_grid) grid = gw_grid_new(columns, G_N_ELEMENTS(columns));
    for (gsize i = 0; i < count; i++)
    {
        add_event(grid, godwit_value_at(list, i));
    }
    gw_grid_print(grid, &page->style, page->out);
    if (gw_field_has(result, "check"))
    {
        print_audit(page, godwit_value_get(result, "check"));
    }
    else if (count == 0 && !page->failed)
    {
        gw_page_line(page, GW_INK_DIM, "nothing was done here yet");
    }
}

void
gw_page_seed(gw_page *page, const godwit_value *result)
{
    static const gw_grid_column columns[] = {{.title = "File", .least = 20},
        {.title = "Statements", .right = TRUE}, {.title = "Took", .right = TRUE}};
    gsize count = 0;
    const godwit_value *list = gw_field_list(result, "files", &count);
    g_autoptr(gw_grid) grid = gw_grid_new(columns, G_N_ELEMENTS(columns));
    for (gsize i = 0; i < count; i++)
    {
        const godwit_value *file = godwit_value_at(list, i);
        g_autofree char *statements = gw_field_number(file, "statements");
        g_autofree char *took = gw_field_duration(file, "duration_us");
        gw_grid_cell(grid, GW_INK_PLAIN, gw_field_text(file, "file"));
        gw_grid_cell(grid, GW_INK_PLAIN, statements);
        gw_grid_cell(grid, GW_INK_PLAIN, took);
    }
    gw_grid_print(grid, &page->style, page->out);
    if (!page->failed)
    {
        g_autofree char *files = gw_field_plural((gint64)count, "file");
        gw_page_line(page, GW_INK_GREEN, "seeded from %s", files);
    }
}

void
gw_page_config(gw_page *page, const godwit_value *result)
{
    static const gw_grid_column columns[] = {
        {.title = "Key"}, {.title = "Value", .least = 20}, {.title = "From", .least = 12}};
    gsize count = 0;
    const godwit_value *list = gw_field_list(result, "values", &count);
    g_autoptr(gw_grid) grid = gw_grid_new(columns, G_N_ELEMENTS(columns));
    for (gsize i = 0; i < count; i++)
    {
        const godwit_value *value = godwit_value_at(list, i);
        gw_grid_cell(grid, GW_INK_PLAIN, gw_field_text(value, "key"));
        gw_grid_cell(grid, GW_INK_PLAIN, gw_field_text(value, "value"));
        gw_grid_cell(grid, GW_INK_DIM, gw_field_text(value, "origin"));
    }
    gw_grid_print(grid, &page->style, page->out);
}

void
gw_page_wait(gw_page *page, const godwit_value *result)
{
    g_autofree char *waited = gw_field_duration(result, "waited_us");
    if (!page->failed)
    {
        gw_page_line(page, GW_INK_GREEN, "the database answers, after %s", waited);
    }
}

void
gw_page_made(gw_page *page, const godwit_value *result)
{
    gw_page_remarks(page, "created ", GW_INK_GREEN, godwit_value_get(result, "created"));
    if (gw_field_has(result, "next"))
    {
        gw_page_line(page, GW_INK_PLAIN, "next:   %s", gw_field_text(result, "next"));
    }
}
