/* `plan --markdown`: the plan for a pull request. */
#include "jobs/plans.h"

#define TITLE_CHARACTERS 80
#define SQL_BYTES        20000 /* of one migration: a review reads statements, not data */

/* The longest run of backticks in a text. */
static guint
longest_ticks(const char *text, gsize length)
{
    guint longest = 0;
    guint run = 0;
    for (gsize i = 0; i < length; i++)
    {
        run = text[i] == '`' ? run + 1 : 0;
        longest = MAX(longest, run);
    }
    return longest;
}

static void
put_ticks(GString *out, guint count)
{
    for (guint i = 0; i < count; i++)
    {
        g_string_append_c(out, '`');
    }
}

/* Code inside a line or a cell of a table. */
static void
put_code(GString *out, const char *text)
{
    guint ticks = longest_ticks(text, strlen(text)) + 1;
    put_ticks(out, ticks);
    g_string_append(out, ticks > 1 ? " " : "");
    for (const char *at = text; *at != '\0'; at++)
    {
        g_string_append(out, *at == '|' ? "\\" : "");
        g_string_append_c(out, *at == '\n' ? ' ' : *at);
    }
    g_string_append(out, ticks > 1 ? " " : "");
    put_ticks(out, ticks);
}

/* Text of users: nothing in it is markup, and it stays in its line. */
static void
put_text(GString *out, const char *text)
{
    for (const char *at = text; text != NULL && *at != '\0'; at++)
    {
        gboolean special = strchr("\\`*_{}[]<>#|~", *at) != NULL;
        g_string_append(out, special ? "\\" : "");
        g_string_append_c(out, *at == '\n' || *at == '\r' ? ' ' : *at);
    }
}

static void
put_target(GString *out, const gw_job *job)
{
    if (job->db == NULL)
    {
        return;
    }
    const gw_target *target = &job->settings->target;
    const gw_place *place = gw_db_place(job->db);
    g_string_append(out, "Target: ");
    if (target->name != NULL)
    {
        g_string_append(out, "**");
        put_text(out, target->name);
        g_string_append(out, "**, ");
    }
    put_code(out, target->shown);
    g_string_append_printf(out, ", %s ", gw_db_dialect(job->db)->title);
    put_text(out, place->version);
    g_string_append(out, target->protect ? ", protected\n\n" : "\n\n");
}

/* The strongest lock of a step in the database's own word. */
static const char *
lock_of(const gw_step *step)
{
    const gw_fact_relation *strongest = NULL;
    for (guint i = 0; i < step->facts->relations->len; i++)
    {
        const gw_fact_relation *relation = g_ptr_array_index(step->facts->relations, i);
        if (strongest == NULL || relation->blocks > strongest->blocks)
        {
            strongest = relation;
        }
    }
    return strongest == NULL || strongest->lock == NULL ? "" : strongest->lock;
}

static const char *
undo_of(const gw_plan_migration *migration)
{
    if (migration->direction == GW_DOWN)
    {
        return "";
    }
    if (migration->irreversible != NULL)
    {
        return "irreversible";
    }
    return migration->reversible ? "yes" : "no";
}

static void
put_step(GString *out, const gw_plan_migration *migration, const gw_step *step)
{
    const gw_facts *facts = step->facts;
    g_autofree char *title = gw_step_title(step, TITLE_CHARACTERS);
    g_string_append_printf(out, "| %u | ", step->id);
    put_code(out, title);
    if (step->statements > 1)
    {
        g_string_append_printf(out, " and %u more", step->statements - 1);
    }
    g_string_append_printf(out, " | %s | %s | %s | %s | ", gw_blocks_text(gw_step_blocks(step)),
        lock_of(step), gw_answer3_text(facts->rewrite), gw_answer3_text(facts->scan));
    if (step->rows >= 0)
    {
        g_string_append_printf(out, "%" G_GINT64_FORMAT, step->rows);
    }
    else
    {
        g_string_append_c(out, '?');
    }
    g_string_append_printf(out, " | %s |\n", undo_of(migration));
}

