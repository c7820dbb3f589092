#include "mariadb.h"

#include "base/clock.h"

/* One of everything, with names and texts that need care. */
static const char *const everything[] = {
    "CREATE TABLE `p` (id int PRIMARY KEY) COMMENT='it''s `p`'",
    "CREATE SEQUENCE sq START WITH 5 INCREMENT BY 2",
    "CREATE TABLE `odd ``name` (id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, "
    "email varchar(100) COLLATE utf8mb4_bin NOT NULL DEFAULT 'a\\'b' COMMENT 'the \"mail\"', "
    "n int DEFAULT nextval(sq), v int AS (n + 1) VIRTUAL, s int AS (n + 2) STORED, "
    "at timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp(), "
    "pid int CHECK (pid > 0), e enum('x', 'y''z'), UNIQUE KEY ue (email(20)), KEY nv (n, v DESC), "
    "CONSTRAINT fk FOREIGN KEY (pid) REFERENCES p (id) ON DELETE CASCADE, "
    "CONSTRAINT ck CHECK (n <> 7 AND email <> 'x')) AUTO_INCREMENT=500",
    "CREATE TABLE parts (id int, y int) PARTITION BY RANGE (y) (PARTITION p0 VALUES LESS THAN "
    "(10), PARTITION p1 VALUES LESS THAN MAXVALUE)",
    "CREATE TABLE versioned (id int) WITH SYSTEM VERSIONING",
    "CREATE VIEW v AS SELECT o.id, p.id AS pid FROM `odd ``name` o JOIN p ON p.id = o.pid WHERE "
    "o.email <> 'a.b'",
    "CREATE FUNCTION f(a int, b varchar(10)) RETURNS int DETERMINISTIC RETURN a + 1",
    "CREATE PROCEDURE pr(IN a int, OUT b int) BEGIN SET b = a; END",
    "CREATE PROCEDURE f(IN c int) BEGIN SET @c = c; END",
    "CREATE EVENT ev ON SCHEDULE EVERY 1 DAY COMMENT 'c' DO DELETE FROM p WHERE id = 0",
    NULL,
};

static void
make_all(gw_db *db)
{
    for (gsize i = 0; everything[i] != NULL; i++)
    {
        g_autoptr(GError) error = NULL;
        gboolean done = gw_db_exec(db, everything[i], -1, NULL, &error);
        g_assert_true(done || gw_error_native(error) == 1419); /* no SUPER */
    }
}

static gw_model *
read_model(gw_db *db, const char *ledger, const gw_catalog_filter *filter)
{
    g_autoptr(GError) error = NULL;
    gw_model *model = gw_db_catalog(db, ledger, filter, &error);
    g_assert_no_error(error);
    g_assert_nonnull(model);
    return model;
}

static const char *
definition(const gw_model *model, gw_object_kind kind, const char *table, const char *name)
{
    const gw_object *object = gw_model_find(model, kind, NULL, table, name, FALSE);
    g_assert_nonnull(object);
    return object->definition;
}

/* Needs a user who may create functions: see everything. */
static gw_db *
open_root(void)
{
    gw_db *db = mariadb_open();
    g_autofree char *name = g_strdup(gw_db_place(db)->database);
    gw_db_close(db);
    gw_db *root = mariadb_open_as("GW_TEST_MARIADB_ROOT", "");
    g_autofree char *use = g_strdup_printf("/%s", name);
    gw_db_close(root);
    g_autofree char *url = g_strdup(g_getenv("GW_TEST_MARIADB_ROOT"));
    *strrchr(url, '/') = '\0';
    g_autofree char *full = g_strconcat(url, use, NULL);
    g_setenv("GW_TEST_MARIADB_OWN", full, TRUE);
    return mariadb_open_as("GW_TEST_MARIADB_OWN", "");
}

#define ODD "odd `name"

