/* A plan as JSON (docs/json.md), for people, for other programs and for `up --plan`. */
#ifndef GW_PLAN_JSON_H
#define GW_PLAN_JSON_H

#include <json-glib/json-glib.h>

#include "plan/plan.h"

/* Add the members of `plan` to the object that is open in `builder`: its first `most` migrations
 * and steps, and how many are left out; 0: all of them. */
void gw_plan_build(const gw_plan *plan, guint most, JsonBuilder *builder);

/* "name": text, or null; then integers and booleans: for objects that are being built. */
void gw_json_text(JsonBuilder *builder, const char *name, const char *text);
void gw_json_integer(JsonBuilder *builder, const char *name, gint64 value);
void gw_json_boolean(JsonBuilder *builder, const char *name, gboolean value);
void gw_json_texts(JsonBuilder *builder, const char *name, const GPtrArray *texts);

#endif
