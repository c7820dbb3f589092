#include "sql/splitter.h"

#include <time.h>

#include "sql-cases.h"

typedef struct script
{
    const char *file;
    const gw_lexis *lexis;
} script;

static const script scripts[] = {
    {"split-postgres.txt", &case_postgres},
    {"split-mariadb.txt", &case_mariadb},
    {"split-sqlite.txt", &case_sqlite},
};

static void
run_case(const case_entry *entry, const gw_lexis *lexis)
{
    g_autoptr(gw_source) source = gw_source_new("x.sql", entry->input, -1);
    const char *text = gw_source_text(source);
    g_autoptr(GError) error = NULL;
    gw_splitter splitter;
    gw_statement statement;
    gboolean more = TRUE;
    guint index = 0;
    gw_splitter_init(&splitter, lexis, source, 0, gw_source_size(source));
    while (more)
    {
        if (!gw_splitter_next(&splitter, &statement, &more, &error))
        {
            g_autofree char *words = case_error(error);
            const char *hint = gw_error_hint(error);
            case_expect(entry, index++, words, hint == NULL ? "" : hint);
            break;
        }
        if (more)
        {
            g_autofree char *sql = g_strndup(text + statement.offset, statement.length);
            case_expect(entry, index++, "statement", sql);
        }
        if (statement.has_data)
        {
            g_autofree char *data = g_strndup(text + statement.data_offset, statement.data_length);
            case_expect(entry, index++, "data", g_strchomp(data));
        }
    }
    case_expect_end(entry, index);
}

static void
test_cases(gconstpointer data)
{
    const script *at = data;
    g_autoptr(GPtrArray) entries = case_read(at->file);
    g_assert_cmpuint(entries->len, >, 10);
    for (guint i = 0; i < entries->len; i++)
    {
        run_case(g_ptr_array_index(entries, i), at->lexis);
    }
}

/* The statements of `text`, each between « and ». */
static char *
split(const gw_lexis *lexis, const char *text, gsize offset, gsize length)
{
    g_autoptr(gw_source) source = gw_source_new("x.sql", text, -1);
    GString *out = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    gw_splitter splitter;
    gw_statement statement;
    gboolean more = TRUE;
    gw_splitter_init(&splitter, lexis, source, offset, length);
    while (more)
    {
        if (!gw_splitter_next(&splitter, &statement, &more, &error))
        {
            g_string_append_printf(out, "!%s", error->message);
            break;
        }
        if (more)
        {
            g_string_append_printf(out, "[%.*s]", (int)statement.length, text + statement.offset);
        }
        if (statement.has_data)
        {
            g_string_append_printf(
                out, "{%.*s}", (int)statement.data_length, text + statement.data_offset);
        }
    }
    return g_string_free(out, FALSE);
}

static void
assert_split(const gw_lexis *lexis, const char *text, const char *expected)
{
    g_autofree char *got = split(lexis, text, 0, strlen(text));
    g_assert_cmpstr(got, ==, expected);
}

static void
test_line_ends(void)
{
    assert_split(&case_postgres, "SELECT 1;\r\n-- x\r\nSELECT 2\r\n", "[SELECT 1][SELECT 2]");
    assert_split(&case_postgres, "COPY t FROM stdin;\r\n1\r\n\\.\r\nSELECT 2;",
        "[COPY t FROM stdin]{1\r\n}[SELECT 2]");
    assert_split(&case_postgres, "SELECT 1; -- x\rSELECT 2;", "[SELECT 1][SELECT 2]");
    assert_split(&case_sqlite, "SELECT 1; -- x\rSELECT 2;", "[SELECT 1]");
    assert_split(&case_mariadb, "DELIMITER //\r\nSELECT 1; SELECT 2//\r\nDELIMITER ;\r\nSELECT 3;",
        "[SELECT 1; SELECT 2][SELECT 3]");
}

static void
test_mark(void)
{
    assert_split(&case_postgres, "\xEF\xBB\xBFSELECT 1;", "[SELECT 1]");
    assert_split(&case_mariadb, "\xEF\xBB\xBF", "");
    assert_split(&case_sqlite, "", "");
}

