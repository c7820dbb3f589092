#include "drivers/postgres/catalog.h"

/* Order of text that does not depend on a collation of the database. */
#define C " COLLATE \"C\""

/* Is the schema n wanted? */
#define WANTED                                                                                     \
    " n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"                                   \
    " AND n.nspname IS DISTINCT FROM $1 AND ($2 IS NULL OR n.nspname = $2 OR ($2 = ''"             \
    " AND n.nspname = ANY (current_setting('godwit.path')::name[])))"

#define NAMED(column) " AND ($4 IS NULL OR " column " = $4)"
#define OF_RELATION   " AND ($3 IS NULL OR c.relname = $3)"

/* The object is not a part of an extension. */
#define OWN(class, oid)                                                                            \
    " AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = '" class "'::regclass"             \
                                                                         " AND x.objid = " oid     \
                                                                         " AND x.deptype = 'e')"

/* Owner and rights, in an order that does not depend on when they were given. */
#define OWNER(role) " || E'\\nOWNER ' || quote_ident(pg_get_userbyid(" role "))"
#define RIGHTS(acl)                                                                                \
    " || coalesce((SELECT string_agg(E'\\nGRANT ' || g.rights || ' TO ' || g.who, '' ORDER BY "    \
    "g.who" C ") FROM (SELECT CASE WHEN e.grantee = 0 THEN 'PUBLIC'"                               \
    " ELSE quote_ident(pg_get_userbyid(e.grantee)) END AS who, string_agg(e.privilege_type"        \
    " || CASE WHEN e.is_grantable THEN '*' ELSE '' END, ', ' ORDER BY e.privilege_type" C ")"      \
    " AS rights FROM aclexplode(" acl ") e GROUP BY 1) g), '')"
#define RIGHTS_OR(acl, type, role) RIGHTS("coalesce(" acl ", acldefault('" type "', " role "))")
#define COMMENT(oid, class)                                                                        \
    " || coalesce(E'\\nCOMMENT ' || quote_literal(obj_description(" oid ", '" class "')), '')"
#define PART_COMMENT(oid, number)                                                                  \
    " || coalesce(' COMMENT ' || quote_literal(col_description(" oid ", " number ")), '')"

#define FULL(schema, name) "quote_ident(" schema ") || '.' || quote_ident(" name ")"
#define OPTIONS(column)                                                                            \
    " || coalesce(E'\\nWITH ' || (SELECT string_agg(o, ', ' ORDER BY o" C ") FROM unnest(" column  \
    ") o), '')"

static const char schemas[] =
    "SELECT n.nspname, NULL, n.nspname, 'SCHEMA ' || quote_ident("
    "n.nspname)" OWNER("n.nspowner") RIGHTS_OR("n.nspacl", "n", "n.nspowner") COMMENT("n.oid",
        "pg_namespace") ", true FROM pg_namespace n WHERE n.nspname !~ '^pg_'"
                        " AND n.nspname <> 'information_schema' AND n.nspname IS DISTINCT FROM $1"
                        " AND ($2 IS NULL OR true) AND ($3 IS NULL OR true)" NAMED("n.nspname")
                            OWN("pg_namespace", "n.oid");

static const char extensions[] =
    "SELECT n.nspname, NULL, e.extname, 'EXTENSION ' || quote_ident(e.extname) || ' VERSION '"
    " || quote_literal(e.extversion) || ' SCHEMA ' || quote_ident(n.nspname), true"
    " FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace"
    " WHERE e.extname <> 'plpgsql' AND ($1 || $2 || $3 IS NULL OR true)" NAMED("e.extname");

