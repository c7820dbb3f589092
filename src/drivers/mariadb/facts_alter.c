/* The facts of ALTER and RENAME. */
#include "drivers/mariadb/facts_action.h"

#define SCHEMA     GW_KIND_SCHEMA
#define COMMITS    GW_TRANSACTION_COMMITS
#define DEFINITION GW_PROBE_DEFINITION
#define REPEAT     GW_PROBE_REPEAT

#define SWAP_NOTE                                                                                  \
    "the names only change places: whether it ran cannot be told when the tables are alike"
#define SERVER_NOTE "changes the server, not only this database"

static void alter_object(gw_mariadb_reader *reader);

static const gw_mariadb_rule alters[] = {
    {"TABLE", "ALTER TABLE", SCHEMA, COMMITS, DEFINITION, GW_OBJECT_TABLE, 0,
        gw_mariadb_read_alter_table, NULL},
    {"VIEW", "ALTER VIEW", SCHEMA, COMMITS, DEFINITION, GW_OBJECT_VIEW, GW_DESTROYS_OBJECT,
        alter_object, NULL},
    {"FUNCTION", "ALTER FUNCTION", SCHEMA, COMMITS, DEFINITION, GW_OBJECT_ROUTINE, 0, alter_object,
        NULL},
    {"PROCEDURE", "ALTER PROCEDURE", SCHEMA, COMMITS, DEFINITION, GW_OBJECT_PROCEDURE, 0,
        alter_object, NULL},
    {"EVENT", "ALTER EVENT", SCHEMA, COMMITS, DEFINITION, GW_OBJECT_EVENT, 0, alter_object, NULL},
    {"SEQUENCE", "ALTER SEQUENCE", SCHEMA, COMMITS, REPEAT, GW_OBJECT_SEQUENCE, 0, alter_object,
        NULL},
    {"DATABASE", "ALTER DATABASE", SCHEMA, COMMITS, REPEAT, GW_OBJECT_SCHEMA, 0, NULL, NULL},
    {"SCHEMA", "ALTER DATABASE", SCHEMA, COMMITS, REPEAT, GW_OBJECT_SCHEMA, 0, NULL, NULL},
    {"USER", "ALTER USER", SCHEMA, COMMITS, REPEAT, GW_OBJECT_ROLE, 0, NULL, NULL},
    {"SERVER", "ALTER SERVER", SCHEMA, COMMITS, REPEAT, GW_OBJECT_OTHER, 0, NULL, NULL},
    {"INSTANCE", "ALTER INSTANCE", GW_KIND_SERVICE, COMMITS, REPEAT, GW_OBJECT_NONE, 0, NULL,
        SERVER_NOTE},
};

/* How many words may stand between ALTER and what is altered. */
#define FILL_MOST 24

void
gw_mariadb_read_alter(gw_mariadb_reader *reader)
{
    gw_words *words = &reader->words;
    for (int i = 0; i < FILL_MOST && !gw_words_end(words); i++)
    {
        if (gw_words_is(words, "ONLINE")) /* the same as LOCK=NONE */
        {
            reader->lenient = TRUE;
        }
        if (gw_mariadb_match(reader, alters, G_N_ELEMENTS(alters)))
        {
            return;
        }
        gw_words_step(words);
    }
    gw_mariadb_read_unknown(reader);
}

/* All but a renaming may run twice. */
static void
alter_object(gw_mariadb_reader *reader)
{
    g_autofree char *schema = NULL;
    g_autofree char *name = NULL;
    reader->lenient = FALSE;
    gw_words_take(&reader->words, "IF EXISTS");
    if (!gw_mariadb_take_object(reader, &schema, &name))
    {
        return;
    }
    gw_facts *facts = reader->facts;
    gboolean event = reader->rule->object == GW_OBJECT_EVENT;
    if (event && gw_words_find(&reader->words, "RENAME", FALSE))
    {
        facts->probe.kind = GW_PROBE_VANISHES;
        return;
    }
    facts->repeatable = TRUE;
    if (reader->rule->object == GW_OBJECT_VIEW)
    {
        gw_facts_add_relation(facts, schema, name, GW_BLOCKS_ALL, GW_SPAN_MOMENT, "exclusive");
    }
}

