#include "ledger/foreign/foreign.h"

/* One tool: where it keeps its history, and which rows of it mean "applied". */
typedef struct tool
{
    const char *name;
    const char *table;   /* as the catalog has it */
    const char *column;  /* the version or name */
    const char *where;   /* a column that must hold, NULL: all rows */
    const char *refuse;  /* a column that must be empty, NULL: none */
    const char *besides; /* a table that must be there too, NULL: none */
    const char *has;     /* a column that the table must have, NULL: none */
    gboolean up_to;
} tool;

/* Three tools share schema_migrations; the first row that fits is it. */
static const tool tools[] = {
    {"golang-migrate", "schema_migrations", "version", NULL, NULL, NULL, "dirty", TRUE},
    {"Rails", "schema_migrations", "version", NULL, NULL, "ar_internal_metadata", NULL, FALSE},
    {"dbmate", "schema_migrations", "version", NULL, NULL, NULL, NULL, FALSE},
    {"goose", "goose_db_version", "version_id", "is_applied", NULL, NULL, NULL, FALSE},
    {"Flyway", "flyway_schema_history", "version", "success", NULL, NULL, NULL, FALSE},
    {"Liquibase", "databasechangelog", "id", NULL, NULL, NULL, NULL, FALSE},
    {"Liquibase", "DATABASECHANGELOG", "ID", NULL, NULL, NULL, NULL, FALSE},
    {"sqitch", "sqitch.changes", "change", NULL, NULL, NULL, NULL, FALSE},
    {"Alembic", "alembic_version", "version_num", NULL, NULL, NULL, NULL, FALSE},
    {"Knex", "knex_migrations", "name", NULL, NULL, NULL, NULL, FALSE},
    {"Prisma", "_prisma_migrations", "migration_name", NULL, "rolled_back_at", NULL, NULL, FALSE},
    {"node-pg-migrate", "pgmigrations", "name", NULL, NULL, NULL, NULL, FALSE},
    {"tern", "schema_version", "version", NULL, NULL, NULL, NULL, TRUE},
    {"Atlas", "atlas_schema_revisions", "version", NULL, NULL, NULL, NULL, FALSE},
    {"Atlas", "atlas_schema_revisions.atlas_schema_revisions", "version", NULL, NULL, NULL, NULL,
        FALSE},
};

void
gw_foreign_free(gw_foreign *foreign)
{
    if (foreign != NULL)
    {
        g_ptr_array_unref(foreign->applied);
        g_free(foreign);
    }
}

/* "schema.table" or "table", quoted. */
static char *
quoted_table(const gw_dialect *dialect, const char *table)
{
    g_auto(GStrv) parts = g_strsplit(table, ".", 2);
    return parts[1] == NULL ? gw_dialect_name(dialect, NULL, parts[0])
                            : gw_dialect_name(dialect, parts[0], parts[1]);
}

static char *
query_text(const gw_dialect *dialect, const tool *found)
{
    g_autofree char *table = quoted_table(dialect, found->table);
    g_autofree char *column = gw_dialect_name(dialect, NULL, found->column);
    GString *sql = g_string_new(NULL);
    g_string_append_printf(sql, "SELECT %s FROM %s WHERE %s IS NOT NULL", column, table, column);
    if (found->where != NULL)
    {
        g_autofree char *where = gw_dialect_name(dialect, NULL, found->where);
        g_string_append_printf(sql, " AND %s", where);
    }
    if (found->refuse != NULL)
    {
        g_autofree char *refuse = gw_dialect_name(dialect, NULL, found->refuse);
        g_string_append_printf(sql, " AND %s IS NULL", refuse);
    }
    return g_string_free(sql, FALSE);
}

static void
take_version(const gw_cell *cells, gpointer data)
{
    gw_foreign *foreign = data;
    /* goose marks its own beginning as version 0. */
    if (strcmp(cells[0].text, "0") != 0)
    {
        g_ptr_array_add(foreign->applied, g_strdup(cells[0].text));
    }
}

