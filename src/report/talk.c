#include "report/talk.h"

#include "base/text.h"
#include "report/columns.h"
#include "report/json.h"
#include "report/page.h"

#define STEPS_TOLD 200 /* the most steps of a plan that are shown before a run */

typedef void (*teller)(const godwit_event *event, const gw_style *style, GString *out);

/* One kind of event: `tell` where it is not just a line of its text. */
typedef struct kind
{
    const char *type;
    const char *label; /* before the text; NULL: nothing is said */
    gw_ink ink;
    gboolean verbose; /* told with -v only */
    teller tell;
} kind;

void
gw_talk_migration(const godwit_event *event, GString *out)
{
    const char *version = event->version != NULL ? event->version : "";
    const char *name = event->name != NULL ? event->name : "";
    g_string_append_printf(
        out, "%s%s%s", version, version[0] != '\0' && name[0] != '\0' ? " " : "", name);
}

static gw_page
page_on(const gw_style *style, GString *out)
{
    return (gw_page){.style = *style, .most = STEPS_TOLD, .out = out};
}

static void
tell_target(const godwit_event *event, const gw_style *style, GString *out)
{
    gw_page page = page_on(style, out);
    gw_page_target(&page, event->value);
}

static void
tell_plan(const godwit_event *event, const gw_style *style, GString *out)
{
    gw_page page = page_on(style, out);
    gw_page_plan(&page, event->value);
}

/* "up  20240101000000 users  12 ms" */
static void
tell_migration(const godwit_event *event, const gw_style *style, GString *out)
{
    g_autofree char *took = gw_duration_print(event->microseconds);
    g_autoptr(GString) line = g_string_new(NULL);
    gw_talk_migration(event, line);
    if (event->phase != NULL && event->phase[0] != '\0')
    {
        g_string_append_printf(line, " (%s)", event->phase);
    }
    g_string_append_printf(line, "  %s", took);
    if (event->text != NULL && event->text[0] != '\0')
    {
        g_string_append_printf(line, "  %s", event->text);
    }
    g_autofree char *clean = gw_columns_clean(line->str, TRUE);
    const char *direction = event->direction != NULL ? event->direction : "";
    gw_style_add(style, out, GW_INK_GREEN, direction[0] != '\0' ? direction : "done");
    g_string_append_printf(out, "  %s\n", clean);
}

/* "   2/5  CREATE INDEX …  12 ms" */
static void
tell_step(const godwit_event *event, const gw_style *style, GString *out)
{
    g_autofree char *took = gw_duration_print(event->microseconds);
    g_autofree char *text = gw_columns_clean(event->text != NULL ? event->text : "", TRUE);
    g_autofree char *cut = gw_columns_cut(text, style->width / 3 * 2);
    g_autofree char *line =
        g_strdup_printf("    %u/%u  %s  %s", event->ordinal, event->total, cut, took);
    gw_style_add(style, out, GW_INK_DIM, line);
    g_string_append_c(out, '\n');
}

static const kind kinds[] = {
    {"target", "", GW_INK_PLAIN, FALSE, tell_target},
    {"plan", "", GW_INK_PLAIN, FALSE, tell_plan},
    {"lock_waiting", "waiting for the run lock: ", GW_INK_YELLOW, FALSE, NULL},
    {"lock_taken", "lock: ", GW_INK_CYAN, FALSE, NULL},
    {"recovery", "recovery: ", GW_INK_CYAN, FALSE, NULL},
    {"migration_begin", NULL, GW_INK_PLAIN, FALSE, NULL},
    {"step_begin", NULL, GW_INK_PLAIN, FALSE, NULL},
    {"step_end", "", GW_INK_PLAIN, TRUE, tell_step},
    {"step_waiting", "waiting: ", GW_INK_YELLOW, FALSE, NULL},
    {"migration_retry", "again: ", GW_INK_YELLOW, FALSE, NULL},
    {"migration_end", "", GW_INK_PLAIN, FALSE, tell_migration},
    {"warning", "warning: ", GW_INK_YELLOW, FALSE, NULL},
    {"note", "note: ", GW_INK_DIM, FALSE, NULL},
    {"run_end", NULL, GW_INK_PLAIN, FALSE, NULL},
};

/* "waiting: 20240101000000 users: blocked by app (pid 7), 1.20 s" */
static void
tell_line(const godwit_event *event, const kind *as, const gw_style *style, GString *out)
{
    g_autoptr(GString) line = g_string_new(NULL);
    gw_talk_migration(event, line);
    if (line->len > 0 && event->text != NULL)
    {
        g_string_append(line, ": ");
    }
    g_string_append(line, event->text != NULL ? event->text : "");
    if (event->microseconds > 0)
    {
        g_autofree char *took = gw_duration_print(event->microseconds);
        g_string_append_printf(line, ", %s", took);
    }
    g_autofree char *clean = gw_columns_clean(line->str, TRUE);
    gw_style_add(style, out, as->ink, as->label);
    g_string_append_printf(out, "%s\n", clean);
}

/* The lines of `detail`, below the line they belong to. */
static void
tell_detail(const godwit_event *event, GString *out)
{
    g_autofree char *clean = gw_columns_clean(event->detail, FALSE);
    g_auto(GStrv) lines = g_strsplit(g_strchomp(clean), "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++)
    {
        g_string_append_printf(out, "    %s\n", lines[i]);
    }
}

void
gw_talk_text(const godwit_event *event, const gw_style *style, gboolean verbose, GString *out)
{
    const kind other = {event->type, "", GW_INK_PLAIN, TRUE, NULL};
    const kind *as = &other;
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
    {
        as = strcmp(kinds[i].type, event->type) == 0 ? &kinds[i] : as;
    }
    if (as->label == NULL || (as->verbose && !verbose))
    {
        return;
    }
    if (as->tell != NULL)
    {
        as->tell(event, style, out);
        return;
    }
    tell_line(event, as, style, out);
    if (event->detail != NULL && verbose)
    {
        tell_detail(event, out);
    }
}

static void
add_text(JsonBuilder *builder, const char *name, const char *text)
{
    if (text != NULL)
    {
        gw_json_text(builder, name, text);
    }
}

static void
add_number(JsonBuilder *builder, const char *name, gint64 number)
{
    if (number != 0)
    {
        gw_json_integer(builder, name, number);
    }
}

void
gw_talk_json(const godwit_event *event, GString *out)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    json_builder_begin_object(builder);
    gw_json_text(builder, "event", event->type);
    add_text(builder, "version", event->version);
    add_text(builder, "name", event->name);
    add_text(builder, "direction", event->direction);
    add_text(builder, "phase", event->phase);
    add_text(builder, "text", event->text);
    add_text(builder, "detail", event->detail);
    add_number(builder, "ordinal", event->ordinal);
    add_number(builder, "total", event->total);
    add_number(builder, "us", event->microseconds);
    if (event->value != NULL)
    {
        gw_json_value(builder, "value", event->value);
    }
    json_builder_end_object(builder);
    g_autofree char *line = gw_json_finish(builder, FALSE);
    g_string_append_printf(out, "%s\n", line);
}
