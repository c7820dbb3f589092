/* A driver around another that tells each call, how long it took and how it ended. */
#ifndef GW_DRIVERS_TRACE_TRACE_H
#define GW_DRIVERS_TRACE_TRACE_H

#include "db/wrapper.h"

/*
 * Wrap `inner`; `line` gets one line for each call: "exec 1.20 ms CREATE TABLE …", the statement
 * on one line and shortened, without parameters; behind it "-> <code>: <message>" where it failed.
 * Any thread that uses a connection may call it.
 */
gw_wrapper *gw_trace_new(
    const gw_driver *inner, void (*line)(gpointer data, const char *text), gpointer data);

/* Free what gw_trace_new() made, after its connections are closed. */
void gw_trace_free(gw_wrapper *trace);

#endif
