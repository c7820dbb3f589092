#include "sql/sections.h"

#include "sql-cases.h"

/* The options of a section as a marker could say them. */
static char *
describe(const gw_section *section)
{
    static const char *const keeps[] = {"", " keep:true", " keep:false", " keep:erase"};
    GString *out = g_string_new(gw_section_name(section->kind));
    g_string_append(out, section->no_transaction ? " transaction:false" : "");
    g_string_append(out, section->substitute ? " substitute:true" : "");
    g_string_append(out, section->repeat ? " repeat:true" : "");
    g_string_append(out, keeps[section->keep]);
    if (section->lock_timeout != 0)
    {
        g_string_append_printf(out, " lock-timeout:%" G_GINT64_FORMAT "us", section->lock_timeout);
    }
    if (section->timeout != 0)
    {
        g_string_append_printf(out, " timeout:%" G_GINT64_FORMAT "us", section->timeout);
    }
    if (section->databases != NULL)
    {
        g_autofree char *names = g_strjoinv(",", section->databases);
        g_string_append_printf(out, " databases:%s", names);
    }
    if (section->kind == GW_SECTION_BACKFILL)
    {
        g_string_append_printf(out, " table:%s chunk:%" G_GUINT64_FORMAT " transform:%s error:%d",
            section->table, section->chunk, section->transform, (int)section->quarantine);
    }
    if (section->undoes != GW_SECTION_UP)
    {
        g_string_append_printf(out, " phase:%s", gw_section_name(section->undoes));
    }
    return g_string_free(out, FALSE);
}

static guint
expect_text(const case_entry *entry, guint index, const char *words, const char *text)
{
    if (text != NULL)
    {
        case_expect(entry, index++, words, text);
    }
    return index;
}

static void
run_case(const case_entry *entry)
{
    g_autoptr(gw_source) source = gw_source_new("1_x.sql", entry->input, -1);
    g_autoptr(GError) error = NULL;
    g_autoptr(gw_sections) sections = gw_sections_parse(source, &error);
    if (sections == NULL)
    {
        const char *hint = gw_error_hint(error);
        g_autofree char *words = case_error(error);
        case_expect(entry, 0, words, hint == NULL ? "" : hint);
        case_expect_end(entry, 1);
        return;
    }
    guint index = expect_text(entry, 0, "description", sections->description);
    for (guint i = 0; i < sections->depends->len; i++)
    {
        index = expect_text(entry, index, "depends", g_ptr_array_index(sections->depends, i));
    }
    index = expect_text(entry, index, "irreversible", sections->irreversible);
    for (guint i = 0; i < sections->list->len; i++)
    {
        const gw_section *section = g_ptr_array_index(sections->list, i);
        const char *text = gw_source_text(source) + section->offset;
        g_autofree char *words = describe(section);
        g_autofree char *sql = g_strndup(text, section->length);
        case_expect(entry, index++, words, g_strchomp(sql));
    }
    case_expect_end(entry, index);
}

static void
test_cases(void)
{
    g_autoptr(GPtrArray) entries = case_read("sections.txt");
    g_assert_cmpuint(entries->len, >, 40);
    for (guint i = 0; i < entries->len; i++)
    {
        run_case(g_ptr_array_index(entries, i));
    }
}

static gw_sections *
parse(const char *text, gssize length, GError **error)
{
    g_autoptr(gw_source) source = gw_source_new("1_x.sql", text, length);
    return gw_sections_parse(source, error);
}

static void
test_line_ends(void)
{
    g_autoptr(GError) error = NULL;
    const char *text = "\xEF\xBB\xBF-- What\r\n-- migrate:up transaction:false\r\nSELECT 1;\r\n"
                       "-- migrate:down\r\n";
    g_autoptr(gw_sections) sections = parse(text, -1, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(sections->description, ==, "What");
    const gw_section *up = gw_sections_find(sections, GW_SECTION_UP);
    g_assert_true(up->no_transaction);
    g_assert_cmpint(strncmp(text + up->offset, "SELECT 1;\r\n", up->length), ==, 0);
    g_assert_cmpuint(up->length, ==, 11);
    g_assert_cmpint(strncmp(text + up->marker, "-- migrate:up", 13), ==, 0);
    g_assert_cmpuint(gw_sections_find(sections, GW_SECTION_DOWN)->length, ==, 0);
    g_assert_null(gw_sections_find(sections, GW_SECTION_VERIFY));
}

static void
test_mark_first(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(gw_sections) sections = parse("\xEF\xBB\xBF-- migrate:up\nSELECT 1;", -1, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(gw_sections_find(sections, GW_SECTION_UP)->marker, ==, 3);
}

static void
test_encoding(void)
{
    g_autoptr(GError) nul = NULL;
    g_autoptr(GError) latin = NULL;
    g_assert_null(parse("-- migrate:up\nSELECT '\0';", 25, &nul));
    g_assert_true(gw_error_is(nul, GW_CODE_ENCODING));
    g_assert_cmpuint(gw_error_position(nul)->line, ==, 2);
    g_assert_cmpuint(gw_error_position(nul)->column, ==, 9);
    g_assert_null(parse("-- migrate:up\nSELECT 'caf\xE9';", -1, &latin));
    g_assert_true(gw_error_is(latin, GW_CODE_ENCODING));
    g_assert_null(parse("", 0, NULL));
}

static void
test_whole(void)
{
    g_autoptr(gw_source) source =
        gw_source_new("1_x.down.sql", "\xEF\xBB\xBF-- Undo it.\nDROP TABLE t; -- migrate:up\n", -1);
    g_autoptr(gw_sections) sections = gw_sections_whole(source, GW_SECTION_DOWN);
    g_assert_cmpuint(sections->list->len, ==, 1);
    const gw_section *down = gw_sections_find(sections, GW_SECTION_DOWN);
    g_assert_cmpuint(down->offset, ==, 3);
    g_assert_cmpuint(down->offset + down->length, ==, gw_source_size(source));
    g_assert_cmpstr(sections->description, ==, "Undo it.");
    g_assert_cmpint(down->undoes, ==, GW_SECTION_UP);
    g_assert_cmpint(down->quarantine, ==, -1);
    gw_sections_free(NULL);
}

static void
test_repeatable(void)
{
    g_autoptr(gw_sections) once = parse("-- migrate:up repeat:false\n", -1, NULL);
    g_autoptr(gw_sections) again = parse("-- migrate:up repeat:true\n", -1, NULL);
    g_assert_false(once->repeatable);
    g_assert_true(again->repeatable);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sections/every case of sections.txt is cut as written", test_cases);
    g_test_add_func("/sections/line ends and marks of other systems do not count", test_line_ends);
    g_test_add_func("/sections/a marker may follow the byte order mark", test_mark_first);
    g_test_add_func("/sections/bytes that are no text are refused with their place", test_encoding);
    g_test_add_func("/sections/a file of a pair is one section", test_whole);
    g_test_add_func("/sections/repeat makes the file repeatable", test_repeatable);
    return g_test_run();
}
