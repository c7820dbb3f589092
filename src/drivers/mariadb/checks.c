/* The server's checks for `doctor`: what a run needs, what makes it blind, what reads text oddly.
 */
#include "drivers/mariadb/vitals.h"

#include "base/clock.h"
#include "base/text.h"

/* A clock that is off by more is worth a word. */
#define SKEW_MOST (5 * (gint64)G_USEC_PER_SEC)

/* What is known of the server: one row, in this order. */
enum fact
{
    FACT_VERSION,
    FACT_READ_ONLY,
    FACT_LOG_BIN,
    FACT_BINLOG_FORMAT,
    FACT_TRUST,
    FACT_SQL_MODE,
    FACT_ENGINE,
    FACT_CASE,
    FACT_WAIT,
    FACT_PACKET,
    FACT_CLOCK,
    FACT_LOCK_INFO,
    FACT_PERFORMANCE,
    FACT_STATEMENT_TIME,
    FACT_GALERA,
};

static const char mariadb_facts[] =
    "SELECT VERSION(), @@global.read_only, @@log_bin, @@binlog_format, "
    "@@log_bin_trust_function_creators, @@sql_mode, @@default_storage_engine, "
    "@@lower_case_table_names, @@global.wait_timeout, @@max_allowed_packet, "
    "TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)), (SELECT COUNT(*) FROM "
    "information_schema.PLUGINS WHERE PLUGIN_NAME = 'METADATA_LOCK_INFO' AND PLUGIN_STATUS = "
    "'ACTIVE'), @@performance_schema, @@global.max_statement_time, @@global.wsrep_on";

static const char mysql_facts[] =
    "SELECT VERSION(), @@global.read_only, @@log_bin, @@binlog_format, "
    "@@log_bin_trust_function_creators, @@sql_mode, @@default_storage_engine, "
    "@@lower_case_table_names, @@global.wait_timeout, @@max_allowed_packet, "
    "TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)), 0, @@performance_schema, "
    "@@global.max_execution_time, 0";

/* Rights on the database, and on all. Those of roles come with the role's own name. */
static const char rights_sql[] =
    "SELECT DISTINCT PRIVILEGE_TYPE FROM (SELECT GRANTEE, PRIVILEGE_TYPE FROM "
    "information_schema.USER_PRIVILEGES UNION ALL SELECT GRANTEE, PRIVILEGE_TYPE FROM "
    "information_schema.SCHEMA_PRIVILEGES WHERE DATABASE() LIKE TABLE_SCHEMA) p";

typedef struct doctor
{
    gw_mariadb *self;
    GPtrArray *lines;
    GHashTable *rights; /* of char *: "CREATE ROUTINE" */
    MYSQL_ROW facts;
    char *user; /* as GRANT wants it */
} doctor;

static void
line(const doctor *at, const char *name, gboolean bad, const char *found, const char *fix)
{
    gw_check_line *made = g_new0(gw_check_line, 1);
    made->name = g_strdup(name);
    made->found = g_strdup(found);
    made->fix = g_strdup(fix);
    made->bad = bad;
    g_ptr_array_add(at->lines, made);
}

static gboolean
says(const doctor *at, enum fact fact)
{
    const char *value = at->facts[fact];
    return value != NULL && strcmp(value, "0") != 0 && g_ascii_strcasecmp(value, "OFF") != 0;
}

static gboolean
may(const doctor *at, const char *right)
{
    return g_hash_table_contains(at->rights, right);
}

/* ---- one check each ---- */

static void
check_version(const doctor *at)
{
    g_autofree char *found = g_strdup_printf(
        "%s %s", at->self->real_mariadb ? "MariaDB" : "MySQL", at->facts[FACT_VERSION]);
    line(at, "version", FALSE, found, NULL);
}

/* A comma list of those of `wanted` that are missing; NULL when none is. */
static char *
missing(const doctor *at, const char *const *wanted)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new();
    for (gsize i = 0; wanted[i] != NULL; i++)
    {
        if (!may(at, wanted[i]))
        {
            g_ptr_array_add(list, (gpointer)(guintptr)wanted[i]);
        }
    }
    g_ptr_array_add(list, NULL);
    return list->len == 1 ? NULL : g_strjoinv(", ", (char **)list->pdata);
}

