#include "drivers/postgres/rules.h"

#define NOTE_PARENTS                                                                               \
    "tables that its foreign keys refer to, or that it is a partition of, are locked as "          \
    "ACCESS EXCLUSIVE as well"
#define NOTE_INDEX        "the table of the index is locked as ACCESS EXCLUSIVE as well"
#define NOTE_OTHER        "a table that it belongs to is locked for a moment against schema changes"
#define NOTE_CONCURRENT   "waits for all older transactions"
#define NOTE_CASCADE      "all that depends on it is locked as ACCESS EXCLUSIVE and goes as well"
#define NOTE_ENUM         "the new value cannot be used before the transaction is committed"
#define NOTE_DOMAIN       "blocks writes on all tables that use the domain, and reads their rows"
#define NOTE_DOMAIN_LATER "takes no lock on the tables that use the domain"

/* A type of object: what it is called, and where it stands in a name. */
typedef struct thing
{
    const char *type;
    const char *drop;
    const char *rename;
    const char *comment;
    gw_object_kind kind;
    gw_pg_lock lock; /* that RENAME, SET SCHEMA and OWNER take on it; none: it is no relation */
    guint destroys;
    gboolean part; /* the name before the last is its table's */
} thing;

#define AE     GW_PG_ACCESS_EXCLUSIVE
#define SUE    GW_PG_SHARE_UPDATE_EXCLUSIVE
#define OBJECT GW_DESTROYS_OBJECT
#define NONE   GW_PG_NO_LOCK

static const thing things[] = {
    {"OBJECT_TABLE", "DROP TABLE", "ALTER TABLE RENAME", "COMMENT ON TABLE", GW_OBJECT_TABLE, AE,
        GW_DESTROYS_TABLE, FALSE},
    {"OBJECT_FOREIGN_TABLE", "DROP FOREIGN TABLE", "ALTER FOREIGN TABLE RENAME",
        "COMMENT ON FOREIGN TABLE", GW_OBJECT_OTHER, AE, OBJECT, FALSE},
    {"OBJECT_VIEW", "DROP VIEW", "ALTER VIEW RENAME", "COMMENT ON VIEW", GW_OBJECT_VIEW, AE, OBJECT,
        FALSE},
    {"OBJECT_MATVIEW", "DROP MATERIALIZED VIEW", "ALTER MATERIALIZED VIEW RENAME",
        "COMMENT ON MATERIALIZED VIEW", GW_OBJECT_MATVIEW, AE, OBJECT, FALSE},
    {"OBJECT_INDEX", "DROP INDEX", "ALTER INDEX RENAME", "COMMENT ON INDEX", GW_OBJECT_INDEX, SUE,
        OBJECT, FALSE},
    {"OBJECT_SEQUENCE", "DROP SEQUENCE", "ALTER SEQUENCE RENAME", "COMMENT ON SEQUENCE",
        GW_OBJECT_SEQUENCE, AE, OBJECT | GW_DESTROYS_VALUES, FALSE},
    {"OBJECT_COLUMN", "DROP COLUMN", "ALTER TABLE RENAME COLUMN", "COMMENT ON COLUMN",
        GW_OBJECT_COLUMN, AE, GW_DESTROYS_COLUMN, TRUE},
    {"OBJECT_TABCONSTRAINT", "DROP CONSTRAINT", "ALTER TABLE RENAME CONSTRAINT",
        "COMMENT ON CONSTRAINT", GW_OBJECT_CONSTRAINT, AE, OBJECT, TRUE},
    {"OBJECT_TRIGGER", "DROP TRIGGER", "ALTER TRIGGER RENAME", "COMMENT ON TRIGGER",
        GW_OBJECT_TRIGGER, AE, OBJECT, TRUE},
    {"OBJECT_RULE", "DROP RULE", "ALTER RULE RENAME", "COMMENT ON RULE", GW_OBJECT_RULE, AE, OBJECT,
        TRUE},
    {"OBJECT_POLICY", "DROP POLICY", "ALTER POLICY RENAME", "COMMENT ON POLICY", GW_OBJECT_POLICY,
        AE, OBJECT, TRUE},
    {"OBJECT_TYPE", "DROP TYPE", "ALTER TYPE RENAME", "COMMENT ON TYPE", GW_OBJECT_TYPE, NONE,
        OBJECT, FALSE},
    {"OBJECT_ATTRIBUTE", "DROP ATTRIBUTE", "ALTER TYPE RENAME ATTRIBUTE", "COMMENT ON ATTRIBUTE",
        GW_OBJECT_TYPE, AE, OBJECT, TRUE},
    {"OBJECT_DOMAIN", "DROP DOMAIN", "ALTER DOMAIN RENAME", "COMMENT ON DOMAIN", GW_OBJECT_DOMAIN,
        NONE, OBJECT, FALSE},
    {"OBJECT_DOMCONSTRAINT", "DROP CONSTRAINT", "ALTER DOMAIN RENAME CONSTRAINT",
        "COMMENT ON CONSTRAINT ON DOMAIN", GW_OBJECT_DOMAIN, NONE, OBJECT, FALSE},
    {"OBJECT_FUNCTION", "DROP FUNCTION", "ALTER FUNCTION RENAME", "COMMENT ON FUNCTION",
        GW_OBJECT_ROUTINE, NONE, OBJECT, FALSE},
    {"OBJECT_PROCEDURE", "DROP PROCEDURE", "ALTER PROCEDURE RENAME", "COMMENT ON PROCEDURE",
        GW_OBJECT_ROUTINE, NONE, OBJECT, FALSE},
    {"OBJECT_ROUTINE", "DROP ROUTINE", "ALTER ROUTINE RENAME", "COMMENT ON ROUTINE",
        GW_OBJECT_ROUTINE, NONE, OBJECT, FALSE},
    {"OBJECT_AGGREGATE", "DROP AGGREGATE", "ALTER AGGREGATE RENAME", "COMMENT ON AGGREGATE",
        GW_OBJECT_ROUTINE, NONE, OBJECT, FALSE},
    {"OBJECT_SCHEMA", "DROP SCHEMA", "ALTER SCHEMA RENAME", "COMMENT ON SCHEMA", GW_OBJECT_SCHEMA,
        NONE, OBJECT, FALSE},
    {"OBJECT_EXTENSION", "DROP EXTENSION", "ALTER EXTENSION RENAME", "COMMENT ON EXTENSION",
        GW_OBJECT_EXTENSION, NONE, OBJECT, FALSE},
    {"OBJECT_DATABASE", "DROP DATABASE", "ALTER DATABASE RENAME", "COMMENT ON DATABASE",
        GW_OBJECT_OTHER, NONE, OBJECT, FALSE},
    {"OBJECT_ROLE", "DROP ROLE", "ALTER ROLE RENAME", "COMMENT ON ROLE", GW_OBJECT_ROLE, NONE,
        OBJECT, FALSE},
    {"OBJECT_EVENT_TRIGGER", "DROP EVENT TRIGGER", "ALTER EVENT TRIGGER RENAME",
        "COMMENT ON EVENT TRIGGER", GW_OBJECT_EVENT, NONE, OBJECT, FALSE},
    {"OBJECT_STATISTIC_EXT", "DROP STATISTICS", "ALTER STATISTICS RENAME", "COMMENT ON STATISTICS",
        GW_OBJECT_OTHER, NONE, OBJECT, FALSE},
    {"OBJECT_PUBLICATION", "DROP PUBLICATION", "ALTER PUBLICATION RENAME", "COMMENT ON PUBLICATION",
        GW_OBJECT_OTHER, NONE, OBJECT, FALSE},
};

