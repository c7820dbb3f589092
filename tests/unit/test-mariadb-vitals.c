#include "mariadb.h"

#include "base/clock.h"
#include "base/thread.h"

static void
alter_table(gpointer data)
{
    g_autoptr(GError) ignored = NULL;
    gboolean done = gw_db_exec(data, "ALTER TABLE t ADD COLUMN w int", -1, NULL, &ignored);
    (void)done;
}

static void
await_waiting(gw_db *db, const char *session)
{
    gboolean waits = FALSE;
    gint64 until = gw_clock_now() + 5 * G_USEC_PER_SEC;
    while (!waits && gw_clock_now() < until)
    {
        gw_clock_sleep(20000);
        g_assert_true(gw_db_session_waits(db, session, &waits, NULL));
    }
    g_assert_true(waits);
}

static const gw_session *
find_session(const GPtrArray *sessions, const gw_db *db)
{
    for (guint i = 0; i < sessions->len; i++)
    {
        const gw_session *one = g_ptr_array_index(sessions, i);
        if (g_ascii_strtoull(one->id, NULL, 10) ==
            g_ascii_strtoull(gw_db_place(db)->session, NULL, 10))
        {
            return one;
        }
    }
    return NULL;
}

/* An ALTER waits behind an open transaction: `asker` is asked who it is. */
static void
with_waiting(const char *asker, gboolean certain)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(gw_db) holder = mariadb_open();
    g_autoptr(gw_db) waiter = gw_db_open_beside(holder, &error);
    g_autofree char *base = g_strdup(g_getenv(asker));
    *strrchr(base, '/') = '\0';
    g_autofree char *url = g_strconcat(base, "/", gw_db_place(holder)->database, NULL);
    g_setenv("GW_TEST_MARIADB_ASKER", url, TRUE);
    g_autoptr(gw_db) db = mariadb_open_as("GW_TEST_MARIADB_ASKER", "");
    mariadb_run(holder, "CREATE TABLE t (id int PRIMARY KEY)");
    mariadb_run(holder, "INSERT INTO t VALUES (1)");
    mariadb_run(holder, "BEGIN");
    mariadb_run(holder, "UPDATE t SET id = 2");
    gw_thread *thread = gw_thread_start(alter_table, waiter);
    const char *session = gw_db_place(waiter)->session;
    await_waiting(holder, session);
    g_autoptr(GPtrArray) blockers = gw_db_blockers(db, session, "t", &error);
    g_assert_no_error(error);
    const gw_session *found = find_session(blockers, holder);
    g_assert_nonnull(found);
    g_assert_cmpint(found->certain, ==, certain);
    g_assert_cmpstr(found->user, ==, "godwit");
    g_assert_null(find_session(blockers, waiter));
    g_assert_true(gw_db_cancel_session(holder, session, &error));
    gw_thread_join(thread);
    gw_db_rollback(holder);
    mariadb_run(holder, "ROLLBACK");
    mariadb_close(g_steal_pointer(&holder));
}

static void
test_candidates(void)
{
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(gw_db) root = mariadb_open_as("GW_TEST_MARIADB_ROOT", "");
    g_autofree char *performance = mariadb_ask(root, "SELECT @@performance_schema");
    with_waiting("GW_TEST_MARIADB", FALSE); /* sees its own user's sessions only */
    with_waiting("GW_TEST_MARIADB_ROOT", strcmp(performance, "1") == 0);
}

static void
test_lock_info(void)
{
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(gw_db) root = mariadb_open_as("GW_TEST_MARIADB_ROOT", "");
    mariadb_run(root, "INSTALL SONAME 'metadata_lock_info'");
    with_waiting("GW_TEST_MARIADB", TRUE);
    mariadb_run(root, "UNINSTALL SONAME 'metadata_lock_info'");
}

/* A row lock has a certain holder where INNODB_TRX may be read. */
static void
update_row(gpointer data)
{
    g_autoptr(GError) ignored = NULL;
    gboolean done = gw_db_exec(data, "UPDATE t SET a = 3", -1, NULL, &ignored);
    (void)done;
}

