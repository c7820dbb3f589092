/* Connections: where they are, locks, limits, cancelling, what other sessions do. */
#include "base/clock.h"
#include "base/thread.h"
#include "contract.h"

static void
a_connection_knows_where_it_is(fixture *at)
{
    const gw_place *place = gw_db_place(at->db);
    g_assert_true(gw_db_alive(at->db));
    g_assert_nonnull(place->host);
    g_assert_nonnull(place->database);
    g_assert_nonnull(place->schema);
    g_assert_nonnull(place->user);
    g_assert_true(g_ascii_isdigit(place->version[0]));
    g_assert_false(place->replica);
    g_assert_true(gw_db_has(at->db, GW_FEATURE_SERVER) == (place->session != NULL) ||
                  !gw_db_has(at->db, GW_FEATURE_SERVER));
    g_autofree char *redacted = at->subject->driver->redact(at->url);
    g_assert_nonnull(redacted);
}

static void
a_second_connection_is_beside(fixture *at)
{
    g_autoptr(GError) error = NULL;
    drop(at->db, "gwc_beside");
    run(at->db, "CREATE TABLE gwc_beside (id integer PRIMARY KEY)");
    g_autoptr(gw_db) beside = gw_db_open_beside(at->db, &error);
    g_assert_no_error(error);
    assert_answer(beside, "SELECT count(*) FROM gwc_beside", "0");
    g_assert_cmpstr(gw_db_place(beside)->database, ==, gw_db_place(at->db)->database);
    drop(at->db, "gwc_beside");
}

static gboolean
take(gw_db *db, const char *name)
{
    gboolean taken = FALSE;
    g_autoptr(GError) error = NULL;
    gboolean asked = gw_db_lock(db, name, &taken, &error);
    g_assert_no_error(error);
    g_assert_true(asked);
    return taken;
}

static void
a_named_lock_has_one_holder(fixture *at)
{
    if (!gw_db_has(at->db, GW_FEATURE_SESSION_LOCK) && !gw_db_has(at->db, GW_FEATURE_FILE_LOCK))
    {
        g_test_skip("no lock by name");
        return;
    }
    gw_db *other = fixture_open(at);
    g_assert_true(take(at->db, "gwc one"));
    g_assert_false(take(other, "gwc one"));
    g_assert_true(take(other, "gwc two"));
    g_assert_false(take(at->db, "gwc two"));
    gw_db_unlock(at->db, "gwc one");
    g_assert_true(take(other, "gwc one"));
    g_assert_false(take(at->db, "gwc one"));
    gw_db_close(other);
    gint64 until = gw_clock_now() + 5 * G_USEC_PER_SEC;
    while (!take(at->db, "gwc one") && gw_clock_now() < until)
    {
        gw_clock_sleep(20000); /* a server may need a moment to notice */
    }
    g_assert_true(take(at->db, "gwc two"));
    gw_db_unlock(at->db, "gwc one");
    gw_db_unlock(at->db, "gwc two");
}

static void
a_reset_puts_back_the_session(fixture *at)
{
    g_autofree char *before = ask(at->db, at->subject->setting);
    gboolean lockable =
        gw_db_has(at->db, GW_FEATURE_SESSION_LOCK) || gw_db_has(at->db, GW_FEATURE_FILE_LOCK);
    g_autoptr(gw_db) other = fixture_open(at);
    g_assert_true(!lockable || take(at->db, "gwc reset"));
    run(at->db, at->subject->change);
    g_autofree char *changed = ask(at->db, at->subject->setting);
    g_assert_cmpstr(changed, !=, before);
    g_autoptr(GError) error = NULL;
    g_assert_true(gw_db_reset(at->db, &error));
    g_assert_no_error(error);
    assert_answer(at->db, at->subject->setting, before);
    g_assert_true(!lockable || !take(other, "gwc reset"));
    gw_db_unlock(at->db, "gwc reset");
}

static void
cancel_later(gpointer data)
{
    gw_clock_sleep(300000);
    gw_db_cancel(data);
}

