/* A plan: each step with what it locks, for how long, and what it takes to undo it. */
#include "report/field.h"
#include "report/grid.h"
#include "report/pages.h"

static const gw_grid_column columns[] = {
    {.title = "Step", .right = TRUE},
    {.title = "Statement", .least = 24},
    {.title = "Blocks", .least = 14},
    {.title = "Rewrite"},
    {.title = "Scan"},
    {.title = "Rows", .right = TRUE},
    {.title = "Size", .right = TRUE},
    {.title = "Undo"},
};

#define INSIDE 6 /* where remarks on a step begin */

/* The table while it is filled. */
typedef struct sheet
{
    gw_page *page;
    gw_grid *grid;
    guint steps;        /* listed so far */
    gint64 transaction; /* that is open; 0: none */
} sheet;

/* "reads and writes, until commit" */
static char *
blocks_of(const godwit_value *step)
{
    const char *blocks = gw_field_text(step, "blocks");
    gsize count = 0;
    const godwit_value *locks = gw_field_list(step, "locks", &count);
    for (gsize i = 0; i < count; i++)
    {
        const godwit_value *lock = godwit_value_at(locks, i);
        const char *span = gw_field_text(lock, "span");
        if (strcmp(gw_field_text(lock, "blocks"), blocks) == 0 && span[0] != '\0')
        {
            return g_strdup_printf("%s, %s", blocks, span);
        }
    }
    return g_strdup(blocks);
}

static gw_ink
blocks_ink(const char *blocks)
{
    if (strcmp(blocks, "nothing") == 0)
    {
        return GW_INK_GREEN;
    }
    return strcmp(blocks, "reads and writes") == 0 ? GW_INK_RED : GW_INK_YELLOW;
}

static void
add_remark(sheet *into, gw_ink ink, const char *label, const char *text)
{
    if (text[0] != '\0')
    {
        g_autofree char *line = g_strconcat(label, text, NULL);
        gw_grid_span(into->grid, INSIDE, ink, line);
    }
}

/* Which lock on what, with -v. */
static void
add_locks(sheet *into, const godwit_value *step)
{
    gsize count = 0;
    const godwit_value *locks = gw_field_list(step, "locks", &count);
    for (gsize i = 0; i < count; i++)
    {
        const godwit_value *lock = godwit_value_at(locks, i);
        g_autofree char *line = g_strdup_printf("%s on %s, blocks %s", gw_field_text(lock, "lock"),
            gw_field_text(lock, "relation"), gw_field_text(lock, "blocks"));
        add_remark(into, GW_INK_DIM, "lock: ", line);
    }
}

static void
add_remarks(sheet *into, const godwit_value *step)
{
    g_autofree char *destroys = gw_field_joined(step, "destroys");
    add_remark(into, GW_INK_RED, "destroys: ", destroys);
    add_remark(into, GW_INK_YELLOW, "note: ", gw_field_text(step, "note"));
    if (into->page->verbose)
    {
        add_locks(into, step);
        add_remark(into, GW_INK_DIM, "probe: ", gw_field_text(step, "probe"));
    }
}

static char *
statement_of(const godwit_value *step)
{
    gint64 count = gw_field_integer(step, "count");
    const char *statement = gw_field_text(step, "statement");
    if (count > 1)
    {
        return g_strdup_printf("%s (and %" G_GINT64_FORMAT " more)", statement, count - 1);
    }
    return g_strdup(statement);
}

static void
add_step(sheet *into, const godwit_value *step, const char *undo)
{
    g_autofree char *number = gw_field_has(step, "id") && gw_field_text(step, "id")[0] != '\0'
                                  ? g_strdup(gw_field_text(step, "id"))
                                  : gw_field_number(step, "id");
    g_autofree char *statement = statement_of(step);
    g_autofree char *blocks = blocks_of(step);
    g_autofree char *rows = gw_field_amount(step, "rows");
    g_autofree char *size = gw_field_size(step, "bytes");
    const char *rewrite = gw_field_text(step, "rewrite");
    gw_grid_cell(into->grid, GW_INK_DIM, number);
    gw_grid_cell(into->grid, GW_INK_PLAIN, statement);
    gw_grid_cell(into->grid, blocks_ink(gw_field_text(step, "blocks")), blocks);
    gw_grid_cell(into->grid, strcmp(rewrite, "yes") == 0 ? GW_INK_RED : GW_INK_PLAIN, rewrite);
    gw_grid_cell(into->grid, GW_INK_PLAIN, gw_field_text(step, "scan"));
    gw_grid_cell(into->grid, GW_INK_PLAIN, rows[0] != '\0' ? rows : "?");
    gw_grid_cell(into->grid, GW_INK_PLAIN, size);
    gw_grid_cell(into->grid, strcmp(undo, "yes") == 0 ? GW_INK_GREEN : GW_INK_YELLOW, undo);
    add_remarks(into, step);
    into->steps++;
}

/* Show where transactions begin and end. */
static void
add_bound(sheet *into, gint64 transaction)
{
    if (transaction == into->transaction)
    {
        return;
    }
    if (into->transaction != 0)
    {
        gw_grid_span(into->grid, 2, GW_INK_DIM, "commit");
    }
    if (transaction != 0)
    {
        gw_grid_span(into->grid, 2, GW_INK_DIM, "begin");
    }
    into->transaction = transaction;
}

