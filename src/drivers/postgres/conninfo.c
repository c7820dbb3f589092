#include "drivers/postgres/conninfo.h"

#include "drivers/postgres/library.h"

#define DEFAULT_TIMEOUT (10 * G_USEC_PER_SEC)
#define LETTERS         "abcdefghijklmnopqrstuvwxyz_"

/* Settings that are ours unless the user's URL says otherwise. */
static const char *const defaults[][2] = {
    {"gssencmode", "disable"}, /* else a Kerberos ticket is asked for first, which can hang */
    {"keepalives_idle", "30"},
    {"keepalives_interval", "10"},
    {"keepalives_count", "3"},
};

/* Does libpq know a setting of this name? Those that are written first are known without asking. */
static gboolean
is_keyword(const char *word)
{
    static const char *const common[] = {
        "host", "hostaddr", "port", "dbname", "user", "password", "service", NULL};
    gboolean known = g_strv_contains(common, word);
    if (known || !gw_pg_library_open(NULL))
    {
        return known;
    }
    PQconninfoOption *options = PQconndefaults();
    for (gsize i = 0; options != NULL && options[i].keyword != NULL && !known; i++)
    {
        known = strcmp(options[i].keyword, word) == 0;
    }
    PQconninfoFree(options);
    return known;
}

gboolean
gw_pg_conninfo_claims(const char *text)
{
    static const char *const prefixes[] = {
        "jdbc:postgresql:", "postgresql+", "postgres+", "postgresql://", "postgres://", NULL};
    for (gsize i = 0; prefixes[i] != NULL; i++)
    {
        if (g_str_has_prefix(text, prefixes[i]))
        {
            return TRUE;
        }
    }
    /* A keyword of libpq before the first equals sign: "service=prod", "host = db user = x". */
    gsize start = strspn(text, " ");
    gsize length = strcspn(text + start, "= ");
    gsize blanks = strspn(text + start + length, " ");
    if (length == 0 || text[start + length + blanks] != '=')
    {
        return FALSE;
    }
    g_autofree char *word = g_strndup(text + start, length);
    return strspn(word, LETTERS) == length && is_keyword(word);
}

/* The scheme as libpq knows it. The caller frees it. */
static char *
plain_scheme(const char *url)
{
    const char *rest = g_str_has_prefix(url, "jdbc:") ? url + strlen("jdbc:") : url;
    const char *colon = strstr(rest, "://");
    const char *plus = strchr(rest, '+');
    if (colon != NULL && plus != NULL && plus < colon)
    {
        return g_strconcat("postgresql", colon, NULL);
    }
    if (colon == NULL && g_str_has_prefix(rest, "postgresql:"))
    {
        const char *path = rest + strlen("postgresql:");
        return g_strconcat("postgresql://", *path == '/' ? "" : "/", path, NULL);
    }
    return g_strdup(rest);
}

/*
 * Take the parameter that other tools call search_path or currentSchema out of a URL, for which
 * libpq has no word. NULL when there is none; the caller frees it.
 */
static char *
take_search_path(char *url)
{
    static const char *const names[] = {"search_path=", "currentSchema=", NULL};
    char *query = strchr(url, '?');
    for (char *at = query; at != NULL && strstr(url, "://") != NULL; at = strchr(at + 1, '&'))
    {
        for (gsize i = 0; names[i] != NULL; i++)
        {
            if (g_str_has_prefix(at + 1, names[i]))
            {
                const char *value = at + 1 + strlen(names[i]);
                gsize length = strcspn(value, "&");
                char *path = g_uri_unescape_segment(value, value + length, NULL);
                const char *rest = value + length;
                gboolean more = *rest == '&';
                memmove(at + more, rest + more, strlen(rest + more) + 1);
                return path;
            }
        }
    }
    return NULL;
}

static const char *
info_get(const gw_pg_conninfo *info, const char *keyword)
{
    for (gsize i = 0; info->keywords[i] != NULL; i++)
    {
        if (strcmp(info->keywords[i], keyword) == 0)
        {
            return info->values[i];
        }
    }
    return NULL;
}

/* The lists while they are made. */
typedef struct lists
{
    GPtrArray *keywords;
    GPtrArray *values;
} lists;

/* Where `keyword` is; the length when it is not there. */
static guint
lists_find(const lists *made, const char *keyword)
{
    guint at = 0;
    while (at < made->keywords->len && strcmp(made->keywords->pdata[at], keyword) != 0)
    {
        at++;
    }
    return at;
}

static void
lists_set(lists *made, const char *keyword, const char *value)
{
    guint at = lists_find(made, keyword);
    if (at == made->keywords->len)
    {
        g_ptr_array_add(made->keywords, g_strdup(keyword));
        g_ptr_array_add(made->values, g_strdup(value));
        return;
    }
    g_free(made->values->pdata[at]);
    made->values->pdata[at] = g_strdup(value);
}

