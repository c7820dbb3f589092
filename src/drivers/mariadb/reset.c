/*
 * The session as it was after login: read once with the place, compared and put back between
 * migrations. Never by resetting the connection, which would release the run's lock.
 */
#include "drivers/mariadb/session.h"

typedef enum setting_kind
{
    SETTING_NUMBER,
    SETTING_TEXT,
} setting_kind;

typedef enum setting_home
{
    HOME_BOTH,
    HOME_MARIADB,
    HOME_MYSQL,
} setting_home;

typedef struct setting
{
    const char *name;
    setting_kind kind;
    setting_home home;
} setting;

/* In an order in which they can be set. */
static const setting settings[] = {
    {"autocommit", SETTING_NUMBER, HOME_BOTH},
    {"sql_mode", SETTING_TEXT, HOME_BOTH},
    {"character_set_client", SETTING_TEXT, HOME_BOTH},
    {"character_set_results", SETTING_TEXT, HOME_BOTH},
    {"character_set_connection", SETTING_TEXT, HOME_BOTH},
    {"collation_connection", SETTING_TEXT, HOME_BOTH},
    {"time_zone", SETTING_TEXT, HOME_BOTH},
    {"foreign_key_checks", SETTING_NUMBER, HOME_BOTH},
    {"unique_checks", SETTING_NUMBER, HOME_BOTH},
    {"check_constraint_checks", SETTING_NUMBER, HOME_MARIADB},
    {"tx_isolation", SETTING_TEXT, HOME_MARIADB},
    {"tx_read_only", SETTING_NUMBER, HOME_MARIADB},
    {"transaction_isolation", SETTING_TEXT, HOME_MYSQL},
    {"transaction_read_only", SETTING_NUMBER, HOME_MYSQL},
    {"lock_wait_timeout", SETTING_NUMBER, HOME_BOTH},
    {"innodb_lock_wait_timeout", SETTING_NUMBER, HOME_BOTH},
    {"max_statement_time", SETTING_NUMBER, HOME_MARIADB},
    {"max_execution_time", SETTING_NUMBER, HOME_MYSQL},
    {"alter_algorithm", SETTING_TEXT, HOME_MARIADB},
    {"old_alter_table", SETTING_NUMBER, HOME_MYSQL},
    {"innodb_strict_mode", SETTING_NUMBER, HOME_BOTH},
    {"default_storage_engine", SETTING_TEXT, HOME_BOTH},
    {"explicit_defaults_for_timestamp", SETTING_NUMBER, HOME_BOTH},
    {"sql_safe_updates", SETTING_NUMBER, HOME_BOTH},
    {"sql_select_limit", SETTING_NUMBER, HOME_BOTH},
    {"sql_auto_is_null", SETTING_NUMBER, HOME_BOTH},
    {"sql_quote_show_create", SETTING_NUMBER, HOME_BOTH},
    {"sql_notes", SETTING_NUMBER, HOME_BOTH},
    {"group_concat_max_len", SETTING_NUMBER, HOME_BOTH},
    {"lc_time_names", SETTING_TEXT, HOME_BOTH},
    {"lc_messages", SETTING_TEXT, HOME_BOTH},
    {"sql_log_bin", SETTING_NUMBER, HOME_BOTH},
    {"auto_increment_increment", SETTING_NUMBER, HOME_BOTH},
    {"auto_increment_offset", SETTING_NUMBER, HOME_BOTH},
    {"sort_buffer_size", SETTING_NUMBER, HOME_BOTH},
    {"join_buffer_size", SETTING_NUMBER, HOME_BOTH},
    {"max_heap_table_size", SETTING_NUMBER, HOME_BOTH},
    {"tmp_table_size", SETTING_NUMBER, HOME_BOTH},
    {"bulk_insert_buffer_size", SETTING_NUMBER, HOME_BOTH},
    {"div_precision_increment", SETTING_NUMBER, HOME_BOTH},
    {"optimizer_switch", SETTING_TEXT, HOME_BOTH},
    {"sql_big_selects", SETTING_NUMBER, HOME_BOTH},
    {"max_join_size", SETTING_NUMBER, HOME_BOTH},
    {"wait_timeout", SETTING_NUMBER, HOME_BOTH},
};

