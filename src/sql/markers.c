#include "sql/markers.h"

#include "base/text.h"

static const char *const section_names[] = {
    [GW_SECTION_UP] = "up",
    [GW_SECTION_EXPAND] = "expand",
    [GW_SECTION_BACKFILL] = "backfill",
    [GW_SECTION_CONTRACT] = "contract",
    [GW_SECTION_VERIFY] = "verify",
    [GW_SECTION_DOWN] = "down",
};

/* All names, those of sections first and in their order. */
static const char *const names[] = {
    "up", "expand", "backfill", "contract", "verify", "down", "depends", "irreversible", NULL};

const char *
gw_section_name(gw_section_kind kind)
{
    return section_names[kind];
}

void
gw_marker_reader_init(gw_marker_reader *reader, const gw_source *source)
{
    gboolean marked =
        gw_source_size(source) >= 3 && memcmp(gw_source_text(source), "\xEF\xBB\xBF", 3) == 0;
    reader->source = source;
    reader->at = marked ? 3 : 0;
    reader->indented = G_MAXSIZE;
}

static gsize
skip_blanks(const char *text, gsize at, gsize end)
{
    while (at < end && (text[at] == ' ' || text[at] == '\t'))
    {
        at++;
    }
    return at;
}

gsize
gw_marker_name(const char *text, gsize at, gsize end)
{
    static const char word[] = "migrate:";
    at = skip_blanks(text, at, end);
    if (end - at < 2 || text[at] != '-' || text[at + 1] != '-')
    {
        return 0;
    }
    at = skip_blanks(text, at + 2, end);
    gboolean fits =
        end - at >= strlen(word) && g_ascii_strncasecmp(text + at, word, strlen(word)) == 0;
    return fits ? at + strlen(word) : 0;
}

/* The end of the line at `at`, without CR and LF; *next gets the start of the one behind. */
static gsize
line_end(const gw_source *source, gsize at, gsize *next)
{
    const char *text = gw_source_text(source);
    const char *found = memchr(text + at, '\n', gw_source_size(source) - at);
    gsize end = found == NULL ? gw_source_size(source) : (gsize)(found - text);
    *next = found == NULL ? end : end + 1;
    return end > at && text[end - 1] == '\r' ? end - 1 : end;
}

static int
find_index(const char *name)
{
    for (int i = 0; names[i] != NULL; i++)
    {
        if (strcmp(names[i], name) == 0)
        {
            return i;
        }
    }
    return -1;
}

static gboolean
fail_unknown(const gw_source *source, gsize at, const char *name, GError **error)
{
    const char *near = gw_text_near(name, names);
    gw_source_fail(source, at, MAX(1, strlen(name)), error, GW_CODE_SECTION,
        "there is no section \"%s\"", name);
    if (error == NULL)
    {
        return FALSE;
    }
    if (near != NULL)
    {
        gw_error_add_hint(*error, "did you mean \"-- migrate:%s\"?", near);
    }
    else
    {
        gw_error_add_hint(*error, "the markers are up, expand, backfill, contract, verify, down, "
                                  "depends and irreversible");
    }
    return FALSE;
}

/* The name of a marker: letters, up to the first blank. */
static char *
read_name(const char *text, gsize at, gsize end)
{
    gsize length = 0;
    while (at + length < end && !g_ascii_isspace(text[at + length]))
    {
        length++;
    }
    return g_strndup(text + at, length);
}

/* Read the line as a marker. *is is FALSE for a comment that only speaks of migrate:. */
static gboolean
read_marker(gw_marker_reader *reader, gw_marker *marker, gsize at, gboolean *is, GError **error)
{
    const char *text = gw_source_text(reader->source);
    g_autofree char *name = read_name(text, at, marker->end);
    g_autofree char *lower = g_ascii_strdown(name, -1);
    gboolean spelled = memcmp(text + at - strlen("migrate:"), "migrate:", strlen("migrate:")) == 0;
    int index = find_index(name);
    *is = FALSE;
    if (name[0] == '\0' || (!spelled && find_index(lower) < 0))
    {
        return TRUE;
    }
    if (text[marker->offset] != '-')
    {
        if (spelled && index >= 0 && index <= GW_SECTION_DOWN)
        {
            reader->indented = MIN(reader->indented, marker->offset);
        }
        return TRUE;
    }
    if (!spelled || index < 0)
    {
        return fail_unknown(reader->source, at, name, error);
    }
    *is = TRUE;
    marker->rest = at + strlen(name);
    marker->section = (gw_section_kind)MIN(index, GW_SECTION_DOWN);
    marker->kind = index <= GW_SECTION_DOWN       ? GW_MARKER_SECTION
                   : index == GW_SECTION_DOWN + 1 ? GW_MARKER_DEPENDS
                                                  : GW_MARKER_IRREVERSIBLE;
    return TRUE;
}

gboolean
gw_marker_next(gw_marker_reader *reader, gw_marker *marker, gboolean *more, GError **error)
{
    const char *text = gw_source_text(reader->source);
    gsize size = gw_source_size(reader->source);
    *more = FALSE;
    while (reader->at < size && !*more)
    {
        memset(marker, 0, sizeof *marker);
        marker->offset = reader->at;
        marker->end = line_end(reader->source, reader->at, &marker->next);
        reader->at = marker->next;
        gsize name = gw_marker_name(text, marker->offset, marker->end);
        if (name != 0 && !read_marker(reader, marker, name, more, error))
        {
            return FALSE;
        }
    }
    return TRUE;
}
