/* The actions of ALTER TABLE: a table of how each begins and what it costs. */
#include "drivers/mariadb/facts_action.h"

#define INSTANT GW_MARIADB_INSTANT
#define NOCOPY  GW_MARIADB_NOCOPY
#define INPLACE GW_MARIADB_INPLACE
#define COPY    GW_MARIADB_COPY
#define NONE    GW_MARIADB_NONE
#define SHARED  GW_MARIADB_SHARED
#define ALONE   GW_MARIADB_EXCLUSIVE

/* Costs that only this table knows. */
#define QUICK                                                                                      \
    {                                                                                              \
        INSTANT, INSTANT, NONE, NONE, FALSE, FALSE, FALSE                                          \
    }
#define COLUMN                                                                                     \
    {                                                                                              \
        INSTANT, INSTANT, NONE, NONE, FALSE, TRUE, FALSE                                           \
    }
#define DROPS                                                                                      \
    {                                                                                              \
        INSTANT, NOCOPY, NONE, NONE, FALSE, TRUE, FALSE                                            \
    }
#define INDEX                                                                                      \
    {                                                                                              \
        NOCOPY, NOCOPY, NONE, NONE, TRUE, FALSE, FALSE                                             \
    }
#define UNKEY                                                                                      \
    {                                                                                              \
        NOCOPY, NOCOPY, NONE, NONE, FALSE, FALSE, FALSE                                            \
    }
#define FULL                                                                                       \
    {                                                                                              \
        NOCOPY, INPLACE, SHARED, SHARED, TRUE, FALSE, FALSE                                        \
    }
#define SPACE                                                                                      \
    {                                                                                              \
        NOCOPY, NOCOPY, SHARED, SHARED, TRUE, FALSE, FALSE                                         \
    }
#define ANEW                                                                                       \
    {                                                                                              \
        INPLACE, INPLACE, NONE, NONE, FALSE, FALSE, FALSE                                          \
    }
#define ENGINE                                                                                     \
    {                                                                                              \
        INPLACE, COPY, NONE, SHARED, FALSE, FALSE, FALSE                                           \
    }
#define COPIED                                                                                     \
    {                                                                                              \
        COPY, COPY, SHARED, SHARED, FALSE, FALSE, FALSE                                            \
    }
#define ANY                                                                                        \
    {                                                                                              \
        INSTANT, COPY, NONE, SHARED, FALSE, FALSE, FALSE                                           \
    }
#define MOVED                                                                                      \
    {                                                                                              \
        INSTANT, INSTANT, ALONE, ALONE, FALSE, FALSE, FALSE                                        \
    }
#define PARTS                                                                                      \
    {                                                                                              \
        COPY, COPY, SHARED, SHARED, FALSE, FALSE, FALSE                                            \
    }

#define VANISHES   GW_PROBE_VANISHES
#define APPEARS    GW_PROBE_APPEARS
#define DEFINITION GW_PROBE_DEFINITION
#define NO_TRACE   GW_PROBE_REPEAT
#define HIDDEN     GW_PROBE_IMPOSSIBLE
#define OF_COLUMN  GW_OBJECT_COLUMN
#define OF_INDEX   GW_OBJECT_INDEX
#define OF_RULE    GW_OBJECT_CONSTRAINT
#define OF_TABLE   GW_OBJECT_TABLE
#define LOSES      GW_DESTROYS_COLUMN
#define OBJECT     GW_DESTROYS_OBJECT
#define VALUES     GW_DESTROYS_VALUES
#define ROWS       GW_DESTROYS_ROWS

#define COLUMN_NOTE                                                                                \
    "a table with a FULLTEXT index, compressed rows or another engine than InnoDB is written anew"
#define DROP_NOTE   "a column of the primary key makes the server copy the table"
#define MODIFY_NOTE "whether the table is copied depends on the old type: see ALGORITHM=INSTANT"
#define X_NOTE      "all rows are copied and checked; writes wait, on the referenced table too"
#define FULLTEXT_NOTE                                                                              \
    "a table's first FULLTEXT index writes the table anew; writes wait until it is built"
