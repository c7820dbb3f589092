#include "drivers/sqlite/url.h"

#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "base/text.h"

#define MEMORY  ":memory:"
#define DEFAULT (5 * G_USEC_PER_SEC)

static gboolean
take_flag(const char *value, gboolean *flag)
{
    static const char *const on[] = {"on", "1", "true", "yes", NULL};
    static const char *const off[] = {"off", "0", "false", "no", NULL};
    *flag = g_strv_contains(on, value);
    return *flag || g_strv_contains(off, value);
}

static gboolean
take_busy_timeout(gw_sqlite_url *out, const char *value)
{
    guint64 milliseconds = 0;
    if (g_ascii_string_to_unsigned(value, 10, 0, G_MAXINT, &milliseconds, NULL))
    {
        out->busy_timeout = (gint64)milliseconds * 1000;
        return TRUE;
    }
    return gw_duration_parse(value, &out->busy_timeout, NULL);
}

static gboolean
take_foreign_keys(gw_sqlite_url *out, const char *value)
{
    return take_flag(value, &out->foreign_keys);
}

static gboolean
take_journal_mode(gw_sqlite_url *out, const char *value)
{
    static const char *const modes[] = {
        "delete", "truncate", "persist", "memory", "wal", "off", NULL};
    g_free(out->journal_mode);
    out->journal_mode = g_ascii_strdown(value, -1);
    return g_strv_contains(modes, out->journal_mode);
}

static gboolean
take_synchronous(gw_sqlite_url *out, const char *value)
{
    static const char *const modes[] = {"off", "normal", "full", "extra", "0", "1", "2", "3", NULL};
    g_free(out->synchronous);
    out->synchronous = g_ascii_strdown(value, -1);
    return g_strv_contains(modes, out->synchronous);
}

/* rwc says no more than rw: a missing file is made only where the caller wants that. */
static gboolean
take_mode(gw_sqlite_url *out, const char *value)
{
    static const char *const modes[] = {"ro", "rw", "rwc", "memory", NULL};
    out->read_only = g_str_equal(value, "ro");
    if (g_str_equal(value, "memory"))
    {
        g_clear_pointer(&out->path, g_free);
    }
    return g_strv_contains(modes, value);
}

/* The parameters of a URL; those without `take` go on to SQLite as they are. */
typedef struct parameter
{
    const char *name;
    gboolean (*take)(gw_sqlite_url *out, const char *value);
} parameter;

static const parameter parameters[] = {
    {"busy_timeout", take_busy_timeout},
    {"_busy_timeout", take_busy_timeout},
    {"foreign_keys", take_foreign_keys},
    {"_foreign_keys", take_foreign_keys},
    {"_fk", take_foreign_keys},
    {"journal_mode", take_journal_mode},
    {"_journal_mode", take_journal_mode},
    {"synchronous", take_synchronous},
    {"_synchronous", take_synchronous},
    {"mode", take_mode},
    {"cache", NULL},
    {"immutable", NULL},
    {"nolock", NULL},
    {"psow", NULL},
    {"vfs", NULL},
};

static void
fail_unknown(const char *name, GError **error)
{
    const char *names[G_N_ELEMENTS(parameters) + 1] = {NULL};
    for (gsize i = 0; i < G_N_ELEMENTS(parameters); i++)
    {
        names[i] = parameters[i].name;
    }
    const char *near = gw_text_near(name, names);
    gw_fail(error, GW_CODE_URL, "a SQLite URL has no parameter \"%s\"", name);
    if (error != NULL && near != NULL)
    {
        gw_error_add_hint(*error, "did you mean %s?", near);
    }
}

static gboolean
take_parameter(
    gw_sqlite_url *out, GString *passed, const char *name, const char *value, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(parameters); i++)
    {
        if (!g_str_equal(parameters[i].name, name))
        {
            continue;
        }
        if (parameters[i].take == NULL)
        {
            g_string_append_printf(passed, "&%s=%s", name, value);
            return TRUE;
        }
        if (!parameters[i].take(out, value))
        {
            gw_fail(error, GW_CODE_URL, "the parameter %s of a SQLite URL cannot be \"%s\"", name,
                value);
            return FALSE;
        }
        return TRUE;
    }
    fail_unknown(name, error);
    return FALSE;
}

static gboolean
take_query(gw_sqlite_url *out, GString *passed, const char *query, GError **error)
{
    g_auto(GStrv) pairs = g_strsplit(query, "&", -1);
    for (gsize i = 0; pairs[i] != NULL; i++)
    {
        g_auto(GStrv) pair = g_strsplit(pairs[i], "=", 2);
        if (pair[0] == NULL || pair[0][0] == '\0')
        {
            continue;
        }
        g_autofree char *value = g_uri_unescape_string(pair[1] == NULL ? "" : pair[1], NULL);
        if (!take_parameter(out, passed, pair[0], value == NULL ? "" : value, error))
        {
            return FALSE;
        }
    }
    return TRUE;
}

