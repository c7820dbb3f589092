#include "fake-godwit.h"
#include "report/columns.h"
#include "report/page.h"

static char *
print_as(const char *command, const char *json, gw_page page)
{
    g_autoptr(godwit_value) result = fake_value(json);
    page.style.width = 100;
    page.out = g_string_new(NULL);
    gw_page_result(&page, command, result);
    return g_string_free(page.out, FALSE);
}

static char *
print(const char *command, const char *json)
{
    return print_as(command, json, (gw_page){0});
}

static void
assert_has(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
    {
        g_error("\"%s\" is not in:\n%s", part, text);
    }
}

static void
assert_fits(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++)
    {
        g_assert_cmpuint(gw_columns(lines[i]), <=, 100);
    }
}

static void
status_lists_migrations_and_sums_them_up(void)
{
    g_autofree char *text = print("status",
        "{'target': {'engine': 'sqlite', 'version': '3.40.1', 'database': 'app.db', 'url':"
        " 'sqlite:app.db', 'origin': 'godwit.yaml:3', 'protected': false}, 'ledger': true,"
        " 'counts': {'applied': 1, 'pending': 1}, 'migrations': [{'version': '2024', 'name':"
        " 'users', 'state': 'applied', 'applied_at': '2026-11-22T10:03:41.123456Z', 'batch': 1,"
        " 'duration_us': 1200000, 'actor': 'bob'}, {'version': '2025', 'name': 'orders', 'state':"
        " 'pending'}]}");
    g_assert_cmpstr(text, ==,
        "target: sqlite 3.40.1, database app.db\n"
        "url:    sqlite:app.db  from godwit.yaml:3\n"
        "Version  Name    State    Applied (UTC)        Batch    Took  By\n"
        "2024     users   applied  2026-11-22 10:03:41      1  1.20 s  bob\n"
        "2025     orders  pending\n"
        "1 applied, 1 pending\n");
}

static void
status_says_what_is_out_of_the_ordinary(void)
{
    g_autofree char *text = print("status",
        "{'ledger': false, 'foreign': {'tool': 'flyway', 'table': 'flyway_schema_history',"
        " 'applied': 3}, 'running': {'command': 'up', 'actor': 'bob', 'host': 'ci', 'pid': 7,"
        " 'since': '2026-11-22T10:00:00Z'}, 'heads': ['1', '2'], 'left_out': 5, 'ignored':"
        " ['README'], 'counts': {}, 'migrations': []}");
    assert_has(text, "no ledger here yet");
    assert_has(text, "history of flyway in flyway_schema_history: 3 applied");
    assert_has(text, "running: up by bob on ci (pid 7) since 2026-11-22 10:00:00 UTC");
    assert_has(text, "more than one head: 1, 2");
    assert_has(text, "5 older applied ones are not listed");
    assert_has(text, "ignored: README");
    assert_has(text, "no migrations");
}

static void
status_does_not_call_a_dead_run_running(void)
{
    g_autofree char *text =
        print("status", "{'running': {'command': 'up', 'actor': 'bob', 'host': 'ci', 'pid': 7,"
                        " 'since': '2026-11-22T10:00:00Z', 'step': '2025', 'dead': true},"
                        " 'counts': {}, 'migrations': []}");
    assert_has(text, "died: up by bob on ci (pid 7) since 2026-11-22 10:00:00 UTC, at 2025\n");
    g_assert_null(strstr(text, "running"));
}

static const char plan[] =
    "{'target': {'engine': 'postgres', 'version': '15.20', 'database': 'shop', 'host': 'db1',"
    " 'environment': 'production', 'protected': true, 'replica': false, 'url':"
    " 'postgres://app@db1/shop', 'origin': 'environment DATABASE_URL'}, 'migrations': [{"
    " 'version': '2024', 'name': 'users', 'direction': 'up', 'reversible': 'irreversible',"
    " 'steps': [{'id': 1, 'statement': 'ALTER TABLE orders ADD COLUMN total numeric(12,2) NOT NULL"
    " DEFAULT 0 and very much more than fits into one line', 'count': 3, 'blocks': 'reads and"
    " writes', 'locks': [{'relation': 'orders', 'lock': 'ACCESS EXCLUSIVE', 'blocks':"
    " 'reads and writes', 'span': 'until commit'}], 'rewrite': 'yes', 'scan': 'no',"
    " 'transaction': 1, 'rows': 12800000, 'bytes': 1500000000, 'destroys': ['column x']},"
    " {'id': 2, 'statement': 'CREATE INDEX i', 'blocks': 'nothing', 'transaction': 0}],"
    " 'warnings': ['no down']}], 'warnings': ['old']}";

