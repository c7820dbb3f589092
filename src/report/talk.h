/* Events as they are told on stderr: lines that stay, for people; or one JSON document each. */
#ifndef GW_REPORT_TALK_H
#define GW_REPORT_TALK_H

#include "base/base.h"
#include "godwit.h"
#include "report/style.h"

/*
 * Append the lines that stay of an event: nothing for those that only matter while they last.
 * `verbose` tells each step.
 */
void gw_talk_text(const godwit_event *event, const gw_style *style, gboolean verbose, GString *out);

/* Append the event as JSON and a line end; docs/json.md has the shape. */
void gw_talk_json(const godwit_event *event, GString *out);

/* Append "20240101000000 users", or what there is of it. */
void gw_talk_migration(const godwit_event *event, GString *out);

#endif
