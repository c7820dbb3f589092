/* Short ways to the fields of a result, and what people read instead of numbers. */
#ifndef GW_REPORT_FIELD_H
#define GW_REPORT_FIELD_H

#include "base/base.h"
#include "godwit.h"

/* The text of a field; "" when it is not there. */
const char *gw_field_text(const godwit_value *object, const char *key);

/* Whether the field is there and not null. */
gboolean gw_field_has(const godwit_value *object, const char *key);

gint64 gw_field_integer(const godwit_value *object, const char *key);
gboolean gw_field_flag(const godwit_value *object, const char *key);

/* A list and its length; an empty one when it is not there. */
const godwit_value *gw_field_list(const godwit_value *object, const char *key, gsize *count);

/* The texts of a list with ", " between them. The caller frees it. */
char *gw_field_joined(const godwit_value *object, const char *key);

/* All that follow: the caller frees the text; "" when the field is not there. */
char *gw_field_duration(const godwit_value *object, const char *key); /* "12 ms" */
char *gw_field_amount(const godwit_value *object, const char *key);   /* "950", "12.8M" */
char *gw_field_size(const godwit_value *object, const char *key);     /* "1.2 MB" */
char *gw_field_moment(const godwit_value *object, const char *key);   /* "2026-11-22 10:03:41" */
char *gw_field_number(const godwit_value *object, const char *key);   /* "12" */

/* "1 step", "3 steps": words ending with s in the plural. The caller frees it. */
char *gw_field_plural(gint64 number, const char *word);

#endif
