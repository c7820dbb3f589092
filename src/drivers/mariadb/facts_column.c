/* Actions of ALTER TABLE on columns. */
#include "drivers/mariadb/facts_action.h"

#define ORDER_NOTE "a table with a virtual column is copied; without FIRST or AFTER it is not"

/* Words in a DEFAULT that are the same for all rows; others may be columns or functions that are
 * not, and then every row gets its own value. */
static gboolean
is_constant(const gw_words *words)
{
    static const char *const constant[] = {"NULL", "TRUE", "FALSE", "CURRENT_TIMESTAMP", "NOW",
        "LOCALTIME", "LOCALTIMESTAMP", "CURRENT_DATE", "CURDATE", "CURRENT_TIME", "CURTIME",
        "UTC_TIMESTAMP", "UTC_DATE", "UNIX_TIMESTAMP", "CURRENT_USER", "USER", "CAST", "AS", "DATE",
        "TIME", "INTERVAL", "RAND", NULL};
    if (words->token.kind == GW_TOKEN_QUOTED_NAME)
    {
        return FALSE;
    }
    for (gsize i = 0; words->token.kind == GW_TOKEN_WORD && constant[i] != NULL; i++)
    {
        if (gw_words_is(words, constant[i]))
        {
            return TRUE;
        }
    }
    return words->token.kind != GW_TOKEN_WORD;
}

/* DEFAULT value, function(…) or (expression). */
static void
read_default(gw_mariadb_alter *alter)
{
    static const char *const each[] = {"UUID", "NEXTVAL", "UUID_SHORT", "SYS_GUID", "NEXT", NULL};
    gw_words *words = alter->words;
    guint depth = words->depth;
    do
    {
        if (gw_words_take_any(words, each) >= 0)
        {
            gw_mariadb_add_cost(alter, (gw_mariadb_cost)GW_COST_COPY);
            continue;
        }
        if (!is_constant(words))
        {
            gw_mariadb_add_cost(alter, (gw_mariadb_cost)GW_COST_ANY);
        }
        gw_words_step(words);
    } while (!gw_words_end(words) && (words->depth > depth || gw_words_is(words, "(")));
}

/* Parts of a column's definition that cost more than the column. */
static const struct
{
    const char *phrase;
    gw_mariadb_cost cost;
    const char *note;
} parts[] = {
    {"STORED", GW_COST_COPY, GW_COPY_NOTE},
    {"PERSISTENT", GW_COST_COPY, GW_COPY_NOTE},
    {"VIRTUAL",
        {GW_MARIADB_INSTANT, GW_MARIADB_INSTANT, GW_MARIADB_NONE, GW_MARIADB_NONE, FALSE, FALSE,
            TRUE},
        NULL},
    {"UNIQUE", GW_COST_INDEX, NULL},
    {"PRIMARY", GW_COST_ANEW, NULL},
    {"AUTO_INCREMENT",
        {GW_MARIADB_INPLACE, GW_MARIADB_INPLACE, GW_MARIADB_SHARED, GW_MARIADB_SHARED, FALSE, FALSE,
            FALSE},
        NULL},
    {"REFERENCES", GW_COST_COPY, GW_REFERENCE_NOTE},
    {"FIRST",
        {GW_MARIADB_INSTANT, GW_MARIADB_COPY, GW_MARIADB_NONE, GW_MARIADB_SHARED, FALSE, TRUE,
            FALSE},
        ORDER_NOTE},
    {"AFTER",
        {GW_MARIADB_INSTANT, GW_MARIADB_COPY, GW_MARIADB_NONE, GW_MARIADB_SHARED, FALSE, TRUE,
            FALSE},
        ORDER_NOTE},
};

/* One word of a definition. */
static void
read_part(gw_mariadb_alter *alter)
{
    gw_words *words = alter->words;
    if (gw_words_take(words, "DEFAULT"))
    {
        read_default(alter);
        return;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
    {
        if (gw_words_is(words, parts[i].phrase))
        {
            gw_words_step(words);
            gw_mariadb_add_cost(alter, parts[i].cost);
            alter->facts->note = parts[i].note == NULL ? alter->facts->note : parts[i].note;
            if (strcmp(parts[i].phrase, "REFERENCES") == 0)
            {
                gw_mariadb_add_parent(alter);
            }
            return;
        }
    }
    if (words->token.kind == GW_TOKEN_OPEN)
    {
        gw_words_skip_parenthesis(words);
        return;
    }
    gw_words_step(words);
}

/* A column's definition, up to the comma or parenthesis that ends it. */
static void
read_definition(gw_mariadb_alter *alter)
{
    gw_words *words = alter->words;
    while (!gw_words_end(words) && words->token.kind != GW_TOKEN_COMMA &&
           words->token.kind != GW_TOKEN_CLOSE)
    {
        read_part(alter);
    }
}

void
gw_mariadb_add_column(gw_mariadb_alter *alter, const gw_mariadb_action *action)
{
    gboolean lenient = gw_mariadb_take_lenient(alter);
    gboolean several = gw_words_take(alter->words, "(");
    alter->adds_column = TRUE;
    do
    {
        g_autofree char *name = gw_mariadb_take_name(alter);
        gw_mariadb_note_effect(alter, action, lenient, name);
        read_definition(alter);
    } while (several && gw_words_take(alter->words, ","));
    if (several)
    {
        gw_words_take(alter->words, ")");
    }
}

void
gw_mariadb_modify_column(gw_mariadb_alter *alter, const gw_mariadb_action *action)
{
    gw_mariadb_take_lenient(alter);
    g_autofree char *name = gw_mariadb_take_name(alter);
    (void)action;
    gw_mariadb_show(alter, name);
    read_definition(alter);
}

void
gw_mariadb_change_column(gw_mariadb_alter *alter, const gw_mariadb_action *action)
{
    gboolean lenient = gw_mariadb_take_lenient(alter);
    g_autofree char *old = gw_mariadb_take_name(alter);
    g_autofree char *new = gw_mariadb_take_name(alter);
    (void)action;
    gw_mariadb_show(alter, old);
    if (old != NULL && new != NULL && g_ascii_strcasecmp(old, new) == 0)
    {
        alter->repeatable++;
    }
    else if (lenient)
    {
        alter->repeatable++;
    }
    else if (old != NULL && new != NULL)
    {
        gw_mariadb_add_effect(alter, GW_PROBE_VANISHES, GW_OBJECT_COLUMN, old);
        gw_mariadb_add_effect(alter, GW_PROBE_APPEARS, GW_OBJECT_COLUMN, new);
    }
    read_definition(alter);
}

void
gw_mariadb_alter_column(gw_mariadb_alter *alter, const gw_mariadb_action *action)
{
    gw_mariadb_take_lenient(alter);
    g_autofree char *name = gw_mariadb_take_name(alter);
    (void)action;
    gw_mariadb_show(alter, name);
}
