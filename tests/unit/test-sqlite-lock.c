#include "sqlite.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static gboolean
take(gw_db *db, const char *name)
{
    gboolean taken = FALSE;
    g_autoptr(GError) error = NULL;
    g_assert_true(gw_db_lock(db, name, &taken, &error));
    g_assert_no_error(error);
    return taken;
}

static void
test_file(void)
{
    char *folder = sqlite_folder();
    g_autofree char *path = g_build_filename(folder, "x.db-godwit.lock", NULL);
    gw_db *db = sqlite_open(folder, "x.db");
    struct stat status;
    g_assert_true(take(db, "one"));
    g_assert_true(take(db, "one"));
    g_assert_cmpint(stat(path, &status), ==, 0);
    g_assert_cmpint(status.st_mode & 0777, ==, 0600);
    g_assert_true(take(db, "two"));
    gw_db_unlock(db, "one");
    g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS)); /* two is held */
    gw_db_close(db);
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    sqlite_folder_drop(folder);
}

static gboolean
journal_is(gw_db *db, const char *mode)
{
    g_autofree char *now = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_true(gw_db_ask(db, "PRAGMA journal_mode", NULL, 0, &now, &error));
    return g_strcmp0(now, mode) == 0;
}

/* The journal is kept as long as any lock is held, and is gone with the last. */
static void
test_journal(void)
{
    char *folder = sqlite_folder();
    g_autofree char *path = g_build_filename(folder, "x.db-journal", NULL);
    g_autoptr(GError) error = NULL;
    gw_db *db = sqlite_open(folder, "x.db");
    g_assert_true(take(db, "one"));
    g_assert_true(take(db, "two"));
    g_assert_true(gw_db_exec(db, "CREATE TABLE t (a)", -1, NULL, &error));
    g_assert_no_error(error);
    g_assert_true(journal_is(db, "persist"));
    gw_db_unlock(db, "one");
    g_assert_true(journal_is(db, "persist"));
    g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
    gw_db_unlock(db, "two");
    g_assert_true(journal_is(db, "delete"));
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    g_assert_true(take(db, "one"));
    g_assert_true(gw_db_begin(db, &error));
    sqlite_run(db, "CREATE TABLE u (a)");
    gw_db_close(db); /* in the middle of it */
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    sqlite_folder_drop(folder);
}

static int (*open_folder)(const char *path, int *file);
static guint folders; /* that SQLite opened to sync them */

static int
count_folder(const char *path, int *file)
{
    folders++;
    return open_folder(path, file);
}

/* The folder of a kept journal is not synced with each commit, unless the file is a new one. */
static void
test_folder(void)
{
    char *folder = sqlite_folder();
    g_autofree char *journal = g_build_filename(folder, "x.db-journal", NULL);
    sqlite3_vfs *vfs = sqlite3_vfs_find("unix");
    gw_db *db = sqlite_open(folder, "x.db");
    sqlite_run(db, "CREATE TABLE t (a)");
    open_folder = (int (*)(const char *, int *))vfs->xGetSystemCall(vfs, "openDirectory");
    g_assert_cmpint(vfs->xSetSystemCall(vfs, "openDirectory", (sqlite3_syscall_ptr)count_folder),
        ==, SQLITE_OK);
    g_assert_true(take(db, "one"));
    for (guint i = 0; i < 5; i++)
    {
        sqlite_run(db, "INSERT INTO t VALUES (1)");
    }
    g_assert_cmpuint(folders, ==, 1); /* by the first of them */
    g_assert_cmpint(g_unlink(journal), ==, 0);
    sqlite_run(db, "INSERT INTO t VALUES (1)");
    g_assert_cmpuint(folders, ==, 2);
    sqlite_run(db, "INSERT INTO t VALUES (1)");
    g_assert_cmpuint(folders, ==, 2);
    gw_db_unlock(db, "one");
    sqlite_run(db, "INSERT INTO t VALUES (1)"); /* which makes its journal, as always */
    g_assert_cmpuint(folders, ==, 3);
    vfs->xSetSystemCall(vfs, "openDirectory", NULL);
    sqlite_answer(db, "SELECT count(*) FROM t", "8");
    gw_db_close(db);
    sqlite_folder_drop(folder);
}

