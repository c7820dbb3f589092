#include "project/dotenv.h"

#include "base/secret.h"
#include "project/environment.h"
#include "project/expand.h"

/* Where the reader stands. */
typedef struct cursor
{
    gw_dotenv *dotenv;
    GHashTable *scope; /* what ${NAME} reads: the environment, and the lines above */
    const char *text;  /* ends with NUL */
    gsize at;
} cursor;

/* Fail at an offset, without the line's text; always FALSE. */
static gboolean
refuse(const cursor *in, gsize offset, GError **error, const char *message)
{
    gw_fail(error, GW_CODE_CONFIG, "%s", message);
    if (error != NULL)
    {
        gw_position position = gw_source_position(in->dotenv->source, offset, 1);
        g_clear_pointer(&position.text, g_free);
        gw_error_add_position(*error, &position);
    }
    return FALSE;
}

static void
blanks_skip(cursor *in)
{
    in->at += strspn(in->text + in->at, " \t");
}

/* Skip to behind the end of the line. */
static void
line_skip(cursor *in)
{
    in->at += strcspn(in->text + in->at, "\n");
    in->at += in->text[in->at] == '\n';
}

/* How long the name is that stands here; 0: none does. */
static gsize
name_length(const char *text)
{
    gsize length = 0;
    while (g_ascii_isalnum(text[length]) || text[length] == '_' || text[length] == '.')
    {
        length++;
    }
    return g_ascii_isdigit(text[0]) || text[0] == '.' ? 0 : length;
}

/* Take the name and its =. The caller frees *name. */
static gboolean
name_take(cursor *in, char **name, GError **error)
{
    gsize start = in->at;
    gsize length = name_length(in->text + start);
    if (length == 6 && strncmp(in->text + start, "export", 6) == 0 &&
        (in->text[start + 6] == ' ' || in->text[start + 6] == '\t'))
    {
        in->at += 6;
        blanks_skip(in);
        start = in->at;
        length = name_length(in->text + start);
    }
    in->at += length;
    blanks_skip(in);
    if (length == 0 || in->text[in->at] != '=')
    {
        return refuse(in, start, error,
            length == 0 ? "a line is to be NAME=value" : "after the name there is no =");
    }
    in->at++;
    *name = g_strndup(in->text + start, length);
    return TRUE;
}

/* '…': as it stands. */
static gboolean
single_take(cursor *in, GString *value, GError **error)
{
    const char *end = strchr(in->text + in->at + 1, '\'');
    if (end == NULL)
    {
        return refuse(in, in->at, error, "the ' is not closed");
    }
    const char *start = in->text + in->at + 1;
    g_string_append_len(value, start, end - start);
    in->at = (gsize)(end + 1 - in->text);
    return TRUE;
}

/* The character that \c stands for in "…"; 0: \c itself. */
static char
escaped(char c)
{
    static const char from[] = "nrt\"\\$`";
    static const char to[] = "\n\r\t\"\\$`";
    const char *found = c == '\0' ? NULL : strchr(from, c);
    return found == NULL ? '\0' : to[found - from];
}

/* "…": escapes are replaced. What must not be expanded later is written as $${. */
static gboolean
double_take(cursor *in, GString *value, GError **error)
{
    gsize start = in->at++;
    for (; in->text[in->at] != '"'; in->at++)
    {
        char c = in->text[in->at];
        if (c == '\0')
        {
            return refuse(in, start, error, "the \" is not closed");
        }
        char meant = c == '\\' ? escaped(in->text[in->at + 1]) : '\0';
        in->at += meant != '\0';
        g_string_append_c(value, meant == '\0' ? c : meant);
        if (meant == '$' && in->text[in->at + 1] == '{')
        {
            g_string_append_c(value, '$');
        }
    }
    in->at++;
    return TRUE;
}

/* A bare value: up to the end of the line or " #". */
static void
bare_take(cursor *in, GString *value)
{
    gsize end = in->at;
    for (gsize i = in->at; in->text[i] != '\0' && in->text[i] != '\n'; i++)
    {
        gboolean blank = in->text[i] == ' ' || in->text[i] == '\t' || in->text[i] == '\r';
        if (in->text[i] == '#' && i > 0 && g_ascii_isspace(in->text[i - 1]))
        {
            break;
        }
        end = blank ? end : i + 1;
    }
    g_string_append_len(value, in->text + in->at, (gssize)(end - in->at));
    in->at = end;
}

