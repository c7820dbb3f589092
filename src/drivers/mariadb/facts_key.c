/* Actions of ALTER TABLE on keys, constraints and the table as a whole. */
#include "drivers/mariadb/facts_action.h"

void
gw_mariadb_add_key(gw_mariadb_alter *alter, const gw_mariadb_action *action)
{
    static const char *const fill[] = {"INDEX", "KEY", NULL};
    gw_words_take_any(alter->words, fill);
    gboolean lenient = gw_mariadb_take_lenient(alter);
    g_autofree char *name = gw_words_is(alter->words, "USING")
                                ? NULL
                                : gw_mariadb_take_name(alter); /* a name of its own? */
    gw_mariadb_note_effect(alter, action, lenient, name);
}

void
gw_mariadb_primary_key(gw_mariadb_alter *alter, const gw_mariadb_action *action)
{
    gboolean lenient = gw_mariadb_take_lenient(alter);
    gboolean adds = action->probe == GW_PROBE_APPEARS;
    alter->adds_key = alter->adds_key || adds;
    alter->drops_key = alter->drops_key || !adds;
    gw_mariadb_note_effect(alter, action, lenient, "PRIMARY");
}

void
gw_mariadb_add_reference(gw_mariadb_alter *alter, const gw_mariadb_action *action)
{
    gboolean lenient = gw_mariadb_take_lenient(alter);
    gw_mariadb_show(alter, NULL);
    (void)action;
    if (lenient)
    {
        alter->repeatable++;
    }
    if (gw_words_find(alter->words, "REFERENCES", FALSE))
    {
        gw_words_step(alter->words);
        gw_mariadb_add_parent(alter);
    }
}

/* ADD CONSTRAINT [name] and what kind of constraint follows. */
static const gw_mariadb_action constraints[] = {
    {"PRIMARY KEY", "ALTER TABLE ADD PRIMARY KEY", GW_COST_ANEW, GW_PROBE_APPEARS, GW_OBJECT_INDEX,
        0, FALSE, NULL, NULL},
    {"UNIQUE", "ALTER TABLE ADD UNIQUE", GW_COST_INDEX, GW_PROBE_APPEARS, GW_OBJECT_INDEX, 0, FALSE,
        NULL, NULL},
    {"FOREIGN KEY", "ALTER TABLE ADD FOREIGN KEY", GW_COST_COPY, GW_PROBE_APPEARS,
        GW_OBJECT_CONSTRAINT, 0, FALSE, gw_mariadb_add_reference, GW_REFERENCE_NOTE},
    {"CHECK", "ALTER TABLE ADD CHECK", GW_COST_COPY, GW_PROBE_APPEARS, GW_OBJECT_CONSTRAINT, 0,
        FALSE, NULL, GW_CHECK_NOTE},
};

static gboolean
on_constraint(const gw_words *words)
{
    static const char *const kinds[] = {"PRIMARY", "UNIQUE", "FOREIGN", "CHECK", NULL};
    gw_words ahead = *words;
    return gw_words_take_any(&ahead, kinds) >= 0;
}

void
gw_mariadb_add_constraint(gw_mariadb_alter *alter, const gw_mariadb_action *action)
{
    gboolean lenient = gw_mariadb_take_lenient(alter);
    g_autofree char *name = on_constraint(alter->words) ? NULL : gw_mariadb_take_name(alter);
    (void)action;
    for (gsize i = 0; i < G_N_ELEMENTS(constraints); i++)
    {
        const gw_mariadb_action *kind = &constraints[i];
        if (!gw_words_take(alter->words, kind->phrase))
        {
            continue;
        }
        gboolean primary =
            kind->probe == GW_PROBE_APPEARS && strcmp(kind->phrase, "PRIMARY KEY") == 0;
        alter->adds_key = alter->adds_key || primary;
        alter->facts->verb = alter->count == 1 ? kind->verb : alter->facts->verb;
        alter->facts->note = kind->note == NULL ? alter->facts->note : kind->note;
        gw_mariadb_add_cost(alter, kind->cost);
        gw_mariadb_note_effect(alter, kind, lenient, primary ? "PRIMARY" : name);
        if (kind->read != NULL)
        {
            kind->read(alter, kind);
        }
        return;
    }
    gw_mariadb_add_cost(alter, (gw_mariadb_cost)GW_COST_ANY);
}

void
gw_mariadb_drop_one(gw_mariadb_alter *alter, const gw_mariadb_action *action)
{
    gboolean lenient = gw_mariadb_take_lenient(alter);
    g_autofree char *name = gw_mariadb_take_name(alter);
    gw_mariadb_note_effect(alter, action, lenient, name);
}

void
gw_mariadb_rename_one(gw_mariadb_alter *alter, const gw_mariadb_action *action)
{
    gboolean lenient = gw_mariadb_take_lenient(alter);
    g_autofree char *old = gw_mariadb_take_name(alter);
    gw_words_take(alter->words, "TO");
    g_autofree char *new = gw_mariadb_take_name(alter);
    gw_mariadb_note_effect(alter, action, lenient, old);
    if (!lenient && new != NULL)
    {
        gw_mariadb_add_effect(alter, GW_PROBE_APPEARS, action->object, new);
    }
}

/* RENAME [TO | AS | =] name: the table is found under its new name. */
void
gw_mariadb_rename_table(gw_mariadb_alter *alter, const gw_mariadb_action *action)
{
    static const char *const fill[] = {"TO", "AS", "=", NULL};
    gw_words_take_any(alter->words, fill);
    g_autofree char *name = NULL;
    g_clear_pointer(&alter->new_schema, g_free);
    if (gw_words_take_name(alter->words, FALSE, &alter->new_schema, &name))
    {
        gw_mariadb_add_effect(alter, action->probe, action->object, name);
    }
}

/* option [=] value */
void
gw_mariadb_table_option(gw_mariadb_alter *alter, const gw_mariadb_action *action)
{
    (void)action;
    gw_words_take(alter->words, "=");
    gw_words_step(alter->words);
}

/* A range or a list of its own begins empty; hash partitions share the rows anew. */
void
gw_mariadb_add_partition(gw_mariadb_alter *alter, const gw_mariadb_action *action)
{
    gw_words ahead = *alter->words;
    (void)action;
    while (!gw_words_end(&ahead) && !gw_words_is(&ahead, "VALUES"))
    {
        gw_words_step(&ahead);
    }
    if (gw_words_end(&ahead))
    {
        gw_mariadb_add_cost(alter, (gw_mariadb_cost)GW_COST_COPY);
        alter->facts->note = GW_PARTITION_NOTE;
    }
}