static gw_foreign *
foreign_read(gw_db *db, const tool *found, GError **error)
{
    g_autofree char *sql = query_text(gw_db_dialect(db), found);
    g_autoptr(gw_foreign) foreign = g_new0(gw_foreign, 1);
    foreign->tool = found->name;
    foreign->table = found->table;
    foreign->up_to = found->up_to;
    foreign->applied = g_ptr_array_new_with_free_func(g_free);
    gw_rows *rows = gw_db_query(db, sql, NULL, 0, error);
    return gw_rows_each(rows, take_version, foreign, error) ? g_steal_pointer(&foreign) : NULL;
}

/* Names of all tables that are asked for; the index of a row's table is its own index. */
static gboolean
tables_look(gw_db *db, guint64 *tables, guint64 *besides, GError **error)
{
    const char *names[G_N_ELEMENTS(tools) + 1] = {NULL};
    const char *others[G_N_ELEMENTS(tools) + 1] = {NULL};
    for (gsize i = 0; i < G_N_ELEMENTS(tools); i++)
    {
        names[i] = tools[i].table;
        others[i] = tools[i].besides == NULL ? tools[i].table : tools[i].besides;
    }
    return gw_db_tables_exist(db, names, tables, error) &&
           (*tables == 0 || gw_db_tables_exist(db, others, besides, error));
}

/* Has the table the column that tells the tool from others? */
static gboolean
column_fits(gw_db *db, const tool *row, gboolean *fits, GError **error)
{
    *fits = TRUE;
    if (row->has == NULL)
    {
        return TRUE;
    }
    g_auto(GStrv) columns = gw_db_columns(db, NULL, row->table, error);
    if (columns == NULL)
    {
        return FALSE;
    }
    *fits = g_strv_contains((const char *const *)columns, row->has);
    return TRUE;
}

gboolean
gw_foreign_find(gw_db *db, gw_foreign **foreign, GError **error)
{
    guint64 tables = 0;
    guint64 besides = 0;
    *foreign = NULL;
    if (!tables_look(db, &tables, &besides, error))
    {
        return FALSE;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(tools); i++)
    {
        gboolean fits = FALSE;
        if ((tables & besides & (G_GUINT64_CONSTANT(1) << i)) == 0)
        {
            continue;
        }
        if (!column_fits(db, &tools[i], &fits, error))
        {
            return FALSE;
        }
        if (!fits)
        {
            continue;
        }
        g_autoptr(gw_foreign) found = foreign_read(db, &tools[i], error);
        if (found == NULL)
        {
            return FALSE;
        }
        if (found->applied->len > 0)
        {
            *foreign = g_steal_pointer(&found);
            return TRUE;
        }
    }
    return TRUE;
}

/* The digits that a name begins with, without zeros before them. */
static char *
digits(const char *text)
{
    while (*text == 'V' || *text == 'v' || *text == '0')
    {
        text++;
    }
    return g_strndup(text, strspn(text, "0123456789"));
}

static gint
compare_numbers(const char *left, const char *right)
{
    gsize a = strlen(left);
    gsize b = strlen(right);
    return a != b ? (a < b ? -1 : 1) : strcmp(left, right);
}

gboolean
gw_foreign_has(const gw_foreign *foreign, const char *version, const char *name)
{
    g_autofree char *wanted = digits(version);
    for (guint i = 0; foreign != NULL && i < foreign->applied->len; i++)
    {
        const char *applied = g_ptr_array_index(foreign->applied, i);
        g_autofree char *number = digits(applied);
        gint order = compare_numbers(wanted, number);
        if (strcmp(applied, version) == 0 || strcmp(applied, name) == 0 ||
            (*number != '\0' && order == 0) || (foreign->up_to && order < 0))
        {
            return TRUE;
        }
    }
    return FALSE;
}
