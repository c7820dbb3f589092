/* The files that godwit makes for a user: a new project, a new migration. Never overwrites. */
#ifndef GW_PROJECT_STARTER_H
#define GW_PROJECT_STARTER_H

#include "base/error.h"

/* What `init` did. */
typedef struct gw_starter
{
    char *config;           /* path of the godwit.yaml that was made */
    char *migrations;       /* path of the migrations folder */
    gboolean found;         /* the folder was there before */
    gboolean hidden_secret; /* the URL has a password: the file says ${DATABASE_URL} instead, and
                               the user has to set it */
} gw_starter;

void gw_starter_clear(gw_starter *starter);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(gw_starter, gw_starter_clear)

/*
 * Make godwit.yaml with `url` as target dev (NULL: ${DATABASE_URL}) and the migrations folder, or
 * use db/migrations where it is. Fails with EXISTS_ALREADY when there is a godwit.yaml, or FILE.
 */
gboolean gw_starter_init(
    const char *folder, const char *url, gw_starter *starter, GError **error) GW_CHECKED;

/*
 * Make an empty migration in the first of `folders`: version of now in UTC, or the next second that
 * no file of any folder has. *path is its path. Fails with USAGE when the words leave no name, or
 * FILE. The caller frees *path.
 */
gboolean gw_starter_new(const char *const *folders, const char *const *words, gint64 wall,
    char **path, GError **error) GW_CHECKED;

/* The seed files (*.sql) of a folder in order of name; empty when the folder is not there. Fails
 * with FILE. The caller frees the array of char *. */
GPtrArray *gw_seeds_list(const char *folder, GError **error) GW_CHECKED;

#endif
