#include "sql/lexer.h"

#include "sql-cases.h"

static const char *const kinds[] = {
    [GW_TOKEN_END] = "end",
    [GW_TOKEN_SPACE] = "space",
    [GW_TOKEN_COMMENT] = "comment",
    [GW_TOKEN_WORD] = "word",
    [GW_TOKEN_QUOTED_NAME] = "name",
    [GW_TOKEN_STRING] = "string",
    [GW_TOKEN_NUMBER] = "number",
    [GW_TOKEN_PARAMETER] = "parameter",
    [GW_TOKEN_OPERATOR] = "operator",
    [GW_TOKEN_OPEN] = "open",
    [GW_TOKEN_CLOSE] = "close",
    [GW_TOKEN_COMMA] = "comma",
    [GW_TOKEN_DOT] = "dot",
    [GW_TOKEN_SEMICOLON] = "semicolon",
    [GW_TOKEN_CODE_OPEN] = "code",
    [GW_TOKEN_CODE_CLOSE] = "end of code",
};

/* The tokens of `text` but for space, as kind<text>. */
static char *
tokens(const gw_lexis *lexis, const char *text)
{
    GString *out = g_string_new(NULL);
    gw_lexer lexer;
    gw_token token;
    gsize last = 0;
    gw_lexer_init(&lexer, lexis, text, 0, strlen(text));
    while (TRUE)
    {
        if (!gw_lexer_next(&lexer, &token))
        {
            g_string_append_printf(out, "!%s at %zu", lexer.unclosed, lexer.unclosed_at);
            break;
        }
        g_assert_cmpuint(token.offset, ==, last);
        last = token.offset + token.length;
        if (token.kind == GW_TOKEN_END)
        {
            g_assert_cmpuint(last, ==, strlen(text));
            break;
        }
        if (token.kind != GW_TOKEN_SPACE)
        {
            g_string_append_printf(
                out, "%s<%.*s> ", kinds[token.kind], (int)token.length, text + token.offset);
        }
    }
    return g_strchomp(g_string_free(out, FALSE));
}

typedef struct sample
{
    const gw_lexis *lexis;
    const char *text;
    const char *tokens;
} sample;

static void
check(const sample *samples, gsize count)
{
    for (gsize i = 0; i < count; i++)
    {
        g_autofree char *got = tokens(samples[i].lexis, samples[i].text);
        g_assert_cmpstr(got, ==, samples[i].tokens);
    }
}

static void
test_numbers(void)
{
    static const sample samples[] = {
        {&case_postgres, "1 1.5 .5 1. 1e5 1.5e-3 0x1F 1_000",
            "number<1> number<1.5> number<.5> number<1.> number<1e5> number<1.5e-3> number<0x1F> "
            "number<1_000>"},
        {&case_mariadb, "1st t.1a 1..3 -1",
            "word<1st> word<t> dot<.> word<1a> number<1> dot<.> number<.3> operator<-> number<1>"},
        {&case_postgres, "1e 1e+", "word<1e> word<1e> operator<+>"},
        {&case_sqlite, "a.b.*", "word<a> dot<.> word<b> dot<.> operator<*>"},
    };
    check(samples, G_N_ELEMENTS(samples));
}

static void
test_operators(void)
{
    static const sample samples[] = {
        {&case_postgres, "a::b := <= >= <> != || c|d",
            "word<a> operator<::> word<b> operator<:=> operator<<=> operator<>=> operator<<>> "
            "operator<!=> operator<||> word<c> operator<|> word<d>"},
        {&case_postgres, "a->>'b'", "word<a> operator<-> operator<>> operator<>> string<'b'>"},
        {&case_postgres, "@-1 ?& b @x #y `[",
            "operator<@> operator<-> number<1> operator<?> operator<&> word<b> operator<@> word<x> "
            "operator<#> word<y> operator<`> operator<[>"},
        {&case_postgres, "\x01 {\\", "operator<\x01> operator<{> operator<\\>"},
    };
    check(samples, G_N_ELEMENTS(samples));
}

