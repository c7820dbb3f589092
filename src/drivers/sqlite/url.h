/* The URLs of SQLite databases: sqlite:rel.db, sqlite:///abs.db, file:x.db?mode=ro, a bare path. */
#ifndef GW_DRIVERS_SQLITE_URL_H
#define GW_DRIVERS_SQLITE_URL_H

#include "base/error.h"

typedef struct gw_sqlite_url
{
    char *path; /* absolute, symbolic links followed; NULL: in memory */
    char *name; /* as messages show it */
    char *uri;  /* what SQLite opens: file:… */
    gboolean read_only;
    gint64 busy_timeout; /* microseconds */
    gboolean foreign_keys;
    char *journal_mode; /* NULL: as it is */
    char *synchronous;  /* NULL: as it is */
} gw_sqlite_url;

/* Read `url`; relative paths are from `base` (NULL: the current folder). Fails with URL. */
gboolean gw_sqlite_url_parse(
    const char *url, const char *base, gw_sqlite_url *out, GError **error) GW_CHECKED;

void gw_sqlite_url_clear(gw_sqlite_url *url);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(gw_sqlite_url, gw_sqlite_url_clear)

/* Does a text without a scheme look like a SQLite file? */
gboolean gw_sqlite_url_claims(const char *url);

/* There is nothing secret in it. */
char *gw_sqlite_url_redact(const char *url);

#endif
