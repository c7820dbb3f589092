#include <sys/stat.h>

#include "place.h"
#include "project/settings.h"

/* Settings of a request that must be right; the environment is what the test says alone. */
static gw_settings *
settle(gw_request request)
{
    static const char *const none[] = {NULL};
    g_autoptr(GError) error = NULL;
    request.environment = request.environment == NULL ? none : request.environment;
    gw_settings *settings = gw_settings_read(&request, &error);
    g_assert_no_error(error);
    return settings;
}

static GError *
refuse(gw_request request, gw_code code, const char *says)
{
    static const char *const none[] = {NULL};
    GError *error = NULL;
    request.environment = request.environment == NULL ? none : request.environment;
    gw_settings *settings = gw_settings_read(&request, &error);
    g_assert_null(settings);
    g_test_message("%s", error->message);
    g_assert_cmpint(error->code, ==, code);
    g_assert_nonnull(strstr(error->message, says));
    return error;
}

static void
assert_at(const GError *error, const char *file, guint line)
{
    const gw_position *position = gw_error_position(error);
    g_assert_nonnull(position);
    g_assert_cmpstr(position->file, ==, file);
    g_assert_cmpuint(position->line, ==, line);
}

static const char full[] =
    "project: shop\nmigrations: [a, b]\nseeds: s\nledger: gw\nvars: {app_role: \"${ROLE:-x}\"}\n"
    "targets:\n"
    "  dev:\n    url: sqlite:app.db\n"
    "  prod:\n    url: ${PROD_URL}\n    environment: production\n    protected: true\n"
    "    role: app_owner\n    stall: 250ms\n    require: [plan, down, confirm]\n"
    "    backup: {when: before_destructive, to: backups, check: [./age, 1], max_age: 24h,\n"
    "      limit: 50GB, keep: 7}\n"
    "    scratch: postgres://x\n    masks: {users.email: hash}\n    password_command: echo 'a b'\n"
    "kept: {retention: 10d, limit: 2GB}\n"
    "hooks: {before_up: [./announce, starting], after_up: ./announce done}\n"
    "tenants: {glob: 'tenants/*.db', waves: [3, 10%, rest], max_failures: 1%, parallel: 16}\n";

static void
test_full(place *here, gconstpointer unused)
{
    (void)here;
    (void)unused;
    static const char *const environment[] = {"PROD_URL=postgres://u:geheim@h/d", NULL};
    put("godwit.yaml", full);
    gw_request request = {.environment = environment, .flags[GW_OPTION_TARGET] = "prod"};
    g_autoptr(gw_settings) settings = settle(request);
    const gw_target *target = &settings->target;
    g_assert_cmpstr(settings->project, ==, "shop");
    g_assert_cmpstr(settings->migrations[1], ==, "b");
    g_assert_cmpstr(settings->seeds, ==, "s");
    g_assert_cmpstr(settings->ledger, ==, "gw");
    g_assert_cmpstr(g_hash_table_lookup(settings->vars, "app_role"), ==, "x");
    g_assert_cmpstr(target->name, ==, "prod");
    g_assert_cmpstr(target->url, ==, "postgres://u:geheim@h/d");
    g_assert_cmpstr(target->shown, ==, "postgres://u:***@h/d");
    g_assert_cmpstr(target->environment, ==, "production");
    g_assert_true(target->protect);
    g_assert_cmpint(target->order, ==, GW_ORDER_STRICT);
    g_assert_true(target->stop);
    g_assert_cmpint(target->stall, ==, 250000);
    g_assert_cmpint(target->patience, ==, (gint64)600 * G_USEC_PER_SEC);
    g_assert_cmpuint(target->require, ==, GW_REQUIRE_PLAN | GW_REQUIRE_DOWN | GW_REQUIRE_CONFIRM);
    g_assert_cmpint(target->backup.when, ==, GW_BACKUP_BEFORE_DESTRUCTIVE);
    g_assert_cmpstr(target->backup.check[1], ==, "1");
    g_assert_cmpint(target->backup.max_age, ==, (gint64)24 * 3600 * G_USEC_PER_SEC);
    g_assert_cmpuint(target->backup.limit, ==, 50ull << 30);
    g_assert_cmpint(target->backup.keep, ==, 7);
    g_assert_cmpstr(g_hash_table_lookup(target->masks, "users.email"), ==, "hash");
    g_assert_cmpstr(target->password_command[1], ==, "a b");
    g_assert_cmpstr(settings->hooks[GW_HOOK_BEFORE_UP][1], ==, "starting");
    g_assert_cmpstr(settings->hooks[GW_HOOK_AFTER_UP][1], ==, "done");
    g_assert_null(settings->hooks[GW_HOOK_BEFORE_DOWN]);
    g_assert_cmpint(settings->kept_retention, ==, (gint64)10 * 86400 * G_USEC_PER_SEC);
    g_assert_cmpuint(settings->kept_limit, ==, 2ull << 30);
    g_assert_cmpstr(settings->targets[0], ==, "dev");
    g_assert_cmpstr(gw_settings_origin(settings, "url"), ==, "godwit.yaml:10");
    g_assert_cmpstr(gw_settings_origin(settings, "stall"), ==, "godwit.yaml:14");
    g_assert_cmpstr(gw_settings_origin(settings, "patience"), ==, "default");
    g_assert_cmpstr(gw_settings_origin(settings, "protected"), ==, "godwit.yaml:12");
    g_assert_cmpuint(settings->warnings->len, ==, 0);

    g_autoptr(gw_tenants) tenants = NULL;
    g_assert_true(gw_settings_tenants(settings, &tenants, NULL));
    g_assert_cmpstr(tenants->glob, ==, "tenants/*.db");
    g_assert_cmpuint(tenants->waves->len, ==, 3);
    g_assert_true(g_array_index(tenants->waves, gw_amount, 1).percent);
    g_assert_true(g_array_index(tenants->waves, gw_amount, 2).rest);
    g_assert_cmpint(tenants->parallel, ==, 16);
}

