/* JSON written with json-glib: the members that reports are made of. */
#ifndef GW_REPORT_JSON_H
#define GW_REPORT_JSON_H

#include <json-glib/json-glib.h>

#include "base/base.h"
#include "godwit.h"

/* Add a member to the object that is open. Text that is not UTF-8 is made valid. */
void gw_json_text(JsonBuilder *builder, const char *name, const char *text);
void gw_json_integer(JsonBuilder *builder, const char *name, gint64 number);
void gw_json_value(JsonBuilder *builder, const char *name, const godwit_value *value);

/* The document; indented, or in one line. The caller frees it. */
char *gw_json_finish(JsonBuilder *builder, gboolean indented);

#endif
