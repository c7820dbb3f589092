/* URLs of all the ways that people write them, into the parts of an address. */
#include "drivers/mariadb/address.h"

#include "base/secret.h"
#include "base/text.h"

/* Where the parts of a URL begin and end. */
typedef struct url_parts
{
    const char *start; /* behind the scheme */
    const char *at;    /* the @ behind user and password; NULL: there is none */
    const char *place; /* host, port and database */
    const char *query; /* the ? or the end */
} url_parts;

static const char *
behind_scheme(const char *url)
{
    const char *slashes = strstr(url, "://");
    return slashes == NULL ? url : slashes + strlen("://");
}

/* User and password end at the last @ before the options: one in a password need not be encoded. */
static url_parts
url_cut(const char *url)
{
    url_parts parts = {.start = behind_scheme(url)};
    parts.query = parts.start + strcspn(parts.start, "?");
    parts.at = g_strrstr_len(parts.start, parts.query - parts.start, "@");
    parts.place = parts.at == NULL ? parts.start : parts.at + 1;
    return parts;
}

char *
gw_mariadb_redact(const char *url)
{
    static const char scheme[] = "mysql://";
    if (strstr(url, "://") != NULL)
    {
        return gw_secret_hide_url(url);
    }
    g_autofree char *whole = g_strconcat(scheme, url, NULL);
    g_autofree char *hidden = gw_secret_hide_url(whole);
    return g_strdup(hidden + strlen(scheme));
}

gboolean
gw_mariadb_claims(const char *url)
{
    return g_str_has_prefix(url, "jdbc:mysql:") || g_str_has_prefix(url, "jdbc:mariadb:") ||
           (strstr(url, "://") == NULL &&
               (strstr(url, "@tcp(") != NULL || strstr(url, "@unix(") != NULL));
}

typedef enum option_kind
{
    OPTION_TEXT,
    OPTION_PATH,
    OPTION_FLAG, /* a TLS mode by another name: `value` where it is true */
    OPTION_IGNORED,
} option_kind;

/* Names are compared without - and _ and in lower case: sslMode, ssl_mode and ssl-mode are one. */
typedef struct option_row
{
    const char *name;
    option_kind kind;
    gsize offset;      /* of the field in the address */
    const char *value; /* for FLAG */
} option_row;

#define AT(field) offsetof(gw_mariadb_address, field)

static const option_row options[] = {
    {"socket", OPTION_PATH, AT(socket), NULL},
    {"unixsocket", OPTION_PATH, AT(socket), NULL},
    {"user", OPTION_TEXT, AT(user), NULL},
    {"password", OPTION_TEXT, AT(password), NULL},
    {"host", OPTION_TEXT, AT(host), NULL},
    {"port", OPTION_TEXT, AT(port_text), NULL},
    {"sslmode", OPTION_TEXT, AT(tls_text), NULL},
    {"tls", OPTION_TEXT, AT(tls_text), NULL},
    {"sslca", OPTION_PATH, AT(ca), NULL},
    {"sslcapath", OPTION_PATH, AT(capath), NULL},
    {"sslcert", OPTION_PATH, AT(certificate), NULL},
    {"sslkey", OPTION_PATH, AT(key), NULL},
    {"sslcipher", OPTION_TEXT, AT(cipher), NULL},
    {"sslcrl", OPTION_PATH, AT(crl), NULL},
    {"tlsversion", OPTION_TEXT, AT(tls_version), NULL},
    {"usessl", OPTION_FLAG, AT(tls_text), "REQUIRED"},
    {"requiressl", OPTION_FLAG, AT(tls_text), "REQUIRED"},
    {"sslverifyservercert", OPTION_FLAG, AT(tls_text), "VERIFY_IDENTITY"},
    {"verifyservercertificate", OPTION_FLAG, AT(tls_text), "VERIFY_IDENTITY"},
    {"readdefaultfile", OPTION_PATH, AT(defaults_file), NULL},
    {"readdefaultgroup", OPTION_TEXT, AT(defaults_group), NULL},
    {"plugindir", OPTION_PATH, AT(plugin_folder), NULL},
    {"connecttimeout", OPTION_TEXT, AT(timeout_text), NULL},
    {"timeout", OPTION_TEXT, AT(timeout_text), NULL},
    {"charset", OPTION_IGNORED, 0, NULL},
    {"characterencoding", OPTION_IGNORED, 0, NULL},
    {"collation", OPTION_IGNORED, 0, NULL},
    {"parsetime", OPTION_IGNORED, 0, NULL},
    {"loc", OPTION_IGNORED, 0, NULL},
    {"servertimezone", OPTION_IGNORED, 0, NULL},
    {"multistatements", OPTION_IGNORED, 0, NULL},
    {"allowmultiqueries", OPTION_IGNORED, 0, NULL},
    {"allowpublickeyretrieval", OPTION_IGNORED, 0, NULL},
    {"useunicode", OPTION_IGNORED, 0, NULL},
    {"allownativepasswords", OPTION_IGNORED, 0, NULL},
    {"autoreconnect", OPTION_IGNORED, 0, NULL},
    {"encoding", OPTION_IGNORED, 0, NULL},
    {"pool", OPTION_IGNORED, 0, NULL},
    {"reconnect", OPTION_IGNORED, 0, NULL},
};

