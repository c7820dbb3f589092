/*
 * What was read from files before, so that a project of thousands of files is known without
 * opening them: by device, inode, size and times. Files that changed too shortly before they were
 * read are not trusted. Only ever a help: what cannot be read or written is as if it were not
 * there. For project/ alone.
 */
#ifndef GW_PROJECT_CACHE_H
#define GW_PROJECT_CACHE_H

#include "project/file_facts.h"
#include "project/scan.h"

typedef struct gw_cache gw_cache;

/* The cache in `folder` for a project of these migration folders. Never NULL. */
gw_cache *gw_cache_open(const char *folder, const char *const *migrations);

/* What is known about the file of that stamp; FALSE: nothing. The caller clears `facts`. */
gboolean gw_cache_find(gw_cache *cache, const gw_stamp *stamp, gw_file_facts *facts);

/* Remember facts read just now, unless the file changed less than two seconds before `wall`
 * (microseconds since 1970). The stamp was asked for before the file was read. */
void gw_cache_put(gw_cache *cache, const gw_stamp *stamp, const gw_file_facts *facts, gint64 wall);

/* Write it where something was put. */
void gw_cache_save(gw_cache *cache);

void gw_cache_free(gw_cache *cache);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(gw_cache, gw_cache_free)

#endif
