/*
 * What the tests of SQL as text share: how each database is read, and case files. A case file of
 * tests/cases is text:
 *
 *     ### case: what is shown
 *     the input, up to the next line of ###
 *     ### statement
 *     what is expected
 *
 * Every other ### line is an answer: its words, and the lines below it.
 */
#ifndef GW_TESTS_SQL_CASES_H
#define GW_TESTS_SQL_CASES_H

#include "base/source.h"
#include "sql/lexis.h"

static const gw_lexis case_postgres G_GNUC_UNUSED = {
    GW_LEXIS_DOLLAR_QUOTE | GW_LEXIS_NESTED_COMMENT | GW_LEXIS_ESCAPE_STRING | GW_LEXIS_COPY_DATA |
    GW_LEXIS_BEGIN_ATOMIC | GW_LEXIS_PSQL_COMMAND | GW_LEXIS_RULE_PARENTHESES};

static const gw_lexis case_mariadb G_GNUC_UNUSED = {
    GW_LEXIS_BACKSLASH | GW_LEXIS_BACKTICK | GW_LEXIS_HASH_COMMENT | GW_LEXIS_CONDITIONAL |
    GW_LEXIS_DASH_SPACE | GW_LEXIS_DOUBLE_QUOTE_STRING | GW_LEXIS_DELIMITER | GW_LEXIS_COMPOUND};

static const gw_lexis case_sqlite G_GNUC_UNUSED = {
    GW_LEXIS_BACKTICK | GW_LEXIS_BRACKET | GW_LEXIS_TRIGGER_BODY};

/* One answer of a case. */
typedef struct case_answer
{
    char *words; /* behind ### */
    char *text;  /* without its last line end */
} case_answer;

typedef struct case_entry
{
    char *title;
    char *input;
    GPtrArray *answers; /* of case_answer * */
} case_entry;

static inline void
case_answer_free(gpointer data)
{
    case_answer *answer = data;
    g_free(answer->words);
    g_free(answer->text);
    g_free(answer);
}

static inline void
case_entry_free(gpointer data)
{
    case_entry *entry = data;
    g_free(entry->title);
    g_free(entry->input);
    g_ptr_array_unref(entry->answers);
    g_free(entry);
}

/* Give the text that was gathered to what it belongs to. */
static inline void
case_settle(case_entry *entry, GString *text)
{
    if (entry != NULL && entry->answers->len > 0)
    {
        case_answer *last = g_ptr_array_index(entry->answers, entry->answers->len - 1);
        g_string_truncate(text, MAX(1, text->len) - 1);
        last->text = g_strdup(text->str);
    }
    else if (entry != NULL)
    {
        entry->input = g_strdup(text->str);
    }
    g_string_truncate(text, 0);
}

/* The cases of a file, of case_entry *. */
static inline GPtrArray *
case_read(const char *name)
{
    static const char start[] = "case: ";
    g_autofree char *path = g_build_filename(g_getenv("GW_TEST_CASES"), name, NULL);
    g_autofree char *all = NULL;
    g_autoptr(GError) error = NULL;
    g_file_get_contents(path, &all, NULL, &error);
    g_assert_no_error(error);
    GPtrArray *entries = g_ptr_array_new_with_free_func(case_entry_free);
    case_entry *entry = NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    g_auto(GStrv) lines = g_strsplit(all, "\n", -1);
    for (gsize i = 0; lines[i] != NULL && lines[i + 1] != NULL; i++)
    {
        const char *words = g_str_has_prefix(lines[i], "### ") ? lines[i] + 4 : NULL;
        if (words == NULL)
        {
            g_string_append_printf(text, "%s\n", lines[i]);
            continue;
        }
        case_settle(entry, text);
        if (g_str_has_prefix(words, start))
        {
            entry = g_new0(case_entry, 1);
            entry->title = g_strdup(words + strlen(start));
            entry->answers = g_ptr_array_new_with_free_func(case_answer_free);
            g_ptr_array_add(entries, entry);
            continue;
        }
        g_assert_nonnull(entry);
        case_answer *answer = g_new0(case_answer, 1);
        answer->words = g_strdup(words);
        g_ptr_array_add(entry->answers, answer);
    }
    case_settle(entry, text);
    return entries;
}

/* "error TEXT 2:1 message": what case files call an error. */
static inline char *
case_error(const GError *error)
{
    const gw_position *place = gw_error_position(error);
    return g_strdup_printf("error %s %u:%u %s", gw_code_find(error->code)->name,
        place == NULL ? 0 : place->line, place == NULL ? 0 : place->column, error->message);
}

/* The answer at `index` must be these words with this text. */
static inline void
case_expect(const case_entry *entry, guint index, const char *words, const char *text)
{
    if (index >= entry->answers->len)
    {
        g_error("%s: more than expected: %s\n%s", entry->title, words, text);
    }
    const case_answer *answer = g_ptr_array_index(entry->answers, index);
    if (strcmp(answer->words, words) != 0 || strcmp(answer->text, text) != 0)
    {
        g_error("%s: got\n### %s\n%s\ninstead of\n### %s\n%s", entry->title, words, text,
            answer->words, answer->text);
    }
}

static inline void
case_expect_end(const case_entry *entry, guint index)
{
    if (index != entry->answers->len)
    {
        const case_answer *answer = g_ptr_array_index(entry->answers, index);
        g_error("%s: missing\n### %s\n%s", entry->title, answer->words, answer->text);
    }
}

#endif
