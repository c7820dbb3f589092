#include "project/name.h"

#include <stdio.h>

/* The longest NAME that `new` makes, so that names stay below the 255 bytes of file systems. */
#define NAME_BYTES 80

/* As many digits fit into a rank. */
#define RANK_DIGITS 19

static const char *const databases[] = {"postgres", "mariadb", "mysql", "sqlite", NULL};

/* The length of digits and of groups of them joined by `.` or `-`; 0 for none. */
static gsize
version_length(const char *text)
{
    gsize length = 0;
    gsize at = 0;
    while (g_ascii_isdigit(text[at]))
    {
        at += strspn(text + at, "0123456789");
        length = at;
        at += text[at] == '.' || text[at] == '-';
    }
    return length;
}

/* One group less: "1.2" of "1.2.3"; 0 when there is but one. */
static gsize
version_shorten(const char *text, gsize length)
{
    while (length > 0 && g_ascii_isdigit(text[length - 1]))
    {
        length--;
    }
    return length == 0 ? 0 : length - 1;
}

/*
 * Cut "VERSION_NAME". The longest version counts that a separator follows: the 2 of 20240101-2fa
 * belongs to the name.
 */
static gboolean
stem_parse(const char *stem, gsize size, gw_name *name, const char **why)
{
    const char *start = stem + (stem[0] == 'V' || stem[0] == 'v');
    const char *end = stem + size;
    gsize length = version_length(start);
    if (length == 0)
    {
        return FALSE;
    }
    while (length > 0 && start + length < end && strchr("_.-", start[length]) == NULL)
    {
        length = version_shorten(start, length);
    }
    gsize gap = length == 0 ? 0 : strspn(start + length, "_.-");
    if (gap == 0 || start + length + gap >= end)
    {
        *why = "after the version there is no name: VERSION_name.sql";
        return FALSE;
    }
    name->version = start;
    name->version_length = length;
    name->name = start + length + gap;
    name->name_length = size - (gsize)(name->name - stem);
    return TRUE;
}

/* Take ".<suffix>" off the end of a stem, when something is left. */
static gboolean
suffix_take(const char *stem, gsize *size, const char *suffix)
{
    gsize length = strlen(suffix);
    if (*size < length + 2 || stem[*size - length - 1] != '.' ||
        memcmp(stem + *size - length, suffix, length) != 0)
    {
        return FALSE;
    }
    *size -= length + 1;
    return TRUE;
}

/* Take what stands behind the name, from the end: the direction, then the database. */
static void
suffixes_take(const char *stem, gsize *size, gw_name *name)
{
    name->part = GW_NAME_WHOLE;
    if (suffix_take(stem, size, "up"))
    {
        name->part = GW_NAME_UP;
    }
    else if (suffix_take(stem, size, "down"))
    {
        name->part = GW_NAME_DOWN;
    }
    for (gsize i = 0; databases[i] != NULL && name->database == NULL; i++)
    {
        name->database = suffix_take(stem, size, databases[i]) ? databases[i] : NULL;
    }
}

gboolean
gw_name_parse(const char *file, gw_name *name, const char **why)
{
    gsize size = strlen(file);
    memset(name, 0, sizeof *name);
    *why = NULL;
    gboolean sql = suffix_take(file, &size, "sql");
    name->yaml = !sql && suffix_take(file, &size, "yaml");
    if (!sql && !name->yaml)
    {
        *why = g_str_has_suffix(file, ".yml") ? "godwit reads .yaml, not .yml" : NULL;
        return FALSE;
    }
    if (!g_utf8_validate(file, -1, NULL))
    {
        *why = "the name is not UTF-8";
        return FALSE;
    }
    suffixes_take(file, &size, name);
    if (name->yaml && name->part != GW_NAME_WHOLE)
    {
        *why = "a YAML file holds both directions: leave .up or .down out of its name";
        return FALSE;
    }
    return stem_parse(file, size, name, why);
}

gboolean
gw_name_parse_folder(const char *folder, gw_name *name, const char **why)
{
    memset(name, 0, sizeof *name);
    *why = NULL;
    return g_utf8_validate(folder, -1, NULL) && stem_parse(folder, strlen(folder), name, why);
}

gboolean
gw_version_check(const char *text)
{
    gsize length = version_length(text);
    return length > 0 && text[length] == '\0';
}

/* One group of a version, without leading zeros. */
typedef struct group
{
    const char *digits;
    gsize length;
} group;

/* The group at *at, which is moved behind it and its separator; empty and no digits at the end. */
static group
group_next(const char **at)
{
    const char *start = *at;
    while (*start != '\0' && !g_ascii_isdigit(*start))
    {
        start++;
    }
    const char *end = start;
    while (g_ascii_isdigit(*end))
    {
        end++;
    }
    while (*start == '0' && start + 1 < end)
    {
        start++;
    }
    *at = end;
    return (group){start, (gsize)(end - start)};
}

guint64
gw_version_rank(const char *version)
{
    group first = group_next(&version);
    guint64 rank = first.length > RANK_DIGITS ? G_MAXUINT64 : 0;
    for (gsize i = 0; i < first.length && first.length <= RANK_DIGITS; i++)
    {
        rank = rank * 10 + (guint64)(first.digits[i] - '0');
    }
    return rank;
}

int
gw_version_compare(const char *left, const char *right)
{
    while (TRUE)
    {
        group a = group_next(&left);
        group b = group_next(&right);
        if (a.length != b.length)
        {
            return a.length < b.length ? -1 : 1;
        }
        if (a.length == 0)
        {
            return 0;
        }
        int order = memcmp(a.digits, b.digits, a.length);
        if (order != 0)
        {
            return order;
        }
    }
}

char *
gw_version_key(const char *version)
{
    GString *key = g_string_sized_new(strlen(version) + 1);
    for (group next = group_next(&version); next.length > 0; next = group_next(&version))
    {
        g_string_append_len(key, next.digits, (gssize)next.length);
        g_string_append_c(key, '.');
    }
    g_string_truncate(key, key->len == 0 ? 0 : key->len - 1);
    return g_string_free(key, FALSE);
}

/* Append the letters and digits of `word` in lower case, `_` for all between them. */
static void
word_append(GString *name, const char *word)
{
    gboolean gap = TRUE;
    for (const char *at = word; *at != '\0'; at = g_utf8_next_char(at))
    {
        gunichar letter = g_utf8_get_char(at);
        if (letter == '\'' || letter == 0x2019)
        {
            continue;
        }
        if (!g_unichar_isalnum(letter))
        {
            gap = TRUE;
            continue;
        }
        if (gap && name->len > 0)
        {
            g_string_append_c(name, '_');
        }
        gap = FALSE;
        g_string_append_unichar(name, g_unichar_tolower(letter));
    }
}

char *
gw_name_from_words(const char *const *words)
{
    g_autoptr(GString) name = g_string_new(NULL);
    for (gsize i = 0; words[i] != NULL; i++)
    {
        g_autofree char *valid = g_utf8_make_valid(words[i], -1);
        word_append(name, valid);
    }
    while (name->len > NAME_BYTES)
    {
        const char *last = g_utf8_find_prev_char(name->str, name->str + name->len);
        g_string_truncate(name, (gsize)(last - name->str));
    }
    return name->len == 0 ? NULL : g_strdup(name->str);
}
