#include "report/trouble.h"

#include "report/columns.h"
#include "report/json.h"
#include "report/snippet.h"

#define CODE_FORMAT "GW%04d"

gboolean
gw_trouble_of_library(const godwit *library, gw_trouble *trouble)
{
    const char *code = godwit_error_code(library);
    *trouble = (gw_trouble){
        .message = godwit_error_message(library),
        .hint = godwit_error_hint(library),
        .state = godwit_error_state(library),
        .next = godwit_error_next(library),
        .sqlstate = godwit_error_sqlstate(library),
        .file = godwit_error_file(library),
        .text = godwit_error_text(library),
        .line = godwit_error_line(library),
        .column = godwit_error_column(library),
        .length = godwit_error_length(library),
    };
    g_strlcpy(trouble->code, code != NULL ? code : "", sizeof trouble->code);
    return code != NULL;
}

void
gw_trouble_of_error(const GError *error, gw_trouble *trouble)
{
    const gw_position *at = gw_error_position(error);
    gboolean ours = error->domain == GW_ERROR;
    *trouble = (gw_trouble){
        .message = error->message,
        .hint = gw_error_hint(error),
        .state = gw_error_state(error),
        .next = gw_error_next(error),
        .sqlstate = gw_error_sqlstate(error),
    };
    if (at != NULL)
    {
        trouble->file = at->file;
        trouble->text = at->text;
        trouble->line = at->line;
        trouble->column = at->column;
        trouble->length = at->length;
    }
    g_snprintf(trouble->code, sizeof trouble->code, CODE_FORMAT,
        ours ? error->code : (int)GW_CODE_INTERNAL);
}

/* "file:14:8: error[GW0412]: message" */
static void
print_headline(const gw_trouble *trouble, const gw_style *style, GString *out)
{
    g_autofree char *message =
        gw_columns_clean(trouble->message != NULL ? trouble->message : "", TRUE);
    g_autofree char *label = g_strdup_printf("error[%s]", trouble->code);
    if (trouble->file != NULL)
    {
        g_autofree char *file = gw_columns_clean(trouble->file, TRUE);
        g_autoptr(GString) place = g_string_new(file);
        if (trouble->line > 0)
        {
            g_string_append_printf(place, ":%u", trouble->line);
        }
        if (trouble->line > 0 && trouble->column > 0)
        {
            g_string_append_printf(place, ":%u", trouble->column);
        }
        gw_style_add(style, out, GW_INK_BOLD, place->str);
        g_string_append(out, ": ");
    }
    gw_style_add(style, out, GW_INK_RED, label);
    g_string_append(out, ": ");
    gw_style_add(style, out, GW_INK_BOLD, message);
    g_string_append_c(out, '\n');
}

/* "state: …", with the lines that follow below the first one's text. */
static void
print_remark(const gw_style *style, GString *out, const char *label, const char *text)
{
    if (text == NULL || text[0] == '\0')
    {
        return;
    }
    g_autofree char *clean = gw_columns_clean(text, FALSE);
    g_auto(GStrv) lines = g_strsplit(g_strchomp(clean), "\n", -1);
    gw_style_add(style, out, GW_INK_CYAN, label);
    gw_columns_pad(out, (guint)(sizeof "state: " - 1 - strlen(label)));
    for (guint i = 0; lines[i] != NULL; i++)
    {
        gw_columns_pad(out, i > 0 ? (guint)(sizeof "state: " - 1) : 0);
        g_string_append_printf(out, "%s\n", lines[i]);
    }
}

void
gw_trouble_print(const gw_trouble *trouble, const gw_style *style, GString *out)
{
    print_headline(trouble, style, out);
    gw_snippet snippet = {
        .text = trouble->text,
        .line = trouble->line,
        .column = trouble->column,
        .length = trouble->length,
    };
    gw_snippet_print(&snippet, style, out);
    print_remark(style, out, "hint:", trouble->hint);
    print_remark(style, out, "state:", trouble->state);
    print_remark(style, out, "next:", trouble->next);
}

static void
add_text(JsonBuilder *builder, const char *name, const char *text)
{
    if (text != NULL && text[0] != '\0')
    {
        gw_json_text(builder, name, text);
    }
}

static void
add_number(JsonBuilder *builder, const char *name, guint number)
{
    if (number > 0)
    {
        gw_json_integer(builder, name, number);
    }
}

char *
gw_trouble_json(const gw_trouble *trouble, const godwit_value *result)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "error");
    json_builder_begin_object(builder);
    gw_json_text(builder, "code", trouble->code);
    gw_json_text(builder, "message", trouble->message != NULL ? trouble->message : "");
    add_text(builder, "hint", trouble->hint);
    add_text(builder, "state", trouble->state);
    add_text(builder, "next", trouble->next);
    add_text(builder, "sqlstate", trouble->sqlstate);
    add_text(builder, "file", trouble->file);
    add_number(builder, "line", trouble->line);
    add_number(builder, "column", trouble->column);
    add_text(builder, "text", trouble->text);
    json_builder_end_object(builder);
    if (result != NULL)
    {
        gw_json_value(builder, "result", result);
    }
    json_builder_end_object(builder);
    return gw_json_finish(builder, TRUE);
}
