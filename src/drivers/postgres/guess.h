/* Statements that the grammar at hand does not know: newer syntax, or too long for the parser. */
#ifndef GW_DRIVERS_POSTGRES_GUESS_H
#define GW_DRIVERS_POSTGRES_GUESS_H

#include "sql/facts.h"

/* Facts from the words: what cannot be known is unknown, and the relations that the statement seems
 * to name get the strongest lock. */
void gw_pg_guess(gw_facts *facts, const char *sql, gsize length);

#endif
