/* The driver for MariaDB and MySQL, over MariaDB's client library. */
#ifndef GW_DRIVERS_MARIADB_MARIADB_H
#define GW_DRIVERS_MARIADB_MARIADB_H

#include "db/driver.h"

extern const gw_driver gw_mariadb_driver;

/* The text side alone: quoting, lexis, facts. */
extern const gw_dialect gw_mariadb_dialect;

#endif
