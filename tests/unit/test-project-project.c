#include "project/project.h"

#include <sys/stat.h>

#include "base/file.h"
#include "place.h"

static const char body[] = "-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 2;\n";
static const char *const folders[] = {"m", NULL};
static const char *const sqlite[] = {"sqlite", NULL};
static const char *const mariadb[] = {"mariadb", "mysql", NULL};
static const gw_lexis plain = {0};

static gw_project *
read_project(const char *const *aliases, const char *cache)
{
    g_autoptr(GError) error = NULL;
    gw_project *project = gw_project_read(folders, aliases, cache, &error);
    g_assert_no_error(error);
    return project;
}

static const gw_migration *
nth(const gw_project *project, guint index)
{
    g_assert_cmpuint(index, <, project->migrations->len);
    return g_ptr_array_index(project->migrations, index);
}

static GError *
refuse(gw_code code, const char *says)
{
    GError *error = NULL;
    gw_project *project = gw_project_read(folders, sqlite, NULL, &error);
    g_assert_null(project);
    g_test_message("%s", error->message);
    g_assert_cmpint(error->code, ==, code);
    g_assert_nonnull(strstr(error->message, says));
    return error;
}

static void
test_order(place *here, gconstpointer unused)
{
    (void)here;
    (void)unused;
    put("m/10_c.sql", body);
    put("m/9_b.sql", body);
    put("m/1.5_a.sql", body);
    put("m/20240101_d/up.sql", "SELECT 1;");
    put("m/20240101_d/down.sql", "SELECT 2;");
    put("m/20240102_e.up.sql", "SELECT 1;");
    put("m/20240103_f.yaml", "up: []\n");
    put("m/README.md", "");
    put("m/7.sql", "");
    put("m/8_x/other.sql", "");
    put("m/.hidden", "");
    g_autoptr(gw_project) project = read_project(sqlite, NULL);
    static const char *const names[] = {"a", "b", "c", "d", "e", "f"};
    g_assert_cmpuint(project->migrations->len, ==, G_N_ELEMENTS(names));
    for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    {
        g_assert_cmpstr(nth(project, i)->name, ==, names[i]);
    }
    g_assert_cmpint(nth(project, 0)->form, ==, GW_FORM_SQL);
    g_assert_cmpint(nth(project, 3)->form, ==, GW_FORM_PAIR);
    g_assert_cmpstr(nth(project, 3)->undo, ==, "m/20240101_d/down.sql");
    g_assert_null(nth(project, 4)->undo);
    g_assert_cmpint(nth(project, 5)->form, ==, GW_FORM_YAML);
    g_assert_cmpuint(project->ignored->len, ==, 3);
    const gw_ignored *nameless = g_ptr_array_index(project->ignored, 0);
    g_assert_cmpstr(nameless->path, ==, "m/7.sql");
    g_assert_nonnull(nameless->why);
    g_assert_true(gw_project_find(project, "0010") == nth(project, 2));
    g_assert_null(gw_project_find(project, "11"));
    g_autoptr(GError) error = NULL;
    g_assert_null(gw_project_need(project, "20240105", &error));
    g_assert_true(gw_error_is(error, GW_CODE_VERSION));
    g_assert_nonnull(strstr(gw_error_hint(error), "2024010"));
}

static void
test_variants(place *here, gconstpointer unused)
{
    (void)here;
    (void)unused;
    put("m/1_a.sql", body);
    put("m/1_a.mysql.sql", body);
    put("m/2_b.postgres.sql", body);
    put("m/3_c.up.sql", "SELECT 1;");
    put("m/3_c.down.sql", "SELECT 2;");
    put("m/3_c.mariadb.down.sql", "SELECT 3;");
    g_autoptr(gw_project) lite = read_project(sqlite, NULL);
    g_assert_cmpstr(nth(lite, 0)->path, ==, "m/1_a.sql");
    g_assert_null(nth(lite, 0)->database);
    g_assert_false(nth(lite, 1)->applicable);
    g_assert_cmpstr(nth(lite, 2)->undo, ==, "m/3_c.down.sql");
    g_autoptr(gw_project) maria = read_project(mariadb, NULL);
    g_assert_cmpstr(nth(maria, 0)->path, ==, "m/1_a.mysql.sql");
    g_assert_cmpstr(nth(maria, 2)->path, ==, "m/3_c.up.sql");
    g_assert_cmpstr(nth(maria, 2)->undo, ==, "m/3_c.mariadb.down.sql");
    put("m/1_a.mariadb.sql", body);
    g_autoptr(gw_project) own = read_project(mariadb, NULL);
    g_assert_cmpstr(nth(own, 0)->path, ==, "m/1_a.mariadb.sql");
    g_autoptr(gw_project) any = read_project(NULL, NULL);
    g_assert_cmpstr(nth(any, 0)->path, ==, "m/1_a.sql");
    g_assert_true(nth(any, 1)->applicable);
    g_assert_cmpstr(nth(any, 1)->path, ==, "m/2_b.postgres.sql");
}

