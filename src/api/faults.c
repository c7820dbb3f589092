#include "api/faults.h"

#include "api/drivers.h"

#if GW_FAULTS

#include "drivers/fault/fault.h"

struct gw_api_faults
{
    gw_fault *fault;
    GPtrArray *wrappers;
    GPtrArray *drivers;
};

void
gw_api_faults_free(gw_api_faults *faults)
{
    if (faults == NULL)
    {
        return;
    }
    g_ptr_array_unref(faults->drivers);
    g_ptr_array_unref(faults->wrappers);
    gw_fault_free(faults->fault);
    g_free(faults);
}

gw_api_faults *
gw_api_faults_new(GError **error)
{
    g_autoptr(gw_api_faults) faults = g_new0(gw_api_faults, 1);
    const char *text = g_getenv("GODWIT_FAULT");
    faults->wrappers = g_ptr_array_new_with_free_func((GDestroyNotify)gw_wrapper_free);
    faults->drivers = g_ptr_array_new();
    if (text != NULL)
    {
        faults->fault = gw_fault_parse(text, error);
        if (faults->fault == NULL)
        {
            return NULL;
        }
    }
    for (const gw_driver *const *driver = gw_api_drivers(); *driver != NULL; driver++)
    {
        const gw_driver *used = *driver;
        if (faults->fault != NULL)
        {
            gw_wrapper *wrapper = gw_fault_wrap(faults->fault, *driver);
            g_ptr_array_add(faults->wrappers, wrapper);
            used = gw_wrapper_driver(wrapper);
        }
        g_ptr_array_add(faults->drivers, (gpointer)(guintptr)used);
    }
    g_ptr_array_add(faults->drivers, NULL);
    return g_steal_pointer(&faults);
}

const gw_driver *const *
gw_api_faults_drivers(const gw_api_faults *faults)
{
    return (const gw_driver *const *)faults->drivers->pdata;
}

#else

struct gw_api_faults
{
    const gw_driver *const *drivers;
};

void
gw_api_faults_free(gw_api_faults *faults)
{
    g_free(faults);
}

gw_api_faults *
gw_api_faults_new(GError **error)
{
    (void)error;
    gw_api_faults *faults = g_new0(gw_api_faults, 1);
    faults->drivers = gw_api_drivers();
    return faults;
}

const gw_driver *const *
gw_api_faults_drivers(const gw_api_faults *faults)
{
    return faults->drivers;
}

#endif
