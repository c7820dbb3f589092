#include "drivers/mariadb/catalog.h"

#define BOTH    "both"
#define MARIADB "mariadb"
#define MYSQL   "mysql"

#define QUOTED(column)  "CONCAT('`', REPLACE(" column ", '`', '``'), '`')"
#define LISTED(column)  "GROUP_CONCAT(" QUOTED(column) " ORDER BY ORDINAL_POSITION SEPARATOR ', ')"
#define COMMENT(column) "IF(" column " = '', NULL, CONCAT('COMMENT ', QUOTE(" column ")))"

#define TABLE_PIECE                                                                                \
    "CONCAT_WS(' ', "                                                                              \
    "IF(TABLE_TYPE = 'SYSTEM VERSIONED', 'WITH SYSTEM VERSIONING', NULL), "                        \
    "CONCAT('ENGINE=', ENGINE), CONCAT('COLLATE=', TABLE_COLLATION), "                             \
    "NULLIF(CREATE_OPTIONS, ''), " COMMENT("TABLE_COMMENT") ")"

#define COLUMN_PIECE                                                                               \
    "CONCAT_WS(' ', COLUMN_TYPE, IF(CHARACTER_SET_NAME IS NULL, NULL, "                            \
    "CONCAT('CHARACTER SET ', CHARACTER_SET_NAME, ' COLLATE ', COLLATION_NAME)), "                 \
    "IF(IS_NULLABLE = 'NO', 'NOT NULL', 'NULL'), "                                                 \
    "IF(COLUMN_DEFAULT IS NULL, NULL, CONCAT('DEFAULT ', COLUMN_DEFAULT)), "                       \
    "NULLIF(EXTRA, ''), IF(COALESCE(GENERATION_EXPRESSION, '') = '', NULL, "                       \
    "CONCAT('AS (', GENERATION_EXPRESSION, ')')), " COMMENT("COLUMN_COMMENT") ")"

/* A column of an index, and the head of the index before its first. */
#define INDEX_PIECE(ignored, column)                                                               \
    "CONCAT(IF(SEQ_IN_INDEX = 1, CONCAT(IF(NON_UNIQUE = 0, 'UNIQUE ', ''), "                       \
    "INDEX_TYPE, " ignored ", IF(INDEX_COMMENT = '', '', "                                         \
    "CONCAT(' COMMENT ', QUOTE(INDEX_COMMENT))), ' ('), ', '), " column                            \
    ", IF(SUB_PART IS NULL, '', CONCAT('(', SUB_PART, ')')), "                                     \
    "IF(COLLATION = 'D', ' DESC', ''))"
#define MARIADB_IGNORED "IF(IGNORED = 'YES', ' IGNORED', '')"
#define MYSQL_IGNORED   "IF(IS_VISIBLE = 'NO', ' INVISIBLE', '')"
#define MYSQL_INDEXED   "COALESCE(" QUOTED("COLUMN_NAME") ", CONCAT('(', EXPRESSION, ')'))"
#define FROM_STATISTICS " FROM information_schema.STATISTICS WHERE TABLE_SCHEMA"

#define PARENT_SCHEMA QUOTED("MAX(REFERENCED_TABLE_SCHEMA)")
#define PARENT        QUOTED("MAX(REFERENCED_TABLE_NAME)")
#define REFERENCE_PIECE                                                                            \
    "CONCAT('FOREIGN KEY (', " LISTED(                                                             \
        "COLUMN_NAME") ", ') REFERENCES ', "                                                       \
                       "IF(MAX(REFERENCED_TABLE_SCHEMA) = MAX(TABLE_SCHEMA), '', "                 \
                       "CONCAT(" PARENT_SCHEMA ", '.')), " PARENT                                  \
                       ", ' (', " LISTED("REFERENCED_COLUMN_NAME") ", ')')"

