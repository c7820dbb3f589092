/* Variables of the environment in the texts of godwit.yaml and .env. */
#ifndef GW_PROJECT_EXPAND_H
#define GW_PROJECT_EXPAND_H

#include "base/error.h"

/*
 * `text` with ${NAME} and ${NAME:-default} replaced by `values` (char * -> char *); the default is
 * for what is not set or empty, $${ is a plain ${. Values are not looked into again. Fails with
 * VARIABLE, without a place. The caller frees the result.
 */
char *gw_expand(const char *text, GHashTable *values, GError **error) GW_CHECKED;

/* Is there something to be replaced in it? */
gboolean gw_expand_needed(const char *text);

#endif
