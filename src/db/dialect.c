#include "db/dialect.h"

#include "base/text.h"

gboolean
gw_dialect_has(const gw_dialect *dialect, gw_feature feature)
{
    return (dialect->features & (guint)feature) != 0;
}

gboolean
gw_dialect_answers(const gw_dialect *dialect, const char *name)
{
    for (gsize i = 0; dialect->aliases != NULL && dialect->aliases[i] != NULL; i++)
    {
        if (g_ascii_strcasecmp(dialect->aliases[i], name) == 0)
        {
            return TRUE;
        }
    }
    return g_ascii_strcasecmp(dialect->name, name) == 0;
}

char *
gw_dialect_name(const gw_dialect *dialect, const char *schema, const char *name)
{
    GString *out = g_string_new(NULL);
    if (schema != NULL)
    {
        dialect->quote_name(out, schema);
        g_string_append_c(out, '.');
    }
    dialect->quote_name(out, name);
    return g_string_free(out, FALSE);
}