static void
test_parameters(void)
{
    static const sample samples[] = {
        {&case_postgres, "$1 $12a :chunk ::int",
            "parameter<$1> parameter<$12> word<a> parameter<:chunk> operator<::> word<int>"},
        {&case_mariadb, "@a @@b @'c' @ ? $d",
            "parameter<@a> parameter<@@b> operator<@> string<'c'> operator<@> parameter<?> "
            "word<$d>"},
        {&case_sqlite, "?1 :a(o)", "parameter<?1> parameter<:a> open<(> word<o> close<)>"},
    };
    check(samples, G_N_ELEMENTS(samples));
}

static void
test_strings(void)
{
    static const sample samples[] = {
        {&case_postgres, "'a''b' E'c\\'d' U&'e' b'1' N'f' e 'g'",
            "string<'a''b'> string<E'c\\'d'> string<U&'e'> string<b'1'> string<N'f'> word<e> "
            "string<'g'>"},
        {&case_postgres, "'a\\' $$b$$ $c$ $$ $c$ U&\"d\" u & 'x'",
            "string<'a\\'> string<$$b$$> string<$c$ $$ $c$> name<U&\"d\"> word<u> operator<&> "
            "string<'x'>"},
        {&case_mariadb, "'a\\'b' \"c\\\"d\" `e``f`",
            "string<'a\\'b'> string<\"c\\\"d\"> name<`e``f`>"},
        {&case_sqlite, "[a'b] `c` \"d\"\"e\" e'\\'",
            "name<[a'b]> name<`c`> name<\"d\"\"e\"> word<e> string<'\\'>"},
        {&case_postgres, "''''", "string<''''>"},
        {&case_postgres, "E'a'\n\t'b\\'' 'c'", "string<E'a'\n\t'b\\''> string<'c'>"},
    };
    check(samples, G_N_ELEMENTS(samples));
}

static void
test_comments(void)
{
    static const sample samples[] = {
        {&case_postgres, "a -- b\nc /* d /* e */ f */ g",
            "word<a> comment<-- b> word<c> comment</* d /* e */ f */> word<g>"},
        {&case_sqlite, "a /* b /* c */ d #e",
            "word<a> comment</* b /* c */> word<d> operator<#> word<e>"},
        {&case_mariadb, "a --b # c\n-- d\n--\n/* e */--",
            "word<a> operator<-> operator<-> word<b> comment<# c> comment<-- d> comment<--> "
            "comment</* e */> comment<-->"},
        {&case_sqlite, "/*/ */ a /**/ b", "comment</*/ */> word<a> comment</**/> word<b>"},
    };
    check(samples, G_N_ELEMENTS(samples));
}

static void
test_conditional(void)
{
    static const sample samples[] = {
        {&case_mariadb, "/*!50003 a */ b", "code</*!50003> word<a> end of code<*/> word<b>"},
        {&case_mariadb, "/*M!100100 a /* b */ c*/",
            "code</*M!100100> word<a> comment</* b */> word<c> end of code<*/>"},
        {&case_mariadb, "/*! 1*/ /*!5 */ 2 */",
            "code</*!> number<1> end of code<*/> code</*!> number<5> end of code<*/> number<2> "
            "operator<*> operator</>"},
        {&case_mariadb, "/*M!999999\\- enable the sandbox mode */a",
            "comment</*M!999999\\- enable the sandbox mode */> word<a>"},
        {&case_mariadb, "/*!40000 a", "code</*!40000> word<a> !conditional comment at 0"},
        {&case_postgres, "/*!50003 a */", "comment</*!50003 a */>"},
    };
    check(samples, G_N_ELEMENTS(samples));
}