static void
test_defaults(place *here, gconstpointer unused)
{
    (void)unused;
    gw_request request = {.flags[GW_OPTION_URL] = "sqlite:x.db"};
    g_autoptr(gw_settings) settings = settle(request);
    g_autofree char *name = g_path_get_basename(here->folder);
    g_assert_cmpstr(settings->project, ==, name);
    g_assert_cmpstr(settings->migrations[0], ==, "migrations");
    g_assert_cmpstr(settings->ledger, ==, "godwit");
    g_assert_null(settings->target.name);
    g_assert_false(settings->target.protect);
    g_assert_cmpint(settings->target.order, ==, GW_ORDER_LATE);
    g_assert_false(settings->target.stop);
    g_assert_cmpint(settings->target.stall, ==, 100000);
    g_assert_cmpint(settings->kept_retention, ==, (gint64)30 * 86400 * G_USEC_PER_SEC);
    g_assert_cmpuint(settings->kept_limit, ==, 1ull << 30);
    g_assert_cmpstr(gw_settings_origin(settings, "url"), ==, "flag --url");
    g_assert_cmpint(g_mkdir_with_parents("db/migrations", 0700), ==, 0);
    g_autoptr(gw_settings) other = settle(request);
    g_assert_cmpstr(other->migrations[0], ==, "db/migrations");
}

static void
test_precedence(place *here, gconstpointer unused)
{
    (void)here;
    (void)unused;
    static const char *const both[] = {"GODWIT_URL=b", "DATABASE_URL=c", "GODWIT_DIR=e", NULL};
    static const char *const common[] = {"DATABASE_URL=c", "GODWIT_URL=", NULL};
    put("godwit.yaml", "migrations: f\ntargets: {dev: {url: f, stall: 1s}}\n");
    put(".env", "# c\nGODWIT_URL=d\nGODWIT_STALL=3s\nGODWIT_LEDGER=l\n");
    gw_request request = {.environment = both, .flags[GW_OPTION_URL] = "a"};
    g_autoptr(gw_settings) flag = settle(request);
    g_assert_cmpstr(flag->target.url, ==, "a");
    g_assert_cmpstr(flag->migrations[0], ==, "e");
    g_assert_null(flag->overrides);
    request.flags[GW_OPTION_URL] = NULL;
    g_autoptr(gw_settings) own = settle(request);
    g_assert_cmpstr(own->target.url, ==, "b");
    g_assert_cmpstr(gw_settings_origin(own, "url"), ==, "environment GODWIT_URL");
    request.environment = common;
    g_autoptr(gw_settings) shared = settle(request);
    g_assert_cmpstr(shared->target.url, ==, "c");
    g_assert_nonnull(strstr(shared->overrides, "DATABASE_URL"));
    g_assert_nonnull(strstr(shared->overrides, "godwit.yaml:2"));
    request.environment = NULL;
    g_autoptr(gw_settings) dotenv = settle(request);
    g_assert_cmpstr(dotenv->target.url, ==, "d");
    g_assert_cmpint(dotenv->target.stall, ==, 3 * G_USEC_PER_SEC);
    g_assert_cmpstr(gw_settings_origin(dotenv, "stall"), ==, ".env:3");
    g_assert_cmpstr(dotenv->ledger, ==, "l");
    g_assert_cmpint(g_remove(".env"), ==, 0);
    g_autoptr(gw_settings) file = settle(request);
    g_assert_cmpstr(file->target.url, ==, "f");
    g_assert_cmpstr(file->target.name, ==, "dev");
    g_assert_cmpint(file->target.stall, ==, G_USEC_PER_SEC);
}

