/*
 * The pipeline: statements with their parameters as literals, sent as one text with ; between them.
 * The server stops at the first that fails, so nothing after it has an effect, and answers each one
 * that it ran, so that the index is exact. The permission to hold several statements is given with
 * the first such text, and taken back before a statement of the user that goes alone.
 */
#include "drivers/mariadb/session.h"
#include "sql/lexer.h"

/* How many bytes are gathered before they are sent: far below any max_allowed_packet. */
#define BATCH_BYTES ((gsize)512 * 1024)

static void
append_value(GString *out, const gw_value *value)
{
    switch (value->type)
    {
    case GW_TYPE_INTEGER:
        g_string_append_printf(out, "%" G_GINT64_FORMAT, value->integer);
        break;
    case GW_TYPE_TEXT:
        gw_mariadb_append_literal(out, value->text, value->length);
        break;
    case GW_TYPE_BYTES:
        gw_mariadb_append_hex(out, value->text, value->length);
        break;
    default:
        g_string_append(out, "NULL");
    }
}

/* `sql` with each ? replaced by its value; how many there were. */
static guint
append_statement(
    GString *out, const char *sql, gsize length, const gw_value *parameters, guint count)
{
    gw_lexer lexer;
    gw_token token;
    guint found = 0;
    gsize copied = 0;
    gw_lexer_init(&lexer, &gw_mariadb_dialect.lexis, sql, 0, length);
    while (count > 0 && gw_lexer_next_code(&lexer, &token) && token.kind != GW_TOKEN_END)
    {
        if (token.kind != GW_TOKEN_PARAMETER || sql[token.offset] != '?')
        {
            continue;
        }
        g_string_append_len(out, sql + copied, (gssize)(token.offset - copied));
        copied = token.offset + token.length;
        if (found < count)
        {
            append_value(out, &parameters[found]);
        }
        found++;
    }
    g_string_append_len(out, sql + copied, (gssize)(length - copied));
    return found;
}

/* ---- one batch ---- */

static gboolean
send_option(MYSQL *mysql, enum enum_mysql_set_option option)
{
    char packet[2] = {(char)option, 0};
    return mysql->methods->db_command(mysql, COM_SET_OPTION, packet, sizeof packet, 1, NULL) == 0;
}

/* The answer to an option is one packet, which says nothing but yes or no. */
static gboolean
read_option(MYSQL *mysql)
{
    return mysql_net_read_packet(mysql) != packet_error;
}

/* The answers of the batch, one after the other; counts those that were good. */
static gboolean
read_answers(gw_mariadb *self)
{
    gw_mariadb_pipeline *pipeline = &self->pipeline;
    MYSQL *mysql = self->mysql;
    int more = mysql_read_query_result(mysql) == 0 ? 0 : 1;
    guint good = 0;
    while (more == 0)
    {
        MYSQL_RES *result = mysql_store_result(mysql);
        pipeline->affected = result == NULL ? (gint64)mysql_affected_rows(mysql) : -1;
        mysql_free_result(result);
        if (mysql_errno(mysql) != 0)
        {
            more = 1;
            break;
        }
        good++;
        g_atomic_int_set(&self->answered, pipeline->done + good);
        more = mysql_next_result(mysql);
    }
    pipeline->failed = pipeline->done + good;
    return more < 0;
}

/* Undo what the batch did before it failed; as in a transaction that the server has given up. */
static void
roll_back(gw_mariadb *self)
{
    g_autoptr(GError) ignored = NULL;
    gboolean done = gw_mariadb_run(self->mysql, "ROLLBACK", &ignored);
    (void)done;
}

/* Take note of what went wrong first. */
static gboolean
note(gw_mariadb *self, gboolean good)
{
    if (!good && self->pipeline.reason == NULL)
    {
        gw_mariadb_fail(self->mysql, NULL, 0, &self->pipeline.reason);
    }
    return good;
}

/* Several statements, behind the permission where it is not given yet. All answers are read,
 * whatever they say, so that the next statement meets its own. */
