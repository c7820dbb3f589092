/* Environment variables as tables of char * -> char *, wiped when they go. */
#ifndef GW_PROJECT_ENVIRONMENT_H
#define GW_PROJECT_ENVIRONMENT_H

#include "base/base.h"

/* A table with "NAME=value" of `entries` (NULL-terminated; NULL: the process's environment). */
GHashTable *gw_environment_read(const char *const *entries);

/* An empty one. */
GHashTable *gw_environment_new(void);

/* Put all of `from` over what `into` has. NULL is empty. */
void gw_environment_add(GHashTable *into, GHashTable *from);

#endif
