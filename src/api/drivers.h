/* The drivers of this build: the only place that names them. */
#ifndef GW_API_DRIVERS_H
#define GW_API_DRIVERS_H

#include "db/driver.h"

/* NULL-terminated. */
const gw_driver *const *gw_api_drivers(void);

#endif
