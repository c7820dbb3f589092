#include "project/expand.h"

/* Append the value of "NAME" or "NAME:-default". */
static gboolean
variable_append(GString *out, const char *inside, GHashTable *values, GError **error)
{
    const char *colon = strstr(inside, ":-");
    g_autofree char *name =
        colon == NULL ? g_strdup(inside) : g_strndup(inside, (gsize)(colon - inside));
    if (name[0] == '\0')
    {
        gw_fail(error, GW_CODE_VARIABLE, "${} names no variable");
        return FALSE;
    }
    const char *value = g_hash_table_lookup(values, name);
    if (colon != NULL && (value == NULL || value[0] == '\0'))
    {
        value = colon + 2;
    }
    if (value == NULL)
    {
        gw_fail(error, GW_CODE_VARIABLE, "the environment variable %s is not set", name);
        if (error != NULL)
        {
            gw_error_add_hint(*error, "set it, or give a default: ${%s:-value}", name);
        }
        return FALSE;
    }
    g_string_append(out, value);
    return TRUE;
}

char *
gw_expand(const char *text, GHashTable *values, GError **error)
{
    g_autoptr(GString) out = g_string_new(NULL);
    const char *at = text;
    for (const char *next = strstr(at, "${"); next != NULL; next = strstr(at, "${"))
    {
        if (next > at && next[-1] == '$')
        {
            g_string_append_len(out, at, next - at - 1);
            g_string_append(out, "${");
            at = next + 2;
            continue;
        }
        const char *end = strchr(next, '}');
        if (end == NULL)
        {
            gw_fail(
                error, GW_CODE_VARIABLE, "${ is not closed by }; write $${ for the text itself");
            return NULL;
        }
        g_autofree char *inside = g_strndup(next + 2, (gsize)(end - next - 2));
        g_string_append_len(out, at, next - at);
        if (!variable_append(out, inside, values, error))
        {
            return NULL;
        }
        at = end + 1;
    }
    g_string_append(out, at);
    return g_strdup(out->str);
}

gboolean
gw_expand_needed(const char *text)
{
    return strstr(text, "${") != NULL;
}
