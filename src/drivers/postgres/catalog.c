#include "drivers/postgres/catalog.h"

#include "drivers/postgres/connection.h"
#include "drivers/postgres/failure.h"

#define TEXT_OID   25
#define PARAMETERS 4

/*
 * One view of the catalog for all queries; the caller's search path is kept beside. What needs the
 * parser's help to be written as SQL (an index, a view, a check) is locked for reading by the
 * server: it is not waited for long.
 */
#define SET_PATH                                                                                   \
    "SELECT pg_catalog.set_config('godwit.path', pg_catalog.current_schemas(false)::text, true);"  \
    "SET LOCAL search_path = pg_catalog; SET LOCAL lock_timeout = '1s'"

static const char begin_alone[] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;" SET_PATH;
static const char begin_inside[] = "SAVEPOINT godwit_catalog;" SET_PATH;
static const char end_alone[] = "ROLLBACK";
static const char end_inside[] = "ROLLBACK TO SAVEPOINT godwit_catalog;"
                                 "RELEASE SAVEPOINT godwit_catalog";

/* What of the catalog is read. */
typedef struct choice
{
    const char *values[PARAMETERS];
    gw_object_kind kind; /* NONE: all */
    gboolean relation;   /* a relation with its parts */
} choice;

static gboolean
is_relation(gw_object_kind kind)
{
    return kind == GW_OBJECT_TABLE || kind == GW_OBJECT_VIEW || kind == GW_OBJECT_MATVIEW;
}

static choice
wish_of(const char *ledger, const gw_catalog_filter *filter)
{
    choice made = {.values = {ledger, NULL, NULL, NULL}, .kind = GW_OBJECT_NONE};
    if (filter == NULL)
    {
        return made;
    }
    made.kind = filter->kind;
    made.relation = is_relation(filter->kind);
    made.values[1] = filter->schema == NULL ? "" : filter->schema;
    made.values[2] = made.relation ? filter->name : filter->table;
    made.values[3] = made.relation ? NULL : filter->name;
    return made;
}

static gboolean
is_wanted(const choice *wish, const gw_pg_query *query)
{
    return wish->kind == GW_OBJECT_NONE || wish->kind == query->kind ||
           (wish->relation && query->part);
}

static gboolean
send_queries(gw_postgres *self, const choice *wish, GError **error)
{
    static const Oid texts[PARAMETERS] = {TEXT_OID, TEXT_OID, TEXT_OID, TEXT_OID};
    guint count = 0;
    const gw_pg_query *queries = gw_pg_queries_all(&count);
    gboolean sent = PQenterPipelineMode(self->native) == 1;
    for (guint i = 0; sent && i < count; i++)
    {
        g_autofree char *sql = gw_pg_query_text(&queries[i]);
        sent = !is_wanted(wish, &queries[i]) || PQsendQueryParams(self->native, sql, PARAMETERS,
                                                    texts, wish->values, NULL, NULL, 0) == 1;
    }
    sent = sent && PQpipelineSync(self->native) == 1;
    if (!sent)
    {
        gw_pg_failure_set(error, self->native, NULL);
    }
    return sent;
}

static void
add_rows(gw_model *model, gw_object_kind kind, const PGresult *result)
{
    for (int row = 0; row < PQntuples(result); row++)
    {
        const char *table = PQgetisnull(result, row, 1) ? NULL : PQgetvalue(result, row, 1);
        gw_object *object = gw_model_add(model, kind, PQgetvalue(result, row, 0), table,
            PQgetvalue(result, row, 2), PQgetvalue(result, row, 3));
        object->valid = PQgetvalue(result, row, 4)[0] == 't';
    }
}

/* The answer of one query: its rows, and the NULL that ends it. */
static gboolean
take_answer(gw_postgres *self, gw_model *model, gw_object_kind kind, GError **error)
{
    g_autoptr(PGresult) result = PQgetResult(self->native);
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
    {
        gw_pg_failure_set(error, self->native, result);
        return FALSE;
    }
    add_rows(model, kind, result);
    PGresult *end = PQgetResult(self->native);
    PQclear(end);
    return TRUE;
}

