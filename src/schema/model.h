/*
 * A schema as data: what a live database holds, without a connection. First cut: objects with the
 * text that defines them and its SHA-256; later issues give tables their columns and parts.
 */
#ifndef GW_SCHEMA_MODEL_H
#define GW_SCHEMA_MODEL_H

#include "base/error.h"
#include "base/object_kind.h"

/* One object. All text is owned by the model. */
typedef struct gw_object
{
    gw_object_kind kind;
    char *schema; /* "" where the database has none */
    char *table;  /* of an index, constraint, trigger, column …; NULL for others */
    char *name;
    char *definition; /* canonical text: the same for the same meaning, without names of the
                         database it stands in */
    char sha256[65];  /* of kind, names and definition */
    gboolean valid;   /* FALSE: there, but not usable (an INVALID index) */
} gw_object;

typedef struct gw_model
{
    GPtrArray *objects; /* of gw_object *, sorted by kind, schema, table, name once sealed */
    char fingerprint[65];
} gw_model;

gw_model *gw_model_new(void);
void gw_model_free(gw_model *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(gw_model, gw_model_free)

/* Add an object; texts are copied, `table` may be NULL. Returns it, owned by the model. */
gw_object *gw_model_add(gw_model *model, gw_object_kind kind, const char *schema, const char *table,
    const char *name, const char *definition);

/* Sort, and compute the SHA-256 of each object and of the whole. */
void gw_model_seal(gw_model *model);

/*
 * Find an object; NULL when it is not there. `schema` or `table` NULL: any. Names compare exactly,
 * or ASCII case aside when `fold`.
 */
const gw_object *gw_model_find(const gw_model *model, gw_object_kind kind, const char *schema,
    const char *table, const char *name, gboolean fold);

#endif
