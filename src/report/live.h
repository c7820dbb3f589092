/*
 * What happens, told on stderr while it happens: on a terminal one line that is drawn again and
 * again for the step that runs, above it lines that stay; elsewhere only lines; or JSON Lines.
 * Events may come from any thread.
 */
#ifndef GW_REPORT_LIVE_H
#define GW_REPORT_LIVE_H

#include <stdio.h>

#include "base/base.h"
#include "godwit.h"
#include "report/style.h"

/* How to tell. */
typedef struct gw_live_options
{
    gw_style style;
    gboolean quiet;
    gboolean verbose;
    gboolean json;
} gw_live_options;

typedef struct gw_live gw_live;

/* `file` has to outlive it. */
gw_live *gw_live_new(FILE *file, const gw_live_options *options);

/* Takes the line that is drawn away, and frees it. */
void gw_live_free(gw_live *live);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(gw_live, gw_live_free)

/* For godwit_on_event(): `data` is the gw_live. */
void gw_live_event(void *data, const godwit_event *event);

/* Say one line of the program's own, as an event of that type ("warning", "note"). */
void gw_live_say(gw_live *live, const char *type, const char *text);

/* Between them nothing is drawn, because somebody else writes on the terminal. */
void gw_live_pause(gw_live *live);
void gw_live_resume(gw_live *live);

#endif
