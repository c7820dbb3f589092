#include <math.h>

#include "base/clock.h"
#include "drivers/postgres/connection.h"

/* How far the clocks may be apart before somebody is told. */
#define SKEW (2 * G_USEC_PER_SEC)

/* All that the checks look at, in one row. */
static const char facts_query[] =
    "SELECT current_schema(), has_schema_privilege(current_schema(), 'CREATE'),"
    " has_database_privilege(current_database(), 'CREATE'),"
    " to_regnamespace('godwit') IS NOT NULL"
    " AND has_schema_privilege(to_regnamespace('godwit'), 'CREATE'),"
    " (extract(epoch FROM clock_timestamp()) * 1000000)::bigint,"
    " current_setting('max_locks_per_transaction')::int,"
    " (SELECT count(*) FROM pg_stat_activity WHERE xact_start < clock_timestamp()"
    " - interval '5 minutes' AND backend_type = 'client backend'),"
    " (SELECT count(*) FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid"
    " WHERE NOT i.indisvalid AND x.relkind = 'i'),"
    " (SELECT count(*) FROM pg_prepared_xacts WHERE database = current_database()),"
    " (SELECT string_agg(c, ', ' ORDER BY c) FROM pg_db_role_setting s, unnest(s.setconfig) c"
    " WHERE c ~ '_timeout=' AND s.setrole IN (0, (SELECT oid FROM pg_roles"
    " WHERE rolname = session_user)) AND s.setdatabase IN (0, (SELECT oid FROM pg_database"
    " WHERE datname = current_database()))), quote_ident(current_schema()),"
    " quote_ident(current_user), quote_ident(current_database())";

enum
{
    FACT_SCHEMA,
    FACT_MAY_CREATE,
    FACT_MAY_SCHEMA,
    FACT_LEDGER,
    FACT_CLOCK,
    FACT_LOCKS,
    FACT_LONG,
    FACT_INVALID,
    FACT_PREPARED,
    FACT_TIMEOUTS,
    FACT_QUOTED_SCHEMA,
    FACT_QUOTED_USER,
    FACT_QUOTED_DATABASE,
};

/* Add a line; takes `found` and `fix` over, `fix` NULL: fine. */
static void
add(GPtrArray *lines, const char *name, char *found, char *fix, gboolean bad)
{
    gw_check_line *line = g_new0(gw_check_line, 1);
    line->name = g_strdup(name);
    line->found = found;
    line->fix = fix;
    line->bad = bad;
    g_ptr_array_add(lines, line);
}

static gboolean
is_true(const PGresult *facts, int column)
{
    return PQgetvalue(facts, 0, column)[0] == 't';
}

static gint64
number(const PGresult *facts, int column)
{
    return g_ascii_strtoll(PQgetvalue(facts, 0, column), NULL, 10);
}

static void
check_server(GPtrArray *lines, const gw_place *place)
{
    add(lines, "version", g_strdup_printf("PostgreSQL %s", place->version), NULL, FALSE);
    add(lines, "role of the server", g_strdup(place->replica ? "replica" : "primary"),
        place->replica ? g_strdup("connect to the primary: a replica cannot be changed") : NULL,
        place->replica);
    add(lines, "pooler",
        g_strdup(place->pooled ? "a pooler stands between" : "connected to the server itself"),
        place->pooled
            ? g_strdup("connect to the server itself: behind a pooler settings, roles and "
                       "locks of the session do not last")
            : NULL,
        FALSE);
    add(lines, "tls", g_strdup(place->tls ? "encrypted" : "not encrypted"), NULL, FALSE);
}

static void
check_privileges(GPtrArray *lines, const PGresult *facts)
{
    const char *user = PQgetvalue(facts, 0, FACT_QUOTED_USER);
    if (PQgetisnull(facts, 0, FACT_SCHEMA))
    {
        add(lines, "schema", g_strdup("no schema of search_path is there"),
            g_strdup("CREATE SCHEMA …, or set search_path"), TRUE);
        return;
    }
    gboolean may = is_true(facts, FACT_MAY_CREATE);
    const char *schema = PQgetvalue(facts, 0, FACT_QUOTED_SCHEMA);
    add(lines, "privileges",
        g_strdup_printf("%s create tables in schema %s", may ? "may" : "may not", schema),
        may ? NULL : g_strdup_printf("GRANT CREATE ON SCHEMA %s TO %s", schema, user), !may);
    gboolean ledger = is_true(facts, FACT_LEDGER) || is_true(facts, FACT_MAY_SCHEMA);
    add(lines, "ledger",
        g_strdup(ledger ? "the ledger's schema can be made or written"
                        : "the ledger's schema can neither be made nor written"),
        ledger ? NULL
               : g_strdup_printf("GRANT CREATE ON DATABASE %s TO %s",
                     PQgetvalue(facts, 0, FACT_QUOTED_DATABASE), user),
        !ledger);
}

static void
check_clock(GPtrArray *lines, const PGresult *facts)
{
    gint64 skew = number(facts, FACT_CLOCK) - gw_clock_wall();
    gboolean apart = skew > SKEW || skew < -SKEW;
    add(lines, "clock of the server",
        g_strdup_printf("the server's is %.1f s %s this machine's", fabs((double)skew / 1e6),
            skew < 0 ? "behind" : "before"),
        apart ? g_strdup("set both by NTP") : NULL, FALSE);
}

static void
check_timeouts(GPtrArray *lines, const gw_place *place, const PGresult *facts)
{
    gboolean none = PQgetisnull(facts, 0, FACT_TIMEOUTS);
    gboolean bites = !none && place->pooled;
    add(lines, "timeouts",
        none ? g_strdup("none is set on the role or the database")
             : g_strdup_printf("%s%s", PQgetvalue(facts, 0, FACT_TIMEOUTS),
                   bites ? "" : ", lifted for godwit's sessions"),
        bites ? g_strdup("behind a pooler these end long statements: connect to the server itself")
              : NULL,
        FALSE);
}

/* A count that should be zero. */
static void
check_count(GPtrArray *lines, const char *name, gint64 count, const char *fix)
{
    add(lines, name, g_strdup_printf("%" G_GINT64_FORMAT, count), count == 0 ? NULL : g_strdup(fix),
        FALSE);
}

GPtrArray *
gw_pg_checks(gpointer data, const gw_place *place, GError **error)
{
    gw_postgres *self = data;
    g_autoptr(PGresult) facts = gw_pg_session_ask(self, facts_query, NULL, 0, error);
    if (facts == NULL)
    {
        return NULL;
    }
    GPtrArray *lines = g_ptr_array_new_with_free_func((GDestroyNotify)gw_check_line_free);
    check_server(lines, place);
    check_privileges(lines, facts);
    check_timeouts(lines, place, facts);
    check_clock(lines, facts);
    gint64 locks = number(facts, FACT_LOCKS);
    add(lines, "max_locks_per_transaction", g_strdup_printf("%" G_GINT64_FORMAT, locks),
        locks >= 64 ? NULL
                    : g_strdup("64 or more: a migration of many tables locks each, with its "
                               "indexes"),
        FALSE);
    check_count(lines, "transactions older than 5 minutes", number(facts, FACT_LONG),
        "end them: they hold locks, and CREATE INDEX CONCURRENTLY waits for them");
    check_count(lines, "invalid indexes", number(facts, FACT_INVALID),
        "REINDEX INDEX CONCURRENTLY or DROP INDEX CONCURRENTLY each");
    check_count(lines, "prepared transactions", number(facts, FACT_PREPARED),
        "COMMIT PREPARED or ROLLBACK PREPARED: they hold locks until then");
    return lines;
}
