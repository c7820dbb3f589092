/* The pipeline: the driver's own, or statements that are run as they are sent. */
#include "db/handle.h"

static gboolean
is_native(const gw_db *db)
{
    return db->driver->connection->pipeline_send != NULL;
}

gboolean
gw_db_pipeline_begin(gw_db *db, GError **error)
{
    if (!gw_db_ready(db, error))
    {
        return FALSE;
    }
    if (is_native(db) && !db->driver->connection->pipeline_begin(db->self, error))
    {
        return FALSE;
    }
    db->pipeline = (gw_pipeline){.open = TRUE, .affected = -1};
    return TRUE;
}

/* Run a statement at once, as a part of the pipeline. */
static gboolean
run(gw_db *db, const char *sql, gsize length, const gw_value *parameters, guint count)
{
    gboolean done = FALSE;
    gw_pipeline *pipeline = &db->pipeline;
    if (count == 0)
    {
        return db->driver->connection->exec(
            db->self, sql, length, &pipeline->affected, &pipeline->reason);
    }
    pipeline->open = FALSE; /* so that the ordinary way is free */
    g_autofree char *text = g_strndup(sql, length);
    done = gw_db_exec_with(db, text, parameters, count, &pipeline->affected, &pipeline->reason);
    pipeline->open = TRUE;
    return done;
}

/* Hand a statement to the driver; parameters make it worth keeping. */
static gboolean
send_native(gw_db *db, const char *sql, gsize length, const gw_value *parameters, guint count)
{
    g_autofree char *text = count == 0 ? NULL : g_strndup(sql, length);
    const char *kept = count == 0 ? NULL : gw_db_kept(db, text, count);
    return db->driver->connection->pipeline_send(
        db->self, kept == NULL ? sql : kept, length, parameters, count, &db->pipeline.reason);
}

gboolean
gw_db_pipeline_send(
    gw_db *db, const char *sql, gssize length, const gw_value *parameters, guint count)
{
    gsize size = length < 0 ? strlen(sql) : (gsize)length;
    gw_pipeline *pipeline = &db->pipeline;
    if (pipeline->reason != NULL)
    {
        return FALSE;
    }
    if (!pipeline->open)
    {
        gw_fail(&pipeline->reason, GW_CODE_INTERNAL, "no pipeline is open");
        return FALSE;
    }
    gw_pipeline_watch(db, sql, size);
    gboolean done = is_native(db) ? send_native(db, sql, size, parameters, count)
                                  : run(db, sql, size, parameters, count);
    if (!done)
    {
        pipeline->failed = pipeline->sent;
    }
    pipeline->sent++;
    return done;
}

/* The end of a pipeline that the driver has: its answer, or why sending failed. */
static gboolean
flush_native(gw_db *db, guint *failed, gint64 *affected, GError **error)
{
    g_autoptr(GError) reason = NULL;
    gboolean done = db->driver->connection->pipeline_flush(db->self, failed, affected, &reason);
    if (done && db->pipeline.reason == NULL)
    {
        return TRUE;
    }
    if (done)
    {
        *failed = db->pipeline.failed;
        reason = g_steal_pointer(&db->pipeline.reason);
    }
    g_propagate_error(error, g_steal_pointer(&reason));
    return FALSE;
}

static gboolean
flush_run(gw_db *db, guint *failed, gint64 *affected, GError **error)
{
    *failed = db->pipeline.failed;
    *affected = db->pipeline.affected;
    if (db->pipeline.reason == NULL)
    {
        return TRUE;
    }
    g_propagate_error(error, g_steal_pointer(&db->pipeline.reason));
    return FALSE;
}

gboolean
gw_db_pipeline_flush(gw_db *db, guint *failed, gint64 *affected, GError **error)
{
    guint index = 0;
    gint64 last = -1;
    g_autoptr(GError) reason = NULL;
    gboolean done = db->pipeline.open && is_native(db) ? flush_native(db, &index, &last, &reason)
                                                       : flush_run(db, &index, &last, &reason);
    db->pipeline.open = FALSE;
    g_clear_error(&db->pipeline.reason);
    if (failed != NULL)
    {
        *failed = index;
    }
    if (affected != NULL)
    {
        *affected = last;
    }
    if (done)
    {
        db->began = db->began && !db->pipeline.commit;
        db->touched = db->touched && !db->pipeline.commit;
        return TRUE;
    }
    if (db->pipeline.commit)
    {
        gw_db_doubt(db, &reason);
    }
    g_propagate_error(error, g_steal_pointer(&reason));
    return FALSE;
}

guint
gw_db_pipeline_answered(gw_db *db)
{
    return db->driver->connection->pipeline_answered == NULL
               ? G_MAXUINT
               : db->driver->connection->pipeline_answered(db->self);
}

void
gw_db_pipeline_mark(gw_db *db)
{
    if (db->pipeline.open && db->driver->connection->pipeline_mark != NULL)
    {
        db->driver->connection->pipeline_mark(db->self);
    }
}

void
gw_pipeline_drop(gw_db *db)
{
    if (db->pipeline.open)
    {
        g_autoptr(GError) ignored = NULL;
        gboolean done = gw_db_pipeline_flush(db, NULL, NULL, &ignored);
        (void)done;
    }
}
