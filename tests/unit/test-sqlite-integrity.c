#include "sqlite.h"

static const char *const both[] = {"users", "orders", NULL};

static GPtrArray *
check(gw_db *db, const char *const *tables)
{
    g_autoptr(GError) error = NULL;
    GPtrArray *list = gw_db_integrity_check(db, tables, &error);
    g_assert_no_error(error);
    return list;
}

/* Two tables, one row that has been broken for long. */
static gw_db *
shop(const char *folder)
{
    gw_db *db = sqlite_open(folder, "sqlite:x.db?foreign_keys=on");
    sqlite_run(db, "PRAGMA foreign_keys = OFF");
    sqlite_run(db, "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)");
    sqlite_run(db, "CREATE TABLE orders (code TEXT PRIMARY KEY, \"user id\" INTEGER "
                   "REFERENCES users(id) ON DELETE CASCADE)");
    sqlite_run(db, "INSERT INTO users VALUES (1, 'a'), (2, 'b')");
    sqlite_run(db, "INSERT INTO orders VALUES ('x', 1), ('y', 2), ('old', 77), ('none', NULL)");
    sqlite_run(db, "PRAGMA foreign_keys = ON");
    return db;
}

static void
rebuild(gw_db *db, const char *where)
{
    g_autofree char *copy =
        g_strdup_printf("INSERT INTO users_new SELECT id, name FROM users %s", where);
    sqlite_run(db, "CREATE TABLE users_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL)");
    sqlite_run(db, copy);
    sqlite_run(db, "DROP TABLE users");
    sqlite_run(db, "ALTER TABLE users_new RENAME TO users");
}

/* A rebuild between suspend and resume; returns how many references it broke. */
static guint
guarded(gw_db *db, const char *where)
{
    gboolean was = FALSE;
    g_autoptr(GError) error = NULL;
    g_assert_true(gw_db_integrity_suspend(db, &was, &error));
    g_assert_true(was);
    g_assert_true(gw_db_begin(db, &error));
    g_autoptr(GPtrArray) before = check(db, both);
    g_assert_cmpuint(before->len, ==, 1);
    rebuild(db, where);
    g_autoptr(GPtrArray) after = check(db, both);
    g_autoptr(GPtrArray) fresh = gw_violations_new(before, after);
    for (guint i = 0; i < fresh->len; i++)
    {
        const gw_violation *one = g_ptr_array_index(fresh, i);
        g_assert_cmpstr(one->table, ==, "orders");
        g_assert_cmpstr(one->parent, ==, "users");
        g_assert_cmpstr(one->row, ==, "rowid 2");
    }
    g_assert_true(gw_db_commit(db, &error));
    g_assert_true(gw_db_integrity_resume(db, was, &error));
    g_assert_no_error(error);
    sqlite_answer(db, "PRAGMA foreign_keys", "1");
    return fresh->len;
}

static void
test_rebuild(void)
{
    char *folder = sqlite_folder();
    gw_db *db = shop(folder);
    g_assert_cmpuint(guarded(db, ""), ==, 0);
    sqlite_answer(db, "SELECT count(*) FROM orders", "4");
    gw_db_close(db);
    sqlite_folder_drop(folder);
}

static void
test_lost(void)
{
    char *folder = sqlite_folder();
    gw_db *db = shop(folder);
    g_assert_cmpuint(guarded(db, "WHERE id <> 2"), ==, 1);
    gw_db_close(db);
    sqlite_folder_drop(folder);
}

/* What happens without the guard: the trap that it is for. */
static void
test_trap(void)
{
    char *folder = sqlite_folder();
    gw_db *db = shop(folder);
    g_assert_true(gw_db_begin(db, NULL));
    sqlite_run(db, "PRAGMA foreign_keys = OFF");
    sqlite_run(db, "DELETE FROM orders WHERE code = 'old'");
    rebuild(db, "");
    g_assert_true(gw_db_commit(db, NULL));
    sqlite_answer(db, "SELECT count(*) FROM orders", "1");
    gw_db_close(db);
    sqlite_folder_drop(folder);
}

/* The rows of a rebuilt child get other numbers, and break nothing new. */
static void
test_child(void)
{
    char *folder = sqlite_folder();
    gw_db *db = shop(folder);
    static const char *const users[] = {"users", NULL};
    g_autoptr(GPtrArray) before = check(db, both);
    g_autoptr(GPtrArray) near = check(db, users);
    g_autoptr(GPtrArray) all = check(db, NULL);
    g_assert_cmpuint(near->len, ==, 1);
    g_assert_cmpuint(all->len, ==, 1);
    sqlite_run(db, "PRAGMA foreign_keys = OFF");
    sqlite_run(db, "CREATE TABLE o2 (code TEXT PRIMARY KEY, \"user id\" INTEGER "
                   "REFERENCES users(id))");
    sqlite_run(db, "INSERT INTO o2 SELECT * FROM orders ORDER BY code");
    sqlite_run(db, "DROP TABLE orders");
    sqlite_run(db, "ALTER TABLE o2 RENAME TO orders");
    g_autoptr(GPtrArray) after = check(db, both);
    g_autoptr(GPtrArray) fresh = gw_violations_new(before, after);
    const gw_violation *was = g_ptr_array_index(before, 0);
    const gw_violation *is = g_ptr_array_index(after, 0);
    g_assert_cmpstr(was->row, !=, is->row);
    g_assert_cmpuint(fresh->len, ==, 0);
    sqlite_run(db, "INSERT INTO orders VALUES ('again', 77)"); /* the same reference once more */
    g_autoptr(GPtrArray) more = check(db, both);
    g_autoptr(GPtrArray) added = gw_violations_new(before, more);
    g_assert_cmpuint(added->len, ==, 1);
    gw_db_close(db);
    sqlite_folder_drop(folder);
}