/* Names a place in the row that is read at login: those of the variables come behind. */
enum place_column
{
    PLACE_ID,
    PLACE_DATABASE,
    PLACE_VERSION,
    PLACE_HOST,
    PLACE_PORT,
    PLACE_READ_ONLY,
    PLACE_USER,
    PLACE_ROLE,
    PLACE_UID,
    PLACE_BORN,
    PLACE_COLUMNS,
};

/* And in the row that is read before the session is put back. */
enum now_column
{
    NOW_ROLE,
    NOW_FROZEN, /* is the clock that NOW() reads set? */
    NOW_OWN,    /* "@`a` = NULL, …": variables of the user's own that have a value, or NULL */
    NOW_COLUMNS,
};

/* MySQL tells them to those alone who may read its performance_schema. */
#define OWN_VARIABLES                                                                              \
    "(SELECT GROUP_CONCAT('@`', REPLACE(VARIABLE_NAME, '`', '``'), '` = NULL') FROM"               \
    " information_schema.USER_VARIABLES WHERE VARIABLE_VALUE IS NOT NULL)"

/* The longest that the server may leave an idle session alive. */
#define WAIT_TIMEOUT "28800"

/* The oldest servers that godwit works with: a catalog that shows CHECK
 * constraints and ignored indexes. */
#define OLDEST_MARIADB 100600
#define OLDEST_MYSQL   80016

static gboolean
is_here(const gw_mariadb *self, const setting *one)
{
    return one->home == HOME_BOTH || (one->home == HOME_MARIADB) == (self->real_mariadb != FALSE);
}

static void
append_variables(const gw_mariadb *self, GString *sql)
{
    for (gsize i = 0; i < G_N_ELEMENTS(settings); i++)
    {
        g_string_append_printf(sql, ", %s%s",
            is_here(self, &settings[i]) ? "@@session." : "NULL AS ", settings[i].name);
    }
}

/* When the server started, in seconds: tells its connection ids from those of one before it. */
#define BORN(schema)                                                                               \
    "UNIX_TIMESTAMP() - (SELECT VARIABLE_VALUE FROM " schema " WHERE VARIABLE_NAME = 'Uptime')"

gboolean
gw_mariadb_born(gw_mariadb *self, gint64 *born, GError **error)
{
    const char *sql = self->real_mariadb ? "SELECT " BORN("information_schema.GLOBAL_STATUS")
                                         : "SELECT " BORN("performance_schema.global_status");
    g_autoptr(MYSQL_RES) result = gw_mariadb_select(self->mysql, sql, error);
    MYSQL_ROW row = result == NULL ? NULL : mysql_fetch_row(result);
    *born = row == NULL ? 0 : (gint64)g_ascii_strtod(row[0], NULL);
    return row != NULL;
}

static char *
place_sql(const gw_mariadb *self)
{
    GString *sql = g_string_new("SELECT CONNECTION_ID(), DATABASE(), VERSION(), @@hostname, "
                                "@@port, @@global.read_only, CURRENT_USER(), ");
    g_string_append(sql, self->real_mariadb
                             ? "CURRENT_ROLE(), (SELECT VARIABLE_VALUE FROM "
                               "information_schema.GLOBAL_VARIABLES WHERE VARIABLE_NAME = "
                               "'SERVER_UID'), " BORN("information_schema.GLOBAL_STATUS")
                             : "NULL, @@server_uuid, " BORN("performance_schema.global_status"));
    append_variables(self, sql);
    return g_string_free(sql, FALSE);
}

static gboolean
check_version(const gw_mariadb *self, GError **error)
{
    gulong version = mysql_get_server_version(self->mysql);
    if (version >= (self->real_mariadb ? OLDEST_MARIADB : OLDEST_MYSQL))
    {
        return TRUE;
    }
    gw_fail(error, GW_CODE_SERVER_VERSION, "godwit needs %s, and the server is %s",
        self->real_mariadb ? "MariaDB 10.6" : "MySQL 8.0.16", mysql_get_server_info(self->mysql));
    return FALSE;
}

static gboolean
is_socket(const gw_mariadb *self)
{
    return self->mysql->unix_socket != NULL && self->mysql->net.pvio != NULL &&
           strstr(mysql_get_host_info(self->mysql), "socket") != NULL;
}

