/*
 * Results as text for people: one page per command, from the value that --json would print.
 * docs/json.md has the shapes.
 */
#ifndef GW_REPORT_PAGE_H
#define GW_REPORT_PAGE_H

#include "base/base.h"
#include "godwit.h"
#include "report/style.h"

/* Where a page is written to. */
typedef struct gw_page
{
    gw_style style;
    gboolean verbose;
    gboolean told;   /* warnings went by as events: do not repeat them */
    gboolean failed; /* an error is shown besides: do not say that all is well */
    guint most;      /* steps of a plan that are listed; 0: all */
    GString *out;
} gw_page;

/* Append the result of `command`; a command that has no page of its own is shown as JSON. */
void gw_page_result(gw_page *page, const char *command, const godwit_value *result);

/* Append the parts that are shown before anything is written. */
void gw_page_target(gw_page *page, const godwit_value *target);
void gw_page_plan(gw_page *page, const godwit_value *plan);

/* Append one line with its end, in one ink; control characters are taken out. */
void gw_page_line(gw_page *page, gw_ink ink, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* Append a text that may need more than one line; the lines after the first stand behind `indent`
 * blanks. */
void gw_page_text(gw_page *page, gw_ink ink, guint indent, const char *text);

/* Append a line per text of a list, behind `label`, wrapped. */
void gw_page_remarks(gw_page *page, const char *label, gw_ink ink, const godwit_value *list);

/* The ink for the state of a migration. */
gw_ink gw_page_state_ink(const char *state);

#endif
