/* The blocks of MariaDB's stored programs, counted without parsing them. */
#ifndef GW_SQL_COMPOUND_H
#define GW_SQL_COMPOUND_H

#include "sql/bodies.h"

/* A package is a block from its head on. */
void gw_compound_open_package(gw_body *body, gsize offset);

void gw_compound_step(gw_body *body, const gw_lexer *lexer, const gw_token *token);

#endif
