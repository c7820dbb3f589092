#include "base/source.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

struct gw_source
{
    gatomicrefcount references;
    char *name;
    GMappedFile *mapped; /* NULL when the text is in memory */
    char *memory;
    const char *text;
    gsize size;
};

static gw_source *
source_make(const char *shown)
{
    gw_source *source = g_new0(gw_source, 1);
    g_atomic_ref_count_init(&source->references);
    source->name = g_strdup(shown);
    return source;
}

gw_source *
gw_source_new(const char *shown, const char *text, gssize length)
{
    gw_source *source = source_make(shown);
    source->size = length < 0 ? strlen(text) : (gsize)length;
    source->memory = g_malloc(source->size + 1);
    memcpy(source->memory, text, source->size);
    source->memory[source->size] = '\0';
    source->text = source->memory;
    return source;
}

static gw_source *
source_map(int file, const char *shown, GError **error)
{
    GMappedFile *mapped = g_mapped_file_new_from_fd(file, FALSE, error);
    if (mapped == NULL)
    {
        return NULL;
    }
    gw_source *source = source_make(shown);
    source->mapped = mapped;
    source->text = g_mapped_file_get_contents(mapped);
    source->size = g_mapped_file_get_length(mapped);
    return source;
}

/* The first `size` bytes of a file, or what there is of them now. */
static gw_source *
source_read(int file, gsize size, const char *shown)
{
    gw_source *source = source_make(shown);
    source->memory = g_malloc(size + 1);
    gssize got = 1;
    while (got != 0 && source->size < size)
    {
        got = read(file, source->memory + source->size, size - source->size);
        if (got < 0 && errno != EINTR)
        {
            gw_source_unref(source);
            return NULL;
        }
        source->size += got < 0 ? 0 : (gsize)got;
    }
    source->memory[source->size] = '\0';
    source->text = source->memory;
    return source;
}

gw_source *
gw_source_open(const char *path, const char *shown, GError **error)
{
    struct stat about;
    g_autoptr(GError) reason = NULL;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    gw_source *source = NULL;
    if (file >= 0 && fstat(file, &about) == 0)
    {
        gsize size = (gsize)about.st_size;
        source = size > GW_SOURCE_MAPPED ? source_map(file, shown, &reason)
                                         : source_read(file, size, shown);
    }
    if (source == NULL)
    {
        gw_fail(error, GW_CODE_FILE, "cannot read %s: %s", shown,
            reason != NULL ? reason->message : g_strerror(errno));
    }
    if (file >= 0)
    {
        close(file);
    }
    return source;
}

gw_source *
gw_source_ref(gw_source *source)
{
    g_atomic_ref_count_inc(&source->references);
    return source;
}

void
gw_source_unref(gw_source *source)
{
    if (source == NULL || !g_atomic_ref_count_dec(&source->references))
    {
        return;
    }
    g_clear_pointer(&source->mapped, g_mapped_file_unref);
    g_free(source->memory);
    g_free(source->name);
    g_free(source);
}

const char *
gw_source_text(const gw_source *source)
{
    return source->text;
}

gsize
gw_source_size(const gw_source *source)
{
    return source->size;
}

const char *
gw_source_name(const gw_source *source)
{
    return source->name;
}

/* Characters in `length` bytes: those that do not continue another. */
static guint
characters(const char *text, gsize length)
{
    guint count = 0;
    for (gsize i = 0; i < length; i++)
    {
        count += ((guchar)text[i] & 0xC0) != 0x80;
    }
    return count;
}

/* Where the line that holds `offset` ends, without CR and LF. */
static gsize
line_end(const gw_source *source, gsize offset)
{
    const char *end = memchr(source->text + offset, '\n', source->size - offset);
    gsize at = end == NULL ? source->size : (gsize)(end - source->text);
    return at > offset && source->text[at - 1] == '\r' ? at - 1 : at;
}

gw_position
gw_source_position(const gw_source *source, gsize offset, gsize length)
{
    gw_line_counter lines = {0};
    gw_position position = {.file = g_strdup(source->name)};
    position.line = gw_source_line(source, offset, &lines);
    offset = MIN(offset, source->size);
    gsize start = offset;
    while (start > 0 && source->text[start - 1] != '\n')
    {
        start--;
    }
    gsize end = line_end(source, offset);
    position.column = characters(source->text + start, offset - start) + 1;
    position.length = MAX(1, characters(source->text + offset, MIN(length, end - offset)));
    position.text = g_utf8_make_valid(source->text + start, (gssize)(end - start));
    return position;
}

guint
gw_source_line(const gw_source *source, gsize offset, gw_line_counter *counter)
{
    if (counter->source != source || offset < counter->offset)
    {
        *counter = (gw_line_counter){.source = source, .line = 1};
    }
    gsize end = MIN(offset, source->size);
    const char *at = source->text + counter->offset;
    const char *stop = source->text + end;
    while (at < stop && (at = memchr(at, '\n', (gsize)(stop - at))) != NULL)
    {
        counter->line++;
        at++;
    }
    counter->offset = end;
    return counter->line;
}

char *
gw_source_sha256(const gw_source *source)
{
    return g_compute_checksum_for_data(
        G_CHECKSUM_SHA256, (const guchar *)source->text, source->size);
}

gboolean
gw_source_check_text(const gw_source *source, GError **error)
{
    const char *bad = NULL;
    if (source->size == 0 || g_utf8_validate(source->text, (gssize)source->size, &bad))
    {
        return TRUE;
    }
    gsize offset = (gsize)(bad - source->text);
    gboolean wide = g_str_has_prefix(source->text, "\xff\xfe") ||
                    g_str_has_prefix(source->text, "\xfe\xff"); /* as some editors save it */
    if (wide)
    {
        gw_position whole = {.file = g_strdup(source->name)};
        gw_fail(error, GW_CODE_ENCODING, "the file is in UTF-16");
        gw_error_add_position(error == NULL ? NULL : *error, &whole);
    }
    else if (*bad == '\0')
    {
        gw_source_fail(source, offset, 1, error, GW_CODE_ENCODING, "the file holds a NUL byte");
    }
    else
    {
        gw_source_fail(source, offset, 1, error, GW_CODE_ENCODING, "byte 0x%02X is not UTF-8",
            (guint)(guchar)*bad);
    }
    gw_error_add_hint(error == NULL ? NULL : *error, "save the file as UTF-8");
    return FALSE;
}

void
gw_source_fail(const gw_source *source, gsize offset, gsize length, GError **error, gw_code code,
    const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    gw_fail(error, code, "%s", message);
    if (error != NULL)
    {
        gw_position position = gw_source_position(source, offset, length);
        gw_error_add_position(*error, &position);
    }
}
