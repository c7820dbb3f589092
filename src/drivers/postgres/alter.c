#include "drivers/postgres/columns.h"
#include "drivers/postgres/rules.h"

#define NOTE_NOT_NULL                                                                              \
    "reads every row unless a valid CHECK constraint proves that none is null: add that first, "   \
    "NOT VALID, and validate it"
#define NOTE_VALIDATE "a foreign key takes ROW SHARE on the table that it refers to"
#define NOTE_DROP_KEY "a foreign key takes ACCESS EXCLUSIVE on the table that it refers to as well"
#define NOTE_CHECK    "reads every row under the lock: add it NOT VALID, then VALIDATE CONSTRAINT"
#define NOTE_FOREIGN                                                                               \
    "reads every row and blocks writes on both tables: add it NOT VALID, then VALIDATE CONSTRAINT"
#define NOTE_UNIQUE                                                                                \
    "builds an index under the lock: CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … "   \
    "USING INDEX"
#define NOTE_USING "reads every row when a column of the key may be null"
#define NOTE_ATTACH                                                                                \
    "reads the partition unless a valid CHECK constraint proves its bound, and the default "       \
    "partition, under ACCESS EXCLUSIVE on them"
#define NOTE_DETACH                                                                                \
    "waits for all older transactions; when interrupted: DETACH PARTITION … FINALIZE"
#define NOTE_DEFAULT    "a default partition is locked as ACCESS EXCLUSIVE as well"
#define NOTE_TABLESPACE "every row and every index is written anew under the lock"

/* Options of a table that change under SHARE UPDATE EXCLUSIVE; all others block reads. */
static const char *const light_options[] = {"fillfactor", "autovacuum_", "toast_tuple_target",
    "parallel_workers", "log_autovacuum", "vacuum_", "n_distinct", "deduplicate_items", NULL};

/* One kind of action of ALTER TABLE. */
typedef struct action_row
{
    const char *subtype;
    const char *verb;
    gw_pg_lock lock;
    gw_answer3 rewrite; /* the scan goes with it */
    guint destroys;
    gboolean repeatable;
    const char *note;
    void (*read)(gw_facts *facts, gw_pg_relation table, const gw_pg_node *action);
} action_row;

static gw_pg_relation
partition_of(const gw_pg_node *action)
{
    return gw_pg_relation_of(
        gw_pg_get(gw_pg_get(gw_pg_get(action, "def"), "PartitionCmd"), "name"));
}

static void
read_add_column(gw_facts *facts, gw_pg_relation table, const gw_pg_node *action)
{
    gw_pg_column_added(facts, table, gw_pg_get(gw_pg_get(action, "def"), "ColumnDef"));
    facts->repeatable = gw_pg_flag(action, "missing_ok");
}

static void
read_drop(gw_facts *facts, gw_pg_relation table, const gw_pg_node *action)
{
    (void)table;
    facts->repeatable = gw_pg_flag(action, "missing_ok");
}

static void
read_type(gw_facts *facts, gw_pg_relation table, const gw_pg_node *action)
{
    gw_pg_column_changed(facts, gw_pg_get(gw_pg_get(action, "def"), "ColumnDef"));
    gw_pg_locks(facts, table, GW_PG_ACCESS_EXCLUSIVE, GW_SPAN_ROWS);
}

static void
read_scan_depends(gw_facts *facts, gw_pg_relation table, const gw_pg_node *action)
{
    (void)action;
    facts->scan = gw_pg_stronger(facts->scan, GW_DEPENDS);
    gw_pg_locks(facts, table, GW_PG_ACCESS_EXCLUSIVE, GW_SPAN_ROWS);
}

static void
read_validate(gw_facts *facts, gw_pg_relation table, const gw_pg_node *action)
{
    (void)action;
    facts->scan = GW_YES;
    gw_pg_locks(facts, table, GW_PG_SHARE_UPDATE_EXCLUSIVE, GW_SPAN_ROWS);
}