#define PARENT_NOTE "writes on the referenced table wait for a moment as well"
#define HIDDEN_NOTE "whether it ran cannot be told after a crash"

/* Longer phrases stand before shorter ones that begin alike. */
static const gw_mariadb_action actions[] = {
    {"ADD PRIMARY KEY", "ALTER TABLE ADD PRIMARY KEY", GW_COST_ANEW, APPEARS, OF_INDEX, 0, FALSE,
        gw_mariadb_primary_key, NULL},
    {"ADD CONSTRAINT", "ALTER TABLE ADD CONSTRAINT", GW_COST_ANY, APPEARS, OF_RULE, 0, FALSE,
        gw_mariadb_add_constraint, NULL},
    {"ADD UNIQUE", "ALTER TABLE ADD UNIQUE", GW_COST_INDEX, APPEARS, OF_INDEX, 0, FALSE,
        gw_mariadb_add_key, NULL},
    {"ADD FULLTEXT", "ALTER TABLE ADD FULLTEXT INDEX", FULL, APPEARS, OF_INDEX, 0, FALSE,
        gw_mariadb_add_key, FULLTEXT_NOTE},
    {"ADD SPATIAL", "ALTER TABLE ADD SPATIAL INDEX", SPACE, APPEARS, OF_INDEX, 0, FALSE,
        gw_mariadb_add_key, NULL},
    {"ADD INDEX", "ALTER TABLE ADD INDEX", GW_COST_INDEX, APPEARS, OF_INDEX, 0, FALSE,
        gw_mariadb_add_key, NULL},
    {"ADD KEY", "ALTER TABLE ADD INDEX", GW_COST_INDEX, APPEARS, OF_INDEX, 0, FALSE,
        gw_mariadb_add_key, NULL},
    {"ADD FOREIGN KEY", "ALTER TABLE ADD FOREIGN KEY", GW_COST_COPY, DEFINITION, OF_RULE, 0, FALSE,
        gw_mariadb_add_reference, GW_REFERENCE_NOTE},
    {"ADD CHECK", "ALTER TABLE ADD CHECK", GW_COST_COPY, DEFINITION, OF_RULE, 0, FALSE, NULL,
        GW_CHECK_NOTE},
    {"ADD PARTITION", "ALTER TABLE ADD PARTITION", GW_COST_QUICK, DEFINITION, OF_TABLE, 0, FALSE,
        gw_mariadb_add_partition, NULL},
    {"ADD SYSTEM VERSIONING", "ALTER TABLE ADD SYSTEM VERSIONING", GW_COST_COPY, DEFINITION,
        OF_TABLE, 0, FALSE, NULL, GW_COPY_NOTE},
    {"ADD PERIOD", "ALTER TABLE ADD PERIOD", GW_COST_COPY, DEFINITION, OF_TABLE, 0, FALSE, NULL,
        GW_COPY_NOTE},
    {"ADD COLUMN", "ALTER TABLE ADD COLUMN", COLUMN, APPEARS, OF_COLUMN, 0, FALSE,
        gw_mariadb_add_column, COLUMN_NOTE},
    {"ADD", "ALTER TABLE ADD COLUMN", COLUMN, APPEARS, OF_COLUMN, 0, FALSE, gw_mariadb_add_column,
        COLUMN_NOTE},
    {"DROP PRIMARY KEY", "ALTER TABLE DROP PRIMARY KEY", GW_COST_QUICK, VANISHES, OF_INDEX, OBJECT,
        FALSE, gw_mariadb_primary_key, NULL},
    {"DROP FOREIGN KEY", "ALTER TABLE DROP FOREIGN KEY", GW_COST_QUICK, VANISHES, OF_RULE, OBJECT,
        FALSE, gw_mariadb_drop_one, PARENT_NOTE},
    {"DROP CONSTRAINT", "ALTER TABLE DROP CONSTRAINT", GW_COST_QUICK, DEFINITION, OF_RULE, OBJECT,
        FALSE, gw_mariadb_drop_one, PARENT_NOTE},
    {"DROP CHECK", "ALTER TABLE DROP CHECK", GW_COST_QUICK, VANISHES, OF_RULE, OBJECT, FALSE,
        gw_mariadb_drop_one, NULL},
    {"DROP INDEX", "ALTER TABLE DROP INDEX", UNKEY, VANISHES, OF_INDEX, OBJECT, FALSE,
        gw_mariadb_drop_one, NULL},
    {"DROP KEY", "ALTER TABLE DROP INDEX", UNKEY, VANISHES, OF_INDEX, OBJECT, FALSE,
        gw_mariadb_drop_one, NULL},
    {"DROP PARTITION", "ALTER TABLE DROP PARTITION", MOVED, DEFINITION, OF_TABLE, ROWS, FALSE, NULL,
        NULL},
    {"DROP SYSTEM VERSIONING", "ALTER TABLE DROP SYSTEM VERSIONING", GW_COST_COPY, DEFINITION,
        OF_TABLE, ROWS, FALSE, NULL, GW_COPY_NOTE},
    {"DROP PERIOD", "ALTER TABLE DROP PERIOD", GW_COST_COPY, DEFINITION, OF_TABLE, OBJECT, FALSE,
        NULL, GW_COPY_NOTE},
    {"DROP COLUMN", "ALTER TABLE DROP COLUMN", DROPS, VANISHES, OF_COLUMN, LOSES, FALSE,
        gw_mariadb_drop_one, DROP_NOTE},
    {"DROP", "ALTER TABLE DROP COLUMN", DROPS, VANISHES, OF_COLUMN, LOSES, FALSE,
        gw_mariadb_drop_one, DROP_NOTE},
    {"MODIFY COLUMN", "ALTER TABLE MODIFY COLUMN", GW_COST_ANY, DEFINITION, OF_COLUMN, VALUES, TRUE,
        gw_mariadb_modify_column, MODIFY_NOTE},
    {"MODIFY", "ALTER TABLE MODIFY COLUMN", GW_COST_ANY, DEFINITION, OF_COLUMN, VALUES, TRUE,
        gw_mariadb_modify_column, MODIFY_NOTE},
    {"CHANGE COLUMN", "ALTER TABLE CHANGE COLUMN", GW_COST_ANY, DEFINITION, OF_COLUMN, VALUES,
        FALSE, gw_mariadb_change_column, MODIFY_NOTE},
    {"CHANGE", "ALTER TABLE CHANGE COLUMN", GW_COST_ANY, DEFINITION, OF_COLUMN, VALUES, FALSE,
        gw_mariadb_change_column, MODIFY_NOTE},
    {"ALTER INDEX", "ALTER TABLE ALTER INDEX", GW_COST_QUICK, DEFINITION, OF_INDEX, 0, TRUE,
        gw_mariadb_alter_column, NULL},
    {"ALTER KEY", "ALTER TABLE ALTER INDEX", GW_COST_QUICK, DEFINITION, OF_INDEX, 0, TRUE,
        gw_mariadb_alter_column, NULL},
    {"ALTER CHECK", "ALTER TABLE ALTER CHECK", GW_COST_ANY, DEFINITION, OF_RULE, 0, TRUE,
        gw_mariadb_alter_column, NULL},
    {"ALTER CONSTRAINT", "ALTER TABLE ALTER CONSTRAINT", GW_COST_ANY, DEFINITION, OF_RULE, 0, TRUE,
        gw_mariadb_alter_column, NULL},
    {"ALTER COLUMN", "ALTER TABLE ALTER COLUMN", GW_COST_QUICK, DEFINITION, OF_COLUMN, 0, TRUE,
        gw_mariadb_alter_column, NULL},
    {"ALTER", "ALTER TABLE ALTER COLUMN", GW_COST_QUICK, DEFINITION, OF_COLUMN, 0, TRUE,
        gw_mariadb_alter_column, NULL},
    {"RENAME COLUMN", "ALTER TABLE RENAME COLUMN", GW_COST_QUICK, VANISHES, OF_COLUMN, 0, FALSE,
        gw_mariadb_rename_one, NULL},
    {"RENAME INDEX", "ALTER TABLE RENAME INDEX", GW_COST_QUICK, VANISHES, OF_INDEX, 0, FALSE,
        gw_mariadb_rename_one, NULL},
    {"RENAME KEY", "ALTER TABLE RENAME INDEX", GW_COST_QUICK, VANISHES, OF_INDEX, 0, FALSE,
        gw_mariadb_rename_one, NULL},
    {"RENAME", "ALTER TABLE RENAME", MOVED, APPEARS, OF_TABLE, 0, FALSE, gw_mariadb_rename_table,
        NULL},
    {"CONVERT TO CHARACTER SET", "ALTER TABLE CONVERT TO CHARACTER SET", GW_COST_COPY, DEFINITION,
        OF_TABLE, VALUES, TRUE, gw_mariadb_table_option, GW_COPY_NOTE},
    {"CONVERT TO CHARSET", "ALTER TABLE CONVERT TO CHARACTER SET", GW_COST_COPY, DEFINITION,
        OF_TABLE, VALUES, TRUE, gw_mariadb_table_option, GW_COPY_NOTE},
    {"CONVERT", "ALTER TABLE CONVERT PARTITION", PARTS, DEFINITION, OF_TABLE, 0, FALSE, NULL,
        GW_PARTITION_NOTE},
    {"DEFAULT CHARACTER SET", "ALTER TABLE DEFAULT CHARACTER SET", GW_COST_QUICK, DEFINITION,
        OF_TABLE, 0, TRUE, gw_mariadb_table_option, NULL},
    {"DEFAULT CHARSET", "ALTER TABLE DEFAULT CHARACTER SET", GW_COST_QUICK, DEFINITION, OF_TABLE, 0,
        TRUE, gw_mariadb_table_option, NULL},
    {"DEFAULT COLLATE", "ALTER TABLE DEFAULT COLLATE", GW_COST_QUICK, DEFINITION, OF_TABLE, 0, TRUE,
        gw_mariadb_table_option, NULL},
    {"CHARACTER SET", "ALTER TABLE DEFAULT CHARACTER SET", GW_COST_QUICK, DEFINITION, OF_TABLE, 0,
        TRUE, gw_mariadb_table_option, NULL},
    {"CHARSET", "ALTER TABLE DEFAULT CHARACTER SET", GW_COST_QUICK, DEFINITION, OF_TABLE, 0, TRUE,
        gw_mariadb_table_option, NULL},
    {"COLLATE", "ALTER TABLE DEFAULT COLLATE", GW_COST_QUICK, DEFINITION, OF_TABLE, 0, TRUE,
        gw_mariadb_table_option, NULL},
    {"ENGINE", "ALTER TABLE ENGINE", ENGINE, NO_TRACE, OF_TABLE, 0, TRUE, gw_mariadb_table_option,
        GW_COPY_NOTE},
    {"ROW_FORMAT", "ALTER TABLE ROW_FORMAT", GW_COST_ANEW, DEFINITION, OF_TABLE, 0, TRUE,
        gw_mariadb_table_option, NULL},
    {"KEY_BLOCK_SIZE", "ALTER TABLE KEY_BLOCK_SIZE", GW_COST_ANEW, DEFINITION, OF_TABLE, 0, TRUE,
        gw_mariadb_table_option, NULL},
    {"PAGE_COMPRESSED", "ALTER TABLE PAGE_COMPRESSED", GW_COST_ANEW, DEFINITION, OF_TABLE, 0, TRUE,
        gw_mariadb_table_option, NULL},
    {"PAGE_COMPRESSION_LEVEL", "ALTER TABLE PAGE_COMPRESSION_LEVEL", GW_COST_ANEW, DEFINITION,
        OF_TABLE, 0, TRUE, gw_mariadb_table_option, NULL},
    {"ENCRYPTED", "ALTER TABLE ENCRYPTED", GW_COST_ANEW, DEFINITION, OF_TABLE, 0, TRUE,
        gw_mariadb_table_option, NULL},
    {"ENCRYPTION_KEY_ID", "ALTER TABLE ENCRYPTION_KEY_ID", GW_COST_ANEW, DEFINITION, OF_TABLE, 0,
        TRUE, gw_mariadb_table_option, NULL},
    {"AUTO_INCREMENT", "ALTER TABLE AUTO_INCREMENT", GW_COST_QUICK, NO_TRACE, OF_TABLE, 0, TRUE,
        gw_mariadb_table_option, NULL},
    {"COMMENT", "ALTER TABLE COMMENT", GW_COST_QUICK, DEFINITION, OF_TABLE, 0, TRUE,
        gw_mariadb_table_option, NULL},
    {"FORCE", "ALTER TABLE FORCE", GW_COST_ANEW, NO_TRACE, OF_TABLE, 0, TRUE, NULL, NULL},
    {"ORDER BY", "ALTER TABLE ORDER BY", GW_COST_COPY, NO_TRACE, OF_TABLE, 0, TRUE, NULL,
        GW_COPY_NOTE},
    {"DISABLE KEYS", "ALTER TABLE DISABLE KEYS", MOVED, NO_TRACE, OF_TABLE, 0, TRUE, NULL, NULL},
    {"ENABLE KEYS", "ALTER TABLE ENABLE KEYS", MOVED, NO_TRACE, OF_TABLE, 0, TRUE, NULL, NULL},
    {"DISCARD TABLESPACE", "ALTER TABLE DISCARD TABLESPACE", MOVED, HIDDEN, OF_TABLE, ROWS, FALSE,
        NULL, HIDDEN_NOTE},
    {"IMPORT TABLESPACE", "ALTER TABLE IMPORT TABLESPACE", MOVED, HIDDEN, OF_TABLE, 0, FALSE, NULL,
        HIDDEN_NOTE},
    {"TRUNCATE PARTITION", "ALTER TABLE TRUNCATE PARTITION", MOVED, HIDDEN, OF_TABLE, ROWS, FALSE,
        NULL, HIDDEN_NOTE},
    {"EXCHANGE PARTITION", "ALTER TABLE EXCHANGE PARTITION", MOVED, HIDDEN, OF_TABLE, 0, FALSE,
        NULL, HIDDEN_NOTE},
    {"COALESCE PARTITION", "ALTER TABLE COALESCE PARTITION", PARTS, DEFINITION, OF_TABLE, 0, FALSE,
        NULL, GW_PARTITION_NOTE},
    {"REORGANIZE PARTITION", "ALTER TABLE REORGANIZE PARTITION", PARTS, DEFINITION, OF_TABLE, 0,
        FALSE, NULL, GW_PARTITION_NOTE},
    {"ANALYZE PARTITION", "ALTER TABLE ANALYZE PARTITION", GW_COST_QUICK, NO_TRACE, OF_TABLE, 0,
        TRUE, NULL, NULL},
    {"CHECK PARTITION", "ALTER TABLE CHECK PARTITION", GW_COST_QUICK, NO_TRACE, OF_TABLE, 0, TRUE,
        NULL, NULL},
    {"OPTIMIZE PARTITION", "ALTER TABLE OPTIMIZE PARTITION", PARTS, NO_TRACE, OF_TABLE, 0, TRUE,
        NULL, GW_PARTITION_NOTE},
    {"REBUILD PARTITION", "ALTER TABLE REBUILD PARTITION", PARTS, NO_TRACE, OF_TABLE, 0, TRUE, NULL,
        GW_PARTITION_NOTE},
    {"REPAIR PARTITION", "ALTER TABLE REPAIR PARTITION", PARTS, NO_TRACE, OF_TABLE, 0, TRUE, NULL,
        GW_PARTITION_NOTE},
    {"PARTITION BY", "ALTER TABLE PARTITION BY", PARTS, DEFINITION, OF_TABLE, 0, TRUE, NULL,
        GW_COPY_NOTE},
    {"REMOVE PARTITIONING", "ALTER TABLE REMOVE PARTITIONING", PARTS, DEFINITION, OF_TABLE, 0,
        FALSE, NULL, GW_COPY_NOTE},
};

