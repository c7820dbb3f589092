#include "sql/splitter.h"

/* Bytes on their way into a digest: many tokens are one or two bytes long. */
typedef struct canonical
{
    GChecksum *sum;
    gsize used;
    char buffer[4096];
} canonical;

static void
flush(canonical *canon)
{
    g_checksum_update(canon->sum, (const guchar *)canon->buffer, (gssize)canon->used);
    canon->used = 0;
}

static void
add(canonical *canon, const char *text, gsize length, gboolean lower)
{
    if (canon->used + length > sizeof canon->buffer)
    {
        flush(canon);
    }
    if (length > sizeof canon->buffer)
    {
        g_checksum_update(canon->sum, (const guchar *)text, (gssize)length);
        return;
    }
    for (gsize i = 0; i < length; i++)
    {
        canon->buffer[canon->used++] = lower ? g_ascii_tolower(text[i]) : text[i];
    }
}

/* 1 for operators, 2 for what is made of characters, 0 for what never melts with its neighbours. */
static guint
matter(gw_token_kind kind)
{
    switch (kind)
    {
    case GW_TOKEN_OPERATOR:
        return 1;
    case GW_TOKEN_WORD:
    case GW_TOKEN_QUOTED_NAME:
    case GW_TOKEN_STRING:
    case GW_TOKEN_NUMBER:
    case GW_TOKEN_PARAMETER:
        return 2;
    default:
        return 0;
    }
}

/* Space counts where two tokens would read differently without it: a b, - -1, but not (a , b). */
static void
add_statement(canonical *canon, guint flags, const char *text, gsize length)
{
    const gw_lexis lexis = {flags};
    gw_lexer lexer;
    gw_token token;
    guint before = 0;
    gsize end = 0;
    gw_lexer_init(&lexer, &lexis, text, 0, length);
    while (gw_lexer_next_code(&lexer, &token) && token.kind != GW_TOKEN_END)
    {
        guint now = matter(token.kind);
        if (now != 0 && now == before && end < token.offset)
        {
            add(canon, " ", 1, FALSE);
        }
        add(canon, text + token.offset, token.length, token.kind == GW_TOKEN_WORD);
        before = now;
        end = token.offset + token.length;
    }
}

/* All statements, each behind a semicolon but the first; data of COPY byte for byte. */
static gboolean
add_script(canonical *canon, const gw_lexis *lexis, const char *text, gsize length)
{
    gw_splitter splitter;
    gw_splitter_init_text(&splitter, lexis, text, length);
    for (guint count = 0;; count++)
    {
        gw_statement statement;
        gboolean more = FALSE;
        guint flags = splitter.lexer.flags;
        if (!gw_splitter_next(&splitter, &statement, &more, NULL))
        {
            return FALSE;
        }
        if (!more)
        {
            return TRUE;
        }
        add(canon, ";", count == 0 ? 0 : 1, FALSE);
        add_statement(canon, flags, text + statement.offset, statement.length);
        add(canon, "\n", statement.has_data ? 1 : 0, FALSE);
        add(canon, text + statement.data_offset, statement.data_length, FALSE);
    }
}

char *
gw_sql_sha256(const gw_lexis *lexis, const char *text, gsize length)
{
    canonical canon = {.sum = g_checksum_new(G_CHECKSUM_SHA256)};
    if (!add_script(&canon, lexis, text, length))
    {
        canon.used = 0;
        g_checksum_reset(canon.sum);
        g_checksum_update(canon.sum, (const guchar *)text, (gssize)length);
    }
    flush(&canon);
    char *digest = g_strdup(g_checksum_get_string(canon.sum));
    g_checksum_free(canon.sum);
    return digest;
}
