#include "sqlite.h"

static const char *const absent_schemes[] = {"postgres", "postgresql", NULL};
static const gw_driver absent = {.schemes = absent_schemes};
static const gw_driver *const drivers[] = {&gw_sqlite_driver, &absent, NULL};

static void
test_find(void)
{
    static const char *const ours[] = {"sqlite:app.db", "SQLITE3:x", "file:x.db?mode=ro", "app.db",
        "data/app", "/srv/app.sqlite3", ":memory:"};
    for (gsize i = 0; i < G_N_ELEMENTS(ours); i++)
    {
        g_autoptr(GError) error = NULL;
        g_assert_true(gw_driver_find(drivers, ours[i], &error) == &gw_sqlite_driver);
        g_assert_no_error(error);
    }
}

static void
test_unknown(void)
{
    static const struct
    {
        const char *url;
        gw_code code;
        const char *hint;
    } rows[] = {
        {"sqlit:app.db3x", GW_CODE_URL, "did you mean sqlite:?"},
        {"oracle://host/x", GW_CODE_URL, "known schemes: sqlite"},
        {"nothing", GW_CODE_URL, "known schemes"},
        {"host=/run/postgresql dbname=x", GW_CODE_URL, "known schemes"},
        {"postgres://host/x", GW_CODE_NO_DRIVER, NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    {
        g_autoptr(GError) error = NULL;
        g_assert_null(gw_driver_find(drivers, rows[i].url, &error));
        g_assert_error(error, GW_ERROR, (int)rows[i].code);
        g_assert_true(rows[i].hint == NULL || strstr(gw_error_hint(error), rows[i].hint) != NULL);
    }
}

static void
test_password(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(gw_driver_find(drivers, "mongo://me:s3cret@host/x", &error));
    g_assert_null(strstr(error->message, "s3cret"));
    g_assert_null(strstr(gw_error_hint(error), "s3cret"));
}

static gw_names *
names_new(gboolean folded)
{
    gw_names *names = g_new0(gw_names, 1);
    names->set = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    names->folded = folded;
    return names;
}

static gboolean
is_there(const gw_names *names, const char *name)
{
    gboolean there = FALSE;
    g_assert_true(gw_names_find(names, name, &there));
    return there;
}

static void
test_names(void)
{
    g_autoptr(gw_names) names = names_new(FALSE);
    g_assert_true(gw_names_note(names, "Users", TRUE));
    g_assert_true(gw_names_note(names, "Users", TRUE));
    g_assert_true(gw_names_note(names, "größe", TRUE));
    g_assert_true(is_there(names, "Users"));
    g_assert_true(is_there(names, "größe"));
    g_assert_false(is_there(names, "users"));
    g_assert_true(gw_names_note(names, "Users", FALSE));
    g_assert_true(gw_names_note(names, "Users", FALSE));
    g_assert_false(is_there(names, "Users"));
}

static void
test_folded_names(void)
{
    gboolean there = TRUE;
    g_autoptr(gw_names) names = names_new(TRUE);
    g_assert_true(gw_names_note(names, "Users", TRUE));
    g_assert_true(is_there(names, "users"));
    g_assert_true(is_there(names, "USERS"));
    g_assert_true(gw_names_note(names, "uSERS", FALSE));
    g_assert_false(is_there(names, "Users"));
    g_assert_false(gw_names_find(names, "Größe", &there));
    g_assert_false(there);
    g_assert_false(gw_names_note(names, "Größe", TRUE));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/db/driver/a URL finds its driver", test_find);
    g_test_add_func("/db/driver/a URL of nobody is refused with a hint", test_unknown);
    g_test_add_func("/db/driver/a password is not shown", test_password);
    g_test_add_func("/db/driver/names are found and noted", test_names);
    g_test_add_func("/db/driver/names that a server folds", test_folded_names);
    return g_test_run();
}
