#include "plan/plan.h"

/* A record of a migration stays far below what a server takes in one statement. */
#define STEPS_TOLD 10000

const char *
gw_direction_text(gw_direction direction)
{
    return direction == GW_UP ? "up" : "down";
}

gw_direction
gw_direction_read(const char *text)
{
    return strcmp(text, gw_direction_text(GW_DOWN)) == 0 ? GW_DOWN : GW_UP;
}

gw_plan *
gw_plan_new(const char *command, const char *project)
{
    gw_plan *plan = g_new0(gw_plan, 1);
    plan->command = g_strdup(command);
    plan->project = g_strdup(project);
    plan->migrations = g_ptr_array_new_with_free_func((GDestroyNotify)gw_plan_migration_free);
    plan->warnings = g_ptr_array_new_with_free_func(g_free);
    return plan;
}

void
gw_plan_free(gw_plan *plan)
{
    if (plan == NULL)
    {
        return;
    }
    g_free(plan->command);
    g_free(plan->project);
    g_ptr_array_unref(plan->migrations);
    g_ptr_array_unref(plan->warnings);
    g_free(plan->binding.files);
    g_free(plan->binding.ledger);
    g_free(plan->binding.schema);
    g_free(plan);
}

const char *
gw_phase_read(const char *text)
{
    static const char *const phases[] = {"expand", "contract"};
    for (gsize i = 0; text != NULL && i < G_N_ELEMENTS(phases); i++)
    {
        if (strcmp(phases[i], text) == 0)
        {
            return phases[i];
        }
    }
    return "";
}

gw_plan_migration *
gw_plan_migration_new(const char *version, const char *name)
{
    gw_plan_migration *migration = g_new0(gw_plan_migration, 1);
    migration->version = version;
    migration->name = name;
    migration->phase = "";
    migration->steps = g_ptr_array_new_with_free_func((GDestroyNotify)gw_step_free);
    migration->checks = g_ptr_array_new_with_free_func((GDestroyNotify)gw_step_free);
    migration->first_locks = g_ptr_array_new();
    return migration;
}

static void
content_drop(gw_plan_migration *migration)
{
    if (migration->content != NULL && migration->content_free != NULL)
    {
        migration->content_free(migration->content);
    }
    migration->content = NULL;
}

gboolean
gw_plan_migration_hold(gw_plan_migration *migration, GError **error)
{
    return migration->content != NULL || migration->text == NULL ||
           migration->text->load(migration->text->data, migration, error);
}

static void
steps_forget(GPtrArray *steps)
{
    for (guint i = 0; i < steps->len; i++)
    {
        gw_step *step = g_ptr_array_index(steps, i);
        step->section = NULL;
        step->source = NULL;
    }
}

void
gw_plan_migration_release(gw_plan_migration *migration)
{
    if (migration->text == NULL || migration->content == NULL)
    {
        return;
    }
    steps_forget(migration->steps);
    steps_forget(migration->checks);
    content_drop(migration);
    g_clear_pointer(&migration->token_sha256, g_free);
}

void
gw_plan_migration_finish(gw_plan_migration *migration)
{
    gw_plan_migration_release(migration);
    if (migration->text != NULL)
    {
        g_ptr_array_set_size(migration->first_locks, 0); /* borrowed from the steps */
        g_ptr_array_set_size(migration->steps, 0);
    }
}

void
gw_plan_migration_free(gw_plan_migration *migration)
{
    if (migration == NULL)
    {
        return;
    }
    g_ptr_array_unref(migration->first_locks);
    g_ptr_array_unref(migration->steps);
    g_ptr_array_unref(migration->checks);
    g_clear_pointer(&migration->warnings, g_ptr_array_unref);
    content_drop(migration);
    g_free(migration->description);
    g_free(migration->irreversible);
    g_free(migration->own_sha256);
    g_free(migration->token_sha256);
    g_free(migration);
}

void
gw_step_free(gw_step *step)
{
    if (step == NULL)
    {
        return;
    }
    gw_facts_free(step->facts);
    g_free(step);
}

