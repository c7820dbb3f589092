/* The tables of the wrapping driver besides the connection's own. */
#include "db/wrapped.h"

/* After a call that gives away a pointer: what is given away when it was dropped is freed. */
static gpointer
leave_with(
    gw_wrapped *wrapped, gw_call *call, gpointer made, GDestroyNotify destroy, GError **error)
{
    if (gw_wrapped_leave(wrapped, call, made != NULL, error))
    {
        return made;
    }
    g_clear_pointer(&made, destroy);
    return NULL;
}

static gw_model *
wrapped_read(gpointer data, const gw_place *place, const char *ledger,
    const gw_catalog_filter *filter, GError **error)
{
    gw_wrapped *wrapped = data;
    gw_call call = {.entry = "read"};
    if (!gw_wrapped_enter(wrapped, &call, error))
    {
        return NULL;
    }
    return leave_with(wrapped, &call,
        wrapped->inner->catalog->read(wrapped->self, place, ledger, filter, error),
        (GDestroyNotify)gw_model_free, error);
}

static gboolean
wrapped_sizes(gpointer data, const char *const *schemas, const char *const *names, guint count,
    gw_size *sizes, GError **error)
{
    gw_wrapped *wrapped = data;
    gw_call call = {.entry = "sizes"};
    return gw_wrapped_enter(wrapped, &call, error) &&
           gw_wrapped_leave(wrapped, &call,
               wrapped->inner->catalog->sizes(wrapped->self, schemas, names, count, sizes, error),
               error);
}

static gboolean
wrapped_tables_exist(
    gpointer data, const gw_place *place, const char *const *names, guint64 *found, GError **error)
{
    gw_wrapped *wrapped = data;
    gw_call call = {.entry = "tables_exist"};
    return gw_wrapped_enter(wrapped, &call, error) &&
           gw_wrapped_leave(wrapped, &call,
               wrapped->inner->catalog->tables_exist(wrapped->self, place, names, found, error),
               error);
}

static gboolean
wrapped_table_names(
    gpointer data, const gw_place *place, guint most, gw_names **names, GError **error)
{
    gw_wrapped *wrapped = data;
    gw_call call = {.entry = "table_names"};
    if (!gw_wrapped_enter(wrapped, &call, error))
    {
        return FALSE;
    }
    gboolean done = wrapped->inner->catalog->table_names(wrapped->self, place, most, names, error);
    if (gw_wrapped_leave(wrapped, &call, done, error))
    {
        return TRUE;
    }
    g_clear_pointer(names, gw_names_free);
    return FALSE;
}

static char **
wrapped_columns(
    gpointer data, const gw_place *place, const char *schema, const char *table, GError **error)
{
    gw_wrapped *wrapped = data;
    gw_call call = {.entry = "columns"};
    if (!gw_wrapped_enter(wrapped, &call, error))
    {
        return NULL;
    }
    return leave_with(wrapped, &call,
        wrapped->inner->catalog->columns(wrapped->self, place, schema, table, error),
        (GDestroyNotify)g_strfreev, error);
}

static gboolean
wrapped_copy_begin(gpointer data, const char *sql, gsize length, GError **error)
{
    gw_wrapped *wrapped = data;
    gw_call call = {.entry = "copy_begin", .effect = TRUE, .sql = sql, .length = length};
    return gw_wrapped_enter(wrapped, &call, error) &&
           gw_wrapped_leave(wrapped, &call,
               wrapped->inner->bulk->copy_begin(wrapped->self, sql, length, error), error);
}

static gboolean
wrapped_copy_data(gpointer data, const char *bytes, gsize length, GError **error)
{
    gw_wrapped *wrapped = data;
    gw_call call = {.entry = "copy_data", .effect = TRUE};
    return gw_wrapped_enter(wrapped, &call, error) &&
           gw_wrapped_leave(wrapped, &call,
               wrapped->inner->bulk->copy_data(wrapped->self, bytes, length, error), error);
}

static gboolean
wrapped_copy_end(gpointer data, gint64 *rows, GError **error)
{
    gw_wrapped *wrapped = data;
    gw_call call = {.entry = "copy_end", .effect = TRUE};
    return gw_wrapped_enter(wrapped, &call, error) &&
           gw_wrapped_leave(
               wrapped, &call, wrapped->inner->bulk->copy_end(wrapped->self, rows, error), error);
}

static GPtrArray *
wrapped_blockers(gpointer data, const char *session, const char *relation, GError **error)
{
    gw_wrapped *wrapped = data;
    gw_call call = {.entry = "blockers"};
    if (!gw_wrapped_enter(wrapped, &call, error))
    {
        return NULL;
    }
    return leave_with(wrapped, &call,
        wrapped->inner->vitals->blockers(wrapped->self, session, relation, error),
        (GDestroyNotify)g_ptr_array_unref, error);
}

static gboolean
wrapped_end_sessions(gpointer data, const char *const *sessions, const char *application,
    guint *left, GError **error)
{
    gw_wrapped *wrapped = data;
    gw_call call = {.entry = "end_sessions", .effect = TRUE};
    return gw_wrapped_enter(wrapped, &call, error) &&
           gw_wrapped_leave(wrapped, &call,
               wrapped->inner->vitals->end_sessions(
                   wrapped->self, sessions, application, left, error),
               error);
}

