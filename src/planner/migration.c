#include "planner/planner.h"
#include "planner/steps.h"
#include "sql/words.h"

/* Is a section for this database? */
static gboolean
section_applies(const gw_section *section, const gw_dialect *dialect)
{
    if (section->databases == NULL)
    {
        return TRUE;
    }
    for (guint i = 0; section->databases[i] != NULL; i++)
    {
        if (gw_dialect_answers(dialect, section->databases[i]))
        {
            return TRUE;
        }
    }
    return FALSE;
}

/* Does a section run when a migration goes in `direction` through `phase`? */
static gboolean
section_runs(const gw_section *section, gw_direction direction, const char *phase)
{
    gboolean down = section->kind == GW_SECTION_DOWN;
    if (section->kind == GW_SECTION_VERIFY || down != (direction == GW_DOWN))
    {
        return FALSE;
    }
    if (strcmp(phase, "expand") == 0)
    {
        return down ? section->undoes != GW_SECTION_CONTRACT : section->kind != GW_SECTION_CONTRACT;
    }
    if (strcmp(phase, "contract") == 0)
    {
        return down ? section->undoes == GW_SECTION_CONTRACT : section->kind == GW_SECTION_CONTRACT;
    }
    return TRUE;
}

static gboolean
backfill_refuse(const gw_part *part, GError **error)
{
    gw_source_fail(part->source, part->section->marker, 20, error, GW_CODE_NOT_YET,
        "backfill sections come with the walk, which this godwit does not have yet");
    gw_error_add_hint(error == NULL ? NULL : *error,
        "small tables: put the statement into the up section, without :chunk");
    return FALSE;
}

static gboolean
part_add(gw_step_maker *make, const gw_part *part, GError **error)
{
    if (part->section->kind == GW_SECTION_BACKFILL)
    {
        return backfill_refuse(part, error);
    }
    return gw_steps_add(make, part, error);
}

/* Does a section belong to the last phase on the way up, the first on the way down? */
static gboolean
section_contracts(const gw_section *section)
{
    return section->kind == GW_SECTION_CONTRACT ||
           (section->kind == GW_SECTION_DOWN && section->undoes == GW_SECTION_CONTRACT);
}

/* Sections go up in the order of the file and down in the other: a file with two pairs of up and
 * down undoes the second first. */
static gboolean
parts_add_of(gw_step_maker *make, const gw_content *content, const char *phase, gboolean contract,
    GError **error)
{
    gw_direction direction = make->migration->direction;
    guint count = content->parts->len;
    for (guint i = 0; i < count; i++)
    {
        guint index = direction == GW_UP ? i : count - 1 - i;
        const gw_part *part = &g_array_index(content->parts, gw_part, index);
        make->part = index;
        if (section_contracts(part->section) == contract &&
            section_runs(part->section, direction, phase) &&
            section_applies(part->section, make->dialect) && !part_add(make, part, error))
        {
            return FALSE;
        }
    }
    return TRUE;
}

/* A contract runs after all else and is undone before it, wherever it stands in the file. */
static gboolean
parts_add(gw_step_maker *make, const gw_content *content, const char *phase, GError **error)
{
    gboolean down = make->migration->direction == GW_DOWN;
    return parts_add_of(make, content, phase, down, error) &&
           parts_add_of(make, content, phase, !down, error);
}

/* A contract's statements are numbered on from those of its expand: the ledger has both. */
static gboolean
number_on(gw_step_maker *make, const gw_content *content, GError **error)
{
    const gw_plan_migration *migration = make->migration;
    if (migration->direction == GW_DOWN || strcmp(migration->phase, "contract") != 0)
    {
        return TRUE;
    }
    g_autoptr(gw_plan_migration) before =
        gw_plan_migration_new(migration->version, migration->name);
    gw_step_maker expand = {.dialect = make->dialect, .migration = before};
    if (!parts_add(&expand, content, "expand", error))
    {
        return FALSE;
    }
    make->statements = expand.statements;
    return TRUE;
}

