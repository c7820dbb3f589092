#include "ledger/ledger.h"
#include "sqlite.h"

/* A ledger of project "shop" in a new file. */
static gw_ledger *
shop(gw_db *db)
{
    g_autoptr(GError) error = NULL;
    gw_ledger *ledger = gw_ledger_open(db, "shop", "godwit", &error);
    g_assert_no_error(error);
    g_assert_true(gw_ledger_create(ledger, &error));
    g_assert_no_error(error);
    return ledger;
}

/* An event of a migration; `state` "": it is pending from then on. */
static void
add(gw_db *db, int number, const char *version, const char *state, int origin)
{
    g_autofree char *sql = g_strdup_printf(
        "INSERT INTO godwit_events VALUES ('shop', 'main', %d, 1, 'up', '%s', 'name %d', "
        "'migration', '%s', '%s', '', 'raw %s', 'token %s', %d, %d, 0, 'began %d', -1, "
        "'written %d', '', '', '')",
        number, version, number, state, *state == '\0' ? "down" : "up", version, version,
        number / 10, origin, number, number);
    sqlite_run(db, sql);
}

static gw_history *
read_history(gw_ledger *ledger)
{
    g_autoptr(GError) error = NULL;
    gw_history *history = gw_ledger_history(ledger, &error);
    g_assert_no_error(error);
    return history;
}

static void
expect(const gw_history *history, guint index, const char *version, gint64 event)
{
    const gw_record *record = &g_array_index(history->records, gw_record, index);
    g_autofree char *name = g_strdup_printf("name %d", (int)event);
    g_autofree char *written = g_strdup_printf("written %d", (int)event);
    g_autofree char *raw = g_strdup_printf("raw %s", version);
    g_assert_cmpstr(record->version, ==, version);
    g_assert_cmpint(record->event, ==, event);
    g_assert_cmpstr(record->name, ==, name);
    g_assert_cmpstr(record->written, ==, written);
    g_assert_cmpstr(record->raw_sha256, ==, raw);
    g_assert_cmpstr(record->direction, ==, "up");
    g_assert_true(gw_history_find(history, version) == record);
}

static void
the_last_event_of_a_version_counts(void)
{
    char *folder = sqlite_folder();
    gw_db *db = sqlite_open(folder, "sqlite:x.db");
    gw_ledger *ledger = shop(db);
    add(db, 1, "a", "interrupted", 1);
    add(db, 2, "b", "applied", 2);
    add(db, 3, "a", "applied", 1);
    add(db, 4, "c", "applied", 4);
    g_autoptr(gw_history) history = read_history(ledger);
    g_assert_cmpuint(history->records->len, ==, 3);
    expect(history, 0, "a", 3);
    expect(history, 1, "b", 2);
    expect(history, 2, "c", 4);
    gw_ledger_free(ledger);
    gw_db_close(db);
    sqlite_folder_drop(folder);
}

static void
what_was_undone_is_gone_and_comes_back_behind_the_others(void)
{
    char *folder = sqlite_folder();
    gw_db *db = sqlite_open(folder, "sqlite:x.db");
    gw_ledger *ledger = shop(db);
    add(db, 1, "a", "applied", 1);
    add(db, 2, "b", "applied", 2);
    add(db, 3, "c", "applied", 3);
    add(db, 11, "c", "", 3);
    add(db, 12, "a", "", 1);
    gw_history *history = read_history(ledger);
    g_assert_cmpuint(history->records->len, ==, 1);
    expect(history, 0, "b", 2);
    g_assert_null(gw_history_find(history, "a"));
    g_assert_cmpint(history->last_batch, ==, 0);
    gw_history_unref(history);
    add(db, 21, "a", "applied", 21);
    history = read_history(ledger);
    g_assert_cmpuint(history->records->len, ==, 2);
    expect(history, 0, "b", 2);
    expect(history, 1, "a", 21);
    g_assert_cmpint(history->last_batch, ==, 2);
    gw_history_unref(history);
    gw_ledger_free(ledger);
    gw_db_close(db);
    sqlite_folder_drop(folder);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ledger/history/last", the_last_event_of_a_version_counts);
    g_test_add_func(
        "/ledger/history/undone", what_was_undone_is_gone_and_comes_back_behind_the_others);
    return g_test_run();
}