static void
test_choice(place *here, gconstpointer unused)
{
    (void)here;
    (void)unused;
    static const char *const named[] = {"GODWIT_TARGET=staging", "DATABASE_URL=zz", NULL};
    static const char *const matching[] = {"DATABASE_URL=p", NULL};
    put("godwit.yaml", "targets:\n  staging: {url: s}\n  prod: {url: p, protected: true}\n"
                       "  broken: {url: '${NOWHERE}', stall: '${NOWHERE}'}\n");
    g_autoptr(GError) unsaid = refuse((gw_request){0}, GW_CODE_NO_TARGET, "which target");
    g_assert_cmpstr(gw_error_hint(unsaid), ==, "godwit.yaml has staging, prod, broken");
    gw_request request = {.environment = named};
    g_autoptr(gw_settings) staging = settle(request);
    g_assert_cmpstr(staging->target.name, ==, "staging");
    g_assert_cmpstr(staging->target.url, ==, "zz");
    g_assert_nonnull(staging->overrides);
    request.environment = matching;
    g_autoptr(gw_settings) match = settle(request);
    g_assert_cmpstr(match->target.name, ==, "prod");
    g_assert_true(match->target.protect);
    g_assert_null(match->overrides);
    request = (gw_request){.flags[GW_OPTION_TARGET] = "stagin"};
    g_autoptr(GError) typo = refuse(request, GW_CODE_NO_TARGET, "stagin");
    g_assert_cmpstr(gw_error_hint(typo), ==, "did you mean staging?");
    request.flags[GW_OPTION_TARGET] = "broken";
    g_autoptr(GError) unset = refuse(request, GW_CODE_VARIABLE, "NOWHERE is not set");
    assert_at(unset, "godwit.yaml", 4);
    put("godwit.yaml", "targets:\n  a: {url: s}\n  dev: {url: d}\n");
    g_autoptr(gw_settings) dev = settle((gw_request){0});
    g_assert_cmpstr(dev->target.url, ==, "d");
    g_assert_cmpint(g_remove("godwit.yaml"), ==, 0);
    g_autoptr(GError) nothing = refuse((gw_request){0}, GW_CODE_NO_TARGET, "no target");
    g_assert_cmpstr(gw_error_next(nothing), ==, "godwit init sqlite:app.db");
    g_autoptr(gw_settings) without = settle((gw_request){.without_target = TRUE});
    g_assert_null(without->target.url);
}