static void
put_steps(GString *out, const gw_plan_migration *migration)
{
    if (migration->steps->len == 0)
    {
        g_string_append(out, migration->action == GW_RECORD_SKIP
                                 ? "Not for this database: recorded, nothing runs.\n\n"
                                 : "No statements.\n\n");
        return;
    }
    if (migration->resume_at > 0)
    {
        g_string_append_printf(out, "Going on at statement %u of %u: a run has left it there.\n\n",
            migration->resume_at, gw_plan_migration_last(migration));
    }
    g_string_append(out, "| # | Statement | Blocks | Lock | Rewrite | Scan | Rows | Undo |\n"
                         "| ---: | --- | --- | --- | --- | --- | ---: | --- |\n");
    for (guint i = 0; i < migration->steps->len; i++)
    {
        const gw_step *step = g_ptr_array_index(migration->steps, i);
        if (step->ordinal >= migration->resume_at)
        {
            put_step(out, migration, step);
        }
    }
    g_string_append(out, migration->atomic
                             ? "\nAll in one transaction.\n\n"
                             : "\n**Not one transaction**: after a failure the statements before "
                               "it stand, and the next run goes on there.\n\n");
}

static void
put_remark(GString *out, const char *label, const char *text)
{
    g_string_append_printf(out, "- **%s** ", label);
    put_text(out, text);
    g_string_append_c(out, '\n');
}

/* Warnings of the migration, and what its statements say of themselves. */
static void
put_remarks(GString *out, const gw_plan_migration *migration)
{
    gsize before = out->len;
    for (guint i = 0; migration->warnings != NULL && i < migration->warnings->len; i++)
    {
        put_remark(out, "warning:", g_ptr_array_index(migration->warnings, i));
    }
    for (guint i = 0; i < migration->steps->len; i++)
    {
        const gw_step *step = g_ptr_array_index(migration->steps, i);
        if (step->facts->note != NULL)
        {
            g_autofree char *label = g_strdup_printf("step %u:", step->id);
            put_remark(out, label, step->facts->note);
        }
    }
    g_string_append(out, out->len > before ? "\n" : "");
}

/* The statements as the file has them, cut where data begin to be the most of it. */
static char *
sql_of(const gw_plan_migration *migration)
{
    GString *sql = g_string_new(NULL);
    for (guint i = 0; i < migration->steps->len; i++)
    {
        const gw_step *step = g_ptr_array_index(migration->steps, i);
        const char *text = gw_source_text(step->source) + step->offset;
        gsize room = SQL_BYTES - MIN(sql->len, SQL_BYTES);
        g_autofree char *part = g_utf8_make_valid(text, (gssize)MIN(step->length, room));
        g_string_append_printf(sql, "%s;\n", part);
        if (step->length > room)
        {
            g_string_append(sql, "-- … and more\n");
            break;
        }
    }
    return g_string_free(sql, FALSE);
}

static void
put_sql(GString *out, const gw_plan_migration *migration)
{
    if (migration->steps->len == 0)
    {
        return;
    }
    g_autofree char *sql = sql_of(migration);
    guint ticks = MAX(3, longest_ticks(sql, strlen(sql)) + 1);
    g_string_append(out, "<details><summary>SQL</summary>\n\n");
    put_ticks(out, ticks);
    g_string_append_printf(out, "sql\n%s", sql);
    put_ticks(out, ticks);
    g_string_append(out, "\n\n</details>\n\n");
}

static void
put_migration(GString *out, const gw_plan_migration *migration)
{
    g_string_append(out, "## ");
    put_text(out, migration->version);
    g_string_append_c(out, ' ');
    put_text(out, migration->name);
    g_string_append_printf(out, " (%s%s%s)\n\n", gw_direction_text(migration->direction),
        migration->phase[0] == '\0' ? "" : ", ", migration->phase);
    if (migration->description != NULL)
    {
        put_text(out, migration->description);
        g_string_append(out, "\n\n");
    }
    put_steps(out, migration);
    put_remarks(out, migration);
    put_sql(out, migration);
}

char *
gw_plan_markdown(const gw_plan *plan, const gw_job *job)
{
    GString *out = g_string_new("# Migrations: ");
    guint count = plan->migrations->len;
    put_text(out, plan->project);
    g_string_append_c(out, ' ');
    g_string_append(out, plan->command);
    g_string_append(out, "\n\n");
    put_target(out, job);
    if (count == 0)
    {
        g_string_append(out, "Nothing to do.\n");
        return g_string_free(out, FALSE);
    }
    g_string_append_printf(out, "%u migration%s, %u step%s.\n\n", count, count == 1 ? "" : "s",
        gw_plan_steps(plan), gw_plan_steps(plan) == 1 ? "" : "s");
    for (guint i = 0; i < plan->warnings->len; i++)
    {
        put_remark(out, "warning:", g_ptr_array_index(plan->warnings, i));
    }
    g_string_append(out, plan->warnings->len > 0 ? "\n" : "");
    for (guint i = 0; i < count; i++)
    {
        put_migration(out, g_ptr_array_index(plan->migrations, i));
    }
    return g_string_free(out, FALSE);
}