#define PARTITION_PIECE                                                                            \
    "CONCAT(IF(PARTITION_ORDINAL_POSITION = 1 AND "                                                \
    "COALESCE(SUBPARTITION_ORDINAL_POSITION, 1) = 1, "                                             \
    "CONCAT_WS(' ', CONCAT(CHAR(10), 'PARTITION BY'), PARTITION_METHOD, "                          \
    "PARTITION_EXPRESSION, SUBPARTITION_METHOD, SUBPARTITION_EXPRESSION), ''), "                   \
    "CONCAT_WS(' ', CONCAT(CHAR(10), 'PARTITION'), PARTITION_NAME, "                               \
    "SUBPARTITION_NAME, PARTITION_DESCRIPTION))"

#define VIEW_PIECE                                                                                 \
    "CONCAT_WS(' ', CONCAT('DEFINER ', DEFINER), "                                                 \
    "CONCAT('SQL SECURITY ', SECURITY_TYPE), "                                                     \
    "IF(CHECK_OPTION = 'NONE', NULL, CONCAT(CHECK_OPTION, ' CHECK OPTION')), "                     \
    "CONCAT(CHAR(10), VIEW_DEFINITION))"

#define TRIGGER_PIECE                                                                              \
    "CONCAT_WS(' ', ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER, "                             \
    "CONCAT('DEFINER ', DEFINER), CONCAT('SQL_MODE ', QUOTE(SQL_MODE)), "                          \
    "CONCAT(CHAR(10), ACTION_STATEMENT))"

#define PARAMETER_PIECE                                                                            \
    "CONCAT(CONCAT_WS(' ', IF(ORDINAL_POSITION = 0, 'RETURNS', PARAMETER_MODE), "                  \
    "PARAMETER_NAME, DTD_IDENTIFIER, COLLATION_NAME), CHAR(10))"

#define ROUTINE_PIECE                                                                              \
    "CONCAT_WS(' ', ROUTINE_TYPE, "                                                                \
    "IF(IS_DETERMINISTIC = 'YES', 'DETERMINISTIC', 'NOT DETERMINISTIC'), "                         \
    "SQL_DATA_ACCESS, CONCAT('SQL SECURITY ', SECURITY_TYPE), "                                    \
    "CONCAT('DEFINER ', DEFINER), CONCAT('SQL_MODE ', QUOTE(SQL_MODE)), " COMMENT(                 \
        "ROUTINE_COMMENT") ", CONCAT(CHAR(10), ROUTINE_DEFINITION))"

/* Without STARTS, which is the moment of CREATE EVENT when nothing is said. */
#define EVENT_PIECE                                                                                \
    "CONCAT_WS(' ', EVENT_TYPE, EXECUTE_AT, INTERVAL_VALUE, INTERVAL_FIELD, ENDS, "                \
    "STATUS, 'ON COMPLETION', ON_COMPLETION, TIME_ZONE, "                                          \
    "CONCAT('DEFINER ', DEFINER), CONCAT('SQL_MODE ', QUOTE(SQL_MODE)), " COMMENT(                 \
        "EVENT_COMMENT") ", CONCAT(CHAR(10), EVENT_DEFINITION))"

