/* What the server calls an error, as one of godwit's codes. */
#include "drivers/mariadb/session.h"

typedef struct code_row
{
    guint number;
    gw_code code;
} code_row;

static const code_row codes[] = {
    /* the client library's own */
    {2002, GW_CODE_UNREACHABLE},
    {2003, GW_CODE_UNREACHABLE},
    {2005, GW_CODE_UNREACHABLE},
    {2006, GW_CODE_CONNECTION_LOST},
    {2012, GW_CODE_UNAVAILABLE},
    {2013, GW_CODE_CONNECTION_LOST},
    {2055, GW_CODE_CONNECTION_LOST},
    {2026, GW_CODE_TLS},
    {2049, GW_CODE_AUTH},
    {2059, GW_CODE_AUTH},
    {2061, GW_CODE_AUTH},
    {5010, GW_CODE_AUTH},
    {5012, GW_CODE_AUTH},
    {5013, GW_CODE_CONNECTION_LOST},
    {5014, GW_CODE_CONNECTION_LOST},
    {2014, GW_CODE_INTERNAL},
    {2068, GW_CODE_PRIVILEGE},
    {4166, GW_CODE_PRIVILEGE},
    /* who may come in, and when */
    {1040, GW_CODE_UNAVAILABLE},
    {1203, GW_CODE_UNAVAILABLE},
    {1226, GW_CODE_UNAVAILABLE},
    {1129, GW_CODE_UNAVAILABLE},
    {1047, GW_CODE_UNAVAILABLE}, /* WSREP has not yet prepared node */
    {1053, GW_CODE_CONNECTION_LOST},
    {1077, GW_CODE_CONNECTION_LOST},
    {1079, GW_CODE_CONNECTION_LOST},
    {1152, GW_CODE_CONNECTION_LOST},
    {1184, GW_CODE_CONNECTION_LOST},
    {1927, GW_CODE_CONNECTION_LOST},
    {3169, GW_CODE_CONNECTION_LOST},
    {4031, GW_CODE_CONNECTION_LOST}, /* MySQL: the client was idle for too long */
    {1045, GW_CODE_AUTH},
    {1130, GW_CODE_AUTH},
    {1251, GW_CODE_AUTH},
    {1275, GW_CODE_AUTH},
    {1524, GW_CODE_AUTH},
    {1698, GW_CODE_AUTH},
    {1820, GW_CODE_AUTH},
    {1862, GW_CODE_AUTH},
    {3118, GW_CODE_AUTH},
    {4150, GW_CODE_AUTH},
    {4151, GW_CODE_AUTH},
    {3159, GW_CODE_TLS},
    {4227, GW_CODE_TLS},
    {1049, GW_CODE_NO_DATABASE},
    {1046, GW_CODE_NO_DATABASE},
    /* privileges and read-only servers */
    {1044, GW_CODE_PRIVILEGE},
    {1095, GW_CODE_PRIVILEGE},
    {1131, GW_CODE_PRIVILEGE},
    {1132, GW_CODE_PRIVILEGE},
    {1142, GW_CODE_PRIVILEGE},
    {1143, GW_CODE_PRIVILEGE},
    {1227, GW_CODE_PRIVILEGE},
    {1370, GW_CODE_PRIVILEGE},
    {1410, GW_CODE_PRIVILEGE},
    {1419, GW_CODE_PRIVILEGE},
    {1959, GW_CODE_PRIVILEGE},
    {1979, GW_CODE_PRIVILEGE},
    {1290, GW_CODE_READ_ONLY},
    {1036, GW_CODE_READ_ONLY},
    {1207, GW_CODE_READ_ONLY},
    {1223, GW_CODE_READ_ONLY},
    {1792, GW_CODE_READ_ONLY},
    {1836, GW_CODE_READ_ONLY},
    {1874, GW_CODE_READ_ONLY},
    {1880, GW_CODE_READ_ONLY},
    {3100, GW_CODE_READ_ONLY},
    /* room */
    {28, GW_CODE_DISK_FULL},
    {1021, GW_CODE_DISK_FULL},
    {1114, GW_CODE_DISK_FULL},
    {3019, GW_CODE_DISK_FULL},
    /* locks and time */
    {1205, GW_CODE_LOCK_TIMEOUT},
    {3572, GW_CODE_LOCK_TIMEOUT},
    {1206, GW_CODE_LOCK_TIMEOUT},
    {1689, GW_CODE_LOCK_TIMEOUT},
    {1213, GW_CODE_DEADLOCK},
    {1614, GW_CODE_DEADLOCK},
    {3058, GW_CODE_DEADLOCK},
    {1020, GW_CODE_SERIALIZATION},
    {1180, GW_CODE_SERIALIZATION},
    {3101, GW_CODE_SERIALIZATION},
    {1317, GW_CODE_CANCELLED},
    {1969, GW_CODE_TIMEOUT},
    {1907, GW_CODE_TIMEOUT},
    {3024, GW_CODE_TIMEOUT},
    /* text */
    {1064, GW_CODE_SYNTAX},
    {1149, GW_CODE_SYNTAX},
    {1065, GW_CODE_SYNTAX},
    /* what is not there, or is already */
    {1051, GW_CODE_NO_TABLE},
    {1109, GW_CODE_NO_TABLE},
    {1146, GW_CODE_NO_TABLE},
    {1082, GW_CODE_NO_TABLE},
    {1091, GW_CODE_NO_TABLE},
    {1176, GW_CODE_NO_TABLE},
    {1305, GW_CODE_NO_TABLE},
    {1360, GW_CODE_NO_TABLE},
    {1507, GW_CODE_NO_TABLE},
    {1539, GW_CODE_NO_TABLE},
    {1824, GW_CODE_NO_TABLE},
    {1932, GW_CODE_NO_TABLE},
    {1008, GW_CODE_NO_TABLE},
    {4091, GW_CODE_NO_TABLE},
    {4092, GW_CODE_NO_TABLE},
    {1054, GW_CODE_NO_COLUMN},
    {1072, GW_CODE_NO_COLUMN},
    {1007, GW_CODE_EXISTS},
    {1050, GW_CODE_EXISTS},
    {1060, GW_CODE_EXISTS},
    {1061, GW_CODE_EXISTS},
    {1125, GW_CODE_EXISTS},
    {1304, GW_CODE_EXISTS},
    {1359, GW_CODE_EXISTS},
    {1396, GW_CODE_EXISTS},
    {1476, GW_CODE_EXISTS},
    {1517, GW_CODE_EXISTS},
    {1537, GW_CODE_EXISTS},
    {1826, GW_CODE_EXISTS},
    {3822, GW_CODE_EXISTS},
    /* rows */
    {1022, GW_CODE_UNIQUE},
    {1062, GW_CODE_UNIQUE},
    {1169, GW_CODE_UNIQUE},
    {1569, GW_CODE_UNIQUE},
    {1586, GW_CODE_UNIQUE},
    {1761, GW_CODE_UNIQUE},
    {1762, GW_CODE_UNIQUE},
    {1859, GW_CODE_UNIQUE},
    {1216, GW_CODE_FOREIGN_KEY},
    {1217, GW_CODE_FOREIGN_KEY},
    {1451, GW_CODE_FOREIGN_KEY},
    {1452, GW_CODE_FOREIGN_KEY},
    {1048, GW_CODE_CONSTRAINT},
    {1138, GW_CODE_CONSTRAINT},
    {1364, GW_CODE_CONSTRAINT},
    {1265, GW_CODE_VALUE},
    {1263, GW_CODE_CONSTRAINT},
    {3819, GW_CODE_CONSTRAINT},
    {4025, GW_CODE_CONSTRAINT},
    {1264, GW_CODE_VALUE},
    {1292, GW_CODE_VALUE},
    {1300, GW_CODE_VALUE},
    {1366, GW_CODE_VALUE},
    {1367, GW_CODE_VALUE},
    {1406, GW_CODE_VALUE},
    {1411, GW_CODE_VALUE},
    {1525, GW_CODE_VALUE},
    {1526, GW_CODE_VALUE},
    {1690, GW_CODE_VALUE},
    {1977, GW_CODE_VALUE},
    {3140, GW_CODE_VALUE},
    {3988, GW_CODE_VALUE},
    /* what hangs on it */
    {1553, GW_CODE_DEPENDENT},
    {1701, GW_CODE_DEPENDENT},
    {1828, GW_CODE_DEPENDENT},
    {1829, GW_CODE_DEPENDENT},
    {1832, GW_CODE_DEPENDENT},
    {1833, GW_CODE_DEPENDENT},
    {1834, GW_CODE_DEPENDENT},
    {3108, GW_CODE_DEPENDENT},
    {3730, GW_CODE_DEPENDENT},
    {3959, GW_CODE_DEPENDENT},
};

