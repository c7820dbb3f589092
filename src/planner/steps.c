#include "planner/steps.h"

#include "sql/splitter.h"

static gw_step *
step_new(
    const gw_step_maker *make, const gw_part *part, const gw_statement *statement, gw_facts *facts)
{
    gw_step *step = g_new0(gw_step, 1);
    step->statements = 1;
    step->part = make->part;
    step->section = part->section;
    step->source = part->source;
    step->offset = statement->offset;
    step->length = statement->has_data
                       ? statement->data_offset + statement->data_length - statement->offset
                       : statement->length;
    step->facts = facts;
    step->rows = -1;
    step->bytes = -1;
    return step;
}

/* The message names the first two words, as in DROP DATABASE, where there are two. */
static gboolean
refuse(const gw_part *part, const gw_statement *statement, gw_code code, GError **error,
    const char *why)
{
    const char *text = gw_source_text(part->source) + statement->offset;
    gsize first = MIN(statement->length, strcspn(text, " \t\r\n;"));
    gsize second = first + (first < statement->length && text[first] == ' ');
    while (second > first && second < statement->length && g_ascii_isalpha(text[second]))
    {
        second++;
    }
    first = second > first + 1 ? second : first;
    g_autofree char *word = g_strndup(text, first);
    gw_source_fail(part->source, statement->offset, first, error, code, "%s %s", word, why);
    return FALSE;
}

static gboolean
is_one_of(const char *verb, const char *const *verbs)
{
    return g_strv_contains(verbs, verb);
}

/* Does a control statement begin a block, end one, or stay inside? Anything else is refused. */
static gboolean
control_add(gw_step_maker *make, const gw_part *part, const gw_statement *statement,
    const char *verb, GError **error)
{
    static const char *const begins[] = {"BEGIN", "START TRANSACTION", NULL};
    static const char *const ends[] = {"COMMIT", "END", NULL};
    if (!part->section->no_transaction)
    {
        refuse(part, statement, GW_CODE_CONTROL, error,
            "stands in a section that godwit runs in a transaction of its own");
        gw_error_add_hint(error == NULL ? NULL : *error,
            "remove it, or write transaction:false behind the section's marker");
        return FALSE;
    }
    if (is_one_of(verb, begins) && !make->block)
    {
        make->block = TRUE;
        make->transaction++;
        return TRUE;
    }
    if (is_one_of(verb, ends) && make->block)
    {
        make->block = FALSE;
        return TRUE;
    }
    return refuse(
        part, statement, GW_CODE_CONTROL, error, "has no BEGIN before it, or one too many");
}

/* The transaction that a statement runs in: a number, or 0 for none. */
static guint
transaction_choose(gw_step_maker *make, const gw_part *part, const gw_facts *facts)
{
    if (make->block)
    {
        return make->transaction;
    }
    if (facts->transactional != GW_TRANSACTION_FITS)
    {
        make->open = FALSE;
        return 0;
    }
    gboolean schema_fits = gw_dialect_has(make->dialect, GW_FEATURE_SCHEMA_IN_TRANSACTION);
    if (facts->kind == GW_KIND_SESSION && (!schema_fits || part->section->no_transaction))
    {
        return 0;
    }
    if (!make->open || part->section->no_transaction)
    {
        make->transaction++;
        make->open = !part->section->no_transaction;
    }
    return make->transaction;
}

static const gw_fact_relation *
first_relation(const gw_facts *facts)
{
    return facts->relations->len == 0 ? NULL : g_ptr_array_index(facts->relations, 0);
}

