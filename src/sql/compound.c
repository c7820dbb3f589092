#include "sql/compound.h"

#include "base/text.h"

/* What a word can be. Nothing of this is reserved for it alone: IF is a function too, END and BEGIN
 * are names of columns; the place decides (gw_body_place). */
typedef enum word_role
{
    PLAIN,
    BEGINS,   /* BEGIN: a block, where a statement begins; a statement follows */
    REPEATS,  /* LOOP, REPEAT: likewise */
    TESTS,    /* IF, WHILE: a block; a condition follows */
    COUNTS,   /* FOR: likewise, but not in the head of a program: FOR EACH ROW */
    CASES,    /* a block where a statement begins, else part of an expression */
    CLOSES,   /* END */
    LEADS,    /* THEN, ELSE, DO: a statement follows, or an operand in an expression */
    DECLARES, /* AS, IS: declarations follow in the head of a routine */
    HEADS,    /* FUNCTION, PROCEDURE: of a package */
    SECTION,  /* DECLARE: declarations of a block in Oracle's way */
    HANDLES,  /* HANDLER */
    WANTS,    /* an operand or a name follows */
} word_role;

static const struct
{
    const char *word;
    word_role role;
} roles[] = {
    {"BEGIN", BEGINS},
    {"LOOP", REPEATS},
    {"REPEAT", REPEATS},
    {"IF", TESTS},
    {"WHILE", TESTS},
    {"FOR", COUNTS},
    {"CASE", CASES},
    {"END", CLOSES},
    {"THEN", LEADS},
    {"ELSE", LEADS},
    {"DO", LEADS},
    {"ATOMIC", LEADS},
    {"AS", DECLARES},
    {"IS", DECLARES},
    {"FUNCTION", HEADS},
    {"PROCEDURE", HEADS},
    {"DECLARE", SECTION},
    {"HANDLER", HANDLES},
};

static const char *const wanting[] = {"ALL", "AND", "BETWEEN", "BINARY", "BODY", "BY", "COLUMN",
    "CONSTRAINT", "DATABASE", "DISTINCT", "DIV", "ELSEIF", "ESCAPE", "EVENT", "EXISTS", "FROM",
    "HAVING", "IN", "INDEX", "INTERVAL", "INTO", "JOIN", "KEY", "LIKE", "LIMIT", "MOD", "NOT", "ON",
    "OR", "PACKAGE", "PARTITION", "REGEXP", "RETURN", "RLIKE", "ROLE", "SCHEMA", "SELECT",
    "SEQUENCE", "SERVER", "SET", "TABLE", "TRIGGER", "UNTIL", "UPDATE", "USER", "USING", "VIEW",
    "WHEN", "WHERE", "XOR", NULL};

static word_role
find_role(const char *text, gsize length)
{
    for (gsize i = 0; i < G_N_ELEMENTS(roles); i++)
    {
        if (gw_text_is(text, length, roles[i].word))
        {
            return roles[i].role;
        }
    }
    for (gsize i = 0; wanting[i] != NULL; i++)
    {
        if (gw_text_is(text, length, wanting[i]))
        {
            return WANTS;
        }
    }
    return PLAIN;
}

/* The bit of the innermost block; 0 for blocks too deep to be told apart. */
static guint64
innermost(const gw_body *body)
{
    return body->depth > 0 && body->depth < 64 ? (guint64)1 << body->depth : 0;
}

static gboolean
in_expression(const gw_body *body)
{
    return (body->expressions & innermost(body)) != 0;
}

static gboolean
in_declarations(const gw_body *body)
{
    return (body->declarations & innermost(body)) != 0;
}

static void
push(gw_body *body, gsize offset, gboolean expression, gboolean declarations)
{
    body->opened = body->depth == 0 ? offset : body->opened;
    body->depth++;
    guint64 bit = innermost(body);
    body->expressions = expression ? body->expressions | bit : body->expressions & ~bit;
    body->declarations = declarations ? body->declarations | bit : body->declarations & ~bit;
    body->handler = FALSE;
    body->routine = FALSE;
}

void
gw_compound_open_package(gw_body *body, gsize offset)
{
    push(body, offset, FALSE, TRUE);
    body->place = GW_PLACE_OTHER;
}

/* Can a block begin here? In the head of a program, and behind the condition of a handler, the
 * body follows anything that is not waiting for an operand. */
static gboolean
block_fits(const gw_body *body, word_role role)
{
    gboolean head = body->depth == 0 || body->handler || body->routine;
    return body->place == GW_PLACE_START ||
           (head && role != COUNTS && body->place == GW_PLACE_OTHER);
}

/* Does the word behind the token repeat the block's name: END REPEAT? */
static gboolean
ends_repeat(const gw_lexer *lexer)
{
    gw_lexer ahead = *lexer;
    gw_token token;
    return gw_lexer_next_code(&ahead, &token) && gw_token_is(&ahead, &token, "REPEAT");
}

