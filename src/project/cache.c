#include "project/cache.h"

#include "base/file.h"

/* The most that a cache may hold: far above any project, and no burden to read. */
#define CACHE_BYTES (64 * 1024 * 1024)

/* How old a change must be to be trusted: file systems keep times as coarsely as this. */
#define RACY_NANOSECONDS (G_GINT64_CONSTANT(2000000000))

#define CACHE_MAGIC   "gwcache"
#define CACHE_VERSION 1u

/* The file: a head, entries in order of device and inode, texts. Made and read by one machine, so
 * in its own byte order. */
typedef struct head
{
    char magic[8];
    guint32 version; /* another byte order reads as another version */
    guint32 entry_size;
    guint64 count;
    guint64 text_size;
    guint64 checksum; /* of all that follows */
} head;

typedef struct entry
{
    gw_stamp stamp;
    guint8 sha256[GW_SHA256_DIGITS / 2];
    guint32 repeatable;
    guint32 depends; /* offset in the texts: versions with blanks between them; 0: none */
} entry;

struct gw_cache
{
    char *path;
    entry *entries; /* as read */
    gsize count;
    guint8 *used; /* of each entry: was it found? */
    char *texts;
    gsize text_size;
    GArray *fresh;       /* of entry: put */
    GString *fresh_text; /* their texts; the first byte is a NUL */
};

static int
entry_order(const void *left, const void *right)
{
    const entry *a = left;
    const entry *b = right;
    if (a->stamp.device != b->stamp.device)
    {
        return a->stamp.device < b->stamp.device ? -1 : 1;
    }
    return a->stamp.inode == b->stamp.inode ? 0 : a->stamp.inode < b->stamp.inode ? -1 : 1;
}

/* Tells a broken file from a whole one; eight bytes at a time, the last as if zeros followed. */
static guint64
checksum(const char *bytes, gsize length)
{
    guint64 hash = length;
    for (gsize i = 0; i < length; i += sizeof hash)
    {
        guint64 word = 0;
        memcpy(&word, bytes + i, MIN(sizeof word, length - i));
        hash = (hash ^ word) * G_GUINT64_CONSTANT(0x9E3779B97F4A7C15);
        hash ^= hash >> 29;
    }
    return hash;
}

static void
hex_to_bytes(const char *hex, guint8 *bytes)
{
    for (gsize i = 0; i < GW_SHA256_DIGITS / 2; i++)
    {
        bytes[i] =
            (guint8)(g_ascii_xdigit_value(hex[2 * i]) * 16 + g_ascii_xdigit_value(hex[2 * i + 1]));
    }
}

static void
bytes_to_hex(const guint8 *bytes, char *hex)
{
    static const char digits[] = "0123456789abcdef";
    for (gsize i = 0; i < GW_SHA256_DIGITS / 2; i++)
    {
        hex[2 * i] = digits[bytes[i] >> 4];
        hex[2 * i + 1] = digits[bytes[i] & 15];
    }
    hex[GW_SHA256_DIGITS] = '\0';
}

/* Does the head fit to what follows? */
static gboolean
head_check(const head *begin, const char *rest, gsize length)
{
    return memcmp(begin->magic, CACHE_MAGIC, sizeof begin->magic) == 0 &&
           begin->version == CACHE_VERSION && begin->entry_size == sizeof(entry) &&
           begin->count <= length / sizeof(entry) && begin->text_size > 0 &&
           begin->text_size == length - begin->count * sizeof(entry) && rest[length - 1] == '\0' &&
           checksum(rest, length) == begin->checksum;
}

static void
cache_read(gw_cache *cache)
{
    g_autofree char *bytes = NULL;
    gsize length = 0;
    head begin;
    if (!gw_file_read(cache->path, CACHE_BYTES, &bytes, &length, NULL) || length < sizeof begin)
    {
        return;
    }
    memcpy(&begin, bytes, sizeof begin);
    const char *rest = bytes + sizeof begin;
    if (!head_check(&begin, rest, length - sizeof begin))
    {
        return;
    }
    cache->count = begin.count;
    cache->entries = g_memdup2(rest, begin.count * sizeof(entry));
    cache->used = g_malloc0(begin.count);
    cache->text_size = begin.text_size;
    cache->texts = g_memdup2(rest + begin.count * sizeof(entry), begin.text_size);
}

gw_cache *
gw_cache_open(const char *folder, const char *const *migrations)
{
    g_autoptr(GString) all = g_string_new(NULL);
    for (gsize i = 0; migrations[i] != NULL; i++)
    {
        g_autofree char *path = g_canonicalize_filename(migrations[i], NULL);
        g_string_append_printf(all, "%s\n", path);
    }
    g_autofree char *name = g_compute_checksum_for_string(G_CHECKSUM_SHA256, all->str, -1);
    gw_cache *cache = g_new0(gw_cache, 1);
    cache->path = g_build_filename(folder, name, NULL);
    cache->fresh = g_array_new(FALSE, FALSE, sizeof(entry));
    cache->fresh_text = g_string_new(NULL);
    g_string_append_c(cache->fresh_text, '\0');
    cache_read(cache);
    return cache;
}