/* The order is that of the pieces in a definition. A function and a procedure may share a name. */
const gw_mariadb_question gw_mariadb_questions[] = {
    {GW_OBJECT_TABLE, BOTH, FALSE, FALSE, FALSE,
        "SELECT NULL, TABLE_NAME, " TABLE_PIECE " FROM information_schema.TABLES "
        "WHERE TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED') AND TABLE_SCHEMA",
        NULL, "TABLE_NAME", "TABLE_NAME", ""},
    {GW_OBJECT_TABLE, BOTH, FALSE, TRUE, TRUE,
        "SELECT NULL, TABLE_NAME, " PARTITION_PIECE " FROM information_schema.PARTITIONS "
        "WHERE PARTITION_NAME IS NOT NULL AND TABLE_SCHEMA",
        NULL, "TABLE_NAME", "TABLE_NAME, PARTITION_ORDINAL_POSITION, SUBPARTITION_ORDINAL_POSITION",
        ""},
    {GW_OBJECT_COLUMN, BOTH, TRUE, TRUE, FALSE,
        "SELECT TABLE_NAME, COLUMN_NAME, " COLUMN_PIECE " FROM information_schema.COLUMNS "
        "WHERE TABLE_SCHEMA",
        "TABLE_NAME", "COLUMN_NAME", "TABLE_NAME, ORDINAL_POSITION", ""},
    {GW_OBJECT_INDEX, MARIADB, TRUE, FALSE, FALSE,
        "SELECT TABLE_NAME, INDEX_NAME, " INDEX_PIECE(MARIADB_IGNORED, QUOTED("COLUMN_NAME"))
            FROM_STATISTICS,
        "TABLE_NAME", "INDEX_NAME", "TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX", ")"},
    {GW_OBJECT_INDEX, MYSQL, TRUE, FALSE, FALSE,
        "SELECT TABLE_NAME, INDEX_NAME, " INDEX_PIECE(MYSQL_IGNORED, MYSQL_INDEXED) FROM_STATISTICS,
        "TABLE_NAME", "INDEX_NAME", "TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX", ")"},
    {GW_OBJECT_CONSTRAINT, BOTH, TRUE, FALSE, FALSE,
        "SELECT TABLE_NAME, CONSTRAINT_NAME, " REFERENCE_PIECE
        " FROM information_schema.KEY_COLUMN_USAGE WHERE REFERENCED_TABLE_NAME IS NOT NULL AND "
        "TABLE_SCHEMA",
        "TABLE_NAME", "CONSTRAINT_NAME", "TABLE_NAME, CONSTRAINT_NAME", ""},
    {GW_OBJECT_CONSTRAINT, BOTH, TRUE, FALSE, FALSE,
        "SELECT TABLE_NAME, CONSTRAINT_NAME, CONCAT(' ON UPDATE ', UPDATE_RULE, ' ON DELETE ', "
        "DELETE_RULE) FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA",
        "TABLE_NAME", "CONSTRAINT_NAME", "TABLE_NAME, CONSTRAINT_NAME", ""},
    {GW_OBJECT_CONSTRAINT, MARIADB, TRUE, TRUE, FALSE,
        "SELECT TABLE_NAME, CONSTRAINT_NAME, CONCAT('CHECK (', CHECK_CLAUSE, ')') FROM "
        "information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA",
        "TABLE_NAME", "CONSTRAINT_NAME", "TABLE_NAME, CONSTRAINT_NAME, LEVEL", ""},
    {GW_OBJECT_CONSTRAINT, MYSQL, TRUE, TRUE, FALSE,
        "SELECT TABLE_NAME, CONSTRAINT_NAME, CONCAT('CHECK (', CHECK_CLAUSE, ') ', "
        "IF(ENFORCED = 'NO', 'NOT ENFORCED', '')) FROM information_schema.TABLE_CONSTRAINTS JOIN "
        "information_schema.CHECK_CONSTRAINTS USING (CONSTRAINT_SCHEMA, CONSTRAINT_NAME) WHERE "
        "CONSTRAINT_SCHEMA",
        "TABLE_NAME", "CONSTRAINT_NAME", "TABLE_NAME, CONSTRAINT_NAME", ""},
    {GW_OBJECT_VIEW, BOTH, FALSE, TRUE, FALSE,
        "SELECT NULL, TABLE_NAME, " VIEW_PIECE " FROM information_schema.VIEWS WHERE TABLE_SCHEMA",
        NULL, "TABLE_NAME", "TABLE_NAME", ""},
    {GW_OBJECT_TRIGGER, BOTH, FALSE, FALSE, FALSE,
        "SELECT EVENT_OBJECT_TABLE, TRIGGER_NAME, " TRIGGER_PIECE
        " FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA",
        "EVENT_OBJECT_TABLE", "TRIGGER_NAME", "TRIGGER_NAME", ""},
    {GW_OBJECT_ROUTINE, BOTH, FALSE, FALSE, FALSE,
        "SELECT NULL, SPECIFIC_NAME, " PARAMETER_PIECE
        " FROM information_schema.PARAMETERS WHERE ROUTINE_TYPE <> 'PROCEDURE' AND SPECIFIC_SCHEMA",
        NULL, "SPECIFIC_NAME", "SPECIFIC_NAME, ROUTINE_TYPE, ORDINAL_POSITION", ""},
    {GW_OBJECT_ROUTINE, BOTH, FALSE, FALSE, FALSE,
        "SELECT NULL, ROUTINE_NAME, " ROUTINE_PIECE
        " FROM information_schema.ROUTINES WHERE ROUTINE_TYPE <> 'PROCEDURE' AND ROUTINE_SCHEMA",
        NULL, "ROUTINE_NAME", "ROUTINE_NAME, ROUTINE_TYPE", ""},
    {GW_OBJECT_PROCEDURE, BOTH, FALSE, FALSE, FALSE,
        "SELECT NULL, SPECIFIC_NAME, " PARAMETER_PIECE
        " FROM information_schema.PARAMETERS WHERE ROUTINE_TYPE = 'PROCEDURE' AND SPECIFIC_SCHEMA",
        NULL, "SPECIFIC_NAME", "SPECIFIC_NAME, ROUTINE_TYPE, ORDINAL_POSITION", ""},
    {GW_OBJECT_PROCEDURE, BOTH, FALSE, FALSE, FALSE,
        "SELECT NULL, ROUTINE_NAME, " ROUTINE_PIECE
        " FROM information_schema.ROUTINES WHERE ROUTINE_TYPE = 'PROCEDURE' AND ROUTINE_SCHEMA",
        NULL, "ROUTINE_NAME", "ROUTINE_NAME, ROUTINE_TYPE", ""},
    {GW_OBJECT_EVENT, BOTH, FALSE, FALSE, FALSE,
        "SELECT NULL, EVENT_NAME, " EVENT_PIECE
        " FROM information_schema.EVENTS WHERE EVENT_SCHEMA",
        NULL, "EVENT_NAME", "EVENT_NAME", ""},
    {GW_OBJECT_SEQUENCE, MARIADB, FALSE, FALSE, FALSE,
        "SELECT NULL, TABLE_NAME, '' FROM information_schema.TABLES "
        "WHERE TABLE_TYPE = 'SEQUENCE' AND TABLE_SCHEMA",
        NULL, "TABLE_NAME", "TABLE_NAME", ""},
    {GW_OBJECT_NONE, NULL, FALSE, FALSE, FALSE, NULL, NULL, NULL, NULL, NULL},
};

void
gw_mariadb_append_equals(GString *sql, const char *column, const char *value)
{
    g_string_append_printf(sql, "%s = ", column);
    gw_mariadb_append_literal(sql, value, strlen(value));
}

char *
gw_mariadb_sequences_sql(const char *schema, const GPtrArray *names)
{
    GString *sql = g_string_new(NULL);
    for (guint i = 0; i < names->len; i++)
    {
        const char *name = g_ptr_array_index(names, i);
        g_autofree char *sequence = gw_dialect_name(&gw_mariadb_dialect, schema, name);
        g_string_append(sql, i == 0 ? "SELECT NULL, " : " UNION ALL SELECT NULL, ");
        gw_mariadb_append_literal(sql, name, strlen(name));
        g_string_append_printf(sql,
            ", CONCAT('START ', start_value, ' MINVALUE ', minimum_value, ' MAXVALUE ', "
            "maximum_value, ' INCREMENT ', increment, ' CACHE ', cache_size, "
            "IF(cycle_option, ' CYCLE', ' NOCYCLE')) FROM %s",
            sequence);
    }
    return g_string_free(sql, names->len == 0);
}