/* Enums, composites, ranges; domains have their own query. */
static const char types[] =
    "SELECT n.nspname, NULL, t.typname, CASE t.typtype"
    " WHEN 'e' THEN 'ENUM (' || coalesce((SELECT string_agg(quote_literal(l.enumlabel), ', '"
    " ORDER BY l.enumsortorder) FROM pg_enum l WHERE l.enumtypid = t.oid), '') || ')'"
    " WHEN 'c' THEN 'COMPOSITE (' || coalesce((SELECT string_agg(quote_ident(a.attname) || ' '"
    " || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum) FROM pg_attribute a"
    " WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped), '') || ')'"
    " WHEN 'r' THEN 'RANGE OF ' || (SELECT format_type(r.rngsubtype, NULL) FROM pg_range r"
    " WHERE r.rngtypid = t.oid) ELSE 'BASE ' || t.typlen || ' ' || t.typinput END" OWNER(
        "t.typowner") RIGHTS_OR("t.typacl", "T", "t.typowner") COMMENT("t.oid",
        "pg_type") ", true FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace"
                   " LEFT JOIN pg_class c ON c.oid = t.typrelid WHERE" WANTED
                   " AND t.typtype IN ('e', 'c', 'r', 'b') AND coalesce(c.relkind, 'c') = 'c'"
                   " AND NOT (t.typtype = 'b' AND t.typelem <> 0) AND ($3 IS NULL OR true)" NAMED(
                       "t.typname") OWN("pg_type", "t.oid");

static const char domains[] =
    "SELECT n.nspname, NULL, t.typname, 'DOMAIN AS ' || format_type(t.typbasetype, t.typtypmod)"
    " || CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END"
    " || coalesce(' DEFAULT ' || t.typdefault, '')"
    " || coalesce((SELECT string_agg(E'\\n  CONSTRAINT ' || quote_ident(k.conname) || ' '"
    " || pg_get_constraintdef(k.oid), '' ORDER BY k.conname" C ") FROM pg_constraint k"
    " WHERE k.contypid = t.oid AND k.contype <> 'n'), '')" OWNER("t.typowner")
        RIGHTS_OR("t.typacl", "T", "t.typowner") COMMENT("t.oid",
            "pg_type") ", true FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace"
                       " WHERE" WANTED
                       " AND t.typtype = 'd' AND ($3 IS NULL OR true)" NAMED("t.typname")
                           OWN("pg_type", "t.oid");

/* The values that a sequence has given are no part of the schema. */
static const char sequences[] =
    "SELECT n.nspname, NULL, c.relname, 'SEQUENCE AS ' || format_type(s.seqtypid, NULL)"
    " || ' START ' || s.seqstart || ' INCREMENT ' || s.seqincrement || ' MIN ' || s.seqmin"
    " || ' MAX ' || s.seqmax || ' CACHE ' || s.seqcache"
    " || CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END"
    " || coalesce((SELECT E'\\nOWNED BY ' || " FULL("m.nspname",
        "r.relname") " || '.' || quote_ident(a.attname) FROM pg_depend d JOIN pg_class r ON r.oid = d.refobjid"
                     " JOIN pg_namespace m ON m.oid = r.relnamespace JOIN pg_attribute a ON a.attrelid = r.oid"
                     " AND a.attnum = d.refobjsubid WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid"
                     " AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') LIMIT 1), '')" OWNER(
                         "c.relowner") RIGHTS_OR("c.relacl", "s", "c.relowner") COMMENT("c.oid",
                         "pg_class") ", true FROM pg_class c JOIN pg_sequence s ON s.seqrelid = c.oid"
                                     " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE" WANTED
                                     " AND ($3 IS NULL OR true)" NAMED("c.relname")
                                         OWN("pg_class", "c.oid");

#define RELATION                                                                                   \
    " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE" WANTED                                  \
    " AND c.relpersistence <> 't'" OF_RELATION OWN("pg_class", "c.oid")

