/* The splitter against the databases' own code: PostgreSQL's grammar, SQLite's shell. */
#include "sql-cases.h"
#include "sql/splitter.h"

#include <sqlite3.h>

#if GW_POSTGRES

#include "sql-agrees.h"

static void
assert_agrees(const gw_source *source, guint least)
{
    g_autoptr(GError) error = NULL;
    guint count = 0;
    gboolean good = agrees_check(source, &count, &error);
    if (!good)
    {
        const gw_position *place = gw_error_position(error);
        g_error("%s:%u:%u: %s", place->file, place->line, place->column, error->message);
    }
    g_assert_cmpuint(count, >=, least);
}

static void
test_corpus(void)
{
    g_autofree char *path =
        g_build_filename(g_getenv("GW_TEST_CASES"), "postgres-corpus.sql", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(gw_source) source = gw_source_open(path, "postgres-corpus.sql", &error);
    g_assert_no_error(error);
    assert_agrees(source, 300);
}

/* Cases that the grammar accepts; those with data, commands of psql, settings and errors are not
 * for it. */
static void
test_cases(void)
{
    g_autoptr(GPtrArray) entries = case_read("split-postgres.txt");
    guint compared = 0;
    for (guint i = 0; i < entries->len; i++)
    {
        const case_entry *entry = g_ptr_array_index(entries, i);
        g_autoptr(gw_source) source = gw_source_new(entry->title, entry->input, -1);
        PgQueryParseResult parsed = pg_query_parse(entry->input);
        gboolean refused = FALSE;
        for (guint j = 0; j < entry->answers->len; j++)
        {
            const case_answer *answer = g_ptr_array_index(entry->answers, j);
            refused = refused || g_str_has_prefix(answer->words, "error");
        }
        if (parsed.error == NULL && !refused && strstr(entry->input, "stdin") == NULL)
        {
            assert_agrees(source, 0);
            compared++;
        }
        pg_query_free_parse_result(parsed);
    }
    g_assert_cmpuint(compared, >, 12);
}

#endif

/* A statement is complete with its semicolon, and with none before that. */
static void
assert_complete(const char *title, const char *text, gsize length)
{
    for (gsize end = 1; end <= length; end++)
    {
        g_autofree char *part = g_strndup(text, end);
        if (text[end - 1] == ';' && sqlite3_complete(part) != 0)
        {
            g_error("%s: SQLite ends a statement with «%s»", title, part);
        }
    }
    g_autofree char *sql = g_strdup_printf("%.*s;", (int)length, text);
    if (sqlite3_complete(sql) == 0)
    {
        g_error("%s: SQLite does not end a statement with «%s»", title, sql);
    }
}

static void
test_shell(void)
{
    g_autoptr(GPtrArray) entries = case_read("split-sqlite.txt");
    for (guint i = 0; i < entries->len; i++)
    {
        const case_entry *entry = g_ptr_array_index(entries, i);
        g_autoptr(gw_source) source = gw_source_new(entry->title, entry->input, -1);
        gw_splitter splitter;
        gw_statement statement;
        gboolean more = TRUE;
        gw_splitter_init(&splitter, &case_sqlite, source, 0, gw_source_size(source));
        while (gw_splitter_next(&splitter, &statement, &more, NULL) && more)
        {
            assert_complete(
                entry->title, gw_source_text(source) + statement.offset, statement.length);
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#if GW_POSTGRES
    g_test_add_func("/agrees/PostgreSQL's grammar cuts the corpus in the same places", test_corpus);
    g_test_add_func("/agrees/PostgreSQL's grammar cuts the cases in the same places", test_cases);
#endif
    g_test_add_func("/agrees/SQLite's shell ends statements in the same places", test_shell);
    return g_test_run();
}