static void
read_foreign_key(gw_facts *facts, gw_pg_relation table, const gw_pg_node *constraint)
{
    gboolean valid = !gw_pg_flag(constraint, "skip_validation");
    gw_span span = valid ? GW_SPAN_ROWS : GW_SPAN_MOMENT;
    facts->scan = gw_pg_stronger(facts->scan, valid ? GW_YES : GW_NO);
    gw_pg_locks(facts, table, GW_PG_SHARE_ROW_EXCLUSIVE, span);
    gw_pg_parents(facts, constraint, span);
    if (valid)
    {
        gw_pg_note(facts, NOTE_FOREIGN);
    }
}

/* A key over an index that is there. */
static void
read_key_using(gw_facts *facts, gw_pg_relation table, const gw_pg_node *constraint)
{
    gboolean primary = gw_pg_is(constraint, "contype", "CONSTR_PRIMARY");
    gw_pg_relation index = {.schema = table.schema,
        .name = gw_pg_text(constraint, "indexname"),
        .kind = GW_OBJECT_INDEX};
    gw_pg_locks(facts, index, GW_PG_SHARE_UPDATE_EXCLUSIVE, GW_SPAN_MOMENT);
    facts->scan = gw_pg_stronger(facts->scan, primary ? GW_DEPENDS : GW_NO);
    gw_pg_locks(facts, table, GW_PG_ACCESS_EXCLUSIVE, primary ? GW_SPAN_ROWS : GW_SPAN_MOMENT);
    if (primary)
    {
        gw_pg_note(facts, NOTE_USING);
    }
}

static void
read_add_constraint(gw_facts *facts, gw_pg_relation table, const gw_pg_node *action)
{
    const gw_pg_node *constraint = gw_pg_get(gw_pg_get(action, "def"), "Constraint");
    if (gw_pg_is(constraint, "contype", "CONSTR_FOREIGN"))
    {
        read_foreign_key(facts, table, constraint);
        return;
    }
    if (gw_pg_text(constraint, "indexname") != NULL)
    {
        read_key_using(facts, table, constraint);
        return;
    }
    gboolean valid = !gw_pg_flag(constraint, "skip_validation");
    gboolean check = gw_pg_is(constraint, "contype", "CONSTR_CHECK");
    facts->scan = gw_pg_stronger(facts->scan, valid ? GW_YES : GW_NO);
    gw_pg_locks(facts, table, GW_PG_ACCESS_EXCLUSIVE, valid ? GW_SPAN_ROWS : GW_SPAN_MOMENT);
    if (valid)
    {
        gw_pg_note(facts, check ? NOTE_CHECK : NOTE_UNIQUE);
    }
}

static void
read_attach(gw_facts *facts, gw_pg_relation table, const gw_pg_node *action)
{
    gw_pg_relation partition = partition_of(action);
    gboolean index = table.kind == GW_OBJECT_INDEX;
    partition.kind = table.kind;
    gw_pg_locks(facts, partition, GW_PG_ACCESS_EXCLUSIVE, index ? GW_SPAN_MOMENT : GW_SPAN_ROWS);
    facts->scan = index ? GW_NO : GW_DEPENDS;
    gw_pg_note(facts, index ? NULL : NOTE_ATTACH);
}

static void
read_detach(gw_facts *facts, gw_pg_relation table, const gw_pg_node *action)
{
    const gw_pg_node *command = gw_pg_get(gw_pg_get(action, "def"), "PartitionCmd");
    gw_pg_relation partition = partition_of(action);
    if (gw_pg_flag(command, "concurrent"))
    {
        facts->verb = "ALTER TABLE DETACH PARTITION CONCURRENTLY";
        facts->transactional = GW_TRANSACTION_REFUSES;
        facts->concurrent = TRUE;
        gw_pg_locks(facts, table, GW_PG_SHARE_UPDATE_EXCLUSIVE, GW_SPAN_ROWS);
        gw_pg_locks(facts, partition, GW_PG_SHARE_UPDATE_EXCLUSIVE, GW_SPAN_ROWS);
        gw_pg_probe(facts, GW_PROBE_DEFINITION, partition);
        gw_pg_note(facts, NOTE_DETACH);
        return;
    }
    gw_pg_locks(facts, table, GW_PG_ACCESS_EXCLUSIVE, GW_SPAN_MOMENT);
    gw_pg_locks(facts, partition, GW_PG_ACCESS_EXCLUSIVE, GW_SPAN_MOMENT);
    gw_pg_note(facts, NOTE_DEFAULT);
}

