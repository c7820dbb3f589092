/* `plan --sql`: the plan as a script, with a connection or without one. */
#include "base/text.h"
#include "jobs/plans.h"
#include "jobs/sql_script.h"
#include "project/config.h"
#include "project/name.h"

/* How long the lease of a script lasts after each of its signs of life. */
#define LEASE_LIFE "3600000000"

/* Does the session act on references? Asked by switching that off and back on. */
static gboolean
read_references(gw_sql_script *script, gw_db *db, GError **error)
{
    if (db == NULL || script->words->integrity_off == NULL)
    {
        return TRUE;
    }
    return gw_db_integrity_suspend(db, &script->references, error) &&
           gw_db_integrity_resume(db, script->references, error);
}

/* The slots that every statement of the ledger has. */
static void
set_slots(gw_sql_script *script)
{
    const gw_job *job = script->job;
    const gw_identity *who = &job->identity;
    gw_sql_script_say_text(script, GW_SLOT_PROJECT, job->settings->project);
    if (script->place == NULL)
    {
        gw_sql_script_say_sql(script, GW_SLOT_PLACE, g_strdup(script->words->place));
    }
    else
    {
        gw_sql_script_say_text(script, GW_SLOT_PLACE, script->place);
    }
    gw_sql_script_say_text(script, GW_SLOT_RUN, script->run);
    gw_sql_script_say_sql(script, GW_SLOT_FENCE, g_strdup("fence"));
    gw_sql_script_say_sql(script, GW_SLOT_ACTOR, g_strdup(script->words->user));
    gw_sql_script_say_text(script, GW_SLOT_COMMIT, who->git_commit);
    gw_sql_script_say_text(script, GW_SLOT_PROGRAM, who->program);
    gw_sql_script_say_text(script, GW_SLOT_COMMAND, who->command);
    gw_sql_script_say_text(script, GW_SLOT_LIFE, LEASE_LIFE);
    gw_sql_script_say_text(
        script, GW_SLOT_MODE, script->words->holds == NULL ? "lease" : "session");
}

gboolean
gw_sql_script_init(gw_sql_script *script, gw_job *job, GError **error)
{
    const gw_dialect *dialect = job->planning.dialect;
    memset(script, 0, sizeof *script);
    if (dialect->script == NULL)
    {
        gw_fail(error, GW_CODE_UNSUPPORTED, "there are no scripts for %s", dialect->title);
        return FALSE;
    }
    gw_job_identify(job, "script");
    script->job = job;
    script->dialect = dialect;
    script->words = dialect->script;
    script->home = job->settings->ledger;
    script->place = job->db == NULL ? NULL : gw_db_place(job->db)->schema;
    script->run = g_strconcat(GW_SCRIPT_RUN, job->run_id, NULL);
    script->text = g_string_new(NULL);
    set_slots(script);
    return read_references(script, job->db, error);
}

/* Statements with a literal for each %s. */
static void
put_filled(gw_sql_script *script, const char *statements, const char *text)
{
    g_autoptr(GString) literal = g_string_new(NULL);
    g_autoptr(GString) filled = g_string_new(statements);
    script->dialect->quote_text(literal, text);
    g_string_replace(filled, "%s", literal->str, 0);
    g_string_append(script->text, filled->str);
}

void
gw_sql_script_session(gw_sql_script *script)
{
    const char *role = script->job->settings->target.role;
    if (role != NULL && gw_dialect_has(script->dialect, GW_FEATURE_SERVER))
    {
        g_autofree char *name = gw_dialect_name(script->dialect, NULL, role);
        g_autofree char *text = g_strconcat("SET ROLE ", name, NULL);
        gw_sql_script_put(script, text);
    }
    put_filled(script, script->words->session, script->home);
    if (script->words->integrity_off != NULL)
    {
        g_string_append(script->text,
            script->references ? script->words->integrity_on : script->words->integrity_off);
    }
}

