#include "ledger/ledger.h"

#include "base/clock.h"

/* A write that waits: its values, owned. */
typedef struct queued
{
    gw_ledger_statement statement;
    char *text[GW_SLOT_COUNT];
} queued;

struct gw_ledger
{
    gw_db *db;
    char *project;
    char *home;
    char *place;
    gboolean exists;
    gint64 fence;
    char *fence_text;
    char *pid_text;
    const gw_identity *identity;
    gint64 server_wall; /* the server's clock when the ledger was opened … */
    gint64 opened;      /* … and ours, that never goes back */
    GPtrArray *queue;   /* of queued * */
    gw_ledger_sql sql[GW_LEDGER_STATEMENT_COUNT];
    gw_ledger_sql checked[GW_LEDGER_STATEMENT_COUNT]; /* after a write that checked the fence */
};

static void
queued_free(gpointer data)
{
    queued *entry = data;
    for (guint i = 0; i < GW_SLOT_COUNT; i++)
    {
        g_free(entry->text[i]);
    }
    g_free(entry);
}

void
gw_ledger_free(gw_ledger *ledger)
{
    if (ledger == NULL)
    {
        return;
    }
    for (guint i = 0; i < GW_LEDGER_STATEMENT_COUNT; i++)
    {
        g_free(ledger->sql[i].text);
        g_free(ledger->checked[i].text);
    }
    g_ptr_array_unref(ledger->queue);
    g_free(ledger->project);
    g_free(ledger->home);
    g_free(ledger->place);
    g_free(ledger->fence_text);
    g_free(ledger->pid_text);
    g_free(ledger);
}

/* The first table that is made and the one whose presence says that the rest is there too. */
static gboolean
ledger_look(gw_ledger *ledger, GError **error)
{
    g_autofree char *table = gw_dialect_has(gw_db_dialect(ledger->db), GW_FEATURE_SCHEMAS)
                                 ? g_strdup_printf("%s.ledger", ledger->home)
                                 : g_strdup_printf("%s_ledger", ledger->home);
    const char *names[] = {table, NULL};
    guint64 found = 0;
    if (!gw_db_tables_exist(ledger->db, names, &found, error))
    {
        return FALSE;
    }
    if ((found & 1) == 0)
    {
        return TRUE;
    }
    g_autofree char *format = NULL;
    if (!gw_db_ask(ledger->db, ledger->sql[GW_LEDGER_FORMAT].text, NULL, 0, &format, error))
    {
        return FALSE;
    }
    if (format != NULL && strcmp(format, GW_LEDGER_FORMAT_VERSION) != 0)
    {
        gw_fail(error, GW_CODE_LEDGER, "the ledger has format %s; this godwit reads format %s",
            format, GW_LEDGER_FORMAT_VERSION);
        gw_error_add_hint(error == NULL ? NULL : *error,
            "a newer godwit has written it: run that one, on every machine");
        return FALSE;
    }
    ledger->exists = format != NULL;
    return TRUE;
}

/* Read the server's clock once; from then on our own counts. */
static gboolean
ledger_set_clock(gw_ledger *ledger, GError **error)
{
    g_autofree char *text = NULL;
    if (!gw_db_ask(ledger->db, ledger->sql[GW_LEDGER_NOW].text, NULL, 0, &text, error))
    {
        return FALSE;
    }
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    g_autoptr(GDateTime) now = g_date_time_new_from_iso8601(text == NULL ? "" : text, utc);
    if (now == NULL)
    {
        gw_fail(error, GW_CODE_INTERNAL, "the server's clock reads \"%s\"", text);
        return FALSE;
    }
    ledger->opened = gw_clock_now();
    ledger->server_wall =
        g_date_time_to_unix(now) * G_USEC_PER_SEC + g_date_time_get_microsecond(now);
    return TRUE;
}

