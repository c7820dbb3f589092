/*
 * What a user writes to name a PostgreSQL: URLs of libpq, of SQLAlchemy ("postgresql+psycopg2://")
 * and of JDBC ("jdbc:postgresql:"), and libpq's keyword strings ("host=… dbname=…").
 */
#ifndef GW_DRIVERS_POSTGRES_CONNINFO_H
#define GW_DRIVERS_POSTGRES_CONNINFO_H

#include "db/driver.h"

/* Keywords and values as libpq's PQconnectdbParams() takes them; NULL-terminated. */
typedef struct gw_pg_conninfo
{
    char **keywords;
    char **values;
    char *host;           /* "host:port" for messages, with commas where there are several */
    const char *password; /* borrowed from values; NULL when the URL has none */
} gw_pg_conninfo;

/* Is `text` a PostgreSQL although no scheme of the driver's list starts it? */
gboolean gw_pg_conninfo_claims(const char *text);

/* `text` with *** for every password in it, also where it is malformed. The caller frees it. */
char *gw_pg_conninfo_redact(const char *text);

/*
 * Read `how`: its URL, with password and application from there, a bound for connecting, UTF-8 and
 * a search_path or currentSchema parameter put into words that libpq knows. Fails with URL.
 */
gw_pg_conninfo *gw_pg_conninfo_read(const gw_connect *how, GError **error) GW_CHECKED;
void gw_pg_conninfo_free(gw_pg_conninfo *info);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(gw_pg_conninfo, gw_pg_conninfo_free)

#endif