static gboolean
lists_has(const lists *made, const char *keyword)
{
    return lists_find(made, keyword) < made->keywords->len;
}

/* Put the search path into `options`, where blanks and backslashes are escaped. */
static void
lists_add_path(lists *made, const char *path)
{
    guint index = lists_find(made, "options");
    g_autoptr(GString) text =
        g_string_new(index < made->values->len ? made->values->pdata[index] : "");
    g_string_append_printf(text, "%s-c search_path=", text->len == 0 ? "" : " ");
    for (const char *at = path; *at != '\0'; at++)
    {
        if (*at == ' ' || *at == '\\')
        {
            g_string_append_c(text, '\\');
        }
        g_string_append_c(text, *at);
    }
    lists_set(made, "options", text->str);
}

/* What godwit wants of every connection. */
static void
lists_add_ours(lists *made, const gw_connect *how)
{
    gint64 timeout = how->timeout > 0 ? how->timeout : DEFAULT_TIMEOUT;
    gint64 seconds = MAX(2, (timeout + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
    g_autofree char *bound = g_strdup_printf("%" G_GINT64_FORMAT, seconds);
    if (how->timeout > 0 || !lists_has(made, "connect_timeout"))
    {
        lists_set(made, "connect_timeout", bound);
    }
    lists_set(made, "client_encoding", "UTF8");
    lists_set(made, "application_name", how->application == NULL ? "godwit" : how->application);
    if (how->password != NULL)
    {
        lists_set(made, "password", how->password);
    }
}

static void
lists_add_options(lists *made, const PQconninfoOption *options)
{
    for (gsize i = 0; i < G_N_ELEMENTS(defaults); i++)
    {
        lists_set(made, defaults[i][0], defaults[i][1]);
    }
    for (; options->keyword != NULL; options++)
    {
        if (options->val != NULL)
        {
            lists_set(made, options->keyword, options->val);
        }
    }
}

/* "host:port", or the socket, for messages. */
static char *
shown_host(const gw_pg_conninfo *info)
{
    const char *host = info_get(info, "host");
    const char *address = info_get(info, "hostaddr");
    const char *port = info_get(info, "port");
    const char *service = info_get(info, "service");
    host = host == NULL || host[0] == '\0' ? address : host;
    if (host == NULL && service != NULL)
    {
        return g_strdup_printf("service %s", service);
    }
    return g_strdup_printf("%s%s%s", host == NULL ? "the local socket" : host,
        port == NULL ? "" : ":", port == NULL ? "" : port);
}

/* libpq's reason as far as it quotes nothing of the text, which may be part of a password. */
static void
fail_url(GError **error, const char *reason, const char *url)
{
    const char *query = strchr(url, '?');
    gboolean parameter = reason != NULL &&
                         g_str_has_prefix(reason, "invalid URI query parameter") && query != NULL &&
                         strchr(query, '@') == NULL;
    gsize length = reason == NULL ? 0 : strcspn(reason, parameter ? "\n" : "\"\n:");
    g_autofree char *redacted = gw_pg_conninfo_redact(url);
    gboolean whole = reason != NULL && reason[length] != '"' && length > 0;
    gw_fail(error, GW_CODE_URL, "the database URL %s cannot be understood%s%.*s", redacted,
        whole ? ": " : "", whole ? (int)length : 0, reason == NULL ? "" : reason);
    gw_error_add_hint(error == NULL ? NULL : *error,
        "write postgres://user@host:port/database; / ? # @ : and %% of a password as %%2F %%3F "
        "%%23 %%40 %%3A %%25");
}

gw_pg_conninfo *
gw_pg_conninfo_read(const gw_connect *how, GError **error)
{
    if (!gw_pg_library_open(error))
    {
        return NULL;
    }
    char *reason = NULL;
    g_autofree char *url = plain_scheme(how->url);
    g_autofree char *path = take_search_path(url);
    PQconninfoOption *options = PQconninfoParse(url, &reason);
    if (options == NULL)
    {
        fail_url(error, reason, how->url);
        PQfreemem(reason);
        return NULL;
    }
    lists made = {g_ptr_array_new(), g_ptr_array_new()};
    lists_add_options(&made, options);
    lists_add_ours(&made, how);
    if (path != NULL)
    {
        lists_add_path(&made, path);
    }
    PQconninfoFree(options);
    g_ptr_array_add(made.keywords, NULL);
    g_ptr_array_add(made.values, NULL);
    gw_pg_conninfo *info = g_new0(gw_pg_conninfo, 1);
    info->keywords = (char **)g_ptr_array_free(made.keywords, FALSE);
    info->values = (char **)g_ptr_array_free(made.values, FALSE);
    info->host = shown_host(info);
    info->password = info_get(info, "password");
    return info;
}

void
gw_pg_conninfo_free(gw_pg_conninfo *info)
{
    g_strfreev(info->keywords);
    g_strfreev(info->values);
    g_free(info->host);
    g_free(info);
}