/* The texts of an entry, split; NULL: none. */
static char **
depends_of(const gw_cache *cache, const entry *known)
{
    gboolean none = known->depends == 0 || known->depends >= cache->text_size;
    return none ? NULL : g_strsplit(cache->texts + known->depends, " ", -1);
}

gboolean
gw_cache_find(gw_cache *cache, const gw_stamp *stamp, gw_file_facts *facts)
{
    const entry key = {.stamp = *stamp};
    const entry *known = cache->count == 0
                             ? NULL
                             : bsearch(&key, cache->entries, cache->count, sizeof key, entry_order);
    memset(facts, 0, sizeof *facts);
    if (known == NULL || memcmp(&known->stamp, stamp, sizeof *stamp) != 0)
    {
        return FALSE;
    }
    bytes_to_hex(known->sha256, facts->sha256);
    facts->repeatable = known->repeatable != 0;
    facts->depends = depends_of(cache, known);
    cache->used[known - cache->entries] = 1;
    return TRUE;
}

/* Append an entry with its text. */
static void
entry_add(gw_cache *cache, entry known, const char *depends)
{
    known.depends = depends == NULL ? 0 : (guint32)cache->fresh_text->len;
    if (depends != NULL)
    {
        g_string_append_len(cache->fresh_text, depends, (gssize)strlen(depends) + 1);
    }
    g_array_append_val(cache->fresh, known);
}

void
gw_cache_put(gw_cache *cache, const gw_stamp *stamp, const gw_file_facts *facts, gint64 wall)
{
    entry known = {.stamp = *stamp};
    if (MAX(stamp->modified, stamp->changed) > wall * 1000 - RACY_NANOSECONDS)
    {
        return;
    }
    hex_to_bytes(facts->sha256, known.sha256);
    known.repeatable = facts->repeatable ? 1 : 0;
    g_autofree char *depends = facts->depends == NULL ? NULL : g_strjoinv(" ", facts->depends);
    entry_add(cache, known, depends);
}

/*
 * Carry on what was read and is still used. What was not asked for may be of another database's
 * files, or of files that are gone: it stays while it is not the larger part.
 */
static void
entries_carry(gw_cache *cache)
{
    gsize used = 0;
    for (gsize i = 0; i < cache->count; i++)
    {
        used += cache->used[i];
    }
    gboolean all = cache->count - used <= used + cache->fresh->len;
    for (gsize i = 0; i < cache->count; i++)
    {
        const entry *known = &cache->entries[i];
        gboolean text = known->depends != 0 && known->depends < cache->text_size;
        if (all || cache->used[i] != 0)
        {
            entry_add(cache, *known, text ? cache->texts + known->depends : NULL);
        }
    }
}

/* Sort; of two entries of one inode, which only a change between can make, the fresh one counts. */
static void
entries_settle(GArray *entries)
{
    g_array_sort(entries, entry_order);
    guint kept = 0;
    for (guint i = 0; i < entries->len; i++)
    {
        entry *last = kept == 0 ? NULL : &g_array_index(entries, entry, kept - 1);
        const entry *next = &g_array_index(entries, entry, i);
        if (last != NULL && entry_order(last, next) == 0)
        {
            *last = last->stamp.changed >= next->stamp.changed ? *last : *next;
            continue;
        }
        g_array_index(entries, entry, kept++) = *next;
    }
    g_array_set_size(entries, kept);
}

void
gw_cache_save(gw_cache *cache)
{
    if (cache->fresh->len == 0)
    {
        return;
    }
    entries_carry(cache);
    entries_settle(cache->fresh);
    g_autoptr(GString) rest =
        g_string_new_len(cache->fresh->data, (gssize)(cache->fresh->len * sizeof(entry)));
    g_string_append_len(rest, cache->fresh_text->str, (gssize)cache->fresh_text->len);
    head begin = {.magic = CACHE_MAGIC,
        .version = CACHE_VERSION,
        .entry_size = sizeof(entry),
        .count = cache->fresh->len,
        .text_size = cache->fresh_text->len,
        .checksum = checksum(rest->str, rest->len)};
    char bytes[sizeof begin];
    memcpy(bytes, &begin, sizeof begin);
    g_string_prepend_len(rest, bytes, sizeof bytes);
    g_autofree char *folder = g_path_get_dirname(cache->path);
    g_autoptr(GError) ignored = NULL;
    if (gw_folder_make(folder, 0700, &ignored) &&
        !gw_file_write(
            cache->path, rest->str, (gssize)rest->len, GW_FILE_OWN | GW_FILE_LAZY, &ignored))
    {
        return; /* The next run reads the files again. */
    }
}

void
gw_cache_free(gw_cache *cache)
{
    if (cache == NULL)
    {
        return;
    }
    g_free(cache->path);
    g_free(cache->entries);
    g_free(cache->used);
    g_free(cache->texts);
    g_array_unref(cache->fresh);
    g_string_free(cache->fresh_text, TRUE);
    g_free(cache);
}