static gboolean
verify_add(gw_step_maker *make, const gw_content *content, GError **error)
{
    for (guint i = 0; i < content->parts->len; i++)
    {
        const gw_part *part = &g_array_index(content->parts, gw_part, i);
        make->part = i;
        if (part->section->kind == GW_SECTION_VERIFY &&
            section_applies(part->section, make->dialect) && !gw_checks_add(make, part, error))
        {
            return FALSE;
        }
    }
    return TRUE;
}

/* Does the file have a down with a statement in it? */
static gboolean
has_down(const gw_planning *planning, const gw_content *content)
{
    for (guint i = 0; i < content->parts->len; i++)
    {
        const gw_part *part = &g_array_index(content->parts, gw_part, i);
        gw_words words;
        if (part->section->kind != GW_SECTION_DOWN)
        {
            continue;
        }
        gw_words_init(&words, &planning->dialect->lexis,
            gw_source_text(part->source) + part->section->offset, part->section->length);
        if (!gw_words_end(&words))
        {
            return TRUE;
        }
    }
    return FALSE;
}

/* The template of a new one, say, in which nobody has written yet. */
static void
warn_of_nothing(gw_plan_migration *migration)
{
    if (migration->direction == GW_UP && migration->steps->len == 0 && *migration->phase == '\0')
    {
        gw_plan_migration_warn(
            migration, "there is no statement in it: applying it changes nothing");
    }
}

static void
warn_of_down(gw_plan_migration *migration)
{
    if (migration->direction == GW_UP && !migration->reversible &&
        migration->irreversible == NULL && !migration->repeatable)
    {
        gw_plan_migration_warn(migration,
            "there is no down: write one, or say why not with \"-- migrate:irreversible REASON\"");
    }
}

static void
content_release(gpointer content)
{
    gw_content_free(content);
}

/* A migration of the plan with all that its file says, but without steps. */
static gw_plan_migration *
migration_describe(const gw_planning *planning, const gw_migration *migration, gw_content *content)
{
    gw_plan_migration *result = gw_plan_migration_new(migration->version, migration->name);
    gboolean same = strcmp(content->sha256, migration->sha256) == 0;
    result->file = migration->path;
    result->description = g_strdup(content->description);
    result->repeatable = migration->repeatable;
    result->own_sha256 = same ? NULL : g_strdup(content->sha256);
    result->raw_sha256 = same ? migration->sha256 : result->own_sha256;
    result->token_sha256 = gw_content_token_sha256(content, &planning->dialect->lexis);
    result->reversible = has_down(planning, content);
    result->irreversible = g_strdup(content->irreversible);
    result->content = content;
    result->content_free = content_release;
    return result;
}

/* A migration that has no file, or no section, for this database: recorded, nothing runs. */
static gw_plan_migration *
migration_skip(const gw_migration *migration)
{
    gw_plan_migration *result = gw_plan_migration_new(migration->version, migration->name);
    result->file = migration->path;
    result->raw_sha256 = migration->sha256;
    result->token_sha256 = g_strdup(migration->sha256);
    result->action = GW_RECORD_SKIP;
    result->atomic = TRUE;
    result->reversible = TRUE;
    return result;
}

static gboolean
has_phases(const gw_content *content)
{
    return gw_content_find(content, GW_SECTION_EXPAND) != NULL;
}

/* Does the file change anything in this database, or is it for others alone? */
static gboolean
content_applies(const gw_content *content, const gw_dialect *dialect)
{
    gboolean changes = FALSE;
    for (guint i = 0; i < content->parts->len; i++)
    {
        const gw_section *section = g_array_index(content->parts, gw_part, i).section;
        gboolean up = section->kind != GW_SECTION_DOWN && section->kind != GW_SECTION_VERIFY;
        if (up && section_applies(section, dialect))
        {
            return TRUE;
        }
        changes = changes || up;
    }
    return !changes;
}

/* A migration that is recorded alone, in either direction. */
static gw_plan_migration *
migration_record(const gw_migration *migration, gw_direction direction)
{
    gw_plan_migration *skipped = migration_skip(migration);
    skipped->direction = direction;
    skipped->action = direction == GW_DOWN ? GW_RECORD_REMOVE : GW_RECORD_SKIP;
    return skipped;
}

