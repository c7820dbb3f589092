/*
 * The live schema, into a model: a fixed number of questions to information_schema, whose rows are
 * pieces of definitions. A table's definition holds its columns, indexes and constraints as well,
 * so that every ALTER shows in it; these are objects of their own besides.
 */
#include "drivers/mariadb/catalog.h"

#include "sql/lexer.h"

/* An object while its pieces come in. */
typedef struct draft
{
    const gw_mariadb_question *question;
    char *table;
    char *name;
    GString *text;
} draft;

typedef struct catalog_reading
{
    gw_mariadb *self;
    const gw_catalog_filter *filter;
    const char *schema;
    char *prefix;         /* of the ledger's tables; NULL: none */
    GPtrArray *drafts;    /* in order */
    GHashTable *by_key;   /* "kind table name" -> draft */
    gboolean partitioned; /* has any table partitions? */
} catalog_reading;

static void
draft_free(gpointer data)
{
    draft *one = data;
    g_free(one->table);
    g_free(one->name);
    g_string_free(one->text, TRUE);
    g_free(one);
}

static char *
draft_key(gw_object_kind kind, const char *table, const char *name)
{
    return g_strdup_printf("%d/%s/%s", (int)kind, table == NULL ? "" : table, name);
}

static draft *
draft_find(const catalog_reading *reading, gw_object_kind kind, const char *table, const char *name)
{
    g_autofree char *key = draft_key(kind, table, name);
    return g_hash_table_lookup(reading->by_key, key);
}

static draft *
draft_get(catalog_reading *reading, const gw_mariadb_question *question, const char *table,
    const char *name)
{
    draft *one = draft_find(reading, question->kind, table, name);
    if (one == NULL)
    {
        one = g_new0(draft, 1);
        *one = (draft){question, g_strdup(table), g_strdup(name), g_string_new(NULL)};
        g_ptr_array_add(reading->drafts, one);
        g_hash_table_insert(reading->by_key, draft_key(question->kind, table, name), one);
    }
    return one;
}

/* ---- what is asked ---- */

/* The name of the table that the filter restricts a question to; NULL: any. */
static const char *
wanted_table(const gw_catalog_filter *filter)
{
    return filter->kind == GW_OBJECT_TABLE ? filter->name : filter->table;
}

/* Is the question one that the filter needs? A table needs those of its parts too. */
static gboolean
is_wanted(const catalog_reading *reading, const gw_mariadb_question *question)
{
    const gw_catalog_filter *filter = reading->filter;
    const char *server = reading->self->real_mariadb ? "mariadb" : "mysql";
    if ((strcmp(question->servers, "both") != 0 && strcmp(question->servers, server) != 0) ||
        (question->partitions && !reading->partitioned))
    {
        return FALSE;
    }
    if (filter == NULL || filter->kind == GW_OBJECT_NONE)
    {
        return TRUE;
    }
    return filter->kind == question->kind ||
           (filter->kind == GW_OBJECT_TABLE &&
               (question->part || question->kind == GW_OBJECT_TRIGGER));
}

static char *
question_sql(const catalog_reading *reading, const gw_mariadb_question *question)
{
    const gw_catalog_filter *filter = reading->filter;
    GString *sql = g_string_new(NULL);
    gw_mariadb_append_equals(sql, question->select, reading->schema);
    if (filter != NULL && question->table_column != NULL && wanted_table(filter) != NULL)
    {
        g_string_append(sql, " AND ");
        gw_mariadb_append_equals(sql, question->table_column, wanted_table(filter));
    }
    if (filter != NULL && filter->kind == question->kind && filter->name != NULL)
    {
        g_string_append(sql, " AND ");
        gw_mariadb_append_equals(sql, question->name_column, filter->name);
    }
    if (strstr(question->select, "GROUP_CONCAT") != NULL)
    {
        g_string_append_printf(sql, " GROUP BY %s", question->order);
    }
    g_string_append_printf(sql, " ORDER BY %s", question->order);
    return g_string_free(sql, FALSE);
}

/* ---- what comes back ---- */

static gboolean
is_ledgers(const catalog_reading *reading, const char *table, const char *name)
{
    return reading->prefix != NULL &&
           g_str_has_prefix(table == NULL ? name : table, reading->prefix);
}

/* Columns of views come with those of tables: they are in the view's text. */
static gboolean
is_of_view(const catalog_reading *reading, const gw_mariadb_question *question, const char *table)
{
    gboolean tables = reading->filter == NULL || reading->filter->kind == GW_OBJECT_TABLE ||
                      reading->filter->kind == GW_OBJECT_NONE;
    return question->part && tables && draft_find(reading, GW_OBJECT_TABLE, NULL, table) == NULL;
}

static void
take_row(catalog_reading *reading, const gw_mariadb_question *question, MYSQL_ROW row)
{
    if (is_ledgers(reading, row[0], row[1]) || is_of_view(reading, question, row[0]))
    {
        return;
    }
    draft *one = draft_get(reading, question, row[0], row[1]);
    const char *piece = row[2] == NULL ? "" : row[2];
    g_string_append(one->text, piece);
    if (question->kind == GW_OBJECT_TABLE && strstr(piece, "partitioned") != NULL)
    {
        reading->partitioned = TRUE;
    }
}

