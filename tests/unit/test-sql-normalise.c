#include "sql/lexer.h"

#include "sql-cases.h"

static char *
digest(const gw_lexis *lexis, const char *text)
{
    return gw_sql_sha256(lexis, text, strlen(text));
}

typedef struct pair
{
    const gw_lexis *lexis;
    const char *left;
    const char *right;
} pair;

static void
compare(const pair *pairs, gsize count, gboolean equal)
{
    for (gsize i = 0; i < count; i++)
    {
        g_autofree char *left = digest(pairs[i].lexis, pairs[i].left);
        g_autofree char *right = digest(pairs[i].lexis, pairs[i].right);
        g_assert_cmpuint(strlen(left), ==, 64);
        if ((strcmp(left, right) == 0) != equal)
        {
            g_error("%s\nand\n%s\nare %s", pairs[i].left, pairs[i].right,
                equal ? "not equal" : "equal");
        }
    }
}

static void
test_equal(void)
{
    static const pair pairs[] = {
        {&case_postgres, "SELECT 1;", "select\n\t1"},
        {&case_postgres, "SELECT 1; SELECT 2", "SELECT 1;; -- x\r\nSELECT 2;\n"},
        {&case_postgres, "SELECT a,b FROM t WHERE a=1", "SELECT a , b FROM t WHERE a = 1"},
        {&case_postgres, "SELECT count(*)", "SELECT count ( /* all */ * )"},
        {&case_postgres, "", " -- nothing"},
        {&case_postgres, "\xEF\xBB\xBFSELECT 1", "SELECT 1"},
        {&case_mariadb, "DELIMITER //\nSELECT 1//\nDELIMITER ;\n", "SELECT 1;"},
        {&case_mariadb, "/*!40101 SET a=1 */;", "/*!40101 set a = 1*/"},
        {&case_sqlite, "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END;",
            "create trigger t after insert on a\nbegin\n  select 1;\nend"},
        {&case_postgres, "COPY t FROM stdin;\n1\tA\n\\.\n", "copy t from STDIN; -- x\n1\tA\n\\."},
    };
    compare(pairs, G_N_ELEMENTS(pairs), TRUE);
}

static void
test_different(void)
{
    static const pair pairs[] = {
        {&case_postgres, "SELECT 1", "SELECT 2"},
        {&case_postgres, "SELECT 'a'", "SELECT 'A'"},
        {&case_postgres, "SELECT \"a\"", "SELECT \"A\""},
        {&case_postgres, "SELECT \"a\"", "SELECT a"},
        {&case_postgres, "SELECT 'a  b'", "SELECT 'a b'"},
        {&case_postgres, "SELECT $$A$$", "SELECT $$a$$"},
        {&case_postgres, "SELECT ab", "SELECT a b"},
        {&case_postgres, "SELECT E'a'", "SELECT E 'a'"},
        {&case_postgres, "SELECT a - -1", "SELECT a --1"},
        {&case_postgres, "SELECT a < = b", "SELECT a <= b"},
        {&case_postgres, "SELECT 1; SELECT 2", "SELECT 1 SELECT 2"},
        {&case_postgres, "COPY t FROM stdin;\n1\tA\n\\.\n", "COPY t FROM stdin;\n1\ta\n\\.\n"},
        {&case_postgres, "COPY t FROM stdin;\n1 A\n\\.\n", "COPY t FROM stdin;\n1\tA\n\\.\n"},
        {&case_mariadb, "/*!40101 SET a=1 */", "/*!50101 SET a=1 */"},
        {&case_mariadb, "/*!40101 SET a=1 */", "SET a=1"},
        {&case_postgres, "SELECT 'a", "select 'a"},
    };
    compare(pairs, G_N_ELEMENTS(pairs), FALSE);
}

static void
test_raw(void)
{
    g_autofree char *text = g_strdup("SELECT 1; SELECT 'not closed");
    g_autofree char *got = digest(&case_sqlite, text);
    g_autofree char *bytes = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
    g_assert_cmpstr(got, ==, bytes);
}

/* Tokens that are longer than what is gathered before it is hashed. */
static void
test_long(void)
{
    g_autoptr(GString) left = g_string_new("select '");
    for (guint i = 0; i < 20000; i++)
    {
        g_string_append_c(left, (char)('a' + i % 26));
    }
    g_autoptr(GString) right = g_string_new(left->str);
    g_string_append(left, "' , 1");
    g_string_append(right, "',1;");
    g_autofree char *one = digest(&case_postgres, left->str);
    g_autofree char *same = digest(&case_postgres, right->str);
    g_assert_cmpstr(one, ==, same);
    right->str[10000] = '#';
    g_autofree char *other = digest(&case_postgres, right->str);
    g_assert_cmpstr(one, !=, other);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/normalise/texts that mean the same are equal", test_equal);
    g_test_add_func("/normalise/texts that mean something else are not", test_different);
    g_test_add_func("/normalise/text that cannot be cut counts byte for byte", test_raw);
    g_test_add_func("/normalise/long tokens count whole", test_long);
    return g_test_run();
}
