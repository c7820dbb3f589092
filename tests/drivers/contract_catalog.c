/* The live schema, read into a model; sizes; the words of the ledger. */
#include "contract.h"

static gw_model *
read_all(gw_db *db, const char *ledger)
{
    g_autoptr(GError) error = NULL;
    gw_model *model = gw_db_catalog(db, ledger, NULL, &error);
    g_assert_no_error(error);
    g_assert_nonnull(model);
    return model;
}

static void
the_same_schema_has_the_same_fingerprint(fixture *at)
{
    drop(at->db, "gwc_cat");
    g_autoptr(gw_model) before = read_all(at->db, NULL);
    run(at->db, "CREATE TABLE gwc_cat (id integer PRIMARY KEY, email varchar(100) NOT NULL)");
    run(at->db, "CREATE INDEX gwc_cat_email ON gwc_cat (email)");
    g_autoptr(gw_model) first = read_all(at->db, NULL);
    g_autoptr(gw_model) second = read_all(at->db, NULL);
    g_assert_cmpstr(first->fingerprint, ==, second->fingerprint);
    g_assert_cmpstr(first->fingerprint, !=, before->fingerprint);
    const gw_object *table = gw_model_find(first, GW_OBJECT_TABLE, NULL, NULL, "gwc_cat", FALSE);
    const gw_object *index =
        gw_model_find(first, GW_OBJECT_INDEX, NULL, "gwc_cat", "gwc_cat_email", FALSE);
    g_assert_nonnull(table);
    g_assert_nonnull(index);
    g_assert_true(index->valid);
    g_assert_cmpstr(index->definition, !=, "");
    drop(at->db, "gwc_cat");
    g_autoptr(gw_model) after = read_all(at->db, NULL);
    g_assert_cmpstr(after->fingerprint, ==, before->fingerprint);
}

static void
a_change_changes_its_object(fixture *at)
{
    drop(at->db, "gwc_cat");
    run(at->db, "CREATE TABLE gwc_cat (id integer PRIMARY KEY, a integer)");
    g_autoptr(gw_model) before = read_all(at->db, NULL);
    run(at->db, "ALTER TABLE gwc_cat ADD COLUMN b integer");
    g_autoptr(gw_model) with = read_all(at->db, NULL);
    run(at->db, "ALTER TABLE gwc_cat DROP COLUMN b");
    g_autoptr(gw_model) without = read_all(at->db, NULL);
    g_assert_cmpstr(before->fingerprint, !=, with->fingerprint);
    g_assert_cmpstr(before->fingerprint, ==, without->fingerprint);
    g_assert_nonnull(gw_model_find(with, GW_OBJECT_COLUMN, NULL, "gwc_cat", "b", FALSE));
    g_assert_null(gw_model_find(without, GW_OBJECT_COLUMN, NULL, "gwc_cat", "b", FALSE));
    drop(at->db, "gwc_cat");
}

static void
renaming_there_and_back_changes_nothing(fixture *at)
{
    drop(at->db, "gwc_cat");
    drop(at->db, "gwc_cat2");
    run(at->db, "CREATE TABLE gwc_cat (id integer PRIMARY KEY, a integer)");
    g_autoptr(gw_model) before = read_all(at->db, NULL);
    run(at->db, "ALTER TABLE gwc_cat RENAME TO gwc_cat2");
    run(at->db, "ALTER TABLE gwc_cat2 RENAME COLUMN a TO b");
    run(at->db, "ALTER TABLE gwc_cat2 RENAME COLUMN b TO a");
    run(at->db, "ALTER TABLE gwc_cat2 RENAME TO gwc_cat");
    g_autoptr(gw_model) after = read_all(at->db, NULL);
    g_assert_cmpstr(before->fingerprint, ==, after->fingerprint);
    drop(at->db, "gwc_cat");
}