static void
read_finalize(gw_facts *facts, gw_pg_relation table, const gw_pg_node *action)
{
    (void)table;
    gw_pg_locks(facts, partition_of(action), GW_PG_ACCESS_EXCLUSIVE, GW_SPAN_MOMENT);
}

static gboolean
is_light(const char *option)
{
    for (gsize i = 0; option != NULL && light_options[i] != NULL; i++)
    {
        if (g_str_has_prefix(option, light_options[i]))
        {
            return TRUE;
        }
    }
    return FALSE;
}

static void
read_options(gw_facts *facts, gw_pg_relation table, const gw_pg_node *action)
{
    const gw_pg_node *list = gw_pg_get(gw_pg_get(gw_pg_get(action, "def"), "List"), "items");
    gw_pg_lock lock = GW_PG_SHARE_UPDATE_EXCLUSIVE;
    for (const gw_pg_node *item = gw_pg_first(list); item != NULL; item = gw_pg_next(list, item))
    {
        lock = is_light(gw_pg_text(gw_pg_get(item, "DefElem"), "defname")) ? lock
                                                                           : GW_PG_ACCESS_EXCLUSIVE;
    }
    gw_pg_locks(facts, table, lock, GW_SPAN_MOMENT);
}

static void
read_inherit(gw_facts *facts, gw_pg_relation table, const gw_pg_node *action)
{
    gboolean adds = gw_pg_is(action, "subtype", "AT_AddInherit");
    (void)table;
    gw_pg_locks(facts, gw_pg_relation_of(gw_pg_get(gw_pg_get(action, "def"), "RangeVar")),
        adds ? GW_PG_SHARE_UPDATE_EXCLUSIVE : GW_PG_ACCESS_SHARE, GW_SPAN_MOMENT);
}

#define AE   GW_PG_ACCESS_EXCLUSIVE
#define SRE  GW_PG_SHARE_ROW_EXCLUSIVE
#define SUE  GW_PG_SHARE_UPDATE_EXCLUSIVE
#define NONE GW_PG_NO_LOCK /* its reader states the lock */

