#include "drivers/postgres/columns.h"

/* Types that PostgreSQL brings along, and whether a column that gets one is written anew. */
typedef struct type_row
{
    const char *name;
    gw_answer3 rewrite; /* DEPENDS: from some types, or of some lengths, the old values fit */
} type_row;

static const type_row types[] = {
    {"bit", GW_YES},
    {"bool", GW_YES},
    {"box", GW_YES},
    {"bpchar", GW_YES},
    {"bytea", GW_YES},
    {"char", GW_YES},
    {"cidr", GW_YES},
    {"circle", GW_YES},
    {"citext", GW_DEPENDS},
    {"date", GW_YES},
    {"float4", GW_YES},
    {"float8", GW_YES},
    {"inet", GW_DEPENDS}, /* from cidr */
    {"int2", GW_YES},
    {"int4", GW_YES},
    {"int8", GW_YES},
    {"interval", GW_DEPENDS},
    {"json", GW_YES},
    {"jsonb", GW_YES},
    {"jsonpath", GW_YES},
    {"line", GW_YES},
    {"lseg", GW_YES},
    {"macaddr", GW_YES},
    {"macaddr8", GW_YES},
    {"money", GW_YES},
    {"name", GW_YES},
    {"numeric", GW_DEPENDS}, /* a greater precision of the same scale fits */
    {"oid", GW_DEPENDS},     /* from int4 */
    {"path", GW_YES},
    {"pg_lsn", GW_YES},
    {"point", GW_YES},
    {"polygon", GW_YES},
    {"text", GW_DEPENDS}, /* from varchar */
    {"time", GW_DEPENDS},
    {"timestamp", GW_DEPENDS},
    {"timestamptz", GW_DEPENDS}, /* from timestamp while the session's time zone is UTC */
    {"timetz", GW_DEPENDS},
    {"tsquery", GW_YES},
    {"tsvector", GW_YES},
    {"uuid", GW_YES},
    {"varbit", GW_DEPENDS},
    {"varchar", GW_DEPENDS}, /* longer fits */
    {"xml", GW_YES},
    {"int4range", GW_YES},
    {"int8range", GW_YES},
    {"numrange", GW_YES},
    {"tsrange", GW_YES},
    {"tstzrange", GW_YES},
    {"daterange", GW_YES},
};

static const char *const serials[] = {
    "serial", "serial2", "serial4", "serial8", "bigserial", "smallserial", NULL};

/* Functions whose value is the same for all rows of a statement, so that one stored default is
 * enough, and those that must be called for every row. All others are looked up by the server. */
static const char *const stable_functions[] = {"now", "transaction_timestamp",
    "statement_timestamp", "current_setting", "timezone", "date_trunc", "to_timestamp", "to_date",
    "lower", "upper", "md5", "array_fill", "jsonb_build_object", "json_build_object",
    "jsonb_build_array", "current_schema", "txid_current", "make_interval", "make_date", NULL};
static const char *const volatile_functions[] = {"random", "gen_random_uuid", "uuid_generate_v4",
    "uuid_generate_v1", "uuidv7", "uuidv4", "clock_timestamp", "timeofday", "nextval", "setval",
    "gen_random_bytes", NULL};

#define NOTE_SERIAL                                                                                \
    "every row is written anew: add the column without a default, fill it in chunks, then set "    \
    "the default"
#define NOTE_VOLATILE                                                                              \
    "the default differs from row to row, so every row is written anew: add the column without "   \
    "it, fill it in chunks, then set the default"
#define NOTE_FUNCTION "every row is written anew if a function of the default is volatile"
#define NOTE_DOMAIN                                                                                \
    "every row is written anew if the type is a domain with a constraint, or its default is not "  \
    "constant"
#define NOTE_CONSTRAINT "every row is read for the constraint: add it afterwards, NOT VALID"
#define NOTE_TYPE                                                                                  \
    "depends on the present type; partial and expression indexes on the column are built anew"
#define NOTE_REWRITE "every row and every index is written anew under the lock"

static const type_row *
type_find(const gw_pg_node *type)
{
    const char *name = gw_pg_name(gw_pg_get(type, "names"), 0);
    const char *schema = gw_pg_name(gw_pg_get(type, "names"), 1);
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
    {
        if (g_strcmp0(types[i].name, name) == 0 &&
            (schema == NULL || strcmp(schema, "pg_catalog") == 0))
        {
            return &types[i];
        }
    }
    return NULL;
}

static gboolean
is_serial(const gw_pg_node *type)
{
    const char *name = gw_pg_name(gw_pg_get(type, "names"), 0);
    return name != NULL && g_strv_contains(serials, name);
}

