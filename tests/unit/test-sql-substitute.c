#include "sql/sections.h"

#include "sql-cases.h"

static GHashTable *
variables(void)
{
    GHashTable *vars = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_hash_table_insert(vars, g_strdup("role"), g_strdup("shop_app"));
    g_hash_table_insert(vars, g_strdup("lines"), g_strdup("a\nb"));
    g_hash_table_insert(vars, g_strdup("nested"), g_strdup("${role}"));
    return vars;
}

static gw_source *
substitute(const char *text, const gw_lexis *lexis, GError **error)
{
    g_autoptr(gw_source) source = gw_source_new("1_x.sql", text, -1);
    g_autoptr(GHashTable) vars = variables();
    g_autoptr(gw_sections) sections = gw_sections_parse(source, error);
    return sections == NULL ? NULL : gw_sections_substitute(source, sections, lexis, vars, error);
}

static void
assert_becomes(const gw_lexis *lexis, const char *text, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *file = g_strconcat("-- migrate:up substitute:true\n", text, NULL);
    g_autofree char *wanted = g_strconcat("-- migrate:up substitute:true\n", expected, NULL);
    g_autoptr(gw_source) source = substitute(file, lexis, &error);
    g_assert_no_error(error);
    g_autofree char *got = g_strndup(gw_source_text(source), gw_source_size(source));
    g_assert_cmpstr(got, ==, wanted);
}

static void
assert_same(const gw_lexis *lexis, const char *text)
{
    assert_becomes(lexis, text, text);
}

static void
test_replace(void)
{
    assert_becomes(
        &case_postgres, "GRANT SELECT ON t TO ${role};", "GRANT SELECT ON t TO shop_app;");
    assert_becomes(&case_postgres, "SELECT \"${role}\", a_${role}_b, ${role}${role}",
        "SELECT \"shop_app\", a_shop_app_b, shop_appshop_app");
    assert_becomes(&case_mariadb, "SELECT `${role}`;\n", "SELECT `shop_app`;\n");
    assert_becomes(&case_sqlite, "${role}", "shop_app");
    assert_becomes(NULL, "SELECT \"${role}\", `${role}`", "SELECT \"shop_app\", `shop_app`");
}

static void
test_leave(void)
{
    assert_same(&case_postgres, "SELECT '${role}', $${role}$$, $a$${role}$a$, E'\\'${role}', $1;");
    assert_same(&case_postgres, "-- ${role}\nSELECT /* ${role} */ 1; -- ${role}");
    assert_same(&case_postgres, "COPY t FROM stdin;\n${role}\n\\.\n");
    assert_same(&case_mariadb, "SELECT \"${role}\", 'it\\'s ${role}' # ${role}\n;");
    assert_same(NULL, "SELECT '${role}', $${role}$$; -- it's ${role}\n");
    assert_same(&case_postgres, "SELECT 'not closed ${role}");
}

static void
test_once(void)
{
    assert_becomes(&case_postgres, "SELECT ${nested}", "SELECT ${role}");
}

static void
test_asked(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GHashTable) vars = variables();
    g_autoptr(gw_source) source = gw_source_new("1_x.sql", "-- migrate:up\n${role}\n", -1);
    g_autoptr(gw_sections) sections = gw_sections_parse(source, &error);
    g_autoptr(gw_source) same = gw_sections_substitute(source, sections, NULL, vars, &error);
    g_assert_true(same == source);
    g_autoptr(gw_source) mixed = substitute("-- migrate:up substitute:true\n${role};\n"
                                            "-- migrate:down\n${role}\n",
        &case_postgres, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(gw_source_text(mixed), ==,
        "-- migrate:up substitute:true\nshop_app;\n-- migrate:down\n${role}\n");
}

static void
assert_fails(const char *text, guint column, const char *message, const char *hint)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *file = g_strconcat("-- migrate:up substitute:true\n", text, NULL);
    g_assert_null(substitute(file, &case_postgres, &error));
    g_assert_true(gw_error_is(error, GW_CODE_VARIABLE));
    g_assert_cmpstr(error->message, ==, message);
    g_assert_cmpstr(gw_error_hint(error), ==, hint);
    g_assert_cmpuint(gw_error_position(error)->line, ==, 2);
    g_assert_cmpuint(gw_error_position(error)->column, ==, column);
}

static void
test_fail(void)
{
    assert_fails("SELECT ${rol}", 8, "the variable \"rol\" has no value", "did you mean \"role\"?");
    assert_fails("SELECT ${}", 8, "the variable \"\" has no value",
        "give it one under vars: in godwit.yaml");
    assert_fails("SELECT 'é', ${lines}", 13, "the value of \"lines\" has more than one line", NULL);
    assert_fails("SELECT ${role\n}", 8, "the name of the variable has no \"}\" behind it", NULL);
    assert_fails("SELECT ${role", 8, "the name of the variable has no \"}\" behind it", NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func(
        "/substitute/variables in statements and quoted names are replaced", test_replace);
    g_test_add_func("/substitute/strings, comments and data stay byte for byte", test_leave);
    g_test_add_func("/substitute/a value is not looked into again", test_once);
    g_test_add_func("/substitute/only sections that ask for it are changed", test_asked);
    g_test_add_func("/substitute/what cannot be replaced fails with its place", test_fail);
    return g_test_run();
}