static const action_row actions[] = {
    {"AT_AddColumn", "ALTER TABLE ADD COLUMN", NONE, GW_NO, 0, FALSE, NULL, read_add_column},
    {"AT_DropColumn", "ALTER TABLE DROP COLUMN", AE, GW_NO, GW_DESTROYS_COLUMN, FALSE, NULL,
        read_drop},
    {"AT_AlterColumnType", "ALTER TABLE ALTER COLUMN TYPE", NONE, GW_NO, GW_DESTROYS_VALUES, TRUE,
        NULL, read_type},
    {"AT_ColumnDefault", "ALTER TABLE ALTER COLUMN SET DEFAULT", AE, GW_NO, 0, TRUE, NULL, NULL},
    {"AT_SetNotNull", "ALTER TABLE ALTER COLUMN SET NOT NULL", AE, GW_NO, 0, TRUE, NOTE_NOT_NULL,
        read_scan_depends},
    {"AT_DropNotNull", "ALTER TABLE ALTER COLUMN DROP NOT NULL", AE, GW_NO, 0, TRUE, NULL, NULL},
    {"AT_DropExpression", "ALTER TABLE ALTER COLUMN DROP EXPRESSION", AE, GW_NO, 0, FALSE, NULL,
        NULL},
    {"AT_SetStatistics", "ALTER TABLE ALTER COLUMN SET STATISTICS", SUE, GW_NO, 0, TRUE, NULL,
        NULL},
    {"AT_SetOptions", "ALTER TABLE ALTER COLUMN SET", SUE, GW_NO, 0, TRUE, NULL, NULL},
    {"AT_ResetOptions", "ALTER TABLE ALTER COLUMN RESET", SUE, GW_NO, 0, TRUE, NULL, NULL},
    {"AT_SetStorage", "ALTER TABLE ALTER COLUMN SET STORAGE", AE, GW_NO, 0, TRUE, NULL, NULL},
    {"AT_SetCompression", "ALTER TABLE ALTER COLUMN SET COMPRESSION", AE, GW_NO, 0, TRUE, NULL,
        NULL},
    {"AT_AddIdentity", "ALTER TABLE ALTER COLUMN ADD IDENTITY", AE, GW_NO, 0, FALSE, NULL, NULL},
    {"AT_SetIdentity", "ALTER TABLE ALTER COLUMN SET IDENTITY", AE, GW_NO, 0, TRUE, NULL, NULL},
    {"AT_DropIdentity", "ALTER TABLE ALTER COLUMN DROP IDENTITY", AE, GW_NO, 0, FALSE, NULL, NULL},
    {"AT_AddConstraint", "ALTER TABLE ADD CONSTRAINT", NONE, GW_NO, 0, FALSE, NULL,
        read_add_constraint},
    {"AT_AlterConstraint", "ALTER TABLE ALTER CONSTRAINT", AE, GW_NO, 0, TRUE, NULL, NULL},
    {"AT_ValidateConstraint", "ALTER TABLE VALIDATE CONSTRAINT", SUE, GW_NO, 0, TRUE, NOTE_VALIDATE,
        read_validate},
    {"AT_DropConstraint", "ALTER TABLE DROP CONSTRAINT", AE, GW_NO, GW_DESTROYS_OBJECT, FALSE,
        NOTE_DROP_KEY, read_drop},
    {"AT_ChangeOwner", "ALTER TABLE OWNER TO", AE, GW_NO, 0, TRUE, NULL, NULL},
    {"AT_ClusterOn", "ALTER TABLE CLUSTER ON", SUE, GW_NO, 0, TRUE, NULL, NULL},
    {"AT_DropCluster", "ALTER TABLE SET WITHOUT CLUSTER", SUE, GW_NO, 0, TRUE, NULL, NULL},
    {"AT_SetLogged", "ALTER TABLE SET LOGGED", AE, GW_YES, 0, TRUE, NULL, NULL},
    {"AT_SetUnLogged", "ALTER TABLE SET UNLOGGED", AE, GW_YES, 0, TRUE, NULL, NULL},
    {"AT_SetTableSpace", "ALTER TABLE SET TABLESPACE", AE, GW_YES, 0, TRUE, NOTE_TABLESPACE, NULL},
    {"AT_SetAccessMethod", "ALTER TABLE SET ACCESS METHOD", AE, GW_YES, 0, TRUE, NULL, NULL},
    {"AT_SetRelOptions", "ALTER TABLE SET", NONE, GW_NO, 0, TRUE, NULL, read_options},
    {"AT_ResetRelOptions", "ALTER TABLE RESET", NONE, GW_NO, 0, TRUE, NULL, read_options},
    {"AT_EnableTrig", "ALTER TABLE ENABLE TRIGGER", SRE, GW_NO, 0, TRUE, NULL, NULL},
    {"AT_EnableAlwaysTrig", "ALTER TABLE ENABLE ALWAYS TRIGGER", SRE, GW_NO, 0, TRUE, NULL, NULL},
    {"AT_EnableReplicaTrig", "ALTER TABLE ENABLE REPLICA TRIGGER", SRE, GW_NO, 0, TRUE, NULL, NULL},
    {"AT_EnableTrigAll", "ALTER TABLE ENABLE TRIGGER ALL", SRE, GW_NO, 0, TRUE, NULL, NULL},
    {"AT_EnableTrigUser", "ALTER TABLE ENABLE TRIGGER USER", SRE, GW_NO, 0, TRUE, NULL, NULL},
    {"AT_DisableTrig", "ALTER TABLE DISABLE TRIGGER", SRE, GW_NO, 0, TRUE, NULL, NULL},
    {"AT_DisableTrigAll", "ALTER TABLE DISABLE TRIGGER ALL", SRE, GW_NO, 0, TRUE, NULL, NULL},
    {"AT_DisableTrigUser", "ALTER TABLE DISABLE TRIGGER USER", SRE, GW_NO, 0, TRUE, NULL, NULL},
    {"AT_EnableRule", "ALTER TABLE ENABLE RULE", AE, GW_NO, 0, TRUE, NULL, NULL},
    {"AT_EnableAlwaysRule", "ALTER TABLE ENABLE ALWAYS RULE", AE, GW_NO, 0, TRUE, NULL, NULL},
    {"AT_EnableReplicaRule", "ALTER TABLE ENABLE REPLICA RULE", AE, GW_NO, 0, TRUE, NULL, NULL},
    {"AT_DisableRule", "ALTER TABLE DISABLE RULE", AE, GW_NO, 0, TRUE, NULL, NULL},
    {"AT_EnableRowSecurity", "ALTER TABLE ENABLE ROW LEVEL SECURITY", AE, GW_NO, 0, TRUE, NULL,
        NULL},
    {"AT_DisableRowSecurity", "ALTER TABLE DISABLE ROW LEVEL SECURITY", AE, GW_NO, 0, TRUE, NULL,
        NULL},
    {"AT_ForceRowSecurity", "ALTER TABLE FORCE ROW LEVEL SECURITY", AE, GW_NO, 0, TRUE, NULL, NULL},
    {"AT_NoForceRowSecurity", "ALTER TABLE NO FORCE ROW LEVEL SECURITY", AE, GW_NO, 0, TRUE, NULL,
        NULL},
    {"AT_ReplicaIdentity", "ALTER TABLE REPLICA IDENTITY", AE, GW_NO, 0, TRUE, NULL, NULL},
    {"AT_AddInherit", "ALTER TABLE INHERIT", AE, GW_NO, 0, FALSE, NULL, read_inherit},
    {"AT_DropInherit", "ALTER TABLE NO INHERIT", AE, GW_NO, 0, FALSE, NULL, read_inherit},
    {"AT_AddOf", "ALTER TABLE OF", AE, GW_NO, 0, FALSE, NULL, NULL},
    {"AT_DropOf", "ALTER TABLE NOT OF", AE, GW_NO, 0, FALSE, NULL, NULL},
    {"AT_AttachPartition", "ALTER TABLE ATTACH PARTITION", SUE, GW_NO, 0, FALSE, NULL, read_attach},
    {"AT_DetachPartition", "ALTER TABLE DETACH PARTITION", NONE, GW_NO, 0, FALSE, NULL,
        read_detach},
    {"AT_DetachPartitionFinalize", "ALTER TABLE DETACH PARTITION FINALIZE", SUE, GW_NO, 0, FALSE,
        NULL, read_finalize},
    {"AT_GenericOptions", "ALTER FOREIGN TABLE OPTIONS", AE, GW_NO, 0, TRUE, NULL, NULL},
    {"AT_AlterColumnGenericOptions", "ALTER FOREIGN TABLE ALTER COLUMN OPTIONS", AE, GW_NO, 0, TRUE,
        NULL, NULL},
};

