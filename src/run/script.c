/* The statements of a step on their way to the database, and errors on their way back. */
#include "run/parts.h"
#include "sql/splitter.h"

/* Where in the open pipeline the statements of a step begin. */
typedef struct mark
{
    guint first;
    const gw_step *step;
} mark;

/* On a server whose schema changes roll back, limits end with the transaction, elsewhere not. */
static gboolean
limits_stay(const gw_run *run)
{
    return !gw_run_rolls_schema_back(run);
}

gboolean
gw_run_rolls_schema_back(const gw_run *run)
{
    return gw_db_has(run->db, GW_FEATURE_SERVER) &&
           gw_db_has(run->db, GW_FEATURE_SCHEMA_IN_TRANSACTION);
}

void
gw_script_init(gw_script *script, gw_run *run)
{
    memset(script, 0, sizeof *script);
    gw_known_drop(run->known);
    script->run = run;
    script->sent = g_array_new(FALSE, FALSE, sizeof(mark));
    script->limits.lock_wait = run->limited ? -1 : 0; /* -1: not known */
    if (run->limits_known && limits_stay(run))
    {
        script->limits = run->alone;
    }
}

void
gw_script_clear(gw_script *script)
{
    if (script->open)
    {
        g_autoptr(GError) ignored = NULL; /* an error is on its way already */
        gboolean flushed = gw_db_pipeline_flush(script->run->db, NULL, NULL, &ignored);
        (void)flushed;
    }
    g_array_unref(script->sent);
}

static gboolean
pipeline_open(gw_script *script, GError **error)
{
    if (script->open)
    {
        return TRUE;
    }
    g_array_set_size(script->sent, 0);
    script->pipelined = 0;
    script->open = gw_db_pipeline_begin(script->run->db, error);
    return script->open;
}

/* How many bytes `characters` characters at `text` are, at most `length`. */
static gsize
bytes_of(const char *text, gsize length, guint characters)
{
    const char *at = text;
    for (guint i = 0; i < characters && (gsize)(at - text) < length; i++)
    {
        at += g_utf8_skip[(guchar)*at];
    }
    return MIN((gsize)(at - text), length);
}

/* The word at `offset`, for the caret to underline. */
static gsize
word_length(const char *text, gsize length)
{
    gsize size = 0;
    while (size < length &&
           (g_ascii_isalnum(text[size]) || text[size] == '_' || (guchar)text[size] >= 0x80))
    {
        size++;
    }
    return MAX(size, 1);
}

/* Put the place in the file on an error of a statement. */
static void
error_place(GError *error, const gw_step *step, gsize offset, gsize length)
{
    const char *text = gw_source_text(step->source);
    guint characters = gw_error_offset(error);
    gsize at = characters == 0 ? 0 : bytes_of(text + offset, length, characters - 1);
    at = at >= length && length > 0 ? 0 : at;
    gsize word = word_length(text + offset + at, length - at);
    gw_position position = gw_source_position(step->source, offset + at, word);
    gw_error_add_position(error, &position);
}

/* Find the statement number `index` (from 0) of a step again. */
static gboolean
statement_find(gw_run *run, const gw_step *step, guint index, gw_statement *statement)
{
    gw_splitter splitter;
    gboolean more = TRUE;
    g_autoptr(GError) ignored = NULL;
    gw_splitter_init(
        &splitter, &gw_db_dialect(run->db)->lexis, step->source, step->offset, step->length);
    for (guint i = 0; gw_splitter_next(&splitter, statement, &more, &ignored) && more; i++)
    {
        if (i == index)
        {
            return TRUE;
        }
    }
    return FALSE;
}

/* Whose statement number `failed` of the pipeline was: a step's, with its place, or the ledger's.
 */
static void
error_explain(gw_script *script, guint failed, GError **error)
{
    if (error == NULL)
    {
        return;
    }
    for (guint i = script->sent->len; i > 0; i--)
    {
        const mark *at = &g_array_index(script->sent, mark, i - 1);
        gw_statement statement;
        if (failed < at->first)
        {
            continue;
        }
        if (failed - at->first >= at->step->statements)
        {
            break;
        }
        script->step = at->step;
        if (statement_find(script->run, at->step, failed - at->first, &statement))
        {
            error_place(*error, at->step, statement.offset, statement.length);
        }
        return;
    }
    script->step = NULL;
    gw_ledger_explain(error);
}

gboolean
gw_script_flush(gw_script *script, GError **error)
{
    if (!script->open)
    {
        return TRUE;
    }
    guint failed = 0;
    script->open = FALSE;
    if (gw_db_pipeline_flush(script->run->db, &failed, NULL, error))
    {
        return TRUE;
    }
    error_explain(script, failed, error);
    return FALSE;
}