static void
step_block(gw_body *body, word_role role, const gw_lexer *lexer, const gw_token *token)
{
    gboolean opens = block_fits(body, role);
    if (opens && role == BEGINS && in_declarations(body) && !body->routine)
    {
        body->declarations &= ~innermost(body);
    }
    else if (opens)
    {
        push(body, token->offset, FALSE, FALSE);
    }
    gboolean follows = opens || gw_token_is(lexer, token, "LOOP"); /* FOR … LOOP opened already */
    gw_body_place inside = role == TESTS || role == COUNTS ? GW_PLACE_OPERAND : GW_PLACE_START;
    body->place = follows ? inside : GW_PLACE_OTHER;
}

static void
step_case(gw_body *body, gsize offset)
{
    push(body, offset, body->place != GW_PLACE_START, FALSE);
    body->place = GW_PLACE_OPERAND;
}

static void
step_end(gw_body *body, const gw_lexer *lexer)
{
    gboolean expression = in_expression(body);
    gboolean closes = expression ? body->place == GW_PLACE_OTHER
                                 : body->place == GW_PLACE_START || ends_repeat(lexer);
    if (body->depth == 0 || !closes)
    {
        body->place = GW_PLACE_OTHER;
        return;
    }
    body->depth--;
    body->place = expression ? GW_PLACE_OTHER : GW_PLACE_END;
}

/* AS or IS behind the head of a routine, DECLARE in Oracle's way. */
static void
step_declarations(gw_body *body, gboolean opens, gsize offset)
{
    gboolean package = in_declarations(body);
    if (opens)
    {
        push(body, offset, FALSE, TRUE);
    }
    body->place = opens || package ? GW_PLACE_START : GW_PLACE_OPERAND;
}

static void
step_word(gw_body *body, const gw_lexer *lexer, const gw_token *token)
{
    word_role role = find_role(lexer->text + token->offset, token->length);
    gboolean oracle = (lexer->flags & GW_LEXIS_ORACLE) != 0;
    if (body->place == GW_PLACE_END || body->place == GW_PLACE_PART)
    {
        body->place = GW_PLACE_OTHER; /* END IF, t.end: no more than that */
        return;
    }
    switch (role)
    {
    case BEGINS:
    case REPEATS:
    case TESTS:
    case COUNTS:
        step_block(body, role, lexer, token);
        break;
    case CASES:
        step_case(body, token->offset);
        break;
    case CLOSES:
        step_end(body, lexer);
        break;
    case LEADS:
        body->place = in_expression(body) ? GW_PLACE_OPERAND : GW_PLACE_START;
        break;
    case DECLARES:
        step_declarations(body, body->routine, token->offset);
        break;
    case SECTION:
        step_declarations(body, oracle && body->place != GW_PLACE_OPERAND, token->offset);
        break;
    case HEADS:
        body->routine = body->routine || in_declarations(body);
        body->place = GW_PLACE_OPERAND;
        break;
    case HANDLES:
        body->handler = body->depth > 0;
        body->place = GW_PLACE_OTHER;
        break;
    case WANTS:
    case PLAIN:
        body->place = role == WANTS ? GW_PLACE_OPERAND : GW_PLACE_OTHER;
        break;
    }
}

/* A colon behind a label, or the second > of <<label>>. */
static gboolean
ends_label(const gw_lexer *lexer, const gw_token *token)
{
    const char *text = lexer->text + token->offset;
    gboolean oracle = (lexer->flags & GW_LEXIS_ORACLE) != 0;
    return token->length == 1 && (text[0] == ':' || (oracle && text[0] == '>' && text[-1] == '>'));
}

void
gw_compound_step(gw_body *body, const gw_lexer *lexer, const gw_token *token)
{
    switch (token->kind)
    {
    case GW_TOKEN_WORD:
        step_word(body, lexer, token);
        break;
    case GW_TOKEN_SEMICOLON:
        body->place = GW_PLACE_START;
        body->handler = FALSE;
        body->routine = FALSE;
        break;
    case GW_TOKEN_PARAMETER: /* label:LOOP */
        if (lexer->text[token->offset] == ':' && body->place != GW_PLACE_OPERAND)
        {
            gw_token word = {GW_TOKEN_WORD, token->offset + 1, token->length - 1};
            body->place = GW_PLACE_START;
            step_word(body, lexer, &word);
            break;
        }
        body->place = GW_PLACE_OTHER;
        break;
    case GW_TOKEN_OPERATOR:
        body->place = ends_label(lexer, token) ? GW_PLACE_START : GW_PLACE_OPERAND;
        break;
    case GW_TOKEN_OPEN:
    case GW_TOKEN_COMMA:
        body->place = GW_PLACE_OPERAND;
        break;
    case GW_TOKEN_DOT:
        body->place = GW_PLACE_PART;
        break;
    case GW_TOKEN_SPACE:
    case GW_TOKEN_COMMENT:
    case GW_TOKEN_CODE_OPEN:
    case GW_TOKEN_CODE_CLOSE:
        break;
    default:
        body->place = GW_PLACE_OTHER;
        break;
    }
}
