/* What is asked of the server besides data. */
#ifndef GW_DRIVERS_MARIADB_VITALS_H
#define GW_DRIVERS_MARIADB_VITALS_H

#include "drivers/mariadb/session.h"

/* The checks of `doctor`. */
GPtrArray *gw_mariadb_checks(gpointer self, const gw_place *place, GError **error);

#endif
