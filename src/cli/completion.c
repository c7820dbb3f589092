#include "cli/all.h"
#include "cli/line.h"
#include "cli/manual.h"
#include "cli/shells.h"
#include "godwit.h"

static const char *const shell_words[] = {"bash", "zsh", "fish", NULL};

static int
run(const cli_line *line, GString *out, GError **error)
{
    static void (*const shells[])(GString * out) = {cli_shell_bash, cli_shell_zsh, cli_shell_fish};
    const char *word = line->arguments->pdata[0];
    for (gsize i = 0; i < G_N_ELEMENTS(shells); i++)
    {
        if (strcmp(shell_words[i], word) == 0)
        {
            shells[i](out);
            cli_wrap_json(line, out);
            return GODWIT_DONE;
        }
    }
    gw_fail(error, GW_CODE_USAGE, "there is no completion for \"%s\": bash, zsh or fish", word);
    return GODWIT_USAGE;
}

const cli_command cli_completion = {
    .name = "completion",
    .synonyms = NULL,
    .group = "more",
    .summary = "print the script that completes godwit's commands and options in a shell",
    .about = "For bash, zsh and fish. The script knows the commands and options of the godwit that "
             "printed it.",
    .examples =
        (const char *const[]){
            "godwit completion bash > ~/.local/share/bash-completion/completions/godwit",
            "for bash, from the next shell on",
            "godwit completion fish > ~/.config/fish/completions/godwit.fish",
            "for fish",
            NULL,
        },
    .argument = {.role = "shell",
        .placeholder = "SHELL",
        .help = "bash, zsh or fish",
        .words = shell_words,
        .least = 1,
        .most = 1},
    .run = run,
};
