/*
 * What a dead or failed try of a concurrent statement leaves behind: indexes that are not valid.
 * Where the statement names its index it is that one; else those that were not there before.
 */
#include "run/parts.h"

/* Does the statement say which indexes were not valid before it ran, in its image? */
gboolean
gw_run_lists_invalid(const gw_facts *facts)
{
    return facts->concurrent &&
           (facts->probe.kind == GW_PROBE_CATALOG || facts->probe.kind == GW_PROBE_REPEAT);
}

static char *
full_name(gw_run *run, const gw_object *index)
{
    return gw_dialect_name(gw_db_dialect(run->db), index->schema, index->name);
}

gboolean
gw_run_append_invalid(gw_run *run, char **image, GError **error)
{
    g_autoptr(gw_model) model = gw_db_invalid_indexes(run->db, error);
    if (model == NULL)
    {
        return FALSE;
    }
    g_autoptr(GString) text = g_string_new(*image);
    for (guint i = 0; i < model->objects->len; i++)
    {
        g_autofree char *name = full_name(run, g_ptr_array_index(model->objects, i));
        g_string_append_printf(text, "\n%s", name);
    }
    g_string_append_c(text, '\n');
    g_free(*image);
    *image = g_strdup(text->str);
    return TRUE;
}

static gboolean
was_there(const char *before, const char *name)
{
    g_autofree char *line = g_strdup_printf("\n%s\n", name);
    return strstr(before, line) != NULL;
}

/* Is the index on a table that the statement works on, or made beside an index that it works on? */
static gboolean
is_about(const gw_facts *facts, const gw_object *index)
{
    for (guint i = 0; i < facts->relations->len; i++)
    {
        const gw_fact_relation *relation = g_ptr_array_index(facts->relations, i);
        if (g_strcmp0(index->table, relation->name) == 0 ||
            (relation->kind == GW_OBJECT_INDEX && g_str_has_prefix(index->name, relation->name)))
        {
            return TRUE;
        }
    }
    return facts->relations->len == 0;
}

/* The same as for a build that names this index. */
static gboolean
drop_index(gw_run *run, const gw_object *index, GError **error)
{
    gw_facts build = {
        .concurrent = TRUE,
        .probe =
            {
                .kind = GW_PROBE_APPEARS,
                .object = GW_OBJECT_INDEX,
                .schema = index->schema,
                .name = index->name,
            },
    };
    g_autofree char *text = gw_db_dialect(run->db)->remove_remains(&build);
    gw_known_drop(run->known);
    return text == NULL || gw_db_exec(run->db, text, -1, NULL, error);
}

static gboolean
drop_new(gw_run *run, const gw_facts *facts, const char *before, GError **error)
{
    g_autoptr(gw_model) model = gw_db_invalid_indexes(run->db, error);
    if (model == NULL)
    {
        return FALSE;
    }
    for (guint i = 0; i < model->objects->len; i++)
    {
        const gw_object *index = g_ptr_array_index(model->objects, i);
        g_autofree char *name = full_name(run, index);
        if (is_about(facts, index) && !was_there(before, name) && !drop_index(run, index, error))
        {
            return FALSE;
        }
    }
    return TRUE;
}

gboolean
gw_run_remove_remains(gw_run *run, const gw_facts *facts, const char *before, GError **error)
{
    const gw_dialect *dialect = gw_db_dialect(run->db);
    g_autofree char *image = NULL;
    if (dialect->remove_remains == NULL || !facts->concurrent ||
        facts->probe.kind == GW_PROBE_DEFINITION)
    {
        return TRUE;
    }
    if (gw_run_lists_invalid(facts))
    {
        return before == NULL || drop_new(run, facts, before, error);
    }
    g_autofree char *text = dialect->remove_remains(facts);
    if (text == NULL || !gw_run_image(run, facts, &image, error))
    {
        return text == NULL;
    }
    gw_known_drop(run->known);
    return !g_str_has_prefix(image, "invalid ") || gw_db_exec(run->db, text, -1, NULL, error);
}

gboolean
gw_run_complete_remains(gw_run *run, const gw_facts *facts, GError **error)
{
    const gw_dialect *dialect = gw_db_dialect(run->db);
    const gw_limits limits = {.lock_wait = run->settings.stall};
    g_autofree char *image = NULL;
    if (dialect->remove_remains == NULL || !gw_run_is_completed(facts))
    {
        return TRUE;
    }
    g_autofree char *text = dialect->remove_remains(facts);
    if (text == NULL || !gw_run_image(run, facts, &image, error))
    {
        return text == NULL;
    }
    if (!g_str_has_prefix(image, "invalid "))
    {
        return TRUE;
    }
    gw_known_drop(run->known);
    run->limits_known = FALSE;
    run->limited = TRUE;
    return (gw_db_place(run->db)->pooled || gw_db_limit(run->db, &limits, error)) &&
           gw_db_exec(run->db, text, -1, NULL, error);
}

gboolean
gw_run_is_completed(const gw_facts *facts)
{
    return facts->concurrent && facts->probe.kind == GW_PROBE_DEFINITION;
}