static void
test_row_locks(void)
{
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(gw_db) root = mariadb_open_as("GW_TEST_MARIADB_ROOT", "");
    g_autoptr(gw_db) holder = mariadb_open();
    g_autoptr(gw_db) waiter = gw_db_open_beside(holder, &error);
    mariadb_run(holder, "CREATE TABLE t (id int PRIMARY KEY, a int)");
    mariadb_run(holder, "INSERT INTO t VALUES (1, 1)");
    mariadb_run(holder, "BEGIN");
    mariadb_run(holder, "UPDATE t SET a = 2");
    gw_thread *thread = gw_thread_start(update_row, waiter);
    const gw_session *found = NULL;
    g_autoptr(GPtrArray) blockers = NULL;
    for (int i = 0; found == NULL && i < 100; i++)
    {
        gw_clock_sleep(50000);
        g_clear_pointer(&blockers, g_ptr_array_unref);
        blockers = gw_db_blockers(root, gw_db_place(waiter)->session, NULL, &error);
        g_assert_no_error(error);
        found = find_session(blockers, holder);
        found = found != NULL && found->certain ? found : NULL;
    }
    g_assert_nonnull(found);
    g_assert_cmpint(found->age, >, 0);
    mariadb_run(holder, "ROLLBACK");
    gw_thread_join(thread);
    mariadb_close(g_steal_pointer(&holder));
}

static void
long_alter(gpointer data)
{
    g_autoptr(GError) ignored = NULL;
    gboolean done = gw_db_exec(
        data, "ALTER TABLE t MODIFY a varchar(40) CHARACTER SET latin1", -1, NULL, &ignored);
    g_assert_false(done);
}

/* A schema change that is under way is undone before its session is gone. */
static void
test_end(void)
{
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(gw_db) db = mariadb_open();
    g_autoptr(gw_db) victim = gw_db_open_beside(db, &error);
    mariadb_run(db, "CREATE TABLE t (id int PRIMARY KEY, a varchar(40))");
    mariadb_run(db, "INSERT INTO t SELECT seq, seq FROM seq_1_to_300000");
    gw_thread *thread = gw_thread_start(long_alter, victim);
    gw_clock_sleep(200000);
    const char *const sessions[] = {gw_db_place(victim)->session, NULL};
    guint left = 1;
    gint64 until = gw_clock_now() + 20 * (gint64)G_USEC_PER_SEC;
    while (left > 0 && gw_clock_now() < until)
    {
        g_assert_true(gw_db_end_sessions(db, sessions, "godwit test", &left, &error));
        g_assert_no_error(error);
    }
    g_assert_cmpuint(left, ==, 0);
    mariadb_expect(db,
        "SELECT CHARACTER_SET_NAME FROM information_schema.COLUMNS WHERE TABLE_NAME "
        "= 't' AND COLUMN_NAME = 'a' AND TABLE_SCHEMA = DATABASE()",
        "utf8mb4");
    gw_thread_join(thread);
    mariadb_close(g_steal_pointer(&db));
}