static void
test_protected(place *here, gconstpointer unused)
{
    (void)here;
    (void)unused;
    put("godwit.yaml", "targets:\n  prod: {url: p, protected: true, role: \"${R:-none}\"}\n"
                       "  dev: {url: d, role: \"${R:-none}\"}\n");
    put(".env", "R=from_env\nGODWIT_STALL=9s\n");
    gw_request request = {.flags[GW_OPTION_TARGET] = "prod"};
    g_autoptr(gw_settings) prod = settle(request);
    g_assert_cmpstr(prod->target.role, ==, "none");
    g_assert_cmpint(prod->target.stall, ==, 100000);
    request.flags[GW_OPTION_TARGET] = "dev";
    g_autoptr(gw_settings) dev = settle(request);
    g_assert_cmpstr(dev->target.role, ==, "from_env");
    request.flags[GW_OPTION_TARGET] = NULL;
    put(".env", "\nGODWIT_TARGET=prod\n");
    g_autoptr(GError) named = refuse(request, GW_CODE_CONFIG, "never used");
    assert_at(named, ".env", 2);
    put(".env", "DATABASE_URL=p\n");
    g_autoptr(GError) matched = refuse(request, GW_CODE_CONFIG, "never used");
    assert_at(matched, ".env", 1);
    put(".env", "'broken\n");
    g_autoptr(GError) broken = refuse(request, GW_CODE_CONFIG, "NAME=value");
    assert_at(broken, ".env", 1);
    request.flags[GW_OPTION_TARGET] = "prod";
    g_autoptr(gw_settings) still = settle(request);
    g_assert_cmpstr(still->target.url, ==, "p");
}

