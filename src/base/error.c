#include "base/error.h"

/* What a GError of godwit carries besides code and message. */
typedef struct GwErrorPrivate
{
    gw_position position;
    char *hint;
    char *state;
    char *next;
    char sqlstate[6];
    int native;
    guint offset;
} GwErrorPrivate;

static void
gw_error_private_init(GwErrorPrivate *private)
{
    memset(private, 0, sizeof *private);
}

static void
gw_error_private_copy(const GwErrorPrivate *from, GwErrorPrivate *to)
{
    *to = *from;
    to->position.file = g_strdup(from->position.file);
    to->position.text = g_strdup(from->position.text);
    to->hint = g_strdup(from->hint);
    to->state = g_strdup(from->state);
    to->next = g_strdup(from->next);
}

static void
gw_error_private_clear(GwErrorPrivate *private)
{
    gw_position_clear(&private->position);
    g_free(private->hint);
    g_free(private->state);
    g_free(private->next);
}

G_DEFINE_EXTENDED_ERROR(GwError, gw_error)

void
gw_position_clear(gw_position *position)
{
    g_free(position->file);
    g_free(position->text);
    memset(position, 0, sizeof *position);
}

/* The private part of an error of ours; NULL for none and for others'. */
static GwErrorPrivate *
own(const GError *error)
{
    if (error == NULL || error->domain != GW_ERROR)
    {
        return NULL;
    }
    return gw_error_get_private(error);
}

void
gw_fail(GError **error, gw_code code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error_literal(error, GW_ERROR, (int)code, message);
}

gboolean
gw_error_is(const GError *error, gw_code code)
{
    return g_error_matches(error, GW_ERROR, (int)code);
}

void
gw_error_add_position(GError *error, gw_position *position)
{
    GwErrorPrivate *private = own(error);
    if (private != NULL && private->position.file == NULL)
    {
        private->position = *position;
        memset(position, 0, sizeof *position);
    }
    gw_position_clear(position);
}

/* Fill an empty text field; a field that is there stays. */
G_GNUC_PRINTF(2, 0)
static void
fill(char **field, const char *format, va_list arguments)
{
    if (*field == NULL)
    {
        *field = g_strdup_vprintf(format, arguments);
    }
}

#define GW_ERROR_ADDER(field)                                                                      \
    void gw_error_add_##field(GError *error, const char *format, ...)                              \
    {                                                                                              \
        GwErrorPrivate *private = own(error);                                                      \
        va_list arguments;                                                                         \
        va_start(arguments, format);                                                               \
        if (private != NULL)                                                                       \
        {                                                                                          \
            fill(&private->field, format, arguments);                                              \
        }                                                                                          \
        va_end(arguments);                                                                         \
    }

GW_ERROR_ADDER(hint)
GW_ERROR_ADDER(state)
GW_ERROR_ADDER(next)

void
gw_error_set_next(GError *error, const char *format, ...)
{
    GwErrorPrivate *private = own(error);
    va_list arguments;
    va_start(arguments, format);
    if (private != NULL)
    {
        char *next = g_strdup_vprintf(format, arguments);
        g_free(private->next);
        private->next = next;
    }
    va_end(arguments);
}

void
gw_error_prefix(GError *error, const char *format, ...)
{
    if (error == NULL)
    {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *prefix = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    char *message = g_strconcat(prefix, error->message, NULL);
    g_free(error->message);
    error->message = message;
}

void
gw_error_add_native(GError *error, const char *sqlstate, int number)
{
    GwErrorPrivate *private = own(error);
    if (private != NULL && private->sqlstate[0] == '\0' && private->native == 0)
    {
        g_strlcpy(private->sqlstate, sqlstate == NULL ? "" : sqlstate, sizeof private->sqlstate);
        private->native = number;
    }
}

void
gw_error_add_offset(GError *error, guint characters)
{
    GwErrorPrivate *private = own(error);
    if (private != NULL && private->offset == 0)
    {
        private->offset = characters;
    }
}

const gw_position *
gw_error_position(const GError *error)
{
    const GwErrorPrivate *private = own(error);
    return private == NULL || private->position.file == NULL ? NULL : &private->position;
}

const char *
gw_error_hint(const GError *error)
{
    const GwErrorPrivate *private = own(error);
    return private == NULL ? NULL : private->hint;
}

const char *
gw_error_state(const GError *error)
{
    const GwErrorPrivate *private = own(error);
    return private == NULL ? NULL : private->state;
}

const char *
gw_error_next(const GError *error)
{
    const GwErrorPrivate *private = own(error);
    return private == NULL ? NULL : private->next;
}

const char *
gw_error_sqlstate(const GError *error)
{
    const GwErrorPrivate *private = own(error);
    return private == NULL || private->sqlstate[0] == '\0' ? NULL : private->sqlstate;
}

int
gw_error_native(const GError *error)
{
    const GwErrorPrivate *private = own(error);
    return private == NULL ? 0 : private->native;
}

guint
gw_error_offset(const GError *error)
{
    const GwErrorPrivate *private = own(error);
    return private == NULL ? 0 : private->offset;
}

gw_retry
gw_error_retry(const GError *error)
{
    return own(error) == NULL ? GW_RETRY_NEVER : gw_code_find(error->code)->retry;
}

int
gw_error_exit(const GError *error)
{
    return gw_code_exit(own(error) == NULL ? GW_CODE_INTERNAL : error->code);
}