void
gw_plan_migration_warn(gw_plan_migration *migration, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (migration->warnings == NULL)
    {
        migration->warnings = g_ptr_array_new_with_free_func(g_free);
    }
    g_ptr_array_add(migration->warnings, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

void
gw_plan_number(gw_plan *plan)
{
    guint id = 0;
    for (guint i = 0; i < plan->migrations->len; i++)
    {
        const gw_plan_migration *migration = g_ptr_array_index(plan->migrations, i);
        for (guint j = 0; j < migration->steps->len; j++)
        {
            gw_step *step = g_ptr_array_index(migration->steps, j);
            step->id = ++id;
        }
    }
}

guint
gw_plan_steps(const gw_plan *plan)
{
    guint count = 0;
    for (guint i = 0; i < plan->migrations->len; i++)
    {
        const gw_plan_migration *migration = g_ptr_array_index(plan->migrations, i);
        count += migration->steps->len;
    }
    return count;
}

guint
gw_plan_migration_statements(const gw_plan_migration *migration)
{
    guint count = 0;
    for (guint i = 0; i < migration->steps->len; i++)
    {
        const gw_step *step = g_ptr_array_index(migration->steps, i);
        count += step->statements;
    }
    return count;
}

guint
gw_plan_migration_last(const gw_plan_migration *migration)
{
    guint count = migration->steps->len;
    const gw_step *last = count == 0 ? NULL : g_ptr_array_index(migration->steps, count - 1);
    return last == NULL ? 0 : last->ordinal + last->statements - 1;
}

const char *
gw_plan_migration_kind(const gw_plan_migration *migration)
{
    if (migration->action == GW_RECORD_SKIP)
    {
        return "not_applicable";
    }
    return migration->repeatable ? "repeatable" : "migration";
}

const char *
gw_plan_migration_event(const gw_plan_migration *migration)
{
    return migration->action == GW_RECORD_VERIFY     ? "verify"
           : migration->action == GW_RECORD_CONTRACT ? "contract"
                                                     : gw_direction_text(migration->direction);
}

gboolean
gw_plan_migration_carries_on(const gw_plan_migration *migration)
{
    return migration->resume || migration->direction == GW_DOWN ||
           migration->action == GW_RECORD_CONTRACT || migration->action == GW_RECORD_VERIFY;
}

char *
gw_step_record_text(const gw_step *step)
{
    return g_strdup_printf(
        "%u %u %s %s", step->ordinal, step->statements, step->sha256, step->facts->verb);
}

/* The steps from `first` on, before `end`. */
static GString *
steps_record(const gw_plan_migration *migration, guint first, guint end)
{
    GString *text = g_string_new(NULL);
    for (guint i = first; i < end; i++)
    {
        const gw_step *step = g_ptr_array_index(migration->steps, i);
        g_autofree char *one = gw_step_record_text(step);
        g_string_append_printf(text, "%s%s", i == first ? "" : ", ", one);
    }
    return text;
}

char *
gw_plan_migration_record(const gw_plan_migration *migration)
{
    guint count = migration->steps->len;
    guint told = MIN(count, STEPS_TOLD);
    GString *text = steps_record(migration, 0, told);
    if (told < count)
    {
        g_autoptr(GString) rest = steps_record(migration, told, count);
        g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, rest->str, -1);
        g_string_append_printf(text, ", %u more %s", count - told, sum);
    }
    return g_string_free(text, FALSE);
}

gw_blocks
gw_step_blocks(const gw_step *step)
{
    return step->existing ? gw_facts_blocks(step->facts) : GW_BLOCKS_NOTHING;
}

gint64
gw_step_lock_wait(const gw_step *step, gboolean blocking, gint64 stall, gint64 patience)
{
    gboolean patient = step->facts->kind == GW_KIND_DATA || step->facts->kind == GW_KIND_QUERY;
    if (step->section->lock_timeout > 0)
    {
        return step->section->lock_timeout;
    }
    if (!blocking || step->facts->concurrent)
    {
        return 0;
    }
    return patient ? patience : stall;
}

char *
gw_step_title(const gw_step *step, gsize most)
{
    const char *text = gw_source_text(step->source) + step->offset;
    g_autoptr(GString) title = g_string_new(NULL);
    gsize end = MIN(step->length, most * 4 + 256);
    for (gsize i = 0; i < end; i++)
    {
        if (!g_ascii_isspace(text[i]))
        {
            g_string_append_c(title, text[i]);
        }
        else if (title->len > 0 && title->str[title->len - 1] != ' ')
        {
            g_string_append_c(title, ' ');
        }
    }
    g_autofree char *valid = g_utf8_make_valid(title->str, (gssize)title->len);
    if ((gsize)g_utf8_strlen(valid, -1) <= most)
    {
        return g_steal_pointer(&valid);
    }
    g_autofree char *cut = g_utf8_substring(valid, 0, (glong)most - 1);
    return g_strconcat(cut, "…", NULL);
}

/* One line of a plan's digest for each step. */
static void
digest_step(GChecksum *sum, const gw_step *step)
{
    g_autofree char *line = g_strdup_printf(
        "  %u %u %u %s\n", step->ordinal, step->statements, step->transaction, step->sha256);
    g_checksum_update(sum, (const guchar *)line, -1);
}

char *
gw_plan_digest(const gw_plan *plan)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autofree char *head = g_strdup_printf("godwit plan 1\n%s %s\n%s\n%s\n%s\n", plan->project,
        plan->command, plan->binding.files, plan->binding.ledger,
        plan->binding.schema == NULL ? "" : plan->binding.schema);
    g_checksum_update(sum, (const guchar *)head, -1);
    for (guint i = 0; i < plan->migrations->len; i++)
    {
        const gw_plan_migration *migration = g_ptr_array_index(plan->migrations, i);
        g_autofree char *line = g_strdup_printf("%s %s %d %s %s\n", migration->version,
            gw_direction_text(migration->direction), (int)migration->action,
            migration->phase == NULL ? "" : migration->phase, migration->raw_sha256);
        g_checksum_update(sum, (const guchar *)line, -1);
        for (guint j = 0; j < migration->steps->len; j++)
        {
            digest_step(sum, g_ptr_array_index(migration->steps, j));
        }
    }
    return g_strdup(g_checksum_get_string(sum));
}
