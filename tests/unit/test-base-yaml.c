#include "base/yaml.h"

/* The tree of a text; the test fails when it cannot be read. */
static gw_yaml *
read_yaml(const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(gw_source) source = gw_source_new("x.yaml", text, -1);
    gw_yaml *yaml = gw_yaml_parse(source, &error);
    g_assert_no_error(error);
    return yaml;
}

/* The error of a text that cannot be read. */
static GError *
refuse_yaml(const char *text)
{
    GError *error = NULL;
    g_autoptr(gw_source) source = gw_source_new("x.yaml", text, -1);
    gw_yaml *yaml = gw_yaml_parse(source, &error);
    g_assert_null(yaml);
    g_assert_nonnull(error);
    return error;
}

static void
assert_at(const GError *error, guint line, guint column)
{
    const gw_position *position = gw_error_position(error);
    g_assert_nonnull(position);
    g_assert_cmpstr(position->file, ==, "x.yaml");
    g_assert_cmpuint(position->line, ==, line);
    g_assert_cmpuint(position->column, ==, column);
}

static void
test_scalars(void)
{
    g_autoptr(gw_yaml) yaml =
        read_yaml("a: no\nb: 0012\nc: 1.20\nd: 'true'\ne:\nf: ~\ng: \"ä\\n\"\n");
    const gw_yaml_node *root = gw_yaml_root(yaml);
    g_assert_cmpstr(gw_yaml_text(gw_yaml_get(root, "a")), ==, "no");
    g_assert_cmpstr(gw_yaml_text(gw_yaml_get(root, "b")), ==, "0012");
    g_assert_cmpstr(gw_yaml_text(gw_yaml_get(root, "c")), ==, "1.20");
    g_assert_false(gw_yaml_is_plain(gw_yaml_get(root, "d")));
    g_assert_true(gw_yaml_is_null(gw_yaml_get(root, "e")));
    g_assert_true(gw_yaml_is_null(gw_yaml_get(root, "f")));
    g_assert_cmpstr(gw_yaml_text(gw_yaml_get(root, "g")), ==, "ä\n");
    g_assert_null(gw_yaml_get(root, "h"));
}

static void
test_places(void)
{
    g_autoptr(gw_yaml) yaml = read_yaml("# c\nä: [x, {y: z}]\nm:\n  n: 'quoted'\n");
    const gw_yaml_node *root = gw_yaml_root(yaml);
    const gw_yaml_node *list = gw_yaml_get(root, "ä");
    g_assert_cmpuint(gw_yaml_count(list), ==, 2);
    g_auto(gw_position) z = gw_yaml_position(gw_yaml_get(gw_yaml_item(list, 1), "y"));
    g_assert_cmpuint(z.line, ==, 2);
    g_assert_cmpuint(z.column, ==, 12);
    g_assert_cmpstr(z.text, ==, "ä: [x, {y: z}]");
    g_auto(gw_position) n = gw_yaml_position(gw_yaml_get(gw_yaml_get(root, "m"), "n"));
    g_assert_cmpuint(n.line, ==, 4);
    g_assert_cmpuint(n.column, ==, 6);
    g_assert_cmpuint(n.length, ==, 8);
}

static void
test_empty(void)
{
    static const char *const texts[] = {"", "# only a comment\n", "---\n", "~\n"};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    {
        g_autoptr(gw_yaml) yaml = read_yaml(texts[i]);
        g_assert_cmpint(gw_yaml_kind_of(gw_yaml_root(yaml)), ==, GW_YAML_MAP);
        g_assert_cmpuint(gw_yaml_count(gw_yaml_root(yaml)), ==, 0);
    }
}

static void
test_aliases(void)
{
    g_autoptr(gw_yaml) yaml = read_yaml("a: &x {b: 1}\nc: *x\n");
    const gw_yaml_node *shared = gw_yaml_get(gw_yaml_root(yaml), "c");
    g_assert_cmpstr(gw_yaml_text(gw_yaml_get(shared, "b")), ==, "1");
}

