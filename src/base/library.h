/*
 * Shared libraries that are opened when they are first needed, so that nobody waits at every start
 * for the client libraries of databases that are not spoken to.
 */
#ifndef GW_BASE_LIBRARY_H
#define GW_BASE_LIBRARY_H

#include "base/error.h"

typedef struct gw_library
{
    const char *file;         /* "libpq.so.5" */
    const char *purpose;      /* who needs it: "PostgreSQL" */
    const char *remedy;       /* how it is installed; said as the hint */
    const char *const *names; /* the functions that are needed of it */
    guint count;
} gw_library;

/*
 * The addresses of the functions, in the order of their names, as an array that lasts as long as
 * the process. `slot`, NULL at first, keeps it for the next call; threads may call at once. NULL
 * with LIBRARY when the library is not there or lacks a function; the next call tries again.
 */
gconstpointer gw_library_open(const gw_library *library, gpointer *slot, GError **error) GW_CHECKED;

#endif