/* What a process that dies in a transaction has written is rolled back from the kept journal. */
static void
test_hot_journal(void)
{
    char *folder = sqlite_folder();
    pid_t child = fork();
    if (child == 0)
    {
        gw_db *held = sqlite_open(folder, "x.db");
        g_assert_true(take(held, "one"));
        sqlite_run(held, "CREATE TABLE t (a)");
        sqlite_run(held, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                         "WHERE i < 2000) INSERT INTO t SELECT printf('%0500d', i) FROM n");
        sqlite_run(held, "PRAGMA cache_size = 10"); /* pages are written before the commit */
        sqlite_run(held, "BEGIN");
        sqlite_run(held, "UPDATE t SET a = 'gone'");
        kill(getpid(), SIGKILL);
    }
    g_assert_cmpint(waitpid(child, NULL, 0), ==, child);
    gw_db *db = sqlite_open(folder, "x.db");
    sqlite_answer(db, "SELECT count(*) FROM t WHERE a LIKE '000%'", "2000");
    sqlite_answer(db, "PRAGMA integrity_check", "ok");
    gw_db_close(db);
    sqlite_folder_drop(folder);
}

/* Somebody removes the lock file: who comes then makes a new one, and is no second holder once
 * the first has let go. */
static void
test_removed(void)
{
    char *folder = sqlite_folder();
    g_autofree char *path = g_build_filename(folder, "x.db-godwit.lock", NULL);
    gw_db *first = sqlite_open(folder, "x.db");
    gw_db *second = sqlite_open(folder, "x.db");
    g_assert_true(take(first, "one"));
    g_assert_cmpint(g_unlink(path), ==, 0);
    g_assert_true(take(second, "one")); /* nothing can be done about that */
    gw_db_unlock(first, "one");         /* but it must not take the new file away */
    g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
    g_assert_false(take(first, "one"));
    gw_db_close(second);
    g_assert_true(take(first, "one"));
    gw_db_close(first);
    sqlite_folder_drop(folder);
}

/* The kernel frees the lock of a process that is killed. */
static void
test_killed(void)
{
    char *folder = sqlite_folder();
    int ready[2];
    char byte = 0;
    g_assert_cmpint(pipe(ready), ==, 0);
    pid_t child = fork();
    if (child == 0)
    {
        gw_db *held = sqlite_open(folder, "x.db");
        gboolean taken = take(held, "one");
        gssize written = write(ready[1], taken ? "y" : "n", 1);
        (void)written;
        pause();
        _exit(0);
    }
    g_assert_cmpint(read(ready[0], &byte, 1), ==, 1);
    g_assert_cmpint(byte, ==, 'y');
    gw_db *db = sqlite_open(folder, "x.db");
    g_assert_false(take(db, "one"));
    kill(child, SIGKILL);
    g_assert_cmpint(waitpid(child, NULL, 0), ==, child);
    g_assert_true(take(db, "one"));
    gw_db_close(db);
    close(ready[0]);
    close(ready[1]);
    sqlite_folder_drop(folder);
}

/* The lock lies beside the file itself, not beside a link to it. */
static void
test_link(void)
{
    char *folder = sqlite_folder();
    g_autofree char *link = g_build_filename(folder, "link.db", NULL);
    gw_db *db = sqlite_open(folder, "x.db");
    g_assert_cmpint(symlink("x.db", link), ==, 0);
    gw_db *other = sqlite_open(folder, "link.db");
    g_assert_true(take(db, "one"));
    g_assert_false(take(other, "one"));
    gw_db_close(other);
    gw_db_close(db);
    sqlite_folder_drop(folder);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sqlite/lock/the file is there while a lock is held", test_file);
    g_test_add_func("/sqlite/lock/the journal is kept while a lock is held", test_journal);
    g_test_add_func("/sqlite/lock/the folder of a kept journal is synced once", test_folder);
    g_test_add_func("/sqlite/lock/a kept journal rolls back", test_hot_journal);
    g_test_add_func("/sqlite/lock/a removed file is made again", test_removed);
    g_test_add_func("/sqlite/lock/a dead holder holds nothing", test_killed);
    g_test_add_func("/sqlite/lock/two paths of one file share the lock", test_link);
    return g_test_run();
}
