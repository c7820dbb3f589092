#include "sql/section_options.h"

#include "base/text.h"

/* One option as it stands in the source. */
typedef struct written
{
    const gw_source *source;
    gsize offset; /* of its key */
    gsize length; /* of key, colon and value */
    const char *key;
    const char *value;
} written;

typedef struct option_rule
{
    const char *key;
    guint kinds;       /* bit n: sections of kind n have it */
    const char *wants; /* what its value is, for messages */
    gboolean (*read)(const char *value, gw_section *section);
} option_rule;

#define ON(kind) (1u << (guint)GW_SECTION_##kind)
#define ANYWHERE (ON(UP) | ON(EXPAND) | ON(BACKFILL) | ON(CONTRACT) | ON(VERIFY) | ON(DOWN))
#define CHANGES  (ANYWHERE & ~ON(VERIFY))

static gboolean
read_truth(const char *value, gboolean *truth)
{
    *truth = strcmp(value, "true") == 0;
    return *truth || strcmp(value, "false") == 0;
}

static gboolean
read_transaction(const char *value, gw_section *section)
{
    gboolean transaction = TRUE;
    gboolean good = read_truth(value, &transaction);
    section->no_transaction = !transaction;
    return good;
}

static gboolean
read_substitute(const char *value, gw_section *section)
{
    return read_truth(value, &section->substitute);
}

static gboolean
read_repeat(const char *value, gw_section *section)
{
    return read_truth(value, &section->repeat);
}

static gboolean
read_lock_timeout(const char *value, gw_section *section)
{
    return gw_duration_parse(value, &section->lock_timeout, NULL) && section->lock_timeout > 0;
}

static gboolean
read_timeout(const char *value, gw_section *section)
{
    return gw_duration_parse(value, &section->timeout, NULL) && section->timeout > 0;
}

static gboolean
read_databases(const char *value, gw_section *section)
{
    static const char *const known[] = {"postgres", "mariadb", "mysql", "sqlite", NULL};
    section->databases = g_strsplit(value, ",", -1);
    for (gsize i = 0; section->databases[i] != NULL; i++)
    {
        if (!g_strv_contains(known, section->databases[i]))
        {
            return FALSE;
        }
    }
    return section->databases[0] != NULL;
}

static gboolean
read_keep(const char *value, gw_section *section)
{
    static const char *const words[] = {
        [GW_KEEP_TRUE] = "true", [GW_KEEP_FALSE] = "false", [GW_KEEP_ERASE] = "erase"};
    for (guint i = GW_KEEP_TRUE; i < G_N_ELEMENTS(words); i++)
    {
        if (strcmp(value, words[i]) == 0)
        {
            section->keep = (gw_keep)i;
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
read_table(const char *value, gw_section *section)
{
    section->table = g_strdup(value);
    return TRUE;
}

static gboolean
read_transform(const char *value, gw_section *section)
{
    section->transform = g_strdup(value);
    return TRUE;
}

static gboolean
read_chunk(const char *value, gw_section *section)
{
    return g_ascii_string_to_unsigned(value, 10, 1, G_MAXINT64, &section->chunk, NULL);
}

static gboolean
read_on_error(const char *value, gw_section *section)
{
    static const char start[] = "quarantine(";
    gsize length = strlen(value);
    if (strcmp(value, "stop") == 0)
    {
        section->quarantine = -1;
        return TRUE;
    }
    if (!g_str_has_prefix(value, start) || value[length - 1] != ')')
    {
        return FALSE;
    }
    g_autofree char *number = g_strndup(value + strlen(start), length - sizeof start);
    guint64 most = 0;
    gboolean good = g_ascii_string_to_unsigned(number, 10, 0, G_MAXINT64, &most, NULL);
    section->quarantine = (gint64)most;
    return good;
}

static gboolean
read_phase(const char *value, gw_section *section)
{
    gboolean contract = strcmp(value, "contract") == 0;
    section->undoes = contract ? GW_SECTION_CONTRACT : GW_SECTION_EXPAND;
    return contract || strcmp(value, "expand") == 0;
}

static const option_rule rules[] = {
    {"transaction", ANYWHERE, "true or false", read_transaction},
    {"lock-timeout", ANYWHERE, "a duration, as in 50ms", read_lock_timeout},
    {"timeout", ANYWHERE, "a duration, as in 10m", read_timeout},
    {"databases", ANYWHERE, "names out of postgres, mariadb, mysql and sqlite, with commas",
        read_databases},
    {"substitute", ANYWHERE, "true or false", read_substitute},
    {"keep", CHANGES, "true, false or erase", read_keep},
    {"repeat", ON(UP), "true or false", read_repeat},
    {"table", ON(BACKFILL), "the name of a table", read_table},
    {"chunk", ON(BACKFILL), "the most rows of a chunk, a whole number", read_chunk},
    {"transform", ON(BACKFILL), "a program", read_transform},
    {"on-error", ON(BACKFILL), "stop or quarantine(N)", read_on_error},
    {"phase", ON(DOWN), "contract or expand", read_phase},
};

G_GNUC_PRINTF(3, 4)
static gboolean
fail(const written *option, GError **error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    gw_source_fail(
        option->source, option->offset, option->length, error, GW_CODE_OPTION, "%s", message);
    return FALSE;
}

static const option_rule *
find_rule(const char *key)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rules); i++)
    {
        if (strcmp(rules[i].key, key) == 0)
        {
            return &rules[i];
        }
    }
    return NULL;
}

