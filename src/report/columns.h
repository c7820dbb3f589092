/*
 * Text measured in columns of a terminal: a wide character takes two, a combining one none.
 * All texts here are one line of UTF-8.
 */
#ifndef GW_REPORT_COLUMNS_H
#define GW_REPORT_COLUMNS_H

#include "base/base.h"

/* How many columns one character takes; a tab counts as one. */
guint gw_columns_char(gunichar character);

/* How many columns `text` takes, or its first `bytes`. */
guint gw_columns(const char *text);
guint gw_columns_of(const char *text, gsize bytes);

/*
 * `text` without what would move a terminal's cursor or change its colours: control characters
 * become visible ("\x1b"), what is not UTF-8 becomes U+FFFD, line ends and tabs become blanks where
 * `one_line`, else they stay. The caller frees it.
 */
char *gw_columns_clean(const char *text, gboolean one_line);

/* At most `columns` of `text`, with an ellipsis in the last when something is cut off. The caller
 * frees it. */
char *gw_columns_cut(const char *text, guint columns);

/* `text` in lines of at most `columns`, broken at blanks, or inside a word that is too long.
 * There is at least one line. The caller frees the array of char *. */
GPtrArray *gw_columns_wrap(const char *text, guint columns);

/* Append `text`, wrapped, each line behind `indent` blanks and with its end. */
void gw_columns_paragraph(GString *out, const char *text, guint indent, guint columns);

/* Append that many blanks. */
void gw_columns_pad(GString *out, guint blanks);

#endif
