#include "base/clock.h"
#include "fake-godwit.h"
#include "report/live.h"

/* What a live report writes, told in between by `act`. */
static char *
record(const gw_live_options *options, void (*act)(gw_live *live))
{
    char *text = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&text, &length);
    gw_live *live = gw_live_new(file, options);
    act(live);
    gw_live_free(live);
    fclose(file);
    char *copy = g_strdup(text);
    free(text);
    return copy;
}

static void
say(gw_live *live, const char *type, const char *text, gint64 microseconds)
{
    godwit_event event = {
        .type = type,
        .version = "2024",
        .name = "users",
        .direction = "up",
        .text = text,
        .ordinal = 1,
        .total = 2,
        .microseconds = microseconds,
    };
    gw_live_event(live, &event);
}

static void
run_one(gw_live *live)
{
    say(live, "migration_begin", NULL, 0);
    say(live, "step_begin", "CREATE TABLE users", 0);
    say(live, "step_waiting", "blocked by app (pid 7)", 1200000);
    say(live, "step_waiting", "blocked by app (pid 7)", 1300000);
    say(live, "step_end", "CREATE TABLE users", 12000);
    say(live, "migration_end", NULL, 13000);
    gw_live_say(live, "warning", "careful");
    say(live, "run_end", NULL, 0);
}

static void
without_a_terminal_lines_are_told_once(void)
{
    const gw_live_options options = {.style = {.width = 100}};
    g_autofree char *text = record(&options, run_one);
    g_assert_cmpstr(text, ==,
        "waiting: 2024 users: blocked by app (pid 7), 1.20 s\n"
        "up  2024 users  13 ms\n"
        "warning: careful\n");
}

static void
verbose_tells_each_step(void)
{
    const gw_live_options options = {.style = {.width = 100}, .verbose = TRUE};
    g_autofree char *text = record(&options, run_one);
    g_assert_nonnull(strstr(text, "    1/2  CREATE TABLE users  12 ms\n"));
}

static void
quiet_tells_nothing(void)
{
    const gw_live_options options = {.style = {.width = 100}, .quiet = TRUE};
    g_autofree char *text = record(&options, run_one);
    g_assert_cmpstr(text, ==, "");
}

static void
json_is_a_document_for_each_event(void)
{
    const gw_live_options options = {.style = {.width = 100}, .json = TRUE};
    g_autofree char *text = record(&options, run_one);
    g_auto(GStrv) lines = g_strsplit(g_strchomp(text), "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, 8);
    g_autoptr(godwit_value) step = fake_value(lines[4]);
    g_assert_cmpstr(godwit_value_text(godwit_value_get(step, "event")), ==, "step_end");
    g_assert_cmpint(godwit_value_integer(godwit_value_get(step, "us")), ==, 12000);
}

static void
run_slowly(gw_live *live)
{
    say(live, "step_begin", "CREATE TABLE users", 0);
    gw_clock_sleep(500 * G_TIME_SPAN_MILLISECOND);
    gw_live_pause(live);
    gw_clock_sleep(300 * G_TIME_SPAN_MILLISECOND);
    gw_live_resume(live);
    say(live, "step_end", "CREATE TABLE users", 500000);
}

static void
on_a_terminal_a_slow_step_is_drawn_again_and_taken_away(void)
{
    const gw_live_options options = {.style = {.width = 100, .redraw = TRUE}};
    g_autofree char *text = record(&options, run_slowly);
    g_auto(GStrv) drawn = g_strsplit(text, "\r\033[K", -1);
    g_assert_cmpuint(g_strv_length(drawn), >=, 4);
    g_assert_true(g_str_has_prefix(drawn[1], "2024 users  1/2  2"));
    g_assert_nonnull(strstr(drawn[1], "CREATE TABLE users"));
    g_assert_cmpstr(drawn[g_strv_length(drawn) - 1], ==, "");
    g_assert_null(strchr(text, '\n'));
}

static void
run_quickly(gw_live *live)
{
    run_one(live);
}

static void
on_a_terminal_a_quick_step_is_not_drawn(void)
{
    const gw_live_options options = {.style = {.width = 100, .redraw = TRUE}};
    g_autofree char *text = record(&options, run_quickly);
    g_assert_cmpstr(text, ==, "up  2024 users  13 ms\nwarning: careful\n");
}

static void
show_plan(gw_live *live)
{
    g_autoptr(godwit_value) target =
        fake_value("{'engine': 'sqlite', 'version': '3', 'database': 'app.db'}");
    g_autoptr(godwit_value) plan = fake_value("{'migrations': [{'version': '1', 'name': 'a',"
                                              " 'direction': 'up', 'reversible': 'yes', 'steps':"
                                              " [{'id': 1, 'statement': 'SELECT 1'}]}]}");
    godwit_event event = {.type = "target", .value = target};
    gw_live_event(live, &event);
    event = (godwit_event){.type = "plan", .value = plan};
    gw_live_event(live, &event);
}

static void
target_and_plan_are_shown_before_a_run(void)
{
    const gw_live_options options = {.style = {.width = 100}};
    g_autofree char *text = record(&options, show_plan);
    g_assert_true(g_str_has_prefix(text, "target: sqlite 3, database app.db\n"));
    g_assert_nonnull(strstr(text, "SELECT 1"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/live/without a terminal lines are told once",
        without_a_terminal_lines_are_told_once);
    g_test_add_func("/report/live/verbose tells each step", verbose_tells_each_step);
    g_test_add_func("/report/live/quiet tells nothing", quiet_tells_nothing);
    g_test_add_func(
        "/report/live/JSON is a document for each event", json_is_a_document_for_each_event);
    g_test_add_func("/report/live/on a terminal a slow step is drawn again and taken away",
        on_a_terminal_a_slow_step_is_drawn_again_and_taken_away);
    g_test_add_func("/report/live/on a terminal a quick step is not drawn",
        on_a_terminal_a_quick_step_is_not_drawn);
    g_test_add_func("/report/live/target and plan are shown before a run",
        target_and_plan_are_shown_before_a_run);
    return g_test_run();
}
