/* The inside of the wrapping driver: for wrapper.c and wrapper_tables.c alone. */
#ifndef GW_DB_WRAPPED_H
#define GW_DB_WRAPPED_H

#include "base/thread.h"
#include "db/wrapper.h"

struct gw_wrapper
{
    gw_driver driver; /* first: gw_connect.driver leads back to the wrapper */
    const gw_driver *inner;
    gw_hooks hooks;
    gw_connection_table connection;
    gw_catalog_table catalog;
    gw_bulk_table bulk;
    gw_vitals_table vitals;
    gw_integrity_table integrity;
};

/* One connection. */
typedef struct gw_wrapped
{
    const gw_wrapper *wrapper;
    const gw_driver *inner;
    gpointer self;   /* the inner driver's; NULL once the connection was dropped */
    GPtrArray *rows; /* of gw_wrapped_rows *: results that are open */
    gw_mutex mutex;  /* guards `self` against cancel() while it is dropped */
    gint64 start;    /* of the call that is under way */
} gw_wrapped;

/* Before a call: FALSE when it must not be made, with the error filled. */
gboolean gw_wrapped_enter(gw_wrapped *wrapped, gw_call *call, GError **error);

/* After a call that was `done` or not: what the caller is told. */
gboolean gw_wrapped_leave(gw_wrapped *wrapped, gw_call *call, gboolean done, GError **error);

/* Fill the tables besides `connection`: only with entries that the inner driver has. */
void gw_wrapper_fill_tables(gw_wrapper *wrapper);

#endif