void
gw_mariadb_add_effect(
    gw_mariadb_alter *alter, gw_probe_kind kind, gw_object_kind object, const char *name)
{
    if (alter->effect_count < GW_MARIADB_EFFECTS)
    {
        alter->effects[alter->effect_count++] =
            (gw_mariadb_effect){.kind = kind, .object = object, .name = g_strdup(name)};
    }
}

/* IF [NOT] EXISTS: what may be so already may run twice, and its effect tells nothing. */
gboolean
gw_mariadb_take_lenient(gw_mariadb_alter *alter)
{
    static const char *const phrases[] = {"IF NOT EXISTS", "IF EXISTS", NULL};
    return gw_words_take_any(alter->words, phrases) >= 0;
}

char *
gw_mariadb_take_name(gw_mariadb_alter *alter)
{
    char *name = NULL;
    return gw_words_take_name(alter->words, FALSE, NULL, &name) ? name : NULL;
}

/* Show what the first action is about. */
void
gw_mariadb_show(gw_mariadb_alter *alter, const char *name)
{
    if (alter->count == 1 && name != NULL)
    {
        gw_mariadb_set_object(alter->facts, alter->table, name);
    }
}

void
gw_mariadb_note_effect(
    gw_mariadb_alter *alter, const gw_mariadb_action *action, gboolean lenient, const char *name)
{
    gw_mariadb_show(alter, name);
    if (lenient)
    {
        alter->repeatable++;
        alter->silent++;
    }
    else if (name != NULL && (action->probe == APPEARS || action->probe == VANISHES))
    {
        gw_mariadb_add_effect(alter, action->probe, action->object, name);
    }
}

