/* Scripts: the text, and the ledger's statements in it. */
#include "jobs/sql_script.h"

#include "sql/splitter.h"

#define NUMBER_MARK "\"@@number@@\""
#define AT_MARK     "@@at@@"
#define HASH_MARK   "@@hash@@"
#define BODY_MARK   "@@body@@"

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

/* --- events --- */

static void
member(JsonBuilder *builder, const char *name, const char *text)
{
    if (text != NULL)
    {
        gw_json_text(builder, name, text);
    }
}

/* The body of an event; `number` 0: marks stand where the database puts number and moment. */
static char *
event_body(const gw_sql_script *script, gint64 number, const char *type, const char *version,
    const char *text)
{
    const gw_job *job = script->job;
    g_autofree char *at = number == 0 ? g_strdup(AT_MARK) : gw_ledger_now(job->ledger);
    g_autofree char *origin =
        g_strdup_printf("%s%sby a script that %s on %s wrote", text == NULL ? "" : text,
            text == NULL ? "" : ", ", job->identity.actor, job->identity.host);
    g_autoptr(JsonBuilder) builder = json_builder_new_immutable();
    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "number");
    if (number == 0)
    {
        json_builder_add_string_value(builder, "@@number@@");
    }
    else
    {
        json_builder_add_int_value(builder, number);
    }
    member(builder, "at", at);
    member(builder, "type", type);
    member(builder, "version", version);
    member(builder, "text", origin);
    member(builder, "run", script->run);
    member(builder, "commit", job->identity.git_commit);
    member(builder, "program", job->identity.program);
    json_builder_end_object(builder);
    g_autoptr(JsonNode) root = json_builder_get_root(builder);
    return json_to_string(root, FALSE);
}

/* The database numbers the event and computes its hash. */
static void
event_computed(gw_sql_script *script, const char *type, const char *version, const char *text)
{
    g_autofree char *body = event_body(script, 0, type, version, text);
    g_autofree char *literal = quoted(script, body);
    g_autofree char *mark = quoted(script, NUMBER_MARK);
    g_autofree char *pattern = quoted(script, HASH_MARK "\n" BODY_MARK);
    g_autofree char *count = gw_sql_script_ask(script, GW_LEDGER_EVENT_COUNT);
    g_autofree char *before = gw_sql_script_ask(script, GW_LEDGER_LAST_HASH);
    g_autofree char *at = gw_sql_script_ask(script, GW_LEDGER_RUN_STARTED);
    char *number = g_strdup_printf("%s + 1", count);
    char *filled =
        g_strdup_printf("REPLACE(REPLACE(%s, %s, CAST(%s AS CHAR(20))), '" AT_MARK "', %s)",
            literal, mark, number, at);
    g_autofree char *chained = g_strdup_printf("REPLACE(REPLACE(%s, '" HASH_MARK
                                               "', COALESCE(%s, '%s')), '" BODY_MARK "', %s)",
        pattern, before, gw_audit_nothing(), filled);
    GString *hash = g_string_new(script->words->sha256);
    g_string_replace(hash, "%s", chained, 1);
    gw_sql_script_say_sql(script, GW_SLOT_NUMBER, number);
    gw_sql_script_say_sql(script, GW_SLOT_HASH, g_string_free(hash, FALSE));
    gw_sql_script_say_sql(script, GW_SLOT_BODY, filled);
    gw_sql_script_ledger(script, GW_LEDGER_ADD_EVENT);
}

/* We do, from where the chain ended when the script was made: it fails when the chain went on. */
static void
event_known(gw_sql_script *script, const char *type, const char *version, const char *text)
{
    gw_audit *chain = &script->chain;
    chain->number++;
    g_autofree char *body = event_body(script, chain->number, type, version, text);
    g_autofree char *hash = gw_audit_hash(chain->hash, body);
    g_strlcpy(chain->hash, hash, sizeof chain->hash);
    gw_sql_script_say_sql(
        script, GW_SLOT_NUMBER, g_strdup_printf("%" G_GINT64_FORMAT, chain->number));
    gw_sql_script_say_text(script, GW_SLOT_HASH, hash);
    gw_sql_script_say_text(script, GW_SLOT_BODY, body);
    gw_sql_script_ledger(script, GW_LEDGER_ADD_EVENT);
}

void
gw_sql_script_event(gw_sql_script *script, const char *type, const char *version, const char *text)
{
    if (script->words->sha256 != NULL)
    {
        event_computed(script, type, version, text);
    }
    else if (script->job->ledger != NULL)
    {
        event_known(script, type, version, text);
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
