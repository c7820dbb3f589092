#include "drivers/postgres/conninfo.h"
#include "drivers/postgres/postgres.h"

typedef struct pair
{
    const char *from;
    const char *to;
} pair;

static void
no_password_is_shown(void)
{
    static const pair pairs[] = {
        {"postgres://u:secret@h:5432/db", "postgres://u:***@h:5432/db"},
        {"postgres://u@h/db", "postgres://u@h/db"},
        {"postgres://h:5432/db?application_name=a@b", "postgres://h:5432/db?application_name=a@b"},
        {"postgresql://u:p%40ss@h/db?sslmode=require", "postgresql://u:***@h/db?sslmode=require"},
        {"postgres://u:sec/ret@h/db", "postgres://u:***@h/db"},
        {"postgres://u:s@cret@h/db", "postgres://u:***@h/db"},
        {"postgres://u:s?cret@h/db", "postgres://u:***@h/db"},
        {"postgres://u:s#c:r@h1,h2/db", "postgres://u:***@h1,h2/db"},
        {"postgres:///db?password=secret&user=x", "postgres:///db?password=***&user=x"},
        {"postgres://h/db?user=x&sslpassword=secret", "postgres://h/db?user=x&sslpassword=***"},
        {"jdbc:postgresql://h/db?user=x&password=secret",
            "jdbc:postgresql://h/db?user=x&password=***"},
        {"postgresql+psycopg2://u:secret@h/db", "postgresql+psycopg2://u:***@h/db"},
        {"host=h password=secret dbname=x", "host=h password=*** dbname=x"},
        {"password='sec ret\\' more' host=h", "password=*** host=h"},
        {"host = h password = secret", "host = h password = ***"},
        {"host=h sslpassword=sec\\ ret user=u", "host=h sslpassword=*** user=u"},
        {"service=prod", "service=prod"},
        {"password='never closed", "password=***"},
        {"", ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++)
    {
        g_autofree char *shown = gw_postgres_driver.redact(pairs[i].from);
        g_assert_cmpstr(shown, ==, pairs[i].to);
    }
}

static void
keyword_strings_are_claimed(void)
{
    static const char *const ours[] = {"host=h", "service=prod", "dbname = x host=y",
        "postgresql+asyncpg://u@h/d", "jdbc:postgresql://h/d", "user=x password='a b'", NULL};
    static const char *const others[] = {
        "app.db", "sqlite:app.db", "mariadb://h/d", "name=value", "", "/tmp/a=b.db", NULL};
    for (gsize i = 0; ours[i] != NULL; i++)
    {
        g_assert_true(gw_postgres_driver.claims(ours[i]));
    }
    for (gsize i = 0; others[i] != NULL; i++)
    {
        g_assert_false(gw_postgres_driver.claims(others[i]));
    }
}

static const char *
value_of(const gw_pg_conninfo *info, const char *keyword)
{
    for (gsize i = 0; info->keywords[i] != NULL; i++)
    {
        if (strcmp(info->keywords[i], keyword) == 0)
        {
            return info->values[i];
        }
    }
    return NULL;
}

static gw_pg_conninfo *
read_url(const gw_connect *how)
{
    g_autoptr(GError) error = NULL;
    gw_pg_conninfo *info = gw_pg_conninfo_read(how, &error);
    g_assert_no_error(error);
    return info;
}

static void
urls_of_other_tools_are_understood(void)
{
    const gw_connect alchemy = {.url = "postgresql+psycopg2://u:p@h:1/d"};
    const gw_connect jdbc = {.url = "jdbc:postgresql://h/d?currentSchema=app&user=u"};
    const gw_connect dbmate = {.url = "postgres://u@h/d?sslmode=disable&search_path=a,%20b"};
    g_autoptr(gw_pg_conninfo) first = read_url(&alchemy);
    g_autoptr(gw_pg_conninfo) second = read_url(&jdbc);
    g_autoptr(gw_pg_conninfo) third = read_url(&dbmate);
    g_assert_cmpstr(value_of(first, "host"), ==, "h");
    g_assert_cmpstr(value_of(first, "port"), ==, "1");
    g_assert_cmpstr(value_of(first, "dbname"), ==, "d");
    g_assert_cmpstr(value_of(second, "user"), ==, "u");
    g_assert_cmpstr(value_of(second, "options"), ==, "-c search_path=app");
    g_assert_cmpstr(value_of(third, "options"), ==, "-c search_path=a,\\ b");
    g_assert_cmpstr(value_of(third, "sslmode"), ==, "disable");
}

static void
what_is_handed_over_wins(void)
{
    const gw_connect how = {.url = "postgres://u:old@h/d?application_name=mine&connect_timeout=30",
        .password = "new",
        .application = "godwit 7"};
    g_autoptr(gw_pg_conninfo) info = read_url(&how);
    g_assert_cmpstr(info->password, ==, "new");
    g_assert_cmpstr(value_of(info, "application_name"), ==, "godwit 7");
    g_assert_cmpstr(value_of(info, "connect_timeout"), ==, "30");
    g_assert_cmpstr(value_of(info, "client_encoding"), ==, "UTF8");
}

static void
bad_urls_fail_without_their_password(void)
{
    static const char *const urls[] = {"postgres://u:sec%zzret@h/d", "host=h secret",
        "postgres://u:secret@h/d?nothing=1", "postgres://u:secret@[::1/d",
        "host=h password='secret", NULL};
    for (gsize i = 0; urls[i] != NULL; i++)
    {
        const gw_connect how = {.url = urls[i]};
        g_autoptr(GError) error = NULL;
        g_assert_null(gw_pg_conninfo_read(&how, &error));
        g_assert_true(gw_error_is(error, GW_CODE_URL));
        g_test_message("%s", error->message);
        g_assert_nonnull(gw_error_hint(error));
        if (i != 1) /* a word without a keyword is no password */
        {
            g_assert_null(strstr(error->message, "ret"));
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/postgres/url/no password is shown", no_password_is_shown);
    g_test_add_func("/postgres/url/keyword strings are claimed", keyword_strings_are_claimed);
    g_test_add_func(
        "/postgres/url/urls of other tools are understood", urls_of_other_tools_are_understood);
    g_test_add_func("/postgres/url/what is handed over wins", what_is_handed_over_wins);
    g_test_add_func(
        "/postgres/url/bad urls fail without their password", bad_urls_fail_without_their_password);
    return g_test_run();
}