static gw_record_action
action_of(gw_direction direction, const char *phase)
{
    if (direction == GW_DOWN)
    {
        return GW_RECORD_REMOVE;
    }
    return strcmp(phase, "contract") == 0 ? GW_RECORD_CONTRACT : GW_RECORD_APPLY;
}

static void
steps_rebind(const GPtrArray *steps, const gw_content *content)
{
    for (guint i = 0; i < steps->len; i++)
    {
        gw_step *step = g_ptr_array_index(steps, i);
        const gw_part *part = &g_array_index(content->parts, gw_part, step->part);
        step->section = part->section;
        step->source = part->source;
    }
}

static gboolean
text_load(gconstpointer data, gw_plan_migration *migration, GError **error)
{
    const gw_planning *planning = data;
    const gw_migration *file = gw_project_need(planning->project, migration->version, error);
    g_autoptr(gw_content) content =
        file == NULL ? NULL
                     : gw_migration_load(file, &planning->dialect->lexis, planning->vars, error);
    if (content == NULL)
    {
        return FALSE;
    }
    if (strcmp(content->sha256, migration->raw_sha256) != 0)
    {
        gw_fail(
            error, GW_CODE_CHANGED, "%s was changed while the run was under way", migration->file);
        return FALSE;
    }
    steps_rebind(migration->steps, content);
    steps_rebind(migration->checks, content);
    migration->token_sha256 = gw_content_token_sha256(content, &planning->dialect->lexis);
    migration->content = g_steal_pointer(&content);
    return TRUE;
}

gw_plan_text
gw_planner_text(const gw_planning *planning)
{
    return (gw_plan_text){.load = text_load, .data = planning};
}

/* Let the text go where it can be read again. Checks keep theirs: what they find is told with it;
 * and repeatables, whose tokens tell whether they changed. */
static void
text_release(const gw_planning *planning, const gw_migration *file, gw_plan_migration *migration)
{
    if (planning->text != NULL && migration->checks->len == 0 && !migration->repeatable &&
        gw_project_find(planning->project, migration->version) == file)
    {
        migration->text = planning->text;
        gw_plan_migration_release(migration);
    }
}

gw_plan_migration *
gw_planner_migration(const gw_planning *planning, const gw_migration *migration,
    gw_direction direction, const char *phase, GError **error)
{
    if (!migration->applicable)
    {
        return migration_record(migration, direction);
    }
    gw_content *content =
        gw_migration_load(migration, &planning->dialect->lexis, planning->vars, error);
    if (content == NULL)
    {
        return NULL;
    }
    if (!content_applies(content, planning->dialect))
    {
        gw_content_free(content);
        return migration_record(migration, direction);
    }
    g_autoptr(gw_plan_migration) result = migration_describe(planning, migration, content);
    gw_step_maker make = {.dialect = planning->dialect, .migration = result};
    result->direction = direction;
    result->action = action_of(direction, phase);
    result->expands = direction == GW_UP && *phase == '\0' && planning->stop &&
                      gw_content_find(content, GW_SECTION_CONTRACT) != NULL && has_phases(content);
    result->phase = result->expands ? "expand" : gw_phase_read(phase);
    if (!number_on(&make, content, error) || !parts_add(&make, content, result->phase, error) ||
        (direction == GW_UP && !verify_add(&make, content, error)))
    {
        return NULL;
    }
    gw_steps_finish(&make);
    warn_of_nothing(result);
    warn_of_down(result);
    text_release(planning, migration, result);
    return g_steal_pointer(&result);
}

gw_plan_migration *
gw_planner_checks(const gw_planning *planning, const gw_migration *migration, GError **error)
{
    gw_content *content =
        gw_migration_load(migration, &planning->dialect->lexis, planning->vars, error);
    if (content == NULL)
    {
        return NULL;
    }
    g_autoptr(gw_plan_migration) result = migration_describe(planning, migration, content);
    gw_step_maker make = {.dialect = planning->dialect, .migration = result};
    result->action = GW_RECORD_VERIFY;
    result->atomic = TRUE;
    return verify_add(&make, content, error) ? g_steal_pointer(&result) : NULL;
}
