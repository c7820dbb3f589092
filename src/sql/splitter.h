/*
 * A script into statements, one at a time, in the order of the text, without copying it: a script
 * of 100 MB costs no memory. It follows what changes how text is read: DELIMITER, SET
 * standard_conforming_strings, SET sql_mode, COPY … FROM stdin.
 */
#ifndef GW_SQL_SPLITTER_H
#define GW_SQL_SPLITTER_H

#include "sql/lexer.h"

typedef struct gw_statement
{
    gsize offset; /* of its first token, in the source; comments before it are not part of it */
    gsize length; /* without the semicolon or delimiter, without white space at its end */
    gsize data_offset; /* of COPY data: the first byte of the line after the statement */
    gsize data_length; /* up to the line \. , which is not part of it; 0 without data */
    gboolean has_data; /* COPY … FROM stdin: also when the data are empty */
} gw_statement;

typedef struct gw_splitter
{
    const gw_source *source;
    gw_lexer lexer;     /* its flags are those that the text has set so far */
    guint flags;        /* the dialect's own */
    char delimiter[16]; /* ";" or what DELIMITER said */
} gw_splitter;

/* Split `length` bytes at `offset` of `source`, both of which must outlive the splitter. */
void gw_splitter_init(gw_splitter *splitter, const gw_lexis *lexis, const gw_source *source,
    gsize offset, gsize length);

/* The same for text without a source: errors have no place then. */
void gw_splitter_init_text(
    gw_splitter *splitter, const gw_lexis *lexis, const char *text, gsize length);

/*
 * The next statement. *more is FALSE, and the statement empty, at the end. Fails with TEXT and the
 * place where what is not closed began, or of a mark of git's that an unfinished merge has left;
 * with CLIENT on a psql command (\c, \i …).
 */
gboolean gw_splitter_next(
    gw_splitter *splitter, gw_statement *statement, gboolean *more, GError **error) GW_CHECKED;

#endif