/* A part of a URL decoded; NULL when a % is not followed by two digits. */
static char *
decode(const char *text, gsize length, GError **error)
{
    char *decoded = g_uri_unescape_segment(text, text + length, NULL);
    if (decoded == NULL)
    {
        gw_fail(error, GW_CODE_URL,
            "a %% in the database URL is not followed by two hexadecimal digits");
        if (error != NULL)
        {
            gw_error_add_hint(*error, "a %% itself is written %%25");
        }
    }
    return decoded;
}

/* Put a decoded part into a field; an empty part leaves the field alone. */
static gboolean
take(char **field, const char *text, gsize length, GError **error)
{
    if (length == 0)
    {
        return TRUE;
    }
    char *decoded = decode(text, length, error);
    if (decoded == NULL)
    {
        return FALSE;
    }
    g_free(*field);
    *field = decoded;
    return TRUE;
}

static char *
plain_name(const char *text, gsize length)
{
    GString *name = g_string_new(NULL);
    for (gsize i = 0; i < length; i++)
    {
        if (text[i] != '-' && text[i] != '_')
        {
            g_string_append_c(name, g_ascii_tolower(text[i]));
        }
    }
    return g_string_free(name, FALSE);
}

static const option_row *
option_find(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(options); i++)
    {
        if (strcmp(options[i].name, name) == 0)
        {
            return &options[i];
        }
    }
    return NULL;
}

static void
fail_option(const char *text, gsize length, const char *name, GError **error)
{
    const char *known[G_N_ELEMENTS(options) + 1] = {NULL};
    for (gsize i = 0; i < G_N_ELEMENTS(options); i++)
    {
        known[i] = options[i].name;
    }
    const char *near = gw_text_near(name, known);
    gw_fail(
        error, GW_CODE_URL, "the database URL has an unknown option \"%.*s\"", (int)length, text);
    if (near != NULL && error != NULL)
    {
        gw_error_add_hint(*error, "did you mean %s?", near);
    }
}

static gboolean
is_true(const char *text)
{
    return g_ascii_strcasecmp(text, "true") == 0 || strcmp(text, "1") == 0 ||
           g_ascii_strcasecmp(text, "yes") == 0;
}

/* Write a decoded value where its option wants it; takes the value. */
static void
option_put(gw_mariadb_address *address, const option_row *row, const char *base, char *value)
{
    g_autofree char *text = value;
    if (row->kind == OPTION_IGNORED || (row->kind == OPTION_FLAG && !is_true(text)))
    {
        return;
    }
    char **field = (char **)(gpointer)((char *)address + row->offset);
    if (row->kind == OPTION_FLAG && g_strcmp0(*field, "VERIFY_IDENTITY") == 0)
    {
        return; /* the stricter of two flags wins */
    }
    g_free(*field);
    *field = row->kind == OPTION_FLAG   ? g_strdup(row->value)
             : row->kind == OPTION_PATH ? g_canonicalize_filename(text, base)
                                        : g_steal_pointer(&text);
}