static void
test_refusals(void)
{
    static const struct
    {
        const char *text;
        guint line, column;
        const char *says;
    } cases[] = {
        {"a: 1\nb: 2\na: 3\n", 3, 1, "twice"},
        {"a: {b: 1, b: 2}\n", 1, 11, "twice"},
        {"a: !!int 3\n", 1, 10, "tags"},
        {"a: 1\n---\nb: 2\n", 2, 1, "second document"},
        {"a: *nothing\n", 1, 5, "anchor"},
        {"a: &x [*x]\n", 1, 9, "anchor"},
        {"[a]: 1\n", 1, 1, "key"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    {
        g_autoptr(GError) error = refuse_yaml(cases[i].text);
        g_test_message("%s -> %s", cases[i].text, error->message);
        g_assert_true(gw_error_is(error, GW_CODE_YAML));
        g_assert_nonnull(strstr(error->message, cases[i].says));
        assert_at(error, cases[i].line, cases[i].column);
    }
}

static void
test_syntax(void)
{
    static const char *const texts[] = {
        "a: [1, 2\nb: 3\n", "a: 'x\n", "a: 1\n b: 2\n", "\tx: 1\n", "a: b: c\n", "a: %x\n", "}"};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    {
        g_autoptr(GError) error = refuse_yaml(texts[i]);
        const gw_position *at = gw_error_position(error);
        g_test_message("%s -> %u:%u %s", texts[i], at->line, at->column, error->message);
        g_assert_true(gw_error_is(error, GW_CODE_YAML));
        g_assert_cmpuint(at->line, >=, 1);
    }
}

static void
test_limits(void)
{
    g_autoptr(GString) deep = g_string_new("a: ");
    for (guint i = 0; i < 100; i++)
    {
        g_string_append_c(deep, '[');
    }
    g_autoptr(GError) error = refuse_yaml(deep->str);
    g_assert_true(gw_error_is(error, GW_CODE_YAML));

    g_autoptr(GString) laughs = g_string_new("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (guint i = 1; i < 9; i++)
    {
        g_string_append_printf(laughs, "a%u: &a%u [", i, i);
        for (guint j = 0; j < 10; j++)
        {
            g_string_append_printf(laughs, "*a%u,", i - 1);
        }
        g_string_append(laughs, "]\n");
    }
    g_autoptr(GError) many = refuse_yaml(laughs->str);
    g_assert_nonnull(strstr(many->message, "more than"));

    g_autofree char *large = g_strnfill(GW_YAML_BYTES + 1, '#');
    g_autoptr(GError) size = refuse_yaml(large);
    g_assert_nonnull(strstr(size->message, "larger"));
}

static void
test_encoding(void)
{
    g_autoptr(GError) error = refuse_yaml("a: \xff\n");
    g_assert_true(gw_error_is(error, GW_CODE_ENCODING));
    assert_at(error, 1, 4);
}

static void
test_readers(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(gw_yaml) yaml = read_yaml("on: true\noff: 'false'\nlist: [1]\nnone:\n");
    const gw_yaml_node *root = gw_yaml_root(yaml);
    gboolean value = FALSE;
    const char *text = NULL;
    g_assert_true(gw_yaml_read_bool(gw_yaml_get(root, "on"), "on", &value, &error));
    g_assert_true(value);
    g_assert_false(gw_yaml_read_bool(gw_yaml_get(root, "off"), "off", &value, &error));
    assert_at(error, 2, 6);
    g_clear_error(&error);
    g_assert_false(gw_yaml_read_bool(gw_yaml_get(root, "list"), "list", &value, &error));
    g_clear_error(&error);
    g_assert_false(gw_yaml_read_text(gw_yaml_get(root, "list"), "list", &text, &error));
    g_assert_true(gw_error_is(error, GW_CODE_CONFIG));
    g_assert_nonnull(strstr(error->message, "a list"));
    g_clear_error(&error);
    g_assert_false(gw_yaml_read_text(gw_yaml_get(root, "none"), "none", &text, &error));
    g_assert_nonnull(strstr(error->message, "nothing"));
}

static void
test_keys(void)
{
    static const char *const known[] = {"project", "targets", NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(gw_yaml) yaml = read_yaml("project: x\ntarget: y\n");
    const gw_yaml_node *root = gw_yaml_root(yaml);
    g_assert_false(gw_yaml_check_keys(root, "godwit.yaml", known, &error));
    g_assert_true(gw_error_is(error, GW_CODE_CONFIG));
    assert_at(error, 2, 1);
    g_assert_cmpstr(gw_error_hint(error), ==, "did you mean targets?");
    g_clear_error(&error);
    g_assert_false(gw_yaml_check_keys(gw_yaml_get(root, "project"), "project", known, &error));
    assert_at(error, 1, 10);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/yaml/scalars are the text that they look like", test_scalars);
    g_test_add_func("/base/yaml/each node knows its line and column", test_places);
    g_test_add_func("/base/yaml/a file with nothing in it is an empty map", test_empty);
    g_test_add_func("/base/yaml/an alias shares the node of its anchor", test_aliases);
    g_test_add_func("/base/yaml/what is ambiguous is refused at its place", test_refusals);
    g_test_add_func("/base/yaml/broken syntax is refused with a place", test_syntax);
    g_test_add_func("/base/yaml/depth, number and size are bounded", test_limits);
    g_test_add_func("/base/yaml/bytes that are not UTF-8 are refused", test_encoding);
    g_test_add_func("/base/yaml/readers check the type of a value", test_readers);
    g_test_add_func("/base/yaml/unknown keys are refused with the nearest one", test_keys);
    return g_test_run();
}