gw_code
gw_mariadb_code(guint number, const char *sqlstate)
{
    for (gsize i = 0; i < G_N_ELEMENTS(codes); i++)
    {
        if (codes[i].number == number)
        {
            return codes[i].code;
        }
    }
    return g_strcmp0(sqlstate, "23000") == 0 ? GW_CODE_CONSTRAINT : GW_CODE_STATEMENT;
}

gboolean
gw_mariadb_is_lost(guint number)
{
    gw_code code = gw_mariadb_code(number, NULL);
    return code == GW_CODE_CONNECTION_LOST || code == GW_CODE_TLS;
}

/* One line, without a full stop at its end. */
static void
tidy(char *message)
{
    g_strdelimit(message, "\r\n\t", ' ');
    g_strchomp(message);
    gsize length = strlen(message);
    if (length > 0 && message[length - 1] == '.')
    {
        message[length - 1] = '\0';
    }
}

static const struct
{
    guint number;
    const char *hint;
} hints[] = {
    {1153, "raise max_allowed_packet on the server, or cut the statement into smaller ones"},
    {2020, "raise max_allowed_packet on the server, or cut the statement into smaller ones"},
    {1419, "SET GLOBAL log_bin_trust_function_creators = 1, or grant SUPER"},
    {1418, "SET GLOBAL log_bin_trust_function_creators = 1, or declare it DETERMINISTIC"},
    {1040, "raise max_connections, or stop some clients"},
    {2068, "LOAD DATA LOCAL lets a server read files of this machine: use INSERT"},
    {4166, "LOAD DATA LOCAL lets a server read files of this machine: use INSERT"},
    {5010, "logins that send the password in clear text are not allowed: see the user's plugin"},
    {2059, "the client library lacks the user's login plugin: see plugin-dir= in the URL"},
};

