/*
 * Which tables are there, for bursts of schema changes that commit by themselves: instead of asking
 * for one name before each of them, all names are asked for once. They are believed for a second at
 * most, and followed through what this run does itself.
 *
 * A wrong answer would let a later run take a statement for done, or not done, that a crash left in
 * doubt. So the names are kept over nothing but a statement that went well and does no more than
 * make, or drop, one table of the working schema; and whoever decides a doubt asks the database.
 */
#include "run/parts.h"

#define BELIEVED    G_USEC_PER_SEC
#define BURST       8    /* questions in a row before all names are asked for */
#define NAMES_WHOLE 5000 /* with more of them, one question costs more than a burst saves */

struct gw_known
{
    gw_names *names; /* NULL: not known */
    gint64 read;     /* when they were asked for */
    gint64 asked;    /* when the last question came */
    guint row;       /* how many came one soon after the other, and nothing else between them */
    gboolean never;  /* the database cannot tell, or there are too many */
};

gw_known *
gw_known_new(void)
{
    return g_new0(gw_known, 1);
}

void
gw_known_free(gw_known *known)
{
    gw_known_drop(known);
    g_free(known);
}

void
gw_known_drop(gw_known *known)
{
    g_clear_pointer(&known->names, gw_names_free);
    known->row = 0;
}

/* Is the presence of one table of the working schema all that is asked? */
static gboolean
is_about_table(const gw_run *run, const gw_facts *facts)
{
    const gw_probe *probe = &facts->probe;
    const char *working = gw_db_place(run->db)->schema;
    return (probe->kind == GW_PROBE_APPEARS || probe->kind == GW_PROBE_VANISHES) &&
           probe->object == GW_OBJECT_TABLE && probe->name != NULL && !facts->concurrent &&
           (probe->schema == NULL || g_strcmp0(probe->schema, working) == 0);
}

/* … and all that the statement changes? Not so a renaming, and what drops several. */
static gboolean
is_exact(const gw_run *run, const gw_facts *facts)
{
    gboolean makes = facts->probe.kind == GW_PROBE_APPEARS && facts->creates;
    gboolean drops = facts->probe.kind == GW_PROBE_VANISHES &&
                     facts->destroys == GW_DESTROYS_TABLE && facts->relations->len == 1;
    return is_about_table(run, facts) && facts->kind == GW_KIND_SCHEMA && !facts->session &&
           (makes || drops);
}

/* Ask for all names, where that may be worth it. */
static void
learn(gw_run *run, gw_known *known, gint64 now)
{
    g_autoptr(GError) ignored = NULL; /* then one is asked for, which fails in its own words */
    if (known->never || known->row < BURST)
    {
        return;
    }
    known->never =
        !gw_db_table_names(run->db, NAMES_WHOLE, &known->names, &ignored) || known->names == NULL;
    known->read = now;
}

gboolean
gw_known_image(gw_run *run, const gw_facts *facts, char **image)
{
    gw_known *known = run->known;
    gint64 now = gw_clock_now();
    gboolean there = FALSE;
    if (!is_about_table(run, facts))
    {
        return FALSE;
    }
    if (known->asked == 0 || now - known->asked >= BELIEVED)
    {
        gw_known_drop(known);
    }
    known->asked = now;
    known->row++;
    if (known->names != NULL && now - known->read >= BELIEVED)
    {
        g_clear_pointer(&known->names, gw_names_free);
    }
    if (known->names == NULL)
    {
        learn(run, known, now);
    }
    if (known->names == NULL || !gw_names_find(known->names, facts->probe.name, &there))
    {
        return FALSE;
    }
    *image = g_strdup(there ? GW_IMAGE_PRESENT : GW_IMAGE_ABSENT);
    return TRUE;
}

void
gw_known_follow(gw_run *run, const gw_facts *facts, gboolean done)
{
    gw_known *known = run->known;
    if (!done || !is_exact(run, facts))
    {
        gw_known_drop(known);
        return;
    }
    if (known->names != NULL &&
        !gw_names_note(known->names, facts->probe.name, facts->probe.kind == GW_PROBE_APPEARS))
    {
        gw_known_drop(known);
    }
}
