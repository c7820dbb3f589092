/* Pages of help that are no command. */
#include "cli/manual.h"
#include "godwit.h"
#include "report/grid.h"

static const gw_grid_column pair[] = {{.title = ""}, {.title = "", .least = 30}};

static const char environment_text[] =
    "A flag goes over the environment, the environment over .env, .env over godwit.yaml.\n"
    "`godwit config` shows each setting with its origin.\n\n";

static const char urls_text[] =
    "sqlite:app.db                       a file, from here; in godwit.yaml, from where that is\n"
    "sqlite:/var/lib/app.db              a file by its whole path; sqlite:///path is the same\n"
    "postgres://user@host:5432/database  also postgresql://\n"
    "postgres://user@/database?host=/run/postgresql\n"
    "                                    through a socket; options of libpq stand behind the ?\n"
    "host=db1 dbname=shop user=app       libpq's own form; .pgpass and pg_service.conf work\n"
    "mariadb://user@host:3306/database   also mysql://\n"
    "mariadb://user@localhost/database?socket=/run/mysqld/mysqld.sock\n"
    "                                    through a socket\n\n"
    "In a user name or password, characters such as @ : / ? # % are percent-encoded: @ is %40.\n\n"
    "Better than a password in a URL on the command line: DATABASE_URL, password_file or\n"
    "password_command in godwit.yaml, ~/.pgpass. --url is taken out of the process list as soon\n"
    "as godwit starts, which is not soon enough for everybody who looks.\n";

static const char formats_text[] =
    "migrations/20260102030405_add_users.sql\n\n"
    "    -- Users, with their addresses.\n"
    "    -- migrate:up\n"
    "    CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);\n"
    "    -- migrate:verify\n"
    "    SELECT id FROM users WHERE email NOT LIKE '%@%';\n"
    "    -- migrate:down\n"
    "    DROP TABLE users;\n\n"
    "The version is digits, in groups joined by . or -; the name follows behind _ or -. The\n"
    "leading comment is the description. Options stand on the marker's line as key:value, for\n"
    "example transaction:false, lock-timeout:50ms, timeout:10m, databases:postgres,mariadb.\n\n"
    "Files of dbmate are read as they are, and so are pairs (x.up.sql, x.down.sql).\n\n"
    "Results: text for people; with --json one JSON document on stdout, and events on stderr as\n"
    "one JSON document per line. docs/json.md has their shapes; `godwit help --json-schema`\n"
    "prints the JSON Schema of godwit.yaml.\n";

static void
add_variable(gw_grid *grid, const cli_option *option)
{
    g_autofree char *variable = cli_option_variable(option);
    if (variable != NULL)
    {
        g_autofree char *left = g_strconcat("  ", variable, NULL);
        g_autofree char *right = g_strdup_printf("--%s: %s", option->name, option->help);
        gw_grid_cell(grid, GW_INK_CYAN, left);
        gw_grid_cell(grid, GW_INK_PLAIN, right);
    }
}

/* Variables of options that commands have, each name once. */
static void
add_variables_of_commands(gw_grid *grid)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    const cli_command *const *commands = cli_commands();
    for (gsize i = 0; commands[i] != NULL; i++)
    {
        for (const cli_option *option = commands[i]->options;
             option != NULL && option->name != NULL; option++)
        {
            gboolean global = cli_option_find(NULL, option->name) != NULL;
            if (!global && g_hash_table_add(seen, (gpointer)(guintptr)option->name))
            {
                add_variable(grid, option);
            }
        }
    }
}

static void
print_environment(const gw_style *style, GString *out)
{
    static const char *const others[] = {
        "  DATABASE_URL",
        "the database, where GODWIT_URL is not set",
        "  CI",
        "when set, nothing is asked: what needs a yes is refused with 9",
        "  NO_COLOR",
        "when set, no colours",
        "  CLICOLOR_FORCE",
        "when set, colours also where there is no terminal",
    };
    g_autoptr(gw_grid) grid = gw_grid_new(pair, G_N_ELEMENTS(pair));
    for (gsize i = 0; i < G_N_ELEMENTS(others); i += 2)
    {
        gw_grid_cell(grid, GW_INK_CYAN, others[i]);
        gw_grid_cell(grid, GW_INK_PLAIN, others[i + 1]);
    }
    for (const cli_option *option = cli_global_options(); option->name != NULL; option++)
    {
        add_variable(grid, option);
    }
    add_variables_of_commands(grid);
    gw_grid_print(grid, style, out);
}

static void
print_exits(const gw_style *style, GString *out)
{
    static const gw_grid_column columns[] = {
        {.title = "", .right = TRUE}, {.title = "", .least = 30}};
    g_autoptr(gw_grid) grid = gw_grid_new(columns, G_N_ELEMENTS(columns));
    gsize count = 0;
    const cli_exit *exits = cli_exits(&count);
    for (gsize i = 0; i < count; i++)
    {
        g_autofree char *status = g_strdup_printf("  %d", exits[i].status);
        gw_grid_cell(grid, GW_INK_CYAN, status);
        gw_grid_cell(grid, GW_INK_PLAIN, exits[i].meaning);
    }
    gw_grid_print(grid, style, out);
}

static void
print_errors(const gw_style *style, GString *out)
{
    static const gw_grid_column columns[] = {
        {.title = "Code"}, {.title = "Exit", .right = TRUE}, {.title = "Meaning", .least = 30}};
    g_autoptr(gw_grid) grid = gw_grid_new(columns, G_N_ELEMENTS(columns));
    for (size_t i = 0; godwit_code_name(i) != NULL; i++)
    {
        g_autofree char *status = g_strdup_printf("%d", godwit_code_status(i));
        gw_grid_cell(grid, GW_INK_CYAN, godwit_code_name(i));
        gw_grid_cell(grid, GW_INK_PLAIN, status);
        gw_grid_cell(grid, GW_INK_PLAIN, godwit_code_meaning(i));
    }
    gw_grid_print(grid, style, out);
}

static const cli_topic topics[] = {
    {"environment", "variables that godwit reads", environment_text, print_environment},
    {"exit-codes", "what a run ends with", NULL, print_exits},
    {"errors", "all codes of errors", NULL, print_errors},
    {"urls", "how to name a database", urls_text, NULL},
    {"formats", "what migrations and results look like", formats_text, NULL},
    {0},
};

const cli_topic *
cli_topics(void)
{
    return topics;
}

const cli_topic *
cli_topic_find(const char *name)
{
    for (const cli_topic *topic = topics; topic->name != NULL; topic++)
    {
        if (strcmp(topic->name, name) == 0)
        {
            return topic;
        }
    }
    return NULL;
}