/* The absolute path with symbolic links followed, also of a file that is not there yet. */
static char *
path_resolve(const char *path, const char *base)
{
    char buffer[PATH_MAX];
    g_autofree char *absolute = g_canonicalize_filename(path, base);
    if (realpath(absolute, buffer) != NULL)
    {
        return g_strdup(buffer);
    }
    g_autofree char *folder = g_path_get_dirname(absolute);
    g_autofree char *file = g_path_get_basename(absolute);
    return realpath(folder, buffer) == NULL ? g_steal_pointer(&absolute)
                                            : g_build_filename(buffer, file, NULL);
}

/* Behind "sqlite:", "sqlite3:" or "file:"; NULL for a bare path. */
static const char *
after_scheme(const char *url)
{
    static const char *const schemes[] = {"sqlite:", "sqlite3:", "file:"};
    for (gsize i = 0; i < G_N_ELEMENTS(schemes); i++)
    {
        gsize size = strlen(schemes[i]);
        if (g_ascii_strncasecmp(url, schemes[i], size) == 0)
        {
            return url + size;
        }
    }
    return NULL;
}

/* //host/path is relative, ///path and ////path are absolute. */
static const char *
without_authority(const char *rest)
{
    if (!g_str_has_prefix(rest, "//"))
    {
        return rest;
    }
    rest += 2;
    while (g_str_has_prefix(rest, "//"))
    {
        rest++;
    }
    return rest;
}

/* The path that is written in `url`, decoded; NULL when it cannot be. *query is what follows. */
static char *
written_path(const char *url, const char **query)
{
    const char *rest = after_scheme(url);
    *query = NULL;
    if (rest == NULL)
    {
        return g_strdup(url);
    }
    rest = without_authority(rest);
    const char *mark = strchr(rest, '?');
    *query = mark == NULL ? NULL : mark + 1;
    return g_uri_unescape_segment(rest, mark == NULL ? rest + strlen(rest) : mark, NULL);
}

gboolean
gw_sqlite_url_parse(const char *url, const char *base, gw_sqlite_url *out, GError **error)
{
    const char *query = NULL;
    g_autofree char *written = written_path(url, &query);
    g_autoptr(GString) passed = g_string_new(NULL);
    memset(out, 0, sizeof *out);
    out->busy_timeout = DEFAULT;
    if (written == NULL || written[0] == '\0')
    {
        gw_fail(error, GW_CODE_URL, "a SQLite URL needs the path of a file");
        return FALSE;
    }
    out->name = g_strdup(written);
    if (!g_str_equal(written, MEMORY))
    {
        out->path = path_resolve(written, base);
    }
    if (query != NULL && !take_query(out, passed, query, error))
    {
        return FALSE;
    }
    g_autofree char *escaped = g_uri_escape_string(
        out->path == NULL ? written : out->path, G_URI_RESERVED_CHARS_ALLOWED_IN_PATH, TRUE);
    if (out->path == NULL && !g_str_equal(written, MEMORY))
    {
        g_string_append(passed, "&mode=memory");
    }
    out->uri = g_strconcat("file:", escaped, passed->len == 0 ? "" : "?",
        passed->len == 0 ? "" : passed->str + 1, NULL);
    return TRUE;
}

void
gw_sqlite_url_clear(gw_sqlite_url *url)
{
    g_free(url->path);
    g_free(url->name);
    g_free(url->uri);
    g_free(url->journal_mode);
    g_free(url->synchronous);
    memset(url, 0, sizeof *url);
}

static gboolean
is_sqlite_file(const char *path)
{
    static const char magic[16] = "SQLite format 3";
    char head[sizeof magic] = {0};
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    gssize got = file < 0 ? -1 : read(file, head, sizeof head);
    if (file >= 0)
    {
        close(file);
    }
    return got == (gssize)sizeof head && memcmp(head, magic, sizeof magic) == 0;
}

gboolean
gw_sqlite_url_claims(const char *url)
{
    static const char *const endings[] = {".db", ".sqlite", ".sqlite3", ".db3"};
    if (strstr(url, "://") != NULL)
    {
        return FALSE;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(endings); i++)
    {
        if (g_str_has_suffix(url, endings[i]))
        {
            return TRUE;
        }
    }
    /* "host=/run/postgresql dbname=shop" is no path */
    gboolean path = strchr(url, '/') != NULL && strchr(url, '=') == NULL;
    return path || g_str_equal(url, MEMORY) || is_sqlite_file(url);
}

char *
gw_sqlite_url_redact(const char *url)
{
    return g_strdup(url);
}
