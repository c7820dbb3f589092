#include "drivers/postgres/rules.h"

#define SCHEMA  GW_KIND_SCHEMA
#define REFUSES GW_PG_RULE_REFUSES
#define REPEAT  GW_PG_RULE_REPEAT
#define CREATES GW_PG_RULE_CREATES
#define SCAN    GW_PG_RULE_SCAN
#define REWRITE GW_PG_RULE_REWRITE
#define SILENT  GW_PG_RULE_SILENT
#define OBJECT  GW_DESTROYS_OBJECT

static const gw_pg_rule rules[] = {
    /* Tables and what hangs on them. */
    {"AlterTableStmt", "ALTER TABLE", SCHEMA, 0, 0, gw_pg_read_alter},
    {"CreateStmt", "CREATE TABLE", SCHEMA, CREATES, 0, gw_pg_read_table},
    {"CreateForeignTableStmt", "CREATE FOREIGN TABLE", SCHEMA, CREATES, 0, gw_pg_read_table},
    {"CreateTableAsStmt", "CREATE TABLE AS", SCHEMA, CREATES, 0, gw_pg_read_table_as},
    {"IndexStmt", "CREATE INDEX", SCHEMA, CREATES | SCAN, 0, gw_pg_read_index},
    {"ViewStmt", "CREATE VIEW", SCHEMA, 0, 0, gw_pg_read_view},
    {"CreateTrigStmt", "CREATE TRIGGER", SCHEMA, 0, 0, gw_pg_read_trigger},
    {"RuleStmt", "CREATE RULE", SCHEMA, 0, 0, gw_pg_read_rule},
    {"CreatePolicyStmt", "CREATE POLICY", SCHEMA, 0, 0, gw_pg_read_policy},
    {"AlterPolicyStmt", "ALTER POLICY", SCHEMA, REPEAT, 0, gw_pg_read_policy},
    {"CreateSeqStmt", "CREATE SEQUENCE", SCHEMA, CREATES, 0, gw_pg_read_sequence},
    {"AlterSeqStmt", "ALTER SEQUENCE", SCHEMA, 0, 0, gw_pg_read_alter_sequence},
    {"CreateStatsStmt", "CREATE STATISTICS", SCHEMA, 0, 0, gw_pg_read_statistics},
    {"AlterStatsStmt", "ALTER STATISTICS", SCHEMA, REPEAT, 0, NULL},
    {"RenameStmt", "ALTER RENAME", SCHEMA, 0, 0, gw_pg_read_rename},
    {"AlterObjectSchemaStmt", "ALTER SET SCHEMA", SCHEMA, 0, 0, gw_pg_read_move},
    {"AlterOwnerStmt", "ALTER OWNER TO", SCHEMA, REPEAT, 0, gw_pg_read_owner},
    {"AlterObjectDependsStmt", "ALTER DEPENDS ON EXTENSION", SCHEMA, REPEAT, 0, NULL},
    {"AlterTableMoveAllStmt", "ALTER ALL IN TABLESPACE", SCHEMA, REPEAT | REWRITE, 0, NULL},
    {"DropStmt", "DROP", SCHEMA, 0, 0, gw_pg_read_drop},
    {"TruncateStmt", "TRUNCATE", SCHEMA, REPEAT, GW_DESTROYS_ROWS, gw_pg_read_truncate},
    {"CommentStmt", "COMMENT", SCHEMA, REPEAT, 0, gw_pg_read_comment},
    {"SecLabelStmt", "SECURITY LABEL", SCHEMA, REPEAT, 0, gw_pg_read_comment},

    /* Types. */
    {"CreateDomainStmt", "CREATE DOMAIN", SCHEMA, 0, 0, gw_pg_read_type},
    {"CreateEnumStmt", "CREATE TYPE", SCHEMA, 0, 0, gw_pg_read_type},
    {"CreateRangeStmt", "CREATE TYPE", SCHEMA, 0, 0, gw_pg_read_type},
    {"CompositeTypeStmt", "CREATE TYPE", SCHEMA, 0, 0, gw_pg_read_type},
    {"AlterEnumStmt", "ALTER TYPE", SCHEMA, 0, 0, gw_pg_read_enum},
    {"AlterDomainStmt", "ALTER DOMAIN", SCHEMA, 0, 0, gw_pg_read_domain},
    {"AlterTypeStmt", "ALTER TYPE SET", SCHEMA, REPEAT, 0, NULL},
    {"DefineStmt", "CREATE", SCHEMA, 0, 0, NULL},
    {"CreateCastStmt", "CREATE CAST", SCHEMA, 0, 0, NULL},
    {"CreateConversionStmt", "CREATE CONVERSION", SCHEMA, 0, 0, NULL},
    {"CreateOpClassStmt", "CREATE OPERATOR CLASS", SCHEMA, 0, 0, NULL},
    {"CreateOpFamilyStmt", "CREATE OPERATOR FAMILY", SCHEMA, 0, 0, NULL},
    {"AlterOpFamilyStmt", "ALTER OPERATOR FAMILY", SCHEMA, 0, 0, NULL},
    {"AlterOperatorStmt", "ALTER OPERATOR", SCHEMA, REPEAT, 0, NULL},
    {"AlterCollationStmt", "ALTER COLLATION", SCHEMA, REPEAT, 0, NULL},
    {"AlterTSDictionaryStmt", "ALTER TEXT SEARCH DICTIONARY", SCHEMA, REPEAT, 0, NULL},
    {"AlterTSConfigurationStmt", "ALTER TEXT SEARCH CONFIGURATION", SCHEMA, 0, 0, NULL},
    {"CreateTransformStmt", "CREATE TRANSFORM", SCHEMA, 0, 0, NULL},
    {"CreateAmStmt", "CREATE ACCESS METHOD", SCHEMA, 0, 0, NULL},

    /* Routines. */
    {"CreateFunctionStmt", "CREATE FUNCTION", SCHEMA, 0, 0, gw_pg_read_function},
    {"AlterFunctionStmt", "ALTER FUNCTION", SCHEMA, REPEAT, 0, NULL},
    {"CreateEventTrigStmt", "CREATE EVENT TRIGGER", SCHEMA, 0, 0, NULL},
    {"AlterEventTrigStmt", "ALTER EVENT TRIGGER", SCHEMA, REPEAT, 0, NULL},
    {"CreatePLangStmt", "CREATE LANGUAGE", SCHEMA, 0, 0, NULL},
    {"DoStmt", "DO", GW_KIND_CALL, 0, 0, NULL},
    {"CallStmt", "CALL", GW_KIND_CALL, 0, 0, NULL},
    {"ExecuteStmt", "EXECUTE", GW_KIND_CALL, 0, 0, NULL},

    /* Schemas, extensions, rights. */
    {"CreateSchemaStmt", "CREATE SCHEMA", SCHEMA, 0, 0, gw_pg_read_schema},
    {"CreateExtensionStmt", "CREATE EXTENSION", SCHEMA, 0, 0, gw_pg_read_extension},
    {"AlterExtensionStmt", "ALTER EXTENSION", SCHEMA, REPEAT, 0, NULL},
    {"AlterExtensionContentsStmt", "ALTER EXTENSION", SCHEMA, 0, 0, NULL},
    {"GrantStmt", "GRANT", SCHEMA, REPEAT, 0, gw_pg_read_grant},
    {"GrantRoleStmt", "GRANT", SCHEMA, REPEAT, 0, gw_pg_read_grant},
    {"AlterDefaultPrivilegesStmt", "ALTER DEFAULT PRIVILEGES", SCHEMA, REPEAT, 0, NULL},
    {"CreateRoleStmt", "CREATE ROLE", SCHEMA, 0, 0, NULL},
    {"AlterRoleStmt", "ALTER ROLE", SCHEMA, REPEAT, 0, NULL},
    {"AlterRoleSetStmt", "ALTER ROLE SET", SCHEMA, REPEAT, 0, NULL},
    {"DropRoleStmt", "DROP ROLE", SCHEMA, 0, OBJECT, NULL},
    {"DropOwnedStmt", "DROP OWNED", SCHEMA, REPEAT, GW_DESTROYS_TABLE | GW_DESTROYS_OBJECT, NULL},
    {"ReassignOwnedStmt", "REASSIGN OWNED", SCHEMA, REPEAT, 0, NULL},

    /* Foreign data. */
    {"CreateFdwStmt", "CREATE FOREIGN DATA WRAPPER", SCHEMA, 0, 0, NULL},
    {"AlterFdwStmt", "ALTER FOREIGN DATA WRAPPER", SCHEMA, REPEAT, 0, NULL},
    {"CreateForeignServerStmt", "CREATE SERVER", SCHEMA, 0, 0, NULL},
    {"AlterForeignServerStmt", "ALTER SERVER", SCHEMA, REPEAT, 0, NULL},
    {"CreateUserMappingStmt", "CREATE USER MAPPING", SCHEMA, 0, 0, NULL},
    {"AlterUserMappingStmt", "ALTER USER MAPPING", SCHEMA, REPEAT, 0, NULL},
    {"DropUserMappingStmt", "DROP USER MAPPING", SCHEMA, 0, OBJECT, NULL},
    {"ImportForeignSchemaStmt", "IMPORT FOREIGN SCHEMA", SCHEMA, 0, 0, NULL},
    {"CreatePublicationStmt", "CREATE PUBLICATION", SCHEMA, 0, 0, gw_pg_read_publication},
    {"AlterPublicationStmt", "ALTER PUBLICATION", SCHEMA, 0, 0, gw_pg_read_publication},
    {"CreateSubscriptionStmt", "CREATE SUBSCRIPTION", SCHEMA, REFUSES, 0, gw_pg_read_subscription},
    {"AlterSubscriptionStmt", "ALTER SUBSCRIPTION", SCHEMA, REPEAT, 0, gw_pg_read_subscription},
    {"DropSubscriptionStmt", "DROP SUBSCRIPTION", SCHEMA, REFUSES, OBJECT, gw_pg_read_subscription},

    /* The cluster. */
    {"CreatedbStmt", "CREATE DATABASE", GW_KIND_CLIENT, REFUSES, 0, NULL},
    {"DropdbStmt", "DROP DATABASE", GW_KIND_CLIENT, REFUSES, GW_DESTROYS_TABLE, NULL},
    {"AlterDatabaseStmt", "ALTER DATABASE", SCHEMA, REPEAT, 0, NULL},
    {"AlterDatabaseSetStmt", "ALTER DATABASE SET", SCHEMA, REPEAT, 0, NULL},
    {"AlterDatabaseRefreshCollStmt", "ALTER DATABASE", SCHEMA, REPEAT, 0, NULL},
    {"CreateTableSpaceStmt", "CREATE TABLESPACE", SCHEMA, REFUSES, 0, NULL},
    {"DropTableSpaceStmt", "DROP TABLESPACE", SCHEMA, REFUSES, OBJECT, NULL},
    {"AlterTableSpaceOptionsStmt", "ALTER TABLESPACE", SCHEMA, REPEAT, 0, NULL},
    {"AlterSystemStmt", "ALTER SYSTEM", GW_KIND_SERVICE, REFUSES | REPEAT, 0, NULL},

    /* Service. */
    {"VacuumStmt", "VACUUM", GW_KIND_SERVICE, REPEAT, 0, gw_pg_read_vacuum},
    {"ReindexStmt", "REINDEX", GW_KIND_SERVICE, REPEAT | SCAN, 0, gw_pg_read_reindex},
    {"ClusterStmt", "CLUSTER", GW_KIND_SERVICE, REPEAT | REWRITE, 0, gw_pg_read_cluster},
    {"RefreshMatViewStmt", "REFRESH MATERIALIZED VIEW", GW_KIND_SERVICE, REPEAT, 0,
        gw_pg_read_refresh},
    {"CheckPointStmt", "CHECKPOINT", GW_KIND_SERVICE, REPEAT, 0, NULL},

    /* Data and the session: what the words do not tell sooner. */
    {"SelectStmt", "SELECT", GW_KIND_QUERY, SILENT, 0, gw_pg_read_select},
    {"InsertStmt", "INSERT", GW_KIND_DATA, SILENT, 0, gw_pg_queries},
    {"UpdateStmt", "UPDATE", GW_KIND_DATA, SILENT, 0, gw_pg_queries},
    {"DeleteStmt", "DELETE", GW_KIND_DATA, SILENT, 0, gw_pg_queries},
    {"MergeStmt", "MERGE", GW_KIND_DATA, SILENT, 0, gw_pg_queries},
    {"ExplainStmt", "EXPLAIN", GW_KIND_QUERY, SILENT, 0, gw_pg_read_explain},
    {"LockStmt", "LOCK TABLE", GW_KIND_OTHER, SILENT, 0, gw_pg_read_lock},
    {"DeclareCursorStmt", "DECLARE", GW_KIND_QUERY, SILENT, 0, gw_pg_queries},
    {"FetchStmt", "FETCH", GW_KIND_QUERY, SILENT, 0, NULL},
    {"ClosePortalStmt", "CLOSE", GW_KIND_SESSION, SILENT, 0, NULL},
    {"PrepareStmt", "PREPARE", GW_KIND_SESSION, SILENT, 0, NULL},
};

const gw_pg_rule *
gw_pg_rule_find(const char *node)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rules); i++)
    {
        if (strcmp(rules[i].node, node) == 0)
        {
            return &rules[i];
        }
    }
    return NULL;
}
