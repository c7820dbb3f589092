/* The data that follow COPY … FROM stdin in a script. */
#ifndef GW_SQL_COPY_DATA_H
#define GW_SQL_COPY_DATA_H

#include "sql/splitter.h"

/* Is the statement COPY … FROM stdin? */
gboolean gw_copy_wants_data(const gw_lexer *lexer, const gw_statement *statement);

/*
 * The lexer stands behind the statement's semicolon: fill the statement's data and go to behind
 * them. FALSE, with the lexer on it, when something stands on the rest of the statement's line.
 */
gboolean gw_copy_take_data(gw_lexer *lexer, gw_statement *statement);

#endif
