#include "project/file_facts.h"
#include "project/project.h"
#include "sql/lexer.h"

/* One file of a migration: as it is written, and as it runs. */
typedef struct half
{
    gw_source *written;
    gw_sections *written_sections;
    gw_source *source; /* variables replaced; the same as `written` where there are none */
    gw_sections *sections;
    char *sha256;
} half;

static void
half_free(gpointer data)
{
    half *part = data;
    if (part->sections != part->written_sections)
    {
        gw_sections_free(part->sections);
    }
    gw_sections_free(part->written_sections);
    gw_source_unref(part->source);
    gw_source_unref(part->written);
    g_free(part->sha256);
    g_free(part);
}

/* Replace variables; positions are of the new text then, so it is cut anew. */
static gboolean
half_substitute(
    half *file, gw_name_part part, const gw_lexis *lexis, GHashTable *vars, GError **error)
{
    g_autoptr(GHashTable) none = vars == NULL ? g_hash_table_new(g_str_hash, g_str_equal) : NULL;
    file->source = gw_sections_substitute(
        file->written, file->written_sections, lexis, vars == NULL ? none : vars, error);
    if (file->source == NULL)
    {
        return FALSE;
    }
    file->sections = file->source == file->written ? file->written_sections
                                                   : gw_part_sections(file->source, part, error);
    return file->sections != NULL;
}

static half *
half_load(
    const char *path, gw_name_part part, const gw_lexis *lexis, GHashTable *vars, GError **error)
{
    half *file = g_new0(half, 1);
    file->written = gw_source_open(path, path, error);
    file->written_sections =
        file->written == NULL ? NULL : gw_part_sections(file->written, part, error);
    if (file->written_sections == NULL || !half_substitute(file, part, lexis, vars, error))
    {
        half_free(file);
        return NULL;
    }
    file->sha256 = gw_source_sha256(file->written);
    return file;
}

static void
parts_add(gw_content *content, const half *file)
{
    for (guint i = 0; i < file->sections->list->len; i++)
    {
        const gw_part part = {g_ptr_array_index(file->sections->list, i), file->source};
        g_array_append_val(content->parts, part);
    }
}

/* Put together what the files say. */
static void
content_fill(gw_content *content, gboolean pair)
{
    const half *first = g_ptr_array_index(content->files, 0);
    const half *second = content->files->len > 1 ? g_ptr_array_index(content->files, 1) : NULL;
    content->description = g_strdup(first->sections->description);
    content->irreversible = g_strdup(first->sections->irreversible);
    parts_add(content, first);
    if (second != NULL)
    {
        parts_add(content, second);
    }
    content->sha256 = pair ? gw_pair_sha256(first->sha256, second == NULL ? NULL : second->sha256)
                           : g_strdup(first->sha256);
}

static void
refuse_yaml(const gw_migration *migration, GError **error)
{
    gw_fail(error, GW_CODE_NOT_YET, "portable operations come with a later version of godwit");
    if (error != NULL)
    {
        gw_position position = {.file = g_strdup(migration->path), .line = 1};
        gw_error_add_position(*error, &position);
        gw_error_add_hint(
            *error, "write it in SQL for now: %s_%s.sql", migration->version, migration->name);
    }
}

gw_content *
gw_migration_load(
    const gw_migration *migration, const gw_lexis *lexis, GHashTable *vars, GError **error)
{
    gboolean pair = migration->form == GW_FORM_PAIR;
    if (migration->form == GW_FORM_YAML)
    {
        refuse_yaml(migration, error);
        return NULL;
    }
    g_autoptr(gw_content) content = g_new0(gw_content, 1);
    content->parts = g_array_new(FALSE, FALSE, sizeof(gw_part));
    content->files = g_ptr_array_new_with_free_func(half_free);
    const char *const paths[] = {migration->path, migration->undo};
    const gw_name_part parts[] = {pair ? GW_NAME_UP : GW_NAME_WHOLE, GW_NAME_DOWN};
    for (gsize i = 0; i < G_N_ELEMENTS(paths) && paths[i] != NULL; i++)
    {
        half *file = half_load(paths[i], parts[i], lexis, vars, error);
        if (file == NULL)
        {
            return NULL;
        }
        g_ptr_array_add(content->files, file);
    }
    content_fill(content, pair);
    return g_steal_pointer(&content);
}

void
gw_content_free(gw_content *content)
{
    if (content != NULL)
    {
        g_free(content->description);
        g_free(content->irreversible);
        g_free(content->sha256);
        g_array_unref(content->parts);
        g_ptr_array_unref(content->files);
        g_free(content);
    }
}

const gw_part *
gw_content_find(const gw_content *content, gw_section_kind kind)
{
    for (guint i = 0; i < content->parts->len; i++)
    {
        const gw_part *part = &g_array_index(content->parts, gw_part, i);
        if (part->section->kind == kind)
        {
            return part;
        }
    }
    return NULL;
}

/* A marker's line as it means: its words with one blank between them. A half without markers has
 * none, and hashes as a section that has no options. */
static void
marker_append(GString *out, const gw_source *source, const gw_section *section)
{
    const char *text = gw_source_text(source) + section->marker;
    g_autofree char *line = g_strndup(text, section->offset - section->marker);
    g_auto(GStrv) words = g_strsplit_set(line, " \t\r\n", -1);
    for (gsize i = 0; words[i] != NULL; i++)
    {
        if (strchr(words[i], ':') != NULL && strstr(words[i], "migrate:") == NULL)
        {
            g_string_append_printf(out, " %s", words[i]);
        }
    }
}

char *
gw_content_token_sha256(const gw_content *content, const gw_lexis *lexis)
{
    g_autoptr(GString) all = g_string_new(NULL);
    for (guint i = 0; i < content->files->len; i++)
    {
        const half *file = g_ptr_array_index(content->files, i);
        const char *text = gw_source_text(file->written);
        for (guint j = 0; j < file->written_sections->list->len; j++)
        {
            const gw_section *section = g_ptr_array_index(file->written_sections->list, j);
            g_autofree char *hash = gw_sql_sha256(lexis, text + section->offset, section->length);
            g_string_append(all, gw_section_name(section->kind));
            marker_append(all, file->written, section);
            g_string_append_printf(all, " %s\n", hash);
        }
    }
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, all->str, -1);
}
