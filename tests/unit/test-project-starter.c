#include "project/starter.h"

#include "base/file.h"
#include "place.h"
#include "project/project.h"
#include "project/settings.h"

/* What godwit.yaml says when it is read. */
static gw_settings *
settle(const char *const *environment)
{
    g_autoptr(GError) error = NULL;
    const gw_request request = {.environment = environment};
    gw_settings *settings = gw_settings_read(&request, &error);
    g_assert_no_error(error);
    return settings;
}

static void
test_init(place *here, gconstpointer unused)
{
    (void)unused;
    static const char *const none[] = {NULL};
    static const char *const urls[] = {"sqlite:app.db", "sqlite:a b.db", "postgres://u@h:1/d?x=y&z",
        "sqlite:it's ${x}: # {}.db", "sqlite:/abs/true", "/a/b.db", "true"};
    g_autofree char *name = g_path_get_basename(here->folder);
    for (gsize i = 0; i < G_N_ELEMENTS(urls); i++)
    {
        g_autoptr(GError) error = NULL;
        g_auto(gw_starter) starter = {0};
        g_assert_true(gw_starter_init(NULL, urls[i], &starter, &error));
        g_assert_cmpstr(starter.config, ==, "godwit.yaml");
        g_assert_cmpstr(starter.migrations, ==, "migrations");
        g_assert_cmpint(starter.found, ==, i > 0);
        g_assert_false(starter.hidden_secret);
        g_autoptr(gw_settings) settings = settle(none);
        g_assert_cmpstr(settings->target.url, ==, urls[i]);
        g_assert_cmpstr(settings->target.name, ==, "dev");
        g_assert_cmpstr(settings->project, ==, name);
        g_auto(gw_starter) again = {0};
        g_assert_false(gw_starter_init(NULL, urls[i], &again, &error));
        g_assert_true(gw_error_is(error, GW_CODE_EXISTS_ALREADY));
        g_assert_cmpint(g_remove("godwit.yaml"), ==, 0);
    }
    static const char *const folders[] = {"migrations", NULL};
    g_autoptr(gw_project) project = gw_project_read(folders, NULL, NULL, NULL);
    g_assert_cmpuint(project->migrations->len + project->ignored->len, ==, 0);
}

static void
test_secret(place *here, gconstpointer unused)
{
    (void)here;
    (void)unused;
    static const char *const environment[] = {"DATABASE_URL=x", NULL};
    g_autoptr(GError) error = NULL;
    g_auto(gw_starter) starter = {0};
    g_autofree char *text = NULL;
    g_assert_cmpint(g_mkdir_with_parents("db/migrations", 0700), ==, 0);
    g_assert_true(gw_starter_init(".", "postgres://u:geheim@h/d", &starter, &error));
    g_assert_true(starter.hidden_secret);
    g_assert_true(starter.found);
    g_assert_cmpstr(starter.migrations, ==, "db/migrations");
    g_assert_true(gw_file_read("godwit.yaml", 10000, &text, NULL, &error));
    g_assert_null(strstr(text, "geheim"));
    g_autoptr(gw_settings) settings = settle(environment);
    g_assert_cmpstr(settings->target.url, ==, "x");
    g_assert_cmpstr(settings->target.name, ==, "dev");
    g_assert_cmpstr(settings->migrations[0], ==, "db/migrations");
}

static void
test_new(place *here, gconstpointer unused)
{
    (void)here;
    (void)unused;
    static const char *const folders[] = {"m", "n", NULL};
    static const char *const words[] = {"add", "users", NULL};
    static const char *const nothing[] = {"--", NULL};
    const gint64 wall = (gint64)1704067199 * G_USEC_PER_SEC;
    g_autoptr(GError) error = NULL;
    char *path = NULL;
    g_assert_true(gw_starter_new(folders, words, wall, &path, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(path, ==, "m/20231231235959_add_users.sql");
    g_free(path);
    g_assert_cmpint(g_mkdir("n", 0700), ==, 0);
    g_assert_true(gw_file_create("n/2024-01-01_x.sql", "", &error));
    g_assert_true(gw_file_create("n/20240101000000_x.sql", "", &error));
    g_assert_true(gw_starter_new(folders, words, wall, &path, &error));
    g_assert_cmpstr(path, ==, "m/20240101000001_add_users.sql");
    g_free(path);
    g_assert_false(gw_starter_new(folders, nothing, wall, &path, &error));
    g_assert_true(gw_error_is(error, GW_CODE_USAGE));
    g_clear_error(&error);
    g_autoptr(gw_project) project = gw_project_read(folders, NULL, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(gw_content) content =
        gw_migration_load(gw_project_find(project, "20231231235959"), NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_nonnull(gw_content_find(content, GW_SECTION_DOWN));
}

static void
test_seeds(place *here, gconstpointer unused)
{
    (void)here;
    (void)unused;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) none = gw_seeds_list("seeds", &error);
    g_assert_cmpuint(none->len, ==, 0);
    g_assert_cmpint(g_mkdir("seeds", 0700), ==, 0);
    g_assert_true(gw_file_create("seeds/b.sql", "", NULL));
    g_assert_true(gw_file_create("seeds/a.sql", "", NULL));
    g_assert_true(gw_file_create("seeds/.c.sql", "", NULL));
    g_assert_true(gw_file_create("seeds/README", "", NULL));
    g_autoptr(GPtrArray) two = gw_seeds_list("seeds", &error);
    g_assert_cmpuint(two->len, ==, 2);
    g_assert_cmpstr(g_ptr_array_index(two, 0), ==, "seeds/a.sql");
    g_assert_true(gw_file_create("seeds/d.yaml", "", NULL));
    g_assert_null(gw_seeds_list("seeds", &error));
    g_assert_true(gw_error_is(error, GW_CODE_NOT_YET));
}

int
main(int argc, char **argv)
{
    static const struct
    {
        const char *name;
        place_test test;
    } tests[] = {
        {"a new project reads back as it was asked for", test_init},
        {"a password does not get into the file", test_secret},
        {"a new migration takes the next free second", test_new},
        {"seeds come in order of name", test_seeds},
    };
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
    {
        place_add("/project/starter", tests[i].name, tests[i].test);
    }
    return g_test_run();
}
