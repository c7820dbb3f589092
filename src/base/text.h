/* Small things about text that GLib does not have: durations, sizes, near words. */
#ifndef GW_BASE_TEXT_H
#define GW_BASE_TEXT_H

#include "base/error.h"

/*
 * Durations are microseconds everywhere. Read "100ms", "1.5s", "10m", "24h", "30d" or "250us";
 * a number without a unit is refused. Fails with CONFIG.
 */
gboolean gw_duration_parse(const char *text, gint64 *microseconds, GError **error) GW_CHECKED;

/* "43 ms", "1.20 s", "4 m 10 s", "2 h 5 m": for people. The caller frees it. */
char *gw_duration_print(gint64 microseconds);

/* Read "64kB", "10MB", "1GB" (powers of 1024) or bare bytes. Fails with CONFIG. */
gboolean gw_size_parse(const char *text, guint64 *bytes, GError **error) GW_CHECKED;

/*
 * The word among `candidates` (NULL-terminated) that is nearest to `word`, for "did you mean";
 * NULL when none is within two edits (Damerau–Levenshtein, case aside) or a third of the word.
 */
const char *gw_text_near(const char *word, const char *const *candidates);

/* Is `length` bytes at `text` equal to `word`, ASCII case aside? */
gboolean gw_text_is(const char *text, gsize length, const char *word);

/* Append `text` with every occurrence of `quote` doubled, between `open` and `close`. */
void gw_text_append_quoted(GString *out, const char *text, gssize length, char open, char close);

#endif
