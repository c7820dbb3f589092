#include "report/page.h"

#include "report/columns.h"
#include "report/field.h"
#include "report/pages.h"

#define JSON_INDENT 2

typedef struct page_of
{
    const char *command;
    void (*print)(gw_page *page, const godwit_value *result);
} page_of;

static const page_of pages[] = {
    {"status", gw_page_status},
    {"plan", gw_page_plan_result},
    {"up", gw_page_up},
    {"down", gw_page_down},
    {"redo", gw_page_redo},
    {"contract", gw_page_contract},
    {"verify", gw_page_verify},
    {"mark", gw_page_changes},
    {"repair", gw_page_changes},
    {"log", gw_page_log},
    {"seed", gw_page_seed},
    {"doctor", gw_page_doctor},
    {"wait", gw_page_wait},
    {"config", gw_page_config},
    {"init", gw_page_made},
    {"new", gw_page_made},
};

static void
page_json(gw_page *page, const godwit_value *result)
{
    char *text = godwit_value_json(result, JSON_INDENT);
    g_string_append_printf(page->out, "%s\n", text != NULL ? text : "null");
    godwit_text_free(text);
}

void
gw_page_result(gw_page *page, const char *command, const godwit_value *result)
{
    for (gsize i = 0; i < G_N_ELEMENTS(pages); i++)
    {
        if (strcmp(pages[i].command, command) == 0)
        {
            pages[i].print(page, result);
            return;
        }
    }
    page_json(page, result);
}

void
gw_page_line(gw_page *page, gw_ink ink, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *clean = gw_columns_clean(text, TRUE);
    gw_style_add(&page->style, page->out, ink, clean);
    g_string_append_c(page->out, '\n');
}

void
gw_page_text(gw_page *page, gw_ink ink, guint indent, const char *text)
{
    g_autofree char *clean = gw_columns_clean(text, TRUE);
    guint width = page->style.width > indent ? page->style.width - indent : 1;
    g_autoptr(GPtrArray) lines = gw_columns_wrap(clean, width);
    for (guint i = 0; i < lines->len; i++)
    {
        gw_columns_pad(page->out, i > 0 ? indent : 0);
        gw_page_line(page, ink, "%s", (const char *)lines->pdata[i]);
    }
}

void
gw_page_remarks(gw_page *page, const char *label, gw_ink ink, const godwit_value *list)
{
    for (gsize i = 0; i < godwit_value_count(list); i++)
    {
        const char *text = godwit_value_text(godwit_value_at(list, i));
        g_autofree char *clean = gw_columns_clean(text != NULL ? text : "", TRUE);
        guint indent = (guint)strlen(label);
        g_autoptr(GString) body = g_string_new(NULL);
        gw_columns_paragraph(body, clean, indent, page->style.width);
        gw_style_add(&page->style, page->out, ink, label);
        g_string_append(page->out, body->str + MIN(indent, body->len));
    }
}

gw_ink
gw_page_state_ink(const char *state)
{
    static const struct
    {
        const char *state;
        gw_ink ink;
    } inks[] = {
        {"applied", GW_INK_GREEN},
        {"pending", GW_INK_YELLOW},
        {"expanded", GW_INK_CYAN},
        {"interrupted", GW_INK_RED},
        {"unverified", GW_INK_RED},
        {"failed", GW_INK_RED},
        {"missing", GW_INK_RED},
        {"changed", GW_INK_RED},
        {"not_applicable", GW_INK_DIM},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(inks); i++)
    {
        if (strcmp(inks[i].state, state) == 0)
        {
            return inks[i].ink;
        }
    }
    return GW_INK_PLAIN;
}
