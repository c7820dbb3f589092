/* How long the statements of a script wait for locks: as a run's do, but without another try. */
#include "base/text.h"
#include "jobs/sql_script.h"

/* As many units as cover the time: one second for 100 ms where whole seconds are counted. */
static char *
units(const gw_script_words *words, gint64 wait)
{
    return g_strdup_printf("%" G_GINT64_FORMAT, (wait + words->wait_unit - 1) / words->wait_unit);
}

static void
put_wait(gw_sql_script *script, const char *statement, gint64 wait)
{
    g_autofree char *number = units(script->words, wait);
    g_autoptr(GString) text = g_string_new(statement);
    g_string_replace(text, "%s", number, 1);
    gw_sql_script_put(script, text->str);
    script->wait = wait;
}

void
gw_sql_script_wait(gw_sql_script *script, gint64 wait, gboolean inside)
{
    const gw_script_words *words = script->words;
    if (words->wait_alone != NULL && wait > 0 && wait != script->wait)
    {
        put_wait(
            script, inside && words->wait_inside ? words->wait_inside : words->wait_alone, wait);
    }
}

void
gw_sql_script_wait_end(gw_sql_script *script, gboolean inside)
{
    gboolean ended = inside && script->words->wait_inside != NULL; /* with the transaction */
    if (script->wait > 0 && !ended)
    {
        gw_sql_script_put(script, script->words->wait_reset);
    }
    script->wait = 0;
}

gint64
gw_sql_script_wait_of(const gw_sql_script *script, const gw_step *step, gboolean blocking)
{
    const gw_target *target = &script->job->settings->target;
    return gw_step_lock_wait(step, blocking, target->stall, target->patience);
}

/* "It waits 100 ms for a lock …" */
void
gw_sql_script_say_waits(gw_sql_script *script)
{
    const gw_target *target = &script->job->settings->target;
    if (script->words->wait_alone == NULL)
    {
        gw_sql_script_say(script, "It waits for locks as long as the client does.");
        return;
    }
    gint64 unit = script->words->wait_unit;
    g_autofree char *stall = gw_duration_print((target->stall + unit - 1) / unit * unit);
    g_autofree char *patience = gw_duration_print(target->patience);
    gw_sql_script_say(script,
        "A change of a table that is in use waits %s for its lock, rows are waited for %s. "
        "Where that is not enough",
        stall, patience);
    gw_sql_script_say(script, "the script stops there as at any error; it does not try again.");
}
