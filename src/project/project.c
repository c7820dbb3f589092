#include "project/project.h"

#include "base/clock.h"
#include "base/text.h"
#include "base/thread.h"
#include "project/cache.h"
#include "project/variants.h"

/* Below that many migrations reading the files is as quick as a cache. */
#define CACHE_FROM 100

/* Texts are kept in blocks: thousands of names cost few allocations. */
#define TEXT_BLOCK 16384

/* So many files are worth a thread's start. */
#define READ_BLOCK 8

/* A file's facts on their way. */
typedef struct glance
{
    const gw_file *file; /* NULL: the migration has no such file */
    gw_file_facts facts;
    gboolean known; /* they were in the cache */
    gint64 wall;    /* else: the time before the file was read */
} glance;

/* A migration whose files have to be looked at. */
typedef struct draft
{
    gw_migration *migration; /* the project's */
    glance up;
    glance down;
} draft;

/* What files are read through. */
typedef struct reader
{
    gw_project *project;
    gw_cache *cache; /* NULL: none */
    GArray *unread;  /* of draft: those that the cache does not know, in order */
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

static void
draft_clear(gpointer data)
{
    draft *paper = data;
    gw_file_facts_clear(&paper->up.facts);
    gw_file_facts_clear(&paper->down.facts);
}

/* Are the facts of a file known without opening it? Those of no file are. */
static gboolean
glance_find(const reader *through, glance *at)
{
    at->known =
        at->file == NULL || (at->file->missing == 0 && through->cache != NULL &&
                                gw_cache_find(through->cache, &at->file->stamp, &at->facts));
    return at->known;
}

/* Read the file where it has to be. */
static gboolean
glance_read(glance *at, GError **error)
{
    if (at->known)
    {
        return TRUE;
    }
    if (at->file->missing != 0)
    {
        gw_fail(error, GW_CODE_FILE, "cannot read %s: %s", at->file->path,
            g_strerror(at->file->missing));
        return FALSE;
    }
    at->wall = gw_clock_wall();
    return gw_file_facts_read(at->file, &at->facts, error);
}

/* Remember what was read. */
static void
glance_keep(const reader *through, const glance *at)
{
    through->project->read += !at->known;
    if (!at->known && through->cache != NULL)
    {
        gw_cache_put(through->cache, &at->file->stamp, &at->facts, at->wall);
    }
}

/* Fill what the migration's files say. */
static void
migration_fill(const reader *through, draft *paper)
{
    gw_migration *migration = paper->migration;
    GStringChunk *texts = through->project->texts;
    const char *up = paper->up.facts.sha256;
    if (migration->form == GW_FORM_PAIR)
    {
        const char *down = paper->down.file == NULL ? NULL : paper->down.facts.sha256;
        g_autofree char *sha256 = gw_pair_sha256(up, down);
        migration->sha256 = g_string_chunk_insert(texts, sha256);
    }
    else
    {
        migration->sha256 = g_string_chunk_insert_len(texts, up, GW_SHA256_DIGITS);
    }
    migration->repeatable = paper->up.facts.repeatable;
    migration->depends = g_steal_pointer(&paper->up.facts.depends);
}

/* Add a migration: what its files say at once where it is known, else when they are read. */
static void
migration_add(const reader *through, const gw_variant *chosen)
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
    draft paper = {migration, {.file = chosen->up}, {.file = chosen->down}};
    gboolean up = glance_find(through, &paper.up);
    gboolean down = glance_find(through, &paper.down);
    if (up && down)
    {
        migration_fill(through, &paper);
        draft_clear(&paper);
    }
    else
    {
        g_array_append_val(through->unread, paper);
    }
}

static gboolean
draft_read(gpointer data, guint index, GError **error)
{
    draft *paper = &((draft *)data)[index];
    return glance_read(&paper->up, error) && glance_read(&paper->down, error);
}

/* Read the files of those that are not known: each waits for the disk, so several at a time. */
static gboolean
unread_read(const reader *through, GError **error)
{
    GArray *unread = through->unread;
    if (!gw_threads_each(unread->len, READ_BLOCK, draft_read, unread->data, error))
    {
        return FALSE;
    }
    for (guint i = 0; i < unread->len; i++)
    {
        draft *paper = &g_array_index(unread, draft, i);
        glance_keep(through, &paper->up);
        glance_keep(through, &paper->down);
        migration_fill(through, paper);
    }
    return TRUE;
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

/* What is wrong with the files of a version is told after what is wrong with those before it. */
static gboolean
migrations_add(
    const reader *through, const GArray *files, const char *const *aliases, GError **error)
{
    g_autoptr(GError) reason = NULL;
    for (guint i = 0; i < files->len && reason == NULL;)
    {
        const gw_file *group = &g_array_index(files, gw_file, i);
        guint count = version_count(files, i);
        gw_variant chosen;
        if (gw_variants_choose(group, count, aliases, &chosen, &reason))
        {
            migration_add(through, &chosen);
        }
        i += count;
    }
    if (!unread_read(through, error))
    {
        return FALSE;
    }
    if (reason != NULL)
    {
        g_propagate_error(error, g_steal_pointer(&reason));
        return FALSE;
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
    g_autoptr(GArray) unread = g_array_new(FALSE, FALSE, sizeof(draft));
    g_array_set_clear_func(unread, draft_clear);
    const reader through = {project, known, unread};
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