/* A column by itself; the table's text has the names of all, in order. */
static const char columns[] =
    "SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod)"
    " || CASE WHEN a.attcollation <> t.typcollation THEN (SELECT ' COLLATE ' || " FULL("m.nspname",
        "l.collname") " FROM pg_collation l JOIN pg_namespace m"
                      " ON m.oid = l.collnamespace WHERE l.oid = a.attcollation) ELSE '' END"
                      " || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END"
                      " || CASE a.attidentity WHEN 'a' THEN ' GENERATED ALWAYS AS IDENTITY'"
                      " WHEN 'd' THEN ' GENERATED BY DEFAULT AS IDENTITY' ELSE '' END"
                      " || coalesce(CASE WHEN a.attgenerated = '' THEN ' DEFAULT ' ELSE ' GENERATED ALWAYS AS '"
                      " || a.attgenerated::text || ' ' END || pg_get_expr(f.adbin, f.adrelid), '')"
                      " || CASE WHEN a.attstorage <> t.typstorage THEN ' STORAGE ' || a.attstorage::text"
                      " ELSE '' END || CASE WHEN a.attislocal THEN '' ELSE ' INHERITED' END"
                      " || coalesce(' WITH ' || array_to_string(a.attoptions, ', '), '')"
                      " || coalesce(' OPTIONS ' || array_to_string(a.attfdwoptions, ', '), '')" PART_COMMENT(
                          "c.oid", "a.attnum")
                          RIGHTS(
                              "a.attacl") ", true FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid"
                                          " LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum"
                                          " JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'f')" RELATION
                                          " AND a.attnum > 0 AND NOT a.attisdropped" NAMED(
                                              "a.attname");

#define PARENTS                                                                                              \
    "(SELECT string_agg(" FULL("m.nspname",                                                                  \
        "p.relname") ", ', ' ORDER BY i.inhseqno) FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent" \
                     " JOIN pg_namespace m ON m.oid = p.relnamespace WHERE i.inhrelid = c.oid)"

static const char tables[] =
    "SELECT n.nspname, NULL, c.relname, CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' ELSE ''"
    " END || CASE c.relkind WHEN 'f' THEN 'FOREIGN TABLE (' ELSE 'TABLE (' END"
    " || coalesce((SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)"
    " FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '')"
    " || ')'";

static const char tables_rest[] =
    " || CASE WHEN c.relispartition THEN coalesce(E'\\nPARTITION OF ' || " PARENTS
    " || ' ' || pg_get_expr(c.relpartbound, c.oid), '')"
    " ELSE coalesce(E'\\nINHERITS ' || " PARENTS ", '') END"
    " || coalesce(E'\\nPARTITION BY ' || CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid)"
    " END, '')"
    " || CASE WHEN c.reloftype <> 0 THEN E'\\nOF ' || format_type(c.reloftype, NULL) ELSE '' END"
    " || coalesce((SELECT E'\\nUSING ' || quote_ident(m.amname) FROM pg_am m"
    " WHERE m.oid = c.relam AND m.amname <> 'heap'), '')"
    " || coalesce((SELECT E'\\nSERVER ' || quote_ident(v.srvname) || coalesce(' OPTIONS '"
    " || array_to_string(w.ftoptions, ', '), '') FROM pg_foreign_table w"
    " JOIN pg_foreign_server v ON v.oid = w.ftserver WHERE w.ftrelid = c.oid), '')"
    " || CASE WHEN c.relrowsecurity THEN E'\\nROW LEVEL SECURITY' ELSE '' END"
    " || CASE WHEN c.relforcerowsecurity THEN E'\\nFORCE ROW LEVEL SECURITY' ELSE '' END"
    " || CASE WHEN c.relreplident NOT IN ('d', 'i') AND c.relkind IN ('r', 'p')"
    " THEN E'\\nREPLICA IDENTITY ' || c.relreplident::text ELSE '' END" OPTIONS("c.reloptions")
        OWNER("c.relowner") RIGHTS_OR("c.relacl", "r", "c.relowner") COMMENT("c.oid",
            "pg_class") ", true FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                        " WHERE" WANTED
                        " AND c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't'"
                        " AND ($4 IS NULL OR true)" OF_RELATION OWN("pg_class", "c.oid");

