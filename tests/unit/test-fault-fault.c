#include "sqlite.h"

#if GW_FAULTS
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "drivers/fault/fault.h"

/* A small run; returns how many points it reached. Fails as it likes. */
static guint
work(const char *folder, const char *spell)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(gw_fault) fault = gw_fault_parse(spell, &error);
    g_assert_no_error(error);
    gw_wrapper *wrapper = gw_fault_wrap(fault, &gw_sqlite_driver);
    const gw_driver *const drivers[] = {gw_wrapper_driver(wrapper), NULL};
    const gw_connect how = {.url = "sqlite:x.db", .base = folder, .create = TRUE};
    gw_db *db = gw_db_open(drivers, &how, NULL);
    if (db != NULL && gw_db_begin(db, NULL) &&
        gw_db_exec(db, "CREATE TABLE IF NOT EXISTS t (x)", -1, NULL, NULL) &&
        gw_db_exec(db, "INSERT INTO t VALUES (1)", -1, NULL, NULL))
    {
        g_autofree char *answer = NULL;
        g_assert_true(gw_db_ask(db, "SELECT 1", NULL, 0, &answer, NULL));
        gboolean committed = gw_db_commit(db, NULL);
        (void)committed;
    }
    gw_db_close(db);
    guint reached = gw_fault_reached(fault);
    gw_wrapper_free(wrapper);
    return reached;
}

static char *
rows_in(const char *folder)
{
    gw_db *db = sqlite_open(folder, "x.db");
    char *rows = NULL;
    sqlite_run(db, "CREATE TABLE IF NOT EXISTS t (x)");
    g_assert_true(gw_db_ask(db, "SELECT count(*) FROM t", NULL, 0, &rows, NULL));
    gw_db_close(db);
    return rows;
}

static void
test_count(void)
{
    char *folder = sqlite_folder();
    g_autofree char *path = g_build_filename(folder, "count", NULL);
    g_autofree char *spell = g_strconcat("count:", path, NULL);
    g_autofree char *text = NULL;
    /* open, BEGIN, CREATE, INSERT, COMMIT: two points each; SELECT has none */
    g_assert_cmpuint(work(folder, spell), ==, 10);
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, "10\n");
    sqlite_folder_drop(folder);
}

static void
test_drop(void)
{
    for (guint n = 1; n <= 11; n++)
    {
        char *folder = sqlite_folder();
        g_autofree char *spell = g_strdup_printf("drop:%u", n);
        work(folder, spell);
        g_autofree char *rows = rows_in(folder);
        g_assert_cmpstr(rows, ==, n >= 10 ? "1" : "0");
        sqlite_folder_drop(folder);
    }
}

static void
test_kill(void)
{
    for (guint n = 1; n <= 11; n++)
    {
        char *folder = sqlite_folder();
        g_autofree char *spell = g_strdup_printf("kill:%u", n);
        int status = 0;
        pid_t child = fork();
        if (child == 0)
        {
            work(folder, spell);
            _exit(0);
        }
        g_assert_cmpint(waitpid(child, &status, 0), ==, child);
        g_assert_true(
            n == 11 ? WIFEXITED(status) : WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        g_autofree char *rows = rows_in(folder);
        g_assert_cmpstr(rows, ==, n >= 10 ? "1" : "0");
        sqlite_folder_drop(folder);
    }
}

static void
test_stop(void)
{
    char *folder = sqlite_folder();
    int status = 0;
    pid_t child = fork();
    if (child == 0)
    {
        work(folder, "stop:9"); /* before COMMIT */
        _exit(0);
    }
    g_assert_cmpint(waitpid(child, &status, WUNTRACED), ==, child);
    g_assert_true(WIFSTOPPED(status));
    g_assert_cmpint(kill(child, SIGCONT), ==, 0);
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    g_autofree char *rows = rows_in(folder);
    g_assert_cmpstr(rows, ==, "1");
    sqlite_folder_drop(folder);
}

static void
test_parse(void)
{
    static const char *const bad[] = {"", "kill", "kill:", "kill:0", "kill:x", "count:", "drop:-1"};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
    {
        g_autoptr(GError) error = NULL;
        g_assert_null(gw_fault_parse(bad[i], &error));
        g_assert_error(error, GW_ERROR, GW_CODE_CONFIG);
    }
}
#endif

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#if GW_FAULTS
    g_test_add_func("/fault/points are counted", test_count);
    g_test_add_func("/fault/a dropped connection commits only at the last point", test_drop);
    g_test_add_func("/fault/a killed process commits only at the last point", test_kill);
    g_test_add_func("/fault/a stopped process goes on when it is woken", test_stop);
    g_test_add_func("/fault/what is not understood is refused", test_parse);
#endif
    return g_test_run();
}