/* ---- ALTER TABLE ---- */

/* Is there an effect that undoes this one (DROP c, ADD c)? Then the name tells nothing. */
static gboolean
is_undone(const gw_mariadb_alter *alter, const gw_mariadb_effect *effect)
{
    for (guint i = 0; i < alter->effect_count; i++)
    {
        const gw_mariadb_effect *other = &alter->effects[i];
        if (other->kind != effect->kind && other->object == effect->object &&
            g_ascii_strcasecmp(other->name, effect->name) == 0)
        {
            return TRUE;
        }
    }
    return FALSE;
}

/* The first effect that tells; a new name of the table before all, under which the others are. */
static const gw_mariadb_effect *
find_effect(const gw_mariadb_alter *alter)
{
    const gw_mariadb_effect *found = NULL;
    for (guint i = 0; i < alter->effect_count; i++)
    {
        const gw_mariadb_effect *effect = &alter->effects[i];
        gboolean renames = effect->object == GW_OBJECT_TABLE;
        if (!is_undone(alter, effect) && (found == NULL || renames))
        {
            found = effect;
        }
    }
    return found;
}

/* All actions take effect together or not at all, so that one visible effect tells of all. */
static void
choose_probe(const gw_mariadb_alter *alter)
{
    gw_facts *facts = alter->facts;
    const gw_mariadb_effect *effect = find_effect(alter);
    facts->repeatable = alter->repeatable == alter->count && alter->hidden == 0;
    if (effect != NULL)
    {
        gboolean table = effect->object == GW_OBJECT_TABLE;
        gboolean moves = table && alter->new_schema != NULL;
        gw_facts_set_probe(facts, effect->kind, effect->object,
            moves ? alter->new_schema : alter->schema, effect->name, table ? NULL : alter->table);
    }
    else if (alter->hidden == alter->count)
    {
        gw_facts_set_probe(
            facts, GW_PROBE_IMPOSSIBLE, GW_OBJECT_TABLE, alter->schema, alter->table, NULL);
    }
    else if (facts->repeatable && alter->silent == alter->count)
    {
        gw_mariadb_repeats(facts);
    }
    else
    {
        gw_facts_set_probe(
            facts, GW_PROBE_DEFINITION, GW_OBJECT_TABLE, alter->schema, alter->table, NULL);
    }
}

/* WAIT n or NOWAIT behind the table's name. */
static void
skip_wait(gw_words *words)
{
    if (gw_words_take(words, "WAIT"))
    {
        gw_words_step(words);
    }
    gw_words_take(words, "NOWAIT");
}

/* Actions, options and clauses, up to the end; commas between options are optional. */
static void
read_actions(gw_mariadb_alter *alter)
{
    gw_words clause = *alter->words;
    gw_mariadb_cost ignored = {.least = 0};
    while (!gw_words_end(alter->words))
    {
        clause = *alter->words;
        if (gw_mariadb_take_clause(alter->words, &ignored) || gw_mariadb_read_action(alter))
        {
            continue;
        }
        if (clause.token.kind == GW_TOKEN_OPEN)
        {
            gw_words_skip_parenthesis(alter->words);
            continue;
        }
        gw_words_step(alter->words);
    }
}

/* The clauses are believed, wherever they stand. */
static void
read_clauses(gw_words words, gw_mariadb_cost *cost)
{
    guint depth = words.depth;
    while (!gw_words_end(&words))
    {
        if (words.depth != depth || !gw_mariadb_take_clause(&words, cost))
        {
            gw_words_step(&words);
        }
    }
}