static void
test_duplicates(place *here, gconstpointer unused)
{
    (void)here;
    (void)unused;
    static const char *const pairs[][2] = {{"m/1_a.sql", "m/001_b.sql"}, {"m/1_a.sql", "m/1-a.sql"},
        {"m/1_a.sql", "m/1_a.up.sql"}, {"m/1_a.sql", "m/1_b.sqlite.sql"},
        {"m/1_a.up.sql", "m/1_a/up.sql"}, {"m/1_a.sql", "m/1_a.yaml"}};
    for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++)
    {
        put(pairs[i][0], body);
        put(pairs[i][1], body);
        g_autoptr(GError) error = refuse(GW_CODE_DUPLICATE, pairs[i][0]);
        g_assert_nonnull(strstr(error->message, pairs[i][1]));
        g_assert_cmpint(g_remove(pairs[i][0]) | g_remove(pairs[i][1]), ==, 0);
        g_rmdir("m/1_a");
    }
    put("m/1_a.down.sql", "");
    g_autoptr(GError) half = refuse(GW_CODE_SECTION, "m/1_a.down.sql");
    g_assert_cmpstr(gw_error_position(half)->file, ==, "m/1_a.down.sql");
    folder_drop("m");
    g_autoptr(GError) missing G_GNUC_UNUSED = refuse(GW_CODE_FILE, "cannot read the folder m");
}

