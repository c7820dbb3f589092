/* One migration in a script: the bounds of its transactions and its records, as a run has them. */
#include "jobs/sql_script.h"

/* Around one migration. */
typedef struct passage
{
    gw_sql_script *script;
    const gw_plan_migration *migration;
    gboolean rebuilds; /* references are looked at before the commit */
} passage;

static void
set_number(gw_sql_script *script, gw_slot slot, gint64 number)
{
    gw_sql_script_say_sql(script, slot, g_strdup_printf("%" G_GINT64_FORMAT, number));
}

/* A number that the last event of the migration has; `otherwise` where it has none. */
static char *
last_of(const passage *way, gw_ledger_statement statement, const char *otherwise)
{
    g_autofree char *asked = gw_sql_script_ask(way->script, statement);
    return g_strdup_printf("COALESCE(%s, %s)", asked, otherwise);
}

/* The slots of the next event that tell of its place among the others. */
static void
set_place(passage *way, gboolean carried)
{
    gw_sql_script *script = way->script;
    g_autofree char *batch = gw_sql_script_ask(script, GW_LEDGER_NEXT_BATCH);
    g_autofree char *count = gw_sql_script_ask(script, GW_LEDGER_EVENT_COUNT);
    g_autofree char *next = g_strdup_printf("%s + 1", count);
    gw_sql_script_say_sql(
        script, GW_SLOT_BATCH, carried ? last_of(way, GW_LEDGER_BATCH_OF, batch) : g_strdup(batch));
    gw_sql_script_say_sql(
        script, GW_SLOT_ORIGIN, carried ? last_of(way, GW_LEDGER_ORIGIN_OF, next) : g_strdup(next));
    gw_sql_script_say_sql(script, GW_SLOT_REPLACES, last_of(way, GW_LEDGER_NUMBER_OF, "0"));
}

