#include "drivers/postgres/failure.h"

/* SQLSTATEs, or their first two characters, which mean the class. */
typedef struct state_row
{
    const char *state;
    gw_code code;
} state_row;

static const state_row states[] = {
    {"08", GW_CODE_CONNECTION_LOST},
    {"22", GW_CODE_VALUE},
    {"23", GW_CODE_CONSTRAINT},
    {"23001", GW_CODE_FOREIGN_KEY},
    {"23503", GW_CODE_FOREIGN_KEY},
    {"23505", GW_CODE_UNIQUE},
    {"23P01", GW_CODE_UNIQUE},
    {"25006", GW_CODE_READ_ONLY},
    {"25P03", GW_CODE_CONNECTION_LOST},
    {"28", GW_CODE_AUTH},
    {"2B", GW_CODE_DEPENDENT},
    {"3D000", GW_CODE_NO_DATABASE},
    {"3F000", GW_CODE_NO_TABLE},
    {"40001", GW_CODE_SERIALIZATION},
    {"40P01", GW_CODE_DEADLOCK},
    {"42501", GW_CODE_PRIVILEGE},
    {"42601", GW_CODE_SYNTAX},
    {"42701", GW_CODE_EXISTS},
    {"42703", GW_CODE_NO_COLUMN},
    {"42704", GW_CODE_NO_TABLE},
    {"42710", GW_CODE_EXISTS},
    {"42712", GW_CODE_EXISTS},
    {"42723", GW_CODE_EXISTS},
    {"42883", GW_CODE_NO_TABLE},
    {"42P01", GW_CODE_NO_TABLE},
    {"42P04", GW_CODE_EXISTS},
    {"42P06", GW_CODE_EXISTS},
    {"42P07", GW_CODE_EXISTS},
    {"53100", GW_CODE_DISK_FULL},
    {"53300", GW_CODE_UNAVAILABLE},
    {"55P03", GW_CODE_LOCK_TIMEOUT},
    {"57014", GW_CODE_CANCELLED},
    {"57P01", GW_CODE_CONNECTION_LOST},
    {"57P02", GW_CODE_CONNECTION_LOST},
    {"57P03", GW_CODE_UNAVAILABLE},
    {"57P04", GW_CODE_CONNECTION_LOST},
    {"57P05", GW_CODE_CONNECTION_LOST},
};

/* States whose DETAIL holds names of objects and types alone; of all others it holds row values. */
static const char *const safe_details[] = {"0A000", "2BP01", "42804", "55006", NULL};

/* States whose message quotes the value that did not fit. */
static const char *const value_states[] = {
    "22003", "22007", "22008", "22009", "22018", "22023", "22P02", "22P05", "22030", NULL};

gw_code
gw_pg_sqlstate_code(const char *sqlstate)
{
    gw_code code = GW_CODE_STATEMENT;
    for (gsize i = 0; sqlstate != NULL && i < G_N_ELEMENTS(states); i++)
    {
        if (g_str_has_prefix(sqlstate, states[i].state))
        {
            code = states[i].code; /* a class stands before its states */
        }
    }
    return code;
}