static void
test_range(void)
{
    const char *text = "SELECT 'a;b'; SELECT 2; SELECT 3";
    g_autofree char *middle = split(&case_sqlite, text, 13, 10);
    g_assert_cmpstr(middle, ==, "[SELECT 2]");
    g_autofree char *cut = split(&case_sqlite, text, 0, 9);
    g_assert_cmpstr(cut, ==, "!the string is not closed");
}

static void
test_end_of_data(void)
{
    assert_split(
        &case_postgres, "COPY t FROM stdin;\n1\n\\.x\n\\.", "[COPY t FROM stdin]{1\n\\.x\n}");
    assert_split(
        &case_postgres, "COPY t FROM stdin;\n\\.\nSELECT 1", "[COPY t FROM stdin]{}[SELECT 1]");
    assert_split(&case_postgres, "COPY t FROM stdin;\n1\n2", "[COPY t FROM stdin]{1\n2}");
    assert_split(&case_postgres, "COPY t FROM stdin;", "[COPY t FROM stdin]{}");
    assert_split(&case_postgres, "COPY t FROM stdin", "[COPY t FROM stdin]{}");
}

static void
test_without_source(void)
{
    g_autoptr(GError) error = NULL;
    gw_splitter splitter;
    gw_statement statement;
    gboolean more = FALSE;
    gw_splitter_init_text(&splitter, &case_sqlite, "SELECT 1; 'x", 12);
    g_assert_true(gw_splitter_next(&splitter, &statement, &more, &error));
    g_assert_true(more);
    g_assert_false(gw_splitter_next(&splitter, &statement, &more, &error));
    g_assert_true(gw_error_is(error, GW_CODE_TEXT));
    g_assert_null(gw_error_position(error));
}

/* Nothing in a script makes reading it slower than its length: one that is twice as long may take
 * some more than twice the time. */
static void
test_speed(void)
{
    static const struct
    {
        const gw_lexis *lexis;
        const char *text;
    } worst[] = {
        {&case_mariadb, "INSERT INTO t VALUES (1, 'it''s \\' one', NULL, 2.5e3);\n"},
        {&case_postgres, "E'a'\n-- x\n'b'\n"},
        {&case_postgres, "$a$ $b$ /* /* */ $ */ $a$ $c"},
        {&case_postgres, "COPY t FROM stdin;\n\\.x\n\\.\n"},
        {&case_postgres, "SET a TO b; CREATE FUNCTION f; BEGIN ATOMIC; "},
        {&case_mariadb, "/*!50003 a*/ CREATE TRIGGER x BEGIN IF a THEN b; END IF; END; "},
        {&case_mariadb, "CREATE PROCEDURE p() BEGIN "},
        {&case_mariadb, "CREATE PROCEDURE p() REPEAT END CASE "},
        {&case_sqlite, "CREATE TRIGGER x BEGIN SELECT 1; END; /* [a] */ `b` \"c\""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(worst); i++)
    {
        g_autoptr(GString) text = g_string_new(NULL);
        while (text->len < 1000 * 1000)
        {
            g_string_append(text, worst[i].text);
        }
        clock_t start = clock(); /* of the processor: others may be busy */
        g_autofree char *got = split(worst[i].lexis, text->str, 0, text->len);
        g_assert_cmpuint(strlen(got), >, 0);
        g_assert_cmpint(clock() - start, <, 20 * CLOCKS_PER_SEC); /* its square would take hours */
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(scripts); i++)
    {
        g_autofree char *name =
            g_strdup_printf("/splitter/every case of %s comes apart as written", scripts[i].file);
        g_test_add_data_func(name, &scripts[i], test_cases);
    }
    g_test_add_func("/splitter/line ends of other systems are line ends", test_line_ends);
    g_test_add_func("/splitter/a byte order mark is skipped", test_mark);
    g_test_add_func("/splitter/only the given range is read", test_range);
    g_test_add_func("/splitter/data end at their line or with the text", test_end_of_data);
    g_test_add_func("/splitter/text without a source fails without a place", test_without_source);
    g_test_add_func("/splitter/the time is that of the length", test_speed);
    return g_test_run();
}
