#include "api/drivers.h"

#include "drivers/sqlite/sqlite.h"
#if GW_POSTGRES
#include "drivers/postgres/postgres.h"
#endif
#if GW_MARIADB
#include "drivers/mariadb/mariadb.h"
#endif

const gw_driver *const *
gw_api_drivers(void)
{
    static const gw_driver *const drivers[] = {
        &gw_sqlite_driver,
#if GW_POSTGRES
        &gw_postgres_driver,
#endif
#if GW_MARIADB
        &gw_mariadb_driver,
#endif
        NULL,
    };
    return drivers;
}
