/* Statements: preparing one, running the driver's own, waiting for the lock. */
#include "base/clock.h"
#include "drivers/sqlite/handle.h"
#include "sql/words.h"

/* How often a running statement looks whether its time is over, in SQLite's instructions. */
#define LOOK_EVERY 4000

void
gw_sqlite_begin(gw_sqlite *self)
{
    g_atomic_int_set(&self->cancelled, 0);
    self->deadline = self->statement == 0 ? 0 : gw_clock_now() + self->statement;
    self->plainly &= !sqlite3_get_autocommit(self->native);
}

static gboolean
is_over(gw_sqlite *self, gint64 now)
{
    return g_atomic_int_get(&self->cancelled) != 0 ||
           (self->deadline != 0 && now >= self->deadline);
}

/* Called while another connection holds the lock; 0 gives up. */
static int
busy(void *data, int tries)
{
    gw_sqlite *self = data;
    gint64 now = gw_clock_now();
    if (tries == 0)
    {
        self->waiting = now;
    }
    gint64 waited = now - self->waiting;
    gint64 left = self->lock_wait < 0 ? G_MAXINT64 : self->lock_wait - waited;
    if (left <= 0 || is_over(self, now))
    {
        return 0;
    }
    gint64 step = MIN(1000 + waited / 10, 25000);
    gw_clock_sleep(MIN(left, step));
    return 1;
}

static int
look(void *data)
{
    return is_over(data, gw_clock_now());
}

void
gw_sqlite_bound(gw_sqlite *self)
{
    sqlite3_busy_handler(self->native, busy, self);
    sqlite3_progress_handler(self->native, self->statement == 0 ? 0 : LOOK_EVERY,
        self->statement == 0 ? NULL : look, self);
}

/* Is there nothing but white space, comments and semicolons in `tail`? */
static gboolean
is_nothing(gw_sqlite *self, const char *tail, const char *end)
{
    while (tail < end)
    {
        g_autoptr(sqlite3_stmt) statement = NULL;
        const char *next = NULL;
        int result = sqlite3_prepare_v2(self->native, tail, (int)(end - tail), &statement, &next);
        if (result != SQLITE_OK || statement != NULL || next == NULL || next == tail)
        {
            return FALSE;
        }
        tail = next;
    }
    return TRUE;
}

gboolean
gw_sqlite_prepare(gw_sqlite *self, const char *sql, gsize length, gboolean keep,
    sqlite3_stmt **statement, GError **error)
{
    const char *tail = NULL;
    g_autoptr(sqlite3_stmt) made = NULL;
    *statement = NULL;
    if (length > G_MAXINT)
    {
        gw_fail(error, GW_CODE_VALUE, "the statement is too long");
        return FALSE;
    }
    int result = sqlite3_prepare_v3(
        self->native, sql, (int)length, keep ? SQLITE_PREPARE_PERSISTENT : 0, &made, &tail);
    if (result != SQLITE_OK)
    {
        gw_sqlite_fail(self, result, sql, length, error);
        return FALSE;
    }
    if (tail != NULL && !is_nothing(self, tail, sql + length))
    {
        gw_fail(error, GW_CODE_SYNTAX, "there is text behind the end of the statement");
        if (error != NULL)
        {
            gw_error_add_offset(*error, (guint)g_utf8_strlen(sql, tail - sql) + 1);
        }
        return FALSE;
    }
    gw_sqlite_note_references(self, sql, length);
    *statement = g_steal_pointer(&made);
    return TRUE;
}

sqlite3_stmt *
gw_sqlite_ask(gw_sqlite *self, const char *sql, const char *const *texts, GError **error)
{
    g_autoptr(sqlite3_stmt) statement = NULL;
    gw_sqlite_begin(self);
    if (!gw_sqlite_prepare(self, sql, strlen(sql), FALSE, &statement, error))
    {
        return NULL;
    }
    for (int i = 0; texts != NULL && texts[i] != NULL; i++)
    {
        sqlite3_bind_text(statement, i + 1, texts[i], -1, SQLITE_TRANSIENT);
    }
    return g_steal_pointer(&statement);
}

gboolean
gw_sqlite_step(gw_sqlite *self, sqlite3_stmt *statement, gboolean *row, GError **error)
{
    int result = sqlite3_step(statement);
    *row = result == SQLITE_ROW;
    if (result == SQLITE_ROW || result == SQLITE_DONE)
    {
        return TRUE;
    }
    gw_sqlite_fail(self, result, NULL, 0, error);
    return FALSE;
}

gboolean
gw_sqlite_do(gw_sqlite *self, const char *sql, GError **error)
{
    gboolean row = FALSE;
    g_autoptr(sqlite3_stmt) statement = gw_sqlite_ask(self, sql, NULL, error);
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
    } while (row);
    return TRUE;
}

char *
gw_sqlite_text(gw_sqlite *self, const char *sql)
{
    g_autoptr(sqlite3_stmt) statement = gw_sqlite_ask(self, sql, NULL, NULL);
    if (statement == NULL || sqlite3_step(statement) != SQLITE_ROW)
    {
        return NULL;
    }
    return g_strdup((const char *)sqlite3_column_text(statement, 0));
}

const char *
gw_sqlite_cell(sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    return text == NULL ? "" : text;
}

gint64
gw_sqlite_affected(sqlite3_stmt *statement)
{
    static const char *const changing[] = {"INSERT", "REPLACE", "UPDATE", "DELETE", "WITH", NULL};
    const char *sql = sqlite3_sql(statement);
    gw_words words;
    if (sql == NULL || sqlite3_stmt_readonly(statement))
    {
        return -1;
    }
    gw_words_init(&words, &gw_sqlite_dialect.lexis, sql, strlen(sql));
    return gw_words_take_any(&words, changing) < 0
               ? -1
               : (gint64)sqlite3_changes64(sqlite3_db_handle(statement));
}