/* May `next` be joined to `last`: both data, of one kind, on one table, in one transaction? */
static gboolean
joins(const gw_step *last, const gw_step *next)
{
    if (last->section != next->section || last->transaction == 0 ||
        last->transaction != next->transaction || last->facts->kind != GW_KIND_DATA ||
        next->facts->kind != GW_KIND_DATA || last->facts->copy_in || next->facts->copy_in ||
        strcmp(last->facts->verb, next->facts->verb) != 0)
    {
        return FALSE;
    }
    const gw_fact_relation *left = first_relation(last->facts);
    const gw_fact_relation *right = first_relation(next->facts);
    return left != NULL && right != NULL && g_strcmp0(left->schema, right->schema) == 0 &&
           strcmp(left->name, right->name) == 0;
}

static void
step_append(gw_step_maker *make, gw_step *step)
{
    GPtrArray *steps = make->migration->steps;
    gw_step *last = steps->len == 0 ? NULL : g_ptr_array_index(steps, steps->len - 1);
    make->statements++;
    step->ordinal = make->statements;
    if (last != NULL && joins(last, step))
    {
        last->statements++;
        last->length = step->offset + step->length - last->offset;
        gw_step_free(step);
        return;
    }
    g_ptr_array_add(steps, step);
}

/* A switch of SQLite's foreign keys: godwit does it around the transaction. */
static gboolean
switches_integrity(const gw_facts *facts)
{
    return facts->transactional == GW_TRANSACTION_OUTSIDE &&
           g_strcmp0(facts->object, "foreign_keys") == 0;
}

/* Data that reach to the end of their section may be cut off, and what follows be among them. */
static gboolean
data_check(const gw_part *part, const gw_statement *statement, GError **error)
{
    gsize end = part->section->offset + part->section->length;
    if (!statement->has_data || statement->data_offset + statement->data_length < end)
    {
        return TRUE;
    }
    gw_source_fail(
        part->source, statement->offset, 4, error, GW_CODE_TEXT, "the data of COPY have no end");
    gw_error_add_hint(
        error == NULL ? NULL : *error, "put a line with \\. alone behind the last row");
    return FALSE;
}

static gboolean
statement_add(
    gw_step_maker *make, const gw_part *part, const gw_statement *statement, GError **error)
{
    const char *text = gw_source_text(part->source) + statement->offset;
    if (!data_check(part, statement, error))
    {
        return FALSE;
    }
    g_autoptr(gw_facts) facts = make->dialect->facts(text, statement->length);
    if (facts->kind == GW_KIND_CLIENT)
    {
        refuse(part, statement, GW_CODE_CLIENT, error, "is not for a migration");
        gw_error_add_hint(error == NULL ? NULL : *error, "%s",
            facts->note == NULL ? "a migration stays in the database of its URL" : facts->note);
        return FALSE;
    }
    if (facts->kind == GW_KIND_CONTROL)
    {
        return control_add(make, part, statement, facts->verb, error);
    }
    gw_plan_migration *migration = make->migration;
    if (switches_integrity(facts))
    {
        migration->integrity = TRUE;
    }
    migration->session |=
        facts->kind == GW_KIND_SESSION || facts->kind == GW_KIND_CALL || facts->session;
    guint transaction = switches_integrity(facts) ? 0 : transaction_choose(make, part, facts);
    gw_step *step = step_new(make, part, statement, g_steal_pointer(&facts));
    step->transaction = transaction;
    step_append(make, step);
    return TRUE;
}

/* Call `each` for every statement of a part. */
static gboolean
part_each(gw_step_maker *make, const gw_part *part,
    gboolean (*each)(gw_step_maker *, const gw_part *, const gw_statement *, GError **),
    GError **error)
{
    gw_splitter splitter;
    gw_statement statement;
    gboolean more = TRUE;
    gw_splitter_init(&splitter, &make->dialect->lexis, part->source, part->section->offset,
        part->section->length);
    while (gw_splitter_next(&splitter, &statement, &more, error))
    {
        if (!more)
        {
            return TRUE;
        }
        if (!each(make, part, &statement, error))
        {
            return FALSE;
        }
    }
    return FALSE;
}