static void
test_wrong(place *here, gconstpointer unused)
{
    (void)here;
    (void)unused;
    static const struct
    {
        const char *text;
        guint line;
        const char *says;
    } cases[] = {
        {"projekt: x\n", 1, "unknown key \"projekt\""},
        {"targets:\n  dev: {url: a, stal: 1s}\n", 2, "unknown key \"stal\" in targets.dev"},
        {"targets:\n  dev: {url: a}\n  b:\n    stall: 5\n", 4, "is not a duration"},
        {"targets: {dev: {protected: yes}}\n", 1, "true or false"},
        {"targets: {dev: {protected: '${X}'}}\n", 1, "true or false"},
        {"targets: {dev: {order: lat}}\n", 1, "none of strict, late"},
        {"targets: {dev: {require: [plan, plant]}}\n", 1, "none of plan"},
        {"targets: {dev: {backup: {limit: x}}}\n", 1, "is not a size"},
        {"targets: {dev: {backup: {keep: -1}}}\n", 1, "whole number"},
        {"targets: {dev: {url: [a]}}\n", 1, "a list"},
        {"targets: [dev]\n", 1, "a map"},
        {"kept: 5\n", 1, "a map"},
        {"hooks: {before_up: []}\n", 1, "names no program"},
        {"hooks: {before_up: \"a 'b\"}\n", 1, "not a command"},
        {"tenants: {waves: [rest, 3]}\n", 1, "nobody is left"},
        {"tenants: {waves: [x]}\n", 1, "not an amount"},
        {"tenants: {max_failures: 101%}\n", 1, "not an amount"},
        {"project:\n", 1, "nothing"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    {
        put("godwit.yaml", cases[i].text);
        gw_request request = {.flags[GW_OPTION_URL] = "a"};
        g_autoptr(GError) error = refuse(request, GW_CODE_CONFIG, cases[i].says);
        assert_at(error, "godwit.yaml", cases[i].line);
    }
    put("godwit.yaml", "");
    gw_request flags = {.flags[GW_OPTION_URL] = "a", .flags[GW_OPTION_STALL] = "x"};
    g_autoptr(GError) flag = refuse(flags, GW_CODE_CONFIG, "--stall: ");
    g_assert_null(gw_error_position(flag));
}

static void
test_search(place *here, gconstpointer unused)
{
    (void)unused;
    put("godwit.yaml", "project: up\nmigrations: m\ntargets: {dev: {url: sqlite:a.db}}\n");
    g_assert_cmpint(g_mkdir_with_parents("x/y", 0700), ==, 0);
    g_assert_cmpint(g_chdir("x/y"), ==, 0);
    g_autoptr(gw_settings) settings = settle((gw_request){0});
    g_assert_cmpstr(settings->project, ==, "up");
    g_assert_cmpstr(settings->migrations[0], ==, "../../m");
    g_assert_cmpstr(settings->target.base, ==, "../..");
    g_assert_cmpstr(gw_settings_origin(settings, "project"), ==, "../../godwit.yaml:1");
    g_assert_cmpint(g_mkdir(".git", 0700), ==, 0);
    gw_request request = {.flags[GW_OPTION_URL] = "a"};
    g_autoptr(gw_settings) fenced = settle(request);
    g_assert_cmpstr(fenced->project, ==, "y");
    request.config = "../../godwit.yaml";
    g_autoptr(gw_settings) named = settle(request);
    g_assert_cmpstr(named->project, ==, "up");
    g_assert_cmpstr(named->target.base, ==, ".");
    request.config = "none.yaml";
    g_autoptr(GError) missing G_GNUC_UNUSED = refuse(request, GW_CODE_FILE, "none.yaml");
    g_assert_cmpint(g_chdir(here->folder), ==, 0);
    gw_request elsewhere = {.folder = "x", .flags[GW_OPTION_MIGRATIONS] = "n"};
    g_autoptr(gw_settings) there = settle(elsewhere);
    g_assert_cmpstr(there->migrations[0], ==, "x/n");
    g_assert_cmpstr(there->seeds, ==, "x/../seeds");
}

static void
test_passwords(place *here, gconstpointer unused)
{
    (void)here;
    (void)unused;
    g_autoptr(GError) error = NULL;
    char *password = NULL;
    put("pw", "geheim\n");
    put("godwit.yaml", "targets:\n  a: {url: x, password_file: pw}\n"
                       "  b: {url: x, password_command: [printf, 'zwei\\nx']}\n"
                       "  c: {url: x, password_command: 'false'}\n"
                       "  d: {url: 'p://u:w@h/', password_command: 'false'}\n");
    gw_request request = {.flags[GW_OPTION_TARGET] = "a"};
    g_autoptr(gw_settings) a = settle(request);
    g_assert_true(gw_settings_password(a, &password, &error));
    g_assert_cmpstr(password, ==, "geheim");
    g_clear_pointer(&password, g_free);
    request.flags[GW_OPTION_TARGET] = "b";
    g_autoptr(gw_settings) b = settle(request);
    g_assert_true(gw_settings_password(b, &password, &error));
    g_assert_cmpstr(password, ==, "zwei");
    g_clear_pointer(&password, g_free);
    request.flags[GW_OPTION_TARGET] = "c";
    g_autoptr(gw_settings) c = settle(request);
    g_assert_false(gw_settings_password(c, &password, &error));
    g_assert_true(gw_error_is(error, GW_CODE_PROGRAM));
    request.flags[GW_OPTION_TARGET] = "d";
    g_autoptr(gw_settings) d = settle(request);
    g_assert_true(gw_settings_password(d, &password, NULL));
    g_assert_null(password);
}

static void
test_warnings(place *here, gconstpointer unused)
{
    (void)here;
    (void)unused;
    put("pw", "geheim\n");
    put("godwit.yaml", "targets: {a: {url: 'p://u:geheim@h/', password_file: pw}}\n");
    put(".env", "X=p://u:geheim@h/\n");
    g_autoptr(gw_settings) quiet = settle((gw_request){0});
    g_assert_cmpuint(quiet->warnings->len, ==, 0);
    g_assert_cmpint(
        g_chmod("pw", 0644) | g_chmod("godwit.yaml", 0644) | g_chmod(".env", 0644), ==, 0);
    g_autoptr(gw_settings) loud = settle((gw_request){0});
    g_assert_cmpuint(loud->warnings->len, ==, 3);
    for (guint i = 0; i < loud->origins->len; i++)
    {
        const gw_origin *origin = g_ptr_array_index(loud->origins, i);
        g_assert_null(origin->value == NULL ? NULL : strstr(origin->value, "geheim"));
    }
    gw_request request = {.flags[GW_OPTION_URL] = "p://u:w@h/x"};
    g_autoptr(gw_settings) flag = settle(request);
    for (guint i = 0; i < flag->warnings->len; i++) /* who shows it to others warns: the program */
    {
        g_assert_null(strstr(g_ptr_array_index(flag->warnings, i), "URL"));
    }
}

int
main(int argc, char **argv)
{
    static const struct
    {
        const char *name;
        place_test test;
    } tests[] = {
        {"every key of godwit.yaml arrives", test_full},
        {"without a file there are defaults", test_defaults},
        {"flag over environment over .env over file", test_precedence},
        {"the target is named, matched or the default", test_choice},
        {".env is never used for a protected target", test_protected},
        {"a wrong value is refused at its place", test_wrong},
        {"godwit.yaml is looked for upwards to the repository", test_search},
        {"passwords come from files and programs", test_passwords},
        {"secrets that others can read are warned about", test_warnings},
    };
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
    {
        place_add("/project/settings", tests[i].name, tests[i].test);
    }
    return g_test_run();
}
