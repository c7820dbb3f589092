#include "sql/bodies.h"

#include "base/text.h"
#include "sql/compound.h"
#include "sql/words.h"

/* What may stand between CREATE and the kind of thing that it makes. */
static const char *const prefixes[] = {
    "OR REPLACE", "TEMP", "TEMPORARY", "AGGREGATE", "CONSTRAINT", NULL};

static const struct
{
    const char *word;
    gw_lexis_flag flag;
    gw_body_kind kind;
} things[] = {
    {"RULE", GW_LEXIS_RULE_PARENTHESES, GW_BODY_RULE},
    {"FUNCTION", GW_LEXIS_BEGIN_ATOMIC, GW_BODY_ATOMIC},
    {"PROCEDURE", GW_LEXIS_BEGIN_ATOMIC, GW_BODY_ATOMIC},
    {"TRIGGER", GW_LEXIS_TRIGGER_BODY, GW_BODY_TRIGGER},
    {"TRIGGER", GW_LEXIS_COMPOUND, GW_BODY_COMPOUND},
    {"PROCEDURE", GW_LEXIS_COMPOUND, GW_BODY_COMPOUND},
    {"FUNCTION", GW_LEXIS_COMPOUND, GW_BODY_COMPOUND},
    {"EVENT", GW_LEXIS_COMPOUND, GW_BODY_COMPOUND},
    {"PACKAGE", GW_LEXIS_COMPOUND, GW_BODY_COMPOUND},
};

/* Blocks that may stand alone, outside stored programs. */
static const char *const blocks[] = {
    "BEGIN NOT ATOMIC", "IF", "CASE", "LOOP", "REPEAT", "WHILE", "FOR", NULL};
static const char *const oracle_blocks[] = {"BEGIN", "DECLARE", "< <", NULL};

/* DEFINER = user@host, in any of its spellings. */
static gboolean
take_definer(gw_words *words)
{
    if (!gw_words_take(words, "DEFINER ="))
    {
        return FALSE;
    }
    gw_words_step(words);
    gw_words_skip_parenthesis(words);
    if (words->token.kind == GW_TOKEN_PARAMETER)
    {
        gw_words_step(words);
    }
    else if (gw_words_take(words, "@"))
    {
        gw_words_step(words);
    }
    return TRUE;
}

static gw_body_kind
find_kind(gw_words *words, guint flags)
{
    (void)gw_words_take_any(words, (const char *const[]){"EXPLAIN QUERY PLAN", "EXPLAIN", NULL});
    if (!gw_words_take(words, "CREATE") && !gw_words_take(words, "ALTER"))
    {
        gboolean alone =
            gw_words_take_any(words, blocks) >= 0 ||
            ((flags & GW_LEXIS_ORACLE) != 0 && gw_words_take_any(words, oracle_blocks) >= 0);
        return alone && (flags & GW_LEXIS_COMPOUND) != 0 ? GW_BODY_COMPOUND : GW_BODY_NONE;
    }
    while (gw_words_take_any(words, prefixes) >= 0 || take_definer(words))
    {
    }
    for (gsize i = 0; i < G_N_ELEMENTS(things); i++)
    {
        if ((flags & (guint)things[i].flag) != 0 && gw_words_is(words, things[i].word))
        {
            return things[i].kind;
        }
    }
    return GW_BODY_NONE;
}

void
gw_body_init(gw_body *body, const gw_lexer *lexer, gsize start)
{
    const gw_lexis lexis = {lexer->flags};
    gw_words words;
    memset(body, 0, sizeof *body);
    gw_words_init(&words, &lexis, lexer->text + start, lexer->end - start);
    body->kind = find_kind(&words, lexer->flags);
    if (body->kind != GW_BODY_COMPOUND)
    {
        return;
    }
    body->routine = (lexer->flags & GW_LEXIS_ORACLE) != 0;
    if (gw_words_is(&words, "PACKAGE"))
    {
        gw_compound_open_package(body, start);
    }
}

/* Parentheses of a rule: its depth. */
static void
rule_step(gw_body *body, const gw_token *token)
{
    if (token->kind == GW_TOKEN_OPEN)
    {
        body->opened = body->depth == 0 ? token->offset : body->opened;
        body->depth++;
    }
    else if (token->kind == GW_TOKEN_CLOSE && body->depth > 0)
    {
        body->depth--;
    }
}

/* A body of plain statements, each with its semicolon: START is behind a semicolon or BEGIN. */
static void
plain_step(gw_body *body, const gw_lexer *lexer, const gw_token *token)
{
    gboolean start = body->place == GW_PLACE_START;
    gboolean begin = gw_token_is(lexer, token, "BEGIN");
    gboolean atomic = body->place == GW_PLACE_OPERAND && gw_token_is(lexer, token, "ATOMIC");
    body->place = token->kind == GW_TOKEN_SEMICOLON ? GW_PLACE_START : GW_PLACE_OTHER;
    if (body->depth > 0)
    {
        body->depth = start && gw_token_is(lexer, token, "END") ? 0 : 1;
    }
    else if (body->kind == GW_BODY_ATOMIC ? atomic : begin)
    {
        body->depth = 1;
        body->opened = token->offset;
        body->place = GW_PLACE_START;
    }
    else if (begin)
    {
        body->place = GW_PLACE_OPERAND;
    }
}

void
gw_body_step(gw_body *body, const gw_lexer *lexer, const gw_token *token)
{
    switch (body->kind)
    {
    case GW_BODY_NONE:
        break;
    case GW_BODY_RULE:
        rule_step(body, token);
        break;
    case GW_BODY_TRIGGER:
    case GW_BODY_ATOMIC:
        plain_step(body, lexer, token);
        break;
    case GW_BODY_COMPOUND:
        gw_compound_step(body, lexer, token);
        break;
    }
}