static const thing other = {.type = "",
    .drop = "DROP",
    .rename = "ALTER RENAME",
    .comment = "COMMENT",
    .kind = GW_OBJECT_OTHER,
    .destroys = OBJECT};

static const thing *
thing_find(const char *type)
{
    for (gsize i = 0; i < G_N_ELEMENTS(things); i++)
    {
        if (g_strcmp0(things[i].type, type) == 0)
        {
            return &things[i];
        }
    }
    return &other;
}

/* The list of names inside a node of any shape: List, TypeName, ObjectWithArgs, String. */
static const gw_pg_node *
names_of(const gw_pg_node *object)
{
    static const char *const paths[][2] = {
        {"List", "items"}, {"TypeName", "names"}, {"ObjectWithArgs", "objname"}};
    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++)
    {
        const gw_pg_node *list = gw_pg_get(gw_pg_get(object, paths[i][0]), paths[i][1]);
        if (list != NULL)
        {
            return list;
        }
    }
    return NULL;
}

/* What a part stands on: a rule often on a view. */
static gw_object_kind
kind_of_relation(const thing *what)
{
    gw_object_kind under = what->kind == GW_OBJECT_RULE ? GW_OBJECT_OTHER : GW_OBJECT_TABLE;
    return what->part ? under : what->kind;
}

/* The relation or object that a list of names means; *part gets the name of what stands on it. */
static gw_pg_relation
named(const thing *what, const gw_pg_node *object, const char **part)
{
    const gw_pg_node *names = names_of(object);
    guint from = what->part ? 1 : 0;
    const char *alone = gw_pg_text(gw_pg_get(object, "String"), "sval");
    *part = what->part ? gw_pg_name(names, 0) : NULL;
    return (gw_pg_relation){
        .schema = gw_pg_name(names, from + 1),
        .name = names == NULL ? alone : gw_pg_name(names, from),
        .kind = kind_of_relation(what),
    };
}