static void
say_head(gw_sql_script *script, const gw_plan *plan)
{
    const gw_job *job = script->job;
    g_autofree char *digest = plan->binding.files == NULL ? NULL : gw_plan_digest(plan);
    gw_sql_script_say(script, "godwit %s of project %s, for %s%s%s", plan->command, plan->project,
        script->dialect->title, job->db == NULL ? "" : ", ",
        job->db == NULL ? "" : job->settings->target.shown);
    gw_sql_script_say(script, "Run it with:  %s", script->words->run);
    gw_sql_script_say(script,
        "It does what \"godwit %s\" would, in the same transactions, and records itself in the "
        "ledger.",
        plan->command);
    gw_sql_script_say(script, "It stops at the first error.");
    gw_sql_script_say_waits(script);
    if (digest != NULL)
    {
        gw_sql_script_say(script, "plan %s", digest);
    }
    for (guint i = 0; i < plan->warnings->len; i++)
    {
        gw_sql_script_say(
            script, "warning: %s", (const char *)g_ptr_array_index(plan->warnings, i));
    }
    g_string_append_c(script->text, '\n');
}

static void
put_ledger(gw_sql_script *script)
{
    const gw_job *job = script->job;
    if (job->ledger == NULL || !gw_ledger_exists(job->ledger))
    {
        g_auto(GStrv) statements = gw_ledger_schema(script->dialect, script->home, script->place);
        g_string_append_c(script->text, '\n');
        gw_sql_script_say(script, "The ledger, where it is missing.");
        for (guint i = 0; statements[i] != NULL; i++)
        {
            gw_sql_script_put(script, statements[i]);
        }
    }
    gw_sql_script_say_text(script, GW_SLOT_VALUE, GW_LEDGER_FORMAT_VERSION);
    gw_sql_script_ledger(script, GW_LEDGER_ENSURE_FORMAT);
    gw_sql_script_ledger(script, GW_LEDGER_ENSURE_LEASE);
}

/* The name of the run lock as an expression: with the place that the session says, if need be. */
static char *
lock_name(const gw_sql_script *script)
{
    const char *mark = "@@place@@";
    g_autofree char *name = g_strdup_printf("godwit %s %s %s", script->home,
        script->job->settings->project, script->place == NULL ? mark : script->place);
    GString *out = g_string_new(NULL);
    script->dialect->quote_text(out, name);
    if (script->place == NULL)
    {
        g_string_prepend(out, "REPLACE(");
        g_string_append_printf(out, ", '%s', %s)", mark, script->words->place);
    }
    return g_string_free(out, FALSE);
}

/* When the lease may be taken: nobody has it, the lock is ours, and the session is in the place
 * and the ledger of the format that the script was made for. */
static char *
claim_condition(const gw_sql_script *script)
{
    g_autofree char *format = gw_sql_script_ask(script, GW_LEDGER_FORMAT);
    GString *out = g_string_new("CASE WHEN (run IS NULL OR run LIKE '" GW_SCRIPT_RUN "%')");
    g_string_append_printf(out, " AND %s = '" GW_LEDGER_FORMAT_VERSION "'", format);
    if (script->place != NULL)
    {
        g_string_append_printf(out, " AND %s = ", script->words->place);
        script->dialect->quote_text(out, script->place);
    }
    if (script->words->holds != NULL)
    {
        g_autofree char *name = lock_name(script);
        GString *holds = g_string_new(script->words->holds);
        g_string_replace(holds, "%s", name, 0);
        g_string_append_printf(out, " AND %s", holds->str);
        g_string_free(holds, TRUE);
    }
    g_string_append(out, " THEN fence END");
    return g_string_free(out, FALSE);
}

