#include "cli/command.h"

#include "base/text.h"
#include "cli/all.h"
#include "godwit.h"

static const cli_command *const commands[] = {
    &cli_init,
    &cli_new,
    &cli_status,
    &cli_plan,
    &cli_up,
    &cli_down,
    &cli_redo,
    &cli_contract,
    &cli_mark,
    &cli_log,
    &cli_verify,
    &cli_seed,
    &cli_wait,
    &cli_doctor,
    &cli_repair,
    &cli_config,
    &cli_help,
    &cli_completion,
    &cli_version,
    NULL,
};

static const cli_exit exits[] = {
    {GODWIT_DONE, "done, or nothing to do"},
    {GODWIT_PENDING, "something is pending or different (`status` and `plan` with --exit-code)"},
    {GODWIT_USAGE, "the command line or the configuration is wrong; nothing was touched"},
    {GODWIT_UNREACHABLE, "the database cannot be reached"},
    {GODWIT_FAILED, "a migration failed; the state is clean"},
    {GODWIT_LOCKED, "another run holds the lock"},
    {GODWIT_CHANGED, "an applied file was changed, or the schema drifted"},
    {GODWIT_UNVERIFIED, "a check found rows that break it"},
    {GODWIT_STOPPED, "stopped, and the next run goes on from there"},
    {GODWIT_REFUSED, "refused by policy, or a confirmation is needed that nobody gave"},
    {GODWIT_TENANTS, "some tenants failed"},
    {GODWIT_INTERNAL, "a mistake in godwit"},
};

const cli_command *const *
cli_commands(void)
{
    return commands;
}

const cli_exit *
cli_exits(gsize *count)
{
    *count = G_N_ELEMENTS(exits);
    return exits;
}

static gboolean
has_name(const cli_command *command, const char *word)
{
    if (strcmp(command->name, word) == 0)
    {
        return TRUE;
    }
    return command->synonyms != NULL && g_strv_contains(command->synonyms, word);
}

const cli_command *
cli_command_find(const char *word)
{
    for (gsize i = 0; commands[i] != NULL; i++)
    {
        if (has_name(commands[i], word))
        {
            return commands[i];
        }
    }
    return NULL;
}

/* Names are near when they are spelled alike, or begin with the word. */
const char *
cli_command_near(const char *word)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (gsize i = 0; commands[i] != NULL; i++)
    {
        g_ptr_array_add(names, (gpointer)(guintptr)commands[i]->name);
        for (gsize j = 0; commands[i]->synonyms != NULL && commands[i]->synonyms[j] != NULL; j++)
        {
            g_ptr_array_add(names, (gpointer)(guintptr)commands[i]->synonyms[j]);
        }
    }
    g_ptr_array_add(names, NULL);
    const char *near = gw_text_near(word, (const char *const *)names->pdata);
    for (guint i = 0; near == NULL && i + 1 < names->len; i++)
    {
        const char *name = names->pdata[i];
        near = strlen(word) > 1 && g_str_has_prefix(name, word) ? name : NULL;
    }
    return near;
}