static void
test_definitions(void)
{
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(gw_db) db = open_root();
    make_all(db);
    mariadb_run(db, "CREATE TRIGGER tr BEFORE INSERT ON p FOR EACH ROW SET @a = 1");
    g_autoptr(gw_model) model = read_model(db, NULL, NULL);
    const char *table = definition(model, GW_OBJECT_TABLE, NULL, ODD);
    g_test_message("%s", table);
    g_assert_nonnull(strstr(table, "FOREIGN KEY (`pid`) REFERENCES `p` (`id`)"));
    g_assert_nonnull(strstr(table, "ON DELETE CASCADE"));
    g_assert_null(strstr(table, "500")); /* AUTO_INCREMENT's next value is no part of it */
    g_assert_cmpstr(
        definition(model, GW_OBJECT_COLUMN, ODD, "n"), ==, "int(11) NULL DEFAULT nextval(`sq`)");
    g_assert_cmpstr(
        definition(model, GW_OBJECT_INDEX, ODD, "ue"), ==, "UNIQUE BTREE (`email`(20))");
    g_assert_cmpstr(definition(model, GW_OBJECT_INDEX, ODD, "nv"), ==, "BTREE (`n`, `v` DESC)");
    g_assert_cmpstr(definition(model, GW_OBJECT_INDEX, ODD, "PRIMARY"), ==, "UNIQUE BTREE (`id`)");
    g_assert_nonnull(strstr(definition(model, GW_OBJECT_CONSTRAINT, ODD, "ck"), "CHECK ("));
    g_assert_nonnull(strstr(definition(model, GW_OBJECT_TABLE, NULL, "parts"), "p1 MAXVALUE"));
    g_assert_nonnull(
        strstr(definition(model, GW_OBJECT_TABLE, NULL, "versioned"), "SYSTEM VERSIONING"));
    g_assert_nonnull(strstr(definition(model, GW_OBJECT_SEQUENCE, NULL, "sq"), "INCREMENT 2"));
    g_assert_nonnull(strstr(definition(model, GW_OBJECT_TRIGGER, "p", "tr"), "BEFORE INSERT"));
    g_assert_nonnull(strstr(definition(model, GW_OBJECT_ROUTINE, NULL, "f"), "RETURN a + 1"));
    g_assert_null(strstr(definition(model, GW_OBJECT_ROUTINE, NULL, "f"), "@c"));
    g_assert_nonnull(strstr(definition(model, GW_OBJECT_PROCEDURE, NULL, "f"), "@c"));
    g_assert_nonnull(strstr(definition(model, GW_OBJECT_PROCEDURE, NULL, "pr"), "OUT b int"));
    g_assert_nonnull(strstr(definition(model, GW_OBJECT_EVENT, NULL, "ev"), "DELETE FROM p"));
    const char *view = definition(model, GW_OBJECT_VIEW, NULL, "v");
    g_assert_null(strstr(view, gw_db_place(db)->database));
    g_assert_null(gw_model_find(model, GW_OBJECT_COLUMN, NULL, "v", "id", FALSE));
    mariadb_close(g_steal_pointer(&db));
}

/* A database of another name with the same in it has the same fingerprint; so has one that is read
 * with other settings of the session. */
static void
test_same(void)
{
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(gw_db) db = open_root();
    make_all(db);
    g_autoptr(gw_model) first = read_model(db, NULL, NULL);
    mariadb_run(db, "INSERT INTO p VALUES (1)");
    mariadb_run(db, "DO nextval(sq)");
    mariadb_run(db, "SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES', group_concat_max_len = 4");
    mariadb_run(db, "SET NAMES latin1");
    g_autoptr(gw_model) again = read_model(db, NULL, NULL);
    g_assert_cmpstr(first->fingerprint, ==, again->fingerprint);
    g_assert_true(gw_db_reset(db, NULL));
    g_autofree char *other = g_strdup_printf("gw_unit_copy_%d", (int)getpid());
    g_autofree char *create = g_strdup_printf("CREATE OR REPLACE DATABASE %s", other);
    g_autofree char *drop = g_strdup_printf("DROP DATABASE %s", other);
    mariadb_run(db, create);
    g_autofree char *suffix = g_strdup(g_getenv("GW_TEST_MARIADB_OWN"));
    *strrchr(suffix, '/') = '\0';
    g_autofree char *url = g_strconcat(suffix, "/", other, NULL);
    g_setenv("GW_TEST_MARIADB_COPY", url, TRUE);
    g_autoptr(gw_db) copy = mariadb_open_as("GW_TEST_MARIADB_COPY", "");
    make_all(copy);
    g_autoptr(gw_model) second = read_model(copy, NULL, NULL);
    for (guint i = 0; i < first->objects->len; i++)
    {
        const gw_object *one = g_ptr_array_index(first->objects, i);
        const gw_object *two = g_ptr_array_index(second->objects, i);
        g_assert_cmpstr(one->definition, ==, two->definition);
    }
    g_assert_cmpstr(first->fingerprint, ==, second->fingerprint);
    mariadb_run(db, drop);
    mariadb_close(g_steal_pointer(&db));
}

