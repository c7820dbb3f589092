/* The whole program as a user runs it, with a library that does what a script says. */
#include <glib/gstdio.h>
#include <signal.h>

#include "base/clock.h"
#include "base/process.h"
#include "fake-godwit.h"

/* What a run gave. */
typedef struct outcome
{
    gw_process_result process;
    char *log; /* what was called in the library */
} outcome;

static void
outcome_clear(outcome *old)
{
    gw_process_result_clear(&old->process);
    g_free(old->log);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(outcome, outcome_clear)

static outcome
run_in(const char *script, const char *arguments, const char *variable)
{
    outcome got = {0};
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("godwit-XXXXXX", NULL);
    g_autofree char *file = g_build_filename(folder, "script", NULL);
    g_autofree char *log = g_build_filename(folder, "log", NULL);
    g_autofree char *text = g_strdelimit(g_strdup(script), "'", '"');
    g_autofree char *script_variable = g_strconcat("FAKE_GODWIT=", file, NULL);
    g_autofree char *log_variable = g_strconcat("FAKE_GODWIT_LOG=", log, NULL);
    g_autofree char *words = g_strconcat(g_getenv("GW_FAKE_PROGRAM"), " ", arguments, NULL);
    g_auto(GStrv) argv = NULL;
    g_assert_true(g_file_set_contents(file, text, -1, NULL));
    g_assert_true(g_shell_parse_argv(words, NULL, &argv, NULL));
    const char *const environment[] = {script_variable, log_variable, variable, NULL};
    gw_process process = {
        .argv = (const char *const *)argv,
        .environment = environment,
        .timeout = 30 * G_TIME_SPAN_SECOND,
    };
    g_assert_true(gw_process_run(&process, &got.process, &error));
    g_assert_no_error(error);
    g_file_get_contents(log, &got.log, NULL, NULL);
    g_unlink(file);
    g_unlink(log);
    g_rmdir(folder);
    return got;
}

static outcome
run(const char *script, const char *arguments)
{
    return run_in(script, arguments, NULL);
}

static void
options_and_arguments_reach_the_library_under_their_names(void)
{
    g_auto(outcome) got = run("{'status': 0, 'result': {'migrations': []}}",
        "-t prod --yes --confirm prod up --to 5 --wait-lock 5s --atomic --json");
    g_assert_cmpstr(got.log, ==,
        "set target=prod\n"
        "set yes=true\n"
        "set confirm=prod\n"
        "run up to=5 wait-lock=5s atomic=true\n");
    g_auto(outcome) made = run("{}", "create add 'two words'");
    g_assert_cmpstr(made.log, ==, "run new name=add name=two words\n");
    g_auto(outcome) repaired = run("{}", "repair --accept 1 --accept 2 --not-done 3");
    g_assert_cmpstr(repaired.log, ==, "run repair accept=1 accept=2 not-done=3\n");
    g_auto(outcome) listed = run("{}", "status -v --all");
    g_assert_cmpstr(listed.log, ==, "run status verbose=true all=true\n");
}

static void
a_dry_run_is_a_plan(void)
{
    g_auto(outcome) got = run_in("{}", "up -n --to 5", "GODWIT_WAIT_LOCK=5s");
    g_assert_cmpstr(got.log, ==, "run plan to=5\n");
    g_auto(outcome) wrong = run("{}", "up -n --plan x");
    g_assert_cmpint(wrong.process.status, ==, GODWIT_USAGE);
    g_assert_null(wrong.log);
}

static void
the_exit_status_is_the_librarys(void)
{
    g_auto(outcome) got = run("{'status': 5, 'error': {'code': 'GW0501', 'message': 'bob'}}", "up");
    g_assert_cmpint(got.process.status, ==, 5);
    g_assert_cmpstr(got.process.output, ==, "");
    g_assert_cmpstr(got.process.errors, ==, "error[GW0501]: bob\n");
}

static void
the_result_is_on_stdout_and_the_talk_on_stderr(void)
{
    static const char script[] =
        "{'status': 0, 'events': [{'type': 'warning', 'text': 'careful'}],"
        " 'result': {'migrations': [{'state': 'applied'}], 'duration_us': 1000}}";
    g_auto(outcome) got = run(script, "up");
    g_assert_cmpstr(got.process.output, ==, "applied 1 migration in 1 ms\n");
    g_assert_cmpstr(got.process.errors, ==, "warning: careful\n");
    g_auto(outcome) quiet = run(script, "up --quiet");
    g_assert_cmpstr(quiet.process.output, ==, "applied 1 migration in 1 ms\n");
    g_assert_cmpstr(quiet.process.errors, ==, "");
    g_auto(outcome) json = run(script, "up --json");
    g_autoptr(godwit_value) result = fake_value(json.process.output);
    g_assert_cmpuint(godwit_value_count(godwit_value_get(result, "migrations")), ==, 1);
    g_assert_cmpstr(json.process.errors, ==, "{\"event\":\"warning\",\"text\":\"careful\"}\n");
}

static void
errors_are_json_for_scripts_also_of_the_command_line(void)
{
    g_auto(outcome) got =
        run("{'status': 4, 'error': {'code': 'GW0401', 'message': 'no'}}", "up --json");
    g_autoptr(godwit_value) document = fake_value(got.process.output);
    g_assert_cmpstr(
        godwit_value_text(godwit_value_get(godwit_value_get(document, "error"), "code")), ==,
        "GW0401");
    g_auto(outcome) wrong = run("{}", "upp --json");
    g_autoptr(godwit_value) usage = fake_value(wrong.process.output);
    g_assert_cmpstr(godwit_value_text(godwit_value_get(godwit_value_get(usage, "error"), "code")),
        ==, "GW0201");
    g_assert_cmpint(wrong.process.status, ==, GODWIT_USAGE);
}

static void
without_a_terminal_nobody_is_asked(void)
{
    g_auto(outcome) got = run("{'status': 9, 'ask': {'text': 'sure?'}}", "down");
    g_assert_cmpstr(got.log, ==, "run down\nanswer -1\n");
    g_assert_cmpint(got.process.status, ==, 9);
}

static void
a_password_in_the_url_is_warned_about_and_never_printed(void)
{
    g_auto(outcome) got =
        run("{'status': 0, 'result': {}}", "up --url postgres://u:secret@h/d --json");
    g_assert_nonnull(strstr(got.process.errors, "DATABASE_URL"));
    g_assert_null(strstr(got.process.errors, "secret"));
    g_assert_null(strstr(got.process.output, "secret"));
    g_assert_nonnull(strstr(got.log, "set url=postgres://u:secret@h/d\n"));
}

static void
a_full_disk_is_an_error_and_a_reader_that_left_is_none(void)
{
    g_auto(outcome) full = run("{}", "help");
    g_assert_cmpint(full.process.status, ==, 0);
    g_autofree char *line = g_strdup_printf("%s help > /dev/full", g_getenv("GW_FAKE_PROGRAM"));
    const char *const argv[] = {"/bin/sh", "-c", line, NULL};
    gw_process process = {.argv = argv};
    g_auto(gw_process_result) result = {0};
    g_assert_true(gw_process_run(&process, &result, NULL));
    g_assert_cmpint(result.status, ==, 2);
    g_assert_nonnull(strstr(result.errors, "error[GW0206]"));
    g_autofree char *pipe =
        g_strdup_printf("{ sleep 0.2; %s help; echo $? >&2; } | true", g_getenv("GW_FAKE_PROGRAM"));
    const char *const piped[] = {"/bin/sh", "-c", pipe, NULL};
    gw_process left = {.argv = piped};
    g_auto(gw_process_result) quiet = {0};
    g_assert_true(gw_process_run(&left, &quiet, NULL));
    g_assert_cmpstr(quiet.errors, ==, "0\n");
}

static void
the_first_signal_stops_at_a_safe_point(void)
{
    g_autofree char *line = g_strdup_printf(
        "printf '{\"status\": 8, \"hold_us\": 20000000}' > \"$0\"; FAKE_GODWIT=\"$0\" %s up & "
        "sleep 1; kill -INT $!; kill -0 $! && wait $!; echo $?",
        g_getenv("GW_FAKE_PROGRAM"));
    g_autofree char *folder = g_dir_make_tmp("godwit-XXXXXX", NULL);
    g_autofree char *script = g_build_filename(folder, "script", NULL);
    /* A shell that is not interactive starts its background jobs with SIGINT ignored. */
    g_autofree char *shell = g_strconcat("set -m; ", line, NULL);
    const char *const argv[] = {"/bin/bash", "-c", shell, script, NULL};
    gw_process process = {.argv = argv, .timeout = 15 * G_TIME_SPAN_SECOND};
    g_auto(gw_process_result) result = {0};
    g_assert_true(gw_process_run(&process, &result, NULL));
    g_assert_cmpstr(result.output, ==, "8\n");
    g_assert_nonnull(strstr(result.errors, "stopping at the next safe point"));
    g_unlink(script);
    g_rmdir(folder);
}

static void
help_comes_from_the_tables(void)
{
    g_auto(outcome) brief = run("{}", "up -h");
    g_assert_nonnull(strstr(brief.process.output, "\n\n  godwit up   "));
    g_auto(outcome) code = run("{}", "help gw0412");
    g_assert_cmpstr(code.process.output, ==, "GW0412: a column does not exist\nexit status: 4\n");
    g_auto(outcome) topic = run("{}", "help exit-codes");
    g_assert_nonnull(strstr(topic.process.output, "70  a mistake in godwit"));
    g_auto(outcome) none = run("{}", "help flubber");
    g_assert_cmpint(none.process.status, ==, GODWIT_USAGE);
    g_auto(outcome) nothing = run("{}", "");
    g_assert_cmpint(nothing.process.status, ==, GODWIT_USAGE);
    g_assert_cmpstr(nothing.process.output, ==, "");
    g_auto(outcome) version = run("{}", "--version");
    g_assert_cmpstr(version.process.output, ==, "godwit 9.8.7 (sqlite, fake)\n");
    g_assert_null(version.log);
}

static void
bash_understands_its_completion(void)
{
    g_auto(outcome) script = run("{}", "completion bash");
    g_autofree char *line = g_strconcat(script.process.output,
        "COMP_WORDS=(godwit --url = x mig --w); COMP_CWORD=5; COMP_WORDS[4]=migrate; _godwit;"
        " echo \"${COMPREPLY[@]}\"",
        NULL);
    const char *const argv[] = {"bash", "-c", line, NULL};
    gw_process process = {.argv = argv};
    g_auto(gw_process_result) result = {0};
    g_assert_true(gw_process_run(&process, &result, NULL));
    g_assert_cmpstr(result.output, ==, "--wait-lock\n");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cli/program/options and arguments reach the library under their names",
        options_and_arguments_reach_the_library_under_their_names);
    g_test_add_func("/cli/program/a dry run is a plan", a_dry_run_is_a_plan);
    g_test_add_func(
        "/cli/program/the exit status is the library's", the_exit_status_is_the_librarys);
    g_test_add_func("/cli/program/the result is on stdout and the talk on stderr",
        the_result_is_on_stdout_and_the_talk_on_stderr);
    g_test_add_func("/cli/program/errors are JSON for scripts, also of the command line",
        errors_are_json_for_scripts_also_of_the_command_line);
    g_test_add_func(
        "/cli/program/without a terminal nobody is asked", without_a_terminal_nobody_is_asked);
    g_test_add_func("/cli/program/a password in the URL is warned about and never printed",
        a_password_in_the_url_is_warned_about_and_never_printed);
    g_test_add_func("/cli/program/a full disk is an error and a reader that left is none",
        a_full_disk_is_an_error_and_a_reader_that_left_is_none);
    g_test_add_func("/cli/program/the first signal stops at a safe point",
        the_first_signal_stops_at_a_safe_point);
    g_test_add_func("/cli/program/help comes from the tables", help_comes_from_the_tables);
    g_test_add_func(
        "/cli/program/bash understands its completion", bash_understands_its_completion);
    return g_test_run();
}