gw_ledger *
gw_ledger_open(gw_db *db, const char *project, const char *home, GError **error)
{
    const gw_place *place = gw_db_place(db);
    g_autoptr(gw_ledger) ledger = g_new0(gw_ledger, 1);
    ledger->db = db;
    ledger->project = g_strdup(project);
    ledger->home = g_strdup(home);
    ledger->place = g_strdup(place->schema);
    ledger->queue = g_ptr_array_new_with_free_func(queued_free);
    for (guint i = 0; i < GW_LEDGER_STATEMENT_COUNT; i++)
    {
        const gw_dialect *dialect = gw_db_dialect(db);
        gw_ledger_sql_make(&ledger->sql[i], i, dialect, home, place->schema, FALSE);
        gw_ledger_sql_make(&ledger->checked[i], i, dialect, home, place->schema, TRUE);
    }
    if (!ledger_set_clock(ledger, error) || !ledger_look(ledger, error))
    {
        return NULL;
    }
    return g_steal_pointer(&ledger);
}

gboolean
gw_ledger_exists(const gw_ledger *ledger)
{
    return ledger->exists;
}

gw_db *
gw_ledger_db(const gw_ledger *ledger)
{
    return ledger->db;
}

const char *
gw_ledger_project(const gw_ledger *ledger)
{
    return ledger->project;
}

const char *
gw_ledger_home(const gw_ledger *ledger)
{
    return ledger->home;
}

const char *
gw_ledger_place(const gw_ledger *ledger)
{
    return ledger->place;
}

char *
gw_ledger_lock_name(const gw_ledger *ledger)
{
    return g_strdup_printf("godwit %s %s %s", gw_ledger_home(ledger), gw_ledger_project(ledger),
        gw_ledger_place(ledger));
}

void
gw_ledger_identify(gw_ledger *ledger, const gw_identity *identity)
{
    ledger->identity = identity;
    g_free(ledger->pid_text);
    ledger->pid_text = g_strdup_printf("%" G_GINT64_FORMAT, identity->pid);
}

const gw_identity *
gw_ledger_identity(const gw_ledger *ledger)
{
    return ledger->identity;
}

void
gw_ledger_set_fence(gw_ledger *ledger, gint64 fence)
{
    ledger->fence = fence;
    g_free(ledger->fence_text);
    ledger->fence_text = g_strdup_printf("%" G_GINT64_FORMAT, fence);
}

gint64
gw_ledger_fence(const gw_ledger *ledger)
{
    return ledger->fence;
}

char *
gw_ledger_now(const gw_ledger *ledger)
{
    return gw_clock_stamp(ledger->server_wall + gw_clock_now() - ledger->opened);
}

/* What the ledger knows by itself for a slot; else what the caller gave. */
static const char *
slot_value(const gw_ledger *ledger, guint slot, const gw_slot_values *values)
{
    static const gw_identity nobody;
    const gw_identity *who = ledger->identity == NULL ? &nobody : ledger->identity;
    if (values != NULL && values->text[slot] != NULL)
    {
        return values->text[slot];
    }
    const struct
    {
        guint slot;
        const char *text;
    } own[] = {
        {GW_SLOT_PROJECT, ledger->project},
        {GW_SLOT_PLACE, ledger->place},
        {GW_SLOT_FENCE, ledger->fence_text},
        {GW_SLOT_RUN, who->run},
        {GW_SLOT_ACTOR, who->actor},
        {GW_SLOT_HOST, who->host},
        {GW_SLOT_COMMIT, who->git_commit},
        {GW_SLOT_PROGRAM, who->program},
        {GW_SLOT_COMMAND, who->command},
        {GW_SLOT_PID, ledger->pid_text},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(own); i++)
    {
        if (own[i].slot == slot)
        {
            return own[i].text;
        }
    }
    return NULL;
}

/* Values of a statement's parameters in their order; texts are borrowed. */
static void
values_bind(const gw_ledger *ledger, gw_ledger_statement statement, const gw_slot_values *values,
    gw_value *out)
{
    const gw_ledger_sql *sql = &ledger->sql[statement];
    for (guint i = 0; i < sql->count; i++)
    {
        out[i] = gw_value_text(slot_value(ledger, sql->slots[i], values));
    }
}