static void
another_thread_cancels(fixture *at)
{
    GError *error = NULL;
    gint64 start = gw_clock_now();
    gw_thread *thread = gw_thread_start(cancel_later, at->db);
    g_assert_false(gw_db_exec(at->db, at->subject->slow, -1, NULL, &error));
    gw_thread_join(thread);
    assert_code(error, GW_CODE_CANCELLED);
    g_assert_cmpint(gw_clock_now() - start, <, 10 * G_USEC_PER_SEC);
    assert_answer(at->db, "SELECT 1", "1");
}

static void
a_statement_has_its_time(fixture *at)
{
    GError *error = NULL;
    const gw_limits limits = {.statement = 300000};
    const gw_limits none = {.statement = 0};
    gint64 start = gw_clock_now();
    g_assert_true(gw_db_limit(at->db, &limits, NULL));
    g_assert_false(gw_db_exec(at->db, at->subject->slow, -1, NULL, &error));
    assert_code(error, GW_CODE_TIMEOUT);
    g_assert_cmpint(gw_clock_now() - start, <, 10 * G_USEC_PER_SEC);
    g_assert_true(gw_db_limit(at->db, &none, NULL));
    assert_answer(at->db, "SELECT 1", "1");
}

static void
a_lock_is_waited_for_as_long_as_said(fixture *at)
{
    GError *error = NULL;
    const gw_limits limits = {.lock_wait = 200000};
    drop(at->db, "gwc_wait");
    run(at->db, "CREATE TABLE gwc_wait (id integer PRIMARY KEY, v integer)");
    run(at->db, "INSERT INTO gwc_wait VALUES (1, 1)");
    g_autoptr(gw_db) other = fixture_open(at);
    g_assert_true(gw_db_begin(at->db, NULL));
    run(at->db, "UPDATE gwc_wait SET v = 2");
    g_assert_true(gw_db_limit(other, &limits, NULL));
    gint64 start = gw_clock_now();
    g_assert_false(
        gw_db_exec(other, "ALTER TABLE gwc_wait ADD COLUMN w integer", -1, NULL, &error));
    gint64 waited = gw_clock_now() - start;
    g_assert_cmpint(gw_error_retry(error), ==, GW_RETRY_LOCK);
    assert_code(error, GW_CODE_LOCK_TIMEOUT);
    g_assert_cmpint(waited, >=, 150000);
    g_assert_cmpint(waited, <, 4 * G_USEC_PER_SEC);
    gw_db_rollback(at->db);
    run(other, "ALTER TABLE gwc_wait ADD COLUMN w integer");
    drop(other, "gwc_wait");
}

static void
a_session_can_be_ended(fixture *at)
{
    guint left = 99;
    g_autoptr(GError) error = NULL;
    if (!gw_db_has(at->db, GW_FEATURE_SERVER))
    {
        g_assert_true(gw_db_end_sessions(at->db, NULL, NULL, &left, &error));
        g_assert_cmpuint(left, ==, 0);
        return;
    }
    drop(at->db, "gwc_end");
    run(at->db, "CREATE TABLE gwc_end (id integer PRIMARY KEY)");
    g_autoptr(gw_db) victim = fixture_open(at);
    g_assert_true(gw_db_begin(victim, NULL));
    run(victim, "INSERT INTO gwc_end VALUES (1)");
    const char *const sessions[] = {gw_db_place(victim)->session, NULL};
    gint64 until = gw_clock_now() + 5 * G_USEC_PER_SEC;
    do
    {
        g_assert_true(gw_db_end_sessions(at->db, sessions, NULL, &left, &error));
    } while (left > 0 && gw_clock_now() < until);
    g_assert_cmpuint(left, ==, 0);
    GError *lost = NULL;
    g_assert_false(gw_db_commit(victim, &lost));
    g_assert_cmpint(gw_error_retry(lost), ==, GW_RETRY_CONNECTION);
    assert_code(lost, GW_CODE_COMMIT_UNKNOWN);
    lost = NULL;
    g_assert_false(gw_db_alive(victim));
    g_assert_false(gw_db_exec(victim, "SELECT 1", -1, NULL, &lost));
    assert_code(lost, GW_CODE_CONNECTION_LOST);
    assert_answer(at->db, "SELECT count(*) FROM gwc_end", "0");
    drop(at->db, "gwc_end");
}