/* Leave the pipeline, whatever of it was not read. */
static void
leave_pipeline(gw_postgres *self)
{
    gboolean synced = FALSE;
    while (!synced && PQstatus(self->native) == CONNECTION_OK)
    {
        PGresult *result = PQgetResult(self->native);
        synced = result != NULL && PQresultStatus(result) == PGRES_PIPELINE_SYNC;
        PQclear(result);
    }
    (void)PQexitPipelineMode(self->native);
}

static gboolean
read_queries(gw_postgres *self, const choice *wish, gw_model *model, GError **error)
{
    guint count = 0;
    const gw_pg_query *queries = gw_pg_queries_all(&count);
    gboolean good = send_queries(self, wish, error);
    for (guint i = 0; good && i < count; i++)
    {
        good = !is_wanted(wish, &queries[i]) || take_answer(self, model, queries[i].kind, error);
    }
    leave_pipeline(self);
    return good;
}

/* A definition was not to be had in time: say whose, and who is in the way. */
static void
explain_wait(gw_postgres *self, GError **error)
{
    if (error == NULL || !gw_error_is(*error, GW_CODE_LOCK_TIMEOUT))
    {
        return;
    }
    g_autofree char *relation = NULL;
    g_autofree char *who = gw_pg_holders(self, &relation);
    g_clear_error(error);
    gw_fail(error, GW_CODE_LOCK_TIMEOUT, "the definition of %s cannot be read: %s",
        relation == NULL ? "a table" : relation,
        who == NULL ? "another session held it locked" : "another session holds it locked");
    if (who != NULL)
    {
        gw_error_add_hint(*error, "in the way: %s", who);
    }
}

static gw_model *
catalog_read(gpointer data, const gw_place *place, const char *ledger,
    const gw_catalog_filter *filter, GError **error)
{
    gw_postgres *self = data;
    choice wish = wish_of(ledger, filter);
    g_autoptr(gw_model) model = gw_model_new();
    gboolean alone = PQtransactionStatus(self->native) == PQTRANS_IDLE;
    (void)place;
    if (!gw_pg_session_run(self, alone ? begin_alone : begin_inside, error))
    {
        return NULL;
    }
    gboolean good = read_queries(self, &wish, model, error);
    gboolean ended = gw_pg_session_run(self, alone ? end_alone : end_inside, good ? error : NULL);
    if (!good || !ended)
    {
        explain_wait(self, error);
        return NULL;
    }
    gw_model_seal(model);
    return g_steal_pointer(&model);
}

