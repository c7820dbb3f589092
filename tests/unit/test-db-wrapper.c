#include "db/wrapper.h"
#include "drivers/trace/trace.h"
#include "sqlite.h"

/* Drops the connection at one entry, before or after it. */
typedef struct cutter
{
    const char *sql;
    gboolean after;
    guint calls;
} cutter;

static gw_hook_answer
cut(cutter *self, const gw_call *call)
{
    gboolean here = call->sql != NULL && strncmp(call->sql, self->sql, strlen(self->sql)) == 0;
    return here ? GW_HOOK_DROP : GW_HOOK_GO_ON;
}

static gw_hook_answer
cut_before(gpointer data, const gw_call *call)
{
    cutter *self = data;
    self->calls++;
    return self->after ? GW_HOOK_GO_ON : cut(self, call);
}

static gw_hook_answer
cut_after(gpointer data, const gw_call *call)
{
    cutter *self = data;
    return self->after ? cut(self, call) : GW_HOOK_GO_ON;
}

static gw_db *
open_with(const gw_wrapper *wrapper, const char *folder)
{
    const gw_driver *const drivers[] = {gw_wrapper_driver(wrapper), NULL};
    const gw_connect how = {.url = "sqlite:x.db", .base = folder, .create = TRUE};
    g_autoptr(GError) error = NULL;
    gw_db *db = gw_db_open(drivers, &how, &error);
    g_assert_no_error(error);
    return db;
}

/* A commit whose connection goes before or after it: unknown either way, done in one only. */
static void
commit_cut(gboolean after, const char *rows)
{
    char *folder = sqlite_folder();
    cutter self = {.sql = "COMMIT", .after = after};
    const gw_hooks hooks = {.before = cut_before, .after = cut_after, .data = &self};
    g_autoptr(gw_wrapper) wrapper = gw_wrapper_new(&gw_sqlite_driver, &hooks);
    gw_db *db = open_with(wrapper, folder);
    g_autoptr(GError) error = NULL;
    sqlite_run(db, "CREATE TABLE t (x)");
    g_assert_true(gw_db_begin(db, NULL));
    sqlite_run(db, "INSERT INTO t VALUES (1)");
    g_assert_false(gw_db_commit(db, &error));
    g_assert_error(error, GW_ERROR, GW_CODE_COMMIT_UNKNOWN);
    g_assert_false(gw_db_alive(db));
    g_assert_false(gw_db_in_transaction(db));
    g_clear_error(&error);
    g_assert_false(gw_db_exec(db, "SELECT 1", -1, NULL, &error));
    g_assert_error(error, GW_ERROR, GW_CODE_CONNECTION_LOST);
    gw_db_rollback(db);
    gw_db_close(db);
    g_assert_cmpuint(self.calls, >, 3);
    db = sqlite_open(folder, "x.db");
    sqlite_answer(db, "SELECT count(*) FROM t", rows);
    gw_db_close(db);
    sqlite_folder_drop(folder);
}

static void
test_commit_before(void)
{
    commit_cut(FALSE, "0");
}

static void
test_commit_after(void)
{
    commit_cut(TRUE, "1");
}

static void
test_pipeline(void)
{
    char *folder = sqlite_folder();
    cutter self = {.sql = "COMMIT", .after = TRUE};
    const gw_hooks hooks = {.before = cut_before, .after = cut_after, .data = &self};
    g_autoptr(gw_wrapper) wrapper = gw_wrapper_new(&gw_sqlite_driver, &hooks);
    gw_db *db = open_with(wrapper, folder);
    guint failed = 99;
    g_autoptr(GError) error = NULL;
    g_assert_true(gw_db_pipeline_begin(db, NULL));
    g_assert_true(gw_db_pipeline_send(db, "BEGIN", -1, NULL, 0));
    g_assert_true(gw_db_pipeline_send(db, "CREATE TABLE t (x)", -1, NULL, 0));
    g_assert_false(gw_db_pipeline_send(db, "COMMIT", -1, NULL, 0));
    g_assert_false(gw_db_pipeline_flush(db, &failed, NULL, &error));
    g_assert_error(error, GW_ERROR, GW_CODE_COMMIT_UNKNOWN);
    g_assert_cmpuint(failed, ==, 2);
    gw_db_close(db);
    sqlite_folder_drop(folder);
}

/* A result that is open when its connection goes, and one whose query is cut. */
static void
test_rows(void)
{
    char *folder = sqlite_folder();
    cutter self = {.sql = "SELECT 2", .after = TRUE};
    const gw_hooks hooks = {.before = cut_before, .after = cut_after, .data = &self};
    g_autoptr(gw_wrapper) wrapper = gw_wrapper_new(&gw_sqlite_driver, &hooks);
    gw_db *db = open_with(wrapper, folder);
    const gw_cell *cells = NULL;
    g_autoptr(GError) error = NULL;
    gw_rows *read = gw_db_query(db, "SELECT 1", NULL, 0, NULL);
    g_assert_true(gw_rows_next(read, &cells, NULL) && gw_rows_next(read, &cells, NULL));
    g_assert_null(gw_db_query(db, "SELECT 2", NULL, 0, &error));
    g_assert_error(error, GW_ERROR, GW_CODE_CONNECTION_LOST);
    g_assert_null(gw_rows_column(read, 0));
    gw_rows_finish(read);
    gw_db_close(db);
    sqlite_folder_drop(folder);
}

static void
keep_line(gpointer data, const char *text)
{
    g_ptr_array_add(data, g_strdup(text));
}

static void
test_trace(void)
{
    char *folder = sqlite_folder();
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
    gw_wrapper *trace = gw_trace_new(&gw_sqlite_driver, keep_line, lines);
    gw_db *db = open_with(trace, folder);
    g_autoptr(GError) error = NULL;
    g_assert_false(gw_db_exec(db, "SELECT\n  nix", -1, NULL, &error));
    gw_db_close(db);
    gw_trace_free(trace);
    g_assert_cmpuint(lines->len, ==, 3);
    g_assert_true(g_str_has_prefix(g_ptr_array_index(lines, 0), "open "));
    const char *exec = g_ptr_array_index(lines, 1);
    g_assert_nonnull(strstr(exec, "SELECT   nix -> NO_COLUMN: no such column: nix"));
    g_assert_true(g_str_has_prefix(g_ptr_array_index(lines, 2), "close "));
    sqlite_folder_drop(folder);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func(
        "/db/wrapper/a commit cut before it is unknown and not done", test_commit_before);
    g_test_add_func("/db/wrapper/a commit cut after it is unknown and done", test_commit_after);
    g_test_add_func("/db/wrapper/a commit cut in the pipeline is unknown", test_pipeline);
    g_test_add_func("/db/wrapper/results outlive their connection", test_rows);
    g_test_add_func("/db/wrapper/a trace tells each call and its end", test_trace);
    return g_test_run();
}
