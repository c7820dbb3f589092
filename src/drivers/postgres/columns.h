/* What a column's type and default mean for the rows that are there already. */
#ifndef GW_DRIVERS_POSTGRES_COLUMNS_H
#define GW_DRIVERS_POSTGRES_COLUMNS_H

#include "drivers/postgres/locks.h"

/* Facts of adding the column of a ColumnDef to `table`. */
void gw_pg_column_added(gw_facts *facts, gw_pg_relation table, const gw_pg_node *column);

/* Facts of changing the type of a column to that of a ColumnDef. */
void gw_pg_column_changed(gw_facts *facts, const gw_pg_node *column);

#endif