static char *
shown_host(const gw_mariadb *self)
{
    if (is_socket(self))
    {
        return g_strdup(self->mysql->unix_socket);
    }
    return g_strdup_printf(
        "%s:%u", self->mysql->host == NULL ? "localhost" : self->mysql->host, self->mysql->port);
}

static void
place_fill(const gw_mariadb *self, gw_place *place, MYSQL_ROW row)
{
    gulong id = (gulong)g_ascii_strtoull(row[PLACE_ID], NULL, 10);
    const char *database = row[PLACE_DATABASE] == NULL ? "" : row[PLACE_DATABASE];
    *place = (gw_place){
        .host = shown_host(self),
        .database = g_strdup(database),
        .schema = g_strdup(database),
        .user = g_strdup(row[PLACE_USER]),
        .version = g_strdup(row[PLACE_VERSION]),
        .identity = row[PLACE_UID] == NULL
                        ? g_strdup_printf("%s:%s/%s", row[PLACE_HOST], row[PLACE_PORT], database)
                        : g_strdup_printf("%s/%s", row[PLACE_UID], database),
        .replica = strcmp(row[PLACE_READ_ONLY], "0") != 0,
        .pooled = id != mysql_thread_id(self->mysql),
        .tls = mysql_get_ssl_cipher(self->mysql) != NULL,
        .session = g_strdup_printf("%lu %.0f", id, g_ascii_strtod(row[PLACE_BORN], NULL)),
    };
}

static void
self_fill(gw_mariadb *self, MYSQL_ROW row)
{
    self->id = (gulong)g_ascii_strtoull(row[PLACE_ID], NULL, 10);
    self->database = g_strdup(row[PLACE_DATABASE]);
    self->role = g_strdup(row[PLACE_ROLE]);
    self->login = g_new0(char *, G_N_ELEMENTS(settings));
    for (gsize i = 0; i < G_N_ELEMENTS(settings); i++)
    {
        self->login[i] = g_strdup(row[PLACE_COLUMNS + i]);
    }
}

void
gw_mariadb_login_clear(gw_mariadb *self)
{
    for (gsize i = 0; self->login != NULL && i < G_N_ELEMENTS(settings); i++)
    {
        g_free(self->login[i]);
    }
    g_clear_pointer(&self->login, g_free);
}

static gboolean
set_role(gw_mariadb *self, const char *role, GError **error)
{
    GString *sql = g_string_new("SET ROLE ");
    if (role == NULL)
    {
        g_string_append(sql, "NONE");
    }
    else
    {
        gw_mariadb_dialect.quote_name(sql, role);
    }
    gboolean done = gw_mariadb_run(self->mysql, sql->str, error);
    g_string_free(sql, TRUE);
    return done;
}

static gboolean
read_login(gw_mariadb *self, gw_place *place, GError **error)
{
    g_autofree char *sql = place_sql(self);
    g_autoptr(MYSQL_RES) result = gw_mariadb_select(self->mysql, sql, error);
    MYSQL_ROW row = result == NULL ? NULL : mysql_fetch_row(result);
    if (row == NULL)
    {
        return FALSE;
    }
    place_fill(self, place, row);
    self_fill(self, row);
    return TRUE;
}

const char *
gw_mariadb_login(const gw_mariadb *self, const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(settings); i++)
    {
        if (strcmp(settings[i].name, name) == 0)
        {
            return self->login[i];
        }
    }
    return NULL;
}

/* What godwit wants otherwise than the login left it: it becomes what the session goes back to. */
static gboolean
demand(gw_mariadb *self, const char *name, const char *value, GError **error)
{
    g_autofree char *sql = g_strdup_printf("SET SESSION %s = %s", name, value);
    for (gsize i = 0; i < G_N_ELEMENTS(settings); i++)
    {
        if (strcmp(settings[i].name, name) == 0)
        {
            g_free(self->login[i]);
            self->login[i] = g_strdup(value);
        }
    }
    return gw_mariadb_run(self->mysql, sql, error);
}

