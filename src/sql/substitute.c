#include "base/text.h"
#include "sql/sections.h"
#include "sql/splitter.h"

/* The text that is being made, and what is needed to make it. */
typedef struct filler
{
    const gw_source *source;
    GHashTable *vars;
    GString *out;
    gsize copied; /* how far the source is in `out` */
} filler;

/* How all databases can be read at once: no backslashes, no hash comments. */
static const gw_lexis common = {
    GW_LEXIS_DOLLAR_QUOTE | GW_LEXIS_ESCAPE_STRING | GW_LEXIS_BACKTICK | GW_LEXIS_COPY_DATA};

static void
copy_to(filler *filling, gsize offset)
{
    const char *text = gw_source_text(filling->source);
    if (offset > filling->copied)
    {
        g_string_append_len(
            filling->out, text + filling->copied, (gssize)(offset - filling->copied));
        filling->copied = offset;
    }
}

static gboolean
fail_unknown(const filler *filling, gsize offset, const char *name, GError **error)
{
    g_autofree const char **keys =
        (const char **)g_hash_table_get_keys_as_array(filling->vars, NULL);
    const char *near = gw_text_near(name, keys);
    gw_source_fail(filling->source, offset, strlen(name) + 3, error, GW_CODE_VARIABLE,
        "the variable \"%s\" has no value", name);
    if (error != NULL && near != NULL)
    {
        gw_error_add_hint(*error, "did you mean \"%s\"?", near);
    }
    gw_error_add_hint(error == NULL ? NULL : *error, "give it one under vars: in godwit.yaml");
    return FALSE;
}

/* Replace ${name} at `offset`, where `length` bytes stand up to the brace. */
static gboolean
fill_one(filler *filling, gsize offset, gsize length, GError **error)
{
    const char *text = gw_source_text(filling->source) + offset;
    g_autofree char *name = g_strndup(text + 2, length - 2);
    const char *value = g_hash_table_lookup(filling->vars, name);
    if (value == NULL)
    {
        return fail_unknown(filling, offset, name, error);
    }
    if (strpbrk(value, "\r\n") != NULL)
    {
        gw_source_fail(filling->source, offset, length + 1, error, GW_CODE_VARIABLE,
            "the value of \"%s\" has more than one line", name);
        return FALSE;
    }
    copy_to(filling, offset);
    g_string_append(filling->out, value);
    filling->copied = offset + length + 1;
    return TRUE;
}

/* Replace what stands between `start` and `end`. */
static gboolean
fill_range(filler *filling, gsize start, gsize end, GError **error)
{
    const char *text = gw_source_text(filling->source);
    while (start < end)
    {
        const char *found = memmem(text + start, end - start, "${", 2);
        if (found == NULL)
        {
            return TRUE;
        }
        gsize offset = (gsize)(found - text);
        const char *brace = memchr(found, '}', end - offset);
        if (brace == NULL || memchr(found, '\n', (gsize)(brace - found)) != NULL)
        {
            gw_source_fail(filling->source, offset, 2, error, GW_CODE_VARIABLE,
                "the name of the variable has no \"}\" behind it");
            return FALSE;
        }
        if (!fill_one(filling, offset, (gsize)(brace - found), error))
        {
            return FALSE;
        }
        start = (gsize)(brace - text) + 1;
    }
    return TRUE;
}

/* Replace in a statement, between its strings and comments. */
static gboolean
fill_statement(filler *filling, guint flags, const gw_statement *statement, GError **error)
{
    const gw_lexis lexis = {flags};
    gsize start = statement->offset;
    gsize end = statement->offset + statement->length;
    gw_lexer lexer;
    gw_token token;
    gw_lexer_init(&lexer, &lexis, gw_source_text(filling->source), start, end);
    while (gw_lexer_next(&lexer, &token) && token.kind != GW_TOKEN_END)
    {
        if (token.kind == GW_TOKEN_STRING || token.kind == GW_TOKEN_COMMENT)
        {
            if (!fill_range(filling, start, token.offset, error))
            {
                return FALSE;
            }
            start = token.offset + token.length;
        }
    }
    return fill_range(filling, start, end, error);
}

/* What cannot be cut stays as it is: whoever splits it says so. */
static gboolean
fill_section(filler *filling, const gw_section *section, const gw_lexis *lexis, GError **error)
{
    gw_splitter splitter;
    gboolean more = TRUE;
    gw_splitter_init(&splitter, lexis, filling->source, section->offset, section->length);
    while (more)
    {
        gw_statement statement;
        guint flags = splitter.lexer.flags;
        if (!gw_splitter_next(&splitter, &statement, &more, NULL))
        {
            return TRUE;
        }
        if (more && !fill_statement(filling, flags, &statement, error))
        {
            return FALSE;
        }
    }
    return TRUE;
}

gw_source *
gw_sections_substitute(gw_source *source, const gw_sections *sections, const gw_lexis *lexis,
    GHashTable *vars, GError **error)
{
    g_autoptr(GString) out = g_string_new(NULL);
    filler filling = {.source = source, .vars = vars, .out = out};
    gboolean asked = FALSE;
    for (guint i = 0; i < sections->list->len; i++)
    {
        const gw_section *section = g_ptr_array_index(sections->list, i);
        if (!section->substitute)
        {
            continue;
        }
        asked = TRUE;
        if (!fill_section(&filling, section, lexis == NULL ? &common : lexis, error))
        {
            return NULL;
        }
    }
    if (!asked)
    {
        return gw_source_ref(source);
    }
    copy_to(&filling, gw_source_size(source));
    return gw_source_new(gw_source_name(source), out->str, (gssize)out->len);
}
