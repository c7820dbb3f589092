#include "report/field.h"

#include "base/text.h"

#define MOMENT_LENGTH 19 /* of 2026-11-22T10:03:41 */

const char *
gw_field_text(const godwit_value *object, const char *key)
{
    const char *text = godwit_value_text(godwit_value_get(object, key));
    return text != NULL ? text : "";
}

gboolean
gw_field_has(const godwit_value *object, const char *key)
{
    const godwit_value *value = godwit_value_get(object, key);
    return value != NULL && godwit_value_type(value) != GODWIT_NULL;
}

gint64
gw_field_integer(const godwit_value *object, const char *key)
{
    return godwit_value_integer(godwit_value_get(object, key));
}

gboolean
gw_field_flag(const godwit_value *object, const char *key)
{
    return godwit_value_boolean(godwit_value_get(object, key)) != 0;
}

const godwit_value *
gw_field_list(const godwit_value *object, const char *key, gsize *count)
{
    const godwit_value *list = godwit_value_get(object, key);
    *count = godwit_value_count(list);
    return list;
}

char *
gw_field_joined(const godwit_value *object, const char *key)
{
    gsize count = 0;
    const godwit_value *list = gw_field_list(object, key, &count);
    GString *out = g_string_new(NULL);
    for (gsize i = 0; i < count; i++)
    {
        const char *text = godwit_value_text(godwit_value_at(list, i));
        g_string_append_printf(out, "%s%s", i > 0 ? ", " : "", text != NULL ? text : "");
    }
    return g_string_free(out, FALSE);
}

char *
gw_field_duration(const godwit_value *object, const char *key)
{
    if (!gw_field_has(object, key))
    {
        return g_strdup("");
    }
    return gw_duration_print(gw_field_integer(object, key));
}

/* `number` in the largest of `units` that leaves at least one of it. */
static char *
scaled(gint64 number, double step, const char *const *units)
{
    double value = (double)number;
    gsize i = 0;
    while (value >= step && units[i + 1] != NULL)
    {
        value /= step;
        i++;
    }
    return g_strdup_printf(i == 0 || value >= 100 ? "%.0f%s" : "%.1f%s", value, units[i]);
}

char *
gw_field_amount(const godwit_value *object, const char *key)
{
    static const char *const units[] = {"", "k", "M", "G", "T", NULL};
    if (!gw_field_has(object, key))
    {
        return g_strdup("");
    }
    gint64 number = gw_field_integer(object, key);
    if (number < 10000)
    {
        return g_strdup_printf("%" G_GINT64_FORMAT, number);
    }
    return scaled(number, 1000, units);
}

char *
gw_field_size(const godwit_value *object, const char *key)
{
    static const char *const units[] = {" B", " kB", " MB", " GB", " TB", NULL};
    if (!gw_field_has(object, key))
    {
        return g_strdup("");
    }
    return scaled(gw_field_integer(object, key), 1024, units);
}

char *
gw_field_moment(const godwit_value *object, const char *key)
{
    const char *stamp = gw_field_text(object, key);
    char *moment = g_strndup(stamp, MOMENT_LENGTH);
    return g_strdelimit(moment, "T", ' ');
}

char *
gw_field_number(const godwit_value *object, const char *key)
{
    if (!gw_field_has(object, key))
    {
        return g_strdup("");
    }
    return g_strdup_printf("%" G_GINT64_FORMAT, gw_field_integer(object, key));
}

char *
gw_field_plural(gint64 number, const char *word)
{
    return g_strdup_printf("%" G_GINT64_FORMAT " %s%s", number, word, number == 1 ? "" : "s");
}