/* The slots that all records of a migration have in common. */
static void
set_slots(passage *way)
{
    const gw_plan_migration *migration = way->migration;
    g_autofree char *steps = gw_plan_migration_record(migration);
    const struct
    {
        gw_slot slot;
        const char *text;
    } texts[] = {
        {GW_SLOT_VERSION, migration->version},
        {GW_SLOT_NAME, migration->name},
        {GW_SLOT_KIND, gw_plan_migration_kind(migration)},
        {GW_SLOT_STATE, "interrupted"},
        {GW_SLOT_DIRECTION, gw_direction_text(migration->direction)},
        {GW_SLOT_PHASE, migration->phase == NULL ? "" : migration->phase},
        {GW_SLOT_RAW, migration->raw_sha256},
        {GW_SLOT_TOKEN, migration->token_sha256},
        {GW_SLOT_STEP, migration->version},
        {GW_SLOT_STEPS, migration->action == GW_RECORD_VERIFY ? "" : steps},
        {GW_SLOT_DURATION, "-1"},
        {GW_SLOT_ENDED, NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    {
        gw_sql_script_say_text(way->script, texts[i].slot, texts[i].text);
    }
    gw_sql_script_say_sql(way->script, GW_SLOT_STARTED, gw_sql_script_now(way->script));
    set_place(way, gw_plan_migration_carries_on(migration));
}

/* The migration must be as the plan saw it. */
static void
guard_state(passage *way, const char *states, const char *what)
{
    g_autofree char *state = gw_sql_script_ask(way->script, GW_LEDGER_STATE_OF);
    g_autofree char *condition = g_strdup_printf("COALESCE(%s, '') IN (%s)", state, states);
    g_autofree char *text = g_strdup_printf("migration %s %s", way->migration->version, what);
    gw_sql_script_guard(way->script, condition, text);
    gw_sql_script_say_text(way->script, GW_SLOT_NAME, way->migration->name);
}

/* What must hold before its first statement. */
static void
guard_begin(passage *way)
{
    const gw_plan_migration *migration = way->migration;
    gw_sql_script_ledger(way->script, GW_LEDGER_BEAT_LEASE);
    if (migration->direction == GW_DOWN)
    {
        guard_state(way, "'applied', 'expanded', 'unverified'", "is applied");
    }
    else if (migration->action == GW_RECORD_CONTRACT)
    {
        guard_state(way, "'expanded'", "is expanded");
    }
    else if (migration->action != GW_RECORD_REDO)
    {
        guard_state(way, "''", "is pending");
    }
}

/* It begins with statements that commit by themselves: whoever looks sees it as interrupted. */
static void
record_begin(passage *way)
{
    g_autofree char *steps = g_steal_pointer(&way->script->slots[GW_SLOT_STEPS]);
    gw_sql_script_say_text(way->script, GW_SLOT_STEPS, "");
    gw_sql_script_event(way->script, GW_LEDGER_BEGIN, NULL);
    gw_sql_script_say_sql(way->script, GW_SLOT_STEPS, g_steal_pointer(&steps));
    set_place(way, TRUE);
}

static const char *
state_after(const gw_plan_migration *migration)
{
    return migration->direction == GW_DOWN ? "" : migration->expands ? "expanded" : "applied";
}

/* What a migration is at the end of its statements. */
static void
record_end(passage *way, const char *state)
{
    const gw_plan_migration *migration = way->migration;
    gw_sql_script_say_text(way->script, GW_SLOT_STATE, state);
    gw_sql_script_say_text(way->script, GW_SLOT_DIRECTION, gw_direction_text(migration->direction));
    gw_sql_script_event(way->script, gw_plan_migration_event(migration), NULL);
}

static void
record_step(passage *way, const gw_step *step, gboolean done)
{
    gw_sql_script *script = way->script;
    set_number(script, GW_SLOT_ORDINAL, step->ordinal);
    set_number(script, GW_SLOT_STATEMENTS, step->statements);
    gw_sql_script_say_text(script, GW_SLOT_HASH, step->sha256);
    gw_sql_script_say_text(script, GW_SLOT_VERB, step->facts->verb);
    gw_sql_script_say_text(script, GW_SLOT_STATE, done ? "done" : "intent");
    gw_sql_script_say_text(script, GW_SLOT_DIRECTION, gw_direction_text(way->migration->direction));
    gw_sql_script_say_sql(script, GW_SLOT_ENDED, done ? gw_sql_script_now(script) : NULL);
    gw_sql_script_ledger(script, GW_LEDGER_ADD_STEP);
}

static void
record_step_done(passage *way)
{
    gw_sql_script_say_text(way->script, GW_SLOT_STATE, "done");
    gw_sql_script_say_sql(way->script, GW_SLOT_ENDED, gw_sql_script_now(way->script));
    gw_sql_script_ledger(way->script, GW_LEDGER_UPDATE_STEP);
}

/* Can the check stand behind EXISTS? */
static gboolean
is_select(const gw_step *check)
{
    static const char *const verbs[] = {"SELECT", "WITH", "VALUES", "TABLE", "(", NULL};
    const char *text = gw_source_text(check->source) + check->offset;
    for (gsize i = 0; verbs[i] != NULL; i++)
    {
        gsize length = strlen(verbs[i]);
        if (check->length > length && g_ascii_strncasecmp(text, verbs[i], length) == 0)
        {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
put_checks(passage *way, GError **error)
{
    const GPtrArray *checks = way->migration->checks;
    gw_line_counter lines = {0};
    for (guint i = 0; i < checks->len; i++)
    {
        const gw_step *check = g_ptr_array_index(checks, i);
        if (!is_select(check))
        {
            gw_source_fail(check->source, check->offset, 1, error, GW_CODE_UNSUPPORTED,
                "a script cannot carry out this check: it is no SELECT");
            return FALSE;
        }
        g_autofree char *condition = g_strdup_printf("NOT EXISTS (\n%.*s\n)", (int)check->length,
            gw_source_text(check->source) + check->offset);
        g_autofree char *what = g_strdup_printf("migration %s: the check of line %u holds",
            way->migration->version, gw_source_line(check->source, check->offset, &lines));
        gw_sql_script_guard(way->script, condition, what);
    }
    gw_sql_script_say_text(way->script, GW_SLOT_NAME, way->migration->name);
    return TRUE;
}

/* Checks after the statements are committed: until they hold the migration is unverified. */
static gboolean
put_gate(passage *way, GError **error)
{
    if (!put_checks(way, error))
    {
        return FALSE;
    }
    set_place(way, TRUE);
    gw_sql_script_say_text(way->script, GW_SLOT_STATE, state_after(way->migration));
    gw_sql_script_say_text(way->script, GW_SLOT_STEPS, "");
    gw_sql_script_event(way->script, "verify", NULL);
    return TRUE;
}

/* --- a migration that is one transaction --- */

/* A switch of references, which godwit does around the transaction. */
static gboolean
is_hoisted(const gw_step *step)
{
    return step->transaction == 0 && step->facts->transactional == GW_TRANSACTION_OUTSIDE;
}

static gboolean
rebuilds(const gw_plan_migration *migration)
{
    gboolean found = migration->integrity;
    for (guint i = 0; i < migration->steps->len; i++)
    {
        const gw_step *step = g_ptr_array_index(migration->steps, i);
        found |= (step->facts->destroys & GW_DESTROYS_TABLE) != 0;
    }
    return found;
}

static void
put_begin(passage *way)
{
    gw_sql_script *script = way->script;
    const char *begin = script->dialect->begin;
    if (way->migration->integrity && script->words->integrity_off != NULL)
    {
        g_string_append(script->text, script->words->integrity_off);
    }
    gw_sql_script_put(script, begin == NULL ? "BEGIN" : begin);
    if (way->rebuilds)
    {
        g_string_append(script->text, script->words->broken_before);
    }
}

static void
put_locks(passage *way)
{
    const gw_dialect *dialect = way->script->dialect;
    if (way->migration->first_locks->len > 0 && dialect->lock_relations != NULL)
    {
        g_autofree char *text = dialect->lock_relations(way->migration->first_locks);
        gw_sql_script_wait(way->script, way->script->job->settings->target.stall, TRUE);
        gw_sql_script_put(way->script, text);
    }
}

/* A statement of a transaction that holds locks on tables in use, or not. */
static gboolean
put_inside(passage *way, const gw_step *step, gboolean blocking, GError **error)
{
    gw_sql_script_wait(way->script, gw_sql_script_wait_of(way->script, step, blocking), TRUE);
    return gw_sql_script_step(way->script, step, error);
}

/* Does one of the steps up to `end` lock tables in use? */
static gboolean
blocks(const passage *way, guint first, guint end)
{
    for (guint i = first; i < end; i++)
    {
        const gw_step *step = g_ptr_array_index(way->migration->steps, i);
        if (step->existing)
        {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
put_steps(passage *way, GError **error)
{
    const GPtrArray *steps = way->migration->steps;
    gboolean blocking = blocks(way, 0, steps->len);
    for (guint i = 0; i < steps->len; i++)
    {
        const gw_step *step = g_ptr_array_index(steps, i);
        if (!is_hoisted(step) && !put_inside(way, step, blocking, error))
        {
            return FALSE;
        }
    }
    return TRUE;
}

static void
put_commit(passage *way)
{
    gw_sql_script *script = way->script;
    if (way->rebuilds)
    {
        g_autofree char *condition = g_strdup_printf("NOT %s", script->words->broken_since);
        gw_sql_script_guard(script, condition, "no rows refer to rows that are not there");
        g_string_append(script->text, script->words->broken_end);
    }
    gw_sql_script_put(script, "COMMIT");
    gw_sql_script_wait_end(script, TRUE);
    if (way->migration->integrity && script->references && script->words->integrity_on != NULL)
    {
        g_string_append(script->text, script->words->integrity_on);
    }
}

static gboolean
atomic(passage *way, GError **error)
{
    const gw_plan_migration *migration = way->migration;
    gboolean gate =
        migration->direction == GW_UP && migration->checks->len > 0 && !migration->verify_inside;
    put_begin(way);
    guard_begin(way);
    put_locks(way);
    if (!put_steps(way, error) || (migration->verify_inside && !put_checks(way, error)))
    {
        return FALSE;
    }
    record_end(way, gate ? "unverified" : state_after(migration));
    put_commit(way);
    return !gate || put_gate(way, error);
}

/* --- a migration with statements outside a transaction --- */

/* As in a run: what only changes the session leaves nothing to write down. */
static gboolean
is_silent(const gw_step *step)
{
    return step->facts->kind == GW_KIND_SESSION ||
           step->facts->transactional == GW_TRANSACTION_OUTSIDE;
}

static gboolean
alone(passage *way, const gw_step *step, GError **error)
{
    if (is_silent(step))
    {
        return gw_sql_script_step(way->script, step, error);
    }
    gw_sql_script_ledger(way->script, GW_LEDGER_BEAT_LEASE);
    record_step(way, step, FALSE);
    gw_sql_script_wait(
        way->script, gw_sql_script_wait_of(way->script, step, step->existing), FALSE);
    if (!gw_sql_script_step(way->script, step, error))
    {
        return FALSE;
    }
    gw_sql_script_wait_end(way->script, FALSE);
    record_step_done(way);
    return TRUE;
}

/* The index after the steps of one transaction number from `first` on. */
static guint
group_end(const passage *way, guint first)
{
    const GPtrArray *steps = way->migration->steps;
    guint number = ((const gw_step *)g_ptr_array_index(steps, first))->transaction;
    guint end = first + 1;
    while (
        end < steps->len && ((const gw_step *)g_ptr_array_index(steps, end))->transaction == number)
    {
        end++;
    }
    return end;
}

/* Steps of one transaction number from `first` on; *next gets the index of the one after. */
static gboolean
together(passage *way, guint first, guint *next, GError **error)
{
    const GPtrArray *steps = way->migration->steps;
    const char *begin = way->script->dialect->begin;
    *next = group_end(way, first);
    gboolean blocking = blocks(way, first, *next);
    gw_sql_script_put(way->script, begin == NULL ? "BEGIN" : begin);
    for (guint i = first; i < *next; i++)
    {
        if (!put_inside(way, g_ptr_array_index(steps, i), blocking, error))
        {
            return FALSE;
        }
    }
    for (guint i = first; i < *next; i++)
    {
        record_step(way, g_ptr_array_index(steps, i), TRUE);
    }
    gw_sql_script_put(way->script, "COMMIT");
    gw_sql_script_wait_end(way->script, TRUE);
    return TRUE;
}

static gboolean
journalled(passage *way, GError **error)
{
    const gw_plan_migration *migration = way->migration;
    gboolean gate = migration->direction == GW_UP && migration->checks->len > 0;
    guint i = 0;
    guard_begin(way);
    record_begin(way);
    while (i < migration->steps->len)
    {
        const gw_step *step = g_ptr_array_index(migration->steps, i);
        guint next = i + 1;
        gboolean done =
            step->transaction == 0 ? alone(way, step, error) : together(way, i, &next, error);
        if (!done)
        {
            return FALSE;
        }
        i = next;
    }
    gw_sql_script_ledger(way->script, GW_LEDGER_DELETE_STEPS);
    record_end(way, gate ? "unverified" : state_after(migration));
    return !gate || put_gate(way, error);
}

/* The session as the next migration expects it. */
static void
put_session_back(gw_sql_script *script)
{
    g_string_append(script->text, script->words->reset);
    gw_sql_script_session(script);
}

static gboolean
refuse_half(const gw_plan_migration *migration, GError **error)
{
    gw_fail(error, GW_CODE_INTERRUPTED_MIGRATION,
        "migration %s is half applied, and a script cannot take it up", migration->version);
    gw_error_add_hint(error == NULL ? NULL : *error,
        "a run finds out where it stopped; make the script again after it");
    gw_error_add_next(error == NULL ? NULL : *error, "godwit up --to %s", migration->version);
    return FALSE;
}

gboolean
gw_sql_script_migration(gw_sql_script *script, const gw_plan_migration *migration, GError **error)
{
    passage way = {
        .script = script,
        .migration = migration,
        .rebuilds = script->words->broken_since != NULL && rebuilds(migration),
    };
    if (migration->resume)
    {
        return refuse_half(migration, error);
    }
    g_string_append_c(script->text, '\n');
    gw_sql_script_say(script, "%s %s (%s%s%s), from %s", migration->version, migration->name,
        gw_direction_text(migration->direction), migration->phase[0] == '\0' ? "" : ", ",
        migration->phase, migration->file);
    set_slots(&way);
    if (migration->action == GW_RECORD_VERIFY)
    {
        guard_state(&way, "'unverified', 'applied'", "is applied");
        return put_gate(&way, error);
    }
    if (!(migration->atomic ? atomic(&way, error) : journalled(&way, error)))
    {
        return FALSE;
    }
    if (migration->session)
    {
        put_session_back(script);
    }
    return TRUE;
}
