#include "drivers/postgres/catalog.h"

/* What many queries share: {name …} in a query, where #1 to #3 stand for what follows the name. */
typedef struct fragment
{
    const char *name;
    const char *text;
} fragment;

static const fragment fragments[] = {
    /* The order of text must not depend on a collation of the database. */
    {"C", "COLLATE \"C\""},

    /* The schema n is wanted. */
    {"wanted", "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
               " AND n.nspname IS DISTINCT FROM $1 AND ($2 IS NULL OR n.nspname = $2 OR ($2 = ''"
               " AND n.nspname = ANY (current_setting('godwit.path')::name[])))"},
    {"named", "($4 IS NULL OR #1 = $4)"},
    {"relation", "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {wanted}"
                 " AND c.relpersistence <> 't' AND ($3 IS NULL OR c.relname = $3)"
                 " AND {own pg_class c.oid}"},

    /* The object is no part of an extension. */
    {"own", "NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = '#1'::regclass"
            " AND x.objid = #2 AND x.deptype = 'e')"},

    {"full", "quote_ident(#1) || '.' || quote_ident(#2)"},
    {"role", "quote_ident(pg_get_userbyid(#1))"},

    /* Owner and rights, in an order that does not depend on when they were given. */
    {"owner", "E'\\nOWNER ' || {role #1}"},
    {"granted",
        "coalesce((SELECT string_agg(E'\\nGRANT ' || g.rights || ' TO ' || g.who, '' ORDER BY"
        " g.who {C}) FROM (SELECT CASE WHEN e.grantee = 0 THEN 'PUBLIC' ELSE {role e.grantee} END"
        " AS who, string_agg(e.privilege_type || CASE WHEN e.is_grantable THEN '*' ELSE '' END,"
        " ', ' ORDER BY e.privilege_type {C}) AS rights FROM aclexplode(#1) e GROUP BY 1) g), '')"},
    {"rights", "{owner #3} || {granted coalesce(#1,acldefault('#2',#3))}"},

    {"comment", "coalesce(E'\\nCOMMENT ' || quote_literal(obj_description(#1, '#2')), '')"},
    {"column_comment",
        "coalesce(' COMMENT ' || quote_literal(col_description(a.attrelid, a.attnum)), '')"},
    {"options", "coalesce(E'\\nWITH ' || (SELECT string_agg(o, ', ' ORDER BY o {C})"
                " FROM unnest(#1) o), '')"},
    {"columns", "FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0"
                " AND NOT a.attisdropped"},
    {"parents", "(SELECT string_agg({full m.nspname p.relname}, ', ' ORDER BY i.inhseqno)"
                " FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace m"
                " ON m.oid = p.relnamespace WHERE i.inhrelid = c.oid)"},
    {"view", "SELECT n.nspname, NULL, c.relname, '#1 ' || coalesce((SELECT string_agg("
             "quote_ident(a.attname) || {column_comment} || {granted a.attacl}, ', '"
             " ORDER BY a.attnum) {columns}), '') || E'\\n' || pg_get_viewdef(c.oid)"
             " || {options c.reloptions} || {rights c.relacl r c.relowner}"
             " || {comment c.oid pg_class}, c.relispopulated FROM pg_class c {relation}"
             " AND c.relkind = '#2' AND ($4 IS NULL OR true)"},
    {"enabled", "CASE #1 WHEN 'O' THEN '' ELSE E'\\nENABLED ' || #1::text END"},

    /* A routine's name holds the types of its arguments, for several may share the name alone.
     * Those that a type brought along (of ranges) are left out. */
    {"signature", "p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')'"},
    {"routine", "|| {rights p.proacl f p.proowner} || {comment p.oid pg_proc}, true FROM pg_proc p"
                " JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {wanted}"
                " AND ($3 IS NULL OR true) AND ($4 IS NULL OR p.proname = $4"
                " OR {signature} = $4) AND {own pg_proc p.oid}"
                " AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_proc'::regclass"
                " AND x.objid = p.oid AND x.deptype = 'i')"},
    {"type", "|| {rights t.typacl T t.typowner} || {comment t.oid pg_type}, true FROM pg_type t"
             " JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c"
             " ON c.oid = t.typrelid WHERE {wanted} AND ($3 IS NULL OR true)"
             " AND {named t.typname} AND {own pg_type t.oid}"},
};

static const char schemas[] =
    "SELECT n.nspname, NULL, n.nspname, 'SCHEMA ' || quote_ident(n.nspname)"
    " || {rights n.nspacl n n.nspowner} || {comment n.oid pg_namespace}, true"
    " FROM pg_namespace n WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
    " AND n.nspname IS DISTINCT FROM $1 AND ($2 || $3 IS NULL OR true) AND {named n.nspname}"
    " AND {own pg_namespace n.oid}";