static void
test_without_rowid(void)
{
    char *folder = sqlite_folder();
    gw_db *db = shop(folder);
    sqlite_run(db, "PRAGMA foreign_keys = OFF");
    sqlite_run(db, "CREATE TABLE w (k TEXT PRIMARY KEY, u INTEGER REFERENCES users(id)) "
                   "WITHOUT ROWID");
    sqlite_run(db, "INSERT INTO w VALUES ('a', 5), ('b', 6), ('c', 1)");
    static const char *const names[] = {"W", "not there", NULL};
    g_autoptr(GPtrArray) list = check(db, names);
    g_assert_cmpuint(list->len, ==, 2);
    const gw_violation *one = g_ptr_array_index(list, 0);
    g_assert_null(one->row);
    gw_db_close(db);
    sqlite_folder_drop(folder);
}

static void
test_inside(void)
{
    char *folder = sqlite_folder();
    gw_db *db = shop(folder);
    gboolean was = FALSE;
    g_autoptr(GError) error = NULL;
    g_assert_true(gw_db_begin(db, NULL));
    g_assert_false(gw_db_integrity_suspend(db, &was, &error));
    g_assert_error(error, GW_ERROR, GW_CODE_INTERNAL);
    gw_db_close(db);
    sqlite_folder_drop(folder);
}

static guint
broken(gw_db *db)
{
    g_autoptr(GPtrArray) list = check(db, NULL);
    return list->len;
}

/* That no table refers to another is known only as long as nobody has made one that does. */
static void
test_plain(void)
{
    static const char child[] = "CREATE TABLE c (p INTEGER references p)";
    char *folder = sqlite_folder();
    g_autoptr(GError) error = NULL;
    gw_db *db = sqlite_open(folder, "x.db");
    gw_db *other = sqlite_open(folder, "x.db");
    sqlite_run(db, "CREATE TABLE p (id INTEGER PRIMARY KEY)");
    g_assert_true(gw_db_begin(db, &error));
    g_assert_cmpuint(broken(db), ==, 0);
    sqlite_run(db, "DROP TABLE p");
    g_assert_cmpuint(broken(db), ==, 0);
    g_assert_true(gw_db_commit(db, &error));
    g_assert_true(gw_db_begin(db, &error)); /* one that writes nothing */
    g_assert_cmpuint(broken(db), ==, 0);
    g_assert_true(gw_db_commit(db, &error));
    sqlite_run(other, child);
    sqlite_run(other, "INSERT INTO c VALUES (1)");
    g_assert_true(gw_db_begin(db, &error));
    g_assert_cmpuint(broken(db), ==, 1);
    sqlite_run(db, "DROP TABLE c");
    g_assert_cmpuint(broken(db), ==, 0);
    sqlite_run(db, child);
    sqlite_run(db, "INSERT INTO c VALUES (1)");
    g_assert_cmpuint(broken(db), ==, 1);
    gw_db_rollback(db);
    g_assert_no_error(error);
    gw_db_close(other);
    gw_db_close(db);
    sqlite_folder_drop(folder);
}

/* A transaction that is rolled back leaves its version of the schema to others. */
static void
test_plain_again(void)
{
    char *folder = sqlite_folder();
    g_autoptr(GError) error = NULL;
    gw_db *db = sqlite_open(folder, "x.db");
    gw_db *other = sqlite_open(folder, "x.db");
    sqlite_run(db, "CREATE TABLE c (p INTEGER)");
    sqlite_run(db, "INSERT INTO c VALUES (1)");
    g_assert_true(gw_db_begin(db, &error));
    sqlite_run(db, "CREATE TABLE q (id INTEGER)");
    g_assert_cmpuint(broken(db), ==, 0);
    gw_db_rollback(db);
    sqlite_run(other, "ALTER TABLE c ADD COLUMN q INTEGER DEFAULT NULL REFERENCES p");
    sqlite_run(other, "UPDATE c SET q = 5");
    g_assert_cmpuint(broken(db), ==, 1);
    g_assert_no_error(error);
    gw_db_close(other);
    gw_db_close(db);
    sqlite_folder_drop(folder);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sqlite/integrity/a rebuild keeps the rows that refer", test_rebuild);
    g_test_add_func("/sqlite/integrity/a lost parent is found", test_lost);
    g_test_add_func("/sqlite/integrity/without it rows are deleted silently", test_trap);
    g_test_add_func("/sqlite/integrity/a rebuilt child breaks nothing new", test_child);
    g_test_add_func("/sqlite/integrity/tables without row numbers count", test_without_rowid);
    g_test_add_func("/sqlite/integrity/it is seen when tables begin to refer", test_plain);
    g_test_add_func(
        "/sqlite/integrity/a schema that was rolled back tells nothing", test_plain_again);
    g_test_add_func("/sqlite/integrity/inside a transaction it refuses", test_inside);
    return g_test_run();
}
