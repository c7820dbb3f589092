/* Scripts: the text, and the ledger's statements in it. */
#include "jobs/sql_script.h"

#include "sql/splitter.h"

void
gw_sql_script_clear(gw_sql_script *script)
{
    for (guint i = 0; i < GW_SLOT_COUNT; i++)
    {
        g_clear_pointer(&script->slots[i], g_free);
    }
    g_clear_pointer(&script->run, g_free);
    if (script->text != NULL)
    {
        g_string_free(g_steal_pointer(&script->text), TRUE);
    }
}

static char *
quoted(const gw_sql_script *script, const char *text)
{
    GString *out = g_string_new(NULL);
    script->dialect->quote_text(out, text);
    return g_string_free(out, FALSE);
}

void
gw_sql_script_say_sql(gw_sql_script *script, gw_slot slot, char *expression)
{
    g_free(script->slots[slot]);
    script->slots[slot] = expression;
}

void
gw_sql_script_say_text(gw_sql_script *script, gw_slot slot, const char *text)
{
    gw_sql_script_say_sql(script, slot, text == NULL ? NULL : quoted(script, text));
}

void
gw_sql_script_say(gw_sql_script *script, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *line = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    /* What ends a comment must not be in it. */
    g_strdelimit(line, "\n\r\f\v", ' ');
    g_string_append_printf(script->text, "--%s%s\n", line[0] == '\0' ? "" : " ", line);
}

void
gw_sql_script_put(gw_sql_script *script, const char *statement)
{
    g_string_append_printf(script->text, "%s;\n", statement);
}

static const char *const *
slots_of(const gw_sql_script *script)
{
    return (const char *const *)script->slots;
}

void
gw_sql_script_ledger(gw_sql_script *script, gw_ledger_statement statement)
{
    g_autofree char *text = gw_ledger_sql_text(
        statement, script->dialect, script->home, script->place, slots_of(script));
    gw_sql_script_put(script, text);
}

char *
gw_sql_script_ask(const gw_sql_script *script, gw_ledger_statement statement)
{
    g_autofree char *text = gw_ledger_sql_text(
        statement, script->dialect, script->home, script->place, slots_of(script));
    return g_strdup_printf("(%s)", text);
}

char *
gw_sql_script_now(const gw_sql_script *script)
{
    return gw_sql_script_ask(script, GW_LEDGER_NOW);
}

void
gw_sql_script_guard(gw_sql_script *script, const char *condition, const char *what)
{
    gw_sql_script_say_text(script, GW_SLOT_NAME, what);
    gw_sql_script_say_sql(
        script, GW_SLOT_VALUE, g_strdup_printf("CASE WHEN %s THEN 'yes' END", condition));
    gw_sql_script_ledger(script, GW_LEDGER_GUARD);
    gw_sql_script_ledger(script, GW_LEDGER_END_GUARD);
}

void
gw_sql_script_event(gw_sql_script *script, const char *type, const char *note)
{
    g_autofree char *count = gw_sql_script_ask(script, GW_LEDGER_EVENT_COUNT);
    gw_sql_script_say_sql(script, GW_SLOT_NUMBER, g_strdup_printf("%s + 1", count));
    gw_sql_script_say_text(script, GW_SLOT_TYPE, type);
    gw_sql_script_say_text(script, GW_SLOT_NOTE, note == NULL ? "" : note);
    gw_sql_script_say_text(script, GW_SLOT_HASH, "");
    gw_sql_script_ledger(script, GW_LEDGER_ADD_EVENT);
    if (script->words->sha256 != NULL)
    {
        gw_sql_script_ledger(script, GW_LEDGER_SEAL_EVENT);
    }
}

/* --- the user's statements --- */

/* A delimiter that is nowhere in the text. */
static char *
delimiter_for(const char *text)
{
    for (guint i = 0;; i++)
    {
        char *word = i == 0 ? g_strdup("//") : g_strdup_printf("//%u", i);
        if (strstr(text, word) == NULL)
        {
            return word;
        }
        g_free(word);
    }
}

/* Could the last line end in a comment, which would swallow a semicolon? */
static gboolean
ends_in_comment(const char *text)
{
    const char *line = strrchr(text, '\n');
    line = line == NULL ? text : line;
    return strstr(line, "--") != NULL || strchr(line, '#') != NULL;
}

static void
put_user(gw_sql_script *script, const char *statement)
{
    gboolean wrap =
        (script->dialect->lexis.flags & GW_LEXIS_DELIMITER) != 0 && strchr(statement, ';') != NULL;
    const char *end = ends_in_comment(statement) ? "\n" : "";
    if (!wrap)
    {
        g_string_append_printf(script->text, "%s%s;\n", statement, end);
        return;
    }
    g_autofree char *delimiter = delimiter_for(statement);
    g_string_append_printf(
        script->text, "DELIMITER %s\n%s\n%s\nDELIMITER ;\n", delimiter, statement, delimiter);
}

static void
put_data(gw_sql_script *script, const char *data, gsize length)
{
    g_string_append_len(script->text, data, (gssize)length);
    if (length > 0 && data[length - 1] != '\n')
    {
        g_string_append_c(script->text, '\n');
    }
    g_string_append(script->text, "\\.\n");
}

gboolean
gw_sql_script_step(gw_sql_script *script, const gw_step *step, GError **error)
{
    gw_splitter splitter;
    gw_statement statement;
    gboolean more = TRUE;
    const char *text = gw_source_text(step->source);
    gw_splitter_init(&splitter, &script->dialect->lexis, step->source, step->offset, step->length);
    while (gw_splitter_next(&splitter, &statement, &more, error))
    {
        if (!more)
        {
            return TRUE;
        }
        g_autofree char *one = g_strndup(text + statement.offset, statement.length);
        put_user(script, one);
        if (statement.has_data)
        {
            put_data(script, text + statement.data_offset, statement.data_length);
        }
    }
    return FALSE;
}