static const char extensions[] =
    "SELECT n.nspname, NULL, e.extname, 'EXTENSION ' || quote_ident(e.extname) || ' VERSION '"
    " || quote_literal(e.extversion) || ' SCHEMA ' || quote_ident(n.nspname), true"
    " FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace"
    " WHERE ($1 || $2 || $3 IS NULL OR true) AND {named e.extname}";

/* Enums, composites, ranges, and what is written in C; domains have their own query. */
static const char types[] =
    "SELECT n.nspname, NULL, t.typname, CASE t.typtype"
    " WHEN 'e' THEN 'ENUM (' || coalesce((SELECT string_agg(quote_literal(l.enumlabel), ', '"
    " ORDER BY l.enumsortorder) FROM pg_enum l WHERE l.enumtypid = t.oid), '') || ')'"
    " WHEN 'c' THEN 'COMPOSITE (' || coalesce((SELECT string_agg(quote_ident(a.attname) || ' '"
    " || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum) {columns}), '') || ')'"
    " WHEN 'r' THEN 'RANGE OF ' || (SELECT format_type(r.rngsubtype, NULL) FROM pg_range r"
    " WHERE r.rngtypid = t.oid) ELSE 'BASE ' || t.typlen || ' ' || t.typinput END {type}"
    " AND t.typtype IN ('e', 'c', 'r', 'b') AND coalesce(c.relkind, 'c') = 'c'"
    " AND NOT (t.typtype = 'b' AND t.typelem <> 0)";

static const char domains[] =
    "SELECT n.nspname, NULL, t.typname, 'DOMAIN AS ' || format_type(t.typbasetype, t.typtypmod)"
    " || CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END"
    " || coalesce(' DEFAULT ' || t.typdefault, '')"
    " || coalesce((SELECT string_agg(E'\\n  CONSTRAINT ' || quote_ident(k.conname) || ' '"
    " || pg_get_constraintdef(k.oid), '' ORDER BY k.conname {C}) FROM pg_constraint k"
    " WHERE k.contypid = t.oid AND k.contype <> 'n'), '') {type} AND t.typtype = 'd'";

/* The values that a sequence has given are no part of the schema. */
static const char sequences[] =
    "SELECT n.nspname, NULL, c.relname, 'SEQUENCE AS ' || format_type(s.seqtypid, NULL)"
    " || ' START ' || s.seqstart || ' INCREMENT ' || s.seqincrement || ' MIN ' || s.seqmin"
    " || ' MAX ' || s.seqmax || ' CACHE ' || s.seqcache"
    " || CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END"
    " || coalesce((SELECT E'\\nOWNED BY ' || {full m.nspname r.relname} || '.'"
    " || quote_ident(a.attname) FROM pg_depend d JOIN pg_class r ON r.oid = d.refobjid"
    " JOIN pg_namespace m ON m.oid = r.relnamespace JOIN pg_attribute a ON a.attrelid = r.oid"
    " AND a.attnum = d.refobjsubid WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid"
    " AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') LIMIT 1), '')"
    " || {rights c.relacl s c.relowner} || {comment c.oid pg_class}, true FROM pg_sequence s"
    " JOIN pg_class c ON s.seqrelid = c.oid JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE {wanted} AND c.relpersistence <> 't' AND ($3 IS NULL OR true) AND {named c.relname}"
    " AND {own pg_class c.oid}";

/* A column by itself; the table's text has the names of all, in order. A default names no column:
 * written without its table, it is read without a lock. */
static const char columns[] =
    "SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod)"
    " || CASE WHEN a.attcollation <> t.typcollation THEN (SELECT ' COLLATE '"
    " || {full m.nspname l.collname} FROM pg_collation l JOIN pg_namespace m"
    " ON m.oid = l.collnamespace WHERE l.oid = a.attcollation) ELSE '' END"
    " || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END"
    " || CASE a.attidentity WHEN 'a' THEN ' GENERATED ALWAYS AS IDENTITY'"
    " WHEN 'd' THEN ' GENERATED BY DEFAULT AS IDENTITY' ELSE '' END"
    " || coalesce(CASE WHEN a.attgenerated = '' THEN ' DEFAULT ' ELSE ' GENERATED ALWAYS AS '"
    " || a.attgenerated::text || ' ' END || pg_get_expr(f.adbin,"
    " CASE WHEN a.attgenerated = '' THEN 0 ELSE f.adrelid END), '')"
    " || CASE WHEN a.attstorage <> t.typstorage THEN ' STORAGE ' || a.attstorage::text"
    " ELSE '' END || CASE WHEN a.attislocal THEN '' ELSE ' INHERITED' END"
    " || coalesce(' WITH ' || array_to_string(a.attoptions, ', '), '')"
    " || coalesce(' OPTIONS ' || array_to_string(a.attfdwoptions, ', '), '')"
    " || {column_comment} || {granted a.attacl}, true FROM pg_attribute a"
    " JOIN pg_type t ON t.oid = a.atttypid"
    " LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum"
    " JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'f') {relation}"
    " AND a.attnum > 0 AND NOT a.attisdropped AND {named a.attname}";

