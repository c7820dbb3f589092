#include "project/variants.h"

/* Two files that stand in each other's way; always FALSE. */
static gboolean
refuse_pair(const gw_file *first, const gw_file *second, const char *what, GError **error)
{
    gboolean swap = strcmp(first->path, second->path) > 0;
    gw_fail(error, GW_CODE_DUPLICATE, "%s and %s %s (%s)", swap ? second->path : first->path,
        swap ? first->path : second->path, what, first->version);
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
duplicates_check(const gw_file *files, guint count, GError **error)
{
    for (guint i = 0; i < count; i++)
    {
        for (guint j = 0; j < i; j++)
        {
            const gw_file *a = &files[j];
            const gw_file *b = &files[i];
            gboolean clash = a->database == b->database && overlap(a->part, b->part);
            if (clash || strcmp(a->name, b->name) != 0)
            {
                return refuse_pair(a, b, "have the same version", error);
            }
        }
    }
    return TRUE;
}

/* The file of that database that holds `part`, or all; NULL: none. */
static const gw_file *
file_find(const gw_file *files, guint count, const char *database, gw_name_part part)
{
    for (guint i = 0; i < count; i++)
    {
        if (g_strcmp0(files[i].database, database) == 0 && overlap(files[i].part, part))
        {
            return &files[i];
        }
    }
    return NULL;
}

/* The best file for the database: by its names in their order, then one for every database. */
static const gw_file *
file_choose(const gw_file *files, guint count, const char *const *aliases, gw_name_part part)
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
halves_check(const gw_file *files, guint count, GError **error)
{
    for (guint i = 0; i < count; i++)
    {
        const gw_file *down = &files[i];
        const gw_file *up = file_find(files, count, down->database, GW_NAME_UP);
        up = up == NULL ? file_find(files, count, NULL, GW_NAME_UP) : up;
        if (down->part != GW_NAME_DOWN || (up != NULL && up->part == GW_NAME_UP))
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
form_of(const gw_file *file)
{
    if (file->yaml)
    {
        return GW_FORM_YAML;
    }
    return file->part == GW_NAME_WHOLE ? GW_FORM_SQL : GW_FORM_PAIR;
}

gboolean
gw_variants_choose(const gw_file *files, guint count, const char *const *aliases,
    gw_variant *chosen, GError **error)
{
    if ((count > 1 && !duplicates_check(files, count, error)) || !halves_check(files, count, error))
    {
        return FALSE;
    }
    const gw_file *up = file_choose(files, count, aliases, GW_NAME_UP);
    chosen->applicable = up != NULL || aliases == NULL;
    for (guint i = 0; i < count && up == NULL; i++)
    {
        up = files[i].part == GW_NAME_DOWN ? NULL : &files[i];
    }
    const char *const own[] = {up->database, NULL};
    const char *const *names = chosen->applicable && aliases != NULL ? aliases : own;
    chosen->up = up;
    chosen->form = form_of(up);
    chosen->down =
        chosen->form == GW_FORM_PAIR ? file_choose(files, count, names, GW_NAME_DOWN) : NULL;
    return TRUE;
}
