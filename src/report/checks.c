/* What verify and doctor found. */
#include "report/columns.h"
#include "report/field.h"
#include "report/pages.h"

static void
print_check(gw_page *page, const godwit_value *check)
{
    g_autofree char *rows = gw_field_amount(check, "rows");
    g_autofree char *sample = gw_field_joined(check, "sample");
    gboolean holds = gw_field_integer(check, "rows") == 0;
    if (holds && !page->verbose)
    {
        return;
    }
    gw_page_line(page, holds ? GW_INK_DIM : GW_INK_PLAIN, "  line %" G_GINT64_FORMAT ": %s",
        gw_field_integer(check, "line"), gw_field_text(check, "statement"));
    if (!holds)
    {
        gw_page_line(page, GW_INK_RED, "    %s rows break it%s%s", rows,
            sample[0] != '\0' ? ", such as " : "", sample);
    }
}

void
gw_page_verify(gw_page *page, const godwit_value *result)
{
    gsize count = 0;
    gsize checks = 0;
    const godwit_value *list = gw_field_list(result, "migrations", &count);
    for (gsize i = 0; i < count; i++)
    {
        const godwit_value *migration = godwit_value_at(list, i);
        const char *state = gw_field_text(migration, "state");
        gsize own = 0;
        const godwit_value *all = gw_field_list(migration, "checks", &own);
        checks += own;
        gw_page_line(page, gw_page_state_ink(state), "%s %s: %s",
            gw_field_text(migration, "version"), gw_field_text(migration, "name"), state);
        for (gsize j = 0; j < own; j++)
        {
            print_check(page, godwit_value_at(all, j));
        }
    }
    if (!page->failed)
    {
        g_autofree char *held = gw_field_plural((gint64)checks, "check");
        gw_page_line(page, GW_INK_GREEN, "%s: all hold", held);
    }
}

void
gw_page_doctor(gw_page *page, const godwit_value *result)
{
    gsize count = 0;
    gsize bad = 0;
    const godwit_value *list = gw_field_list(result, "checks", &count);
    gw_page_target(page, godwit_value_get(result, "target"));
    for (gsize i = 0; i < count; i++)
    {
        const godwit_value *check = godwit_value_at(list, i);
        gboolean ill = gw_field_flag(check, "bad");
        const char *fix = gw_field_text(check, "fix");
        bad += ill ? 1 : 0;
        gw_style_add(&page->style, page->out, ill ? GW_INK_RED : GW_INK_GREEN, ill ? "bad" : "ok ");
        gw_page_line(page, GW_INK_PLAIN, "  %s: %s", gw_field_text(check, "name"),
            gw_field_text(check, "found"));
        if (fix[0] != '\0')
        {
            g_autofree char *line = g_strconcat("fix: ", fix, NULL);
            g_autofree char *clean = gw_columns_clean(line, TRUE);
            gw_columns_paragraph(page->out, clean, (guint)strlen("bad  "), page->style.width);
        }
    }
    g_autofree char *checked = gw_field_plural((gint64)count, "check");
    g_autofree char *found = gw_field_plural((gint64)bad, "problem");
    gw_page_line(page, bad > 0 ? GW_INK_RED : GW_INK_GREEN, "%s, %s", checked,
        bad > 0 ? found : "nothing wrong");
}
