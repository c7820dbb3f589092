#include "project/project.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/text.h"
#include "project/cache.h"
#include "project/variants.h"

/* Below that many migrations reading the files is as quick as a cache. */
#define CACHE_FROM 100

/* What files are read through. */
typedef struct reader
{
    gw_cache *cache; /* NULL: none */
    guint read;
} reader;

static void
ignored_free(gpointer data)
{
    gw_ignored *ignored = data;
    g_free(ignored->path);
    g_free(ignored);
}

static int
file_order(gconstpointer left, gconstpointer right)
{
    const gw_file *a = *(const gw_file *const *)left;
    const gw_file *b = *(const gw_file *const *)right;
    int order = gw_version_compare(a->name.version, b->name.version);
    return order != 0 ? order : strcmp(a->path, b->path);
}

static int
ignored_order(gconstpointer left, gconstpointer right)
{
    const gw_ignored *a = *(const gw_ignored *const *)left;
    const gw_ignored *b = *(const gw_ignored *const *)right;
    return strcmp(a->path, b->path);
}

/* The facts of a file: from the cache where it has not changed, else from the file. */
static gboolean
facts_get(reader *through, const char *path, const gw_migration *migration, gw_name_part part,
    gw_file_facts *facts, GError **error)
{
    struct stat status;
    if (stat(path, &status) != 0)
    {
        gw_fail(error, GW_CODE_FILE, "cannot read %s: %s", path, g_strerror(errno));
        return FALSE;
    }
    if (through->cache != NULL && gw_cache_find(through->cache, &status, facts))
    {
        return TRUE;
    }
    gint64 wall = gw_clock_wall();
    through->read++;
    if (!gw_file_facts_read(path, part, migration->form == GW_FORM_YAML, facts, error))
    {
        return FALSE;
    }
    if (through->cache != NULL)
    {
        gw_cache_put(through->cache, &status, facts, wall);
    }
    return TRUE;
}

/* Fill what the migration's files say. */
static gboolean
migration_fill(reader *through, gw_migration *migration, GError **error)
{
    g_auto(gw_file_facts) up = {0};
    g_auto(gw_file_facts) down = {0};
    gboolean pair = migration->form == GW_FORM_PAIR;
    if (!facts_get(
            through, migration->path, migration, pair ? GW_NAME_UP : GW_NAME_WHOLE, &up, error) ||
        (migration->undo != NULL &&
            !facts_get(through, migration->undo, migration, GW_NAME_DOWN, &down, error)))
    {
        return FALSE;
    }
    migration->sha256 =
        pair ? gw_pair_sha256(up.sha256, migration->undo == NULL ? NULL : down.sha256)
             : g_strdup(up.sha256);
    migration->repeatable = up.repeatable;
    migration->depends = g_steal_pointer(&up.depends);
    return TRUE;
}

/* How many files from `first` on have its version. */
static guint
version_count(const GPtrArray *files, guint first)
{
    const gw_file *head = g_ptr_array_index(files, first);
    guint count = 1;
    while (first + count < files->len)
    {
        const gw_file *next = g_ptr_array_index(files, first + count);
        if (gw_version_compare(head->name.version, next->name.version) != 0)
        {
            break;
        }
        count++;
    }
    return count;
}

static gboolean
migrations_choose(
    gw_project *project, const GPtrArray *files, const char *const *aliases, GError **error)
{
    for (guint i = 0; i < files->len;)
    {
        guint count = version_count(files, i);
        gw_file *const *group = (gw_file *const *)&files->pdata[i];
        gw_migration *migration = gw_variants_choose(group, count, aliases, error);
        if (migration == NULL)
        {
            return FALSE;
        }
        g_ptr_array_add(project->migrations, migration);
        i += count;
    }
    return TRUE;
}

static gboolean
migrations_fill(gw_project *project, const char *const *folders, const char *cache, GError **error)
{
    gboolean many = cache != NULL && project->migrations->len >= CACHE_FROM;
    g_autoptr(gw_cache) known = many ? gw_cache_open(cache, folders) : NULL;
    reader through = {.cache = known};
    for (guint i = 0; i < project->migrations->len; i++)
    {
        if (!migration_fill(&through, g_ptr_array_index(project->migrations, i), error))
        {
            return FALSE;
        }
    }
    project->read = through.read;
    if (known != NULL)
    {
        gw_cache_save(known);
    }
    return TRUE;
}

gw_project *
gw_project_read(
    const char *const *folders, const char *const *aliases, const char *cache, GError **error)
{
    g_autoptr(gw_project) project = g_new0(gw_project, 1);
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func((GDestroyNotify)gw_file_free);
    project->migrations = g_ptr_array_new_with_free_func((GDestroyNotify)gw_migration_free);
    project->ignored = g_ptr_array_new_with_free_func(ignored_free);
    for (gsize i = 0; folders[i] != NULL; i++)
    {
        if (!gw_folder_scan(folders[i], files, project->ignored, error))
        {
            return NULL;
        }
    }
    g_ptr_array_sort(files, file_order);
    g_ptr_array_sort(project->ignored, ignored_order);
    if (!migrations_choose(project, files, aliases, error) ||
        !migrations_fill(project, folders, cache, error))
    {
        return NULL;
    }
    return g_steal_pointer(&project);
}

void
gw_project_free(gw_project *project)
{
    if (project != NULL)
    {
        g_ptr_array_unref(project->migrations);
        g_ptr_array_unref(project->ignored);
        g_free(project);
    }
}

char *
gw_project_cache_folder(void)
{
    const char *cache = g_getenv("XDG_CACHE_HOME");
    const char *home = g_getenv("HOME");
    if (cache != NULL && g_path_is_absolute(cache))
    {
        return g_build_filename(cache, "godwit", NULL);
    }
    return home != NULL && g_path_is_absolute(home)
               ? g_build_filename(home, ".cache", "godwit", NULL)
               : NULL;
}

const gw_migration *
gw_project_find(const gw_project *project, const char *version)
{
    guint low = 0;
    guint high = project->migrations->len;
    while (low < high)
    {
        guint middle = low + (high - low) / 2;
        const gw_migration *migration = g_ptr_array_index(project->migrations, middle);
        int order = gw_version_compare(version, migration->version);
        if (order == 0)
        {
            return migration;
        }
        low = order > 0 ? middle + 1 : low;
        high = order < 0 ? middle : high;
    }
    return NULL;
}

/* "did you mean" among versions and names. */
static void
near_add(const gw_project *project, const char *version, GError *error)
{
    guint count = project->migrations->len;
    g_autofree const char **versions = g_new0(const char *, count + 1);
    for (guint i = 0; i < count; i++)
    {
        const gw_migration *migration = g_ptr_array_index(project->migrations, i);
        versions[i] = migration->version;
        if (strcmp(migration->name, version) == 0)
        {
            gw_error_add_hint(error, "did you mean %s, which has that name?", migration->version);
        }
    }
    const char *near = gw_text_near(version, versions);
    if (near != NULL)
    {
        gw_error_add_hint(error, "did you mean %s?", near);
    }
}

const gw_migration *
gw_project_need(const gw_project *project, const char *version, GError **error)
{
    const gw_migration *migration =
        gw_version_check(version) ? gw_project_find(project, version) : NULL;
    if (migration == NULL)
    {
        gw_fail(error, GW_CODE_VERSION, "there is no migration %s", version);
        if (error != NULL)
        {
            near_add(project, version, *error);
        }
    }
    return migration;
}