void
gw_ledger_queue(gw_ledger *ledger, gw_ledger_statement statement, const gw_slot_values *values)
{
    const gw_ledger_sql *sql = &ledger->sql[statement];
    queued *entry = g_new0(queued, 1);
    entry->statement = statement;
    for (guint i = 0; i < sql->count; i++)
    {
        guint8 slot = sql->slots[i];
        if (entry->text[slot] == NULL)
        {
            entry->text[slot] = g_strdup(slot_value(ledger, slot, values));
        }
    }
    g_ptr_array_add(ledger->queue, entry);
}

guint
gw_ledger_queued(const gw_ledger *ledger)
{
    return ledger->queue->len;
}

void
gw_ledger_forget(gw_ledger *ledger)
{
    g_ptr_array_set_size(ledger->queue, 0);
}

static const queued *
queue_at(const gw_ledger *ledger, guint index)
{
    return index < ledger->queue->len ? g_ptr_array_index(ledger->queue, index) : NULL;
}

/* An event has the number after the last one that this run knows of: where another run has taken
 * over, that number is taken. */
static gboolean
has_event(const gw_ledger *ledger)
{
    for (guint i = 0; i < ledger->queue->len; i++)
    {
        if (queue_at(ledger, i)->statement == GW_LEDGER_ADD_EVENT)
        {
            return TRUE;
        }
    }
    return FALSE;
}

/* Two events, one after the other, go as one statement. */
static gboolean
are_two_events(const queued *first, const queued *second)
{
    return second != NULL && first->statement == GW_LEDGER_ADD_EVENT &&
           second->statement == GW_LEDGER_ADD_EVENT;
}

/* Without an event, the first write that has the fence looks it up: the lease's row is locked from
 * then on. */
void
gw_ledger_send(gw_ledger *ledger)
{
    gboolean checked = has_event(ledger);
    guint taken = 1;
    for (guint i = 0; i < ledger->queue->len; i += taken)
    {
        const queued *first = queue_at(ledger, i);
        const queued *second = queue_at(ledger, i + 1);
        gboolean two = are_two_events(first, second);
        guint statement = two ? GW_LEDGER_ADD_TWO_EVENTS : first->statement;
        const gw_ledger_sql *sql = checked ? &ledger->checked[statement] : &ledger->sql[statement];
        gw_value bound[GW_LEDGER_PARAMETERS];
        for (guint j = 0; j < sql->count; j++)
        {
            const queued *entry = two && j >= sql->next ? second : first;
            bound[j] = gw_value_text(entry->text[sql->slots[j]]);
        }
        if (!gw_db_pipeline_send(ledger->db, sql->text, -1, bound, sql->count))
        {
            break; /* the flush says why */
        }
        checked |= sql->fenced;
        taken = two ? 2 : 1;
    }
    gw_ledger_forget(ledger);
}

/* Everything that waits, between BEGIN and COMMIT of its own where no transaction is open. */
static gboolean
queue_write(gw_ledger *ledger, gboolean own, GError **error)
{
    const char *begin = gw_db_dialect(ledger->db)->begin;
    gboolean sent = TRUE;
    if (!gw_db_pipeline_begin(ledger->db, error))
    {
        return FALSE;
    }
    if (own)
    {
        sent = gw_db_pipeline_send(ledger->db, begin == NULL ? "BEGIN" : begin, -1, NULL, 0);
    }
    gw_ledger_send(ledger);
    if (own && sent)
    {
        sent = gw_db_pipeline_send(ledger->db, "COMMIT", -1, NULL, 0);
    }
    (void)sent; /* the flush says what failed */
    return gw_db_pipeline_flush(ledger->db, NULL, NULL, error);
}

gboolean
gw_ledger_commit(gw_ledger *ledger, GError **error)
{
    if (ledger->queue->len == 0)
    {
        return TRUE;
    }
    gboolean own = !gw_db_in_transaction(ledger->db);
    if (queue_write(ledger, own, error))
    {
        return TRUE;
    }
    gw_ledger_explain(error);
    if (own)
    {
        gw_db_rollback(ledger->db);
    }
    return FALSE;
}

