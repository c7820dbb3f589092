#include "base/clock.h"
#include "base/thread.h"
#include "postgres-cases.h"

static gw_facts *
facts_of(const char *sql)
{
    return gw_postgres_driver.dialect->facts(sql, strlen(sql));
}

static void
every_case_has_its_facts(void)
{
    g_autofree char *text = NULL;
    g_autoptr(GArray) cases = facts_cases_read(&text);
    g_assert_cmpuint(cases->len, >, 100);
    for (guint i = 0; i < cases->len; i++)
    {
        const facts_case *one = &g_array_index(cases, facts_case, i);
        g_autoptr(gw_facts) facts = facts_of(one->sql);
        g_autofree char *line = facts_describe(facts);
        g_test_message("%s", one->sql);
        g_assert_cmpstr(line, ==, one->facts);
    }
}

static void
what_the_grammar_does_not_know_says_so(void)
{
    g_autoptr(gw_facts) facts = facts_of("ALTER TABLE t ADD CONSTRAINT k NOT NULL a NOT VALID");
    g_assert_nonnull(strstr(facts->note, "the strongest lock is assumed"));
    g_assert_cmpint(gw_facts_blocks(facts), ==, GW_BLOCKS_ALL);
}

static void
parse_deep(gpointer unused)
{
    (void)unused;
    for (guint count = 1000; count <= 1000000; count *= 10)
    {
        g_autoptr(GString) sql = g_string_new("CREATE VIEW made AS SELECT 1");
        for (guint i = 0; i < count; i++)
        {
            g_string_append(sql, "+1");
        }
        g_autoptr(gw_facts) facts = facts_of(sql->str);
        g_assert_cmpint(facts->kind, ==, GW_KIND_SCHEMA);
    }
}

/* A thread's stack may be smaller than the program's. */
static void
deep_and_long_statements_end(void)
{
    parse_deep(NULL);
    gw_thread_join(gw_thread_start(parse_deep, NULL));
}

static void
cut_statements_never_crash(void)
{
    g_autofree char *text = NULL;
    g_autoptr(GArray) cases = facts_cases_read(&text);
    for (guint i = 0; i < cases->len; i++)
    {
        const char *sql = g_array_index(cases, facts_case, i).sql;
        for (gsize length = 0; length < strlen(sql); length++)
        {
            g_autofree char *copy = g_strndup(sql, length);
            g_autoptr(gw_facts) facts = gw_postgres_driver.dialect->facts(copy, length);
            g_assert_nonnull(facts->verb);
        }
    }
}

static void
an_insert_is_read_by_its_first_words(void)
{
    g_autoptr(GString) sql = g_string_new("INSERT INTO t VALUES ('");
    g_string_set_size(sql, 50 * 1024 * 1024);
    memset(sql->str + 23, 'x', sql->len - 23);
    g_string_append(sql, "')");
    gint64 began = gw_clock_now();
    g_autoptr(gw_facts) facts = facts_of(sql->str);
    g_assert_cmpint(gw_clock_now() - began, <, 200000);
    g_assert_cmpstr(facts->verb, ==, "INSERT");
}

static void
first_locks_are_one_statement_with_each_its_mode(void)
{
    g_autoptr(gw_facts) facts = facts_of("ALTER TABLE \"Odd'\" ADD CONSTRAINT f FOREIGN KEY (a) "
                                         "REFERENCES s.p NOT VALID, ADD x integer");
    g_autofree char *text = gw_postgres_driver.dialect->lock_relations(facts->relations);
    g_assert_cmpstr(text, ==,
        "DO 'BEGIN LOCK TABLE \"Odd''\" IN ACCESS EXCLUSIVE MODE; LOCK TABLE \"s\".\"p\" IN SHARE "
        "ROW EXCLUSIVE MODE; END'");
}