/* A column that comes or goes is looked for by its name; all else changes its table. */
static void
probe_action(gw_facts *facts, gw_pg_relation table, const gw_pg_node *action)
{
    const gw_pg_node *column = gw_pg_get(gw_pg_get(action, "def"), "ColumnDef");
    if (gw_pg_is(action, "subtype", "AT_AddColumn") && table.kind == GW_OBJECT_TABLE)
    {
        gw_facts_set_probe(facts, GW_PROBE_APPEARS, GW_OBJECT_COLUMN, table.schema,
            gw_pg_text(column, "colname"), table.name);
        gw_pg_about(facts, table, gw_pg_text(column, "colname"));
    }
    if (gw_pg_is(action, "subtype", "AT_DropColumn") && table.kind == GW_OBJECT_TABLE)
    {
        gw_facts_set_probe(facts, GW_PROBE_VANISHES, GW_OBJECT_COLUMN, table.schema,
            gw_pg_text(action, "name"), table.name);
    }
}

/* What ALTER … is called, and what it changes, when that is not a table. */
typedef struct target_row
{
    const char *type;
    const char *verb;
    gw_object_kind kind;
} target_row;

static const target_row targets[] = {
    {"OBJECT_INDEX", "ALTER INDEX", GW_OBJECT_INDEX},
    {"OBJECT_VIEW", "ALTER VIEW", GW_OBJECT_VIEW},
    {"OBJECT_MATVIEW", "ALTER MATERIALIZED VIEW", GW_OBJECT_MATVIEW},
    {"OBJECT_SEQUENCE", "ALTER SEQUENCE", GW_OBJECT_SEQUENCE},
    {"OBJECT_FOREIGN_TABLE", "ALTER FOREIGN TABLE", GW_OBJECT_OTHER},
    {"OBJECT_TYPE", "ALTER TYPE", GW_OBJECT_TYPE},
};