static gboolean
exchange_many(gw_mariadb *self)
{
    MYSQL *mysql = self->mysql;
    GString *text = self->pipeline.text;
    gboolean ask = !self->many;
    if (!note(self, (!ask || send_option(mysql, MYSQL_OPTION_MULTI_STATEMENTS_ON)) &&
                        mysql_send_query(mysql, text->str, text->len) == 0))
    {
        return FALSE;
    }
    self->many = note(self, !ask || read_option(mysql));
    return note(self, read_answers(self)) && self->many;
}

gboolean
gw_mariadb_single(gw_mariadb *self, const char *sql, gsize length, GError **error)
{
    if (!self->many || memchr(sql, ';', length) == NULL)
    {
        return TRUE;
    }
    self->many =
        !send_option(self->mysql, MYSQL_OPTION_MULTI_STATEMENTS_OFF) || !read_option(self->mysql);
    if (self->many)
    {
        gw_mariadb_fail(self->mysql, NULL, 0, error);
    }
    return !self->many;
}

static gboolean
exchange_one(gw_mariadb *self)
{
    GString *text = self->pipeline.text;
    return gw_mariadb_single(self, text->str, text->len, &self->pipeline.reason) &&
           note(self,
               mysql_send_query(self->mysql, text->str, text->len) == 0 && read_answers(self));
}

/* Send what waits, and wait for its answers. */
static gboolean
send_batch(gw_mariadb *self)
{
    gw_mariadb_pipeline *pipeline = &self->pipeline;
    if (pipeline->waiting == 0)
    {
        return TRUE;
    }
    if (pipeline->waiting == 1 ? !exchange_one(self) : !exchange_many(self))
    {
        if (!gw_error_is(pipeline->reason, GW_CODE_CONNECTION_LOST))
        {
            roll_back(self);
        }
        return FALSE;
    }
    pipeline->done += pipeline->waiting;
    pipeline->waiting = 0;
    g_string_truncate(pipeline->text, 0);
    return TRUE;
}

/* ---- what db/ calls ---- */

void
gw_mariadb_pipeline_clear(gw_mariadb *self)
{
    gw_mariadb_pipeline *pipeline = &self->pipeline;
    if (pipeline->text != NULL)
    {
        g_string_free(pipeline->text, TRUE);
    }
    g_clear_error(&pipeline->reason);
    *pipeline = (gw_mariadb_pipeline){.affected = -1};
}

gboolean
gw_mariadb_pipeline_begin(gpointer self, GError **error)
{
    gw_mariadb *connection = self;
    (void)error;
    gw_mariadb_pipeline_clear(connection);
    connection->pipeline.text = g_string_new(NULL);
    g_atomic_int_set(&connection->answered, 0);
    return TRUE;
}

guint
gw_mariadb_pipeline_answered(gpointer self)
{
    gw_mariadb *connection = self;
    return (guint)g_atomic_int_get(&connection->answered);
}

gboolean
gw_mariadb_pipeline_send(gpointer self, const char *sql, gsize length, const gw_value *parameters,
    guint count, GError **error)
{
    gw_mariadb *connection = self;
    gw_mariadb_pipeline *pipeline = &connection->pipeline;
    if (pipeline->waiting > 0)
    {
        g_string_append(pipeline->text, ";\n");
    }
    guint found = append_statement(pipeline->text, sql, length, parameters, count);
    pipeline->waiting++;
    gw_mariadb_note_temporary(connection, sql, length);
    if (found != count)
    {
        gw_fail(
            error, GW_CODE_INTERNAL, "a statement with %u parameters was given %u", found, count);
        return FALSE;
    }
    if (pipeline->text->len > BATCH_BYTES && !send_batch(connection))
    {
        g_propagate_error(error, g_error_copy(pipeline->reason));
        return FALSE;
    }
    return TRUE;
}

gboolean
gw_mariadb_pipeline_flush(gpointer self, guint *failed, gint64 *affected_last, GError **error)
{
    gw_mariadb *connection = self;
    gw_mariadb_pipeline *pipeline = &connection->pipeline;
    gboolean good = pipeline->reason == NULL && send_batch(connection);
    *failed = pipeline->failed;
    *affected_last = pipeline->affected;
    if (!good)
    {
        g_propagate_error(error, g_steal_pointer(&pipeline->reason));
    }
    gw_mariadb_pipeline_clear(connection);
    return good;
}
