/*
 * The drivers of this build: the only place that names them. A run gets them as they are, or, in
 * builds with -Dfaults=true and with GODWIT_FAULT set, wrapped so that they break at a point
 * ("kill:17", see drivers/fault/fault.h).
 */
#ifndef GW_API_DRIVERS_H
#define GW_API_DRIVERS_H

#include "base/error.h"
#include "db/driver.h"

typedef struct gw_drivers gw_drivers;

/* Fails with CONFIG when GODWIT_FAULT cannot be understood. */
gw_drivers *gw_drivers_new(GError **error) GW_CHECKED;
void gw_drivers_free(gw_drivers *drivers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(gw_drivers, gw_drivers_free)

/* NULL-terminated; valid until the struct is freed. */
const gw_driver *const *gw_drivers_list(const gw_drivers *drivers);

#endif