/* An event of no migration. */
static void
put_run_event(gw_sql_script *script, const gw_plan *plan)
{
    static const gw_slot texts[] = {GW_SLOT_VERSION, GW_SLOT_NAME, GW_SLOT_KIND, GW_SLOT_STATE,
        GW_SLOT_DIRECTION, GW_SLOT_PHASE, GW_SLOT_RAW, GW_SLOT_TOKEN, GW_SLOT_STARTED,
        GW_SLOT_STEPS};
    static const gw_slot numbers[] = {
        GW_SLOT_BATCH, GW_SLOT_ORIGIN, GW_SLOT_REPLACES, GW_SLOT_DURATION};
    const gw_identity *who = &script->job->identity;
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    {
        gw_sql_script_say_text(script, texts[i], "");
    }
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
    {
        gw_sql_script_say_sql(script, numbers[i], g_strdup("0"));
    }
    g_autofree char *note = g_strdup_printf(
        "%s, by a script that %s on %s wrote", plan->command, who->actor, who->host);
    gw_sql_script_event(script, "run", note);
}

/*
 * As a run does: claim the lease, and from then on write its number with everything. Without the
 * lease that number is NULL, where NULL may not be: the first write fails.
 */
static void
put_lock(gw_sql_script *script, const gw_plan *plan)
{
    g_string_append_c(script->text, '\n');
    gw_sql_script_say(script, "The run lock. Where the second statement fails with a NULL in "
                              "\"fence\", the lock was not got: another run");
    gw_sql_script_say(script, "holds it, or the session is not in the schema that the script was "
                              "made for. Nothing was changed.");
    gw_sql_script_say_sql(script, GW_SLOT_STARTED, gw_sql_script_now(script));
    gw_sql_script_say_sql(script, GW_SLOT_FENCE, claim_condition(script));
    gw_sql_script_ledger(script, GW_LEDGER_CLAIM_LEASE);
    gw_sql_script_say_sql(script, GW_SLOT_FENCE, g_strdup("fence"));
    gw_sql_script_ledger(script, GW_LEDGER_ADD_RUN);
    put_run_event(script, plan);
}

static void
put_end(gw_sql_script *script)
{
    g_string_append_c(script->text, '\n');
    gw_sql_script_say(script, "The end of the run.");
    gw_sql_script_say_text(script, GW_SLOT_STATE, "done");
    gw_sql_script_say_sql(script, GW_SLOT_ENDED, gw_sql_script_now(script));
    gw_sql_script_say_sql(script, GW_SLOT_NUMBER, gw_sql_script_ask(script, GW_LEDGER_EVENT_COUNT));
    gw_sql_script_ledger(script, GW_LEDGER_END_RUN);
    gw_sql_script_ledger(script, GW_LEDGER_FREE_LEASE);
}

/* A ledger of ours would hide another tool's history from later runs. */
static gboolean
check_foreign(const gw_job *job, GError **error)
{
    if (job->foreign == NULL)
    {
        return TRUE;
    }
    gw_fail(error, GW_CODE_FOREIGN_HISTORY, "%s has migrated this database: %s says %u applied",
        job->foreign->tool, job->foreign->table, job->foreign->applied->len);
    gw_error_add_next(error == NULL ? NULL : *error, "godwit status");
    return FALSE;
}

char *
gw_plan_sql(const gw_plan *plan, gw_job *job, GError **error)
{
    g_auto(gw_sql_script) script = {0};
    if (!check_foreign(job, error) || !gw_sql_script_init(&script, job, error))
    {
        return NULL;
    }
    say_head(&script, plan);
    if (plan->migrations->len == 0)
    {
        gw_sql_script_say(&script, "There is nothing to do.");
        return g_string_free(g_steal_pointer(&script.text), FALSE);
    }
    g_string_append(script.text, script.words->client);
    g_string_append(script.text, script.words->save);
    gw_sql_script_session(&script);
    put_ledger(&script);
    put_lock(&script, plan);
    for (guint i = 0; i < plan->migrations->len; i++)
    {
        if (!gw_sql_script_migration(&script, g_ptr_array_index(plan->migrations, i), error))
        {
            return NULL;
        }
    }
    put_end(&script);
    return g_string_free(g_steal_pointer(&script.text), FALSE);
}