static void
views_and_indexes_are_not_locked_first(void)
{
    static const char *const statements[] = {"CREATE OR REPLACE VIEW v AS SELECT 1",
        "CREATE RULE r AS ON INSERT TO v DO INSTEAD NOTHING", "DROP RULE r ON v", "DROP INDEX i",
        "CREATE TRIGGER t INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION f()", NULL};
    for (gsize i = 0; statements[i] != NULL; i++)
    {
        g_autoptr(gw_facts) facts = facts_of(statements[i]);
        g_autofree char *text = gw_postgres_driver.dialect->lock_relations(facts->relations);
        g_assert_cmpstr(text, ==, "DO 'BEGIN NULL; END'");
    }
}

static void
remains_are_those_of_index_builds(void)
{
    const gw_dialect *dialect = gw_postgres_driver.dialect;
    g_autoptr(gw_facts) build = facts_of("CREATE INDEX CONCURRENTLY \"I\" ON s.t (a)");
    g_autoptr(gw_facts) plain = facts_of("CREATE INDEX i ON s.t (a)");
    g_autoptr(gw_facts) unnamed = facts_of("CREATE INDEX CONCURRENTLY ON s.t (a)");
    g_autofree char *text = dialect->remove_remains(build);
    g_assert_cmpstr(text, ==, "DROP INDEX CONCURRENTLY IF EXISTS \"s\".\"I\"");
    g_assert_null(dialect->remove_remains(plain));
    g_assert_null(dialect->remove_remains(unnamed));
}

/* How many keys for threads the process still has. */
static guint
keys_left(void)
{
    pthread_key_t keys[2048];
    guint count = 0;
    while (count < G_N_ELEMENTS(keys) && pthread_key_create(&keys[count], NULL) == 0)
    {
        count++;
    }
    for (guint i = 0; i < count; i++)
    {
        pthread_key_delete(keys[i]);
    }
    return count;
}

static void
parse_some(gpointer data)
{
    for (guint i = 0; i < 3; i++)
    {
        g_autoptr(gw_facts) facts = facts_of("ALTER TABLE t ADD COLUMN a integer NOT NULL");
        g_assert_cmpstr(facts->verb, ==, data);
        g_autoptr(gw_facts) wrong = facts_of("ALTER TABLE t ADD COLUMN (((");
        g_assert_nonnull(wrong->note);
    }
}

static void
threads_that_parsed_leave_nothing_behind(void)
{
    static char verb[] = "ALTER TABLE ADD COLUMN";
    parse_some(verb);
    guint before = keys_left();
    for (guint i = 0; i < 300; i++)
    {
        gw_thread *threads[4];
        for (guint j = 0; j < G_N_ELEMENTS(threads); j++)
        {
            threads[j] = gw_thread_start(parse_some, verb);
        }
        for (guint j = 0; j < G_N_ELEMENTS(threads); j++)
        {
            gw_thread_join(threads[j]);
        }
    }
    g_assert_cmpuint(keys_left(), ==, before);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/postgres/facts/every case has its facts", every_case_has_its_facts);
    g_test_add_func("/postgres/facts/what the grammar does not know says so",
        what_the_grammar_does_not_know_says_so);
    g_test_add_func("/postgres/facts/deep and long statements end", deep_and_long_statements_end);
    g_test_add_func("/postgres/facts/cut statements never crash", cut_statements_never_crash);
    g_test_add_func("/postgres/facts/an insert is read by its first words",
        an_insert_is_read_by_its_first_words);
    g_test_add_func("/postgres/facts/first locks are one statement with each its mode",
        first_locks_are_one_statement_with_each_its_mode);
    g_test_add_func("/postgres/facts/views and indexes are not locked first",
        views_and_indexes_are_not_locked_first);
    g_test_add_func(
        "/postgres/facts/remains are those of index builds", remains_are_those_of_index_builds);
    g_test_add_func("/postgres/facts/threads that parsed leave nothing behind",
        threads_that_parsed_leave_nothing_behind);
    return g_test_run();
}
