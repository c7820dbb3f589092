#include "sql/words.h"

#include "sql-cases.h"

static void
begin(gw_words *words, const gw_lexis *lexis, const char *text)
{
    gw_words_init(words, lexis, text, strlen(text));
}

static void
test_take(void)
{
    gw_words words;
    begin(&words, &case_postgres, "create /* x */ table IF -- y\n NOT EXISTS \"if\" (a = 1)");
    g_assert_true(gw_words_is(&words, "CREATE"));
    g_assert_false(gw_words_take(&words, "CREATE INDEX"));
    g_assert_true(gw_words_is(&words, "CREATE"));
    g_assert_true(gw_words_take(&words, "CREATE TABLE"));
    g_assert_true(gw_words_take(&words, "IF NOT EXISTS"));
    g_assert_false(gw_words_is(&words, "if"));
    gw_words_step(&words);
    g_assert_true(gw_words_take(&words, "( a ="));
    g_assert_true(gw_words_take(&words, "1 )"));
    g_assert_true(gw_words_end(&words));
    g_assert_false(gw_words_take(&words, "x"));
    gw_words_step(&words);
    g_assert_true(gw_words_end(&words));
}

static void
test_take_any(void)
{
    static const char *const phrases[] = {"DROP TABLE", "DROP", "ALTER", NULL};
    gw_words words;
    begin(&words, &case_sqlite, "DROP VIEW v");
    g_assert_cmpint(gw_words_take_any(&words, phrases), ==, 1);
    g_assert_cmpint(gw_words_take_any(&words, phrases), ==, -1);
    g_assert_true(gw_words_is(&words, "view"));
}

static void
assert_name(const char *text, const char *schema, const char *name, const char *next)
{
    gw_words words;
    g_autofree char *got_schema = NULL;
    g_autofree char *got_name = NULL;
    begin(&words, &case_postgres, text);
    g_assert_true(gw_words_take_name(&words, TRUE, &got_schema, &got_name));
    g_assert_cmpstr(got_schema, ==, schema);
    g_assert_cmpstr(got_name, ==, name);
    g_assert_true(next == NULL ? gw_words_end(&words) : gw_words_is(&words, next));
}

static void
test_names(void)
{
    assert_name("Users", NULL, "users", NULL);
    assert_name("app . \"Users\" (", "app", "Users", "(");
    assert_name("db.app.users x", "app", "users", "x");
    assert_name("a.b.c.d", "b", "c", ".");
    assert_name("u.*", NULL, "u", ".");
    gw_words words;
    g_autofree char *name = NULL;
    begin(&words, &case_postgres, "'users' x");
    g_assert_false(gw_words_take_name(&words, TRUE, NULL, &name));
    g_assert_null(name);
    begin(&words, &case_mariadb, "`a`.`B`");
    g_assert_true(gw_words_take_name(&words, FALSE, NULL, &name));
    g_assert_cmpstr(name, ==, "B");
}

static void
test_depth(void)
{
    gw_words words;
    begin(&words, &case_postgres, "(a (b, c), d) , e) f");
    g_assert_cmpuint(words.depth, ==, 0);
    gw_words_step(&words);
    g_assert_cmpuint(words.depth, ==, 1);
    g_assert_true(gw_words_next_item(&words));
    g_assert_true(gw_words_is(&words, "d"));
    g_assert_false(gw_words_next_item(&words));
    g_assert_true(gw_words_is(&words, ")"));
    g_assert_cmpuint(words.depth, ==, 1);
    gw_words_step(&words);
    g_assert_cmpuint(words.depth, ==, 0);
    g_assert_true(gw_words_next_item(&words));
    g_assert_true(gw_words_is(&words, "e"));
    g_assert_false(gw_words_next_item(&words));
    gw_words_step(&words);
    g_assert_cmpuint(words.depth, ==, 0);
}

static void
test_skip(void)
{
    gw_words words;
    begin(&words, &case_postgres, "(a (b) ')' \")\") c");
    gw_words_skip_parenthesis(&words);
    g_assert_true(gw_words_is(&words, "c"));
    gw_words_skip_parenthesis(&words);
    g_assert_true(gw_words_is(&words, "c"));
    begin(&words, &case_postgres, "(a (b");
    gw_words_skip_parenthesis(&words);
    g_assert_true(gw_words_end(&words));
}

static void
test_find(void)
{
    gw_words words;
    begin(&words, &case_postgres, "INSERT INTO t (\"select\", a) (SELECT 1) RETURNING a");
    gw_words ahead = words;
    g_assert_true(gw_words_find(&ahead, "SELECT", TRUE));
    g_assert_cmpuint(ahead.depth, ==, 1);
    ahead = words;
    g_assert_false(gw_words_find(&ahead, "SELECT", FALSE));
    g_assert_true(gw_words_end(&ahead));
    g_assert_true(gw_words_find(&words, "RETURNING", FALSE));
    begin(&words, &case_postgres, "(a) b");
    gw_words_step(&words);
    g_assert_false(gw_words_find(&words, "b", FALSE));
    g_assert_true(gw_words_is(&words, ")"));
}

static void
test_conditional(void)
{
    gw_words words;
    begin(&words, &case_mariadb,
        "/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`b`*/ /*!50003 TRIGGER t */");
    g_assert_true(gw_words_take(&words, "CREATE DEFINER ="));
    gw_words_step(&words);
    g_assert_true(gw_words_take(&words, "@"));
    gw_words_step(&words);
    g_assert_true(gw_words_take(&words, "TRIGGER t"));
    g_assert_true(gw_words_end(&words));
}

static void
test_unclosed(void)
{
    gw_words words;
    begin(&words, &case_postgres, "SELECT 'a");
    gw_words_step(&words);
    g_assert_true(gw_words_end(&words));
    begin(&words, &case_mariadb, "/*!40000 SELECT");
    g_assert_true(gw_words_take(&words, "SELECT"));
    g_assert_true(gw_words_end(&words));
    begin(&words, &case_postgres, "");
    g_assert_true(gw_words_end(&words));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/words/a phrase is taken whole or not at all", test_take);
    g_test_add_func("/words/the first phrase that fits is taken", test_take_any);
    g_test_add_func("/words/names come with the schema before them", test_names);
    g_test_add_func("/words/items end at commas of their own depth", test_depth);
    g_test_add_func("/words/a parenthesis is skipped with what is in it", test_skip);
    g_test_add_func("/words/a word is found where it counts", test_find);
    g_test_add_func("/words/the marks of conditional comments are not there", test_conditional);
    g_test_add_func("/words/text that is not closed ends", test_unclosed);
    return g_test_run();
}
