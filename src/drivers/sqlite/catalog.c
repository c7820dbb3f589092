/* The live schema of SQLite: what sqlite_schema says, and the columns of its tables. */
#include "drivers/sqlite/handle.h"

/* Below this size the pages of a database are looked through for what a table takes. */
#define SMALL ((gint64)64 * 1024 * 1024)

/* ?1 is what the ledger's tables start with; "" for none. */
#define NOT_OURS(table)                                                                            \
    "(?1 = '' OR substr(" table ", 1, length(?1)) <> ?1) AND " table                               \
    " NOT LIKE 'sqlite\\_%' ESCAPE '\\'"

static const char objects_sql[] =
    "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND " NOT_OURS(
        "tbl_name");

/* A virtual table whose module is not there would break the whole question. */
static const char columns_sql[] =
    "SELECT s.name, c.name, c.type, c.\"notnull\", c.dflt_value, c.pk, c.hidden "
    "FROM sqlite_schema s, pragma_table_xinfo(s.name) c "
    "WHERE s.type = 'table' AND s.sql NOT LIKE 'CREATE VIRTUAL%' AND " NOT_OURS("s.tbl_name");

static const struct
{
    const char *type;
    gw_object_kind kind;
    gboolean part; /* of a table */
} types[] = {
    {"table", GW_OBJECT_TABLE, FALSE},
    {"index", GW_OBJECT_INDEX, TRUE},
    {"view", GW_OBJECT_VIEW, FALSE},
    {"trigger", GW_OBJECT_TRIGGER, TRUE},
};

static void
add_object(gw_model *model, sqlite3_stmt *row)
{
    const char *type = gw_sqlite_cell(row, 0);
    g_autofree char *definition = gw_sqlite_canonical(gw_sqlite_cell(row, 3));
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
    {
        if (g_str_equal(type, types[i].type))
        {
            gw_model_add(model, types[i].kind, "main",
                types[i].part ? gw_sqlite_cell(row, 2) : NULL, gw_sqlite_cell(row, 1), definition);
        }
    }
}

/* What pragma_table_xinfo calls hidden. */
static const char *
column_sort(int hidden)
{
    static const char *const sorts[] = {"", " HIDDEN", " GENERATED VIRTUAL", " GENERATED STORED"};
    return hidden > 0 && hidden < (int)G_N_ELEMENTS(sorts) ? sorts[hidden] : "";
}

static void
add_column(gw_model *model, sqlite3_stmt *row)
{
    g_autoptr(GString) text = g_string_new(gw_sqlite_cell(row, 2));
    const char *fallback = gw_sqlite_cell(row, 4);
    int key = sqlite3_column_int(row, 5);
    if (sqlite3_column_int(row, 3) != 0)
    {
        g_string_append(text, " NOT NULL");
    }
    if (fallback[0] != '\0')
    {
        g_string_append_printf(text, " DEFAULT %s", fallback);
    }
    if (key > 0)
    {
        g_string_append_printf(text, " PRIMARY KEY %d", key);
    }
    g_string_append(text, column_sort(sqlite3_column_int(row, 6)));
    g_autofree char *definition = gw_sqlite_canonical(text->str);
    gw_model_add(model, GW_OBJECT_COLUMN, "main", gw_sqlite_cell(row, 0), gw_sqlite_cell(row, 1),
        definition);
}

static gboolean
add_each(gw_sqlite *self, gw_model *model, const char *sql, const char *prefix, GError **error)
{
    gboolean row = FALSE;
    const char *const texts[] = {prefix, NULL};
    g_autoptr(sqlite3_stmt) statement = gw_sqlite_ask(self, sql, texts, error);
    if (statement == NULL)
    {
        return FALSE;
    }
    do
    {
        if (!gw_sqlite_step(self, statement, &row, error))
        {
            return FALSE;
        }
        if (row)
        {
            (sql == objects_sql ? add_object : add_column)(model, statement);
        }
    } while (row);
    return TRUE;
}

static gw_model *
catalog_read(gpointer data, const gw_place *place, const char *ledger,
    const gw_catalog_filter *filter, GError **error)
{
    gw_sqlite *self = data;
    g_autoptr(gw_model) model = gw_model_new();
    g_autofree char *prefix = ledger == NULL ? g_strdup("") : g_strconcat(ledger, "_", NULL);
    (void)place;
    (void)filter; /* the whole schema of a file costs two questions of it */
    if (!add_each(self, model, objects_sql, prefix, error) ||
        !add_each(self, model, columns_sql, prefix, error))
    {
        return NULL;
    }
    gw_model_seal(model);
    return g_steal_pointer(&model);
}

static gint64
number(gw_sqlite *self, const char *sql)
{
    g_autofree char *text = gw_sqlite_text(self, sql);
    return text == NULL ? 0 : g_ascii_strtoll(text, NULL, 10);
}