static gboolean
wrapped_cancel_session(gpointer data, const char *session, GError **error)
{
    gw_wrapped *wrapped = data;
    gw_call call = {.entry = "cancel_session", .effect = TRUE};
    return gw_wrapped_enter(wrapped, &call, error) &&
           gw_wrapped_leave(wrapped, &call,
               wrapped->inner->vitals->cancel_session(wrapped->self, session, error), error);
}

static GPtrArray *
wrapped_checks(gpointer data, const gw_place *place, GError **error)
{
    gw_wrapped *wrapped = data;
    gw_call call = {.entry = "checks"};
    if (!gw_wrapped_enter(wrapped, &call, error))
    {
        return NULL;
    }
    return leave_with(wrapped, &call, wrapped->inner->vitals->checks(wrapped->self, place, error),
        (GDestroyNotify)g_ptr_array_unref, error);
}

static gw_model *
wrapped_invalid_indexes(gpointer data, GError **error)
{
    gw_wrapped *wrapped = data;
    gw_call call = {.entry = "invalid_indexes"};
    if (!gw_wrapped_enter(wrapped, &call, error))
    {
        return NULL;
    }
    return leave_with(wrapped, &call, wrapped->inner->vitals->invalid_indexes(wrapped->self, error),
        (GDestroyNotify)gw_model_free, error);
}

static gboolean
wrapped_waits(gpointer data, const char *session, gboolean *waits, GError **error)
{
    gw_wrapped *wrapped = data;
    gw_call call = {.entry = "waits"};
    return gw_wrapped_enter(wrapped, &call, error) &&
           gw_wrapped_leave(wrapped, &call,
               wrapped->inner->vitals->waits(wrapped->self, session, waits, error), error);
}

static gboolean
wrapped_suspend(gpointer data, gboolean *was, GError **error)
{
    gw_wrapped *wrapped = data;
    gw_call call = {.entry = "suspend"};
    return gw_wrapped_enter(wrapped, &call, error) &&
           gw_wrapped_leave(wrapped, &call,
               wrapped->inner->integrity->suspend(wrapped->self, was, error), error);
}

static GPtrArray *
wrapped_check(gpointer data, const char *const *tables, GError **error)
{
    gw_wrapped *wrapped = data;
    gw_call call = {.entry = "check"};
    if (!gw_wrapped_enter(wrapped, &call, error))
    {
        return NULL;
    }
    return leave_with(wrapped, &call,
        wrapped->inner->integrity->check(wrapped->self, tables, error),
        (GDestroyNotify)g_ptr_array_unref, error);
}

static gboolean
wrapped_resume(gpointer data, gboolean was, GError **error)
{
    gw_wrapped *wrapped = data;
    gw_call call = {.entry = "resume"};
    return gw_wrapped_enter(wrapped, &call, error) &&
           gw_wrapped_leave(
               wrapped, &call, wrapped->inner->integrity->resume(wrapped->self, was, error), error);
}

/* The wrapped entry where the inner driver has one. */
#define WHERE(entry) (inner->entry == NULL ? NULL : wrapped_##entry)

static gw_catalog_table
catalog_table(const gw_catalog_table *inner)
{
    return (gw_catalog_table){
        .read = WHERE(read),
        .sizes = WHERE(sizes),
        .tables_exist = WHERE(tables_exist),
        .table_names = WHERE(table_names),
        .columns = WHERE(columns),
    };
}

static gw_bulk_table
bulk_table(const gw_bulk_table *inner)
{
    return (gw_bulk_table){
        .copy_begin = WHERE(copy_begin),
        .copy_data = WHERE(copy_data),
        .copy_end = WHERE(copy_end),
    };
}

static gw_vitals_table
vitals_table(const gw_vitals_table *inner)
{
    return (gw_vitals_table){
        .blockers = WHERE(blockers),
        .end_sessions = WHERE(end_sessions),
        .cancel_session = WHERE(cancel_session),
        .checks = WHERE(checks),
        .invalid_indexes = WHERE(invalid_indexes),
        .waits = WHERE(waits),
    };
}

static gw_integrity_table
integrity_table(const gw_integrity_table *inner)
{
    return (gw_integrity_table){
        .suspend = WHERE(suspend),
        .check = WHERE(check),
        .resume = WHERE(resume),
    };
}

void
gw_wrapper_fill_tables(gw_wrapper *wrapper)
{
    const gw_driver *inner = wrapper->inner;
    if (inner->catalog != NULL)
    {
        wrapper->catalog = catalog_table(inner->catalog);
        wrapper->driver.catalog = &wrapper->catalog;
    }
    if (inner->bulk != NULL)
    {
        wrapper->bulk = bulk_table(inner->bulk);
        wrapper->driver.bulk = &wrapper->bulk;
    }
    if (inner->vitals != NULL)
    {
        wrapper->vitals = vitals_table(inner->vitals);
        wrapper->driver.vitals = &wrapper->vitals;
    }
    if (inner->integrity != NULL)
    {
        wrapper->integrity = integrity_table(inner->integrity);
        wrapper->driver.integrity = &wrapper->integrity;
    }
}
