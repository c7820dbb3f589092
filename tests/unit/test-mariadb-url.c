#include "drivers/mariadb/address.h"

#include "drivers/mariadb/mariadb.h"

typedef struct url_case
{
    const char *url;
    const char *host;
    guint port;
    const char *user;
    const char *password;
    const char *database;
    const char *socket;
    gw_mariadb_tls tls;
} url_case;

#define PREFERRED GW_MARIADB_TLS_PREFERRED

static const url_case good[] = {
    {"mysql://h", "h", 0, NULL, NULL, NULL, NULL, PREFERRED},
    {"mysql:///app", NULL, 0, NULL, NULL, "app", NULL, PREFERRED},
    {"mariadb://u:p@h:3307/app", "h", 3307, "u", "p", "app", NULL, PREFERRED},
    {"mariadb://u@h/app?", "h", 0, "u", NULL, "app", NULL, PREFERRED},
    {"mysql://u:a%40b%2Fc%3A@h/app", "h", 0, "u", "a@b/c:", "app", NULL, PREFERRED},
    {"mysql://u:a@b/c@h/app", "h", 0, "u", "a@b/c", "app", NULL, PREFERRED},
    {"mysql+pymysql://u:p@h/app?charset=utf8mb4", "h", 0, "u", "p", "app", NULL, PREFERRED},
    {"jdbc:mariadb://h:3306/app?user=u&password=p%26q", "h", 3306, "u", "p&q", "app", NULL,
        PREFERRED},
    {"jdbc:mysql://h/app?useSSL=false&serverTimezone=UTC", "h", 0, NULL, NULL, "app", NULL,
        PREFERRED},
    {"jdbc:mysql://h/app?useSSL=true&verifyServerCertificate=true", "h", 0, NULL, NULL, "app", NULL,
        GW_MARIADB_TLS_VERIFY_IDENTITY},
    {"mysql://u:p@tcp(h:3306)/app?parseTime=true", "h", 3306, "u", "p", "app", NULL, PREFERRED},
    {"u:p@tcp([::1]:3306)/app", "::1", 3306, "u", "p", "app", NULL, PREFERRED},
    {"u:p@unix(/run/my.sock)/app", NULL, 0, "u", "p", "app", "/run/my.sock", PREFERRED},
    {"mysql://[fe80::1]:3310/app", "fe80::1", 3310, NULL, NULL, "app", NULL, PREFERRED},
    {"mysql://[fe80::1]/app", "fe80::1", 0, NULL, NULL, "app", NULL, PREFERRED},
    {"mysql://localhost/app?socket=/tmp/s", "localhost", 0, NULL, NULL, "app", "/tmp/s", PREFERRED},
    {"mysql://localhost/app?socket=rel.sock", "localhost", 0, NULL, NULL, "app", "/base/rel.sock",
        PREFERRED},
    {"mysql://h/app?ssl-mode=DISABLED", "h", 0, NULL, NULL, "app", NULL, GW_MARIADB_TLS_DISABLED},
    {"mysql://h/app?sslmode=require", "h", 0, NULL, NULL, "app", NULL, GW_MARIADB_TLS_REQUIRED},
    {"mysql://h/app?ssl_mode=verify-full", "h", 0, NULL, NULL, "app", NULL,
        GW_MARIADB_TLS_VERIFY_IDENTITY},
    {"mysql://h/app?ssl-ca=ca.pem", "h", 0, NULL, NULL, "app", NULL,
        GW_MARIADB_TLS_VERIFY_IDENTITY},
    {"mysql://h/app?ssl-ca=ca.pem&ssl-mode=VERIFY_CA", "h", 0, NULL, NULL, "app", NULL,
        GW_MARIADB_TLS_VERIFY_CA},
};

static gw_mariadb_address *
read_url(const char *url, GError **error)
{
    gw_connect how = {.url = url, .base = "/base"};
    return gw_mariadb_address_new(&how, error);
}