/* Every object can be read alone, and is then the same as among all. */
static void
test_filters(void)
{
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(gw_db) db = open_root();
    make_all(db);
    g_autoptr(gw_model) all = read_model(db, NULL, NULL);
    g_assert_cmpuint(all->objects->len, >, 20);
    for (guint i = 0; i < all->objects->len; i++)
    {
        const gw_object *object = g_ptr_array_index(all->objects, i);
        gw_catalog_filter filter = {
            .kind = object->kind, .table = object->table, .name = object->name};
        g_autoptr(gw_model) one = read_model(db, NULL, &filter);
        const gw_object *found =
            gw_model_find(one, object->kind, NULL, object->table, object->name, FALSE);
        g_test_message("%s %s", gw_object_kind_text(object->kind), object->name);
        g_assert_nonnull(found);
        g_assert_cmpstr(found->definition, ==, object->definition);
        g_assert_cmpstr(found->sha256, ==, object->sha256);
    }
    gw_catalog_filter named = {
        .kind = GW_OBJECT_TABLE, .schema = gw_db_place(db)->database, .name = "p"};
    g_autoptr(gw_model) whole = read_model(db, NULL, &named);
    g_assert_nonnull(
        gw_model_find(whole, GW_OBJECT_TABLE, gw_db_place(db)->database, NULL, "p", FALSE));
    mariadb_close(g_steal_pointer(&db));
}

/* Each ALTER that the facts say shows in the definition does. */
static void
test_alters_show(void)
{
    static const char *const alters[] = {"ADD COLUMN z int", "MODIFY email varchar(101)",
        "ADD INDEX (n)", "DROP INDEX nv", "ALTER COLUMN n SET DEFAULT 3", "COMMENT='x'",
        "ADD CHECK (n < 99)", "DROP CONSTRAINT ck", "RENAME COLUMN s TO s2",
        "DEFAULT CHARACTER SET latin1", "ROW_FORMAT=COMPRESSED", "ALTER INDEX ue IGNORED",
        "MODIFY e enum('x', 'y', 'z')", "ADD FOREIGN KEY (n) REFERENCES p (id)",
        "MODIFY email varchar(101) COMMENT 'y'", "MODIFY n int FIRST"};
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(gw_db) db = open_root();
    make_all(db);
    gw_catalog_filter filter = {.kind = GW_OBJECT_TABLE, .name = ODD};
    for (gsize i = 0; i < G_N_ELEMENTS(alters); i++)
    {
        g_autofree char *sql = g_strdup_printf("ALTER TABLE `odd ``name` %s", alters[i]);
        g_autoptr(gw_model) was = read_model(db, NULL, &filter);
        mariadb_run(db, "SET foreign_key_checks = 0");
        mariadb_run(db, sql);
        g_autoptr(gw_model) is = read_model(db, NULL, &filter);
        g_test_message("%s", alters[i]);
        g_assert_cmpstr(definition(was, GW_OBJECT_TABLE, NULL, ODD), !=,
            definition(is, GW_OBJECT_TABLE, NULL, ODD));
    }
    mariadb_close(g_steal_pointer(&db));
}

static void
test_ledger(void)
{
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(gw_db) db = mariadb_open();
    g_autoptr(gw_model) before = read_model(db, "godwit", NULL);
    mariadb_run(db, "CREATE TABLE godwit_steps (id int PRIMARY KEY, a int, KEY (a))");
    g_autoptr(gw_model) after = read_model(db, "godwit", NULL);
    g_assert_cmpstr(before->fingerprint, ==, after->fingerprint);
    mariadb_run(db, "CREATE TABLE godwitness (id int)");
    g_autoptr(gw_model) more = read_model(db, "godwit", NULL);
    g_assert_cmpstr(before->fingerprint, !=, more->fingerprint);
    mariadb_close(g_steal_pointer(&db));
}