static gboolean
prepare_session(gw_mariadb *self, const gw_connect *how, GError **error)
{
    const char *wait = gw_mariadb_login(self, "wait_timeout");
    if (strcmp(gw_mariadb_login(self, "autocommit"), "1") != 0 &&
        !demand(self, "autocommit", "1", error))
    {
        return FALSE;
    }
    /* Values are taken out of messages by their words: they must be English. */
    if (!g_str_has_prefix(gw_mariadb_login(self, "lc_messages"), "en_") &&
        !demand(self, "lc_messages", "en_US", error))
    {
        return FALSE;
    }
    if (g_ascii_strtoll(wait, NULL, 10) < g_ascii_strtoll(WAIT_TIMEOUT, NULL, 10) &&
        !demand(self, "wait_timeout", WAIT_TIMEOUT, error))
    {
        return FALSE;
    }
    return !how->read_only ||
           demand(self, self->real_mariadb ? "tx_read_only" : "transaction_read_only", "1", error);
}

gboolean
gw_mariadb_settle(gw_mariadb *self, const gw_connect *how, gw_place *place, GError **error)
{
    if (!check_version(self, error) || !read_login(self, place, error))
    {
        return FALSE;
    }
    if (how->role != NULL)
    {
        g_free(self->role);
        self->role = g_strdup(how->role);
        if (!set_role(self, how->role, error))
        {
            return FALSE;
        }
    }
    return self->adopted || prepare_session(self, how, error);
}

/* ---- back to it ---- */

static void
append_value(GString *sql, const setting *one, const char *value)
{
    if (value == NULL)
    {
        g_string_append(sql, "NULL");
    }
    else if (one->kind == SETTING_TEXT)
    {
        gw_mariadb_dialect.quote_text(sql, value);
    }
    else
    {
        g_string_append(sql, value);
    }
}

/* Put back the variables that are not as they were. */
static gboolean
restore_variables(gw_mariadb *self, MYSQL_ROW now, GError **error)
{
    g_autoptr(GString) sql = g_string_new("SET ");
    const char *comma = "";
    if (g_strcmp0(now[NOW_FROZEN], "1") == 0)
    {
        g_string_append(sql, "timestamp = DEFAULT");
        comma = ", ";
    }
    if (now[NOW_OWN] != NULL)
    {
        g_string_append_printf(sql, "%s%s", comma, now[NOW_OWN]);
        comma = ", ";
    }
    for (gsize i = 0; i < G_N_ELEMENTS(settings); i++)
    {
        const char *was = self->login[i];
        if (is_here(self, &settings[i]) && g_strcmp0(now[NOW_COLUMNS + i], was) != 0)
        {
            g_string_append_printf(sql, "%sSESSION %s = ", comma, settings[i].name);
            append_value(sql, &settings[i], was);
            comma = ", ";
        }
    }
    return *comma == '\0' || gw_mariadb_run(self->mysql, sql->str, error);
}

static gboolean
read_variables(gw_mariadb *self, GError **error)
{
    g_autoptr(GString) sql = g_string_new("SELECT ");
    g_string_append(sql, self->real_mariadb ? "CURRENT_ROLE()" : "NULL");
    g_string_append(sql, ", ABS(@@timestamp - UNIX_TIMESTAMP(SYSDATE(6))) > 1, ");
    g_string_append(sql, self->real_mariadb ? OWN_VARIABLES : "NULL");
    append_variables(self, sql);
    g_autoptr(MYSQL_RES) result = gw_mariadb_select(self->mysql, sql->str, error);
    MYSQL_ROW row = result == NULL ? NULL : mysql_fetch_row(result);
    if (row == NULL)
    {
        return FALSE;
    }
    if (self->real_mariadb && g_strcmp0(row[NOW_ROLE], self->role) != 0 &&
        !set_role(self, self->role, error))
    {
        return FALSE;
    }
    return restore_variables(self, row, error);
}

static gboolean
use_database(gw_mariadb *self, GError **error)
{
    if (self->database == NULL)
    {
        return TRUE;
    }
    g_autoptr(GString) sql = g_string_new("USE ");
    gw_mariadb_dialect.quote_name(sql, self->database);
    return gw_mariadb_run(self->mysql, sql->str, error);
}

gboolean
gw_mariadb_reset(gpointer data, GError **error)
{
    gw_mariadb *self = data;
    if (!gw_mariadb_run(self->mysql, "ROLLBACK", error) ||
        !gw_mariadb_run(self->mysql, "UNLOCK TABLES", error) || !gw_mariadb_speak(self, error) ||
        !gw_mariadb_drop_temporary(self, error) || !read_variables(self, error) ||
        !use_database(self, error))
    {
        return FALSE;
    }
    g_clear_pointer(&self->speech, g_free);
    return TRUE;
}