/* The text on one line, without space at its end. The caller frees it. */
static char *
one_line(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GString) out = g_string_new(NULL);
    for (gsize i = 0; lines[i] != NULL; i++)
    {
        g_strstrip(lines[i]);
        if (lines[i][0] != '\0')
        {
            g_string_append_printf(out, "%s%s", out->len == 0 ? "" : "; ", lines[i]);
        }
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* Take out what stands in quotes after a colon or the word "value": the values of rows. */
static char *
without_values(char *text)
{
    static const char *const marks[] = {": \"", "value \"", NULL};
    for (gsize i = 0; marks[i] != NULL; i++)
    {
        char *start = strstr(text, marks[i]);
        char *end = start == NULL ? NULL : strrchr(text, '"');
        char *open = start == NULL ? NULL : strchr(start, '"');
        if (end != NULL && end > open)
        {
            char *masked = g_strdup_printf("%.*s…%s", (int)(open + 1 - text), text, end);
            g_free(text);
            text = masked;
        }
    }
    return text;
}

/*
 * Where in a function or in COPY's data it happened. The context as a whole quotes statements and
 * rows; "PL/pgSQL function f() line 3 at RAISE" and "COPY t, line 7" do not.
 */
static char *
place_of(const PGresult *result)
{
    const char *context = PQresultErrorField(result, PG_DIAG_CONTEXT);
    g_auto(GStrv) lines = g_strsplit(context == NULL ? "" : context, "\n", -1);
    for (gsize i = 0; lines[i] != NULL; i++)
    {
        char *line = strstr(lines[i], ", line ");
        if (g_str_has_prefix(lines[i], "PL/pgSQL function ") && strlen(lines[i]) < 200)
        {
            return g_strdup(lines[i]);
        }
        if (g_str_has_prefix(lines[i], "COPY ") && line != NULL)
        {
            gsize digits = strspn(line + strlen(", line "), "0123456789");
            gsize length = (gsize)(line - lines[i]) + strlen(", line ") + digits;
            return g_strndup(lines[i], length);
        }
    }
    return NULL;
}

/* The message for people, from the fields that hold no values of rows. */
static char *
message_of(const PGresult *result, const char *sqlstate)
{
    const char *primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
    g_autofree char *place = place_of(result);
    char *text = one_line(primary == NULL ? PQresultErrorMessage(result) : primary);
    /* A value with a position is a literal of the statement, which the user wrote. */
    if (g_strv_contains(value_states, sqlstate) &&
        PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION) == NULL)
    {
        text = without_values(text);
    }
    g_autofree char *names =
        detail != NULL && g_strv_contains(safe_details, sqlstate) ? one_line(detail) : NULL;
    char *whole = g_strconcat(text, names == NULL ? "" : " (", names == NULL ? "" : names,
        names == NULL ? "" : ")", place == NULL ? "" : ", in ", place, NULL);
    g_free(text);
    return whole;
}

/* The code of a result; a cancelled statement is told from one that ran too long. */
static gw_code
code_of(const PGresult *result, const char *sqlstate)
{
    gw_code code = gw_pg_sqlstate_code(sqlstate);
    const char *primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (code == GW_CODE_CANCELLED && primary != NULL && strstr(primary, "timeout") != NULL)
    {
        return GW_CODE_TIMEOUT;
    }
    return code;
}

static void
fail_lost(GError **error, PGconn *native)
{
    g_autofree char *text = one_line(PQerrorMessage(native));
    gw_fail(error, GW_CODE_CONNECTION_LOST, "the connection to PostgreSQL was lost%s%s",
        text[0] == '\0' ? "" : ": ", text);
}

void
gw_pg_failure_set(GError **error, PGconn *native, const PGresult *result)
{
    const char *sqlstate = result == NULL ? NULL : PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (sqlstate == NULL)
    {
        if (PQstatus(native) == CONNECTION_BAD)
        {
            fail_lost(error, native);
            return;
        }
        g_autofree char *text =
            one_line(result == NULL ? PQerrorMessage(native) : PQresultErrorMessage(result));
        gw_fail(error, GW_CODE_STATEMENT, "%s", text[0] == '\0' ? "no answer" : text);
        return;
    }
    GError *own = NULL;
    g_autofree char *message = message_of(result, sqlstate);
    const char *hint = PQresultErrorField(result, PG_DIAG_MESSAGE_HINT);
    const char *position = PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION);
    gboolean lost = PQstatus(native) == CONNECTION_BAD;
    gw_fail(&own, lost ? GW_CODE_CONNECTION_LOST : code_of(result, sqlstate), "%s", message);
    gw_error_add_native(own, sqlstate, 0);
    if (hint != NULL)
    {
        gw_error_add_hint(own, "%s", hint);
    }
    if (position != NULL)
    {
        gw_error_add_offset(own, (guint)g_ascii_strtoull(position, NULL, 10));
    }
    g_propagate_error(error, own);
}