static void
test_good(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(good); i++)
    {
        g_autoptr(GError) error = NULL;
        const url_case *one = &good[i];
        g_test_message("%s", one->url);
        g_autoptr(gw_mariadb_address) address = read_url(one->url, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(address->host, ==, one->host);
        g_assert_cmpuint(address->port, ==, one->port);
        g_assert_cmpstr(address->user, ==, one->user);
        g_assert_cmpstr(address->password, ==, one->password);
        g_assert_cmpstr(address->database, ==, one->database);
        g_assert_cmpstr(address->socket, ==, one->socket);
        g_assert_cmpint(address->tls, ==, one->tls);
    }
}

static void
test_bad(void)
{
    static const char *const bad[] = {"mysql://h:port/app", "mysql://u:se?cret@h/app",
        "mysql://h:99999/app", "mysql://h/%zz", "mysql://h/app?ssl-mode=perhaps",
        "mysql://h/app?scoket=/tmp/s"};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
    {
        g_autoptr(GError) error = NULL;
        g_test_message("%s", bad[i]);
        g_autoptr(gw_mariadb_address) address = read_url(bad[i], &error);
        g_assert_null(address);
        g_assert_error(error, GW_ERROR, GW_CODE_URL);
        g_assert_null(strstr(error->message, "se?cret"));
    }
}

static void
test_near_option(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(gw_mariadb_address) address = read_url("mysql://h/app?scoket=/tmp/s", &error);
    g_assert_null(address);
    g_assert_cmpstr(gw_error_hint(error), ==, "did you mean socket?");
}

static void
test_timeout(void)
{
    static const struct
    {
        const char *url;
        gint64 timeout;
    } cases[] = {
        {"mysql://h", 10000000},
        {"mysql://h?connect-timeout=3", 3000000},
        {"mysql://h?timeout=250ms", 250000},
        {"jdbc:mysql://h?connectTimeout=1500", 1500000},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    {
        g_autoptr(gw_mariadb_address) address = read_url(cases[i].url, NULL);
        g_assert_nonnull(address);
        g_assert_cmpint(address->timeout, ==, cases[i].timeout);
    }
}

static void
test_password_beside(void)
{
    gw_connect how = {.url = "mysql://u:old@h", .base = "/", .password = "new"};
    g_autoptr(gw_mariadb_address) address = gw_mariadb_address_new(&how, NULL);
    g_assert_cmpstr(address->password, ==, "new");
}

static void
test_redact(void)
{
    static const char *const urls[] = {"mysql://u:hush@h/app", "u:hush@tcp(h:1)/app",
        "jdbc:mysql://h/app?user=u&password=hush", "mysql+pymysql://u:hush@h/app?ssl-mode=REQUIRED",
        "mysql://u:hu/hush@h/app"};
    for (gsize i = 0; i < G_N_ELEMENTS(urls); i++)
    {
        g_autofree char *shown = gw_mariadb_driver.redact(urls[i]);
        g_test_message("%s", shown);
        g_assert_null(strstr(shown, "hush"));
        g_assert_nonnull(strstr(shown, "app"));
    }
}

static void
test_claims(void)
{
    g_assert_true(gw_mariadb_claims("jdbc:mysql://h/app"));
    g_assert_true(gw_mariadb_claims("jdbc:mariadb://h/app"));
    g_assert_true(gw_mariadb_claims("u:p@tcp(h:3306)/app"));
    g_assert_false(gw_mariadb_claims("jdbc:postgresql://h/app"));
    g_assert_false(gw_mariadb_claims("app.db"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mariadb/url/parts are found in every way of writing it", test_good);
    g_test_add_func("/mariadb/url/what is wrong is refused without showing it", test_bad);
    g_test_add_func("/mariadb/url/a misspelt option gets the near one", test_near_option);
    g_test_add_func("/mariadb/url/timeouts have the unit of their family", test_timeout);
    g_test_add_func("/mariadb/url/a password beside the URL wins", test_password_beside);
    g_test_add_func("/mariadb/url/no password is shown", test_redact);
    g_test_add_func("/mariadb/url/claims what its scheme does not tell", test_claims);
    return g_test_run();
}
