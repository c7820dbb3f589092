/*
 * What the run is doing, for others who meet its lock. Statements are sent ahead of their answers:
 * what runs is the last one that all before it are answered of. Any thread may ask.
 */
#ifndef GW_RUN_PROGRESS_H
#define GW_RUN_PROGRESS_H

#include "db/db.h"

typedef struct gw_progress gw_progress;

/* `work` is the connection that runs the statements; borrowed. */
gw_progress *gw_progress_new(gw_db *work);
void gw_progress_free(gw_progress *progress);

/* Once `sent` statements of the open pipeline are answered, the run does `what`; 0: it does so now.
 * Takes the text over. */
void gw_progress_say(gw_progress *progress, guint sent, char *what);

/* What it does now; NULL: nothing was said. The caller frees it. */
char *gw_progress_text(gw_progress *progress);

#endif
