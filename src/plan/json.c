#include "plan/json.h"

#define STATEMENT_SHOWN 200

void
gw_json_text(JsonBuilder *builder, const char *name, const char *text)
{
    json_builder_set_member_name(builder, name);
    if (text == NULL)
    {
        json_builder_add_null_value(builder);
        return;
    }
    json_builder_add_string_value(builder, text);
}

void
gw_json_integer(JsonBuilder *builder, const char *name, gint64 value)
{
    json_builder_set_member_name(builder, name);
    json_builder_add_int_value(builder, value);
}

void
gw_json_boolean(JsonBuilder *builder, const char *name, gboolean value)
{
    json_builder_set_member_name(builder, name);
    json_builder_add_boolean_value(builder, value);
}

void
gw_json_texts(JsonBuilder *builder, const char *name, const GPtrArray *texts)
{
    json_builder_set_member_name(builder, name);
    json_builder_begin_array(builder);
    for (guint i = 0; texts != NULL && i < texts->len; i++)
    {
        json_builder_add_string_value(builder, g_ptr_array_index(texts, i));
    }
    json_builder_end_array(builder);
}

/* An estimate: null where it is not known. */
static void
estimate(JsonBuilder *builder, const char *name, gint64 value)
{
    json_builder_set_member_name(builder, name);
    if (value < 0)
    {
        json_builder_add_null_value(builder);
        return;
    }
    json_builder_add_int_value(builder, value);
}

