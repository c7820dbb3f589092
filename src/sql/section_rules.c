#include "sql/section_rules.h"

#include "sql/lexer.h"
#include "sql/section_options.h"

/* A file's sections with one of them to be judged. */
typedef struct subject
{
    const gw_sections *sections;
    const gw_source *source;
    const gw_section *section;
    guint index;
} subject;

static const gw_section *
section_at(const gw_sections *sections, guint index)
{
    return g_ptr_array_index(sections->list, index);
}

G_GNUC_PRINTF(3, 4)
static gboolean
fail(const subject *judged, GError **error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    const char *line = gw_source_text(judged->source) + judged->section->marker;
    gsize length = judged->section->offset - judged->section->marker;
    while (length > 1 && g_ascii_isspace(line[length - 1]))
    {
        length--;
    }
    gw_source_fail(
        judged->source, judged->section->marker, length, error, GW_CODE_SECTION, "%s", message);
    return FALSE;
}

/* Does the file have a section of that kind among its first `count`? */
static gboolean
has(const gw_sections *sections, gw_section_kind kind, guint count)
{
    for (guint i = 0; i < count; i++)
    {
        if (section_at(sections, i)->kind == kind)
        {
            return TRUE;
        }
    }
    return FALSE;
}

/* No up and no expand at all. */
static gboolean
fail_without(const gw_sections *sections, const gw_source *source, gsize indented, GError **error)
{
    gboolean none = sections->list->len == 0;
    gsize offset = none ? 0 : section_at(sections, 0)->marker;
    offset = indented == G_MAXSIZE ? offset : indented;
    gw_source_fail(source, offset, 1, error, GW_CODE_SECTION,
        none ? "the file has no section" : "the file has no section up");
    if (error == NULL)
    {
        return FALSE;
    }
    if (indented == G_MAXSIZE)
    {
        gw_error_add_hint(*error, "put the SQL below a line \"-- migrate:up\", and what undoes it "
                                  "below a line \"-- migrate:down\"");
    }
    else
    {
        gw_error_add_hint(*error, "this line would be a marker if it began without blanks");
    }
    return FALSE;
}

/* What a section needs before it, and what may not be before it. */
static gboolean
check_order(const subject *judged, GError **error)
{
    gw_section_kind kind = judged->section->kind;
    gboolean up = has(judged->sections, GW_SECTION_UP, judged->index);
    gboolean expand = has(judged->sections, GW_SECTION_EXPAND, judged->index);
    const char *name = gw_section_name(kind);
    if ((kind == GW_SECTION_EXPAND && up) || (kind == GW_SECTION_UP && expand))
    {
        return fail(judged, error, "a file has either up or expand, not both");
    }
    if (kind == GW_SECTION_CONTRACT && up)
    {
        return fail(judged, error, "contract goes with expand, not with up");
    }
    if (kind != GW_SECTION_UP && kind != GW_SECTION_EXPAND && !up && !expand)
    {
        gboolean later = has(judged->sections, GW_SECTION_UP, judged->sections->list->len);
        return fail(judged, error, "%s stands before %s", name, later ? "up" : "expand");
    }
    if (kind == GW_SECTION_BACKFILL && has(judged->sections, GW_SECTION_CONTRACT, judged->index))
    {
        return fail(judged, error, "backfill stands behind contract, which needs its rows");
    }
    return TRUE;
}

/* Kinds that stand once for each database. */
static gboolean
is_single(gw_section_kind kind)
{
    return kind != GW_SECTION_BACKFILL && kind != GW_SECTION_VERIFY;
}

/* Is there another section of that kind and phase for the same database, and between the two none
 * of the other direction (dbmate's files may be pairs, one behind the other)? */
static gboolean
check_twice(const subject *judged, GError **error)
{
    const gw_section *section = judged->section;
    gboolean up = section->kind == GW_SECTION_UP;
    gboolean down = section->kind == GW_SECTION_DOWN;
    for (guint i = judged->index; is_single(section->kind) && i > 0; i--)
    {
        const gw_section *before = section_at(judged->sections, i - 1);
        if ((up && before->kind == GW_SECTION_DOWN) || (down && before->kind == GW_SECTION_UP))
        {
            return TRUE;
        }
        if (before->kind == section->kind && before->undoes == section->undoes &&
            gw_section_shares_database(before, section))
        {
            return fail(judged, error, "a second %s%s", gw_section_name(section->kind),
                up ? " without a down between the two" : "");
        }
    }
    return TRUE;
}

/* A down of a phase belongs to a file with phases, and a file has downs of phases or one of all. */
static gboolean
check_phase(const subject *judged, GError **error)
{
    const gw_section *section = judged->section;
    if (section->kind != GW_SECTION_DOWN)
    {
        return TRUE;
    }
    gboolean phased = section->undoes != GW_SECTION_UP;
    if (phased && has(judged->sections, GW_SECTION_UP, judged->sections->list->len))
    {
        return fail(judged, error, "phase: goes with expand and contract, not with up");
    }
    if (section->undoes == GW_SECTION_CONTRACT &&
        !has(judged->sections, GW_SECTION_CONTRACT, judged->sections->list->len))
    {
        return fail(judged, error, "there is no contract that this down could undo");
    }
    for (guint i = 0; i < judged->index; i++)
    {
        const gw_section *before = section_at(judged->sections, i);
        if (before->kind == GW_SECTION_DOWN && phased != (before->undoes != GW_SECTION_UP))
        {
            return fail(judged, error, "either each down has a phase or none has");
        }
    }
    return TRUE;
}

/* Has a section any text but comments? Text that cannot be cut counts as such. */
static gboolean
has_code(const gw_source *source, const gw_section *section)
{
    static const gw_lexis lexis = {0};
    gw_lexer lexer;
    gw_token token;
    gsize end = section->offset + section->length;
    gw_lexer_init(&lexer, &lexis, gw_source_text(source), section->offset, end);
    return !gw_lexer_next_code(&lexer, &token) || token.kind != GW_TOKEN_END;
}

static gboolean
check_irreversible(const subject *judged, GError **error)
{
    gboolean both = judged->section->kind == GW_SECTION_DOWN &&
                    judged->sections->irreversible != NULL &&
                    has_code(judged->source, judged->section);
    return !both || fail(judged, error, "a file has either a down or migrate:irreversible");
}

gboolean
gw_section_rules_check(
    const gw_sections *sections, const gw_source *source, gsize indented, GError **error)
{
    if (!has(sections, GW_SECTION_UP, sections->list->len) &&
        !has(sections, GW_SECTION_EXPAND, sections->list->len))
    {
        return fail_without(sections, source, indented, error);
    }
    for (guint i = 0; i < sections->list->len; i++)
    {
        subject judged = {sections, source, section_at(sections, i), i};
        if (!check_order(&judged, error) || !check_twice(&judged, error) ||
            !check_phase(&judged, error) || !check_irreversible(&judged, error))
        {
            return FALSE;
        }
    }
    return TRUE;
}
