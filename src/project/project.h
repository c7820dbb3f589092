/*
 * The migrations of a project: what lies in its folders, in order of version. Names and hashes of
 * files are known at once; the text of a migration is read when it is asked for.
 */
#ifndef GW_PROJECT_PROJECT_H
#define GW_PROJECT_PROJECT_H

#include "sql/lexis.h"
#include "sql/sections.h"

typedef enum gw_migration_form
{
    GW_FORM_SQL,  /* one file with markers */
    GW_FORM_PAIR, /* a file for up and perhaps one for down, side by side or in a folder */
    GW_FORM_YAML, /* portable operations */
} gw_migration_form;

/* One version, as it is for one database. Texts are the project's. */
typedef struct gw_migration
{
    char *version;
    guint64 rank; /* gw_version_rank() of it */
    char *name;
    gw_migration_form form;
    const char *database; /* the file is for this one alone; NULL: for every one */
    gboolean applicable;  /* FALSE: it has files, but none for this database; `path` is one of
                             them, to be shown */
    char *path;           /* of the file, or of a pair's file for up: to open and to show */
    char *undo;           /* of a pair's file for down; NULL: there is none */
    char *sha256;         /* of the bytes: of a pair that of the line "up HASH\n" and, where there
                             is one, "down HASH\n" behind it */
    gboolean repeatable;  /* one of its sections says repeat:true */
    char **depends;       /* versions, as they are written; NULL: none */
} gw_migration;

/* A file that fits no rule. */
typedef struct gw_ignored
{
    char *path;
    const char *why; /* one line for people; NULL: it does not look like a migration at all */
} gw_ignored;

typedef struct gw_project
{
    GPtrArray *migrations; /* of gw_migration *, in order of version */
    GPtrArray *ignored;    /* of gw_ignored *, in order of path; without names that begin with . */
    guint read;            /* how many files had to be opened: the others were in the cache */
    GStringChunk *texts;   /* its own: holds the texts of migrations */
} gw_project;

/*
 * Read the folders. `aliases` are the names of the database (gw_dialect.aliases), the best first:
 * a file for the first one that has any is chosen, else one for every database; NULL chooses the
 * latter, or any. `cache` is a folder for what was read, NULL: none (gw_project_cache_folder()).
 * Fails with FILE, with DUPLICATE and both files, with SECTION on a down file without its up; and
 * as gw_sections_parse() where options of a file cannot be read.
 */
gw_project *gw_project_read(const char *const *folders, const char *const *aliases,
    const char *cache, GError **error) GW_CHECKED;
void gw_project_free(gw_project *project);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(gw_project, gw_project_free)

/* $XDG_CACHE_HOME/godwit or ~/.cache/godwit; NULL when neither is known. The caller frees it. */
char *gw_project_cache_folder(void);

/* The migration of that version, compared as a version; NULL: none. */
const gw_migration *gw_project_find(const gw_project *project, const char *version);

/* As _find(), but fails with VERSION and the nearest one. */
const gw_migration *gw_project_need(
    const gw_project *project, const char *version, GError **error) GW_CHECKED;

/* A section with the text that it is a range of. */
typedef struct gw_part
{
    const gw_section *section;
    gw_source *source; /* borrowed; variables are replaced in it */
} gw_part;

/* The text of a migration. Everything is owned by it. */
typedef struct gw_content
{
    char *description;  /* NULL: none */
    GArray *parts;      /* of gw_part: those of up, then those of down, as the files have them */
    char *irreversible; /* the reason; NULL when it can be undone */
    char *sha256;       /* of the bytes just read: compare with gw_migration.sha256 */
    GPtrArray *files;   /* its own */
} gw_content;

/*
 * Read the text: cut into sections, ${name} replaced by `vars` (char * -> char *) where a section
 * says so, as `lexis` reads text (NULL: as all databases do). A pair's file for up may have markers
 * of its own (options, depends, irreversible), its file for down may not. Fails with FILE,
 * ENCODING, SECTION, OPTION, VARIABLE and the place; NOT_YET on YAML.
 */
gw_content *gw_migration_load(const gw_migration *migration, const gw_lexis *lexis,
    GHashTable *vars, GError **error) GW_CHECKED;
void gw_content_free(gw_content *content);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(gw_content, gw_content_free)

/* The first part of that kind; NULL: none. */
const gw_part *gw_content_find(const gw_content *content, gw_section_kind kind);

/*
 * SHA-256 of what the text means: kind and options of each section and its tokens, without
 * comments, layout and line ends, before variables are replaced. The caller frees it.
 */
char *gw_content_token_sha256(const gw_content *content, const gw_lexis *lexis);

#endif
