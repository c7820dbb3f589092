#include "project/graph.h"

#include <glib/gstdio.h>

/* A project of files in a folder that is gone again; `files` are pairs of name and text. */
static gw_project *
project_make(const char *const *files)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("gw-graph-XXXXXX", NULL);
    const char *const folders[] = {folder, NULL};
    for (gsize i = 0; files[i] != NULL; i += 2)
    {
        g_autofree char *path = g_build_filename(folder, files[i], NULL);
        g_assert_true(g_file_set_contents(path, files[i + 1], -1, NULL));
    }
    gw_project *project = gw_project_read(folders, NULL, NULL, &error);
    g_assert_no_error(error);
    return project;
}

static void
project_drop(gw_project *project)
{
    const gw_migration *first = g_ptr_array_index(project->migrations, 0);
    g_autofree char *folder = g_path_get_dirname(first->path);
    for (guint i = 0; i < project->migrations->len; i++)
    {
        const gw_migration *migration = g_ptr_array_index(project->migrations, i);
        g_remove(migration->path);
    }
    g_rmdir(folder);
    gw_project_free(project);
}

/* "1 2 3": versions of an array of migrations. */
static char *
versions(const GPtrArray *list)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < list->len; i++)
    {
        const gw_migration *migration = g_ptr_array_index(list, i);
        g_string_append_printf(text, "%s%s", i == 0 ? "" : " ", migration->version);
    }
    return g_strdup(text->str);
}

static void
assert_versions(const GPtrArray *list, const char *expected)
{
    g_autofree char *text = versions(list);
    g_assert_cmpstr(text, ==, expected);
}

#define UP         "-- migrate:up\nSELECT 1;\n"
#define AFTER(...) "-- migrate:depends " __VA_ARGS__ "\n" UP
#define REPEAT     "-- migrate:up repeat:true\nSELECT 1;\n"

