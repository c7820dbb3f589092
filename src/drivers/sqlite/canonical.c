/*
 * The text that defines an object, in one form for one meaning: no comments, one blank where one is
 * needed, keywords in capitals, and no quotes where a name needs none, since RENAME adds them.
 */
#include "base/text.h"
#include "drivers/sqlite/handle.h"
#include "sql/lexer.h"

/* Words that cannot be names without quotes; other keywords can. */
static const char *const reserved[] = {"ADD", "ALL", "ALTER", "AND", "AS", "AUTOINCREMENT",
    "BETWEEN", "CASE", "CHECK", "COLLATE", "COMMIT", "CONSTRAINT", "CREATE", "DEFAULT",
    "DEFERRABLE", "DELETE", "DISTINCT", "DROP", "ELSE", "ESCAPE", "EXISTS", "FOREIGN", "FROM",
    "GROUP", "HAVING", "IN", "INDEX", "INSERT", "INTERSECT", "INTO", "IS", "ISNULL", "JOIN",
    "LIMIT", "NOT", "NOTHING", "NOTNULL", "NULL", "ON", "OR", "ORDER", "PRIMARY", "REFERENCES",
    "RETURNING", "SELECT", "SET", "TABLE", "THEN", "TO", "TRANSACTION", "UNION", "UNIQUE", "UPDATE",
    "USING", "VALUES", "WHEN", "WHERE", NULL};

static gboolean
is_keyword(const char *word)
{
    return sqlite3_keyword_check(word, (int)strlen(word)) != 0;
}

static gboolean
is_plain(const char *name)
{
    if (!g_ascii_isalpha(name[0]) && name[0] != '_')
    {
        return FALSE;
    }
    return name[strspn(name, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "_")] == '\0';
}

static void
put_word(GString *out, const char *word, gboolean quoted)
{
    g_autofree char *upper = g_ascii_strup(word, -1);
    if (quoted && (!is_plain(word) || g_strv_contains(reserved, upper)))
    {
        gw_text_append_quoted(out, word, -1, '"', '"');
        return;
    }
    g_string_append(out, is_keyword(word) ? upper : word);
}

/* Two characters that the lexer gives one by one and SQLite reads as one operator. */
static gboolean
is_joined(const char *text, const gw_token *left, const gw_token *right)
{
    static const char *const pairs[] = {"<<", ">>", "->", "==", NULL};
    if (left->kind != GW_TOKEN_OPERATOR || right->kind != GW_TOKEN_OPERATOR ||
        left->offset + left->length != right->offset)
    {
        return FALSE;
    }
    const char pair[3] = {text[right->offset - 1], text[right->offset], '\0'};
    return g_strv_contains(pairs, pair);
}

static gboolean
needs_blank(const char *text, const gw_token *left, const gw_token *right)
{
    if (left->kind == GW_TOKEN_END || left->kind == GW_TOKEN_OPEN || left->kind == GW_TOKEN_DOT)
    {
        return FALSE;
    }
    switch (right->kind)
    {
    case GW_TOKEN_OPEN:
    case GW_TOKEN_CLOSE:
    case GW_TOKEN_COMMA:
    case GW_TOKEN_DOT:
    case GW_TOKEN_SEMICOLON:
        return FALSE;
    default:
        return !is_joined(text, left, right);
    }
}

static void
put_token(GString *out, const gw_lexer *lexer, const gw_token *token)
{
    if (token->kind == GW_TOKEN_WORD || token->kind == GW_TOKEN_QUOTED_NAME)
    {
        g_autofree char *name = gw_token_name(lexer, token, FALSE);
        put_word(out, name, token->kind == GW_TOKEN_QUOTED_NAME);
        return;
    }
    g_string_append_len(out, lexer->text + token->offset, (gssize)token->length);
}

char *
gw_sqlite_canonical(const char *sql)
{
    gw_lexer lexer;
    gw_token before = {.kind = GW_TOKEN_END};
    gw_token token;
    GString *out = g_string_sized_new(strlen(sql));
    gw_lexer_init(&lexer, &gw_sqlite_dialect.lexis, sql, 0, strlen(sql));
    while (gw_lexer_next_code(&lexer, &token) && token.kind != GW_TOKEN_END)
    {
        if (needs_blank(sql, &before, &token))
        {
            g_string_append_c(out, ' ');
        }
        put_token(out, &lexer, &token);
        before = token;
    }
    return g_string_free(out, FALSE);
}
