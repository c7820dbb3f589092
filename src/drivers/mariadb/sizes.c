/* How large the relations of a plan are, and what keeps their rows, in one question. */
#include "drivers/mariadb/catalog.h"

#define AT_ONCE "SET STATEMENT lock_wait_timeout = 0 FOR "

/* From so many relations on, those of a schema are asked for together: the server then goes through
 * the names of all its tables and opens only these, which is much cheaper than a SELECT each. A
 * longer list is turned into a join, for which it would open every table. */
#define MANY 100
#define LIST 500

#define COLUMNS                                                                                    \
    "COALESCE(TABLE_ROWS, -1), COALESCE(DATA_LENGTH, 0) + COALESCE(INDEX_LENGTH, 0), ENGINE, "     \
    "TABLE_SCHEMA, TABLE_NAME, @@lower_case_table_names FROM information_schema.TABLES WHERE "

/* The first cell of a row that is no index. */
#define AN_ENGINE (-1)
#define A_LISTED  (-2)

/* What is asked, and what came of it. */
typedef struct asking
{
    const gw_mariadb *self;
    const char *const *schemas;
    const char *const *names;
    guint count;
    gw_size *sizes;
    GHashTable *plain;  /* engines that have no transactions */
    GHashTable *listed; /* list_key() -> GArray of guint: those that are asked for together */
} asking;

static const char *
schema_of(const asking *all, guint index)
{
    const char *schema = all->schemas[index] == NULL ? all->self->database : all->schemas[index];
    return schema == NULL ? "" : schema;
}

/* The same for all spellings that a server may take for one name. */
static char *
list_key(const char *schema, const char *name)
{
    g_autofree char *both = g_strconcat(schema, "\001", name, NULL);
    return g_ascii_strdown(both, -1);
}

/* Names beyond ASCII are folded by the server's own rules: each is asked for by itself. */
static gboolean
is_listed(const asking *all, guint index)
{
    return all->count >= MANY && g_str_is_ascii(schema_of(all, index)) &&
           g_str_is_ascii(all->names[index]);
}

static void
note_listed(asking *all, guint index)
{
    char *key = list_key(schema_of(all, index), all->names[index]);
    GArray *indexes = g_hash_table_lookup(all->listed, key);
    if (indexes == NULL)
    {
        indexes = g_array_new(FALSE, FALSE, sizeof(guint));
        g_hash_table_insert(all->listed, key, indexes);
    }
    else
    {
        g_free(key);
    }
    g_array_append_val(indexes, index);
}

static void
put_one(const asking *all, guint index, GString *sql)
{
    g_string_append_printf(sql, " UNION ALL SELECT %u, " COLUMNS, index);
    gw_mariadb_append_equals(sql, "TABLE_SCHEMA", schema_of(all, index));
    g_string_append(sql, " AND ");
    gw_mariadb_append_equals(sql, "TABLE_NAME", all->names[index]);
}

/* A list that is being written. */
typedef struct name_list
{
    GString *text;
    guint length;
} name_list;

static void
name_list_free(gpointer data)
{
    name_list *one = data;
    g_string_free(one->text, TRUE);
    g_free(one);
}

static void
put_listed(const asking *all, guint index, GHashTable *lists)
{
    const char *schema = schema_of(all, index);
    name_list *one = g_hash_table_lookup(lists, schema);
    if (one == NULL)
    {
        one = g_new0(name_list, 1);
        one->text = g_string_new(NULL);
        g_hash_table_insert(lists, (gpointer)(guintptr)schema, one);
    }
    if (one->length++ % LIST == 0)
    {
        g_string_append(one->text, one->length == 1 ? "" : ")");
        g_string_append_printf(one->text, " UNION ALL SELECT %d, " COLUMNS, A_LISTED);
        gw_mariadb_append_equals(one->text, "TABLE_SCHEMA", schema);
        g_string_append(one->text, " AND TABLE_NAME IN (");
    }
    else
    {
        g_string_append_c(one->text, ',');
    }
    gw_mariadb_append_literal(one->text, all->names[index], strlen(all->names[index]));
}

/* The engines that have no transactions; then the relations: one SELECT each, for only so does the
 * server look up a single name instead of reading its whole catalog, or the lists. A table that
 * another session keeps locked is there, and has no size. */
static char *
sizes_sql(asking *all)
{
    GString *sql = g_string_new(all->self->real_mariadb ? AT_ONCE : "");
    g_autoptr(GHashTable) lists =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, name_list_free);
    GHashTableIter each;
    gpointer one = NULL;
    g_string_append_printf(sql,
        "SELECT %d, 0, 0, ENGINE, NULL, NULL, NULL FROM information_schema.ENGINES WHERE "
        "TRANSACTIONS <> 'YES'",
        AN_ENGINE);
    for (guint i = 0; i < all->count; i++)
    {
        if (is_listed(all, i))
        {
            note_listed(all, i);
            put_listed(all, i, lists);
        }
        else
        {
            put_one(all, i, sql);
        }
    }
    g_hash_table_iter_init(&each, lists);
    while (g_hash_table_iter_next(&each, NULL, &one))
    {
        g_string_append_printf(sql, "%s)", ((const name_list *)one)->text->str);
    }
    return g_string_free(sql, FALSE);
}

static void
size_set(const asking *all, gint64 index, MYSQL_ROW row)
{
    gw_size *size = &all->sizes[index];
    *size = (gw_size){
        .rows = g_ascii_strtoll(row[1], NULL, 10), .bytes = g_ascii_strtoll(row[2], NULL, 10)};
    if (row[3] != NULL && g_hash_table_contains(all->plain, row[3]))
    {
        g_strlcpy(size->engine, row[3], sizeof size->engine);
    }
}

/* A list compares without case: where the server does not, the spelling decides. */
static void
take_listed(const asking *all, MYSQL_ROW row)
{
    g_autofree char *key = list_key(row[4], row[5]);
    const GArray *indexes = g_hash_table_lookup(all->listed, key);
    gboolean exact = strcmp(row[6], "0") == 0;
    for (guint i = 0; indexes != NULL && i < indexes->len; i++)
    {
        guint index = g_array_index(indexes, guint, i);
        if (!exact ||
            (strcmp(row[4], schema_of(all, index)) == 0 && strcmp(row[5], all->names[index]) == 0))
        {
            size_set(all, index, row);
        }
    }
}

static void
take_row(const asking *all, MYSQL_ROW row)
{
    gint64 index = g_ascii_strtoll(row[0], NULL, 10);
    if (index == AN_ENGINE)
    {
        g_hash_table_add(all->plain, g_strdup(row[3]));
    }
    else if (index == A_LISTED)
    {
        take_listed(all, row);
    }
    else
    {
        size_set(all, index, row);
    }
}

static void
indexes_free(gpointer data)
{
    g_array_unref(data);
}

gboolean
gw_mariadb_sizes(gpointer data, const char *const *schemas, const char *const *names, guint count,
    gw_size *sizes, GError **error)
{
    gw_mariadb *self = data;
    g_autoptr(GHashTable) plain = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) listed =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, indexes_free);
    asking all = {self, schemas, names, count, sizes, plain, listed};
    g_autofree char *sql = sizes_sql(&all);
    g_autoptr(MYSQL_RES) result =
        gw_mariadb_speak(self, error) ? gw_mariadb_select(self->mysql, sql, error) : NULL;
    if (result == NULL)
    {
        return FALSE;
    }
    for (MYSQL_ROW row = mysql_fetch_row(result); row != NULL; row = mysql_fetch_row(result))
    {
        take_row(&all, row);
    }
    return TRUE;
}
