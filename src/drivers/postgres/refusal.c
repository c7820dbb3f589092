#include "drivers/postgres/failure.h"

/*
 * libpq gives no SQLSTATE for a connection that was refused, only text: these are its parts that
 * tell the reason, in the languages C and English. The first that fits counts.
 */
typedef struct reason_row
{
    const char *text;
    gw_code code;
    const char *hint;
} reason_row;

#define HINT_PASSWORD "check user and password of the URL, PGPASSWORD and ~/.pgpass"
#define HINT_SERVER   "check host and port, and that the server is running and accepts connections"
#define HINT_DATABASE "check the name, or create it: createdb NAME"
#define HINT_FULL     "wait, or end sessions: the server takes no more connections"
#define HINT_STARTING "wait until the server has started"
#define HINT_TLS      "check sslmode, sslrootcert and sslcert of the URL"
#define HINT_HBA      "the server's pg_hba.conf must let this user in; it may want sslmode=require"

static const reason_row reasons[] = {
    {"no pg_hba.conf entry", GW_CODE_AUTH, HINT_HBA},
    {"pg_hba.conf rejects", GW_CODE_AUTH, HINT_HBA},
    {"authentication failed", GW_CODE_AUTH, HINT_PASSWORD},
    {"no password supplied", GW_CODE_AUTH, HINT_PASSWORD},
    {"no such user", GW_CODE_AUTH, HINT_PASSWORD},
    {"is not permitted to log in", GW_CODE_AUTH, HINT_PASSWORD},
    {"authentication method", GW_CODE_AUTH, NULL},
    {"permission denied for database", GW_CODE_AUTH, "GRANT CONNECT ON DATABASE … TO …"},
    {"role \"", GW_CODE_AUTH, HINT_PASSWORD},
    {"no such database", GW_CODE_NO_DATABASE, HINT_DATABASE},
    {"FATAL:  database \"", GW_CODE_NO_DATABASE, HINT_DATABASE},
    {"starting up", GW_CODE_UNAVAILABLE, HINT_STARTING},
    {"shutting down", GW_CODE_UNAVAILABLE, HINT_STARTING},
    {"in recovery mode", GW_CODE_UNAVAILABLE, HINT_STARTING},
    {"not yet accepting", GW_CODE_UNAVAILABLE, HINT_STARTING},
    {"not currently accepting", GW_CODE_UNAVAILABLE, HINT_STARTING},
    {"not accepting connections", GW_CODE_UNAVAILABLE, HINT_STARTING},
    {"too many c", GW_CODE_UNAVAILABLE, HINT_FULL}, /* clients, connections */
    {"remaining connection slots", GW_CODE_UNAVAILABLE, HINT_FULL},
    {"no more connections allowed", GW_CODE_UNAVAILABLE, HINT_FULL},
    {"query_wait_timeout", GW_CODE_UNAVAILABLE, HINT_FULL},
    {"server login failed", GW_CODE_UNAVAILABLE, HINT_STARTING},
    {"Connection refused", GW_CODE_UNREACHABLE, HINT_SERVER},
    {"No such file or directory", GW_CODE_UNREACHABLE, HINT_SERVER},
    {"could not translate host name", GW_CODE_UNREACHABLE, HINT_SERVER},
    {"timeout expired", GW_CODE_UNREACHABLE, HINT_SERVER},
    {"timed out", GW_CODE_UNREACHABLE, HINT_SERVER},
    {"unreachable", GW_CODE_UNREACHABLE, HINT_SERVER},
    {"No route to host", GW_CODE_UNREACHABLE, HINT_SERVER},
    {"certificate", GW_CODE_TLS, HINT_TLS},
    {"SSL", GW_CODE_TLS, HINT_TLS},
    {"closed the connection unexpectedly", GW_CODE_UNREACHABLE, HINT_SERVER},
    {"session is read-only", GW_CODE_UNREACHABLE, "target_session_attrs wants another server"},
    {"server is in hot standby", GW_CODE_UNREACHABLE, "target_session_attrs wants another server"},
    {"service file", GW_CODE_URL, NULL},
    {"definition of service", GW_CODE_URL, NULL},
    {"password file", GW_CODE_AUTH, HINT_PASSWORD},
};

/* Of the URL itself, quoted by libpq with what may be a piece of a password. */
static const char *const quoting[] = {"invalid integer value", "invalid port number",
    "invalid percent-encoded", "could not match", "missing \"=\"", NULL};

static const reason_row *
reason_find(const char *text)
{
    for (gsize i = 0; i < G_N_ELEMENTS(reasons); i++)
    {
        if (strstr(text, reasons[i].text) != NULL)
        {
            return &reasons[i];
        }
    }
    return NULL;
}

