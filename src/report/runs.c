/* What up, down and redo did: one line, and what else a user has to know. */
#include "base/text.h"
#include "report/field.h"
#include "report/pages.h"

/* How a run is told. */
typedef struct telling
{
    const char *done;      /* "applied" */
    const char *direction; /* of the migrations that count; NULL: all */
    const char *nothing;
} telling;

/* What the migrations of a run add up to. */
typedef struct sum
{
    gint64 done;
    gint64 expanded;
    gint64 bad;
    gint64 microseconds;
} sum;

static gboolean
is_bad(const char *state)
{
    return gw_page_state_ink(state) == GW_INK_RED;
}

static sum
sum_up(const godwit_value *result, const telling *as)
{
    gsize count = 0;
    const godwit_value *list = gw_field_list(result, "migrations", &count);
    sum all = {.done = gw_field_integer(result, "left_out"),
        .microseconds = gw_field_integer(result, "duration_us")};
    for (gsize i = 0; i < count; i++)
    {
        const godwit_value *migration = godwit_value_at(list, i);
        const char *state = gw_field_text(migration, "state");
        const char *direction = gw_field_text(migration, "direction");
        gboolean counts = as->direction == NULL || strcmp(direction, as->direction) == 0;
        all.bad += is_bad(state);
        all.expanded += strcmp(state, "expanded") == 0 && counts;
        all.done += !is_bad(state) && strcmp(state, "expanded") != 0 && counts;
    }
    return all;
}

/* "applied 3 migrations, expanded 1 in 0.41 s (batch 7); longest stall 12 ms" */
static char *
sentence(const godwit_value *result, const telling *as, const sum *all)
{
    GString *line = g_string_new(NULL);
    g_autofree char *took = gw_duration_print(all->microseconds);
    g_autofree char *migrations = gw_field_plural(all->done, "migration");
    g_autofree char *expanded = gw_field_plural(all->expanded, "migration");
    if (all->done > 0)
    {
        g_string_append_printf(line, "%s %s", as->done, migrations);
    }
    if (all->expanded > 0)
    {
        g_string_append_printf(line, "%sexpanded %s", line->len > 0 ? ", " : "", expanded);
    }
    g_string_append_printf(line, " in %s", took);
    if (gw_field_integer(result, "batch") > 0)
    {
        g_string_append_printf(
            line, " (batch %" G_GINT64_FORMAT ")", gw_field_integer(result, "batch"));
    }
    if (gw_field_has(result, "longest_stall_us"))
    {
        g_autofree char *stall = gw_field_duration(result, "longest_stall_us");
        g_string_append_printf(line, "; longest stall %s", stall);
    }
    if (gw_field_integer(result, "retries") > 0)
    {
        gint64 retries = gw_field_integer(result, "retries");
        g_string_append_printf(line, "; tried again %" G_GINT64_FORMAT "%s", retries,
            retries == 1 ? " time" : " times");
    }
    return g_string_free(line, FALSE);
}

static void
print_run(gw_page *page, const godwit_value *result, const telling *as)
{
    sum all = sum_up(result, as);
    if (!page->told)
    {
        gw_page_remarks(page, "recovered: ", GW_INK_CYAN, godwit_value_get(result, "recovered"));
        gw_page_remarks(page, "warning: ", GW_INK_YELLOW, godwit_value_get(result, "warnings"));
    }
    if (all.done + all.expanded > 0)
    {
        g_autofree char *line = sentence(result, as, &all);
        gw_page_line(page, GW_INK_GREEN, "%s", line);
    }
    else if (!page->failed)
    {
        gw_page_line(page, GW_INK_GREEN, "%s", as->nothing);
    }
}

void
gw_page_up(gw_page *page, const godwit_value *result)
{
    static const telling as = {"applied", NULL, "nothing to do: no migration is pending"};
    print_run(page, result, &as);
}

void
gw_page_down(gw_page *page, const godwit_value *result)
{
    static const telling as = {"undid", NULL, "nothing to undo: no migration is applied"};
    print_run(page, result, &as);
}

void
gw_page_redo(gw_page *page, const godwit_value *result)
{
    static const telling as = {"undid and applied again", "up", "nothing to do again"};
    print_run(page, result, &as);
}

void
gw_page_contract(gw_page *page, const godwit_value *result)
{
    static const telling as = {"contracted", NULL, "nothing to contract: no migration is expanded"};
    print_run(page, result, &as);
}