static gboolean
option_read(gw_mariadb_address *address, const char *text, const char *base, GError **error)
{
    gsize length = strcspn(text, "=");
    g_autofree char *name = plain_name(text, length);
    const option_row *row = option_find(name);
    if (row == NULL)
    {
        fail_option(text, length, name, error);
        return FALSE;
    }
    const char *from = text[length] == '=' ? text + length + 1 : text + length;
    char *value = decode(from, strlen(from), error);
    if (value == NULL)
    {
        return FALSE;
    }
    option_put(address, row, base, value);
    return TRUE;
}

static gboolean
read_options(gw_mariadb_address *address, const char *query, const char *base, GError **error)
{
    g_auto(GStrv) list = g_strsplit(*query == '\0' ? query : query + 1, "&", -1);
    for (gsize i = 0; list[i] != NULL; i++)
    {
        if (list[i][0] != '\0' && !option_read(address, list[i], base, error))
        {
            return FALSE;
        }
    }
    return TRUE;
}

/* host, host:port, [v6]:port, tcp(host:port) or unix(path). */
static gboolean
read_host(gw_mariadb_address *address, const char *text, gsize length, GError **error)
{
    if (g_str_has_prefix(text, "unix(") && text[length - 1] == ')')
    {
        return take(&address->socket, text + 5, length - 6, error);
    }
    if (g_str_has_prefix(text, "tcp(") && text[length - 1] == ')')
    {
        return read_host(address, text + 4, length - 5, error);
    }
    gboolean bracket = length > 0 && text[0] == '[';
    const char *close = bracket ? memchr(text, ']', length) : NULL;
    const char *rest = close == NULL ? text : close;
    const char *colon = memchr(rest, ':', length - (gsize)(rest - text));
    gsize host = colon == NULL ? length : (gsize)(colon - text);
    if (colon != NULL &&
        !take(&address->port_text, colon + 1, length - (gsize)(colon - text) - 1, error))
    {
        return FALSE;
    }
    return close == NULL ? take(&address->host, text, host, error)
                         : take(&address->host, text + 1, (gsize)(close - text) - 1, error);
}

/* The end of the host: the slash before the database; in unix(/path) slashes belong to it. */
static gsize
host_length(const url_parts *parts)
{
    gsize length = (gsize)(parts->query - parts->place);
    const char *close =
        g_str_has_prefix(parts->place, "unix(") ? memchr(parts->place, ')', length) : NULL;
    const char *from = close == NULL ? parts->place : close;
    const char *slash = memchr(from, '/', length - (gsize)(from - parts->place));
    return slash == NULL ? length : (gsize)(slash - parts->place);
}

static gboolean
read_parts(gw_mariadb_address *address, const url_parts *parts, GError **error)
{
    gsize host = host_length(parts);
    gsize length = (gsize)(parts->query - parts->place);
    const char *database = parts->place + MIN(host + 1, length);
    if (parts->at != NULL)
    {
        gsize user = (gsize)(parts->at - parts->start);
        const char *colon = memchr(parts->start, ':', user);
        gsize name = colon == NULL ? user : (gsize)(colon - parts->start);
        if (!take(&address->user, parts->start, name, error) ||
            (colon != NULL && !take(&address->password, colon + 1, user - name - 1, error)))
        {
            return FALSE;
        }
    }
    return (host == 0 || read_host(address, parts->place, host, error)) &&
           take(&address->database, database, (gsize)(parts->query - database), error);
}

