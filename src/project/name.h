/* Names of migration files, and versions: GRAMMAR §1. */
#ifndef GW_PROJECT_NAME_H
#define GW_PROJECT_NAME_H

#include "base/base.h"

/* Which sections a file holds, as its name says it. */
typedef enum gw_name_part
{
    GW_NAME_WHOLE, /* all, behind markers */
    GW_NAME_UP,
    GW_NAME_DOWN,
} gw_name_part;

/* A file's name in its parts: ranges of the text that was read. */
typedef struct gw_name
{
    const char *version; /* as it is written: "0012", "1.2", "2024-01-02-0304" */
    gsize version_length;
    const char *name; /* "add_users" */
    gsize name_length;
    const char *database; /* "postgres", "mariadb", "mysql", "sqlite"; static; NULL: every one */
    gw_name_part part;
    gboolean yaml;
} gw_name;

/*
 * Read the name of a file. FALSE when it is not that of a migration; then *why is one line for
 * people, static, or NULL where nothing about it looks like one.
 */
gboolean gw_name_parse(const char *file, gw_name *name, const char **why);

/* As _parse(), for a folder: VERSION_NAME. */
gboolean gw_name_parse_folder(const char *folder, gw_name *name, const char **why);

/* Is `text` a version: digits in groups joined by `.` or `-`? */
gboolean gw_version_check(const char *text);

/*
 * Compare group by group as numbers of any length; when all are equal, fewer groups come first.
 * 0 means the same version, however it is written: 001 and 1, 1.2 and 1-2.
 */
int gw_version_compare(const char *left, const char *right);

/*
 * The first group as a number, the largest there is for one that does not fit: of two versions with
 * different ranks the one with the lower rank comes first.
 */
guint64 gw_version_rank(const char *version);

/* A text that is the same for versions that are the same, for hash tables. The caller frees it. */
char *gw_version_key(const char *version);

/* Words for people into the NAME of a file: "Add user's e-mail" → "add_users_e_mail"; lower case,
 * at most 80 bytes; NULL when nothing is left. The caller frees it. */
char *gw_name_from_words(const char *const *words);

#endif