/* Sessions of a server before the last restart are gone, whoever has their numbers now. */
static void
test_end_spares_others(void)
{
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(gw_db) db = mariadb_open_as("GW_TEST_MARIADB", "");
    g_autoptr(gw_db) other = gw_db_open_beside(db, &error);
    g_autofree char *id = mariadb_ask(other, "SELECT CONNECTION_ID()");
    g_autofree char *old = g_strdup_printf("%s 1000000000", id);
    const char *const sessions[] = {old, "4000000000", gw_db_place(db)->session, NULL};
    guint left = 9;
    g_assert_true(gw_db_end_sessions(db, sessions, NULL, &left, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(left, ==, 0);
    mariadb_expect(other, "SELECT 1", "1");
    mariadb_expect(db, "SELECT 1", "1"); /* nor does it end itself */
}

/* A session of another user cannot be ended, and is not taken for gone. */
static void
test_end_other_user(void)
{
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(gw_db) root = mariadb_open_as("GW_TEST_MARIADB_ROOT", "");
    g_autoptr(gw_db) db = mariadb_open_as("GW_TEST_MARIADB", "");
    const char *const sessions[] = {gw_db_place(root)->session, NULL};
    guint left = 0;
    g_assert_true(gw_db_end_sessions(db, sessions, NULL, &left, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(left, ==, 1);
    mariadb_expect(root, "SELECT 1", "1");
}

static const gw_check_line *
find_line(const GPtrArray *lines, const char *name)
{
    for (guint i = 0; i < lines->len; i++)
    {
        const gw_check_line *line = g_ptr_array_index(lines, i);
        if (strcmp(line->name, name) == 0)
        {
            return line;
        }
    }
    return NULL;
}

static void
test_checks(void)
{
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(gw_db) db = mariadb_open();
    g_autoptr(GPtrArray) lines = gw_db_checks(db, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < lines->len; i++)
    {
        const gw_check_line *line = g_ptr_array_index(lines, i);
        g_test_message("%s: %s%s%s", line->name, line->found, line->fix == NULL ? "" : " -> ",
            line->fix == NULL ? "" : line->fix);
        g_assert_false(line->bad);
    }
    g_assert_nonnull(find_line(lines, "triggers")->fix); /* binary log, and no SUPER */
    g_assert_nonnull(find_line(lines, "sessions of others")->fix);
    g_assert_null(find_line(lines, "rights on tables")->fix);
    g_assert_null(find_line(lines, "clock of the server")->fix);
    mariadb_run(db, "SET sql_mode = 'ANSI_QUOTES'");
    g_autoptr(GPtrArray) odd = gw_db_checks(db, &error);
    g_assert_true(find_line(odd, "sql_mode")->bad);
    g_autoptr(gw_db) root = mariadb_open_as("GW_TEST_MARIADB_ROOT", "");
    g_autoptr(GPtrArray) all = gw_db_checks(root, &error);
    g_assert_null(find_line(all, "triggers")->fix);
    g_assert_null(find_line(all, "sessions of others")->fix);
    mariadb_close(g_steal_pointer(&db));
}

static void
test_rights(void)
{
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(gw_db) root = mariadb_open_as("GW_TEST_MARIADB_ROOT", "");
    mariadb_run(root, "CREATE OR REPLACE USER gw_reader@'%' IDENTIFIED BY 'bar-tailed'");
    mariadb_run(root, "GRANT SELECT ON godwit.* TO gw_reader@'%'");
    g_autoptr(GUri) uri = g_uri_parse(g_getenv("GW_TEST_MARIADB"), G_URI_FLAGS_HAS_PASSWORD, NULL);
    g_autofree char *url =
        g_strdup_printf("mariadb://gw_reader:bar-tailed@127.0.0.1:%d/godwit", g_uri_get_port(uri));
    g_setenv("GW_TEST_MARIADB_READER", url, TRUE);
    g_autoptr(gw_db) db = mariadb_open_as("GW_TEST_MARIADB_READER", "");
    g_autoptr(GPtrArray) lines = gw_db_checks(db, &error);
    g_assert_no_error(error);
    const gw_check_line *rights = find_line(lines, "rights on tables");
    g_assert_true(rights->bad);
    g_assert_nonnull(strstr(rights->found, "CREATE"));
    g_assert_null(strstr(rights->found, "SELECT"));
    g_assert_true(g_str_has_prefix(rights->fix, "GRANT "));
    g_clear_pointer(&db, gw_db_close);
    mariadb_run(root, "DROP USER gw_reader@'%'");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, test) g_test_add_func("/mariadb/vitals/" name, test)
    ADD("candidates are named as such", test_candidates);
    ADD("metadata_lock_info makes them certain", test_lock_info);
    ADD("holders of row locks are certain", test_row_locks);
    ADD("a session is ended, and its work undone", test_end);
    ADD("sessions of an earlier server are let alone", test_end_spares_others);
    ADD("a session of another user is not taken for gone", test_end_other_user);
    ADD("checks see what is missing", test_checks);
    ADD("missing rights come with their GRANT", test_rights);
#undef ADD
    return g_test_run();
}
