#include "base/secret.h"

static void
test_urls(void)
{
    static const char *const cases[][2] = {
        {"postgres://u:geheim@h:5432/db?sslmode=disable",
            "postgres://u:***@h:5432/db?sslmode=disable"},
        {"postgres://u:ge@heim@h/db", "postgres://u:***@h/db"},
        {"postgres://u:ge/heim@h/db", "postgres://u:***@h/db"},
        {"postgres://u@h/db?password=geheim&x=1", "postgres://u@h/db?password=***&x=1"},
        {"postgres://h/db?sslpassword=geheim", "postgres://h/db?sslpassword=***"},
        {"host=h password='ge heim\\' x' dbname=d", "host=h password=*** dbname=d"},
        {"host=h password = geheim dbname=d", "host=h password = *** dbname=d"},
        {"jdbc:mysql://h/d?user=u&password=geheim", "jdbc:mysql://h/d?user=u&password=***"},
        {"mysql://u:geheim@tcp(h:3306)/d", "mysql://u:***@tcp(h:3306)/d"},
        {"u:geheim@tcp(h:3306)/d", "u:***@tcp(h:3306)/d"},
        {"postgres:/u:geheim@h:5432/db", "postgres:/u:***@h:5432/db"},
        {"postgres:u:geheim@h/db", "postgres:***@h/db"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    {
        g_autofree char *shown = gw_secret_hide_url(cases[i][0]);
        g_assert_cmpstr(shown, ==, cases[i][1]);
        g_assert_true(gw_secret_in_url(cases[i][0]));
    }
}

static void
test_plain_urls(void)
{
    static const char *const urls[] = {"sqlite:app.db", "postgres://h:5432/db", "postgres://u@h/d",
        "postgres:///db?host=/run&passfile=/p", "/a/b.db", "", "service=x",
        "sqlite:data/me:too@home.db", "/data/me:too@home.db", "host=h user=me options='-c a:b@c'"};
    for (gsize i = 0; i < G_N_ELEMENTS(urls); i++)
    {
        g_autofree char *shown = gw_secret_hide_url(urls[i]);
        g_assert_cmpstr(shown, ==, urls[i]);
        g_assert_false(gw_secret_in_url(urls[i]));
    }
}

static void
test_scrub(void)
{
    g_autofree char *clean = gw_secret_scrub("a p@ss b p%40ss c", "p@ss");
    g_assert_cmpstr(clean, ==, "a *** b *** c");
    g_autofree char *shortest = gw_secret_scrub("abc", "a");
    g_assert_cmpstr(shortest, ==, "abc");
}

static void
test_wipe(void)
{
    char secret[] = "geheim";
    gw_secret_wipe(secret);
    for (gsize i = 0; i < sizeof secret; i++)
    {
        g_assert_cmpint(secret[i], ==, 0);
    }
    gw_secret_wipe(NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/secret/passwords in URLs are hidden", test_urls);
    g_test_add_func("/base/secret/URLs without a password stay as they are", test_plain_urls);
    g_test_add_func("/base/secret/secrets are taken out of messages", test_scrub);
    g_test_add_func("/base/secret/a wiped secret is gone", test_wipe);
    return g_test_run();
}
