/*
 * A migration file into its sections: the markers `-- migrate:up` and their options, as
 * GRAMMAR §3 has them. Text only: which database it is for is not asked here.
 */
#ifndef GW_SQL_SECTIONS_H
#define GW_SQL_SECTIONS_H

#include "base/source.h"
#include "sql/lexis.h"

typedef enum gw_section_kind
{
    GW_SECTION_UP,
    GW_SECTION_EXPAND,
    GW_SECTION_BACKFILL,
    GW_SECTION_CONTRACT,
    GW_SECTION_VERIFY,
    GW_SECTION_DOWN,
} gw_section_kind;

/* "up", "expand" …: as the marker says it. */
const char *gw_section_name(gw_section_kind kind);

typedef enum gw_keep
{
    GW_KEEP_DEFAULT,
    GW_KEEP_TRUE,
    GW_KEEP_FALSE,
    GW_KEEP_ERASE,
} gw_keep;

/* One section: its marker's options, and the range of its text in the source. */
typedef struct gw_section
{
    gw_section_kind kind;
    gsize marker; /* offset of the marker's line */
    gsize offset; /* of the text after the marker's line */
    gsize length;
    gboolean no_transaction; /* transaction:false */
    gint64 lock_timeout;     /* microseconds; 0 when not said */
    gint64 timeout;          /* microseconds; 0 when not said */
    char **databases;        /* NULL: all */
    gboolean substitute;     /* substitute:true */
    gboolean repeat;         /* repeat:true: the file is a repeatable */
    gw_keep keep;
    char *table;            /* backfill */
    guint64 chunk;          /* backfill; 0 when not said */
    char *transform;        /* backfill */
    gint64 quarantine;      /* on-error:quarantine(N); -1 for stop */
    gw_section_kind undoes; /* a down section: EXPAND or CONTRACT with phase:…, else UP */
} gw_section;

/* All of a file. */
typedef struct gw_sections
{
    char *description;  /* the leading comment without its dashes; NULL when there is none */
    GPtrArray *list;    /* of gw_section *, in the order of the file */
    GPtrArray *depends; /* of char *: versions */
    char *irreversible; /* the reason; NULL when it can be undone */
    gboolean repeatable;
} gw_sections;

/*
 * Cut `source`. Fails, with the place and a "did you mean" where one is near, with SECTION (no up,
 * up and expand both, text before the first marker, two downs of one phase …), OPTION, ENCODING, or
 * TEXT on sections in disorder by an unfinished merge.
 *
 * Pairs of up and down may follow one another, as in dbmate's files: the ups run in the order of
 * the file, the downs in reverse. Sections for different databases do not count as two.
 */
gw_sections *gw_sections_parse(const gw_source *source, GError **error) GW_CHECKED;

/* The whole of `source` as one section, for pair files (x.up.sql, x.down.sql) and seeds. Whether it
 * is text is not asked: gw_source_check_text(). */
gw_sections *gw_sections_whole(const gw_source *source, gw_section_kind kind);

void gw_sections_free(gw_sections *sections);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(gw_sections, gw_sections_free)

/* The first section of `kind` (for DOWN: of any phase), NULL when there is none. */
const gw_section *gw_sections_find(const gw_sections *sections, gw_section_kind kind);

/*
 * `source` with ${name} in the statements of its sections that say substitute:true replaced by
 * `vars` (char * -> char *); everything else stays byte for byte. Returns a new reference to
 * `source` itself when no section says so. Strings, dollar quotes, comments and data of COPY are
 * not looked into: $1, $$ and '${x}' stay; quoted names are. `lexis` tells
 * them apart; NULL: what the databases have in common. The new text has to be cut into sections
 * anew: positions are its own; line numbers stay true because values with line ends are refused.
 * Fails with VARIABLE and the place.
 */
gw_source *gw_sections_substitute(gw_source *source, const gw_sections *sections,
    const gw_lexis *lexis, GHashTable *vars, GError **error) GW_CHECKED;

#endif
