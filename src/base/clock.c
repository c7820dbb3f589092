#include "base/clock.h"

gint64
gw_clock_now(void)
{
    return g_get_monotonic_time();
}

void
gw_clock_sleep(gint64 microseconds)
{
    if (microseconds > 0)
    {
        g_usleep((gulong)microseconds);
    }
}

gint64
gw_clock_wall(void)
{
    return g_get_real_time();
}

char *
gw_clock_stamp(gint64 wall)
{
    g_autoptr(GDateTime) second = g_date_time_new_from_unix_utc(wall / G_USEC_PER_SEC);
    g_autofree char *text = g_date_time_format(second, "%Y-%m-%dT%H:%M:%S");
    return g_strdup_printf("%s.%06uZ", text, (guint)(wall % G_USEC_PER_SEC));
}

gint64
gw_clock_backoff(guint attempt, gint64 first, gint64 most)
{
    gint64 wait = first;
    for (guint i = 1; i < attempt && wait < most; i++)
    {
        wait *= 2;
    }
    wait = MIN(wait, most);
    return wait / 2 + (gint64)(g_random_double() * (double)wait / 2);
}