void
gw_mariadb_add_cost(gw_mariadb_alter *alter, gw_mariadb_cost cost)
{
    gw_mariadb_cost_add(&alter->cost, &cost);
}

void
gw_mariadb_add_parent(gw_mariadb_alter *alter)
{
    g_autofree char *schema = NULL;
    g_autofree char *name = NULL;
    if (gw_words_take_name(alter->words, FALSE, &schema, &name))
    {
        gw_facts_add_relation(
            alter->facts, schema, name, GW_BLOCKS_WRITES, GW_SPAN_ROWS, "shared no write");
    }
}

/* Go to the comma behind an action. Options need none between them. */
static void
skip_item(gw_words *words)
{
    while (!gw_words_end(words) && words->token.kind != GW_TOKEN_COMMA)
    {
        if (words->token.kind == GW_TOKEN_OPEN)
        {
            gw_words_skip_parenthesis(words);
        }
        else
        {
            gw_words_step(words);
        }
    }
}

static void
apply(gw_mariadb_alter *alter, const gw_mariadb_action *action)
{
    gw_facts *facts = alter->facts;
    alter->count++;
    alter->repeatable += action->repeatable ? 1 : 0;
    alter->silent += action->probe == NO_TRACE ? 1 : 0;
    alter->hidden += action->probe == HIDDEN ? 1 : 0;
    facts->destroys |= action->destroys;
    facts->note = action->note == NULL ? facts->note : action->note;
    if (action->read != gw_mariadb_add_constraint)
    {
        gw_mariadb_add_cost(alter, action->cost);
    }
    if (alter->count == 1)
    {
        facts->verb = action->verb;
    }
    if (action->read != NULL)
    {
        action->read(alter, action);
    }
    if (action->read != gw_mariadb_table_option)
    {
        skip_item(alter->words);
    }
}

gboolean
gw_mariadb_read_action(gw_mariadb_alter *alter)
{
    for (gsize i = 0; i < G_N_ELEMENTS(actions); i++)
    {
        if (gw_words_take(alter->words, actions[i].phrase))
        {
            apply(alter, &actions[i]);
            return TRUE;
        }
    }
    return FALSE;
}
