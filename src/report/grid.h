/*
 * A table of text: columns as wide as they need to be, the long ones wrapped so that a line fits,
 * columns without any text left out, and lines between the rows that span them all.
 */
#ifndef GW_REPORT_GRID_H
#define GW_REPORT_GRID_H

#include "report/style.h"

typedef struct gw_grid_column
{
    const char *title; /* "" in all columns: no line of titles */
    guint least;       /* it may be wrapped down to so many columns; 0: never */
    gboolean right;    /* numbers stand at the right */
} gw_grid_column;

typedef struct gw_grid gw_grid;

/* `columns` has to outlive the grid. */
gw_grid *gw_grid_new(const gw_grid_column *columns, guint count);
void gw_grid_free(gw_grid *grid);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(gw_grid, gw_grid_free)

/* Add the next cell; a row is full after as many as there are columns. NULL is an empty cell. */
void gw_grid_cell(gw_grid *grid, gw_ink ink, const char *text);

/* Add a line over all columns, behind `indent` blanks. */
void gw_grid_span(gw_grid *grid, guint indent, gw_ink ink, const char *text);

/* Append the grid, with its titles when it has a row and they say something. */
void gw_grid_print(const gw_grid *grid, const gw_style *style, GString *out);

#endif