gboolean
gw_steps_add(gw_step_maker *make, const gw_part *part, GError **error)
{
    if (!part_each(make, part, statement_add, error))
    {
        return FALSE;
    }
    if (make->block)
    {
        gw_source_fail(part->source, part->section->marker, 1, error, GW_CODE_CONTROL,
            "a BEGIN of this section has no COMMIT");
        return FALSE;
    }
    make->open &= !part->section->no_transaction;
    return TRUE;
}

static gboolean
check_add(gw_step_maker *make, const gw_part *part, const gw_statement *statement, GError **error)
{
    const char *text = gw_source_text(part->source) + statement->offset;
    g_autoptr(gw_facts) facts = make->dialect->facts(text, statement->length);
    if (facts->kind != GW_KIND_QUERY)
    {
        return refuse(part, statement, GW_CODE_SECTION, error,
            "stands in a verify section, which holds SELECTs alone");
    }
    g_ptr_array_add(
        make->migration->checks, step_new(make, part, statement, g_steal_pointer(&facts)));
    return TRUE;
}

gboolean
gw_checks_add(gw_step_maker *make, const gw_part *part, GError **error)
{
    return part_each(make, part, check_add, error);
}

/* Relations that a migration made itself are nobody else's yet. */
static void
note_created(GHashTable *created, const gw_facts *facts)
{
    if (facts->creates && facts->probe.name != NULL)
    {
        g_hash_table_add(created, g_ascii_strdown(facts->probe.name, -1));
    }
}

/*
 * Does a statement block a relation that was there before? What makes an object on a database with
 * one lock for everything holds up nobody longer than any transaction there does.
 */
static gboolean
locks_existing(const gw_dialect *dialect, const gw_facts *facts, GHashTable *created)
{
    if (facts->creates && gw_dialect_has(dialect, GW_FEATURE_FILE_LOCK))
    {
        return FALSE;
    }
    for (guint i = 0; i < facts->relations->len; i++)
    {
        const gw_fact_relation *relation = g_ptr_array_index(facts->relations, i);
        g_autofree char *name = g_ascii_strdown(relation->name, -1);
        if (relation->blocks >= GW_BLOCKS_WRITES && !g_hash_table_contains(created, name))
        {
            return TRUE;
        }
    }
    return FALSE;
}

/* One transaction for all, and none outside it but what only sets the session. */
static gboolean
is_atomic(const gw_step_maker *make)
{
    const GPtrArray *steps = make->migration->steps;
    for (guint i = 0; i < steps->len; i++)
    {
        const gw_step *step = g_ptr_array_index(steps, i);
        gboolean silent = step->facts->kind == GW_KIND_SESSION || switches_integrity(step->facts);
        if (step->transaction != 1 && !(step->transaction == 0 && silent))
        {
            return FALSE;
        }
    }
    return TRUE;
}

void
gw_step_hash(gw_step *step)
{
    const char *text = gw_source_text(step->source) + step->offset;
    g_autofree char *hash =
        g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)text, step->length);
    g_strlcpy(step->sha256, hash, sizeof step->sha256);
}

void
gw_steps_finish(gw_step_maker *make)
{
    gw_plan_migration *migration = make->migration;
    g_autoptr(GHashTable) created = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    gboolean blocks = FALSE;
    for (guint i = 0; i < migration->steps->len; i++)
    {
        gw_step *step = g_ptr_array_index(migration->steps, i);
        gw_step_hash(step);
        note_created(created, step->facts);
        step->existing = locks_existing(make->dialect, step->facts, created);
        blocks |= step->existing;
        if (step->facts->probe.kind == GW_PROBE_IMPOSSIBLE && step->transaction == 0)
        {
            gw_plan_migration_warn(migration,
                "statement %u (%s) cannot be told apart from one that did not run: after a crash "
                "in the middle of it a person has to decide",
                step->ordinal, step->facts->verb);
        }
    }
    migration->atomic = is_atomic(make);
    migration->verify_inside = migration->atomic && !blocks;
}
