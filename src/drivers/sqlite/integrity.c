/* References between rows while a table is rebuilt: PRAGMA foreign_keys and foreign_key_check. */
#include "base/text.h"
#include "drivers/sqlite/handle.h"

static gboolean
is_on(gw_sqlite *self)
{
    g_autofree char *text = gw_sqlite_text(self, "PRAGMA foreign_keys");
    return g_strcmp0(text, "1") == 0;
}

static gboolean
turn(gw_sqlite *self, gboolean on, GError **error)
{
    const char *sql = on ? "PRAGMA foreign_keys = ON" : "PRAGMA foreign_keys = OFF";
    if (!gw_sqlite_do(self, sql, error))
    {
        return FALSE;
    }
    if (is_on(self) != on)
    {
        gw_fail(
            error, GW_CODE_INTERNAL, "foreign_keys cannot be switched while a transaction is open");
        return FALSE;
    }
    return TRUE;
}

static gboolean
integrity_suspend(gpointer data, gboolean *was, GError **error)
{
    *was = is_on(data);
    return !*was || turn(data, FALSE, error);
}

static gboolean
integrity_resume(gpointer data, gboolean was, GError **error)
{
    return is_on(data) == was || turn(data, was, error);
}

/* ---- is there anything to check? ---- */

/* The version that a rolled back transaction had reached may be given to another schema. */
static void
rolled_back(void *data)
{
    gw_sqlite *self = data;
    self->plain = -1;
}

void
gw_sqlite_watch_references(gw_sqlite *self)
{
    sqlite3_rollback_hook(self->native, rolled_back, self);
}

void
gw_sqlite_note_references(gw_sqlite *self, const char *sql, gsize length)
{
    static const char word[] = "references";
    for (gsize i = 0; self->plainly && i + strlen(word) <= length; i++)
    {
        self->plainly = g_ascii_strncasecmp(sql + i, word, strlen(word)) != 0;
    }
}

/*
 * Mostly no table refers to another, and then there is nothing to read. That is known by the
 * version of the schema: what others make of it has another one, and what is made between two
 * looks in one transaction has been read on its way here.
 */
static gboolean
nothing_refers(gw_sqlite *self)
{
    g_autofree char *version = gw_sqlite_text(self, "PRAGMA schema_version");
    gint64 now = version == NULL ? -1 : g_ascii_strtoll(version, NULL, 10);
    if (!self->owned || now < 0)
    {
        return FALSE;
    }
    if (!self->plainly && self->plain != now)
    {
        g_autofree char *any = gw_sqlite_text(self,
            "SELECT count(*) FROM (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND "
            "sql LIKE '%references%' LIMIT 1)");
        self->plain = g_strcmp0(any, "0") == 0 ? now : -1;
        if (self->plain < 0)
        {
            return FALSE;
        }
    }
    self->plain = now;
    self->plainly = !sqlite3_get_autocommit(self->native);
    return TRUE;
}

/* ---- broken references ---- */

/* One reference of a table that some row breaks. */
typedef struct reference
{
    char *table;
    char *parent;
    int id;
    char *columns; /* an expression: what refers, as one text */
} reference;

static void
reference_free(reference *one)
{
    g_free(one->table);
    g_free(one->parent);
    g_free(one->columns);
    g_free(one);
}

/* The broken references, one row each: the table may be one or, with '' for it, all of them. */
static const char references_sql[] =
    "SELECT v.\"table\", v.parent, v.fkid, "
    "(SELECT group_concat('quote(t.\"' || replace(f.\"from\", '\"', '\"\"') || '\")', "
    "' || '','' || ') FROM pragma_foreign_key_list(v.\"table\") f WHERE f.id = v.fkid) "
    "FROM (SELECT DISTINCT \"table\", parent, fkid FROM ";

static gboolean
references_add(gw_sqlite *self, GPtrArray *list, const char *table, GError **error)
{
    gboolean row = FALSE;
    const char *const texts[] = {table, NULL};
    g_autofree char *sql = g_strconcat(references_sql,
        table == NULL ? "pragma_foreign_key_check" : "pragma_foreign_key_check(?1)", ") v", NULL);
    g_autoptr(sqlite3_stmt) statement = gw_sqlite_ask(self, sql, texts, error);
    while (statement != NULL && gw_sqlite_step(self, statement, &row, error))
    {
        if (!row)
        {
            return TRUE;
        }
        reference *one = g_new0(reference, 1);
        one->table = g_strdup(gw_sqlite_cell(statement, 0));
        one->parent = g_strdup(gw_sqlite_cell(statement, 1));
        one->id = sqlite3_column_int(statement, 2);
        one->columns = g_strdup(gw_sqlite_cell(statement, 3));
        g_ptr_array_add(list, one);
    }
    return FALSE;
}

static gw_violation *
violation_new(const reference *one, sqlite3_stmt *row)
{
    gw_violation *violation = g_new0(gw_violation, 1);
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autofree char *table = g_ascii_strdown(one->table, -1);
    g_autofree char *parent = g_ascii_strdown(one->parent, -1);
    const char *const texts[] = {table, parent, one->columns, gw_sqlite_cell(row, 1)};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    {
        g_checksum_update(sum, (const guchar *)texts[i], (gssize)strlen(texts[i]) + 1);
    }
    violation->table = g_strdup(one->table);
    violation->parent = g_strdup(one->parent);
    violation->mark = g_strdup(g_checksum_get_string(sum));
    if (sqlite3_column_type(row, 0) != SQLITE_NULL)
    {
        violation->row = g_strdup_printf("rowid %s", gw_sqlite_cell(row, 0));
    }
    return violation;
}