static void
a_filter_finds_its_object(fixture *at)
{
    g_autoptr(GError) error = NULL;
    const gw_catalog_filter filter = {.kind = GW_OBJECT_TABLE, .name = "gwc_cat"};
    const gw_catalog_filter nothing = {.kind = GW_OBJECT_TABLE, .name = "gwc_nothing"};
    drop(at->db, "gwc_cat");
    run(at->db, "CREATE TABLE gwc_cat (id integer PRIMARY KEY, a integer)");
    g_autoptr(gw_model) all = read_all(at->db, NULL);
    g_autoptr(gw_model) one = gw_db_catalog(at->db, NULL, &filter, &error);
    g_autoptr(gw_model) none = gw_db_catalog(at->db, NULL, &nothing, &error);
    g_assert_no_error(error);
    const gw_object *wide = gw_model_find(all, GW_OBJECT_TABLE, NULL, NULL, "gwc_cat", FALSE);
    const gw_object *narrow = gw_model_find(one, GW_OBJECT_TABLE, NULL, NULL, "gwc_cat", FALSE);
    g_assert_nonnull(narrow);
    g_assert_cmpstr(wide->sha256, ==, narrow->sha256);
    g_assert_null(gw_model_find(none, GW_OBJECT_TABLE, NULL, NULL, "gwc_nothing", FALSE));
    drop(at->db, "gwc_cat");
}

/* The ledger's own tables are no part of the schema that it watches. */
static void
the_ledger_is_left_out(fixture *at)
{
    g_autoptr(gw_model) before = read_all(at->db, "gwcledger");
    if (gw_db_has(at->db, GW_FEATURE_SCHEMAS))
    {
        run(at->db, "CREATE SCHEMA gwcledger");
        run(at->db, "CREATE TABLE gwcledger.steps (id integer PRIMARY KEY)");
    }
    else
    {
        run(at->db, "CREATE TABLE gwcledger_steps (id integer PRIMARY KEY)");
    }
    g_autoptr(gw_model) after = read_all(at->db, "gwcledger");
    g_assert_cmpstr(before->fingerprint, ==, after->fingerprint);
    run(at->db, gw_db_has(at->db, GW_FEATURE_SCHEMAS) ? "DROP SCHEMA gwcledger CASCADE"
                                                      : "DROP TABLE gwcledger_steps");
}

static void
columns_come_in_order(fixture *at)
{
    g_autoptr(GError) error = NULL;
    drop(at->db, "gwc_cat");
    run(at->db, "CREATE TABLE gwc_cat (z integer, a integer, m integer)");
    g_auto(GStrv) names = gw_db_columns(at->db, NULL, "gwc_cat", &error);
    g_auto(GStrv) none = gw_db_columns(at->db, NULL, "gwc_nothing", &error);
    g_assert_no_error(error);
    g_autofree char *joined = g_strjoinv(",", names);
    g_assert_cmpstr(joined, ==, "z,a,m");
    g_assert_cmpuint(g_strv_length(none), ==, 0);
    drop(at->db, "gwc_cat");
}

static void
tables_are_found_and_sized(fixture *at)
{
    guint64 found = 0;
    gw_size sizes[2];
    g_autoptr(GError) error = NULL;
    const char *const names[] = {"gwc_nothing", "gwc_cat", NULL};
    const char *const schemas[] = {NULL, NULL};
    drop(at->db, "gwc_cat");
    run(at->db, "CREATE TABLE gwc_cat (id integer PRIMARY KEY)");
    g_autofree char *rows = numbers(5000);
    g_autofree char *fill = g_strconcat("INSERT INTO gwc_cat ", rows, NULL);
    run(at->db, fill);
    g_assert_true(gw_db_tables_exist(at->db, names, &found, &error));
    g_assert_cmpuint(found, ==, 2);
    g_assert_true(gw_db_sizes(at->db, schemas, names, 2, sizes, &error));
    g_assert_no_error(error);
    g_assert_cmpint(sizes[0].rows, ==, -1);
    g_assert_cmpint(sizes[0].bytes, ==, -1);
    g_assert_cmpint(sizes[1].rows, >=, -1);
    g_assert_cmpint(sizes[1].bytes, >=, 0); /* as far as it is counted at all by now */
    drop(at->db, "gwc_cat");
}

static gboolean
is_named(const gw_names *names, const char *name)
{
    gboolean there = FALSE;
    g_assert_true(gw_names_find(names, name, &there));
    return there;
}

/* Where a driver can tell: one question finds them, and one that would answer with too much does
 * not. */