/* Not valid is a partition whose DETACH CONCURRENTLY was interrupted (as row of JSON, for servers
 * before 14 do not know that). */
static const char tables[] =
    "SELECT n.nspname, NULL, c.relname, CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' ELSE ''"
    " END || CASE c.relkind WHEN 'f' THEN 'FOREIGN TABLE (' ELSE 'TABLE (' END"
    " || coalesce((SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) {columns}),"
    " '') || ')'"
    " || CASE WHEN c.relispartition THEN coalesce(E'\\nPARTITION OF ' || {parents}"
    " || ' ' || pg_get_expr(c.relpartbound, 0), '')"
    " ELSE coalesce(E'\\nINHERITS ' || {parents}, '') END"
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
    " THEN E'\\nREPLICA IDENTITY ' || c.relreplident::text ELSE '' END"
    " || {options c.reloptions} || {rights c.relacl r c.relowner} || {comment c.oid pg_class},"
    " coalesce((SELECT bool_and(to_jsonb(i) ->> 'inhdetachpending' IS DISTINCT FROM 'true')"
    " FROM pg_inherits i WHERE i.inhrelid = c.oid), true)"
    " FROM pg_class c {relation} AND c.relkind IN ('r', 'p', 'f') AND ($4 IS NULL OR true)";

static const char views[] = "{view VIEW v}";
static const char matviews[] = "{view MATVIEW m}";

/* NOT NULL has its place with the column. */
static const char constraints[] =
    "SELECT n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid)"
    " || {comment k.oid pg_constraint}, k.convalidated FROM pg_constraint k"
    " JOIN pg_class c ON c.oid = k.conrelid {relation} AND k.contype NOT IN ('t', 'n')"
    " AND {named k.conname}";

static const char indexes[] =
    "SELECT n.nspname, c.relname, y.relname, pg_get_indexdef(i.indexrelid)"
    " || CASE WHEN i.indisvalid THEN '' ELSE E'\\nINVALID' END"
    " || CASE WHEN i.indisreplident THEN E'\\nREPLICA IDENTITY' ELSE '' END"
    " || CASE WHEN i.indisclustered THEN E'\\nCLUSTERED' ELSE '' END"
    " || {comment y.oid pg_class}, i.indisvalid AND i.indisready AND i.indislive FROM pg_index i"
    " JOIN pg_class y ON y.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid {relation}"
    " AND {named y.relname}";

static const char triggers[] =
    "SELECT n.nspname, c.relname, t.tgname, pg_get_triggerdef(t.oid) || {enabled t.tgenabled}"
    " || {comment t.oid pg_trigger}, true FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
    " {relation} AND NOT t.tgisinternal AND {named t.tgname}";

static const char rules[] =
    "SELECT n.nspname, c.relname, r.rulename, pg_get_ruledef(r.oid) || {enabled r.ev_enabled}"
    " || {comment r.oid pg_rewrite}, true FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class"
    " {relation} AND r.rulename <> '_RETURN' AND {named r.rulename}";

static const char policies[] =
    "SELECT n.nspname, c.relname, p.polname, CASE WHEN p.polpermissive THEN 'PERMISSIVE'"
    " ELSE 'RESTRICTIVE' END || ' FOR ' || p.polcmd::text || ' TO ' || coalesce((SELECT"
    " string_agg(CASE WHEN o = 0 THEN 'PUBLIC' ELSE {role o} END, ', ' ORDER BY"
    " pg_get_userbyid(o) {C}) FROM unnest(p.polroles) o), '')"
    " || coalesce(E'\\nUSING ' || pg_get_expr(p.polqual, p.polrelid), '')"
    " || coalesce(E'\\nWITH CHECK ' || pg_get_expr(p.polwithcheck, p.polrelid), '')"
    " || {comment p.oid pg_policy}, true FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid"
    " {relation} AND {named p.polname}";

