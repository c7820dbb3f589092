/* The checks of a migration: SELECTs that must return no row. */
#include "run/parts.h"
#include "sql/splitter.h"

#define SAMPLE 5

static void
finding_free(gpointer data)
{
    gw_finding *finding = data;
    g_ptr_array_unref(finding->sample);
    g_free(finding);
}

GPtrArray *
gw_findings_new(void)
{
    return g_ptr_array_new_with_free_func(finding_free);
}

static void
take_row(const gw_cell *cells, gpointer data)
{
    gw_finding *finding = data;
    if (finding->rows < SAMPLE)
    {
        g_ptr_array_add(finding->sample, g_strdup(cells[0].text == NULL ? "NULL" : cells[0].text));
    }
    finding->rows++;
}

/* Read what a check returns: how many rows, and the first column of the first. */
static gboolean
check_read(gw_db *db, const gw_step *check, gw_finding *finding, GError **error)
{
    const char *text = gw_source_text(check->source) + check->offset;
    g_autofree char *sql = g_strndup(text, check->length);
    return gw_rows_each(gw_db_query(db, sql, NULL, 0, error), take_row, finding, error);
}

/* Run one check, and add what it finds to `findings`. */
static gboolean
check_run(gw_db *db, GPtrArray *findings, const gw_plan_migration *migration, const gw_step *check,
    GError **error)
{
    gw_finding *finding = g_new0(gw_finding, 1);
    finding->migration = migration;
    finding->check = check;
    finding->sample = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(findings, finding);
    if (check_read(db, check, finding, error))
    {
        return TRUE;
    }
    if (error != NULL)
    {
        gw_position position = gw_source_position(check->source, check->offset, 6);
        gw_error_add_position(*error, &position);
    }
    return FALSE;
}

/* "1, 2, 3 …" */
static char *
sample_text(const gw_finding *finding)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < finding->sample->len; i++)
    {
        g_string_append_printf(
            text, "%s%s", i == 0 ? "" : ", ", (const char *)g_ptr_array_index(finding->sample, i));
    }
    if (finding->rows > finding->sample->len)
    {
        g_string_append(text, " …");
    }
    return g_string_free(text, FALSE);
}

static gboolean
fail_check(const gw_plan_migration *migration, const gw_finding *finding, GError **error)
{
    const gw_step *check = finding->check;
    g_autofree char *sample = sample_text(finding);
    gw_source_fail(check->source, check->offset, 6, error, GW_CODE_VERIFY,
        "a check of migration %s found %" G_GUINT64_FORMAT " %s: %s", migration->version,
        finding->rows, finding->rows == 1 ? "row that breaks it" : "rows that break it", sample);
    if (error != NULL && !migration->verify_inside)
    {
        gw_error_add_state(*error,
            "the migration is applied, and unverified until its checks hold; later ones wait");
        gw_error_add_hint(*error,
            "where the check is wrong and not the rows: edit it in %s, then godwit repair --accept "
            "%s",
            migration->file, migration->version);
        gw_error_add_next(*error, "mend the rows, then: godwit up");
    }
    return FALSE;
}

gboolean
gw_run_verify(gw_run *run, const gw_plan_migration *migration, GError **error)
{
    gw_known_drop(run->known);
    for (guint i = 0; i < migration->checks->len; i++)
    {
        const gw_step *check = g_ptr_array_index(migration->checks, i);
        gw_run_say_check(run, migration, i + 1);
        if (!check_run(run->db, run->findings, migration, check, error))
        {
            return FALSE;
        }
        const gw_finding *finding = g_ptr_array_index(run->findings, run->findings->len - 1);
        if (finding->rows > 0)
        {
            return fail_check(migration, finding, error);
        }
    }
    return TRUE;
}

GPtrArray *
gw_checks_run(gw_db *db, const gw_plan *plan, GError **error)
{
    g_autoptr(GPtrArray) findings = gw_findings_new();
    for (guint i = 0; i < plan->migrations->len; i++)
    {
        const gw_plan_migration *migration = g_ptr_array_index(plan->migrations, i);
        for (guint j = 0; j < migration->checks->len; j++)
        {
            const gw_step *check = g_ptr_array_index(migration->checks, j);
            if (!check_run(db, findings, migration, check, error))
            {
                return NULL;
            }
        }
    }
    return g_steal_pointer(&findings);
}