static const action_row *
action_find(const gw_pg_node *action)
{
    const char *subtype = gw_pg_text(action, "subtype");
    for (gsize i = 0; i < G_N_ELEMENTS(actions); i++)
    {
        if (g_strcmp0(actions[i].subtype, subtype) == 0)
        {
            return &actions[i];
        }
    }
    return NULL;
}

static void
action_read(gw_facts *facts, gw_pg_relation table, const gw_pg_node *action, gboolean only)
{
    const action_row *row = action_find(action);
    if (row == NULL)
    {
        facts->rewrite = gw_pg_stronger(facts->rewrite, GW_UNKNOWN);
        facts->scan = gw_pg_stronger(facts->scan, GW_UNKNOWN);
        gw_pg_locks(facts, table, GW_PG_ACCESS_EXCLUSIVE, GW_SPAN_ROWS);
        return;
    }
    gboolean before = facts->repeatable;
    gw_span span = row->rewrite == GW_NO ? GW_SPAN_MOMENT : GW_SPAN_ROWS;
    facts->verb = only ? row->verb : "ALTER TABLE";
    facts->rewrite = gw_pg_stronger(facts->rewrite, row->rewrite);
    facts->scan = gw_pg_stronger(facts->scan, row->rewrite);
    facts->destroys |= row->destroys;
    facts->repeatable = row->repeatable;
    if (row->lock != GW_PG_NO_LOCK)
    {
        gw_pg_locks(facts, table, row->lock, span);
    }
    if (row->read != NULL)
    {
        row->read(facts, table, action);
    }
    facts->repeatable = facts->repeatable && before;
    gw_pg_note(facts, row->note);
}

/* What one action reads or writes, all the locks of the statement are held for. */
static void
stretch(gw_facts *facts)
{
    gboolean rows = facts->scan != GW_NO || facts->rewrite != GW_NO;
    for (guint i = 0; rows && i < facts->relations->len; i++)
    {
        gw_fact_relation *relation = g_ptr_array_index(facts->relations, i);
        relation->span = GW_SPAN_ROWS;
    }
}

void
gw_pg_read_alter(gw_facts *facts, const gw_pg_node *statement)
{
    const gw_pg_node *list = gw_pg_get(statement, "cmds");
    const gw_pg_node *first = gw_pg_get(gw_pg_first(list), "AlterTableCmd");
    gboolean only = first != NULL && gw_pg_next(list, gw_pg_first(list)) == NULL;
    gw_pg_relation table = gw_pg_relation_of(gw_pg_get(statement, "relation"));
    const char *verb = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(targets); i++)
    {
        if (gw_pg_is(statement, "objtype", targets[i].type))
        {
            table.kind = targets[i].kind;
            verb = targets[i].verb;
        }
    }
    gw_pg_about(facts, table, only ? gw_pg_text(first, "name") : NULL);
    gw_pg_probe(facts, GW_PROBE_DEFINITION, table);
    if (only)
    {
        probe_action(facts, table, first);
    }
    facts->rewrite = GW_NO;
    facts->scan = GW_NO;
    facts->repeatable = TRUE;
    for (const gw_pg_node *item = gw_pg_first(list); item != NULL; item = gw_pg_next(list, item))
    {
        action_read(facts, table, gw_pg_get(item, "AlterTableCmd"), only);
    }
    facts->verb = verb == NULL ? facts->verb : verb;
    stretch(facts);
}