static gboolean
ask(catalog_reading *reading, const gw_mariadb_question *question, const char *sql, GError **error)
{
    const char *table = reading->filter == NULL ? NULL : wanted_table(reading->filter);
    g_autoptr(MYSQL_RES) result = gw_mariadb_look(reading->self, sql, table, error);
    if (result == NULL)
    {
        return FALSE;
    }
    for (MYSQL_ROW row = mysql_fetch_row(result); row != NULL; row = mysql_fetch_row(result))
    {
        take_row(reading, question, row);
    }
    return TRUE;
}

/* What a sequence counts by stands in the sequence itself: all are read in one question. */
static gboolean
ask_sequences(catalog_reading *reading, const gw_mariadb_question *question, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i < reading->drafts->len; i++)
    {
        const draft *one = g_ptr_array_index(reading->drafts, i);
        if (one->question->kind == GW_OBJECT_SEQUENCE)
        {
            g_ptr_array_add(names, one->name);
        }
    }
    g_autofree char *sql = gw_mariadb_sequences_sql(reading->schema, names);
    return sql == NULL || ask(reading, question, sql, error);
}

static gboolean
ask_all(catalog_reading *reading, GError **error)
{
    for (const gw_mariadb_question *at = gw_mariadb_questions; at->select != NULL; at++)
    {
        if (!is_wanted(reading, at))
        {
            continue;
        }
        g_autofree char *sql = question_sql(reading, at);
        if (!ask(reading, at, sql, error) ||
            (at->kind == GW_OBJECT_SEQUENCE && !ask_sequences(reading, at, error)))
        {
            return FALSE;
        }
    }
    return TRUE;
}

/* ---- into the model ---- */

/* `text` without `schema`. before names: the server writes them, and a copy of the database would
 * differ in nothing else. */
static char *
without_schema(const char *text, const char *schema)
{
    gw_lexer lexer;
    gw_token token;
    GString *out = g_string_new(NULL);
    gsize copied = 0;
    gw_lexer_init(&lexer, &gw_mariadb_dialect.lexis, text, 0, strlen(text));
    while (gw_lexer_next(&lexer, &token) && token.kind != GW_TOKEN_END)
    {
        gsize end = token.offset + token.length;
        if (token.kind != GW_TOKEN_QUOTED_NAME || text[end] != '.')
        {
            continue;
        }
        g_autofree char *name = gw_token_name(&lexer, &token, FALSE);
        if (strcmp(name, schema) == 0)
        {
            g_string_append_len(out, text + copied, (gssize)(token.offset - copied));
            copied = end + 1;
        }
    }
    g_string_append(out, text + copied);
    return g_string_free(out, FALSE);
}

static void
finish_text(const catalog_reading *reading, draft *one)
{
    g_string_append(one->text, one->question->tail);
    if (one->question->canonical || one->question->part)
    {
        g_autofree char *text = without_schema(one->text->str, reading->schema);
        g_string_assign(one->text, text);
    }
}

/* Write a part into its table's definition. */
static void
enter_part(const catalog_reading *reading, const draft *one)
{
    draft *table =
        one->question->part ? draft_find(reading, GW_OBJECT_TABLE, NULL, one->table) : NULL;
    if (table != NULL)
    {
        g_string_append_printf(table->text, "\n%s ", gw_object_kind_text(one->question->kind));
        gw_mariadb_dialect.quote_name(table->text, one->name);
        g_string_append_printf(table->text, " %s", one->text->str);
    }
}

static gw_model *
model_of(const catalog_reading *reading)
{
    gw_model *model = gw_model_new();
    const char *schema = reading->filter == NULL ? NULL : reading->filter->schema;
    for (guint i = 0; i < reading->drafts->len; i++)
    {
        draft *one = g_ptr_array_index(reading->drafts, i);
        finish_text(reading, one);
        enter_part(reading, one);
    }
    for (guint i = 0; i < reading->drafts->len; i++)
    {
        const draft *one = g_ptr_array_index(reading->drafts, i);
        gw_object *object = gw_model_add(model, one->question->kind, schema == NULL ? "" : schema,
            one->table, one->name, one->text->str);
        object->valid = TRUE;
    }
    gw_model_seal(model);
    return model;
}

static gw_model *
catalog_read(gpointer data, const gw_place *place, const char *ledger,
    const gw_catalog_filter *filter, GError **error)
{
    gw_mariadb *self = data;
    gboolean elsewhere = filter != NULL && filter->schema != NULL;
    catalog_reading reading = {.self = self,
        .filter = filter,
        .schema = elsewhere ? filter->schema : place->schema,
        .prefix = ledger == NULL ? NULL : g_strconcat(ledger, "_", NULL),
        .drafts = g_ptr_array_new_with_free_func(draft_free),
        .by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
    gboolean good = ask_all(&reading, error);
    gw_model *model = good ? model_of(&reading) : NULL;
    g_ptr_array_unref(reading.drafts);
    g_hash_table_unref(reading.by_key);
    g_free(reading.prefix);
    return model;
}

const gw_catalog_table gw_mariadb_catalog = {
    .read = catalog_read,
    .sizes = gw_mariadb_sizes,
    .tables_exist = gw_mariadb_tables_exist,
    .table_names = gw_mariadb_table_names,
    .columns = gw_mariadb_columns,
};