static void
check_rights_of(const doctor *at, const char *name, gboolean needed, const char *const *wanted)
{
    g_autofree char *list = missing(at, wanted);
    if (list == NULL)
    {
        line(at, name, FALSE, "may do all of it", NULL);
        return;
    }
    const char *database = at->self->database == NULL ? "*" : at->self->database;
    g_autofree char *found = g_strdup_printf("may not: %s", list);
    g_autofree char *fix = g_strdup_printf("GRANT %s ON `%s`.* TO %s", list, database, at->user);
    line(at, name, needed, found, fix);
}

static void
check_rights(const doctor *at)
{
    static const char *const tables[] = {"SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "ALTER",
        "DROP", "INDEX", "REFERENCES", NULL};
    static const char *const programs[] = {
        "CREATE VIEW", "SHOW VIEW", "TRIGGER", "CREATE ROUTINE", "ALTER ROUTINE", "EVENT", NULL};
    check_rights_of(at, "rights on tables", TRUE, tables);
    check_rights_of(at, "rights on views, triggers and routines", FALSE, programs);
}

/* With the binary log on, triggers and functions need SUPER or the server's trust (1418, 1419). */
static void
check_triggers(const doctor *at)
{
    gboolean refused = says(at, FACT_LOG_BIN) && !says(at, FACT_TRUST) && !may(at, "SUPER");
    line(at, "triggers", FALSE,
        refused ? "CREATE TRIGGER and FUNCTION fail: the binary log is on, and there is no SUPER"
                : "may be created",
        refused ? "SET GLOBAL log_bin_trust_function_creators = 1" : NULL);
}

static void
check_sight(const doctor *at)
{
    g_autofree char *grant = g_strdup_printf("GRANT PROCESS ON *.* TO %s", at->user);
    gboolean sees = may(at, "PROCESS");
    line(at, "sessions of others", FALSE,
        sees ? "are visible" : "are not visible: who else holds a lock cannot be told",
        sees ? NULL : grant);
    gboolean locks = says(at, FACT_LOCK_INFO) || says(at, FACT_PERFORMANCE);
    line(at, "metadata locks", FALSE,
        locks ? "are visible" : "are not visible: who blocks a schema change is guessed",
        locks ? NULL : "INSTALL SONAME 'metadata_lock_info'");
}

static void
check_mode(const doctor *at)
{
    static const char *const odd[] = {
        "ANSI_QUOTES", "NO_BACKSLASH_ESCAPES", "ORACLE", "MSSQL", NULL};
    const char *mode = at->facts[FACT_SQL_MODE];
    g_auto(GStrv) words = g_strsplit(mode, ",", -1);
    for (gsize i = 0; odd[i] != NULL; i++)
    {
        if (g_strv_contains((const char *const *)words, odd[i]))
        {
            g_autofree char *found =
                g_strdup_printf("%s: statements are read otherwise than godwit does", odd[i]);
            line(at, "sql_mode", TRUE, found, "SET GLOBAL sql_mode without it");
            return;
        }
    }
    gboolean strict = strstr(mode, "STRICT_") != NULL;
    line(at, "sql_mode", FALSE,
        strict ? "strict" : "not strict: values that do not fit are changed without an error",
        strict ? NULL : "add STRICT_TRANS_TABLES to sql_mode");
}

static void
check_writes(const doctor *at)
{
    gboolean only = says(at, FACT_READ_ONLY);
    line(at, "writes", only, only ? "the server is read-only: a replica?" : "are allowed",
        only ? "connect to the primary" : NULL);
    gboolean innodb = g_ascii_strcasecmp(at->facts[FACT_ENGINE], "InnoDB") == 0;
    line(at, "default engine", FALSE, at->facts[FACT_ENGINE],
        innodb ? NULL : "SET GLOBAL default_storage_engine = InnoDB: others do not roll back");
}

static void
check_log(const doctor *at)
{
    gboolean statement = says(at, FACT_LOG_BIN) &&
                         g_ascii_strcasecmp(at->facts[FACT_BINLOG_FORMAT], "STATEMENT") == 0;
    g_autofree char *found = says(at, FACT_LOG_BIN)
                                 ? g_strdup_printf("on, format %s", at->facts[FACT_BINLOG_FORMAT])
                                 : g_strdup("off");
    line(at, "binary log", FALSE, found,
        statement ? "SET GLOBAL binlog_format = MIXED: some statements are unsafe otherwise"
                  : NULL);
}

