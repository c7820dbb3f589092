/* Values that go into a statement as parameters, and cells that come out of a query. */
#ifndef GW_DB_VALUE_H
#define GW_DB_VALUE_H

#include "base/base.h"

typedef enum gw_type
{
    GW_TYPE_NULL,
    GW_TYPE_INTEGER,
    GW_TYPE_TEXT,
    GW_TYPE_BYTES,
} gw_type;

/* A parameter. Text and bytes are borrowed until the call that takes it returns. */
typedef struct gw_value
{
    gw_type type;
    gint64 integer;
    const char *text;
    gsize length;
} gw_value;

static inline gw_value
gw_value_text(const char *text)
{
    return text == NULL ? (gw_value){.type = GW_TYPE_NULL}
                        : (gw_value){.type = GW_TYPE_TEXT, .text = text, .length = strlen(text)};
}

static inline gw_value
gw_value_integer(gint64 integer)
{
    return (gw_value){.type = GW_TYPE_INTEGER, .integer = integer};
}

static inline gw_value
gw_value_null(void)
{
    return (gw_value){.type = GW_TYPE_NULL};
}

/* A cell of a row, as text in the database's own spelling; `text` is NULL for SQL NULL, and ends
 * with a NUL byte that `length` does not count. Borrowed until the next row is read. */
typedef struct gw_cell
{
    const char *text;
    gsize length;
} gw_cell;

#endif
