/* Where a URL leads: its parts, decoded, for opening a connection as often as needed. */
#ifndef GW_DRIVERS_MARIADB_ADDRESS_H
#define GW_DRIVERS_MARIADB_ADDRESS_H

#include "drivers/mariadb/library.h"

#include "db/driver.h"

/* How much is asked of TLS; each mode asks all that the one before it asks. */
typedef enum gw_mariadb_tls
{
    GW_MARIADB_TLS_DISABLED,
    GW_MARIADB_TLS_PREFERRED, /* when the server offers it */
    GW_MARIADB_TLS_REQUIRED,
    GW_MARIADB_TLS_VERIFY_CA,
    GW_MARIADB_TLS_VERIFY_IDENTITY,
} gw_mariadb_tls;

/* All text is owned; NULL: not said. */
typedef struct gw_mariadb_address
{
    char *host;
    char *port_text;
    char *user;
    char *password;
    char *database;
    char *socket;
    char *tls_text;
    char *ca;
    char *capath;
    char *certificate;
    char *key;
    char *cipher;
    char *crl;
    char *tls_version;
    char *defaults_file;
    char *defaults_group;
    char *plugin_folder;
    char *timeout_text;
    char *application;
    guint port; /* 0: the client library's default */
    gw_mariadb_tls tls;
    gint64 timeout; /* microseconds */
} gw_mariadb_address;

/* Read the URL of `how`, with its password and base folder. Fails with URL. */
gw_mariadb_address *gw_mariadb_address_new(const gw_connect *how, GError **error) GW_CHECKED;
void gw_mariadb_address_free(gw_mariadb_address *address);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(gw_mariadb_address, gw_mariadb_address_free)

/* Is `url` a MariaDB URL that does not say so by its scheme: jdbc:…, user@tcp(host:port)/db? */
gboolean gw_mariadb_claims(const char *url);

/* `url` without its password. The caller frees it. */
char *gw_mariadb_redact(const char *url);

/* Connect once to the address; godwit's fixed options are set. Fails with UNREACHABLE, AUTH, … */
MYSQL *gw_mariadb_connect(const gw_mariadb_address *address, GError **error) GW_CHECKED;

#endif
