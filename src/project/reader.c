#include "project/reader.h"

#include "base/text.h"
#include "project/expand.h"

/* Digits enough for any number of things, few enough not to overflow. */
#define INTEGER_DIGITS 18

gboolean
gw_read_text(const gw_yaml_node *node, const char *name, GHashTable *environment, char **text,
    GError **error)
{
    const char *raw = NULL;
    if (node == NULL)
    {
        return TRUE;
    }
    if (!gw_yaml_read_text(node, name, &raw, error))
    {
        return FALSE;
    }
    if (environment == NULL && gw_expand_needed(raw))
    {
        return TRUE;
    }
    char *value = environment == NULL ? g_strdup(raw) : gw_expand(raw, environment, error);
    if (value == NULL)
    {
        return gw_yaml_blame(node, name, error);
    }
    g_free(*text);
    *text = value;
    return TRUE;
}

/* A text into a number of things; FALSE when it is none. */
static gboolean
integer_parse(const char *text, gint64 *value)
{
    gsize digits = strspn(text, "0123456789");
    *value = g_ascii_strtoll(text, NULL, 10);
    return digits > 0 && digits <= INTEGER_DIGITS && text[digits] == '\0';
}

gboolean
gw_read_integer(const gw_yaml_node *node, const char *name, GHashTable *environment, gint64 *value,
    GError **error)
{
    g_autofree char *text = NULL;
    if (!gw_read_text(node, name, environment, &text, error))
    {
        return FALSE;
    }
    if (text != NULL && !integer_parse(text, value))
    {
        gw_yaml_fail(node, error, GW_CODE_CONFIG, "%s: \"%s\" is not a whole number", name, text);
        return FALSE;
    }
    return TRUE;
}

gboolean
gw_read_duration(const gw_yaml_node *node, const char *name, GHashTable *environment,
    gint64 *microseconds, GError **error)
{
    g_autofree char *text = NULL;
    return gw_read_text(node, name, environment, &text, error) &&
           (text == NULL || gw_duration_parse(text, microseconds, error) ||
               gw_yaml_blame(node, name, error));
}

gboolean
gw_read_size(const gw_yaml_node *node, const char *name, GHashTable *environment, guint64 *bytes,
    GError **error)
{
    g_autofree char *text = NULL;
    return gw_read_text(node, name, environment, &text, error) &&
           (text == NULL || gw_size_parse(text, bytes, error) || gw_yaml_blame(node, name, error));
}

/* "3", "10%", "rest" into an amount; FALSE when it is none. */
static gboolean
amount_parse(const char *text, gw_amount *amount)
{
    gsize length = strlen(text);
    gboolean percent = length > 1 && text[length - 1] == '%';
    g_autofree char *number = g_strndup(text, length - (percent ? 1 : 0));
    gsize digits = strspn(number, percent ? "0123456789." : "0123456789");
    *amount = (gw_amount){g_ascii_strtod(number, NULL), percent, FALSE};
    return digits > 0 && digits <= INTEGER_DIGITS && number[digits] == '\0' &&
           g_ascii_isdigit(number[0]) && !(percent && amount->value > 100);
}

gboolean
gw_read_amount(const gw_yaml_node *node, const char *name, GHashTable *environment,
    gw_amount *amount, GError **error)
{
    g_autofree char *text = NULL;
    if (!gw_read_text(node, name, environment, &text, error))
    {
        return FALSE;
    }
    if (text != NULL && !amount_parse(text, amount))
    {
        gw_yaml_fail(node, error, GW_CODE_CONFIG,
            "%s: \"%s\" is not an amount: write a number or a part, as in 3 or 10%%", name, text);
        return FALSE;
    }
    return TRUE;
}

/* Is the node a list, or one value that stands for a list of it? */
static gboolean
list_check(const gw_yaml_node *node, const char *name, GError **error)
{
    if (gw_yaml_kind_of(node) == GW_YAML_MAP || gw_yaml_is_null(node))
    {
        gw_yaml_fail(node, error, GW_CODE_CONFIG, "%s is to be a list", name);
        return FALSE;
    }
    return TRUE;
}

static guint
list_count(const gw_yaml_node *node)
{
    return gw_yaml_kind_of(node) == GW_YAML_LIST ? gw_yaml_count(node) : 1;
}

static const gw_yaml_node *
list_item(const gw_yaml_node *node, guint index)
{
    return gw_yaml_kind_of(node) == GW_YAML_LIST ? gw_yaml_item(node, index) : node;
}