static void
build_locks(const gw_facts *facts, JsonBuilder *builder)
{
    json_builder_set_member_name(builder, "locks");
    json_builder_begin_array(builder);
    for (guint i = 0; i < facts->relations->len; i++)
    {
        const gw_fact_relation *relation = g_ptr_array_index(facts->relations, i);
        g_autofree char *name = relation->schema == NULL
                                    ? g_strdup(relation->name)
                                    : g_strconcat(relation->schema, ".", relation->name, NULL);
        json_builder_begin_object(builder);
        gw_json_text(builder, "relation", name);
        gw_json_text(builder, "lock", relation->lock);
        gw_json_text(builder, "blocks", gw_blocks_text(relation->blocks));
        gw_json_text(builder, "span", relation->span == GW_SPAN_MOMENT ? "moment" : "rows");
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

static const char *const transactional_texts[] = {
    [GW_TRANSACTION_FITS] = "fits",
    [GW_TRANSACTION_COMMITS] = "commits by itself",
    [GW_TRANSACTION_REFUSES] = "refuses one",
    [GW_TRANSACTION_OUTSIDE] = "outside",
};

static const char *const probe_texts[] = {
    [GW_PROBE_NONE] = "none needed",
    [GW_PROBE_APPEARS] = "object appears",
    [GW_PROBE_VANISHES] = "object vanishes",
    [GW_PROBE_DEFINITION] = "definition changes",
    [GW_PROBE_CATALOG] = "catalog changes",
    [GW_PROBE_REPEAT] = "may be repeated",
    [GW_PROBE_IMPOSSIBLE] = "impossible",
};

static void
build_destroys(guint destroys, JsonBuilder *builder)
{
    static const char *const words[] = {"table", "column", "rows", "values", "object"};
    json_builder_set_member_name(builder, "destroys");
    json_builder_begin_array(builder);
    for (guint i = 0; i < G_N_ELEMENTS(words); i++)
    {
        if ((destroys & (1u << i)) != 0)
        {
            json_builder_add_string_value(builder, words[i]);
        }
    }
    json_builder_end_array(builder);
}

/* What is known while the text is at hand. */
static void
build_place(const gw_step *step, gw_line_counter *lines, JsonBuilder *builder)
{
    g_autofree char *title = gw_step_title(step, STATEMENT_SHOWN);
    gw_json_text(builder, "section", gw_section_name(step->section->kind));
    gw_json_text(builder, "statement", title);
    gw_json_text(builder, "file", gw_source_name(step->source));
    gw_json_integer(builder, "line", gw_source_line(step->source, step->offset, lines));
}

static void
build_step(const gw_plan_migration *migration, const gw_step *step, gw_line_counter *lines,
    JsonBuilder *builder)
{
    const gw_facts *facts = step->facts;
    json_builder_begin_object(builder);
    gw_json_integer(builder, "id", step->id);
    if (step->source != NULL)
    {
        build_place(step, lines, builder);
    }
    gw_json_integer(builder, "ordinal", step->ordinal);
    gw_json_integer(builder, "count", step->statements);
    gw_json_boolean(builder, "done", step->ordinal < migration->resume_at);
    gw_json_text(builder, "verb", facts->verb);
    gw_json_text(builder, "object", facts->object);
    build_locks(facts, builder);
    gw_json_text(builder, "blocks", gw_blocks_text(gw_step_blocks(step)));
    gw_json_text(builder, "rewrite", gw_answer3_text(facts->rewrite));
    gw_json_text(builder, "scan", gw_answer3_text(facts->scan));
    gw_json_integer(builder, "transaction", step->transaction);
    gw_json_text(builder, "transactional", transactional_texts[facts->transactional]);
    build_destroys(facts->destroys, builder);
    gw_json_text(builder, "probe", probe_texts[facts->probe.kind]);
    estimate(builder, "rows", step->rows);
    estimate(builder, "bytes", step->bytes);
    gw_json_text(builder, "note", facts->note);
    json_builder_end_object(builder);
}

static const char *
reversible_text(const gw_plan_migration *migration)
{
    if (migration->irreversible != NULL)
    {
        return "irreversible";
    }
    return migration->reversible ? "yes" : "no";
}

/* As many of the steps as `room` still has. */
static void
build_steps(const gw_plan_migration *migration, guint *room, JsonBuilder *builder)
{
    gw_line_counter lines = {0};
    guint count = MIN(migration->steps->len, *room);
    *room -= count;
    json_builder_set_member_name(builder, "steps");
    json_builder_begin_array(builder);
    for (guint i = 0; i < count; i++)
    {
        build_step(migration, g_ptr_array_index(migration->steps, i), &lines, builder);
    }
    json_builder_end_array(builder);
    gw_json_integer(builder, "steps_left_out", migration->steps->len - count);
}

static void
build_migration(const gw_plan_migration *migration, guint *room, JsonBuilder *builder)
{
    json_builder_begin_object(builder);
    gw_json_text(builder, "version", migration->version);
    gw_json_text(builder, "name", migration->name);
    gw_json_text(builder, "direction", gw_direction_text(migration->direction));
    gw_json_text(builder, "phase", migration->phase);
    gw_json_text(builder, "description", migration->description);
    gw_json_text(builder, "file", migration->file);
    gw_json_text(builder, "reversible", reversible_text(migration));
    gw_json_boolean(builder, "repeatable", migration->repeatable);
    gw_json_boolean(builder, "applicable", migration->action != GW_RECORD_SKIP);
    gw_json_boolean(builder, "atomic", migration->atomic);
    gw_json_text(builder, "sha256", migration->raw_sha256);
    gw_json_integer(builder, "statements", gw_plan_migration_last(migration));
    estimate(builder, "resume_at", migration->resume_at == 0 ? -1 : (gint64)migration->resume_at);
    build_steps(migration, room, builder);
    gw_json_integer(builder, "checks", migration->checks->len);
    gw_json_texts(builder, "warnings", migration->warnings);
    json_builder_end_object(builder);
}

void
gw_plan_build(const gw_plan *plan, guint most, JsonBuilder *builder)
{
    guint count = most == 0 ? plan->migrations->len : MIN(most, plan->migrations->len);
    guint room = most == 0 ? G_MAXUINT : most;
    g_autofree char *digest = gw_plan_digest(plan);
    gw_json_text(builder, "command", plan->command);
    gw_json_text(builder, "project", plan->project);
    json_builder_set_member_name(builder, "migrations");
    json_builder_begin_array(builder);
    for (guint i = 0; i < count; i++)
    {
        gw_plan_migration *migration = g_ptr_array_index(plan->migrations, i);
        g_autoptr(GError) gone = NULL; /* the run will say so; the plan is shown without texts */
        gboolean held = gw_plan_migration_hold(migration, &gone);
        (void)held;
        build_migration(migration, &room, builder);
        gw_plan_migration_release(migration);
    }
    json_builder_end_array(builder);
    gw_json_integer(builder, "left_out", plan->migrations->len - count);
    gw_json_texts(builder, "warnings", plan->warnings);
    json_builder_set_member_name(builder, "bound");
    json_builder_begin_object(builder);
    gw_json_text(builder, "files", plan->binding.files);
    gw_json_text(builder, "ledger", plan->binding.ledger);
    gw_json_text(builder, "schema", plan->binding.schema);
    json_builder_end_object(builder);
    gw_json_text(builder, "digest", digest);
}
