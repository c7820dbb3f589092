/* Where a command works: the header before everything that is written. */
#include "report/field.h"
#include "report/page.h"

#define INDENT 8

/* "database shop on db1:5432 as app" */
static void
append_place(GString *line, const godwit_value *target)
{
    const char *host = gw_field_text(target, "host");
    const char *user = gw_field_text(target, "user");
    const char *schema = gw_field_text(target, "schema");
    g_string_append_printf(line, ", database %s", gw_field_text(target, "database"));
    if (schema[0] != '\0')
    {
        g_string_append_printf(line, ", schema %s", schema);
    }
    if (host[0] != '\0')
    {
        g_string_append_printf(line, " on %s", host);
    }
    if (user[0] != '\0')
    {
        g_string_append_printf(line, " as %s", user);
    }
}

/* "environment production, protected, primary" */
static void
append_nature(GString *line, const godwit_value *target)
{
    const char *environment = gw_field_text(target, "environment");
    if (environment[0] != '\0')
    {
        g_string_append_printf(line, ", environment %s", environment);
    }
    g_string_append(line, gw_field_flag(target, "protected") ? ", protected" : "");
    if (gw_field_has(target, "replica"))
    {
        g_string_append(line, gw_field_flag(target, "replica") ? ", replica" : ", primary");
    }
    g_string_append(line, gw_field_flag(target, "pooled") ? ", behind a pooler" : "");
}

void
gw_page_target(gw_page *page, const godwit_value *target)
{
    if (target == NULL)
    {
        return;
    }
    const char *name = gw_field_text(target, "name");
    g_autoptr(GString) line = g_string_new("target");
    if (name[0] != '\0')
    {
        g_string_append_printf(line, " %s", name);
    }
    if (gw_field_has(target, "engine"))
    {
        g_string_append_printf(
            line, ": %s %s", gw_field_text(target, "engine"), gw_field_text(target, "version"));
        append_place(line, target);
    }
    append_nature(line, target);
    gboolean care = gw_field_flag(target, "protected") || gw_field_flag(target, "replica");
    gw_page_text(page, care ? GW_INK_YELLOW : GW_INK_BOLD, INDENT, line->str);
    const char *url = gw_field_text(target, "url");
    const char *origin = gw_field_text(target, "origin");
    if (url[0] != '\0' || origin[0] != '\0')
    {
        gw_page_line(
            page, GW_INK_DIM, "url:    %s%s%s", url, origin[0] != '\0' ? "  from " : "", origin);
    }
}