#define VIEWS(relkind, word)                                                                                                            \
    "SELECT n.nspname, NULL, c.relname, '" word                                                                                         \
    "' || coalesce((SELECT string_agg(quote_ident(a.attname)" PART_COMMENT("c.oid", "a.attnum")                                         \
        RIGHTS(                                                                                                                         \
            "a.attacl") ", ', ' ORDER BY a.attnum) FROM pg_attribute a"                                                                 \
                        " WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '')"                                       \
                        " || E'\\n' || pg_get_viewdef(c.oid)" OPTIONS("c.reloptions") OWNER(                                            \
                            "c.relowner") RIGHTS_OR("c.relacl", "r",                                                                    \
                            "c.relowner") COMMENT("c.oid",                                                                              \
                            "pg_class") ", c.relispopulated FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE" WANTED \
                                        " AND c.relkind = '" relkind                                                                    \
                                        "' AND ($4 IS NULL OR true)" OF_RELATION OWN(                                                   \
                                            "pg_class", "c.oid")

static const char views[] = VIEWS("v", "VIEW ");
static const char matviews[] = VIEWS("m", "MATERIALIZED VIEW ");

static const char constraints[] =
    "SELECT n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid)" COMMENT(
        "k.oid", "pg_constraint") ", k.convalidated FROM pg_constraint k"
                                  " JOIN pg_class c ON c.oid = k.conrelid" RELATION
                                  " AND k.contype NOT IN ('t', 'n')" NAMED("k.conname");

static const char indexes[] =
    "SELECT n.nspname, c.relname, x.relname, pg_get_indexdef(i.indexrelid)"
    " || CASE WHEN i.indisvalid THEN '' ELSE E'\\nINVALID' END"
    " || CASE WHEN i.indisreplident THEN E'\\nREPLICA IDENTITY' ELSE '' END"
    " || CASE WHEN i.indisclustered THEN E'\\nCLUSTERED' ELSE '' END" COMMENT("x.oid",
        "pg_class") ", i.indisvalid AND i.indisready AND i.indislive FROM pg_index i"
                    " JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid" RELATION
                        NAMED("x.relname");

static const char triggers[] =
    "SELECT n.nspname, c.relname, t.tgname, pg_get_triggerdef(t.oid)"
    " || CASE t.tgenabled WHEN 'O' THEN '' ELSE E'\\nENABLED ' || t.tgenabled::text END" COMMENT(
        "t.oid",
        "pg_trigger") ", true FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid" RELATION
                      " AND NOT t.tgisinternal" NAMED("t.tgname");

static const char rules[] =
    "SELECT n.nspname, c.relname, r.rulename, pg_get_ruledef(r.oid)"
    " || CASE r.ev_enabled WHEN 'O' THEN '' ELSE E'\\nENABLED ' || r.ev_enabled::text END" COMMENT(
        "r.oid",
        "pg_rewrite") ", true FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class" RELATION
                      " AND r.rulename <> '_RETURN'" NAMED("r.rulename");

static const char policies[] =
    "SELECT n.nspname, c.relname, p.polname, CASE WHEN p.polpermissive THEN 'PERMISSIVE'"
    " ELSE 'RESTRICTIVE' END || ' FOR ' || p.polcmd::text || ' TO ' || coalesce((SELECT string_agg("
    "CASE WHEN o = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(o)) END, ', ' ORDER BY"
    " pg_get_userbyid(o)" C ") FROM unnest(p.polroles) o), '')"
    " || coalesce(E'\\nUSING ' || pg_get_expr(p.polqual, p.polrelid), '')"
    " || coalesce(E'\\nWITH CHECK ' || pg_get_expr(p.polwithcheck, p.polrelid), '')" COMMENT(
        "p.oid",
        "pg_policy") ", true FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid" RELATION
        NAMED("p.polname");