static void
test_order(void)
{
    static const struct
    {
        const char *files[14];
        const char *order, *heads;
    } cases[] = {
        {{"10_a.sql", UP, "9_b.sql", UP, "1_c.sql", UP}, "1 9 10", "10"},
        {{"1_a.sql", UP, "2_b.sql", AFTER("4"), "3_c.sql", UP, "4_d.sql", UP, "5_e.sql", UP},
            "1 3 4 2 5", "5"},
        {{"1_a.sql", AFTER("3"), "2_b.sql", AFTER("1"), "3_c.sql", UP}, "3 1 2", "2"},
        {{"1_a.sql", UP, "2_b.sql", AFTER("1"), "3_c.sql", AFTER("001")}, "1 2 3", "2 3"},
        {{"1_a.sql", UP, "2_b.sql", AFTER("1"), "3_c.sql", AFTER("1"), "4_d.sql", AFTER("2, 3")},
            "1 2 3 4", "4"},
        {{"1_a.sql", REPEAT, "2_b.sql", UP}, "2", "2"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    {
        g_autoptr(GError) error = NULL;
        gw_project *project = project_make(cases[i].files);
        g_autoptr(gw_graph) graph = gw_graph_new(project, &error);
        g_assert_no_error(error);
        assert_versions(graph->order, cases[i].order);
        g_autoptr(GPtrArray) heads = gw_graph_heads(graph);
        assert_versions(heads, cases[i].heads);
        project_drop(project);
    }
}

static void
test_refusals(void)
{
    static const struct
    {
        const char *files[10];
        const char *says;
        guint line, column;
    } cases[] = {
        {{"1_a.sql", "-- x\n" AFTER("7")}, "which is not there", 2, 20},
        {{"1_a.sql", AFTER("x")}, "which is not there", 1, 20},
        {{"1_a.sql", AFTER("01")}, "which is itself", 1, 20},
        {{"1_a.sql", REPEAT, "2_b.sql", AFTER("1")}, "repeatable", 1, 20},
        {{"1_a.sql", AFTER("2"), "2_b.sql", AFTER("1")}, "in turn", 1, 20},
        {{"1_a.sql", AFTER("3"), "2_b.sql", UP, "3_c.sql", AFTER("2 4"), "4_d.sql", AFTER("3")},
            "in turn", 1, 0},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    {
        g_autoptr(GError) error = NULL;
        gw_project *project = project_make(cases[i].files);
        g_assert_null(gw_graph_new(project, &error));
        g_test_message("%s", error->message);
        g_assert_true(gw_error_is(error, GW_CODE_DEPENDS));
        g_assert_nonnull(strstr(error->message, cases[i].says));
        const gw_position *position = gw_error_position(error);
        g_assert_cmpuint(position->line, ==, cases[i].line);
        g_assert_true(cases[i].column == 0 || position->column == cases[i].column);
        project_drop(project);
    }
}

static void
test_dependents(void)
{
    static const char *const files[] = {"1_a.sql", UP, "2_b.sql", AFTER("1"), "3_c.sql", AFTER("2"),
        "4_d.sql", UP, "5_e.sql", "-- migrate:depends 3\n" REPEAT, NULL};
    gw_project *project = project_make(files);
    g_autoptr(gw_graph) graph = gw_graph_new(project, NULL);
    g_autoptr(GPtrArray) all = gw_graph_dependents(graph, gw_project_find(project, "1"));
    assert_versions(all, "2 3 5");
    g_autoptr(GPtrArray) none = gw_graph_dependents(graph, gw_project_find(project, "4"));
    assert_versions(none, "");
    project_drop(project);
}

static void
test_standing(void)
{
    static const char *const files[] = {
        "1_a.sql", UP, "2_b.sql", UP, "3_c.sql", UP, "4_d.sql", REPEAT, "9_e.sql", UP, NULL};
    static const char *const applied[] = {"003", "1", "5", NULL};
    static const char *const none[] = {NULL};
    g_autoptr(GError) error = NULL;
    gw_project *project = project_make(files);
    g_autoptr(gw_graph) graph = gw_graph_new(project, NULL);
    g_autoptr(gw_standing) standing = gw_graph_compare(graph, applied);
    assert_versions(standing->applied, "1 3");
    assert_versions(standing->pending, "2 9 4");
    assert_versions(standing->late, "2");
    g_assert_cmpuint(standing->missing->len, ==, 1);
    g_assert_cmpstr(g_ptr_array_index(standing->missing, 0), ==, "5");
    g_assert_cmpstr(standing->newest, ==, "5");
    g_assert_false(gw_standing_check_order(standing, &error));
    g_assert_true(gw_error_is(error, GW_CODE_ORDER));
    g_assert_nonnull(strstr(error->message, "2_b.sql"));
    g_assert_nonnull(gw_error_next(error));
    g_autoptr(gw_standing) fresh = gw_graph_compare(graph, none);
    assert_versions(fresh->pending, "1 2 3 9 4");
    g_assert_true(gw_standing_check_order(fresh, NULL));
    project_drop(project);
}

/* Each depends on the one after it: the order is turned around, in no more than a moment. */
static void
test_chain(void)
{
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
    const guint count = 300;
    for (guint i = 1; i <= count; i++)
    {
        g_ptr_array_add(files, g_strdup_printf("%u_x.sql", i));
        g_ptr_array_add(files,
            i == count ? g_strdup(UP) : g_strdup_printf("-- migrate:depends %u\n" UP, i + 1));
    }
    g_ptr_array_add(files, NULL);
    gw_project *project = project_make((const char *const *)files->pdata);
    g_autoptr(gw_graph) graph = gw_graph_new(project, NULL);
    for (guint i = 0; i < count; i++)
    {
        const gw_migration *migration = g_ptr_array_index(graph->order, i);
        g_assert_true(migration == g_ptr_array_index(project->migrations, count - 1 - i));
    }
    project_drop(project);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/project/graph/by version but after what is depended on", test_order);
    g_test_add_func("/project/graph/what cannot be put in order is refused", test_refusals);
    g_test_add_func("/project/graph/dependents are found through others", test_dependents);
    g_test_add_func("/project/graph/history and files are compared", test_standing);
    g_test_add_func("/project/graph/a chain is turned around", test_chain);
    return g_test_run();
}