static gboolean
quotes_url(const char *text)
{
    for (gsize i = 0; quoting[i] != NULL; i++)
    {
        if (strstr(text, quoting[i]) != NULL)
        {
            return TRUE;
        }
    }
    return FALSE;
}

gboolean
gw_pg_failure_is_plain(const char *text)
{
    return reason_find(text) != NULL || quotes_url(text);
}

/* The SQLSTATE in "FATAL:  28P01: …", as libpq writes it when it is asked to be verbose. */
static char *
state_in(const char *text)
{
    const char *colon = strstr(text, ":  ");
    if (colon == NULL || strlen(colon) < 9 || colon[8] != ':')
    {
        return NULL;
    }
    for (const char *at = colon + 3; at < colon + 8; at++)
    {
        if (!g_ascii_isdigit(*at) && !g_ascii_isupper(*at))
        {
            return NULL;
        }
    }
    return g_strndup(colon + 3, 5);
}

/* One line of libpq's text without what the message says anyway; NULL for a line to leave out. */
static const char *
bare_line(char *line, gboolean strip_host)
{
    static const char *const severities[] = {"FATAL:", "ERROR:", "PANIC:", NULL};
    const char *rest = strip_host ? strstr(line, " failed: ") : NULL;
    gboolean indented = line[0] == '\t';
    g_strstrip(line);
    if (line[0] == '\0' || indented || g_str_has_prefix(line, "LOCATION:"))
    {
        return NULL;
    }
    rest = rest == NULL ? line : rest + strlen(" failed: ");
    for (gsize i = 0; severities[i] != NULL; i++)
    {
        if (g_str_has_prefix(rest, severities[i]))
        {
            rest += strlen(severities[i]);
        }
    }
    rest += strspn(rest, " ");
    gboolean state = strlen(rest) > 7 && rest[5] == ':' && rest[6] == ' ' &&
                     strspn(rest, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 5;
    return state ? rest + 7 : rest;
}

/* libpq's text as one line: each reason once. The caller frees it. */
static char *
bare_text(const char *text, gboolean strip_host)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GString) out = g_string_new(NULL);
    for (gsize i = 0; lines[i] != NULL; i++)
    {
        const char *line = bare_line(lines[i], strip_host);
        if (line != NULL && strstr(out->str, line) == NULL)
        {
            g_string_append_printf(out, "%s%s", out->len == 0 ? "" : "; ", line);
        }
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static char *
without_password(char *text, const char *password)
{
    if (password == NULL || password[0] == '\0' || strstr(text, password) == NULL)
    {
        return text;
    }
    g_auto(GStrv) parts = g_strsplit(text, password, -1);
    g_free(text);
    return g_strjoinv("***", parts);
}

/* Other states than those of connecting mean that the server refused a setting of the URL. */
static gw_code
refusal_code(const char *state)
{
    static const gw_code codes[] = {
        GW_CODE_AUTH, GW_CODE_NO_DATABASE, GW_CODE_UNAVAILABLE, GW_CODE_PRIVILEGE};
    gw_code code = gw_pg_sqlstate_code(state);
    for (gsize i = 0; i < G_N_ELEMENTS(codes); i++)
    {
        if (codes[i] == code)
        {
            return code == GW_CODE_PRIVILEGE ? GW_CODE_AUTH : code;
        }
    }
    return code == GW_CODE_CONNECTION_LOST ? GW_CODE_UNREACHABLE : GW_CODE_URL;
}

void
gw_pg_failure_connect(GError **error, PGconn *native, const char *host, const char *password)
{
    const char *text = PQerrorMessage(native);
    if (quotes_url(text))
    {
        gw_fail(error, GW_CODE_URL, "the database URL cannot be understood");
        gw_error_add_hint(error == NULL ? NULL : *error,
            "write / ? # @ : and %% of a user or password as %%2F %%3F %%23 %%40 %%3A %%25");
        return;
    }
    GError *own = NULL;
    g_autofree char *state = state_in(text);
    const reason_row *reason = reason_find(text);
    g_autofree char *line = bare_text(text, strchr(host, ',') == NULL);
    line = without_password(g_steal_pointer(&line), password);
    gw_code code = state != NULL    ? refusal_code(state)
                   : reason != NULL ? reason->code
                                    : GW_CODE_UNREACHABLE;
    gw_fail(&own, code, "cannot connect to PostgreSQL at %s: %s", host, line);
    gw_error_add_native(own, state, 0);
    if (reason != NULL && reason->hint != NULL)
    {
        gw_error_add_hint(own, "%s", reason->hint);
    }
    g_propagate_error(error, own);
}