/* A routine's name holds the types of its arguments, for several may share the name alone. */
#define ROUTINES                                                                                   \
    OWNER("p.proowner")                                                                            \
    RIGHTS_OR("p.proacl", "f", "p.proowner")                                                       \
    COMMENT("p.oid", "pg_proc")                                                                    \
    ", true FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE" WANTED             \
    " AND ($3 IS NULL OR true) AND ($4 IS NULL OR p.proname = $4 OR p.proname || '('"              \
    " || pg_get_function_identity_arguments(p.oid) || ')' = $4)" OWN("pg_proc", "p.oid")

#define SIGNATURE                                                                                  \
    "SELECT n.nspname, NULL, p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')', "

static const char routines[] =
    SIGNATURE "pg_get_functiondef(p.oid)" ROUTINES " AND p.prokind <> 'a'";

static const char aggregates[] = SIGNATURE
    "'AGGREGATE ' || (SELECT concat_ws(', ', 'sfunc ' || g.aggtransfn::regprocedure,"
    " 'stype ' || format_type(g.aggtranstype, NULL), 'finalfunc ' || g.aggfinalfn::regproc,"
    " 'combinefunc ' || g.aggcombinefn::regproc, 'initcond ' || quote_literal(g.agginitval),"
    " 'sortop ' || nullif(g.aggsortop, 0)::regoperator, 'kind ' || g.aggkind::text)"
    " FROM pg_aggregate g WHERE g.aggfnoid = p.oid)" ROUTINES " AND p.prokind = 'a'";

static const char event_triggers[] =
    "SELECT '', NULL, e.evtname, 'EVENT TRIGGER ON ' || e.evtevent || ' EXECUTE '"
    " || e.evtfoid::regprocedure || coalesce(' WHEN TAG IN ' || (SELECT string_agg(t, ', '"
    " ORDER BY t" C
    ") FROM unnest(e.evttags) t), '') || ' ENABLED ' || e.evtenabled::text" OWNER("e.evtowner")
        COMMENT("e.oid", "pg_event_trigger") ", true FROM pg_event_trigger e"
                                             " WHERE ($1 || $2 || $3 IS NULL OR true)" NAMED(
                                                 "e.evtname") OWN("pg_event_trigger", "e.oid");

static const char statistics[] =
    "SELECT n.nspname, c.relname, s.stxname, pg_get_statisticsobjdef(s.oid)" OWNER(
        "s.stxowner") COMMENT("s.oid",
        "pg_statistic_ext") ", true FROM pg_statistic_ext s JOIN pg_class c ON c.oid = s.stxrelid" RELATION
        NAMED("s.stxname");

static const gw_pg_query queries[] = {
    {GW_OBJECT_SCHEMA, FALSE, schemas, NULL},
    {GW_OBJECT_EXTENSION, FALSE, extensions, NULL},
    {GW_OBJECT_TYPE, FALSE, types, NULL},
    {GW_OBJECT_DOMAIN, FALSE, domains, NULL},
    {GW_OBJECT_SEQUENCE, FALSE, sequences, NULL},
    {GW_OBJECT_TABLE, FALSE, tables, tables_rest},
    {GW_OBJECT_VIEW, FALSE, views, NULL},
    {GW_OBJECT_MATVIEW, FALSE, matviews, NULL},
    {GW_OBJECT_COLUMN, TRUE, columns, NULL},
    {GW_OBJECT_CONSTRAINT, TRUE, constraints, NULL},
    {GW_OBJECT_INDEX, TRUE, indexes, NULL},
    {GW_OBJECT_TRIGGER, TRUE, triggers, NULL},
    {GW_OBJECT_RULE, TRUE, rules, NULL},
    {GW_OBJECT_POLICY, TRUE, policies, NULL},
    {GW_OBJECT_OTHER, TRUE, statistics, NULL},
    {GW_OBJECT_ROUTINE, FALSE, routines, NULL},
    {GW_OBJECT_ROUTINE, FALSE, aggregates, NULL},
    {GW_OBJECT_EVENT, FALSE, event_triggers, NULL},
};

const gw_pg_query *
gw_pg_queries_all(guint *count)
{
    *count = G_N_ELEMENTS(queries);
    return queries;
}