/* The sections that have an option, as a list for people. */
static char *
list_kinds(guint kinds)
{
    GString *list = g_string_new(NULL);
    for (guint kind = GW_SECTION_UP; kind <= GW_SECTION_DOWN; kind++)
    {
        if ((kinds & (1u << kind)) != 0)
        {
            g_string_append(list, list->len > 0 ? ", " : "");
            g_string_append(list, gw_section_name((gw_section_kind)kind));
        }
    }
    return g_string_free(list, FALSE);
}

static gboolean
fail_unknown(const written *option, gw_section_kind kind, GError **error)
{
    const char *keys[G_N_ELEMENTS(rules) + 1] = {NULL};
    gsize count = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(rules); i++)
    {
        if ((rules[i].kinds & (1u << (guint)kind)) != 0)
        {
            keys[count++] = rules[i].key;
        }
    }
    const char *near = gw_text_near(option->key, keys);
    (void)fail(option, error, "there is no option \"%s\"", option->key);
    if (error != NULL && near != NULL)
    {
        gw_error_add_hint(*error, "did you mean \"%s\"?", near);
    }
    return FALSE;
}

static gboolean
read_option(const written *option, guint *seen, gw_section *section, GError **error)
{
    if (option->value == NULL)
    {
        return fail(option, error, "\"%s\" is not an option: options are key:value", option->key);
    }
    const option_rule *rule = find_rule(option->key);
    if (rule == NULL)
    {
        return fail_unknown(option, section->kind, error);
    }
    if ((rule->kinds & (1u << (guint)section->kind)) == 0)
    {
        g_autofree char *kinds = list_kinds(rule->kinds);
        return fail(option, error, "%s has no option \"%s\": it belongs to %s",
            gw_section_name(section->kind), option->key, kinds);
    }
    guint bit = 1u << (guint)(rule - rules);
    if ((*seen & bit) != 0)
    {
        return fail(option, error, "the option \"%s\" stands here twice", option->key);
    }
    *seen |= bit;
    if (option->value[0] == '\0' || !rule->read(option->value, section))
    {
        return fail(option, error, "\"%s\" wants %s", option->key, rule->wants);
    }
    return TRUE;
}

static gboolean
check_complete(const gw_source *source, const gw_section *section, gsize end, GError **error)
{
    if (section->kind != GW_SECTION_BACKFILL || section->table != NULL)
    {
        return TRUE;
    }
    gw_source_fail(source, section->marker, end - section->marker, error, GW_CODE_OPTION,
        "a backfill wants the option table");
    if (error != NULL)
    {
        gw_error_add_hint(*error, "write: -- migrate:backfill table:NAME");
    }
    return FALSE;
}

gboolean
gw_section_options_read(
    const gw_source *source, gsize offset, gsize length, gw_section *section, GError **error)
{
    const char *text = gw_source_text(source);
    gsize end = offset + length;
    guint seen = 0;
    for (gsize at = offset; at < end;)
    {
        if (g_ascii_isspace(text[at]))
        {
            at++;
            continue;
        }
        written option = {.source = source, .offset = at};
        while (at < end && !g_ascii_isspace(text[at]))
        {
            at++;
        }
        option.length = at - option.offset;
        g_autofree char *key = g_strndup(text + option.offset, option.length);
        char *colon = strchr(key, ':');
        if (colon != NULL)
        {
            *colon = '\0';
            option.value = colon + 1;
        }
        option.key = key;
        if (!read_option(&option, &seen, section, error))
        {
            return FALSE;
        }
    }
    return check_complete(source, section, end, error);
}

gboolean
gw_section_shares_database(const gw_section *left, const gw_section *right)
{
    if (left->databases == NULL || right->databases == NULL)
    {
        return TRUE;
    }
    for (gsize i = 0; left->databases[i] != NULL; i++)
    {
        if (g_strv_contains((const char *const *)right->databases, left->databases[i]))
        {
            return TRUE;
        }
    }
    return FALSE;
}