#define ASKED 1203 /* more than go into two lists */

/* Which of the names there is a table of: the tables' names are exact on this server. */
static gboolean
is_expected(const char *schema, const char *name)
{
    static const char *const there[] = {"t7", "T8", "t8", "größe", "p'lain", NULL};
    return schema == NULL ? g_strv_contains(there, name) : strcmp(name, "TABLES") == 0;
}

static void
test_many_sizes(void)
{
    static const char *const odd[] = {"t8", "T7", "größe", "GRÖSSE", "p'lain", "t7", NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autofree const char **schemas = g_new0(const char *, ASKED);
    g_autofree gw_size *sizes = g_new0(gw_size, ASKED);
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(gw_db) db = mariadb_open();
    mariadb_run(db, "CREATE TABLE t7 (a int)");
    mariadb_run(db, "CREATE TABLE t8 (a int)");
    mariadb_run(db, "CREATE TABLE T8 (a int)");
    mariadb_run(db, "CREATE TABLE `größe` (a int)");
    mariadb_run(db, "CREATE TABLE `p'lain` (a int) ENGINE=MyISAM");
    for (guint i = 0; i < ASKED; i++)
    {
        gboolean last = i + 7 >= ASKED && i + 1 < ASKED;
        schemas[i] = i + 1 == ASKED ? "information_schema" : NULL;
        g_ptr_array_add(names, i + 1 == ASKED ? g_strdup("TABLES")
                               : last         ? g_strdup(odd[i + 7 - ASKED])
                                              : g_strdup_printf("T%u", i));
    }
    g_assert_true(gw_db_sizes(
        db, schemas, (const char *const *)(gconstpointer)names->pdata, ASKED, sizes, &error));
    g_assert_no_error(error);
    for (guint i = 0; i < ASKED; i++)
    {
        const char *name = g_ptr_array_index(names, i);
        g_assert_cmpint(sizes[i].bytes >= 0, ==, is_expected(schemas[i], name));
        g_assert_cmpstr(sizes[i].engine, ==,
            strcmp(name, "p'lain") == 0   ? "MyISAM"
            : strcmp(name, "TABLES") == 0 ? "MEMORY"
                                          : "");
    }
    mariadb_close(g_steal_pointer(&db));
}

/* Tables with ten columns, three indexes and a reference each: a thousand with -m perf. */
static void
test_many(void)
{
    int count = g_test_perf() ? 1000 : 200;
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(gw_db) db = mariadb_open();
    mariadb_run(db, "CREATE TABLE t0 (id int PRIMARY KEY)");
    for (int i = 1; i <= count; i++)
    {
        g_autofree char *sql = g_strdup_printf(
            "CREATE TABLE t%d (id int PRIMARY KEY, a int, b int, c int, d text, e varchar(20), "
            "f int, g int, h int, r int, KEY (a), UNIQUE (b), CHECK (c > 0), FOREIGN KEY (r) "
            "REFERENCES t0 (id))",
            i);
        mariadb_run(db, sql);
    }
    for (int round = 0; round < 3; round++)
    {
        gint64 start = gw_clock_now();
        g_autoptr(gw_model) model = read_model(db, "godwit", NULL);
        g_test_message("%u objects in %.3f s", model->objects->len,
            (double)(gw_clock_now() - start) / G_USEC_PER_SEC);
        g_assert_cmpint(gw_clock_now() - start, <, 2 * G_USEC_PER_SEC);
    }
    mariadb_close(g_steal_pointer(&db));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, test) g_test_add_func("/mariadb/catalog/" name, test)
    ADD("everything has its definition", test_definitions);
    ADD("the same schema reads the same anywhere", test_same);
    ADD("each object can be read alone", test_filters);
    ADD("an ALTER shows in the table's definition", test_alters_show);
    ADD("the ledger is left out", test_ledger);
    ADD("many tables are sized together", test_many_sizes);
    ADD("many tables take less than two seconds", test_many);
#undef ADD
    return g_test_run();
}