static void
alter_blocked(gpointer data)
{
    gw_db *db = data;
    g_autoptr(GError) ignored = NULL;
    gboolean done =
        gw_db_exec(db, "ALTER TABLE gwc_block ADD COLUMN w integer", -1, NULL, &ignored);
    g_assert_false(done);
}

static gboolean
has_session(const GPtrArray *sessions, const char *session)
{
    for (guint i = 0; sessions != NULL && i < sessions->len; i++)
    {
        const gw_session *one = g_ptr_array_index(sessions, i);
        gsize length = strlen(one->id);
        if (g_str_has_prefix(session, one->id) && !g_ascii_isdigit(session[length]))
        {
            return TRUE;
        }
    }
    return FALSE;
}

/* Wait until the server sees the session wait for a lock. */
static gboolean
await_waiting(gw_db *db, const char *session)
{
    gboolean waits = FALSE;
    gint64 until = gw_clock_now() + 5 * G_USEC_PER_SEC;
    while (!waits && gw_clock_now() < until)
    {
        gw_clock_sleep(50000);
        g_assert_true(gw_db_session_waits(db, session, &waits, NULL));
    }
    return waits;
}

static void
blockers_are_named(fixture *at)
{
    if (!gw_db_has(at->db, GW_FEATURE_SERVER))
    {
        g_autoptr(GPtrArray) none = gw_db_blockers(at->db, NULL, NULL, NULL);
        g_assert_cmpuint(none->len, ==, 0);
        return;
    }
    drop(at->db, "gwc_block");
    run(at->db, "CREATE TABLE gwc_block (id integer PRIMARY KEY)");
    run(at->db, "INSERT INTO gwc_block VALUES (1)");
    g_autoptr(gw_db) holder = fixture_open(at);
    g_autoptr(gw_db) waiter = fixture_open(at);
    g_assert_true(gw_db_begin(holder, NULL));
    run(holder, "DELETE FROM gwc_block");
    gw_thread *thread = gw_thread_start(alter_blocked, waiter);
    const char *session = gw_db_place(waiter)->session;
    g_assert_true(await_waiting(at->db, session));
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) blockers = gw_db_blockers(at->db, session, "gwc_block", &error);
    g_assert_no_error(error);
    g_assert_true(has_session(blockers, gw_db_place(holder)->session));
    g_assert_true(gw_db_cancel_session(at->db, session, &error));
    g_assert_no_error(error);
    gw_thread_join(thread);
    gw_db_rollback(holder);
    drop(at->db, "gwc_block");
}

static void
checks_have_names(fixture *at)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) lines = gw_db_checks(at->db, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(lines->len, >, 0);
    for (guint i = 0; i < lines->len; i++)
    {
        const gw_check_line *line = g_ptr_array_index(lines, i);
        g_assert_nonnull(line->name);
        g_assert_nonnull(line->found);
        g_assert_true(!line->bad || line->fix != NULL);
    }
}

const contract contract_sessions[] = {
    {"a connection knows where it is", a_connection_knows_where_it_is},
    {"a second connection is beside the first", a_second_connection_is_beside},
    {"a named lock has one holder", a_named_lock_has_one_holder},
    {"a reset puts the session back and keeps its lock", a_reset_puts_back_the_session},
    {"another thread cancels a statement", another_thread_cancels},
    {"a statement has its time", a_statement_has_its_time},
    {"a lock is waited for as long as was said", a_lock_is_waited_for_as_long_as_said},
    {"a session can be ended", a_session_can_be_ended},
    {"blockers are named", blockers_are_named},
    {"checks have names, and what is bad has a remedy", checks_have_names},
    {NULL, NULL},
};
