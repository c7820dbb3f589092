/*
 * Errors as values: a GError that carries what an operator needs at 3 a.m.
 *
 * A function that can fail takes `GError **error` last and fills it once, where the reason is
 * known. Floors above may add what only they know (the position in a file, the state that
 * everything is in, the command to type next); what is already there is kept.
 */
#ifndef GW_BASE_ERROR_H
#define GW_BASE_ERROR_H

#include "base/base.h"
#include "base/error_codes.h"

#define GW_ERROR (gw_error_quark())
GQuark gw_error_quark(void);

/* A place in a text that a user wrote. Lines and columns count from 1, columns in characters. */
typedef struct gw_position
{
    char *file;   /* as the user would name it; NULL when there is no position */
    char *text;   /* the whole line, without its end; may be NULL */
    guint line;   /* 0: the file as a whole */
    guint column; /* 0: the line as a whole */
    guint length; /* how many characters the caret underlines, at least 1 */
} gw_position;

void gw_position_clear(gw_position *position);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(gw_position, gw_position_clear)

/* Fail with `code` and a message of one line, impersonal, without a full stop at its end. */
void gw_fail(GError **error, gw_code code, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* Is `error` one of godwit's, with this code? NULL is not. */
gboolean gw_error_is(const GError *error, gw_code code);

/*
 * Add to a godwit error what it does not have yet; NULL errors and errors of other domains are
 * left alone, so that a caller can pass `*error` on without asking. `position` is moved from: the
 * caller's is empty afterwards.
 */
void gw_error_add_position(GError *error, gw_position *position);
void gw_error_add_hint(GError *error, const char *format, ...) G_GNUC_PRINTF(2, 3);
void gw_error_add_state(GError *error, const char *format, ...) G_GNUC_PRINTF(2, 3);
void gw_error_add_next(GError *error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Say another command to type next than the one that is there. */
void gw_error_set_next(GError *error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Put `format` before the message: "migration 2024…: <message>". */
void gw_error_prefix(GError *error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* What the database called it: five characters of SQLSTATE (or "") and its own number (or 0). */
void gw_error_add_native(GError *error, const char *sqlstate, int number);

/* What the error carries; borrowed, NULL where there is nothing. */
const gw_position *gw_error_position(const GError *error);
const char *gw_error_hint(const GError *error);
const char *gw_error_state(const GError *error);
const char *gw_error_next(const GError *error);
const char *gw_error_sqlstate(const GError *error);
int gw_error_native(const GError *error);

/* The offset in characters into the statement that failed, from 1; 0 where it is not known. */
guint gw_error_offset(const GError *error);
void gw_error_add_offset(GError *error, guint characters);

/* Whether trying again can help, and how: said once for each code, in its table. */
gw_retry gw_error_retry(const GError *error);

/* The exit status of DESIGN: 70 for an error that is not godwit's own. */
int gw_error_exit(const GError *error);

#endif
