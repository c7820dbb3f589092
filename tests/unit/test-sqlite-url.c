#include "drivers/sqlite/url.h"

#include <unistd.h>

static void
test_paths(void)
{
    static const struct
    {
        const char *url;
        const char *path;
    } rows[] = {
        {"sqlite:a.db", "/tmp/a.db"},
        {"sqlite3:sub/../a.db", "/tmp/a.db"},
        {"sqlite:/var/a.db", "/var/a.db"},
        {"sqlite:///var/a.db", "/var/a.db"},
        {"sqlite:////var/a.db", "/var/a.db"},
        {"sqlite://a.db", "/tmp/a.db"},
        {"file:a%20b.db?mode=ro", "/tmp/a b.db"},
        {"a.db", "/tmp/a.db"},
        {"a%20b.db", "/tmp/a%20b.db"},
        {"what?.db", "/tmp/what?.db"},
        {"sqlite::memory:", NULL},
        {":memory:", NULL},
        {"file:shared?mode=memory&cache=shared", NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    {
        g_auto(gw_sqlite_url) url = {.path = NULL};
        g_autoptr(GError) error = NULL;
        g_assert_true(gw_sqlite_url_parse(rows[i].url, "/tmp", &url, &error));
        g_assert_no_error(error);
        g_assert_cmpstr(url.path, ==, rows[i].path);
    }
}

static void
test_parameters(void)
{
    g_auto(gw_sqlite_url) url = {.path = NULL};
    g_auto(gw_sqlite_url) plain = {.path = NULL};
    g_assert_true(gw_sqlite_url_parse("sqlite:a.db?busy_timeout=250&foreign_keys=on&"
                                      "journal_mode=WAL&synchronous=normal&mode=ro",
        "/tmp", &url, NULL));
    g_assert_cmpint(url.busy_timeout, ==, 250000);
    g_assert_true(url.foreign_keys);
    g_assert_true(url.read_only);
    g_assert_cmpstr(url.journal_mode, ==, "wal");
    g_assert_cmpstr(url.synchronous, ==, "normal");
    g_assert_true(gw_sqlite_url_parse("sqlite:a.db", "/tmp", &plain, NULL));
    g_assert_cmpint(plain.busy_timeout, ==, 5 * G_USEC_PER_SEC);
    g_assert_false(plain.foreign_keys);
    g_assert_null(plain.journal_mode);
}

static void
test_refused(void)
{
    static const char *const bad[] = {"sqlite:", "sqlite:?mode=ro", "sqlite:a.db?mode=rx",
        "sqlite:a.db?busy_timeout=long", "sqlite:a.db?foreign_keys=maybe",
        "sqlite:a.db?journal_mode=x;DROP", "sqlite:a.db?foreign_kyes=on", "sqlite:a%00b.db"};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
    {
        g_auto(gw_sqlite_url) url = {.path = NULL};
        g_autoptr(GError) error = NULL;
        g_assert_false(gw_sqlite_url_parse(bad[i], "/tmp", &url, &error));
        g_assert_error(error, GW_ERROR, GW_CODE_URL);
    }
    g_auto(gw_sqlite_url) url = {.path = NULL};
    g_autoptr(GError) error = NULL;
    g_assert_false(gw_sqlite_url_parse("sqlite:a.db?foreign_kyes=on", "/tmp", &url, &error));
    g_assert_cmpstr(gw_error_hint(error), ==, "did you mean foreign_keys?");
}

static void
test_links(void)
{
    char buffer[64] = "/tmp/godwit-url-XXXXXX";
    char *folder = g_mkdtemp(buffer);
    g_autofree char *real = g_build_filename(folder, "real.db", NULL);
    g_autofree char *link = g_build_filename(folder, "link.db", NULL);
    g_auto(gw_sqlite_url) url = {.path = NULL};
    g_assert_true(g_file_set_contents(real, "", 0, NULL));
    g_assert_cmpint(symlink(real, link), ==, 0);
    g_assert_true(gw_sqlite_url_parse(link, NULL, &url, NULL));
    g_assert_cmpstr(url.path, ==, real);
    unlink(link);
    unlink(real);
    rmdir(folder);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sqlite/url/each spelling has its path", test_paths);
    g_test_add_func("/sqlite/url/parameters are read", test_parameters);
    g_test_add_func("/sqlite/url/what is not understood is refused", test_refused);
    g_test_add_func("/sqlite/url/links lead to one path", test_links);
    return g_test_run();
}
