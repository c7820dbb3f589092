/* How text may look where it goes: colours or none, how wide, and whether a line may be redrawn. */
#ifndef GW_REPORT_STYLE_H
#define GW_REPORT_STYLE_H

#include "base/base.h"

typedef enum gw_ink
{
    GW_INK_PLAIN,
    GW_INK_BOLD,
    GW_INK_DIM,
    GW_INK_RED,
    GW_INK_GREEN,
    GW_INK_YELLOW,
    GW_INK_CYAN,
} gw_ink;

typedef struct gw_style
{
    gboolean color;
    gboolean redraw; /* a terminal on which a line can be drawn again */
    guint width;     /* columns */
} gw_style;

/*
 * The style for a file descriptor. `when` is --color: "always", "never", or NULL and "auto" for
 * what NO_COLOR, CLICOLOR_FORCE, TERM and the terminal say. A terminal is as wide as it is, within
 * 40 and 140 columns; anything else is 100 wide.
 */
gw_style gw_style_of(int descriptor, const char *when);

/* Whether there are colours, on a terminal or on none. */
gboolean gw_style_wants_color(const char *when, gboolean terminal);

/* Append `text` in that ink. NULL is empty. */
void gw_style_add(const gw_style *style, GString *out, gw_ink ink, const char *text);

#endif