static const struct
{
    const char *name;
    gw_mariadb_tls mode;
} modes[] = {
    {"DISABLED", GW_MARIADB_TLS_DISABLED},
    {"disable", GW_MARIADB_TLS_DISABLED},
    {"false", GW_MARIADB_TLS_DISABLED},
    {"PREFERRED", GW_MARIADB_TLS_PREFERRED},
    {"REQUIRED", GW_MARIADB_TLS_REQUIRED},
    {"require", GW_MARIADB_TLS_REQUIRED},
    {"trust", GW_MARIADB_TLS_REQUIRED},
    {"skip-verify", GW_MARIADB_TLS_REQUIRED},
    {"VERIFY_CA", GW_MARIADB_TLS_VERIFY_CA},
    {"verify-ca", GW_MARIADB_TLS_VERIFY_CA},
    {"VERIFY_IDENTITY", GW_MARIADB_TLS_VERIFY_IDENTITY},
    {"verify-identity", GW_MARIADB_TLS_VERIFY_IDENTITY},
    {"verify-full", GW_MARIADB_TLS_VERIFY_IDENTITY},
    {"true", GW_MARIADB_TLS_VERIFY_IDENTITY},
};

/* What was said about TLS; a CA alone asks to verify it, as MySQL's own clients do not. */
static gboolean
read_tls(gw_mariadb_address *address, GError **error)
{
    if (address->tls_text == NULL)
    {
        gboolean authority = address->ca != NULL || address->capath != NULL;
        address->tls = authority ? GW_MARIADB_TLS_VERIFY_IDENTITY : GW_MARIADB_TLS_PREFERRED;
        return TRUE;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(modes); i++)
    {
        if (g_ascii_strcasecmp(modes[i].name, address->tls_text) == 0)
        {
            address->tls = modes[i].mode;
            return TRUE;
        }
    }
    gw_fail(error, GW_CODE_URL,
        "ssl-mode=%s is none of DISABLED, PREFERRED, REQUIRED, VERIFY_CA, VERIFY_IDENTITY",
        address->tls_text);
    return FALSE;
}

static gboolean
read_port(gw_mariadb_address *address, GError **error)
{
    guint64 port = 0;
    if (address->port_text == NULL)
    {
        return TRUE;
    }
    if (!g_ascii_string_to_unsigned(address->port_text, 10, 1, 65535, &port, NULL))
    {
        gw_fail(error, GW_CODE_URL, "the port in the database URL is not a number up to 65535");
        gw_error_add_hint(error == NULL ? NULL : *error,
            "in a password, write : as %%3A, / as %%2F, ? as %%3F and @ as %%40");
        return FALSE;
    }
    address->port = (guint)port;
    return TRUE;
}

/* Seconds, or a duration with its unit; milliseconds in a jdbc: URL. */
static gboolean
read_timeout(gw_mariadb_address *address, const gw_connect *how, GError **error)
{
    guint64 number = 0;
    gint64 unit = g_str_has_prefix(how->url, "jdbc:") ? 1000 : G_USEC_PER_SEC;
    address->timeout = how->timeout > 0 ? how->timeout : 10 * (gint64)G_USEC_PER_SEC;
    if (address->timeout_text == NULL || how->timeout > 0)
    {
        return TRUE;
    }
    if (g_ascii_string_to_unsigned(address->timeout_text, 10, 0, 86400000, &number, NULL))
    {
        address->timeout = (gint64)number * unit;
        return TRUE;
    }
    return gw_duration_parse(address->timeout_text, &address->timeout, error);
}

gw_mariadb_address *
gw_mariadb_address_new(const gw_connect *how, GError **error)
{
    g_autoptr(gw_mariadb_address) address = g_new0(gw_mariadb_address, 1);
    url_parts parts = url_cut(how->url);
    if (!read_parts(address, &parts, error) ||
        !read_options(address, parts.query, how->base, error) || !read_port(address, error) ||
        !read_tls(address, error) || !read_timeout(address, how, error))
    {
        return NULL;
    }
    if (how->password != NULL)
    {
        gw_secret_free(address->password);
        address->password = g_strdup(how->password);
    }
    address->application = g_strdup(how->application);
    return g_steal_pointer(&address);
}

void
gw_mariadb_address_free(gw_mariadb_address *address)
{
    if (address == NULL)
    {
        return;
    }
    gw_secret_wipe(address->password);
    char **text = (char **)(gpointer)address;
    for (gsize i = 0; i < AT(port) / sizeof *text; i++)
    {
        g_free(text[i]);
    }
    g_free(address);
}