gboolean
gw_ledger_write(gw_ledger *ledger, gw_db *db, gw_ledger_statement statement,
    const gw_slot_values *values, gint64 *affected, GError **error)
{
    gw_value bound[GW_LEDGER_PARAMETERS];
    const gw_ledger_sql *sql = &ledger->sql[statement];
    values_bind(ledger, statement, values, bound);
    return gw_db_exec_with(db, sql->text, bound, sql->count, affected, error);
}

gw_rows *
gw_ledger_read(gw_ledger *ledger, gw_db *db, gw_ledger_statement statement,
    const gw_slot_values *values, GError **error)
{
    gw_value bound[GW_LEDGER_PARAMETERS];
    const gw_ledger_sql *sql = &ledger->sql[statement];
    values_bind(ledger, statement, values, bound);
    return gw_db_query(db == NULL ? ledger->db : db, sql->text, bound, sql->count, error);
}

/* Make the tables one by one; those that are there stay. */
static gboolean
tables_make(gw_ledger *ledger, GError **error)
{
    g_auto(GStrv) statements =
        gw_ledger_schema(gw_db_dialect(ledger->db), ledger->home, ledger->place);
    for (guint i = 0; statements[i] != NULL; i++)
    {
        g_autoptr(GError) reason = NULL;
        if (gw_db_exec(ledger->db, statements[i], -1, NULL, &reason))
        {
            continue;
        }
        /* Two that make the same table at once: the other one has made it. */
        if (!gw_error_is(reason, GW_CODE_EXISTS) && !gw_error_is(reason, GW_CODE_UNIQUE))
        {
            g_propagate_error(error, g_steal_pointer(&reason));
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
tables_fill(gw_ledger *ledger, GError **error)
{
    g_autoptr(GError) reason = NULL;
    gw_slot_values values = {.text = {[GW_SLOT_VALUE] = GW_LEDGER_FORMAT_VERSION}};
    if (!tables_make(ledger, error))
    {
        return FALSE;
    }
    if (!gw_ledger_write(ledger, ledger->db, GW_LEDGER_SET_FORMAT, &values, NULL, &reason) &&
        !gw_error_is(reason, GW_CODE_UNIQUE))
    {
        g_propagate_error(error, g_steal_pointer(&reason));
        return FALSE;
    }
    return TRUE;
}

/* In a file, all of it costs one commit, and nobody else can make it meanwhile. */
static gboolean
tables_fill_together(gw_ledger *ledger, GError **error)
{
    if (!gw_db_begin(ledger->db, error))
    {
        return FALSE;
    }
    if (tables_fill(ledger, error) && gw_db_commit(ledger->db, error))
    {
        return TRUE;
    }
    gw_db_rollback(ledger->db);
    return FALSE;
}

gboolean
gw_ledger_create(gw_ledger *ledger, GError **error)
{
    gboolean file = gw_db_has(ledger->db, GW_FEATURE_FILE_LOCK);
    if (ledger->exists)
    {
        return TRUE;
    }
    ledger->exists = file ? tables_fill_together(ledger, error) : tables_fill(ledger, error);
    if (!ledger->exists)
    {
        gw_error_prefix(error == NULL ? NULL : *error, "the ledger cannot be made: ");
    }
    return ledger->exists;
}

void
gw_ledger_explain(GError **error)
{
    if (error == NULL ||
        (!gw_error_is(*error, GW_CODE_CONSTRAINT) && !gw_error_is(*error, GW_CODE_UNIQUE)))
    {
        return;
    }
    g_clear_error(error);
    gw_fail(
        error, GW_CODE_FENCED, "another run took the lock over while this one was not heard of");
    gw_error_add_state(*error, "nothing of what this run had begun was written");
    gw_error_add_next(*error, "godwit status");
}