/* Send one text; a failure is told by the flush. */
static gboolean
send(gw_script *script, const char *sql, gsize length, GError **error)
{
    if (!pipeline_open(script, error))
    {
        return FALSE;
    }
    if (!gw_db_pipeline_send(script->run->db, sql, (gssize)length, NULL, 0))
    {
        return gw_script_flush(script, error);
    }
    script->pipelined++;
    return TRUE;
}

gboolean
gw_script_send_own(gw_script *script, const char *sql, GError **error)
{
    return send(script, sql, strlen(sql), error);
}

gboolean
gw_script_send_ledger(gw_script *script, GError **error)
{
    if (gw_ledger_queued(script->run->ledger) == 0)
    {
        return TRUE;
    }
    if (!pipeline_open(script, error))
    {
        return FALSE;
    }
    script->pipelined += gw_ledger_queued(script->run->ledger);
    gw_ledger_send(script->run->ledger);
    return TRUE;
}

/* A statement with data goes alone: COPY cannot be pipelined. */
static gboolean
send_copy(gw_script *script, const gw_step *step, const gw_statement *statement, GError **error)
{
    const char *text = gw_source_text(step->source);
    gw_value data = {
        .type = GW_TYPE_BYTES,
        .text = text + statement->data_offset,
        .length = statement->data_length,
    };
    gint64 rows = 0;
    if (!gw_script_flush(script, error))
    {
        return FALSE;
    }
    if (gw_db_copy_in(
            script->run->db, text + statement->offset, statement->length, &data, &rows, error))
    {
        return TRUE;
    }
    script->step = step;
    if (error != NULL)
    {
        error_place(*error, step, statement->offset, statement->length);
    }
    return FALSE;
}

static gboolean
send_statement(
    gw_script *script, const gw_step *step, const gw_statement *statement, GError **error)
{
    if (statement->has_data)
    {
        return send_copy(script, step, statement, error);
    }
    return send(script, gw_source_text(step->source) + statement->offset, statement->length, error);
}

gboolean
gw_script_send(
    gw_script *script, const gw_plan_migration *migration, const gw_step *step, GError **error)
{
    gw_splitter splitter;
    gw_statement statement;
    gboolean more = TRUE;
    script->migration = migration;
    script->step = step;
    gw_splitter_init(&splitter, &gw_db_dialect(script->run->db)->lexis, step->source, step->offset,
        step->length);
    if (!pipeline_open(script, error))
    {
        return FALSE;
    }
    if (script->sent->len > 0)
    {
        gw_db_pipeline_mark(script->run->db);
    }
    gw_run_say(script->run, script->pipelined, migration, step);
    mark here = {script->pipelined, step};
    g_array_append_val(script->sent, here);
    while (gw_splitter_next(&splitter, &statement, &more, error))
    {
        if (!more)
        {
            return TRUE;
        }
        if (!send_statement(script, step, &statement, error))
        {
            return FALSE;
        }
    }
    return FALSE;
}

gboolean
gw_script_limit(gw_script *script, const gw_limits *limits, GError **error)
{
    if (script->limits.lock_wait == limits->lock_wait &&
        script->limits.statement == limits->statement)
    {
        return TRUE;
    }
    gw_run *run = script->run;
    if (!gw_db_has(run->db, GW_FEATURE_LIMIT_INSIDE) && !gw_script_flush(script, error))
    {
        return FALSE;
    }
    gboolean set = gw_db_limit(run->db, limits, error);
    script->limits = *limits;
    run->limited |= limits_stay(run);
    run->limits_known = set && limits_stay(run);
    run->alone = *limits;
    return set;
}

gboolean
gw_script_limit_step(gw_script *script, const gw_step *step, gboolean blocking, GError **error)
{
    const gw_run_settings *settings = &script->run->settings;
    gw_limits limits = {
        .lock_wait = gw_step_lock_wait(step, blocking, settings->stall, settings->patience),
        .statement = step->section->timeout,
    };
    return gw_script_limit(script, &limits, error);
}

static gboolean
run_statement(gw_run *run, const gw_plan_migration *migration, const gw_step *step, GError **error)
{
    gw_statement statement;
    gw_run_say(run, 0, migration, step);
    if (!statement_find(run, step, 0, &statement))
    {
        gw_fail(error, GW_CODE_INTERNAL, "the statement of a step cannot be found again");
        return FALSE;
    }
    if (statement.has_data)
    {
        g_auto(gw_script) script = {0};
        gw_script_init(&script, run);
        script.migration = migration;
        return send_copy(&script, step, &statement, error);
    }
    const char *text = gw_source_text(step->source) + statement.offset;
    if (gw_db_exec(run->db, text, (gssize)statement.length, NULL, error))
    {
        return TRUE;
    }
    if (error != NULL)
    {
        error_place(*error, step, statement.offset, statement.length);
    }
    return FALSE;
}

gboolean
gw_script_run_alone(
    gw_run *run, const gw_plan_migration *migration, const gw_step *step, GError **error)
{
    gboolean done = run_statement(run, migration, step, error);
    gw_known_follow(run, step->facts, done);
    return done;
}