static const char statistics[] =
    "SELECT n.nspname, c.relname, s.stxname, pg_get_statisticsobjdef(s.oid)"
    " || {owner s.stxowner} || {comment s.oid pg_statistic_ext}, true FROM pg_statistic_ext s"
    " JOIN pg_class c ON c.oid = s.stxrelid {relation} AND {named s.stxname}";

static const char routines[] = "SELECT n.nspname, NULL, {signature}, pg_get_functiondef(p.oid)"
                               " {routine} AND p.prokind <> 'a'";

static const char aggregates[] =
    "SELECT n.nspname, NULL, {signature}, 'AGGREGATE ' || (SELECT concat_ws(', ',"
    " 'sfunc ' || g.aggtransfn::regprocedure, 'stype ' || format_type(g.aggtranstype, NULL),"
    " 'finalfunc ' || g.aggfinalfn::regproc, 'combinefunc ' || g.aggcombinefn::regproc,"
    " 'initcond ' || quote_literal(g.agginitval),"
    " 'sortop ' || nullif(g.aggsortop, 0)::regoperator, 'kind ' || g.aggkind::text)"
    " FROM pg_aggregate g WHERE g.aggfnoid = p.oid) {routine} AND p.prokind = 'a'";

static const char event_triggers[] =
    "SELECT '', NULL, e.evtname, 'EVENT TRIGGER ON ' || e.evtevent || ' EXECUTE '"
    " || e.evtfoid::regprocedure || coalesce(' WHEN TAG IN ' || (SELECT string_agg(t, ', '"
    " ORDER BY t {C}) FROM unnest(e.evttags) t), '') || ' ENABLED ' || e.evtenabled::text"
    " || {owner e.evtowner} || {comment e.oid pg_event_trigger}, true FROM pg_event_trigger e"
    " WHERE ($1 || $2 || $3 IS NULL OR true) AND {named e.evtname}"
    " AND {own pg_event_trigger e.oid}";

static const gw_pg_query queries[] = {
    {GW_OBJECT_SCHEMA, FALSE, schemas},
    {GW_OBJECT_EXTENSION, FALSE, extensions},
    {GW_OBJECT_TYPE, FALSE, types},
    {GW_OBJECT_DOMAIN, FALSE, domains},
    {GW_OBJECT_SEQUENCE, FALSE, sequences},
    {GW_OBJECT_TABLE, FALSE, tables},
    {GW_OBJECT_VIEW, FALSE, views},
    {GW_OBJECT_MATVIEW, FALSE, matviews},
    {GW_OBJECT_COLUMN, TRUE, columns},
    {GW_OBJECT_CONSTRAINT, TRUE, constraints},
    {GW_OBJECT_INDEX, TRUE, indexes},
    {GW_OBJECT_TRIGGER, TRUE, triggers},
    {GW_OBJECT_RULE, TRUE, rules},
    {GW_OBJECT_POLICY, TRUE, policies},
    {GW_OBJECT_OTHER, TRUE, statistics},
    {GW_OBJECT_ROUTINE, FALSE, routines},
    {GW_OBJECT_ROUTINE, FALSE, aggregates},
    {GW_OBJECT_EVENT, FALSE, event_triggers},
};

const gw_pg_query *
gw_pg_queries_all(guint *count)
{
    *count = G_N_ELEMENTS(queries);
    return queries;
}

static const char *
fragment_find(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(fragments); i++)
    {
        if (strcmp(fragments[i].name, name) == 0)
        {
            return fragments[i].text;
        }
    }
    return ""; /* no query asks for it: the server would not understand what is left */
}

/* A fragment with its words put in: words[0] is its name. */
static char *
fragment_fill(char **words)
{
    g_autoptr(GString) text = g_string_new(fragment_find(words[0]));
    for (guint i = 1; words[i] != NULL; i++)
    {
        char mark[] = {'#', (char)('0' + i), '\0'};
        g_string_replace(text, mark, words[i], 0);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

char *
gw_pg_query_text(const gw_pg_query *query)
{
    g_autoptr(GString) text = g_string_new(query->template);
    for (char *open = NULL; (open = strrchr(text->str, '{')) != NULL;)
    {
        gssize at = open - text->str;
        gsize length = strcspn(open, "}");
        g_autofree char *inside = g_strndup(open + 1, length - 1);
        g_auto(GStrv) words = g_strsplit(inside, " ", -1);
        g_autofree char *filled = fragment_fill(words);
        g_string_erase(text, at, (gssize)length + 1);
        g_string_insert(text, at, filled);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}
