#include "project/file_facts.h"

#include <fcntl.h>
#include <unistd.h>

#include "sql/markers.h"

/* Files of up to this size are read into the stack; larger ones as sources. */
#define SMALL_BYTES 16384

void
gw_file_facts_clear(gw_file_facts *facts)
{
    g_strfreev(facts->depends);
    memset(facts, 0, sizeof *facts);
}

/* Is there a marker in the file? One that is wrong counts. */
static gboolean
has_marker(const gw_source *source)
{
    gw_marker_reader reader;
    gw_marker marker;
    gboolean more = FALSE;
    g_autoptr(GError) error = NULL;
    gw_marker_reader_init(&reader, source);
    return !gw_marker_next(&reader, &marker, &more, &error) || more;
}

/* A pair's file for up with markers: they may say all but down. */
static gw_sections *
up_sections(const gw_source *source, GError **error)
{
    g_autoptr(gw_sections) sections = gw_sections_parse(source, error);
    const gw_section *down = sections == NULL ? NULL : gw_sections_find(sections, GW_SECTION_DOWN);
    if (down != NULL)
    {
        gw_source_fail(source, down->marker, 1, error, GW_CODE_SECTION,
            "by its name this file holds the way up alone, and here is a way down");
        return NULL;
    }
    return g_steal_pointer(&sections);
}

gw_sections *
gw_part_sections(const gw_source *source, gw_name_part part, GError **error)
{
    if (part == GW_NAME_WHOLE)
    {
        return gw_sections_parse(source, error);
    }
    if (!gw_source_check_text(source, error))
    {
        return NULL;
    }
    if (!has_marker(source))
    {
        return gw_sections_whole(source, part == GW_NAME_UP ? GW_SECTION_UP : GW_SECTION_DOWN);
    }
    if (part == GW_NAME_UP)
    {
        return up_sections(source, error);
    }
    gw_source_fail(source, 0, 1, error, GW_CODE_SECTION,
        "by its name this file is the way down alone: it has no markers");
    return NULL;
}

/* Do the bytes hold words that make a file repeatable, or depend on others? Cutting every file of a
 * project into sections would take longer than reading it. */
static gboolean
order_matters(const char *text, gsize length)
{
    static const char *const signs[] = {"repeat:", "migrate:depends"};
    for (gsize i = 0; i < G_N_ELEMENTS(signs); i++)
    {
        if (memmem(text, length, signs[i], strlen(signs[i])) != NULL)
        {
            return TRUE;
        }
    }
    return FALSE;
}

/* What the sections say about the order. */
static gboolean
order_read(const gw_source *source, gw_name_part part, gw_file_facts *facts, GError **error)
{
    g_autoptr(gw_sections) sections = gw_part_sections(source, part, error);
    if (sections == NULL)
    {
        return FALSE;
    }
    facts->repeatable = sections->repeatable;
    if (sections->depends->len > 0)
    {
        g_autoptr(GStrvBuilder) versions = g_strv_builder_new();
        for (guint i = 0; i < sections->depends->len; i++)
        {
            g_strv_builder_add(versions, g_ptr_array_index(sections->depends, i));
        }
        facts->depends = g_strv_builder_end(versions);
    }
    return TRUE;
}

/* Read a file whose stamp says that it fits. -1: it does not, or not as it was stamped. */
static gssize
small_read(const gw_file *file, char *buffer, gsize room)
{
    gsize size = file->stamp.size;
    if (size >= room)
    {
        return -1;
    }
    int fd = openat(file->folder, file->inside, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    gssize got = fd < 0 ? -1 : read(fd, buffer, size + 1);
    if (fd >= 0)
    {
        close(fd);
    }
    return got == (gssize)size ? got : -1;
}

static gboolean
bytes_take(gw_file_facts *facts, const char *text, gsize length)
{
    g_autofree char *sha256 =
        g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)text, length);
    g_strlcpy(facts->sha256, sha256, sizeof facts->sha256);
    return order_matters(text, length);
}

gboolean
gw_file_facts_read(const gw_file *file, gw_file_facts *facts, GError **error)
{
    char buffer[SMALL_BYTES];
    gssize length = small_read(file, buffer, sizeof buffer);
    g_autoptr(gw_source) source = NULL;
    memset(facts, 0, sizeof *facts);
    if (length < 0)
    {
        source = gw_source_open(file->path, file->path, error);
        if (source == NULL)
        {
            return FALSE;
        }
    }
    const char *text = source == NULL ? buffer : gw_source_text(source);
    gsize size = source == NULL ? (gsize)length : gw_source_size(source);
    gboolean matters = bytes_take(facts, text, size);
    if (!matters || file->yaml || file->part == GW_NAME_DOWN)
    {
        return TRUE;
    }
    if (source == NULL)
    {
        source = gw_source_new(file->path, buffer, length);
    }
    return order_read(source, file->part, facts, error);
}

char *
gw_pair_sha256(const char *up, const char *down)
{
    g_autofree char *both = down == NULL ? g_strdup_printf("up %s\n", up)
                                         : g_strdup_printf("up %s\ndown %s\n", up, down);
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, both, -1);
}
