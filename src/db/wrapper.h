/*
 * A driver around another: every call passes a hook before and after. What `trace` and `fault` are
 * made of. Tables that the inner driver does not have stay away, so that nothing changes for the
 * one who calls but what the hooks do.
 */
#ifndef GW_DB_WRAPPER_H
#define GW_DB_WRAPPER_H

#include "db/driver.h"

/* One call of a driver, as the hooks see it. All borrowed for the time of the hook. */
typedef struct gw_call
{
    const char *entry; /* "exec", "pipeline_flush", as in driver.h */
    gboolean effect;   /* it may change something outside this process */
    const char *sql;   /* NULL for calls without a statement */
    gsize length;
    gint64 microseconds; /* in `after`: how long it took */
    const GError *error; /* in `after`: why it failed; NULL when it did not */
} gw_call;

typedef enum gw_hook_answer
{
    GW_HOOK_GO_ON,
    GW_HOOK_DROP, /* the connection is lost here: it is closed, and this and all later calls on it
                     fail with CONNECTION_LOST */
} gw_hook_answer;

/* Called by any thread that uses a connection. Either may be NULL. */
typedef struct gw_hooks
{
    gw_hook_answer (*before)(gpointer data, const gw_call *call);
    gw_hook_answer (*after)(gpointer data, const gw_call *call);
    gpointer data;
} gw_hooks;

typedef struct gw_wrapper gw_wrapper;

/* Wrap `inner`, which must outlive the wrapper, as must the hooks' data. */
gw_wrapper *gw_wrapper_new(const gw_driver *inner, const gw_hooks *hooks);

/* After all connections that were opened with it are closed. */
void gw_wrapper_free(gw_wrapper *wrapper);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(gw_wrapper, gw_wrapper_free)

/* The data of its hooks. */
gpointer gw_wrapper_data(const gw_wrapper *wrapper);

/* The driver to put in the inner one's place; owned by the wrapper. */
const gw_driver *gw_wrapper_driver(const gw_wrapper *wrapper);

#endif