char *
gw_pg_array(const char *const *texts, guint count)
{
    g_autoptr(GString) out = g_string_new("{");
    for (guint i = 0; i < count; i++)
    {
        g_string_append(out, i == 0 ? "" : ",");
        if (texts[i] == NULL)
        {
            g_string_append(out, "NULL");
            continue;
        }
        g_string_append_c(out, '"');
        for (const char *at = texts[i]; *at != '\0'; at++)
        {
            g_string_append(out, *at == '"' || *at == '\\' ? "\\" : "");
            g_string_append_c(out, *at);
        }
        g_string_append_c(out, '"');
    }
    g_string_append_c(out, '}');
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/*
 * Without a lock on anything, so that a table that another session holds is sized as well; its
 * partitions too, which are added up: the parent has no rows of its own. Of a table that was never
 * analysed the server counts rows as they come; how wide they are is guessed as its planner does.
 */
static const char size_query[] =
    "SELECT w.n - 1, coalesce(sum(s.rows) FILTER (WHERE s.rows >= 0), -1)::bigint,"
    " coalesce(sum(ceil(s.pages)), 0)::bigint * current_setting('block_size')::int"
    " FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS w(schema, name, n)"
    " JOIN pg_catalog.pg_class c ON c.oid = pg_catalog.to_regclass(coalesce("
    "pg_catalog.quote_ident(w.schema) || '.', '') || pg_catalog.quote_ident(w.name))"
    " LEFT JOIN LATERAL (WITH RECURSIVE tree(oid, relkind) AS (SELECT c.oid, c.relkind"
    " UNION ALL SELECT k.oid, k.relkind FROM tree JOIN pg_catalog.pg_inherits i"
    " ON i.inhparent = tree.oid AND tree.relkind = 'p'"
    " JOIN pg_catalog.pg_class k ON k.oid = i.inhrelid)"
    " SELECT oid FROM tree WHERE relkind <> 'p') leaf ON true"
    " LEFT JOIN pg_catalog.pg_class p ON p.oid = leaf.oid"
    " LEFT JOIN LATERAL (SELECT CASE WHEN p.relpages = 0"
    " THEN pg_catalog.pg_stat_get_live_tuples(p.oid) ELSE 0 END AS live,"
    " (SELECT 28 + sum(CASE WHEN a.attlen > 0 THEN a.attlen ELSE 32 END)"
    " FROM pg_catalog.pg_attribute a WHERE a.attrelid = p.oid AND a.attnum > 0) AS width) g ON true"
    " LEFT JOIN LATERAL (SELECT CASE WHEN g.live > 0 THEN g.live ELSE p.reltuples END AS rows,"
    " CASE WHEN g.live > 0 THEN g.live * g.width / current_setting('block_size')::numeric"
    " ELSE p.relpages END AS pages) s ON true GROUP BY w.n";

static gboolean
catalog_sizes(gpointer data, const char *const *schemas, const char *const *names, guint count,
    gw_size *sizes, GError **error)
{
    gw_postgres *self = data;
    g_autofree char *schema_list = gw_pg_array(schemas, count);
    g_autofree char *name_list = gw_pg_array(names, count);
    const char *values[] = {schema_list, name_list};
    g_autoptr(PGresult) result =
        gw_pg_session_ask(self, size_query, values, G_N_ELEMENTS(values), error);
    if (result == NULL)
    {
        return FALSE;
    }
    for (guint i = 0; i < count; i++)
    {
        sizes[i] = (gw_size){.rows = -1, .bytes = -1};
    }
    for (int row = 0; row < PQntuples(result); row++)
    {
        gint64 at = g_ascii_strtoll(PQgetvalue(result, row, 0), NULL, 10);
        sizes[at].rows = g_ascii_strtoll(PQgetvalue(result, row, 1), NULL, 10);
        sizes[at].bytes = g_ascii_strtoll(PQgetvalue(result, row, 2), NULL, 10);
    }
    return TRUE;
}

/* A name with a dot in it has its schema. */
static const char exist_query[] =
    "SELECT w.n - 1 FROM unnest($1::text[]) WITH ORDINALITY AS w(name, n)"
    " WHERE pg_catalog.to_regclass(CASE WHEN strpos(w.name, '.') = 0"
    " THEN pg_catalog.quote_ident(w.name) ELSE pg_catalog.quote_ident(split_part(w.name, '.', 1))"
    " || '.' || pg_catalog.quote_ident(split_part(w.name, '.', 2)) END) IS NOT NULL";

static gboolean
catalog_tables_exist(
    gpointer data, const gw_place *place, const char *const *names, guint64 *found, GError **error)
{
    gw_postgres *self = data;
    g_autofree char *list = gw_pg_array(names, MIN(64, g_strv_length((char **)(guintptr)names)));
    const char *values[] = {list};
    g_autoptr(PGresult) result = gw_pg_session_ask(self, exist_query, values, 1, error);
    (void)place;
    *found = 0;
    for (int row = 0; result != NULL && row < PQntuples(result); row++)
    {
        *found |= (guint64)1 << g_ascii_strtoull(PQgetvalue(result, row, 0), NULL, 10);
    }
    return result != NULL;
}

static const char columns_query[] =
    "SELECT a.attname FROM pg_catalog.pg_attribute a WHERE a.attrelid = pg_catalog.to_regclass("
    "coalesce(pg_catalog.quote_ident($1) || '.', '') || pg_catalog.quote_ident($2))"
    " AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum";

static char **
catalog_columns(
    gpointer data, const gw_place *place, const char *schema, const char *table, GError **error)
{
    gw_postgres *self = data;
    const char *values[] = {schema, table};
    g_autoptr(PGresult) result =
        gw_pg_session_ask(self, columns_query, values, G_N_ELEMENTS(values), error);
    (void)place;
    if (result == NULL)
    {
        return NULL;
    }
    char **names = g_new0(char *, (gsize)PQntuples(result) + 1);
    for (int row = 0; row < PQntuples(result); row++)
    {
        names[row] = g_strdup(PQgetvalue(result, row, 0));
    }
    return names;
}

const gw_catalog_table gw_postgres_catalog = {
    .read = catalog_read,
    .sizes = catalog_sizes,
    .tables_exist = catalog_tables_exist,
    .columns = catalog_columns,
};