/* Where a migration goes on that a dead or failed run left. */
static void
add_resume(sheet *into, const godwit_value *migration)
{
    gint64 at = gw_field_integer(migration, "resume_at");
    gint64 of = gw_field_integer(migration, "statements");
    if (at > 0)
    {
        g_autofree char *line =
            at > of ? g_strdup("all its statements are done: its record is completed")
                    : g_strdup_printf("going on at statement %" G_GINT64_FORMAT
                                      " of %" G_GINT64_FORMAT "%s",
                          at, of, at > 1 ? "; those before it are done" : "");
        gw_grid_span(into->grid, 2, GW_INK_CYAN, line);
    }
}

static void
add_heading(sheet *into, const godwit_value *migration)
{
    const char *phase = gw_field_text(migration, "phase");
    const char *file = gw_field_text(migration, "file");
    const char *description = gw_field_text(migration, "description");
    g_autofree char *line = g_strdup_printf("%s %s  %s%s%s  %s",
        gw_field_text(migration, "version"), gw_field_text(migration, "name"),
        gw_field_text(migration, "direction"), phase[0] != '\0' ? " " : "", phase, file);
    gw_grid_span(into->grid, 0, GW_INK_BOLD, g_strchomp(line));
    if (description[0] != '\0')
    {
        gw_grid_span(into->grid, 2, GW_INK_DIM, description);
    }
    add_resume(into, migration);
}

/* The steps of one migration, as many as may still be listed; how many were not. */
static gsize
add_steps(sheet *into, const godwit_value *migration)
{
    gsize count = 0;
    const godwit_value *steps = gw_field_list(migration, "steps", &count);
    const char *undo = gw_field_text(migration, "reversible");
    gsize i = 0;
    while (i < count && (into->page->most == 0 || into->steps < into->page->most))
    {
        const godwit_value *step = godwit_value_at(steps, i++);
        if (gw_field_flag(step, "done") && !into->page->verbose)
        {
            continue;
        }
        add_bound(into, gw_field_integer(step, "transaction"));
        add_step(into, step, undo);
    }
    add_bound(into, 0);
    return count - i;
}

static void
add_warnings(sheet *into, const godwit_value *migration)
{
    gsize count = 0;
    const godwit_value *list = gw_field_list(migration, "warnings", &count);
    for (gsize i = 0; i < count; i++)
    {
        const char *text = godwit_value_text(godwit_value_at(list, i));
        g_autofree char *line = g_strdup_printf("warning: %s", text != NULL ? text : "");
        gw_grid_span(into->grid, 2, GW_INK_YELLOW, line);
    }
}

void
gw_page_plan(gw_page *page, const godwit_value *plan)
{
    gsize count = 0;
    const godwit_value *list = gw_field_list(plan, "migrations", &count);
    g_autoptr(gw_grid) grid = gw_grid_new(columns, G_N_ELEMENTS(columns));
    sheet into = {.page = page, .grid = grid};
    gsize hidden = 0;
    for (gsize i = 0; i < count; i++)
    {
        const godwit_value *migration = godwit_value_at(list, i);
        hidden += (gsize)gw_field_integer(migration, "steps_left_out");
        if (page->most > 0 && into.steps >= page->most)
        {
            hidden += godwit_value_count(godwit_value_get(migration, "steps"));
            continue;
        }
        add_heading(&into, migration);
        hidden += add_steps(&into, migration);
        add_warnings(&into, migration);
    }
    gw_grid_print(grid, &page->style, page->out);
    gint64 left_out = gw_field_integer(plan, "left_out");
    if (left_out > 0)
    {
        gw_page_line(page, GW_INK_DIM,
            "… and %" G_GINT64_FORMAT " more migrations (`godwit plan` lists all)", left_out);
    }
    else if (hidden > 0)
    {
        gw_page_line(page, GW_INK_DIM,
            "… and %" G_GSIZE_FORMAT " more steps (`godwit plan` lists all)", hidden);
    }
    gw_page_remarks(page, "warning: ", GW_INK_YELLOW, godwit_value_get(plan, "warnings"));
}

void
gw_page_plan_result(gw_page *page, const godwit_value *result)
{
    const char *raw = gw_field_text(result, "sql");
    raw = raw[0] != '\0' ? raw : gw_field_text(result, "markdown");
    if (gw_field_has(result, "sql") || gw_field_has(result, "markdown"))
    {
        g_string_append(page->out, raw);
        return;
    }
    gsize count = 0;
    gw_field_list(result, "migrations", &count);
    gw_page_target(page, godwit_value_get(result, "target"));
    gw_page_plan(page, result);
    if (count == 0 && !page->failed)
    {
        gw_page_line(page, GW_INK_GREEN, "nothing to do");
    }
    if (count > 0)
    {
        g_autofree char *migrations = gw_field_plural((gint64)count, "migration");
        gw_page_line(page, GW_INK_PLAIN, "%s to be run", migrations);
    }
}