static void
test_unclosed(void)
{
    static const sample samples[] = {
        {&case_postgres, "a 'b", "word<a> !string at 2"},
        {&case_postgres, "a E'b\\", "word<a> !string at 2"},
        {&case_postgres, "a \"b", "word<a> !quoted name at 2"},
        {&case_sqlite, "a [b", "word<a> !quoted name at 2"},
        {&case_mariadb, "a `b", "word<a> !quoted name at 2"},
        {&case_postgres, "a /* /* */", "word<a> !comment at 2"},
        {&case_sqlite, "a /*/", "word<a> !comment at 2"},
        {&case_postgres, "a $b$ $$", "word<a> !dollar-quoted string at 2"},
        {&case_postgres, "'", "!string at 0"},
        {&case_mariadb, "'\\'", "!string at 0"},
    };
    check(samples, G_N_ELEMENTS(samples));
}

static void
test_all_bytes(void)
{
    for (guint first = 1; first < 256; first++)
    {
        for (guint second = 1; second < 256; second++)
        {
            const char text[] = {(char)first, (char)second, '\0'};
            g_autofree char *postgres = tokens(&case_postgres, text);
            g_autofree char *mariadb = tokens(&case_mariadb, text);
            g_autofree char *sqlite = tokens(&case_sqlite, text);
            g_assert_true(postgres != NULL && mariadb != NULL && sqlite != NULL);
        }
    }
}

static void
assert_name(const gw_lexis *lexis, const char *text, gboolean fold, const char *name)
{
    gw_lexer lexer;
    gw_token token;
    gw_lexer_init(&lexer, lexis, text, 0, strlen(text));
    g_assert_true(gw_lexer_next(&lexer, &token));
    g_autofree char *got = gw_token_name(&lexer, &token, fold);
    g_assert_cmpstr(got, ==, name);
}

static void
test_names(void)
{
    assert_name(&case_postgres, "Users", TRUE, "users");
    assert_name(&case_postgres, "Users", FALSE, "Users");
    assert_name(&case_postgres, "\"Us\"\"ers\"", TRUE, "Us\"ers");
    assert_name(&case_postgres, "U&\"Users\"", TRUE, "Users");
    assert_name(&case_mariadb, "`a``b\"`", FALSE, "a`b\"");
    assert_name(&case_sqlite, "[a[b]", TRUE, "a[b");
    assert_name(&case_sqlite, "\"\"", TRUE, "");
    assert_name(&case_postgres, "\"\"\"\"", TRUE, "\"");
}

static void
test_words(void)
{
    gw_lexer lexer;
    gw_token token;
    gw_lexer_init(&lexer, &case_postgres, "Select \"select\"", 0, 15);
    g_assert_true(gw_lexer_next(&lexer, &token));
    g_assert_true(gw_token_is(&lexer, &token, "SELECT"));
    g_assert_false(gw_token_is(&lexer, &token, "SELECTS"));
    g_assert_false(gw_token_is(&lexer, &token, "SELEC"));
    g_assert_true(gw_lexer_next_code(&lexer, &token));
    g_assert_false(gw_token_is(&lexer, &token, "select"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lexer/numbers of all dialects are numbers", test_numbers);
    g_test_add_func(
        "/lexer/operators are of one character or of two that are known", test_operators);
    g_test_add_func("/lexer/parameters are told from operators", test_parameters);
    g_test_add_func("/lexer/strings and quoted names end where they end", test_strings);
    g_test_add_func("/lexer/comments are those of the dialect", test_comments);
    g_test_add_func("/lexer/the text in a conditional comment is code", test_conditional);
    g_test_add_func("/lexer/what is not closed is said with its place", test_unclosed);
    g_test_add_func("/lexer/any bytes are tokens without gaps", test_all_bytes);
    g_test_add_func("/lexer/names lose their quotes", test_names);
    g_test_add_func("/lexer/a word is compared without its case", test_words);
    return g_test_run();
}
