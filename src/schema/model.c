#include "schema/model.h"

static void
object_free(gw_object *object)
{
    g_free(object->schema);
    g_free(object->table);
    g_free(object->name);
    g_free(object->definition);
    g_free(object);
}

gw_model *
gw_model_new(void)
{
    gw_model *model = g_new0(gw_model, 1);
    model->objects = g_ptr_array_new_with_free_func((GDestroyNotify)object_free);
    return model;
}

void
gw_model_free(gw_model *model)
{
    if (model != NULL)
    {
        g_ptr_array_unref(model->objects);
        g_free(model);
    }
}

gw_object *
gw_model_add(gw_model *model, gw_object_kind kind, const char *schema, const char *table,
    const char *name, const char *definition)
{
    gw_object *object = g_new0(gw_object, 1);
    object->kind = kind;
    object->schema = g_strdup(schema == NULL ? "" : schema);
    object->table = g_strdup(table);
    object->name = g_strdup(name);
    object->definition = g_strdup(definition == NULL ? "" : definition);
    object->valid = TRUE;
    g_ptr_array_add(model->objects, object);
    return object;
}

/* Sort by kind, schema, table, name; what is equal in all (overloaded routines) by definition. */
static gint
compare(gconstpointer left, gconstpointer right)
{
    const gw_object *a = *(const gw_object *const *)left;
    const gw_object *b = *(const gw_object *const *)right;
    if (a->kind != b->kind)
    {
        return a->kind < b->kind ? -1 : 1;
    }
    const char *const pairs[][2] = {{a->schema, b->schema}, {a->table, b->table},
        {a->name, b->name}, {a->definition, b->definition}};
    for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++)
    {
        int order = g_strcmp0(pairs[i][0], pairs[i][1]);
        if (order != 0)
        {
            return order;
        }
    }
    return 0;
}

/* Add a text with its end, so that "a" "bc" and "ab" "c" differ; NULL differs from "". */
static void
digest(GChecksum *sum, const char *text)
{
    static const guchar present = 1;
    if (text != NULL)
    {
        g_checksum_update(sum, &present, 1);
        g_checksum_update(sum, (const guchar *)text, (gssize)strlen(text));
    }
    g_checksum_update(sum, (const guchar *)"", 1);
}

static void
object_seal(gw_object *object)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    digest(sum, gw_object_kind_text(object->kind));
    digest(sum, object->schema);
    digest(sum, object->table);
    digest(sum, object->name);
    digest(sum, object->definition);
    digest(sum, object->valid ? "valid" : "invalid");
    g_strlcpy(object->sha256, g_checksum_get_string(sum), sizeof object->sha256);
}

void
gw_model_seal(gw_model *model)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_ptr_array_sort(model->objects, compare);
    for (guint i = 0; i < model->objects->len; i++)
    {
        gw_object *object = g_ptr_array_index(model->objects, i);
        object_seal(object);
        digest(sum, object->sha256);
    }
    g_strlcpy(model->fingerprint, g_checksum_get_string(sum), sizeof model->fingerprint);
}

static gboolean
same(const char *wanted, const char *found, gboolean fold)
{
    if (wanted == NULL)
    {
        return TRUE;
    }
    return found != NULL &&
           (fold ? g_ascii_strcasecmp(wanted, found) == 0 : g_str_equal(wanted, found));
}

const gw_object *
gw_model_find(const gw_model *model, gw_object_kind kind, const char *schema, const char *table,
    const char *name, gboolean fold)
{
    for (guint i = 0; i < model->objects->len; i++)
    {
        const gw_object *object = g_ptr_array_index(model->objects, i);
        if (object->kind == kind && same(schema, object->schema, fold) &&
            same(table, object->table, fold) && same(name, object->name, fold))
        {
            return object;
        }
    }
    return NULL;
}
