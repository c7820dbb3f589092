#include "cli/arguments.h"

#include "base/secret.h"

#define FILLER '*'

void
cli_arguments_clear(cli_arguments *arguments)
{
    for (gsize i = 0; arguments->words != NULL && arguments->words[i] != NULL; i++)
    {
        gw_secret_wipe(arguments->words[i]);
    }
    g_strfreev(arguments->words);
    *arguments = (cli_arguments){0};
}

static void
overwrite(char *text)
{
    memset(text, FILLER, strlen(text));
}

/* Hide the value of --url, and any word that holds a password, such as the URL of init. */
static void
hide(char **argv, int i)
{
    static const char flag[] = "--url=";
    gboolean value = i > 1 && strcmp(argv[i - 1], "--url") == 0;
    if (g_str_has_prefix(argv[i], flag))
    {
        overwrite(argv[i] + strlen(flag));
    }
    else if (value || gw_secret_in_url(argv[i]))
    {
        overwrite(argv[i]);
    }
}

cli_arguments
cli_arguments_take(int argc, char **argv)
{
    cli_arguments taken = {.words = g_new0(char *, (gsize)MAX(argc, 1))};
    for (int i = 1; i < argc; i++)
    {
        taken.words[i - 1] = g_strdup(argv[i]);
        taken.secret = taken.secret || gw_secret_in_url(argv[i]);
    }
    for (int i = argc - 1; i > 0; i--)
    {
        hide(argv, i);
    }
    return taken;
}