static void
finish(gw_mariadb_alter *alter, gboolean online)
{
    static const gw_mariadb_cost copy = GW_COST_COPY;
    static const gw_mariadb_cost any = GW_COST_ANY;
    if (alter->drops_key && !alter->adds_key)
    {
        gw_mariadb_cost_add(&alter->cost, &copy);
    }
    if (alter->adds_column && (alter->facts->destroys & GW_DESTROYS_COLUMN) != 0)
    {
        gw_mariadb_cost_add(&alter->cost, &any);
    }
    if (online)
    {
        gw_mariadb_cost_share(&alter->cost, GW_MARIADB_NONE);
    }
}

void
gw_mariadb_read_alter_table(gw_mariadb_reader *reader)
{
    gboolean online = reader->lenient;
    gw_mariadb_alter alter = {.reader = reader, .words = &reader->words, .facts = reader->facts};
    reader->lenient = FALSE;
    gw_words_take(&reader->words, "IF EXISTS");
    if (!gw_mariadb_take_object(reader, &alter.schema, &alter.table))
    {
        gw_mariadb_read_unknown(reader);
        return;
    }
    skip_wait(&reader->words);
    gw_words body = reader->words;
    gw_mariadb_read_engine(reader);
    read_actions(&alter);
    finish(&alter, online);
    read_clauses(body, &alter.cost);
    gw_mariadb_cost_state(&alter.cost, alter.facts, alter.schema, alter.table);
    choose_probe(&alter);
    for (guint i = 0; i < alter.effect_count; i++)
    {
        g_free(alter.effects[i].name);
    }
    g_free(alter.schema);
    g_free(alter.new_schema);
    g_free(alter.table);
}

/* ---- RENAME TABLE ---- */

/* Does `names` hold `name`? */
static gboolean
has_name(const GPtrArray *names, const char *name)
{
    for (guint i = 0; i < names->len; i++)
    {
        if (strcmp(g_ptr_array_index(names, i), name) == 0)
        {
            return TRUE;
        }
    }
    return FALSE;
}

/* A new name that none of the tables had before tells that it ran. */
static void
probe_rename(gw_facts *facts, const char *schema, const GPtrArray *old, const GPtrArray *new)
{
    for (guint i = 0; i < new->len; i++)
    {
        const char *name = g_ptr_array_index(new, i);
        if (!has_name(old, name))
        {
            gw_facts_set_probe(facts, GW_PROBE_APPEARS, GW_OBJECT_TABLE, schema, name, NULL);
            return;
        }
    }
    gw_facts_set_probe(facts, GW_PROBE_IMPOSSIBLE, GW_OBJECT_TABLE, NULL, NULL, NULL);
    facts->note = SWAP_NOTE;
}

void
gw_mariadb_read_rename_table(gw_mariadb_reader *reader)
{
    static const char *const fill[] = {"TABLES", "TABLE", NULL};
    gw_words *words = &reader->words;
    g_autoptr(GPtrArray) old = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) new = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *home = NULL; /* where the last one goes */
    gw_words_take_any(words, fill);
    gboolean lenient = gw_words_take(words, "IF EXISTS");
    do
    {
        g_autofree char *schema = NULL;
        char *from = NULL;
        char *to = NULL;
        if (!gw_words_take_name(words, FALSE, &schema, &from))
        {
            break;
        }
        g_ptr_array_add(old, from);
        skip_wait(words);
        gw_facts_add_relation(
            reader->facts, schema, from, GW_BLOCKS_ALL, GW_SPAN_MOMENT, "exclusive");
        g_clear_pointer(&home, g_free);
        if (gw_words_take(words, "TO") && gw_words_take_name(words, FALSE, &home, &to))
        {
            g_ptr_array_add(new, to);
        }
    } while (gw_words_take(words, ","));
    if (old->len > 0)
    {
        gw_mariadb_set_object(reader->facts, NULL, g_ptr_array_index(old, 0));
    }
    probe_rename(reader->facts, home, old, new);
    if (lenient)
    {
        gw_mariadb_repeats(reader->facts);
    }
}
