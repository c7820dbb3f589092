#include "base/secret.h"
#include "drivers/postgres/conninfo.h"

static gboolean
is_secret(const char *name, gsize length)
{
    return length >= strlen("password") &&
           g_ascii_strncasecmp(name + length - strlen("password"), "password", 8) == 0;
}

/* Digits between a colon and the path: no password. */
static gboolean
is_port(const char *colon)
{
    gsize digits = *colon == ':' ? strspn(colon + 1, "0123456789") : 0;
    return digits > 0 && colon[1 + digits] == '/';
}

/* The password before the last @: from the first colon, whatever is not escaped in it. */
static const char *
append_authority(GString *out, const char *start)
{
    gsize query = strcspn(start, "?");
    const char *colon = strpbrk(start, ":@/?");
    const char *at = g_strrstr_len(start, (gssize)query, "@");
    gboolean port = at == NULL && colon != NULL && is_port(colon);
    at = at == NULL ? strrchr(start, '@') : at;
    if (colon == NULL || *colon != ':' || at == NULL || at < colon || port)
    {
        return start;
    }
    g_string_append_len(out, start, colon + 1 - start);
    g_string_append(out, "***");
    return at;
}

/* Parameters of a URL: those whose name ends with "password" lose their value. */
static void
append_query(GString *out, const char *query)
{
    while (*query != '\0')
    {
        gsize length = strcspn(query + 1, "&");
        const char *equals = memchr(query, '=', length + 1);
        if (equals != NULL && is_secret(query + 1, (gsize)(equals - query) - 1))
        {
            g_string_append_len(out, query, equals + 1 - query);
            g_string_append(out, "***");
        }
        else
        {
            g_string_append_len(out, query, (gssize)length + 1);
        }
        query += length + 1;
    }
}

static void
append_url(GString *out, const char *text)
{
    const char *start = strstr(text, "//");
    start = start == NULL ? text : start + 2;
    g_string_append_len(out, text, start - text);
    start = append_authority(out, start);
    gsize length = strcspn(start, "?");
    g_string_append_len(out, start, (gssize)length);
    append_query(out, start + length);
}

/* Behind a value of a keyword string: bare up to a blank, or in quotes; \ escapes in both. */
static const char *
skip_value(const char *at)
{
    gboolean quoted = *at == '\'';
    for (at += quoted; *at != '\0'; at++)
    {
        if (*at == '\\' && at[1] != '\0')
        {
            at++;
        }
        else if (quoted ? *at == '\'' : g_ascii_isspace(*at))
        {
            return at + quoted;
        }
    }
    return at;
}

static void
append_keywords(GString *out, const char *text)
{
    while (*text != '\0')
    {
        gsize space = strspn(text, " \t\n\r");
        gsize name = strcspn(text + space, "= \t\n\r");
        const char *value = text + space + name;
        value += strspn(value, " \t\n\r");
        if (*value != '=')
        {
            value = text + space + name; /* no value here: libpq will refuse it */
            g_string_append_len(out, text, value - text);
            text = value;
            continue;
        }
        value += 1 + strspn(value + 1, " \t\n\r");
        const char *end = skip_value(value);
        gboolean secret = is_secret(text + space, name);
        g_string_append_len(out, text, (secret ? value : end) - text);
        g_string_append(out, secret ? "***" : "");
        text = end;
    }
}

char *
gw_pg_conninfo_redact(const char *text)
{
    g_autoptr(GString) out = g_string_new(NULL);
    gboolean url = strstr(text, "://") != NULL && strcspn(text, "= ") > strcspn(text, "/");
    if (url || g_str_has_prefix(text, "jdbc:"))
    {
        append_url(out, text);
        return g_string_free(g_steal_pointer(&out), FALSE);
    }
    append_keywords(out, text);
    return gw_secret_hide_url(out->str); /* of a URL with a mistake in its beginning */
}
