/* A failure as a user sees it: in text like a good compiler's, or as a JSON object. */
#ifndef GW_REPORT_TROUBLE_H
#define GW_REPORT_TROUBLE_H

#include "base/error.h"
#include "godwit.h"
#include "report/style.h"

/* What there is to say; texts are borrowed from where it came, NULL or 0 where there is nothing. */
typedef struct gw_trouble
{
    char code[8]; /* "GW0412"; empty: no failure */
    const char *message;
    const char *hint;
    const char *state;
    const char *next;
    const char *sqlstate;
    const char *file;
    const char *text; /* the line */
    guint line;
    guint column;
    guint length;
} gw_trouble;

/* The last failure of the library; FALSE when there is none. */
gboolean gw_trouble_of_library(const godwit *library, gw_trouble *trouble);

/* A failure of the program's own. */
void gw_trouble_of_error(const GError *error, gw_trouble *trouble);

/* Append it as text. */
void gw_trouble_print(const gw_trouble *trouble, const gw_style *style, GString *out);

/* {"error": {…}, "result": …}, indented; `result` may be NULL. The caller frees it. */
char *gw_trouble_json(const gw_trouble *trouble, const godwit_value *result);

#endif
