/* PostgreSQL 12 and later, through libpq. */
#ifndef GW_DRIVERS_POSTGRES_POSTGRES_H
#define GW_DRIVERS_POSTGRES_POSTGRES_H

#include "db/driver.h"

extern const gw_driver gw_postgres_driver;

#endif
