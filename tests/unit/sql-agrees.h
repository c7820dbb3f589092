/* Does godwit split PostgreSQL's text as PostgreSQL's own grammar does? For the test of the corpus
 * and for the tool that asks it of any file. */
#ifndef GW_TESTS_SQL_AGREES_H
#define GW_TESTS_SQL_AGREES_H

#include <pg_query.h>

#include "sql-cases.h"
#include "sql/splitter.h"

/* The statement between the first and the last token that is no comment. */
static inline gw_statement
agrees_trim(const char *text, gsize offset, gsize length)
{
    gw_statement statement = {.offset = offset};
    gw_lexer lexer;
    gw_token token;
    gsize end = offset;
    gw_lexer_init(&lexer, &case_postgres, text, offset, offset + length);
    while (gw_lexer_next_code(&lexer, &token) && token.kind != GW_TOKEN_END)
    {
        statement.offset = end == offset ? token.offset : statement.offset;
        end = token.offset + token.length;
    }
    statement.length = end - statement.offset;
    return statement;
}

/* Fail with the first statement that is not cut in the same place by both. */
static inline gboolean
agrees_compare(const gw_source *source, const PgQuerySplitResult *grammar, GError **error)
{
    const char *text = gw_source_text(source);
    gw_splitter splitter;
    gw_statement statement;
    gboolean more = FALSE;
    gw_splitter_init(&splitter, &case_postgres, source, 0, gw_source_size(source));
    for (int i = 0; i < grammar->n_stmts; i++)
    {
        const PgQuerySplitStmt *cut = grammar->stmts[i];
        gw_statement theirs = agrees_trim(text, (gsize)cut->stmt_location, (gsize)cut->stmt_len);
        if (!gw_splitter_next(&splitter, &statement, &more, error))
        {
            return FALSE;
        }
        if (!more || statement.offset != theirs.offset || statement.length != theirs.length)
        {
            gw_source_fail(source, theirs.offset, 1, error, GW_CODE_INTERNAL,
                "the grammar has «%.*s» where godwit has «%.*s»", (int)theirs.length,
                text + theirs.offset, (int)statement.length, text + statement.offset);
            return FALSE;
        }
    }
    if (gw_splitter_next(&splitter, &statement, &more, error) && more)
    {
        gw_source_fail(
            source, statement.offset, 1, error, GW_CODE_INTERNAL, "godwit has a statement more");
        return FALSE;
    }
    return *error == NULL;
}

/* Cut `source` with both. *count gets the number of statements. */
static inline gboolean
agrees_check(const gw_source *source, guint *count, GError **error)
{
    g_autofree char *text = g_strndup(gw_source_text(source), gw_source_size(source));
    PgQuerySplitResult grammar = pg_query_split_with_parser(text);
    gboolean good = grammar.error == NULL;
    *count = (guint)grammar.n_stmts;
    if (!good)
    {
        gw_source_fail(source, (gsize)MAX(0, grammar.error->cursorpos - 1), 1, error,
            GW_CODE_SYNTAX, "%s", grammar.error->message);
    }
    good = good && agrees_compare(source, &grammar, error);
    pg_query_free_split_result(grammar);
    return good;
}

#endif