static void
check_clock(const doctor *at)
{
    gint64 skew = g_ascii_strtoll(at->facts[FACT_CLOCK], NULL, 10) - gw_clock_wall();
    g_autofree char *much = gw_duration_print(ABS(skew));
    g_autofree char *found =
        g_strdup_printf("%s %s this machine's", much, skew < 0 ? "behind" : "ahead of");
    line(at, "clock of the server", FALSE, found,
        ABS(skew) > SKEW_MOST ? "set both clocks: leases go by the server's, logs by this one"
                              : NULL);
}

static void
check_timeouts(const doctor *at)
{
    gboolean short_wait = g_ascii_strtoll(at->facts[FACT_WAIT], NULL, 10) < 600;
    g_autofree char *wait = g_strdup_printf("idle sessions end after %s s", at->facts[FACT_WAIT]);
    line(at, "wait_timeout", FALSE, wait,
        short_wait ? "raise wait_timeout: a run that waits would lose its lock" : NULL);
    double most = g_ascii_strtod(at->facts[FACT_STATEMENT_TIME], NULL);
    if (most > 0)
    {
        g_autofree char *found =
            g_strdup_printf("statements are cut after %s", at->facts[FACT_STATEMENT_TIME]);
        line(at, "statement time", FALSE, found,
            "a long schema change would be cut: set it to 0 for this user");
    }
}

static void
check_names(const doctor *at)
{
    static const char *const found[] = {
        "case matters", "are stored in lower case", "keep their case, and compare without it"};
    guint64 rule = g_ascii_strtoull(at->facts[FACT_CASE], NULL, 10);
    line(at, "names of tables", FALSE, rule < G_N_ELEMENTS(found) ? found[rule] : "?", NULL);
}

static void
check_galera(const doctor *at)
{
    if (says(at, FACT_GALERA))
    {
        line(at, "Galera", FALSE, "a node of a cluster: named locks are of this node alone",
            "let all runs go to the same node");
    }
}

static void (*const checks[])(const doctor *at) = {
    check_version,
    check_rights,
    check_triggers,
    check_sight,
    check_mode,
    check_writes,
    check_log,
    check_clock,
    check_timeouts,
    check_names,
    check_galera,
};

/* ---- all of them ---- */

/* user@host as 'user'@'host'. */
static char *
account(const char *user)
{
    const char *at = strrchr(user, '@');
    g_autofree char *name = at == NULL ? g_strdup(user) : g_strndup(user, (gsize)(at - user));
    GString *out = g_string_new(NULL);
    gw_mariadb_dialect.quote_text(out, name);
    g_string_append_c(out, '@');
    gw_mariadb_dialect.quote_text(out, at == NULL ? "%" : at + 1);
    return g_string_free(out, FALSE);
}

static GHashTable *
read_rights(gw_mariadb *self, GError **error)
{
    g_autoptr(MYSQL_RES) result = gw_mariadb_select(self->mysql, rights_sql, error);
    if (result == NULL)
    {
        return NULL;
    }
    GHashTable *rights = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (MYSQL_ROW row = mysql_fetch_row(result); row != NULL; row = mysql_fetch_row(result))
    {
        g_hash_table_add(rights, g_strdup(row[0]));
    }
    return rights;
}

GPtrArray *
gw_mariadb_checks(gpointer data, const gw_place *place, GError **error)
{
    gw_mariadb *self = data;
    const char *sql = self->real_mariadb ? mariadb_facts : mysql_facts;
    g_autoptr(MYSQL_RES) facts =
        gw_mariadb_speak(self, error) ? gw_mariadb_select(self->mysql, sql, error) : NULL;
    g_autoptr(GHashTable) rights = facts == NULL ? NULL : read_rights(self, error);
    if (rights == NULL)
    {
        return NULL;
    }
    doctor at = {.self = self,
        .lines = g_ptr_array_new_with_free_func((GDestroyNotify)gw_check_line_free),
        .rights = rights,
        .facts = mysql_fetch_row(facts),
        .user = account(place->user)};
    for (gsize i = 0; i < G_N_ELEMENTS(checks); i++)
    {
        checks[i](&at);
    }
    g_free(at.user);
    return at.lines;
}