/* Is there nothing more on the line but a comment? */
static gboolean
end_check(cursor *in, GError **error)
{
    blanks_skip(in);
    char c = in->text[in->at];
    if (c != '\0' && c != '\n' && c != '\r' && c != '#')
    {
        return refuse(in, in->at, error, "something stands behind the closing quote");
    }
    line_skip(in);
    return TRUE;
}

/* Take the value that stands here, with variables replaced. The caller wipes *value. */
static gboolean
value_take(cursor *in, char **value, GError **error)
{
    g_autoptr(GString) raw = g_string_new(NULL);
    blanks_skip(in);
    gsize start = in->at;
    char quote = in->text[start];
    gboolean taken = TRUE;
    if (quote == '\'')
    {
        taken = single_take(in, raw, error);
    }
    else if (quote == '"')
    {
        taken = double_take(in, raw, error);
    }
    else
    {
        bare_take(in, raw);
    }
    if (!taken || !end_check(in, error))
    {
        return FALSE;
    }
    *value = quote == '\'' ? g_strdup(raw->str) : gw_expand(raw->str, in->scope, error);
    gw_secret_wipe(raw->str);
    if (*value == NULL && error != NULL)
    {
        gw_position position = gw_source_position(in->dotenv->source, start, 1);
        g_clear_pointer(&position.text, g_free);
        gw_error_add_position(*error, &position);
    }
    return *value != NULL;
}

/* One NAME=value. */
static gboolean
entry_take(cursor *in, GError **error)
{
    g_autofree char *name = NULL;
    char *value = NULL;
    gsize start = in->at;
    if (!name_take(in, &name, error) || !value_take(in, &value, error))
    {
        return FALSE;
    }
    if (!g_hash_table_contains(in->scope, name) || g_hash_table_contains(in->dotenv->values, name))
    {
        g_hash_table_replace(in->scope, g_strdup(name), g_strdup(value));
    }
    g_hash_table_replace(in->dotenv->places, g_strdup(name), GSIZE_TO_POINTER(start + 1));
    g_hash_table_replace(in->dotenv->values, g_steal_pointer(&name), value);
    return TRUE;
}

static gboolean
entries_take(cursor *in, GError **error)
{
    while (in->text[in->at] != '\0')
    {
        blanks_skip(in);
        char c = in->text[in->at];
        if (c == '#' || c == '\n' || c == '\r')
        {
            line_skip(in);
        }
        else if (c != '\0' && !entry_take(in, error))
        {
            return FALSE;
        }
    }
    return TRUE;
}

static gw_dotenv *
dotenv_new(void)
{
    gw_dotenv *dotenv = g_new0(gw_dotenv, 1);
    dotenv->values = gw_environment_new();
    dotenv->places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return dotenv;
}

gw_dotenv *
gw_dotenv_parse(gw_source *source, GHashTable *environment, GError **error)
{
    g_autoptr(gw_dotenv) dotenv = dotenv_new();
    g_autoptr(GHashTable) scope = gw_environment_new();
    dotenv->source = gw_source_ref(source);
    if (!gw_source_check_text(source, error))
    {
        return NULL;
    }
    gw_environment_add(scope, environment);
    g_autofree char *text = g_strndup(gw_source_text(source), gw_source_size(source));
    cursor in = {.dotenv = dotenv, .scope = scope, .text = text};
    in.at = g_str_has_prefix(text, "\xEF\xBB\xBF") ? 3 : 0;
    gboolean read = entries_take(&in, error);
    gw_secret_wipe(text);
    return read ? g_steal_pointer(&dotenv) : NULL;
}

gw_dotenv *
gw_dotenv_read(const char *path, GHashTable *environment, GError **error)
{
    if (!g_file_test(path, G_FILE_TEST_IS_REGULAR))
    {
        return dotenv_new();
    }
    g_autoptr(gw_source) source = gw_source_open(path, path, error);
    return source == NULL ? NULL : gw_dotenv_parse(source, environment, error);
}

void
gw_dotenv_free(gw_dotenv *dotenv)
{
    if (dotenv != NULL)
    {
        gw_source_unref(dotenv->source);
        g_hash_table_unref(dotenv->values);
        g_hash_table_unref(dotenv->places);
        g_free(dotenv);
    }
}

gw_position
gw_dotenv_position(const gw_dotenv *dotenv, const char *name)
{
    gsize place = GPOINTER_TO_SIZE(g_hash_table_lookup(dotenv->places, name));
    gw_position position =
        gw_source_position(dotenv->source, place == 0 ? 0 : place - 1, strlen(name));
    g_clear_pointer(&position.text, g_free);
    return position;
}
