#include "sql/settings.h"

#include "base/text.h"
#include "sql/words.h"

/* What modes of MariaDB do to the text; the names of other databases bring a group of modes. */
static const struct
{
    const char *word;
    guint adds;
    guint takes;
} modes[] = {
    {"ANSI_QUOTES", 0, GW_LEXIS_DOUBLE_QUOTE_STRING},
    {"NO_BACKSLASH_ESCAPES", 0, GW_LEXIS_BACKSLASH},
    {"ANSI", 0, GW_LEXIS_DOUBLE_QUOTE_STRING},
    {"ORACLE", GW_LEXIS_ORACLE, GW_LEXIS_DOUBLE_QUOTE_STRING},
    {"MSSQL", 0, GW_LEXIS_DOUBLE_QUOTE_STRING},
    {"DB2", 0, GW_LEXIS_DOUBLE_QUOTE_STRING},
    {"MAXDB", 0, GW_LEXIS_DOUBLE_QUOTE_STRING},
    {"POSTGRESQL", 0, GW_LEXIS_DOUBLE_QUOTE_STRING},
};

static gboolean
in_mode(char byte)
{
    return g_ascii_isalnum(byte) || byte == '_';
}

/* Switch on, or off, the modes that are words of the token. */
static void
apply_modes(guint *flags, guint own, const char *text, gsize length, gboolean on)
{
    gsize end = 0;
    for (gsize at = 0; at < length; at = end + 1)
    {
        for (end = at; end < length && in_mode(text[end]); end++)
        {
        }
        for (gsize i = 0; i < G_N_ELEMENTS(modes); i++)
        {
            if (gw_text_is(text + at, end - at, modes[i].word))
            {
                guint set = *flags | modes[i].adds;
                guint cleared = *flags & ~modes[i].adds;
                *flags = on ? set & ~modes[i].takes : cleared | (modes[i].takes & own);
            }
        }
    }
}

/*
 * The value of sql_mode, up to the next comma. One string or word is the whole mode; inside CONCAT
 * strings are added to what is; inside REPLACE they are taken away. A variable (as dumps use to
 * restore the mode) goes back to the dialect's own.
 */
static guint
read_mode(gw_words *words, guint flags, guint own)
{
    guint depth = words->depth;
    gboolean removes = gw_words_is(words, "REPLACE");
    gboolean computes = removes || gw_words_is(words, "CONCAT") || gw_words_is(words, "CONCAT_WS");
    guint result = computes ? flags : own;
    for (; !gw_words_end(words); gw_words_step(words))
    {
        const gw_token *token = &words->token;
        if (token->kind == GW_TOKEN_COMMA && words->depth == depth)
        {
            break;
        }
        if (token->kind == GW_TOKEN_STRING || token->kind == GW_TOKEN_WORD)
        {
            const char *text = words->lexer.text + token->offset;
            apply_modes(&result, own, text, token->length, !removes);
        }
    }
    return result;
}

/* SET a = 1, SESSION sql_mode = '…', @@sql_mode = '…'. */
static guint
follow_modes(gw_words *words, guint flags, guint own)
{
    static const char *const names[] = {"@@SESSION . sql_mode", "@@LOCAL . sql_mode", "@@sql_mode",
        "SESSION sql_mode", "LOCAL sql_mode", "sql_mode", NULL};
    do
    {
        if (gw_words_take_any(words, names) < 0)
        {
            continue;
        }
        if (gw_words_take(words, "=") || gw_words_take(words, ":="))
        {
            flags = read_mode(words, flags, own);
        }
    } while (gw_words_next_item(words));
    return flags;
}

static guint
follow_strings(gw_words *words, guint flags, guint own)
{
    static const char *const on[] = {"on", "true", "yes", "1", "'on'", "'true'", "'yes'", "'1'"};
    static const char *const off[] = {"off", "false", "no", "0", "'off'", "'false'", "'no'", "'0'"};
    (void)gw_words_take_any(words, (const char *const[]){"SESSION", "LOCAL", NULL});
    if (!gw_words_take(words, "standard_conforming_strings") ||
        !(gw_words_take(words, "=") || gw_words_take(words, "TO")))
    {
        return flags;
    }
    const char *value = words->lexer.text + words->token.offset;
    for (gsize i = 0; i < G_N_ELEMENTS(on); i++)
    {
        if (gw_text_is(value, words->token.length, on[i]))
        {
            return flags & ~(guint)GW_LEXIS_BACKSLASH;
        }
        if (gw_text_is(value, words->token.length, off[i]))
        {
            return flags | GW_LEXIS_BACKSLASH;
        }
    }
    return (flags & ~(guint)GW_LEXIS_BACKSLASH) | (own & GW_LEXIS_BACKSLASH);
}

guint
gw_settings_follow(guint flags, guint own, const char *statement, gsize length)
{
    static const char *const resets[] = {"RESET standard_conforming_strings", "RESET ALL", NULL};
    const gw_lexis lexis = {flags};
    gw_words words;
    gw_words_init(&words, &lexis, statement, length);
    if ((own & GW_LEXIS_ESCAPE_STRING) != 0 && gw_words_take_any(&words, resets) >= 0)
    {
        return own;
    }
    if (!gw_words_take(&words, "SET"))
    {
        return flags;
    }
    if ((own & GW_LEXIS_ESCAPE_STRING) != 0)
    {
        return follow_strings(&words, flags, own);
    }
    return (own & GW_LEXIS_DOUBLE_QUOTE_STRING) != 0 ? follow_modes(&words, flags, own) : flags;
}