/* A probe for an object, or for a part of a relation. */
static void
probe(gw_facts *facts, gw_probe_kind kind, const thing *what, gw_pg_relation relation,
    const char *part)
{
    if (what->kind == GW_OBJECT_OTHER || what->kind == GW_OBJECT_ROUTINE)
    {
        return; /* by name alone these are not found: the whole catalog is compared */
    }
    if (part == NULL || what->kind == GW_OBJECT_COLUMN || what->kind == GW_OBJECT_TYPE)
    {
        gw_pg_probe(facts, part == NULL ? kind : GW_PROBE_DEFINITION, relation);
        return;
    }
    gw_facts_set_probe(facts, kind, what->kind, relation.schema, part, relation.name);
}

void
gw_pg_read_rename(gw_facts *facts, const gw_pg_node *statement)
{
    const thing *what = thing_find(gw_pg_text(statement, "renameType"));
    const char *part = gw_pg_text(statement, "subname");
    gw_pg_relation relation = gw_pg_relation_of(gw_pg_get(statement, "relation"));
    facts->verb = what->rename;
    if (relation.name == NULL)
    {
        relation = named(what, gw_pg_get(statement, "object"), &part);
    }
    relation.kind = kind_of_relation(what);
    if (what->lock != GW_PG_NO_LOCK)
    {
        gw_pg_locks(facts, relation, what->lock, GW_SPAN_MOMENT);
    }
    gw_pg_about(facts, relation, part);
    probe(facts, GW_PROBE_VANISHES, what, relation, part);
}

static void
read_whole(gw_facts *facts, const gw_pg_node *statement, const char *verb)
{
    const char *part = NULL;
    const thing *what = thing_find(gw_pg_text(statement, "objectType"));
    gw_pg_relation relation = gw_pg_relation_of(gw_pg_get(statement, "relation"));
    if (relation.name == NULL)
    {
        relation = named(what, gw_pg_get(statement, "object"), &part);
    }
    relation.kind = what->kind;
    facts->verb = verb;
    if (what->lock != GW_PG_NO_LOCK)
    {
        gw_pg_locks(facts, relation, GW_PG_ACCESS_EXCLUSIVE, GW_SPAN_MOMENT);
    }
    gw_pg_about(facts, relation, part);
    probe(facts, GW_PROBE_DEFINITION, what, relation, part);
}

void
gw_pg_read_move(gw_facts *facts, const gw_pg_node *statement)
{
    read_whole(facts, statement, "ALTER SET SCHEMA");
    if (facts->probe.kind == GW_PROBE_DEFINITION)
    {
        facts->probe.kind = GW_PROBE_VANISHES;
    }
}

void
gw_pg_read_owner(gw_facts *facts, const gw_pg_node *statement)
{
    read_whole(facts, statement, "ALTER OWNER TO");
}

static void
read_drop_index(gw_facts *facts, const gw_pg_node *statement)
{
    if (!gw_pg_flag(statement, "concurrent"))
    {
        gw_pg_note(facts, NOTE_INDEX);
        return;
    }
    facts->verb = "DROP INDEX CONCURRENTLY";
    facts->transactional = GW_TRANSACTION_REFUSES;
    facts->concurrent = TRUE;
    gw_pg_note(facts, NOTE_CONCURRENT);
}

void
gw_pg_read_drop(gw_facts *facts, const gw_pg_node *statement)
{
    const thing *what = thing_find(gw_pg_text(statement, "removeType"));
    const gw_pg_node *list = gw_pg_get(statement, "objects");
    gboolean concurrent = gw_pg_flag(statement, "concurrent");
    facts->verb = what->drop;
    facts->destroys |= what->destroys;
    for (const gw_pg_node *item = gw_pg_first(list); item != NULL; item = gw_pg_next(list, item))
    {
        const char *part = NULL;
        gw_pg_relation relation = named(what, item, &part);
        if (what->lock != GW_PG_NO_LOCK)
        {
            gw_pg_locks(
                facts, relation, concurrent ? SUE : AE, concurrent ? GW_SPAN_ROWS : GW_SPAN_MOMENT);
        }
        if (facts->object == NULL)
        {
            gw_pg_about(facts, relation, part);
            probe(facts, GW_PROBE_VANISHES, what, relation, part);
        }
    }
    if (gw_pg_is(statement, "behavior", "DROP_CASCADE"))
    {
        facts->destroys |= what->kind == GW_OBJECT_SCHEMA ? GW_DESTROYS_TABLE : OBJECT;
        gw_pg_note(facts, NOTE_CASCADE);
    }
    if (what->kind == GW_OBJECT_INDEX)
    {
        read_drop_index(facts, statement);
    }
    gw_pg_note(facts, what->kind == GW_OBJECT_TABLE   ? NOTE_PARENTS
                      : what->kind == GW_OBJECT_OTHER ? NOTE_OTHER
                                                      : NULL);
}

