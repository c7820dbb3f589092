#include "project/name.h"

static void
assert_range(const char *text, gsize length, const char *expected)
{
    g_autofree char *range = g_strndup(text, length);
    g_assert_cmpstr(range, ==, expected);
}

static void
test_files(void)
{
    static const struct
    {
        const char *file, *version, *name, *database;
        gw_name_part part;
        gboolean yaml;
    } cases[] = {
        {"20240101120000_add_users.sql", "20240101120000", "add_users", NULL, GW_NAME_WHOLE, FALSE},
        {"V1__init.sql", "1", "init", NULL, GW_NAME_WHOLE, FALSE},
        {"v001-init.sql", "001", "init", NULL, GW_NAME_WHOLE, FALSE},
        {"1.2_x.sql", "1.2", "x", NULL, GW_NAME_WHOLE, FALSE},
        {"2024-01-02-0304_x.sql", "2024-01-02-0304", "x", NULL, GW_NAME_WHOLE, FALSE},
        {"20240101-2fa.sql", "20240101", "2fa", NULL, GW_NAME_WHOLE, FALSE},
        {"20240101_2.sql", "20240101", "2", NULL, GW_NAME_WHOLE, FALSE},
        {"7_x.up.sql", "7", "x", NULL, GW_NAME_UP, FALSE},
        {"7_x.down.sql", "7", "x", NULL, GW_NAME_DOWN, FALSE},
        {"7_x.postgres.sql", "7", "x", "postgres", GW_NAME_WHOLE, FALSE},
        {"7_x.mysql.down.sql", "7", "x", "mysql", GW_NAME_DOWN, FALSE},
        {"7_x.sqlite.yaml", "7", "x", "sqlite", GW_NAME_WHOLE, TRUE},
        {"7_a.b c-ä.sql", "7", "a.b c-ä", NULL, GW_NAME_WHOLE, FALSE},
        {"7_up.sql", "7", "up", NULL, GW_NAME_WHOLE, FALSE},
        {"99999999999999999999999999_x.sql", "99999999999999999999999999", "x", NULL, GW_NAME_WHOLE,
            FALSE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    {
        gw_name name;
        const char *why = NULL;
        g_test_message("%s", cases[i].file);
        g_assert_true(gw_name_parse(cases[i].file, &name, &why));
        assert_range(name.version, name.version_length, cases[i].version);
        assert_range(name.name, name.name_length, cases[i].name);
        g_assert_cmpstr(name.database, ==, cases[i].database);
        g_assert_cmpint(name.part, ==, cases[i].part);
        g_assert_cmpint(name.yaml, ==, cases[i].yaml);
    }
}

static void
test_others(void)
{
    static const struct
    {
        const char *file;
        gboolean reason;
    } cases[] = {{"README.md", FALSE}, {"x.sql", FALSE}, {"1_x.sql~", FALSE}, {"1.sql", TRUE},
        {"1.2.sql", TRUE}, {"1_.sql", TRUE}, {"1_x.yml", TRUE}, {"1_x.up.yaml", TRUE},
        {"1x.sql", TRUE}, {"_1_x.sql", FALSE}, {"V_x.sql", FALSE}, {".sql", FALSE}, {"", FALSE},
        {"1_\xff.sql", TRUE}, {"1_x.SQL", FALSE}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    {
        gw_name name;
        const char *why = NULL;
        g_test_message("%s", cases[i].file);
        g_assert_false(gw_name_parse(cases[i].file, &name, &why));
        g_assert_cmpint(why != NULL, ==, cases[i].reason);
        g_assert_null(name.version);
    }
}

static void
test_folders(void)
{
    gw_name name;
    const char *why = NULL;
    g_assert_true(gw_name_parse_folder("20240101_add.users", &name, &why));
    assert_range(name.version, name.version_length, "20240101");
    assert_range(name.name, name.name_length, "add.users");
    g_assert_false(gw_name_parse_folder("old", &name, &why));
    g_assert_null(why);
}

static void
test_compare(void)
{
    static const struct
    {
        const char *left, *right;
        int order;
    } cases[] = {{"1", "2", -1}, {"9", "10", -1}, {"001", "1", 0}, {"0", "00", 0},
        {"1.2", "1-2", 0}, {"1", "1.0", -1}, {"1.2", "1.10", -1}, {"1.10", "1.2", 1},
        {"2", "1.9", 1}, {"2024-01-02-0304", "2024-01-02-304", 0}, {"2024-01-02", "20240102", -1},
        {"99999999999999999999", "100000000000000000000", -1},
        {"18446744073709551616", "18446744073709551617", -1},
        {"00000000000000000000000001", "1", 0}, {"00000000000000000000000001", "2", -1}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    {
        int order = gw_version_compare(cases[i].left, cases[i].right);
        g_assert_cmpint((order > 0) - (order < 0), ==, cases[i].order);
        order = gw_version_compare(cases[i].right, cases[i].left);
        g_assert_cmpint((order < 0) - (order > 0), ==, cases[i].order);
        guint64 ranks[] = {gw_version_rank(cases[i].left), gw_version_rank(cases[i].right)};
        g_assert_true(cases[i].order <= 0 ? ranks[0] <= ranks[1] : ranks[0] >= ranks[1]);
        g_autofree char *left = gw_version_key(cases[i].left);
        g_autofree char *right = gw_version_key(cases[i].right);
        g_assert_cmpint(g_str_equal(left, right), ==, cases[i].order == 0);
    }
}

static void
test_check(void)
{
    g_assert_true(gw_version_check("1"));
    g_assert_true(gw_version_check("2024-01-02-0304"));
    static const char *const wrong[] = {"", "1.", ".1", "1..2", "a", "1a", "-1", "V1", " 1"};
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++)
    {
        g_assert_false(gw_version_check(wrong[i]));
    }
}

static void
test_words(void)
{
    static const char *const cases[][3] = {{"add", "users", "add_users"},
        {"Add user's e-mail!", NULL, "add_users_e_mail"}, {"  a/b..c ", NULL, "a_b_c"},
        {"Größe", NULL, "größe"}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    {
        const char *const words[] = {cases[i][0], cases[i][1], NULL};
        g_autofree char *name = gw_name_from_words(words);
        g_assert_cmpstr(name, ==, cases[i][2]);
    }
    const char *const empty[] = {"--", "", NULL};
    g_assert_null(gw_name_from_words(empty));
    g_autofree char *many = g_strnfill(300, 'x');
    const char *const longest[] = {many, NULL};
    g_autofree char *cut = gw_name_from_words(longest);
    g_assert_cmpuint(strlen(cut), ==, 80);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/project/name/file names are cut into their parts", test_files);
    g_test_add_func("/project/name/other files are not migrations, with a reason", test_others);
    g_test_add_func("/project/name/folders have a version and a name", test_folders);
    g_test_add_func("/project/name/versions compare group by group as numbers", test_compare);
    g_test_add_func("/project/name/a version is digits in groups", test_check);
    g_test_add_func("/project/name/words become a name", test_words);
    return g_test_run();
}
