/* A line of a file with its number, and below it a caret under the place that is meant. */
#ifndef GW_REPORT_SNIPPET_H
#define GW_REPORT_SNIPPET_H

#include "report/style.h"

typedef struct gw_snippet
{
    const char *text; /* the whole line; NULL: nothing is shown */
    guint line;       /* 0: nothing is shown */
    guint column;     /* from 1, in characters; 0: no caret */
    guint length;     /* characters to underline, at least one is */
} gw_snippet;

/*
 * Append both lines. Tabs become blanks, wide characters get two carets, and of a long line only
 * what is around the caret is shown, with an ellipsis where something is cut off.
 */
void gw_snippet_print(const gw_snippet *snippet, const gw_style *style, GString *out);

#endif