void
gw_pg_read_truncate(gw_facts *facts, const gw_pg_node *statement)
{
    const gw_pg_node *list = gw_pg_get(statement, "relations");
    for (const gw_pg_node *item = gw_pg_first(list); item != NULL; item = gw_pg_next(list, item))
    {
        gw_pg_relation table = gw_pg_relation_of(gw_pg_get(item, "RangeVar"));
        gw_pg_locks(facts, table, AE, GW_SPAN_MOMENT);
        if (facts->object == NULL)
        {
            gw_pg_about(facts, table, NULL);
        }
    }
    facts->probe.kind = GW_PROBE_NONE; /* it rolls back with its ledger row */
    gw_pg_note(facts, gw_pg_is(statement, "behavior", "DROP_CASCADE")
                          ? "empties all tables that refer to it as well"
                          : NULL);
}

/* COMMENT and SECURITY LABEL. */
void
gw_pg_read_comment(gw_facts *facts, const gw_pg_node *statement)
{
    const char *part = NULL;
    const thing *what = thing_find(gw_pg_text(statement, "objtype"));
    gw_pg_relation relation = named(what, gw_pg_get(statement, "object"), &part);
    if (strcmp(facts->verb, "COMMENT") == 0)
    {
        facts->verb = what->comment;
    }
    if (what->lock != GW_PG_NO_LOCK)
    {
        gboolean whole = !what->part || what->kind == GW_OBJECT_COLUMN;
        gw_pg_locks(facts, relation, whole ? SUE : GW_PG_ACCESS_SHARE, GW_SPAN_MOMENT);
    }
    gw_pg_about(facts, relation, part);
    probe(facts, GW_PROBE_REPEAT, what, relation, part);
    facts->probe.kind = GW_PROBE_REPEAT;
}

/* GRANT and REVOKE lock no relation. */
void
gw_pg_read_grant(gw_facts *facts, const gw_pg_node *statement)
{
    const gw_pg_node *first = gw_pg_first(gw_pg_get(statement, "objects"));
    facts->verb = gw_pg_flag(statement, "is_grant") ? "GRANT" : "REVOKE";
    gw_pg_about(facts, gw_pg_relation_of(gw_pg_get(first, "RangeVar")), NULL);
    facts->probe.kind = GW_PROBE_REPEAT;
}

void
gw_pg_read_domain(gw_facts *facts, const gw_pg_node *statement)
{
    const gw_pg_node *names = gw_pg_get(statement, "typeName");
    const gw_pg_node *constraint = gw_pg_get(gw_pg_get(statement, "def"), "Constraint");
    gw_pg_relation domain = {gw_pg_name(names, 1), gw_pg_name(names, 0), GW_OBJECT_DOMAIN};
    const char *subtype = gw_pg_text(statement, "subtype");
    gboolean checks = strchr("COV", subtype == NULL ? 'x' : subtype[0]) != NULL;
    checks = checks && !gw_pg_flag(constraint, "skip_validation");
    facts->scan = checks ? GW_YES : GW_NO;
    facts->repeatable = constraint == NULL;
    gw_pg_about(facts, domain, NULL);
    gw_pg_probe(facts, GW_PROBE_DEFINITION, domain);
    gw_pg_note(facts, checks ? NOTE_DOMAIN : NOTE_DOMAIN_LATER);
}

void
gw_pg_read_enum(gw_facts *facts, const gw_pg_node *statement)
{
    const gw_pg_node *names = gw_pg_get(statement, "typeName");
    gw_pg_relation type = {gw_pg_name(names, 1), gw_pg_name(names, 0), GW_OBJECT_TYPE};
    gboolean renames = gw_pg_text(statement, "oldVal") != NULL;
    facts->verb = renames ? "ALTER TYPE RENAME VALUE" : "ALTER TYPE ADD VALUE";
    facts->repeatable = gw_pg_flag(statement, "skipIfNewValExists");
    gw_pg_about(facts, type, NULL);
    gw_pg_probe(facts, GW_PROBE_DEFINITION, type);
    gw_pg_note(facts, renames ? NULL : NOTE_ENUM);
}

void
gw_pg_read_alter_sequence(gw_facts *facts, const gw_pg_node *statement)
{
    gw_pg_relation sequence = gw_pg_relation_of(gw_pg_get(statement, "sequence"));
    sequence.kind = GW_OBJECT_SEQUENCE;
    gw_pg_locks(facts, sequence, GW_PG_SHARE_ROW_EXCLUSIVE, GW_SPAN_MOMENT);
    gw_pg_about(facts, sequence, NULL);
    gw_pg_probe(facts, GW_PROBE_DEFINITION, sequence);
}
