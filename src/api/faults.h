/*
 * The drivers of a run: as they are, or, in builds with -Dfaults=true and with GODWIT_FAULT set,
 * wrapped so that they break at a point ("kill:17", see drivers/fault/fault.h).
 */
#ifndef GW_API_FAULTS_H
#define GW_API_FAULTS_H

#include "base/error.h"
#include "db/driver.h"

typedef struct gw_api_faults gw_api_faults;

gw_api_faults *gw_api_faults_new(GError **error) GW_CHECKED;
void gw_api_faults_free(gw_api_faults *faults);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(gw_api_faults, gw_api_faults_free)

/* NULL-terminated; valid until the struct is freed. */
const gw_driver *const *gw_api_faults_drivers(const gw_api_faults *faults);

#endif
