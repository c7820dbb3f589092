/*
 * split-agrees FILE …: does godwit split these scripts for PostgreSQL as PostgreSQL's own grammar
 * does? Commands of psql and the data of COPY, which the grammar does not know, are blanked first.
 * Exit 1 when a file is split differently.
 */
#include <stdio.h>

#include "sql-agrees.h"
#include "sql/words.h"

static void
blank(char *text, gsize start, gsize end)
{
    for (gsize i = start; i < end; i++)
    {
        text[i] = text[i] == '\n' ? '\n' : ' ';
    }
}

/* COPY … FROM stdin becomes COPY … FROM 'file', behind which no data are awaited. */
static void
replace_stdin(char *text, const gw_statement *statement)
{
    gw_words words;
    gw_words_init(&words, &case_postgres, text + statement->offset, statement->length);
    if (gw_words_find(&words, "FROM", FALSE))
    {
        gw_words_step(&words);
        memcpy(text + statement->offset + words.token.offset, "'abc'", 5);
    }
}

static gsize
line_end(const char *text, gsize size, gsize at)
{
    const char *end = memchr(text + at, '\n', size - at);
    return end == NULL ? size : (gsize)(end - text);
}

/* Blank the first command of psql or the first data behind `*at`; FALSE when there is none. */
static gboolean
blank_next(char *text, gsize size, gsize *at)
{
    g_autoptr(gw_source) source = gw_source_new("", text, (gssize)size);
    g_autoptr(GError) error = NULL;
    gw_splitter splitter;
    gw_statement statement;
    gboolean more = TRUE;
    gw_splitter_init(&splitter, &case_postgres, source, *at, size - *at);
    while (more)
    {
        if (!gw_splitter_next(&splitter, &statement, &more, &error))
        {
            gsize end = line_end(text, size, splitter.lexer.at);
            blank(text, splitter.lexer.at - 1, end);
            *at = end;
            return gw_error_is(error, GW_CODE_CLIENT);
        }
        if (statement.has_data)
        {
            gsize end = line_end(text, size, statement.data_offset + statement.data_length);
            blank(text, statement.data_offset, end);
            replace_stdin(text, &statement);
            *at = end;
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
check_file(const char *path, GError **error)
{
    g_autofree char *text = NULL;
    gsize size = 0;
    gsize at = 0;
    guint count = 0;
    if (!g_file_get_contents(path, &text, &size, error))
    {
        return FALSE;
    }
    while (blank_next(text, size, &at))
    {
    }
    g_autoptr(gw_source) source = gw_source_new(path, text, (gssize)size);
    if (!agrees_check(source, &count, error))
    {
        return FALSE;
    }
    printf("%s: %u statements, split alike\n", path, count);
    return TRUE;
}

int
main(int argc, char **argv)
{
    int status = 0;
    for (int i = 1; i < argc; i++)
    {
        g_autoptr(GError) error = NULL;
        if (!check_file(argv[i], &error))
        {
            const gw_position *place = gw_error_position(error);
            fprintf(stderr, "%s:%u:%u: %s\n", argv[i], place == NULL ? 0 : place->line,
                place == NULL ? 0 : place->column, error->message);
            status = 1;
        }
    }
    return status;
}