static void
a_plan_shows_locks_rewrites_bounds_and_undo(void)
{
    g_autofree char *text = print("plan", plan);
    assert_has(text, "environment production, protected,");
    assert_has(text, "primary");
    assert_has(text, "from environment DATABASE_URL");
    assert_has(text, "reads and writes, until");
    assert_has(text, "\n  begin\n");
    assert_has(text, "\n  commit\n");
    assert_has(text, "12.8M");
    assert_has(text, "1.4 GB");
    assert_has(text, "irreversible");
    assert_has(text, "destroys: column x");
    assert_has(text, "warning: no down");
    assert_has(text, "warning: old");
    assert_has(text, "and 2 more)");
    g_assert_null(strstr(text, "ACCESS EXCLUSIVE"));
    assert_fits(text);
}

static void
a_verbose_plan_names_the_locks(void)
{
    g_autofree char *text = print_as("plan", plan, (gw_page){.verbose = TRUE});
    assert_has(text, "lock: ACCESS EXCLUSIVE on orders, blocks reads and writes");
}

static void
a_long_plan_is_cut_where_it_is_only_shown_before_a_run(void)
{
    g_autofree char *text = print_as("plan", plan, (gw_page){.most = 1});
    assert_has(text, "and 1 more steps (`godwit plan` lists all)");
    g_assert_null(strstr(text, "CREATE INDEX"));
}

static void
the_sql_of_a_plan_is_printed_as_it_is(void)
{
    g_autofree char *text = print("plan", "{'sql': 'SELECT\\t1;\\n'}");
    g_assert_cmpstr(text, ==, "SELECT\t1;\n");
}

static void
a_run_is_one_line(void)
{
    g_autofree char *text = print("up",
        "{'batch': 7, 'longest_stall_us': 12000, 'retries': 1, 'migrations': [{'state':"
        " 'applied', 'duration_us': 400000}, {'state': 'applied', 'duration_us': 10000}],"
        " 'left_out': 0, 'duration_us': 410000}");
    g_assert_cmpstr(text, ==,
        "applied 2 migrations in 410 ms (batch 7); longest stall 12 ms; tried again 1 time\n");
    const char *warned = "{'migrations': [], 'warnings': ['old'], 'recovered': ['2 was done']}";
    g_autofree char *once = print("up", warned);
    assert_has(once, "recovered: 2 was done\nwarning: old\n");
    g_autofree char *told = print_as("up", warned, (gw_page){.told = TRUE});
    g_assert_null(strstr(told, "old"));
    g_autofree char *none = print("up", "{'migrations': []}");
    g_assert_cmpstr(none, ==, "nothing to do: no migration is pending\n");
    g_autofree char *failed = print_as("up", "{'migrations': []}", (gw_page){.failed = TRUE});
    g_assert_cmpstr(failed, ==, "");
    g_autofree char *redone = print("redo",
        "{'migrations': [{'state': 'pending', 'direction': 'down', 'duration_us': 1000}, {'state':"
        " 'applied', 'direction': 'up', 'duration_us': 1000}],"
        " 'duration_us': 2000}");
    g_assert_cmpstr(redone, ==, "undid and applied again 1 migration in 2 ms\n");
}

static void
a_long_run_is_summed_up_whole(void)
{
    g_autofree char *text = print("up", "{'migrations': [{'state': 'applied', 'duration_us': 1}],"
                                        " 'left_out': 9000, 'duration_us': 2000000}");
    g_assert_cmpstr(text, ==, "applied 9001 migrations in 2.00 s\n");
}

static void
failed_checks_show_rows_and_keys(void)
{
    g_autofree char *text = print_as("verify",
        "{'migrations': [{'version': '2024', 'name': 'users', 'state': 'unverified', 'checks':"
        " [{'line': 7, 'statement': 'SELECT id', 'rows': 2, 'sample': ['id=1', 'id=2']}, {'line':"
        " 9, 'statement': 'SELECT 2', 'rows': 0}]}]}",
        (gw_page){.failed = TRUE});
    g_assert_cmpstr(text, ==,
        "2024 users: unverified\n"
        "  line 7: SELECT id\n"
        "    2 rows break it, such as id=1, id=2\n");
}

