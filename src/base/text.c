#include "base/text.h"

typedef struct unit
{
    const char *name;
    double factor;
} unit;

static const unit durations[] = {
    {"us", 1}, {"ms", 1e3}, {"s", 1e6}, {"m", 60e6}, {"min", 60e6}, {"h", 3600e6}, {"d", 86400e6}};

static const unit sizes[] = {{"", 1}, {"b", 1}, {"kb", 1024.0}, {"mb", 1048576.0},
    {"gb", 1073741824.0}, {"tb", 1099511627776.0}};

/* A number with one of `units` behind it, scaled; FALSE when the text is not that. */
static gboolean
scaled_parse(const char *text, const unit *units, gsize count, double *value)
{
    char *end = NULL;
    if (!g_ascii_isdigit(text[0]))
    {
        return FALSE;
    }
    double number = g_ascii_strtod(text, &end);
    while (*end == ' ')
    {
        end++;
    }
    for (gsize i = 0; i < count; i++)
    {
        if (g_ascii_strcasecmp(end, units[i].name) == 0)
        {
            *value = number * units[i].factor;
            return *value < 9e18;
        }
    }
    return FALSE;
}

gboolean
gw_duration_parse(const char *text, gint64 *microseconds, GError **error)
{
    double value = 0;
    if (!scaled_parse(text, durations, G_N_ELEMENTS(durations), &value))
    {
        gw_fail(error, GW_CODE_CONFIG,
            "\"%s\" is not a duration: write a number with us, ms, s, m, h or d", text);
        return FALSE;
    }
    *microseconds = (gint64)value;
    return TRUE;
}

gboolean
gw_size_parse(const char *text, guint64 *bytes, GError **error)
{
    double value = 0;
    if (!scaled_parse(text, sizes, G_N_ELEMENTS(sizes), &value))
    {
        gw_fail(
            error, GW_CODE_CONFIG, "\"%s\" is not a size: write a number with kB, MB or GB", text);
        return FALSE;
    }
    *bytes = (guint64)value;
    return TRUE;
}

char *
gw_duration_print(gint64 microseconds)
{
    double seconds = (double)microseconds / 1e6;
    if (seconds < 0.001)
    {
        return g_strdup_printf("%" G_GINT64_FORMAT " us", microseconds);
    }
    if (seconds < 1)
    {
        return g_strdup_printf("%.0f ms", seconds * 1e3);
    }
    if (seconds < 60)
    {
        return g_strdup_printf("%.2f s", seconds);
    }
    guint64 whole = (guint64)seconds;
    if (whole < 3600)
    {
        return g_strdup_printf("%u m %u s", (guint)(whole / 60), (guint)(whole % 60));
    }
    return g_strdup_printf("%u h %u m", (guint)(whole / 3600), (guint)(whole / 60 % 60));
}

/* Optimal string alignment distance between two words of at most 63 bytes. */
static guint
distance(const char *left, const char *right)
{
    guint table[64][64];
    gsize rows = strlen(left);
    gsize columns = strlen(right);
    if (rows > 63 || columns > 63)
    {
        return G_MAXUINT;
    }
    for (gsize i = 0; i <= rows; i++)
    {
        for (gsize j = 0; j <= columns; j++)
        {
            if (i == 0 || j == 0)
            {
                table[i][j] = (guint)(i + j);
                continue;
            }
            char a = g_ascii_tolower(left[i - 1]);
            char b = g_ascii_tolower(right[j - 1]);
            guint best = MIN(table[i - 1][j], table[i][j - 1]) + 1;
            best = MIN(best, table[i - 1][j - 1] + (a != b));
            gboolean swapped = i > 1 && j > 1 && a == g_ascii_tolower(right[j - 2]) &&
                               b == g_ascii_tolower(left[i - 2]);
            table[i][j] = swapped ? MIN(best, table[i - 2][j - 2] + 1) : best;
        }
    }
    return table[rows][columns];
}

const char *
gw_text_near(const char *word, const char *const *candidates)
{
    const char *nearest = NULL;
    guint least = (guint)MIN(2, MAX(1, strlen(word) / 3)) + 1;
    for (gsize i = 0; candidates[i] != NULL; i++)
    {
        guint edits = distance(word, candidates[i]);
        if (edits < least)
        {
            least = edits;
            nearest = candidates[i];
        }
    }
    return nearest;
}

gboolean
gw_text_is(const char *text, gsize length, const char *word)
{
    return strlen(word) == length && g_ascii_strncasecmp(text, word, length) == 0;
}

void
gw_text_append_quoted(GString *out, const char *text, gssize length, char open, char close)
{
    gsize size = length < 0 ? strlen(text) : (gsize)length;
    g_string_append_c(out, open);
    for (gsize i = 0; i < size; i++)
    {
        if (text[i] == close)
        {
            g_string_append_c(out, close);
        }
        g_string_append_c(out, text[i]);
    }
    g_string_append_c(out, close);
}
