/*
 * Whether a statement in doubt took effect, told by the live catalog: what it says now against the
 * image that was stored before the statement ran (verified.md 2).
 */
#include "run/parts.h"

/* Does a table have this column? */
static gboolean
column_image(gw_run *run, const gw_probe *probe, char **image, GError **error)
{
    g_auto(GStrv) columns = gw_db_columns(run->db, probe->schema, probe->table, error);
    if (columns == NULL)
    {
        return FALSE;
    }
    *image = g_strdup(GW_IMAGE_ABSENT);
    for (guint i = 0; columns[i] != NULL; i++)
    {
        if (g_ascii_strcasecmp(columns[i], probe->name) == 0)
        {
            g_free(*image);
            *image = g_strdup(GW_IMAGE_PRESENT);
            break;
        }
    }
    return TRUE;
}

/* Is a table of the working schema there? One small query, for what is made and dropped most. */
static gboolean
table_image(gw_run *run, const gw_probe *probe, char **image, GError **error)
{
    g_autofree char *name = probe->schema == NULL
                                ? g_strdup(probe->name)
                                : g_strconcat(probe->schema, ".", probe->name, NULL);
    const char *names[] = {name, NULL};
    guint64 found = 0;
    if (!gw_db_tables_exist(run->db, names, &found, error))
    {
        return FALSE;
    }
    *image = g_strdup(found == 0 ? GW_IMAGE_ABSENT : GW_IMAGE_PRESENT);
    return TRUE;
}

/* The object's digest, or that it is not there. */
static gboolean
object_image(gw_run *run, const gw_probe *probe, char **image, GError **error)
{
    gw_catalog_filter filter = {
        .kind = probe->object,
        .schema = probe->schema,
        .table = probe->table,
        .name = probe->name,
    };
    g_autoptr(gw_model) model = gw_db_catalog(run->db, gw_ledger_home(run->ledger), &filter, error);
    if (model == NULL)
    {
        return FALSE;
    }
    const gw_object *object =
        gw_model_find(model, probe->object, probe->schema, probe->table, probe->name, TRUE);
    if (object == NULL)
    {
        *image = g_strdup(GW_IMAGE_ABSENT);
        return TRUE;
    }
    *image = g_strdup_printf("%s%s", object->valid ? "" : "invalid ", object->sha256);
    return TRUE;
}

static gboolean
catalog_image(gw_run *run, char **image, GError **error)
{
    g_autoptr(gw_model) model = gw_db_catalog(run->db, gw_ledger_home(run->ledger), NULL, error);
    if (model == NULL)
    {
        return FALSE;
    }
    *image = g_strdup(model->fingerprint);
    return TRUE;
}

/* Presence alone, where a probe asks for no more and that is cheap; else the whole object. */
static gboolean
presence_image(gw_run *run, const gw_probe *probe, char **image, GError **error)
{
    gboolean plain = probe->name != NULL && strchr(probe->name, '.') == NULL &&
                     (probe->schema == NULL || gw_db_has(run->db, GW_FEATURE_SCHEMAS));
    switch (probe->object)
    {
    case GW_OBJECT_COLUMN:
        return column_image(run, probe, image, error);
    case GW_OBJECT_TABLE:
        return plain ? table_image(run, probe, image, error)
                     : object_image(run, probe, image, error);
    default:
        return object_image(run, probe, image, error);
    }
}

/* The image of what the probe asks for; *image stays NULL where it asks for nothing. */
static gboolean
probe_image(gw_run *run, const gw_facts *facts, char **image, GError **error)
{
    switch (facts->probe.kind)
    {
    case GW_PROBE_APPEARS:
    case GW_PROBE_VANISHES:
        return presence_image(run, &facts->probe, image, error);
    case GW_PROBE_DEFINITION:
        return object_image(run, &facts->probe, image, error);
    case GW_PROBE_CATALOG:
        return catalog_image(run, image, error);
    case GW_PROBE_NONE:
    case GW_PROBE_REPEAT:
    case GW_PROBE_IMPOSSIBLE:
        return TRUE;
    }
    return TRUE;
}

gboolean
gw_run_image(gw_run *run, const gw_facts *facts, char **image, GError **error)
{
    *image = NULL;
    return probe_image(run, facts, image, error) &&
           (!gw_run_lists_invalid(facts) || gw_run_append_invalid(run, image, error));
}

/* Are they the same, but for the list of invalid indexes behind the first line? */
static gboolean
is_same(const char *before, const char *now)
{
    gsize length = strcspn(before, "\n");
    return length == strcspn(now, "\n") && strncmp(before, now, length) == 0;
}

/* What two images say, for a probe that compares them. */
static gw_verdict
compare(gw_probe_kind kind, const char *before, const char *now)
{
    gboolean there = strcmp(now, GW_IMAGE_ABSENT) != 0;
    if (kind == GW_PROBE_APPEARS && g_str_has_prefix(now, "invalid "))
    {
        return GW_VERDICT_NOT_DONE; /* the remains of an index build; they go before the next try */
    }
    if (kind == GW_PROBE_VANISHES) /* also what is half gone, as an index that is not valid now */
    {
        return there || strcmp(before, GW_IMAGE_ABSENT) == 0 ? GW_VERDICT_NOT_DONE
                                                             : GW_VERDICT_DONE;
    }
    return is_same(before, now) ? GW_VERDICT_NOT_DONE : GW_VERDICT_DONE;
}

/*
 * Without an image from before (a script of `plan --sql` cannot make one) only this is certain:
 * what a statement should make and is not there was not made, and what it should take away and is
 * there was not taken away.
 */
static gw_verdict
judge(gw_probe_kind kind, const char *now)
{
    gboolean there = strcmp(now, GW_IMAGE_ABSENT) != 0;
    gboolean made = there && !g_str_has_prefix(now, "invalid ");
    gboolean undone = (kind == GW_PROBE_APPEARS && !made) || (kind == GW_PROBE_VANISHES && there);
    return undone ? GW_VERDICT_NOT_DONE : GW_VERDICT_UNKNOWN;
}

gboolean
gw_run_decide_doubt(
    gw_run *run, const gw_facts *facts, const char *before, gw_verdict *verdict, GError **error)
{
    g_autofree char *now = NULL;
    gw_probe_kind kind = facts->probe.kind;
    *verdict = GW_VERDICT_UNKNOWN;
    if (!gw_run_image(run, facts, &now, error))
    {
        return FALSE;
    }
    if (now != NULL && kind != GW_PROBE_REPEAT)
    {
        *verdict = before == NULL ? judge(kind, now) : compare(kind, before, now);
    }
    /* What cannot be told does not matter where a second time ends the same. */
    gboolean harmless = facts->repeatable || kind == GW_PROBE_REPEAT || kind == GW_PROBE_NONE;
    if (*verdict == GW_VERDICT_UNKNOWN && harmless && kind != GW_PROBE_IMPOSSIBLE)
    {
        *verdict = GW_VERDICT_NOT_DONE;
    }
    return TRUE;
}
