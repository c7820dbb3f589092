#include "project/reader.h"

/* The tenants' texts: where each stands under `tenants`, and in the struct. */
typedef struct field
{
    const char *group; /* NULL: at the top */
    const char *key;
    glong offset;
} field;

static const field fields[] = {
    {NULL, "glob", G_STRUCT_OFFSET(gw_tenants, glob)},
    {"query", "url", G_STRUCT_OFFSET(gw_tenants, query_url)},
    {"query", "sql", G_STRUCT_OFFSET(gw_tenants, query_sql)},
    {"schemas", "url", G_STRUCT_OFFSET(gw_tenants, schemas_url)},
    {"schemas", "like", G_STRUCT_OFFSET(gw_tenants, schemas_like)},
    {"databases", "url", G_STRUCT_OFFSET(gw_tenants, databases_url)},
    {"databases", "like", G_STRUCT_OFFSET(gw_tenants, databases_like)},
    {"rows", "table", G_STRUCT_OFFSET(gw_tenants, rows_table)},
    {"rows", "key", G_STRUCT_OFFSET(gw_tenants, rows_key)},
};

static gboolean
texts_fill(gw_tenants *tenants, const gw_yaml_node *node, GHashTable *environment, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
    {
        const gw_yaml_node *from =
            fields[i].group == NULL ? node : gw_yaml_get(node, fields[i].group);
        char **text = G_STRUCT_MEMBER_P(tenants, fields[i].offset);
        if (!gw_read_text(
                gw_yaml_get(from, fields[i].key), fields[i].key, environment, text, error))
        {
            return FALSE;
        }
    }
    return TRUE;
}

/* Exactly one way of listing tenants is said. */
static gboolean
kind_check(const gw_yaml_node *node, GError **error)
{
    static const char *const kinds[] = {"glob", "urls", "query", "schemas", "databases", "rows"};
    guint count = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
    {
        count += gw_yaml_get(node, kinds[i]) != NULL;
    }
    if (count != 1)
    {
        gw_yaml_fail(node, error, GW_CODE_CONFIG,
            "tenants needs one of glob, urls, query, schemas, databases, rows");
    }
    return count == 1;
}

/* Both parts of a pair are there. */
static gboolean
pair_check(const gw_yaml_node *node, const char *group, const char *first, const char *second,
    GError **error)
{
    const gw_yaml_node *pair = gw_yaml_get(node, group);
    if (pair != NULL && (gw_yaml_get(pair, first) == NULL || gw_yaml_get(pair, second) == NULL))
    {
        gw_yaml_fail(
            pair, error, GW_CODE_CONFIG, "tenants.%s needs %s and %s", group, first, second);
        return FALSE;
    }
    return TRUE;
}

static gboolean
shape_check(const gw_yaml_node *node, GError **error)
{
    return kind_check(node, error) && pair_check(node, "query", "url", "sql", error) &&
           pair_check(node, "schemas", "url", "like", error) &&
           pair_check(node, "databases", "url", "like", error) &&
           pair_check(node, "rows", "table", "key", error);
}

gboolean
gw_settings_tenants(const gw_settings *settings, gw_tenants **tenants, GError **error)
{
    const gw_yaml_node *node = gw_config_get(settings->config, "tenants");
    GHashTable *environment = settings->environment;
    *tenants = NULL;
    if (node == NULL)
    {
        return TRUE;
    }
    g_autoptr(gw_tenants) list = g_new0(gw_tenants, 1);
    list->parallel = 1;
    if (!shape_check(node, error) || !texts_fill(list, node, environment, error) ||
        !gw_read_texts(gw_yaml_get(node, "urls"), "urls", environment, &list->urls, error) ||
        !gw_read_waves(gw_yaml_get(node, "waves"), "waves", environment, &list->waves, error) ||
        !gw_read_amount(gw_yaml_get(node, "max_failures"), "max_failures", environment,
            &list->max_failures, error) ||
        !gw_read_integer(
            gw_yaml_get(node, "parallel"), "parallel", environment, &list->parallel, error))
    {
        return FALSE;
    }
    *tenants = g_steal_pointer(&list);
    return TRUE;
}

void
gw_tenants_free(gw_tenants *tenants)
{
    if (tenants == NULL)
    {
        return;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
    {
        g_free(G_STRUCT_MEMBER(char *, tenants, fields[i].offset));
    }
    g_strfreev(tenants->urls);
    g_clear_pointer(&tenants->waves, g_array_unref);
    g_free(tenants);
}
