#include "base/text.h"
#include "cli/command.h"

static const char *const when_words[] = {"auto", "always", "never", NULL};

static const cli_option globals[] = {
    {"url", 0, CLI_TEXT, "URL", NULL,
        "the database; better in DATABASE_URL, where the process list does not show it", NULL,
        CLI_SETTING},
    {"target", 't', CLI_TEXT, "NAME", NULL, "a target of godwit.yaml", NULL, CLI_SETTING},
    {"dir", 0, CLI_TEXT, "FOLDER", "migrations", "where the migrations are", NULL, CLI_SETTING},
    {"config", 'c', CLI_TEXT, "FILE", NULL,
        "the configuration; looked for from here upwards as godwit.yaml", NULL, CLI_SETTING},
    {"yes", 'y', CLI_FLAG, NULL, NULL, "answer yes, where the target is not protected", NULL,
        CLI_SETTING | CLI_SPOKEN},
    {"confirm", 0, CLI_TEXT, "NAME", NULL, "answer with the name that a protected target asks for",
        NULL, CLI_SETTING | CLI_SPOKEN},
    {"json", 0, CLI_FLAG, NULL, NULL, "print the result as JSON, and events as JSON Lines", NULL,
        CLI_OWN},
    {"quiet", 'q', CLI_FLAG, NULL, NULL, "print the result and errors, and nothing else", NULL,
        CLI_OWN},
    {"verbose", 'v', CLI_FLAG, NULL, NULL, "say more", NULL, CLI_OWN},
    {"color", 0, CLI_TEXT, "WHEN", "auto", "colours: auto, always or never", when_words, CLI_OWN},
    {"help", 'h', CLI_FLAG, NULL, NULL, "explain the command; -h in short", NULL,
        CLI_OWN | CLI_SPOKEN},
    {"version", 0, CLI_FLAG, NULL, NULL, "print the version", NULL, CLI_OWN | CLI_SPOKEN},
    {0},
};

static const cli_option none[] = {{0}};

const cli_option *
cli_global_options(void)
{
    return globals;
}

static const cli_option *
own_options(const cli_command *command)
{
    return command != NULL && command->options != NULL ? command->options : none;
}

const cli_option *
cli_option_find(const cli_command *command, const char *name)
{
    const cli_option *const tables[] = {own_options(command), globals};
    for (gsize i = 0; i < G_N_ELEMENTS(tables); i++)
    {
        for (const cli_option *option = tables[i]; option->name != NULL; option++)
        {
            if (strcmp(option->name, name) == 0)
            {
                return option;
            }
        }
    }
    return NULL;
}

const cli_option *
cli_option_of_letter(const cli_command *command, char letter)
{
    const cli_option *const tables[] = {own_options(command), globals};
    for (gsize i = 0; i < G_N_ELEMENTS(tables); i++)
    {
        for (const cli_option *option = tables[i]; option->name != NULL; option++)
        {
            if (option->letter == letter)
            {
                return option;
            }
        }
    }
    return NULL;
}

const char *
cli_option_near(const cli_command *command, const char *name)
{
    const cli_option *const tables[] = {own_options(command), globals};
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (gsize i = 0; i < G_N_ELEMENTS(tables); i++)
    {
        for (const cli_option *option = tables[i]; option->name != NULL; option++)
        {
            g_ptr_array_add(names, (gpointer)(guintptr)option->name);
        }
    }
    g_ptr_array_add(names, NULL);
    return gw_text_near(name, (const char *const *)names->pdata);
}

char *
cli_option_variable(const cli_option *option)
{
    if ((option->traits & CLI_SPOKEN) != 0)
    {
        return NULL;
    }
    g_autofree char *upper = g_ascii_strup(option->name, -1);
    return g_strconcat("GODWIT_", g_strdelimit(upper, "-", '_'), NULL);
}
