#include "project/project.h"

#include "base/clock.h"
#include "base/text.h"
#include "project/cache.h"
#include "project/variants.h"

/* Below that many migrations reading the files is as quick as a cache. */
#define CACHE_FROM 100

/* Texts are kept in blocks: thousands of names cost few allocations. */
#define TEXT_BLOCK 16384

/* What files are read through. */
typedef struct reader
{
    gw_project *project;
    gw_cache *cache; /* NULL: none */
} reader;

static void
migration_free(gpointer data)
{
    gw_migration *migration = data;
    g_strfreev(migration->depends);
    g_free(migration);
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
facts_get(const reader *through, const gw_file *file, gw_file_facts *facts, GError **error)
{
    if (file->missing != 0)
    {
        gw_fail(error, GW_CODE_FILE, "cannot read %s: %s", file->path, g_strerror(file->missing));
        return FALSE;
    }
    if (through->cache != NULL && gw_cache_find(through->cache, &file->stamp, facts))
    {
        return TRUE;
    }
    gint64 wall = gw_clock_wall();
    through->project->read++;
    if (!gw_file_facts_read(file, facts, error))
    {
        return FALSE;
    }
    if (through->cache != NULL)
    {
        gw_cache_put(through->cache, &file->stamp, facts, wall);
    }
    return TRUE;
}

/* Fill what the migration's files say. */
static gboolean
migration_fill(
    const reader *through, const gw_variant *chosen, gw_migration *migration, GError **error)
{
    g_auto(gw_file_facts) up = {0};
    g_auto(gw_file_facts) down = {0};
    GStringChunk *texts = through->project->texts;
    if (!facts_get(through, chosen->up, &up, error) ||
        (chosen->down != NULL && !facts_get(through, chosen->down, &down, error)))
    {
        return FALSE;
    }
    if (chosen->form == GW_FORM_PAIR)
    {
        g_autofree char *sha256 =
            gw_pair_sha256(up.sha256, chosen->down == NULL ? NULL : down.sha256);
        migration->sha256 = g_string_chunk_insert(texts, sha256);
    }
    else
    {
        migration->sha256 = g_string_chunk_insert_len(texts, up.sha256, GW_SHA256_DIGITS);
    }
    migration->repeatable = up.repeatable;
    migration->depends = g_steal_pointer(&up.depends);
    return TRUE;
}

static gboolean
migration_add(const reader *through, const gw_variant *chosen, GError **error)
{
    gw_migration *migration = g_new0(gw_migration, 1);
    migration->version = chosen->up->version;
    migration->rank = chosen->up->rank;
    migration->name = chosen->up->name;
    migration->form = chosen->form;
    migration->database = chosen->up->database;
    migration->applicable = chosen->applicable;
    migration->path = chosen->up->path;
    migration->undo = chosen->down == NULL ? NULL : chosen->down->path;
    g_ptr_array_add(through->project->migrations, migration);
    return migration_fill(through, chosen, migration, error);
}

/* How many files from `first` on have its version. */
static guint
version_count(const GArray *files, guint first)
{
    const gw_file *head = &g_array_index(files, gw_file, first);
    guint count = 1;
    while (first + count < files->len && head->rank == head[count].rank &&
           gw_version_compare(head->version, head[count].version) == 0)
    {
        count++;
    }
    return count;
}

static gboolean
migrations_add(
    const reader *through, const GArray *files, const char *const *aliases, GError **error)
{
    for (guint i = 0; i < files->len;)
    {
        const gw_file *group = &g_array_index(files, gw_file, i);
        guint count = version_count(files, i);
        gw_variant chosen;
        if (!gw_variants_choose(group, count, aliases, &chosen, error) ||
            !migration_add(through, &chosen, error))
        {
            return FALSE;
        }
        i += count;
    }
    return TRUE;
}

static gw_project *
project_new(void)
{
    gw_project *project = g_new0(gw_project, 1);
    project->texts = g_string_chunk_new(TEXT_BLOCK);
    project->migrations = g_ptr_array_new_with_free_func(migration_free);
    project->ignored = g_ptr_array_new_with_free_func(g_free);
    return project;
}

gw_project *
gw_project_read(
    const char *const *folders, const char *const *aliases, const char *cache, GError **error)
{
    g_autoptr(gw_project) project = project_new();
    g_auto(gw_scan) scan;
    gw_scan_init(&scan, project->texts, project->ignored);
    for (gsize i = 0; folders[i] != NULL; i++)
    {
        if (!gw_scan_folder(&scan, folders[i], error))
        {
            return NULL;
        }
    }
    gw_scan_sort(&scan);
    gw_scan_stamp(&scan);
    g_ptr_array_sort(project->ignored, ignored_order);
    gboolean many = cache != NULL && scan.files->len >= CACHE_FROM;
    g_autoptr(gw_cache) known = many ? gw_cache_open(cache, folders) : NULL;
    const reader through = {project, known};
    if (!migrations_add(&through, scan.files, aliases, error))
    {
        return NULL;
    }
    if (known != NULL)
    {
        gw_cache_save(known);
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
        g_string_chunk_free(project->texts);
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

/* Where `version`, whose rank that is, stands to the migration. */
static int
order_to(const char *version, guint64 rank, const gw_migration *migration)
{
    if (rank != migration->rank)
    {
        return rank < migration->rank ? -1 : 1;
    }
    return strcmp(version, migration->version) == 0
               ? 0
               : gw_version_compare(version, migration->version);
}

const gw_migration *
gw_project_find(const gw_project *project, const char *version)
{
    guint64 rank = gw_version_rank(version);
    guint low = 0;
    guint high = project->migrations->len;
    while (low < high)
    {
        guint middle = low + (high - low) / 2;
        const gw_migration *migration = g_ptr_array_index(project->migrations, middle);
        int order = order_to(version, rank, migration);
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
