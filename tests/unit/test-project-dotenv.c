#include "project/dotenv.h"

#include <glib/gstdio.h>

#include "project/environment.h"
#include "project/expand.h"

/* Read a text as a .env file. */
static gw_dotenv *
read_text(const char *text, GError **error)
{
    static const char *const entries[] = {"HOME_OF=here", "OVER=env", NULL};
    g_autoptr(GHashTable) environment = gw_environment_read(entries);
    g_autofree char *folder = g_dir_make_tmp("gw-dotenv-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, ".env", NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    gw_dotenv *dotenv = gw_dotenv_read(path, environment, error);
    g_remove(path);
    g_rmdir(folder);
    return dotenv;
}

static void
test_values(void)
{
    static const struct
    {
        const char *text, *name, *value;
    } cases[] = {
        {"A=1", "A", "1"},
        {"export A = 1 # c\n", "A", "1"},
        {"A=x#y\n", "A", "x#y"},
        {"# c\n\n  A=a b  \r\nB=2\n", "A", "a b"},
        {"A='x ${HOME_OF} \\n'\n", "A", "x ${HOME_OF} \\n"},
        {"A=\"a\\n\\\"b\\\" \\$ \\${X}\" # c", "A", "a\n\"b\" $ ${X}"},
        {"A=\"two\nlines\"\nB=1", "A", "two\nlines"},
        {"A=${HOME_OF}/x\n", "A", "here/x"},
        {"B=1\nA=\"${B}2\"\n", "A", "12"},
        {"OVER=file\nA=${OVER}\n", "A", "env"},
        {"A=\nB=1\n", "A", ""},
        {"A=1\nA=2\n", "A", "2"},
        {"A=p$1\n", "A", "p$1"},
        {"A.b_9=1\n", "A.b_9", "1"},
        {"export=1\n", "export", "1"},
        {"\xEF\xBB\xBF"
         "A=1\n",
            "A", "1"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    {
        g_autoptr(GError) error = NULL;
        g_autoptr(gw_dotenv) dotenv = read_text(cases[i].text, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(g_hash_table_lookup(dotenv->values, cases[i].name), ==, cases[i].value);
    }
}

static void
test_errors(void)
{
    static const struct
    {
        const char *text;
        guint line, column;
    } cases[] = {{"A=1\nB\n", 2, 1}, {"A=1\n=2\n", 2, 1}, {"1A=2\n", 1, 1}, {"A='x\n", 1, 3},
        {"A=\"x\n", 1, 3}, {"A='x' y\n", 1, 7}, {"\nA=${NOT_SET}\n", 2, 3}, {"A: 1\n", 1, 1}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    {
        g_autoptr(GError) error = NULL;
        g_autoptr(gw_dotenv) dotenv = read_text(cases[i].text, &error);
        g_assert_null(dotenv);
        const gw_position *at = gw_error_position(error);
        g_assert_nonnull(at);
        g_assert_cmpuint(at->line, ==, cases[i].line);
        g_assert_cmpuint(at->column, ==, cases[i].column);
        g_assert_null(at->text);
    }
}

static void
test_missing(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(gw_dotenv) dotenv = gw_dotenv_read("/nowhere/.env", NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(g_hash_table_size(dotenv->values), ==, 0);
}

static void
test_place(void)
{
    g_autoptr(gw_dotenv) dotenv = read_text("A=1\n export B=2\n", NULL);
    g_auto(gw_position) position = gw_dotenv_position(dotenv, "B");
    g_assert_cmpuint(position.line, ==, 2);
    g_assert_null(position.text);
}

static void
test_expand(void)
{
    static const char *const entries[] = {"A=1", "E=", "D=${A}", NULL};
    static const char *const cases[][2] = {{"x", "x"}, {"${A}${A}", "11"}, {"a${E}b", "ab"},
        {"${E:-d}", "d"}, {"${N:-}", ""}, {"${N:-a:b}", "a:b"}, {"$${A}", "${A}"}, {"$A", "$A"},
        {"${D}", "${A}"}, {"$$ {A}", "$$ {A}"}};
    g_autoptr(GHashTable) environment = gw_environment_read(entries);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = gw_expand(cases[i][0], environment, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(text, ==, cases[i][1]);
    }
    static const char *const wrong[] = {"${N}", "${A", "${}", "${:-x}"};
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++)
    {
        g_autoptr(GError) error = NULL;
        g_assert_null(gw_expand(wrong[i], environment, &error));
        g_assert_true(gw_error_is(error, GW_CODE_VARIABLE));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/project/dotenv/values are read with quotes and comments", test_values);
    g_test_add_func("/project/dotenv/errors have a place but not the line", test_errors);
    g_test_add_func("/project/dotenv/no file says nothing", test_missing);
    g_test_add_func("/project/dotenv/a name knows its line", test_place);
    g_test_add_func("/project/dotenv/variables are replaced once", test_expand);
    return g_test_run();
}