gboolean
gw_read_waves(const gw_yaml_node *node, const char *name, GHashTable *environment, GArray **waves,
    GError **error)
{
    if (node == NULL)
    {
        return TRUE;
    }
    if (!list_check(node, name, error))
    {
        return FALSE;
    }
    g_autoptr(GArray) list = g_array_new(FALSE, TRUE, sizeof(gw_amount));
    for (guint i = 0; i < list_count(node); i++)
    {
        const gw_yaml_node *item = list_item(node, i);
        gw_amount amount = {.rest = g_strcmp0(gw_yaml_text(item), "rest") == 0};
        if (amount.rest && i + 1 < list_count(node))
        {
            gw_yaml_fail(item, error, GW_CODE_CONFIG, "%s: after rest nobody is left", name);
            return FALSE;
        }
        if (!amount.rest && !gw_read_amount(item, name, environment, &amount, error))
        {
            return FALSE;
        }
        g_array_append_val(list, amount);
    }
    g_clear_pointer(waves, g_array_unref);
    *waves = g_steal_pointer(&list);
    return TRUE;
}

gboolean
gw_read_texts(const gw_yaml_node *node, const char *name, GHashTable *environment, char ***texts,
    GError **error)
{
    if (node == NULL)
    {
        return TRUE;
    }
    if (!list_check(node, name, error))
    {
        return FALSE;
    }
    g_autoptr(GStrvBuilder) list = g_strv_builder_new();
    for (guint i = 0; i < list_count(node); i++)
    {
        g_autofree char *text = NULL;
        if (!gw_read_text(list_item(node, i), name, environment, &text, error))
        {
            return FALSE;
        }
        g_strv_builder_add(list, text == NULL ? "" : text);
    }
    g_strfreev(*texts);
    *texts = g_strv_builder_end(list);
    return TRUE;
}

/* Split a command that is one text, as a shell would; nothing in it is expanded. */
static gboolean
command_split(const gw_yaml_node *node, const char *name, GHashTable *environment, char ***argv,
    GError **error)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) reason = NULL;
    if (!gw_read_text(node, name, environment, &text, error))
    {
        return FALSE;
    }
    if (text == NULL)
    {
        return TRUE;
    }
    char **parts = NULL;
    if (!g_shell_parse_argv(text, NULL, &parts, &reason))
    {
        gw_yaml_fail(node, error, GW_CODE_CONFIG, "%s is not a command: %s", name, reason->message);
        return FALSE;
    }
    g_strfreev(*argv);
    *argv = parts;
    return TRUE;
}

gboolean
gw_read_command(const gw_yaml_node *node, const char *name, GHashTable *environment, char ***argv,
    GError **error)
{
    if (node != NULL && gw_yaml_kind_of(node) == GW_YAML_TEXT && !gw_yaml_is_null(node))
    {
        return command_split(node, name, environment, argv, error);
    }
    if (node != NULL && gw_yaml_kind_of(node) == GW_YAML_LIST && gw_yaml_count(node) == 0)
    {
        gw_yaml_fail(node, error, GW_CODE_CONFIG, "%s names no program", name);
        return FALSE;
    }
    return gw_read_texts(node, name, environment, argv, error);
}

gboolean
gw_read_text_map(const gw_yaml_node *node, const char *name, GHashTable *environment,
    GHashTable *map, GError **error)
{
    if (node == NULL)
    {
        return TRUE;
    }
    if (!gw_yaml_check_map(node, name, error))
    {
        return FALSE;
    }
    for (guint i = 0; i < gw_yaml_count(node); i++)
    {
        const char *key = gw_yaml_text(gw_yaml_key(node, i));
        char *text = NULL;
        if (!gw_read_text(gw_yaml_item(node, i), key, environment, &text, error))
        {
            return FALSE;
        }
        if (text != NULL)
        {
            g_hash_table_replace(map, g_strdup(key), text);
        }
    }
    return TRUE;
}

gboolean
gw_parse_word(const char *text, const gw_config_key *key, guint *index, GError **error)
{
    for (guint i = 0; key->words[i] != NULL; i++)
    {
        if (strcmp(key->words[i], text) == 0)
        {
            *index = i;
            return TRUE;
        }
    }
    g_autofree char *all = g_strjoinv(", ", (char **)(guintptr)key->words);
    gw_fail(error, GW_CODE_CONFIG, "\"%s\" is none of %s", text, all);
    const char *near = gw_text_near(text, key->words);
    if (near != NULL && error != NULL)
    {
        gw_error_add_hint(*error, "did you mean %s?", near);
    }
    return FALSE;
}

gboolean
gw_read_word(const gw_yaml_node *node, const gw_config_key *key, GHashTable *environment,
    guint *index, GError **error)
{
    g_autofree char *text = NULL;
    return gw_read_text(node, key->name, environment, &text, error) &&
           (text == NULL || gw_parse_word(text, key, index, error) ||
               gw_yaml_blame(node, key->name, error));
}

gboolean
gw_read_words(const gw_yaml_node *node, const gw_config_key *key, GHashTable *environment,
    guint *bits, GError **error)
{
    if (node == NULL)
    {
        return TRUE;
    }
    if (!list_check(node, key->name, error))
    {
        return FALSE;
    }
    guint all = 0;
    for (guint i = 0; i < list_count(node); i++)
    {
        guint index = 0;
        if (!gw_read_word(list_item(node, i), key, environment, &index, error))
        {
            return FALSE;
        }
        all |= 1u << index;
    }
    *bits = all;
    return TRUE;
}
