#include "sql/sections.h"

#include "sql/markers.h"
#include "sql/merge_marks.h"
#include "sql/preamble.h"
#include "sql/section_options.h"
#include "sql/section_rules.h"

static void
section_free(gpointer data)
{
    gw_section *section = data;
    g_strfreev(section->databases);
    g_free(section->table);
    g_free(section->transform);
    g_free(section);
}

static gw_sections *
sections_new(void)
{
    gw_sections *sections = g_new0(gw_sections, 1);
    sections->list = g_ptr_array_new_with_free_func(section_free);
    sections->depends = g_ptr_array_new_with_free_func(g_free);
    return sections;
}

void
gw_sections_free(gw_sections *sections)
{
    if (sections == NULL)
    {
        return;
    }
    g_free(sections->description);
    g_ptr_array_unref(sections->list);
    g_ptr_array_unref(sections->depends);
    g_free(sections->irreversible);
    g_free(sections);
}

static gw_section *
section_add(gw_sections *sections, gw_section_kind kind)
{
    gw_section *section = g_new0(gw_section, 1);
    section->kind = kind;
    section->quarantine = -1;
    section->undoes = GW_SECTION_UP;
    g_ptr_array_add(sections->list, section);
    return section;
}

/* A section's text goes up to the next marker of a section, or to the end. */
static void
end_last(gw_sections *sections, gsize end)
{
    if (sections->list->len > 0)
    {
        gw_section *last = g_ptr_array_index(sections->list, sections->list->len - 1);
        last->length = end - last->offset;
    }
}

static gboolean
read_section(
    gw_sections *sections, const gw_source *source, const gw_marker *marker, GError **error)
{
    end_last(sections, marker->offset);
    gw_section *section = section_add(sections, marker->section);
    section->marker = marker->offset;
    section->offset = marker->next;
    if (!gw_section_options_read(source, marker->rest, marker->end - marker->rest, section, error))
    {
        return FALSE;
    }
    sections->repeatable = sections->repeatable || section->repeat;
    return TRUE;
}

/* What stands behind a marker's name, without blanks around it. */
static char *
read_rest(const gw_source *source, const gw_marker *marker)
{
    char *rest = g_strndup(gw_source_text(source) + marker->rest, marker->end - marker->rest);
    return g_strstrip(rest);
}

static gboolean
fail_at(const gw_source *source, const gw_marker *marker, GError **error, const char *message)
{
    gw_source_fail(source, marker->offset, marker->end - marker->offset, error, GW_CODE_SECTION,
        "%s", message);
    return FALSE;
}

static gboolean
read_depends(
    gw_sections *sections, const gw_source *source, const gw_marker *marker, GError **error)
{
    g_autofree char *rest = read_rest(source, marker);
    g_auto(GStrv) versions = g_strsplit_set(rest, " \t,", -1);
    for (gsize i = 0; versions[i] != NULL; i++)
    {
        if (versions[i][0] != '\0')
        {
            g_ptr_array_add(sections->depends, g_strdup(versions[i]));
        }
    }
    return rest[0] != '\0' ||
           fail_at(source, marker, error, "migrate:depends wants one or more versions");
}

static gboolean
read_irreversible(
    gw_sections *sections, const gw_source *source, const gw_marker *marker, GError **error)
{
    g_autofree char *rest = read_rest(source, marker);
    if (rest[0] == '\0')
    {
        return fail_at(source, marker, error, "migrate:irreversible wants the reason");
    }
    if (sections->irreversible != NULL)
    {
        return fail_at(source, marker, error, "migrate:irreversible stands here twice");
    }
    sections->irreversible = g_steal_pointer(&rest);
    return TRUE;
}

typedef gboolean (*marker_reader)(
    gw_sections *sections, const gw_source *source, const gw_marker *marker, GError **error);

static const marker_reader readers[] = {
    [GW_MARKER_SECTION] = read_section,
    [GW_MARKER_DEPENDS] = read_depends,
    [GW_MARKER_IRREVERSIBLE] = read_irreversible,
};

/* Read all markers; *indented as gw_marker_reader has it. */
static gboolean
read_markers(gw_sections *sections, const gw_source *source, gsize *indented, GError **error)
{
    gw_marker_reader reader;
    gw_marker marker;
    gboolean more = TRUE;
    gw_marker_reader_init(&reader, source);
    while (TRUE)
    {
        if (!gw_marker_next(&reader, &marker, &more, error))
        {
            return FALSE;
        }
        if (!more)
        {
            break;
        }
        if (!readers[marker.kind](sections, source, &marker, error))
        {
            return FALSE;
        }
    }
    end_last(sections, gw_source_size(source));
    *indented = reader.indented;
    return TRUE;
}

static gboolean
read_all(gw_sections *sections, const gw_source *source, GError **error)
{
    gsize indented = G_MAXSIZE;
    if (!read_markers(sections, source, &indented, error) ||
        !gw_section_rules_check(sections, source, indented, error))
    {
        return FALSE;
    }
    const gw_section *first = g_ptr_array_index(sections->list, 0);
    sections->description = gw_preamble_describe(source, first->marker);
    return gw_preamble_check(source, first->marker, error);
}

/* Sections in disorder, while a merge is not finished, say nothing but that. */
static void
blame_merge(const gw_source *source, GError **error)
{
    gsize offset = 0;
    if (error != NULL && gw_merge_marks_find(source, &offset))
    {
        g_clear_error(error);
        gw_source_fail(source, offset, 7, error, GW_CODE_TEXT, GW_MERGE_MARK_MESSAGE);
        gw_error_add_hint(*error, GW_MERGE_MARK_HINT);
    }
}

gw_sections *
gw_sections_parse(const gw_source *source, GError **error)
{
    g_autoptr(gw_sections) sections = sections_new();
    if (!gw_source_check_text(source, error))
    {
        return NULL;
    }
    if (!read_all(sections, source, error))
    {
        blame_merge(source, error);
        return NULL;
    }
    return g_steal_pointer(&sections);
}

gw_sections *
gw_sections_whole(const gw_source *source, gw_section_kind kind)
{
    gw_sections *sections = sections_new();
    gw_marker_reader reader;
    gw_marker_reader_init(&reader, source);
    gw_section *section = section_add(sections, kind);
    section->offset = reader.at;
    section->length = gw_source_size(source) - reader.at;
    sections->description = gw_preamble_describe(source, gw_source_size(source));
    return sections;
}

const gw_section *
gw_sections_find(const gw_sections *sections, gw_section_kind kind)
{
    for (guint i = 0; i < sections->list->len; i++)
    {
        const gw_section *section = g_ptr_array_index(sections->list, i);
        if (section->kind == kind)
        {
            return section;
        }
    }
    return NULL;
}
