#include "base/secret.h"

/* The shortest text that is looked for as a secret: shorter ones stand in every message. */
#define SECRET_BYTES 3

/* Names of parameters whose values are secret. */
static const char *const parameters[] = {"password", "sslpassword", "passwd", "pwd", NULL};

/* A range of a text; `length` 0 for none. */
typedef struct range
{
    gsize start;
    gsize length;
} range;

void
gw_secret_wipe(char *secret)
{
    if (secret != NULL)
    {
        explicit_bzero(secret, strlen(secret));
    }
}

void
gw_secret_free(char *secret)
{
    gw_secret_wipe(secret);
    g_free(secret);
}

/*
 * Where the user part of a URL begins; NULL when it can have none. A slash too few is no reason to
 * show what stands behind, nor is a scheme that is missing, as in user:password@tcp(host)/base.
 */
static const char *
userinfo_start(const char *url)
{
    const char *start = strstr(url, "://");
    if (start != NULL)
    {
        return start + 3;
    }
    if (g_str_has_prefix(url, "sqlite") || g_str_has_prefix(url, "file:"))
    {
        return NULL;
    }
    start = strstr(url, ":/");
    if (start != NULL)
    {
        return start + 2;
    }
    const char *end = strpbrk(url, "@= /");
    return end != NULL && *end == '@' ? url : NULL;
}

/* Where the password of "scheme://user:password@host" stands. An @ in it that should have been
 * written as %40 is part of it. */
static range
userinfo_password(const char *url)
{
    const char *start = userinfo_start(url);
    if (start == NULL)
    {
        return (range){0, 0};
    }
    const char *end = start + strcspn(start, "/?#");
    const char *at = g_strrstr_len(start, end - start, "@");
    if (at == NULL)
    {
        /* A password with an unescaped / or ? in it: what stands before the last @ is hidden. */
        at = strchr(end, '@');
        at = at != NULL && memchr(start, ':', (gsize)(end - start)) != NULL ? strrchr(at, '@')
                                                                            : NULL;
    }
    const char *colon = at == NULL ? NULL : memchr(start, ':', (gsize)(at - start));
    return colon == NULL ? (range){0, 0}
                         : (range){(gsize)(colon + 1 - url), (gsize)(at - colon - 1)};
}

/* Does the word that ends at `end` name a secret parameter? */
static gboolean
names_secret(const char *text, gsize end)
{
    for (gsize i = 0; parameters[i] != NULL; i++)
    {
        gsize size = strlen(parameters[i]);
        if (end >= size && g_ascii_strncasecmp(text + end - size, parameters[i], size) == 0 &&
            (end == size || !g_ascii_isalnum(text[end - size - 1])))
        {
            return TRUE;
        }
    }
    return FALSE;
}

/* How long the value at `text` is: quoted as in a connection string, or up to a separator. */
static gsize
value_length(const char *text)
{
    if (text[0] != '\'')
    {
        return strcspn(text, "&; \t\n#");
    }
    gsize at = 1;
    while (text[at] != '\0' && text[at] != '\'')
    {
        at += text[at] == '\\' && text[at + 1] != '\0' ? 2 : 1;
    }
    return at + (text[at] == '\'');
}

/* The value of the next secret parameter ("password=…", "password = …") from `from` on. */
static range
parameter_secret(const char *text, gsize from)
{
    for (const char *equals = strchr(text + from, '='); equals != NULL;
         equals = strchr(equals + 1, '='))
    {
        gsize end = (gsize)(equals - text);
        while (end > 0 && text[end - 1] == ' ')
        {
            end--;
        }
        if (names_secret(text, end))
        {
            const char *value = equals + 1 + strspn(equals + 1, " ");
            return (range){(gsize)(value - text), value_length(value)};
        }
    }
    return (range){0, 0};
}

/* Put the mark in the place of a range; returns where the text goes on. */
static gsize
range_hide(GString *text, range secret)
{
    g_string_erase(text, (gssize)secret.start, (gssize)secret.length);
    g_string_insert(text, (gssize)secret.start, GW_SECRET_MARK);
    return secret.start + strlen(GW_SECRET_MARK);
}

char *
gw_secret_hide_url(const char *url)
{
    GString *shown = g_string_new(url);
    gsize from = 0;
    range secret = userinfo_password(shown->str);
    if (secret.start > 0)
    {
        from = range_hide(shown, secret);
    }
    for (secret = parameter_secret(shown->str, from); secret.start > 0;
         secret = parameter_secret(shown->str, from))
    {
        from = range_hide(shown, secret);
    }
    return g_string_free(shown, FALSE);
}

gboolean
gw_secret_in_url(const char *url)
{
    return userinfo_password(url).length > 0 || parameter_secret(url, 0).length > 0;
}

char *
gw_secret_scrub(const char *text, const char *secret)
{
    GString *clean = g_string_new(text);
    if (secret != NULL && strlen(secret) >= SECRET_BYTES)
    {
        g_autofree char *encoded = g_uri_escape_string(secret, NULL, FALSE);
        g_string_replace(clean, secret, GW_SECRET_MARK, 0);
        g_string_replace(clean, encoded, GW_SECRET_MARK, 0);
    }
    return g_string_free(clean, FALSE);
}
