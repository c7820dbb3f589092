/* From an address to an open handle: the client library's options, and those that are not asked. */
#include "drivers/mariadb/session.h"

/* Ways to log in that never show the password to the server in clear text. */
#define LOGINS                                                                                     \
    "mysql_native_password,client_ed25519,caching_sha2_password,sha256_password,"                  \
    "auth_gssapi_client,parsec"

#define CHARSET "utf8mb4"

/* A server may ask for any file of the client: it gets none. */
static int
refuse_file(void **info, const char *name, void *data)
{
    (void)name;
    (void)data;
    *info = NULL;
    return 1;
}

static int
refuse_read(void *info, char *buffer, unsigned int size)
{
    (void)info;
    (void)buffer;
    (void)size;
    return -1;
}

static void
refuse_end(void *info)
{
    (void)info;
}

static int
refuse_error(void *info, char *message, unsigned int size)
{
    (void)info;
    g_strlcpy(message, "LOAD DATA LOCAL is not allowed", size);
    return 2068;
}

static void
set_text(MYSQL *mysql, enum mysql_option option, const char *text)
{
    if (text != NULL)
    {
        mysql_optionsv(mysql, option, text);
    }
}

static void
set_flag(MYSQL *mysql, enum mysql_option option, gboolean on)
{
    my_bool flag = on ? 1 : 0;
    mysql_optionsv(mysql, option, &flag);
}

/* VERIFY_CA is a CA without the check of the name: the library then verifies the chain alone. */
static void
set_tls(MYSQL *mysql, const gw_mariadb_address *address)
{
    if (address->tls != GW_MARIADB_TLS_DISABLED)
    {
        set_text(mysql, MYSQL_OPT_SSL_KEY, address->key);
        set_text(mysql, MYSQL_OPT_SSL_CERT, address->certificate);
        set_text(mysql, MYSQL_OPT_SSL_CA, address->ca);
        set_text(mysql, MYSQL_OPT_SSL_CAPATH, address->capath);
        set_text(mysql, MYSQL_OPT_SSL_CIPHER, address->cipher);
        set_text(mysql, MYSQL_OPT_SSL_CRL, address->crl);
        set_text(mysql, MARIADB_OPT_TLS_VERSION, address->tls_version);
    }
    set_flag(mysql, MYSQL_OPT_SSL_ENFORCE, address->tls != GW_MARIADB_TLS_DISABLED);
    set_flag(
        mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, address->tls == GW_MARIADB_TLS_VERIFY_IDENTITY);
}

static void
set_options(MYSQL *mysql, const gw_mariadb_address *address)
{
    unsigned int off = 0;
    guint seconds = (guint)MAX(1, (address->timeout + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
    const char *group = address->defaults_group;
    mysql_optionsv(mysql, MYSQL_OPT_CONNECT_TIMEOUT, &seconds);
    mysql_optionsv(mysql, MYSQL_SET_CHARSET_NAME, CHARSET);
    mysql_optionsv(mysql, MYSQL_OPT_LOCAL_INFILE, &off);
    mysql_optionsv(mysql, MARIADB_OPT_RESTRICTED_AUTH, LOGINS);
    set_flag(mysql, MYSQL_SECURE_AUTH, TRUE);
    set_text(mysql, MYSQL_READ_DEFAULT_FILE, address->defaults_file);
    if (group != NULL || address->defaults_file != NULL)
    {
        mysql_optionsv(mysql, MYSQL_READ_DEFAULT_GROUP, group == NULL ? "godwit" : group);
    }
    set_text(mysql, MYSQL_PLUGIN_DIR, address->plugin_folder);
    set_tls(mysql, address);
    if (address->application != NULL)
    {
        mysql_optionsv(mysql, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", address->application);
    }
    mysql_set_local_infile_handler(mysql, refuse_file, refuse_read, refuse_end, refuse_error, NULL);
}

/* What a my.cnf may have switched on while connecting is switched off again. */
static gboolean
settle_options(MYSQL *mysql)
{
    unsigned int off = 0;
    set_flag(mysql, MYSQL_OPT_RECONNECT, FALSE);
    mysql_optionsv(mysql, MYSQL_OPT_LOCAL_INFILE, &off);
    if ((mysql->client_flag & CLIENT_MULTI_STATEMENTS) != 0 &&
        mysql_set_server_option(mysql, MYSQL_OPTION_MULTI_STATEMENTS_OFF) != 0)
    {
        return FALSE;
    }
    return strcmp(mysql_character_set_name(mysql), CHARSET) == 0 ||
           mysql_set_character_set(mysql, CHARSET) == 0;
}

static gboolean
is_encrypted(MYSQL *mysql)
{
    return mysql_get_ssl_cipher(mysql) != NULL;
}

/* The library goes on without TLS where the server has none: not with a mode that requires it. */
static gboolean
check_tls(MYSQL *mysql, const gw_mariadb_address *address, GError **error)
{
    if (address->tls < GW_MARIADB_TLS_REQUIRED || is_encrypted(mysql))
    {
        return TRUE;
    }
    gw_fail(error, GW_CODE_TLS, "the server at %s offers no TLS, which the URL requires",
        address->host == NULL ? "localhost" : address->host);
    return FALSE;
}

static gboolean
check_address(const gw_mariadb_address *address, GError **error)
{
    if (address->tls == GW_MARIADB_TLS_VERIFY_CA && address->ca == NULL && address->capath == NULL)
    {
        gw_fail(error, GW_CODE_URL, "ssl-mode=VERIFY_CA needs ssl-ca=FILE in the database URL");
        return FALSE;
    }
    return TRUE;
}

static gboolean
connect_native(MYSQL *mysql, const gw_mariadb_address *address)
{
    return mysql_real_connect(mysql, address->host, address->user, address->password,
               address->database, address->port, address->socket,
               CLIENT_FOUND_ROWS | CLIENT_MULTI_RESULTS) != NULL &&
           settle_options(mysql);
}

MYSQL *
gw_mariadb_connect(const gw_mariadb_address *address, GError **error)
{
    if (!check_address(address, error) || !gw_mariadb_library_open(error))
    {
        return NULL;
    }
    MYSQL *mysql = mysql_init(NULL);
    set_options(mysql, address);
    if (!connect_native(mysql, address))
    {
        gw_mariadb_fail_connect(mysql, address, error);
    }
    else if (check_tls(mysql, address, error))
    {
        return mysql;
    }
    mysql_close(mysql);
    return NULL;
}