static void
test_load(place *here, gconstpointer unused)
{
    (void)here;
    (void)unused;
    put("m/1_a.sql", "-- What for.\n-- migrate:up substitute:true\nGRANT x TO ${role};\n"
                     "-- migrate:down\nSELECT 2;\n");
    put("m/2_b.up.sql", "-- migrate:up transaction:false\nSELECT 1;\n");
    put("m/2_b.down.sql", "SELECT 2;\n");
    put("m/3_c.yaml", "up: []\n");
    put("m/4_d.up.sql", "SELECT 1;\n");
    put("m/4_d.down.sql", "-- migrate:down\nSELECT 2;\n");
    g_autoptr(GError) error = NULL;
    g_autoptr(GHashTable) vars = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(gw_project) project = read_project(sqlite, NULL);
    g_autoptr(gw_content) unset = gw_migration_load(nth(project, 0), &plain, vars, &error);
    g_assert_null(unset);
    g_assert_true(gw_error_is(error, GW_CODE_VARIABLE));
    g_assert_cmpuint(gw_error_position(error)->line, ==, 3);
    g_clear_error(&error);
    static char role[] = "role";
    static char value[] = "shop";
    g_hash_table_insert(vars, role, value);
    g_autoptr(gw_content) content = gw_migration_load(nth(project, 0), &plain, vars, &error);
    g_assert_no_error(error);
    const gw_part *up = gw_content_find(content, GW_SECTION_UP);
    g_autofree char *text =
        g_strndup(gw_source_text(up->source) + up->section->offset, up->section->length);
    g_assert_cmpstr(text, ==, "GRANT x TO shop;\n");
    g_assert_cmpstr(content->description, ==, "What for.");
    g_assert_cmpstr(content->sha256, ==, nth(project, 0)->sha256);
    g_assert_null(gw_content_find(content, GW_SECTION_CONTRACT));

    g_autoptr(gw_content) pair = gw_migration_load(nth(project, 1), &plain, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(pair->parts->len, ==, 2);
    g_assert_true(gw_content_find(pair, GW_SECTION_UP)->section->no_transaction);
    g_assert_cmpstr(
        gw_source_name(gw_content_find(pair, GW_SECTION_DOWN)->source), ==, "m/2_b.down.sql");
    g_assert_cmpstr(pair->sha256, ==, nth(project, 1)->sha256);

    g_assert_null(gw_migration_load(nth(project, 2), &plain, NULL, &error));
    g_assert_true(gw_error_is(error, GW_CODE_NOT_YET));
    g_assert_cmpstr(gw_error_position(error)->file, ==, "m/3_c.yaml");
    g_clear_error(&error);
    g_assert_null(gw_migration_load(nth(project, 3), &plain, NULL, &error));
    g_assert_true(gw_error_is(error, GW_CODE_SECTION));
}

/* The hash of what a text means. */
static char *
token_hash(const char *text)
{
    g_autoptr(GError) error = NULL;
    put("m/1_a.sql", text);
    g_autoptr(gw_project) project = read_project(sqlite, NULL);
    g_autoptr(gw_content) content = gw_migration_load(nth(project, 0), &plain, NULL, &error);
    g_assert_no_error(error);
    return gw_content_token_sha256(content, &plain);
}

static void
test_token_hash(place *here, gconstpointer unused)
{
    (void)here;
    (void)unused;
    static const char *const same[] = {
        "-- migrate:up\r\nselect  1 ; \r\n-- migrate:down\r\nSELECT 2;",
        "-- About it.\n--  migrate:up\nSELECT -- one\n1;\n-- migrate:down\nSELECT 2\n"};
    static const char *const other[] = {
        "-- migrate:up transaction:false\nSELECT 1;\n-- migrate:down\nSELECT 2;\n",
        "-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 3;\n", "-- migrate:up\nSELECT 1;\n"};
    g_autofree char *hash = token_hash(body);
    for (gsize i = 0; i < G_N_ELEMENTS(same); i++)
    {
        g_autofree char *equal = token_hash(same[i]);
        g_assert_cmpstr(equal, ==, hash);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(other); i++)
    {
        g_autofree char *different = token_hash(other[i]);
        g_assert_cmpstr(different, !=, hash);
    }
}

/* Make `count` files that changed a minute ago. Their ctime is now: the cache does not trust them
 * before two seconds have gone. */
static void
many_make(guint count)
{
    for (guint i = 1; i <= count; i++)
    {
        g_autofree char *path = g_strdup_printf("m/%u_x.sql", i);
        g_autofree char *text = g_strdup_printf(
            "%s-- migrate:up\nSELECT %u;\n", i == 7 ? "-- migrate:depends 3 5\n" : "", i);
        put(path, i == 9 ? "-- migrate:up repeat:true\nSELECT 1;\n" : text);
    }
}

static void
test_cache(place *here, gconstpointer unused)
{
    (void)here;
    (void)unused;
    many_make(120);
    g_autoptr(gw_project) young = read_project(sqlite, "cache");
    g_assert_cmpuint(young->read, ==, 120);
    g_assert_false(g_file_test("cache", G_FILE_TEST_EXISTS));
    g_usleep(2100 * 1000);
    g_autoptr(gw_project) cold = read_project(sqlite, "cache");
    g_assert_cmpuint(cold->read, ==, 120);
    g_autoptr(gw_project) warm = read_project(sqlite, "cache");
    g_assert_cmpuint(warm->read, ==, 0);
    g_assert_cmpstr(nth(warm, 50)->sha256, ==, nth(cold, 50)->sha256);
    g_assert_cmpstr(nth(warm, 6)->depends[1], ==, "5");
    g_assert_null(nth(warm, 5)->depends);
    g_assert_true(nth(warm, 8)->repeatable);
    put("m/20_x.sql", "-- migrate:up\nSELECT changed;\n");
    g_autoptr(gw_project) changed = read_project(sqlite, "cache");
    g_assert_cmpuint(changed->read, ==, 1);
    g_assert_cmpstr(nth(changed, 19)->sha256, !=, nth(cold, 19)->sha256);
    g_autoptr(gw_project) again = read_project(sqlite, "cache");
    g_assert_cmpuint(again->read, ==, 1);
}

/* Change bytes of the cache at every place: it is ignored or right, never wrong. */
static void
test_corrupt_cache(place *here, gconstpointer unused)
{
    (void)here;
    (void)unused;
    many_make(100);
    g_usleep(2100 * 1000);
    g_autoptr(gw_project) cold = read_project(sqlite, "cache");
    g_autoptr(GDir) entries = g_dir_open("cache", 0, NULL);
    g_autofree char *path = g_build_filename("cache", g_dir_read_name(entries), NULL);
    g_autofree char *whole = NULL;
    gsize length = 0;
    struct stat status;
    g_assert_cmpint(stat(path, &status), ==, 0);
    g_assert_cmpint(status.st_mode & 0777, ==, 0600);
    g_assert_true(gw_file_read(path, 1 << 20, &whole, &length, NULL));
    for (gsize i = 0; i < length + 20; i += 397)
    {
        g_autofree char *broken = g_memdup2(whole, length);
        gsize size = i < length ? length : i - length;
        broken[MIN(i, length - 1)] = (char)~broken[MIN(i, length - 1)];
        g_assert_true(gw_file_write(path, broken, (gssize)size, 0, NULL));
        g_autoptr(gw_project) project = read_project(sqlite, "cache");
        g_assert_cmpuint(project->read, ==, 100);
        g_assert_cmpstr(nth(project, 50)->sha256, ==, nth(cold, 50)->sha256);
    }
}

int
main(int argc, char **argv)
{
    static const struct
    {
        const char *name;
        place_test test;
    } tests[] = {
        {"migrations come in order of version in all forms", test_order},
        {"the files of a database are chosen", test_variants},
        {"two files of one version are refused", test_duplicates},
        {"the text is loaded, cut and filled", test_load},
        {"the hash of tokens sees meaning and not layout", test_token_hash},
        {"files that have not changed are not opened", test_cache},
        {"a broken cache is ignored", test_corrupt_cache},
    };
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
    {
        place_add("/project/project", tests[i].name, tests[i].test);
    }
    return g_test_run();
}