/* --- without a connection --- */

/* The dialect of --database among those of the drivers in this build. */
static const gw_dialect *
dialect_named(const gw_job *job, GError **error)
{
    const char *name = gw_job_option(job, "database");
    g_autoptr(GString) known = g_string_new(NULL);
    for (guint i = 0; job->drivers[i] != NULL; i++)
    {
        const gw_dialect *dialect = job->drivers[i]->dialect;
        if (dialect == NULL)
        {
            continue;
        }
        if (name != NULL && gw_dialect_answers(dialect, name))
        {
            return dialect;
        }
        g_string_append_printf(known, "%s%s", known->len == 0 ? "" : ", ", dialect->name);
    }
    if (name == NULL)
    {
        gw_fail(error, GW_CODE_USAGE, "--from wants --database: one of %s", known->str);
    }
    else
    {
        gw_fail(
            error, GW_CODE_USAGE, "there is no database \"%s\"; there are %s", name, known->str);
    }
    return NULL;
}

/* As if all migrations up to `from` were applied, and nothing else. */
static gboolean
assume(gw_job *job, const char *from, GError **error)
{
    g_autoptr(GArray) records = g_array_new(FALSE, TRUE, sizeof(gw_record));
    gboolean some = from != NULL && strcmp(from, "0") != 0;
    if (some && gw_project_need(job->project, from, error) == NULL)
    {
        return FALSE;
    }
    for (guint i = 0; some && i < job->project->migrations->len; i++)
    {
        const gw_migration *migration = g_ptr_array_index(job->project->migrations, i);
        gw_record record = {
            .version = migration->version,
            .name = migration->name,
            .kind = migration->repeatable ? "repeatable" : "migration",
            .state = GW_STATE_APPLIED,
            .direction = "up",
            .raw_sha256 = migration->sha256,
            .batch = 1,
            .origin = i + 1,
        };
        if (gw_version_compare(migration->version, from) <= 0)
        {
            g_array_append_val(records, record);
        }
    }
    job->history = gw_history_new((const gw_record *)(gpointer)records->data, records->len);
    job->planning.history = job->history;
    return TRUE;
}

/* Without a target locks are waited for as by default. */
static gboolean
assume_waits(gw_job *job, GError **error)
{
    gw_target *target = &job->settings->target;
    const gw_config_key *keys = gw_config_key_find(gw_config_keys(), "targets")->keys;
    return gw_duration_parse(gw_config_key_find(keys, "stall")->fallback, &target->stall, error) &&
           gw_duration_parse(
               gw_config_key_find(keys, "patience")->fallback, &target->patience, error);
}

static gboolean
open_offline(gw_job *job, GError **error)
{
    const gw_dialect *dialect = dialect_named(job, error);
    job->request.without_target = TRUE;
    return dialect != NULL && gw_job_open_project(job, dialect, error) &&
           assume_waits(job, error) && assume(job, gw_job_option(job, "from"), error);
}

gboolean
gw_job_plan_offline(gw_job *job, GError **error)
{
    if (!gw_job_flag(job, "sql"))
    {
        gw_fail(error, GW_CODE_USAGE, "--from and --database go with --sql");
        gw_error_add_next(error == NULL ? NULL : *error, "godwit help plan");
        return FALSE;
    }
    if (!open_offline(job, error))
    {
        return FALSE;
    }
    g_autoptr(gw_plan) plan =
        gw_job_flag(job, "down") ? gw_job_plan_down(job, error) : gw_job_plan_up(job, error);
    g_autofree char *sql = plan == NULL ? NULL : gw_plan_sql(plan, job, error);
    if (sql == NULL)
    {
        return FALSE;
    }
    gw_json_text(job->result, "sql", sql);
    job->status = gw_job_flag(job, "exit-code") && plan->migrations->len > 0 ? 1 : 0;
    return TRUE;
}