static void
add_hint(GError *error, guint number)
{
    for (gsize i = 0; i < G_N_ELEMENTS(hints); i++)
    {
        if (hints[i].number == number)
        {
            gw_error_add_hint(error, "%s", hints[i].hint);
        }
    }
}

static void
fail_native(GError **error, gw_code code, guint number, const char *sqlstate, const char *message)
{
    g_autofree char *masked = gw_mariadb_mask(number, message);
    tidy(masked);
    gw_fail(error, code, "%s", masked);
    if (error != NULL)
    {
        gw_error_add_native(*error, sqlstate, (int)number);
        add_hint(*error, number);
    }
}

static void
add_place(GError **error, guint number, const char *message, const char *sql, gsize length)
{
    if (error != NULL && sql != NULL && number == 1064)
    {
        guint offset = gw_mariadb_near(message, sql, length);
        if (offset > 0)
        {
            gw_error_add_offset(*error, offset);
        }
    }
}

/* Numbers that stand for several things, which only the words of the message tell apart: English,
 * see lc_messages in reset.c. */
static const struct
{
    guint number;
    const char *words;
    gw_code code;
} worded[] = {
    {1091, "DROP COLUMN", GW_CODE_NO_COLUMN}, {2000, "infile", GW_CODE_PRIVILEGE},
    {4031, "trigger", GW_CODE_NO_TABLE}, /* the one that FOLLOWS names, on MariaDB */
};

/* The code of an error on a connection that was open: TLS does not fail then, it ends. */
static gw_code
code_when_open(guint number, const char *sqlstate, const char *message)
{
    if (gw_mariadb_is_lost(number))
    {
        return GW_CODE_CONNECTION_LOST;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(worded); i++)
    {
        if (worded[i].number == number && strstr(message, worded[i].words) != NULL)
        {
            return worded[i].code;
        }
    }
    return gw_mariadb_code(number, sqlstate);
}

void
gw_mariadb_fail(MYSQL *mysql, const char *sql, gsize length, GError **error)
{
    guint number = mysql_errno(mysql);
    const char *sqlstate = mysql_sqlstate(mysql);
    const char *message = mysql_error(mysql);
    gw_code code = code_when_open(number, sqlstate, message);
    fail_native(error, code, number, sqlstate, message);
    add_place(error, number, message, sql, length);
}

void
gw_mariadb_fail_statement(MYSQL_STMT *statement, const char *sql, GError **error)
{
    guint number = mysql_stmt_errno(statement);
    const char *sqlstate = mysql_stmt_sqlstate(statement);
    const char *message = mysql_stmt_error(statement);
    gw_code code = code_when_open(number, sqlstate, message);
    fail_native(error, code, number, sqlstate, message);
    add_place(error, number, message, sql, strlen(sql));
}

void
gw_mariadb_fail_connect(MYSQL *mysql, const gw_mariadb_address *address, GError **error)
{
    guint number = mysql_errno(mysql);
    gw_code code = gw_mariadb_code(number, mysql_sqlstate(mysql));
    switch (code)
    {
    case GW_CODE_CONNECTION_LOST: /* it let us in and hung up: starting, stopping or full */
        code = GW_CODE_UNAVAILABLE;
        break;
    case GW_CODE_PRIVILEGE: /* 1044: the user has no rights on the database */
        code = GW_CODE_AUTH;
        break;
    case GW_CODE_STATEMENT:
        code = GW_CODE_UNREACHABLE;
        break;
    default:
        break;
    }
    g_autofree char *message = g_strdup(mysql_error(mysql));
    char *number_of_system = g_strrstr(message, " (");
    if (code == GW_CODE_UNREACHABLE && number_of_system != NULL)
    {
        *number_of_system = '\0'; /* "Can't connect to server on '127.0.0.1' (115)" */
    }
    fail_native(error, code, number, mysql_sqlstate(mysql), message);
    const char *host = address->host == NULL ? "localhost" : address->host;
    g_autofree char *place =
        address->socket != NULL
            ? g_strdup(address->socket)
            : g_strdup_printf("%s:%u", host, address->port == 0 ? 3306 : address->port);
    gw_error_prefix(error == NULL ? NULL : *error, "cannot connect to MariaDB at %s: ", place);
    if (code == GW_CODE_UNREACHABLE)
    {
        gw_error_add_hint(error == NULL ? NULL : *error,
            "check host and port, and that the server is running and accepts connections");
    }
}
