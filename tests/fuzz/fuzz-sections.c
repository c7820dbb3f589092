/* Any bytes as the file of a migration. */
#include "../unit/sql-cases.h"
#include "sql/sections.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(gboolean held)
{
    if (!held)
    {
        abort();
    }
}

/* Sections follow one another, each behind its marker, and the last ends with the file. */
static void
check_ranges(const gw_sections *sections, gsize size)
{
    gsize end = 0;
    require(sections->list->len > 0);
    for (guint i = 0; i < sections->list->len; i++)
    {
        const gw_section *section = g_ptr_array_index(sections->list, i);
        require(i == 0 || section->marker == end);
        require(section->offset > section->marker);
        end = section->offset + section->length;
        require(end <= size);
    }
    require(end == size);
}

static void
check_substitution(gw_source *source, const gw_sections *sections, const gw_lexis *lexis)
{
    g_autoptr(GHashTable) vars = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(GError) error = NULL;
    g_hash_table_insert(vars, g_strdup("a"), g_strdup("value"));
    g_autoptr(gw_source) filled = gw_sections_substitute(source, sections, lexis, vars, &error);
    require((filled == NULL) == (error != NULL));
    if (filled != NULL)
    {
        g_autoptr(gw_sections) again = gw_sections_parse(filled, &error);
        require(again != NULL && again->list->len == sections->list->len);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const gw_lexis *const all[] = {&case_postgres, &case_mariadb, &case_sqlite, NULL};
    g_autoptr(gw_source) source = gw_source_new("fuzz.sql", (const char *)data, (gssize)size);
    g_autoptr(GError) error = NULL;
    g_autoptr(gw_sections) whole = gw_sections_whole(source, GW_SECTION_DOWN);
    g_autoptr(gw_sections) sections = gw_sections_parse(source, &error);
    require((sections == NULL) == (error != NULL));
    require(gw_sections_find(whole, GW_SECTION_DOWN) != NULL);
    if (sections == NULL)
    {
        require(gw_error_position(error) != NULL);
        return 0;
    }
    check_ranges(sections, size);
    for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
    {
        check_substitution(source, sections, all[i]);
    }
    return 0;
}
