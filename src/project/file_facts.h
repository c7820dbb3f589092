/* What a migration's file says about itself without being loaded: its hash and its place in the
 * order. For project/ alone. */
#ifndef GW_PROJECT_FILE_FACTS_H
#define GW_PROJECT_FILE_FACTS_H

#include "project/scan.h"

#define GW_SHA256_DIGITS 64

typedef struct gw_file_facts
{
    char sha256[GW_SHA256_DIGITS + 1]; /* of the bytes */
    gboolean repeatable;
    char **depends; /* NULL: none */
} gw_file_facts;

void gw_file_facts_clear(gw_file_facts *facts);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(gw_file_facts, gw_file_facts_clear)

/* Read them from the file. Fails with FILE, and as cutting it into sections does where it has
 * options that matter for the order. */
gboolean gw_file_facts_read(const gw_file *file, gw_file_facts *facts, GError **error) GW_CHECKED;

/* Cut a file into sections as its name says: all behind markers, or one half of a pair. */
gw_sections *gw_part_sections(
    const gw_source *source, gw_name_part part, GError **error) GW_CHECKED;

/* The hash of a migration from those of its files; `down` NULL: there is none. Of a file that holds
 * all it is the file's own. The caller frees it. */
char *gw_pair_sha256(const char *up, const char *down);

#endif
