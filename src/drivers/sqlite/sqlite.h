/* SQLite: a database in one file. */
#ifndef GW_DRIVERS_SQLITE_SQLITE_H
#define GW_DRIVERS_SQLITE_SQLITE_H

#include "db/driver.h"

extern const gw_driver gw_sqlite_driver;

#endif