static void
other_results_are_short_lists(void)
{
    g_autofree char *mark = print(
        "mark", "{'changes': [{'version': '1', 'name': 'a', 'from': 'pending', 'to': 'applied'}]}");
    assert_has(mark, "1        a     pending  applied\n");
    g_autofree char *log = print("log",
        "{'events': [{'sequence': 1, 'at': '2026-11-22T10:03:41.5Z', 'type': 'applied', 'version':"
        " '1', 'actor': 'bob', 'host': 'ci', 'text': 'in batch 1'}]}");
    assert_has(log, "1  2026-11-22 10:03:41  applied  1        bob@ci  in batch 1");
    g_autofree char *altered = print("log", "{'check': {'events': 9, 'altered': 4}}");
    assert_has(altered, "altered from event 4 on (9 events)");
    g_autofree char *sound = print("log", "{'check': {'events': 9, 'altered': null}}");
    assert_has(sound, "audit chain: 9 events, none altered");
    g_autofree char *doctor = print(
        "doctor", "{'checks': [{'name': 'rights', 'found': 'none', 'fix': 'GRANT', 'bad': true}]}");
    assert_has(doctor, "bad  rights: none\n     fix: GRANT\n1 check, 1 problem\n");
    g_autofree char *config =
        print("config", "{'values': [{'key': 'url', 'value': 'x', 'origin': '.env:1'}]}");
    assert_has(config, "url  x      .env:1\n");
    g_autofree char *made = print("init", "{'created': ['godwit.yaml'], 'next': 'godwit new'}");
    g_assert_cmpstr(made, ==, "created godwit.yaml\nnext:   godwit new\n");
    g_autofree char *waited = print("wait", "{'waited_us': 1200000}");
    assert_has(waited, "after 1.20 s");
    g_autofree char *seed =
        print("seed", "{'files': [{'file': 'a.sql', 'statements': 3, 'duration_us': 1000}]}");
    assert_has(seed, "seeded from 1 file\n");
}

static void
a_result_without_a_page_is_json(void)
{
    g_autofree char *text = print("unheard-of", "{'a': 1}");
    assert_has(text, "\"a\" : 1");
}

static void
values_cannot_write_on_the_terminal(void)
{
    g_autofree char *text = print("status",
        "{'counts': {}, 'target': {'database': '\\u001b[2Jx'}, 'migrations': [{'version': '1',"
        " 'name': '\\u001b[31m', 'state': 'pending'}], 'ignored': ['\\u001bc']}");
    g_assert_null(strchr(text, '\033'));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/page/status lists migrations and sums them up",
        status_lists_migrations_and_sums_them_up);
    g_test_add_func("/report/page/status says what is out of the ordinary",
        status_says_what_is_out_of_the_ordinary);
    g_test_add_func("/report/page/a status does not call a dead run running",
        status_does_not_call_a_dead_run_running);
    g_test_add_func("/report/page/a plan shows locks, rewrites, bounds and undo",
        a_plan_shows_locks_rewrites_bounds_and_undo);
    g_test_add_func("/report/page/a verbose plan names the locks", a_verbose_plan_names_the_locks);
    g_test_add_func("/report/page/a long plan is cut where it is only shown before a run",
        a_long_plan_is_cut_where_it_is_only_shown_before_a_run);
    g_test_add_func("/report/page/the SQL of a plan is printed as it is",
        the_sql_of_a_plan_is_printed_as_it_is);
    g_test_add_func("/report/page/a long run is summed up whole", a_long_run_is_summed_up_whole);
    g_test_add_func("/report/page/a run is one line", a_run_is_one_line);
    g_test_add_func(
        "/report/page/failed checks show rows and keys", failed_checks_show_rows_and_keys);
    g_test_add_func("/report/page/other results are short lists", other_results_are_short_lists);
    g_test_add_func(
        "/report/page/a result without a page is JSON", a_result_without_a_page_is_json);
    g_test_add_func(
        "/report/page/values cannot write on the terminal", values_cannot_write_on_the_terminal);
    return g_test_run();
}
