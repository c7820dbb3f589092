#include "project/variants.h"

void
gw_migration_free(gw_migration *migration)
{
    if (migration != NULL)
    {
        g_free(migration->version);
        g_free(migration->name);
        g_free(migration->path);
        g_free(migration->undo);
        g_free(migration->sha256);
        g_strfreev(migration->depends);
        g_free(migration);
    }
}

/* Two files that stand in each other's way; always FALSE. */
static gboolean
refuse_pair(const gw_file *first, const gw_file *second, const char *what, GError **error)
{
    gboolean swap = strcmp(first->path, second->path) > 0;
    gw_fail(error, GW_CODE_DUPLICATE, "%s and %s %s (%s)", swap ? second->path : first->path,
        swap ? first->path : second->path, what, first->name.version);
    if (error != NULL)
    {
        gw_position position = {.file = g_strdup(swap ? first->path : second->path)};
        gw_error_add_position(*error, &position);
        gw_error_add_hint(*error, "give one of them a version of its own");
    }
    return FALSE;
}

/* Do both hold the same direction? */
static gboolean
overlap(gw_name_part left, gw_name_part right)
{
    return left == right || left == GW_NAME_WHOLE || right == GW_NAME_WHOLE;
}

static gboolean
duplicates_check(gw_file *const *files, guint count, GError **error)
{
    for (guint i = 0; i < count; i++)
    {
        for (guint j = 0; j < i; j++)
        {
            const gw_name *a = &files[j]->name;
            const gw_name *b = &files[i]->name;
            gboolean clash = a->database == b->database && overlap(a->part, b->part);
            if (clash || strcmp(a->name, b->name) != 0)
            {
                return refuse_pair(files[j], files[i], "have the same version", error);
            }
        }
    }
    return TRUE;
}

/* The file of that database that holds `part`, or all; NULL: none. */
static const gw_file *
file_find(gw_file *const *files, guint count, const char *database, gw_name_part part)
{
    for (guint i = 0; i < count; i++)
    {
        const gw_name *name = &files[i]->name;
        if (g_strcmp0(name->database, database) == 0 && overlap(name->part, part))
        {
            return files[i];
        }
    }
    return NULL;
}

/* The best file for the database: by its names in their order, then one for every database. */
static const gw_file *
file_choose(gw_file *const *files, guint count, const char *const *aliases, gw_name_part part)
{
    const gw_file *found = NULL;
    for (gsize i = 0; aliases != NULL && aliases[i] != NULL && found == NULL; i++)
    {
        found = file_find(files, count, aliases[i], part);
    }
    return found != NULL ? found : file_find(files, count, NULL, part);
}

/* Each way down has its way up: of the same database, or of every one and in a pair as well. */
static gboolean
halves_check(gw_file *const *files, guint count, GError **error)
{
    for (guint i = 0; i < count; i++)
    {
        const gw_file *down = files[i];
        const gw_file *up = file_find(files, count, down->name.database, GW_NAME_UP);
        up = up == NULL ? file_find(files, count, NULL, GW_NAME_UP) : up;
        if (down->name.part != GW_NAME_DOWN || (up != NULL && up->name.part == GW_NAME_UP))
        {
            continue;
        }
        if (up != NULL)
        {
            return refuse_pair(up, down, "both hold the way down", error);
        }
        gw_fail(error, GW_CODE_SECTION, "%s holds the way down, but no file holds the way up",
            down->path);
        if (error != NULL)
        {
            gw_position position = {.file = g_strdup(down->path)};
            gw_error_add_position(*error, &position);
        }
        return FALSE;
    }
    return TRUE;
}

static gw_migration_form
form_of(const gw_name *name)
{
    if (name->yaml)
    {
        return GW_FORM_YAML;
    }
    return name->part == GW_NAME_WHOLE ? GW_FORM_SQL : GW_FORM_PAIR;
}

gw_migration *
gw_variants_choose(gw_file *const *files, guint count, const char *const *aliases, GError **error)
{
    if (count > 1 && !duplicates_check(files, count, error))
    {
        return NULL;
    }
    if (!halves_check(files, count, error))
    {
        return NULL;
    }
    const gw_file *up = file_choose(files, count, aliases, GW_NAME_UP);
    gboolean applicable = up != NULL || aliases == NULL;
    for (guint i = 0; i < count && up == NULL; i++)
    {
        up = files[i]->name.part == GW_NAME_DOWN ? NULL : files[i];
    }
    gw_migration *migration = g_new0(gw_migration, 1);
    migration->version = g_strdup(up->name.version);
    migration->name = g_strdup(up->name.name);
    migration->form = form_of(&up->name);
    migration->database = up->name.database;
    migration->applicable = applicable;
    migration->path = g_strdup(up->path);
    const char *const own[] = {up->name.database, NULL};
    const gw_file *down =
        migration->form == GW_FORM_PAIR
            ? file_choose(files, count, applicable && aliases != NULL ? aliases : own, GW_NAME_DOWN)
            : NULL;
    migration->undo = down == NULL ? NULL : g_strdup(down->path);
    return migration;
}