/* Name, rows and bytes of tables: from the pages of a small file, from ANALYZE of a large one. */
static const char *
sizes_sql(gw_sqlite *self)
{
    gint64 bytes = number(self, "PRAGMA page_count") * number(self, "PRAGMA page_size");
    gboolean analyzed =
        number(self, "SELECT count(*) FROM sqlite_schema WHERE name = 'sqlite_stat1'") > 0;
    gboolean pages = bytes <= SMALL && number(self, "SELECT count(*) FROM pragma_module_list "
                                                    "WHERE name = 'dbstat'") > 0;
    if (pages)
    {
        /* +: else SQLite looks every name up in dbstat by itself, which reads the schema for it. */
        return "SELECT name, sum(ncell) FILTER (WHERE pagetype = 'leaf'), sum(pgsize) "
               "FROM dbstat WHERE +name IN (SELECT name FROM sqlite_schema WHERE type = 'table') "
               "GROUP BY name";
    }
    if (analyzed)
    {
        return "SELECT s.name, (SELECT max(CAST(a.stat AS INTEGER)) FROM sqlite_stat1 a "
               "WHERE a.tbl = s.name), -1 FROM sqlite_schema s WHERE s.type = 'table'";
    }
    return "SELECT name, -1, -1 FROM sqlite_schema WHERE type = 'table'";
}

/* Where each name stands: in lower case -> index + 1 of the last that is so called; `next` leads
 * on to the others. */
static GHashTable *
index_names(const char *const *names, guint count, guint *next)
{
    GHashTable *index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < count; i++)
    {
        char *name = g_ascii_strdown(names[i], -1);
        next[i] = GPOINTER_TO_UINT(g_hash_table_lookup(index, name));
        g_hash_table_insert(index, name, GUINT_TO_POINTER(i + 1));
    }
    return index;
}

static void
take_size(sqlite3_stmt *row, GHashTable *index, const guint *next, gw_size *sizes)
{
    g_autofree char *name = g_ascii_strdown(gw_sqlite_cell(row, 0), -1);
    guint at = GPOINTER_TO_UINT(g_hash_table_lookup(index, name));
    for (; at > 0; at = next[at - 1])
    {
        gboolean known = sqlite3_column_type(row, 1) != SQLITE_NULL;
        sizes[at - 1].rows = known ? sqlite3_column_int64(row, 1) : -1;
        sizes[at - 1].bytes = sqlite3_column_int64(row, 2);
    }
}

static gboolean
catalog_sizes(gpointer data, const char *const *schemas, const char *const *names, guint count,
    gw_size *sizes, GError **error)
{
    gw_sqlite *self = data;
    gboolean row = FALSE;
    (void)schemas;
    g_autofree guint *next = g_new0(guint, count + 1);
    g_autoptr(GHashTable) index = index_names(names, count, next);
    g_autoptr(sqlite3_stmt) statement = gw_sqlite_ask(self, sizes_sql(self), NULL, error);
    if (statement == NULL)
    {
        return FALSE;
    }
    do
    {
        if (!gw_sqlite_step(self, statement, &row, error))
        {
            return FALSE;
        }
        if (row)
        {
            take_size(statement, index, next, sizes);
        }
    } while (row);
    return TRUE;
}

static gboolean
catalog_tables_exist(
    gpointer data, const gw_place *place, const char *const *names, guint64 *found, GError **error)
{
    gboolean row = FALSE;
    (void)place;
    g_autoptr(sqlite3_stmt) statement = gw_sqlite_ask(
        data, "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')", NULL, error);
    if (statement == NULL)
    {
        return FALSE;
    }
    *found = 0;
    while (gw_sqlite_step(data, statement, &row, error))
    {
        if (!row)
        {
            return TRUE;
        }
        for (guint i = 0; names[i] != NULL && i < 64; i++)
        {
            gboolean same = g_ascii_strcasecmp(names[i], gw_sqlite_cell(statement, 0)) == 0;
            *found |= (guint64)same << i;
        }
    }
    return FALSE;
}

static char **
catalog_columns(
    gpointer data, const gw_place *place, const char *schema, const char *table, GError **error)
{
    gboolean row = FALSE;
    const char *const texts[] = {table, schema == NULL ? place->schema : schema, NULL};
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(sqlite3_stmt) statement = gw_sqlite_ask(data,
        "SELECT name FROM pragma_table_xinfo(?1, ?2) WHERE hidden <> 1 ORDER BY cid", texts, error);
    if (statement == NULL)
    {
        return NULL;
    }
    do
    {
        if (!gw_sqlite_step(data, statement, &row, error))
        {
            return NULL;
        }
        if (row)
        {
            g_ptr_array_add(names, g_strdup(gw_sqlite_cell(statement, 0)));
        }
    } while (row);
    g_ptr_array_add(names, NULL);
    return (char **)g_ptr_array_steal(names, NULL);
}

const gw_catalog_table gw_sqlite_catalog = {
    .read = catalog_read,
    .sizes = catalog_sizes,
    .tables_exist = catalog_tables_exist,
    .columns = catalog_columns,
};