/* Must the expression be computed for every row? */
static gw_answer3
is_volatile(const gw_pg_node *expression)
{
    gw_answer3 answer = GW_NO;
    for (const gw_pg_node *node = expression; node < expression + expression->size; node++)
    {
        const char *name = strcmp(node->key, "funcname") == 0 ? gw_pg_name(node, 0) : NULL;
        if (name != NULL && !g_strv_contains(stable_functions, name))
        {
            gboolean known = g_strv_contains(volatile_functions, name);
            answer = gw_pg_stronger(answer, known ? GW_YES : GW_DEPENDS);
        }
    }
    return answer;
}

/* What is said about a new column, before it is added up. */
typedef struct column
{
    gw_answer3 rewrite;
    gw_answer3 scan;
    gboolean filled;     /* it has a default */
    gboolean references; /* a foreign key */
} column;

static void
read_default(gw_facts *facts, column *made, const gw_pg_node *constraint)
{
    gw_answer3 computed = is_volatile(gw_pg_get(constraint, "raw_expr"));
    made->filled = TRUE;
    made->rewrite = gw_pg_stronger(made->rewrite, computed);
    if (computed != GW_NO)
    {
        gw_pg_note(facts, computed == GW_YES ? NOTE_VOLATILE : NOTE_FUNCTION);
    }
}

static void
read_constraint(gw_facts *facts, column *made, const gw_pg_node *constraint)
{
    static const char *const scanning[] = {
        "CONSTR_CHECK", "CONSTR_UNIQUE", "CONSTR_PRIMARY", "CONSTR_EXCLUSION", NULL};
    static const char *const rewriting[] = {"CONSTR_IDENTITY", "CONSTR_GENERATED", NULL};
    const char *kind = gw_pg_text(constraint, "contype");
    if (kind == NULL)
    {
        return;
    }
    if (g_strv_contains(scanning, kind))
    {
        made->scan = GW_YES;
        gw_pg_note(facts, NOTE_CONSTRAINT);
    }
    else if (g_strv_contains(rewriting, kind))
    {
        made->rewrite = GW_YES;
        gw_pg_note(facts, NOTE_SERIAL);
    }
    else if (strcmp(kind, "CONSTR_DEFAULT") == 0)
    {
        read_default(facts, made, constraint);
    }
    made->references |= strcmp(kind, "CONSTR_FOREIGN") == 0;
}

void
gw_pg_column_added(gw_facts *facts, gw_pg_relation table, const gw_pg_node *definition)
{
    const gw_pg_node *type = gw_pg_get(definition, "typeName");
    const gw_pg_node *list = gw_pg_get(definition, "constraints");
    column made = {.rewrite = GW_NO, .scan = GW_NO};
    gboolean array = gw_pg_get(type, "arrayBounds") != NULL;
    if (is_serial(type))
    {
        made.rewrite = GW_YES;
        gw_pg_note(facts, NOTE_SERIAL);
    }
    else if (type_find(type) == NULL && !array)
    {
        made.rewrite = GW_DEPENDS;
    }
    for (const gw_pg_node *item = gw_pg_first(list); item != NULL; item = gw_pg_next(list, item))
    {
        read_constraint(facts, &made, gw_pg_get(item, "Constraint"));
    }
    if (made.rewrite == GW_DEPENDS)
    {
        gw_pg_note(facts, NOTE_DOMAIN);
    }
    gboolean checked = made.references && made.filled;
    made.scan = gw_pg_stronger(made.scan, checked ? GW_YES : made.rewrite);
    gw_span span = made.scan == GW_NO ? GW_SPAN_MOMENT : GW_SPAN_ROWS;
    facts->rewrite = gw_pg_stronger(facts->rewrite, made.rewrite);
    facts->scan = gw_pg_stronger(facts->scan, made.scan);
    gw_pg_locks(facts, table, GW_PG_ACCESS_EXCLUSIVE, span);
    gw_pg_parents(facts, definition, checked ? GW_SPAN_ROWS : GW_SPAN_MOMENT);
}

void
gw_pg_column_changed(gw_facts *facts, const gw_pg_node *definition)
{
    const gw_pg_node *type = gw_pg_get(definition, "typeName");
    const type_row *row = gw_pg_get(type, "arrayBounds") == NULL ? type_find(type) : NULL;
    gw_answer3 rewrite = row == NULL ? GW_DEPENDS : row->rewrite;
    const gw_pg_node *using = gw_pg_get(definition, "raw_default");
    if (using != NULL && gw_pg_get(using, "ColumnRef") == NULL &&
        gw_pg_get(using, "TypeCast") == NULL)
    {
        rewrite = GW_YES;
    }
    facts->rewrite = gw_pg_stronger(facts->rewrite, rewrite);
    facts->scan = gw_pg_stronger(facts->scan, rewrite);
    gw_pg_note(facts, rewrite == GW_YES ? NOTE_REWRITE : NOTE_TYPE);
}
