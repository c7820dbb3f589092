#include "api/drivers.h"

#include "drivers/sqlite/sqlite.h"
#if GW_POSTGRES
#include "drivers/postgres/postgres.h"
#endif
#if GW_MARIADB
#include "drivers/mariadb/mariadb.h"
#endif
#if GW_FAULTS
#include "drivers/fault/fault.h"
#endif

static const gw_driver *const *
built_in(void)
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

#if GW_FAULTS

struct gw_drivers
{
    gw_fault *fault;
    GPtrArray *wrappers;
    GPtrArray *list;
};

void
gw_drivers_free(gw_drivers *drivers)
{
    if (drivers == NULL)
    {
        return;
    }
    g_ptr_array_unref(drivers->list);
    g_ptr_array_unref(drivers->wrappers);
    gw_fault_free(drivers->fault);
    g_free(drivers);
}

gw_drivers *
gw_drivers_new(GError **error)
{
    g_autoptr(gw_drivers) drivers = g_new0(gw_drivers, 1);
    const char *text = g_getenv("GODWIT_FAULT");
    drivers->wrappers = g_ptr_array_new_with_free_func((GDestroyNotify)gw_wrapper_free);
    drivers->list = g_ptr_array_new();
    if (text != NULL)
    {
        drivers->fault = gw_fault_parse(text, error);
        if (drivers->fault == NULL)
        {
            return NULL;
        }
    }
    for (const gw_driver *const *driver = built_in(); *driver != NULL; driver++)
    {
        const gw_driver *used = *driver;
        if (drivers->fault != NULL)
        {
            gw_wrapper *wrapper = gw_fault_wrap(drivers->fault, *driver);
            g_ptr_array_add(drivers->wrappers, wrapper);
            used = gw_wrapper_driver(wrapper);
        }
        g_ptr_array_add(drivers->list, (gpointer)(guintptr)used);
    }
    g_ptr_array_add(drivers->list, NULL);
    return g_steal_pointer(&drivers);
}

const gw_driver *const *
gw_drivers_list(const gw_drivers *drivers)
{
    return (const gw_driver *const *)drivers->list->pdata;
}

#else

struct gw_drivers
{
    const gw_driver *const *list;
};

void
gw_drivers_free(gw_drivers *drivers)
{
    g_free(drivers);
}

gw_drivers *
gw_drivers_new(GError **error)
{
    (void)error;
    gw_drivers *drivers = g_new0(gw_drivers, 1);
    drivers->list = built_in();
    return drivers;
}

const gw_driver *const *
gw_drivers_list(const gw_drivers *drivers)
{
    return drivers->list;
}

#endif
