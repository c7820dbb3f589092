/* Time: a clock that never goes back, sleep, and stamps as text. */
#ifndef GW_BASE_CLOCK_H
#define GW_BASE_CLOCK_H

#include "base/base.h"

/* Microseconds of a clock that never goes back; only differences mean something. */
gint64 gw_clock_now(void);

/* Sleep at least that many microseconds, or a little less when a signal comes. */
void gw_clock_sleep(gint64 microseconds);

/* Microseconds since 1970 UTC of this machine's wall clock: for names and messages, never for
 * leases or order. */
gint64 gw_clock_wall(void);

/* "2026-11-22T10:03:41.123456Z" of microseconds since 1970. The caller frees it. */
char *gw_clock_stamp(gint64 wall);

/*
 * How long to wait before try number `attempt` (from 1): doubling from `first` up to `most`
 * microseconds, with a random part of a half so that two who wait do not meet again.
 */
gint64 gw_clock_backoff(guint attempt, gint64 first, gint64 most);

#endif