/* The rows that break one reference, with what they refer to; a table WITHOUT ROWID has rows that
 * nothing finds again, so that only their number counts. */
static char *
rows_sql(const reference *one)
{
    g_autoptr(GString) table = g_string_new(NULL);
    gw_text_append_quoted(table, one->table, -1, '"', '"');
    return g_strdup_printf("SELECT v.rowid, CASE WHEN v.rowid IS NULL THEN '' ELSE "
                           "(SELECT %s FROM %s t WHERE t.rowid = v.rowid) END "
                           "FROM pragma_foreign_key_check(?1) v WHERE v.fkid = %d",
        one->columns, table->str, one->id);
}

static char *
rows_sql_plain(const reference *one)
{
    return g_strdup_printf("SELECT v.rowid, '' FROM pragma_foreign_key_check(?1) v "
                           "WHERE v.fkid = %d",
        one->id);
}

/* Has the table row numbers? */
static gboolean
has_rowid(gw_sqlite *self, const char *table)
{
    const char *const texts[] = {table, NULL};
    g_autoptr(sqlite3_stmt) statement = gw_sqlite_ask(
        self, "SELECT wr FROM pragma_table_list(?1) WHERE schema = 'main'", texts, NULL);
    return statement != NULL && sqlite3_step(statement) == SQLITE_ROW &&
           sqlite3_column_int(statement, 0) == 0;
}

static gboolean
violations_add(gw_sqlite *self, GPtrArray *list, const reference *one, GError **error)
{
    gboolean row = FALSE;
    const char *const texts[] = {one->table, NULL};
    g_autofree char *sql = has_rowid(self, one->table) ? rows_sql(one) : rows_sql_plain(one);
    g_autoptr(sqlite3_stmt) statement = gw_sqlite_ask(self, sql, texts, error);
    while (statement != NULL && gw_sqlite_step(self, statement, &row, error))
    {
        if (!row)
        {
            return TRUE;
        }
        g_ptr_array_add(list, violation_new(one, statement));
    }
    return FALSE;
}

/* The tables that may hold broken references: those named, as far as they are there, and all that
 * refer to one of them. NULL-terminated. */
static GPtrArray *
tables_near(gw_sqlite *self, const char *const *tables, GError **error)
{
    gboolean row = FALSE;
    g_autofree char *list = g_strjoinv("\n", (char **)(guintptr)tables);
    g_autofree char *lines = g_strconcat("\n", list, "\n", NULL);
    const char *const texts[] = {lines, NULL};
    g_autoptr(GPtrArray) near = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(sqlite3_stmt) statement = gw_sqlite_ask(self,
        "SELECT DISTINCT s.name FROM sqlite_schema s LEFT JOIN pragma_foreign_key_list(s.name) f "
        "WHERE s.type = 'table' AND s.sql NOT LIKE 'CREATE VIRTUAL%' AND "
        "(instr(lower(?1), char(10) || lower(s.name) || char(10)) OR "
        "instr(lower(?1), char(10) || lower(f.\"table\") || char(10))) ORDER BY 1",
        texts, error);
    while (statement != NULL && gw_sqlite_step(self, statement, &row, error))
    {
        if (!row)
        {
            return g_steal_pointer(&near);
        }
        g_ptr_array_add(near, g_strdup(gw_sqlite_cell(statement, 0)));
    }
    return NULL;
}

/* The broken references of `tables`, or of all. */
static GPtrArray *
references_find(gw_sqlite *self, const char *const *tables, GError **error)
{
    g_autoptr(GPtrArray) references =
        g_ptr_array_new_with_free_func((GDestroyNotify)reference_free);
    if (tables == NULL)
    {
        return references_add(self, references, NULL, error) ? g_steal_pointer(&references) : NULL;
    }
    g_autoptr(GPtrArray) near = tables_near(self, tables, error);
    for (guint i = 0; near != NULL && i < near->len; i++)
    {
        if (!references_add(self, references, g_ptr_array_index(near, i), error))
        {
            return NULL;
        }
    }
    return near == NULL ? NULL : g_steal_pointer(&references);
}

static GPtrArray *
integrity_check(gpointer data, const char *const *tables, GError **error)
{
    if (nothing_refers(data))
    {
        return g_ptr_array_new_with_free_func((GDestroyNotify)gw_violation_free);
    }
    g_autoptr(GPtrArray) references = references_find(data, tables, error);
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)gw_violation_free);
    for (guint i = 0; references != NULL && i < references->len; i++)
    {
        if (!violations_add(data, list, g_ptr_array_index(references, i), error))
        {
            return NULL;
        }
    }
    return references == NULL ? NULL : g_steal_pointer(&list);
}

const gw_integrity_table gw_sqlite_integrity = {
    .suspend = integrity_suspend,
    .check = integrity_check,
    .resume = integrity_resume,
};