static void
all_tables_are_named(fixture *at)
{
    g_autoptr(gw_names) names = NULL;
    g_autoptr(gw_names) few = NULL;
    g_autoptr(GError) error = NULL;
    drop(at->db, "gwc_cat");
    drop(at->db, "gwc_dog");
    run(at->db, "CREATE TABLE gwc_cat (id integer PRIMARY KEY)");
    run(at->db, "CREATE TABLE gwc_dog (id integer PRIMARY KEY)");
    g_assert_true(gw_db_table_names(at->db, 10000, &names, &error));
    g_assert_true(gw_db_table_names(at->db, 1, &few, &error));
    g_assert_no_error(error);
    g_assert_null(few);
    if (names != NULL)
    {
        g_assert_true(is_named(names, "gwc_cat"));
        g_assert_true(is_named(names, "gwc_dog"));
        g_assert_false(is_named(names, "gwc_nothing"));
    }
    drop(at->db, "gwc_cat");
    drop(at->db, "gwc_dog");
}

/* `pattern` with its one %s replaced. */
static char *
around(const char *pattern, const char *inner)
{
    g_auto(GStrv) parts = g_strsplit(pattern, "%s", 2);
    return g_strconcat(parts[0], inner, parts[1], NULL);
}

static void
the_ledger_words_are_sql(fixture *at)
{
    const gw_ledger_words *words = gw_db_dialect(at->db)->ledger;
    g_autofree char *create =
        g_strdup_printf("CREATE TABLE gwc_words (k %s NOT NULL PRIMARY KEY, t %s, n %s, s %s)%s",
            words->text, words->long_text, words->integer, words->stamp, words->table_tail);
    g_autofree char *later = around(words->later, "?");
    g_autofree char *insert =
        g_strdup_printf("INSERT INTO gwc_words SELECT 'later', NULL, 1, %s", later);
    g_autofree char *stamp = around(words->stamp_text, "s");
    g_autofree char *select = g_strdup_printf("SELECT %s FROM gwc_words", stamp);
    g_autofree char *order = g_strdup_printf(
        "SELECT CASE WHEN s > %s THEN 'later' ELSE 'sooner' END FROM gwc_words", words->now);
    const gw_value minute[] = {gw_value_integer(60 * G_USEC_PER_SEC)};
    drop(at->db, "gwc_words");
    run(at->db, create);
    run_with(at->db, insert, minute, 1);
    g_autofree char *text = ask(at->db, select);
    g_autoptr(GDateTime) moment = g_date_time_new_from_iso8601(text, NULL);
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_assert_nonnull(moment);
    g_assert_true(g_str_has_suffix(text, "Z"));
    GTimeSpan ahead = g_date_time_difference(moment, now);
    g_assert_cmpint(ahead, >, 50 * G_USEC_PER_SEC);
    g_assert_cmpint(ahead, <, 70 * G_USEC_PER_SEC);
    assert_answer(at->db, order, "later");
    drop(at->db, "gwc_words");
}

static void
quoting_survives_hostile_names(fixture *at)
{
    static const char hostile[] = "a\"b`c'd\\e; DROP --";
    const gw_dialect *dialect = gw_db_dialect(at->db);
    g_autofree char *table = gw_dialect_name(dialect, NULL, hostile);
    g_autoptr(GString) sql = g_string_new("SELECT ");
    g_autofree char *create = g_strdup_printf("CREATE TABLE %s (id integer)", table);
    dialect->quote_text(sql, hostile);
    assert_answer(at->db, sql->str, hostile);
    drop(at->db, table);
    run(at->db, create);
    g_auto(GStrv) columns = gw_db_columns(at->db, NULL, hostile, NULL);
    g_assert_cmpuint(g_strv_length(columns), ==, 1);
    g_autoptr(gw_model) model = read_all(at->db, NULL);
    g_assert_nonnull(gw_model_find(model, GW_OBJECT_TABLE, NULL, NULL, hostile, FALSE));
    drop(at->db, table);
}

const contract contract_catalog[] = {
    {"the same schema has the same fingerprint", the_same_schema_has_the_same_fingerprint},
    {"a change changes its object", a_change_changes_its_object},
    {"renaming there and back changes nothing", renaming_there_and_back_changes_nothing},
    {"a filter finds its object", a_filter_finds_its_object},
    {"the ledger is left out of the schema", the_ledger_is_left_out},
    {"columns come in order", columns_come_in_order},
    {"tables are found and sized", tables_are_found_and_sized},
    {"all tables are named", all_tables_are_named},
    {"the words of the ledger are SQL", the_ledger_words_are_sql},
    {"quoting survives hostile names", quoting_survives_hostile_names},
    {NULL, NULL},
};
