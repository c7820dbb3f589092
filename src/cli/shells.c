#include "cli/shells.h"

#include "cli/command.h"

/* Text between single quotes, for every shell here. */
static char *
quoted(const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, "'", -1);
    g_autofree char *inside = g_strjoinv("'\\''", parts);
    return g_strdup_printf("'%s'", inside);
}

/* "--url --target -t …" */
static void
append_names(GString *out, const cli_option *table)
{
    for (const cli_option *option = table; option != NULL && option->name != NULL; option++)
    {
        g_string_append_printf(out, "--%s ", option->name);
        if (option->letter != 0)
        {
            g_string_append_printf(out, "-%c ", option->letter);
        }
    }
}

static void
append_words(GString *out, const char *const *words)
{
    for (gsize i = 0; words != NULL && words[i] != NULL; i++)
    {
        g_string_append_printf(out, "%s ", words[i]);
    }
}

/* All names and synonyms, between `between`. */
static void
append_command_names(GString *out, const cli_command *command, const char *between)
{
    g_string_append(out, command->name);
    for (gsize i = 0; command->synonyms != NULL && command->synonyms[i] != NULL; i++)
    {
        g_string_append_printf(out, "%s%s", between, command->synonyms[i]);
    }
}

/* "--url|--target|…)": what takes a value of any kind. */
static void
append_valued(GString *out, const cli_option *table)
{
    for (const cli_option *option = table; option != NULL && option->name != NULL; option++)
    {
        if (option->kind != CLI_FLAG)
        {
            gboolean first = g_str_has_suffix(out->str, " ");
            g_string_append_printf(out, "%s--%s", first ? "" : "|", option->name);
        }
        if (option->kind != CLI_FLAG && option->letter != 0)
        {
            g_string_append_printf(out, "|-%c", option->letter);
        }
    }
}

void
cli_shell_bash(GString *out)
{
    const cli_command *const *commands = cli_commands();
    g_string_append(out, "# bash completion for godwit\n"
                         "_godwit() {\n"
                         "    local word=${COMP_WORDS[COMP_CWORD]} command= skip= i choices\n"
                         "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
                         "        if [ -n \"$skip\" ]; then\n"
                         "            [ \"${COMP_WORDS[i]}\" = = ] || skip=\n"
                         "            continue\n"
                         "        fi\n"
                         "        case ${COMP_WORDS[i]} in\n"
                         "        ");
    append_valued(out, cli_global_options());
    g_string_append(out, ") skip=1 ;;\n"
                         "        -*) ;;\n"
                         "        *) command=${COMP_WORDS[i]}; break ;;\n"
                         "        esac\n"
                         "    done\n"
                         "    case $command in\n"
                         "    '') choices='");
    for (gsize i = 0; commands[i] != NULL; i++)
    {
        g_string_append_printf(out, "%s ", commands[i]->name);
    }
    g_string_append(out, "' ;;\n");
    for (gsize i = 0; commands[i] != NULL; i++)
    {
        g_string_append(out, "    ");
        append_command_names(out, commands[i], "|");
        g_string_append(out, ") choices='");
        append_words(out, commands[i]->argument.words);
        append_names(out, commands[i]->options);
        g_string_append(out, "' ;;\n");
    }
    g_string_append(out, "    esac\n    choices=\"$choices ");
    append_names(out, cli_global_options());
    g_string_append(out,
        "\"\n    COMPREPLY=($(compgen -W \"$choices\" -- \"$word\"))\n"
        "    [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- \"$word\"))\n"
        "}\ncomplete -o filenames -F _godwit godwit\n");
}

/* Inside of _arguments' specifications, brackets and colons mean something. */
static void
append_zsh_option(GString *out, const cli_option *option)
{
    g_autoptr(GString) spec = g_string_new(NULL);
    g_string_append_printf(spec, "--%s[%s]", option->name, option->help);
    g_string_replace(spec, ":", "\\:", 0);
    if (option->words != NULL)
    {
        g_string_append_printf(spec, ":%s:(", option->placeholder);
        append_words(spec, option->words);
        g_string_append_c(spec, ')');
    }
    else if (option->kind != CLI_FLAG)
    {
        g_string_append_printf(spec, ":%s:_files", option->placeholder);
    }
    g_autofree char *text = quoted(spec->str);
    g_string_append_printf(out, " \\\n            %s", text);
}

static void
append_zsh_command(GString *out, const cli_command *command)
{
    g_string_append(out, "    ");
    append_command_names(out, command, "|");
    g_string_append(out, ")\n        _arguments");
    for (const cli_option *option = command->options; option != NULL && option->name != NULL;
         option++)
    {
        append_zsh_option(out, option);
    }
    for (const cli_option *option = cli_global_options(); option->name != NULL; option++)
    {
        gboolean own = cli_option_find(command, option->name) != option;
        if (!own)
        {
            append_zsh_option(out, option);
        }
    }
    if (command->argument.words != NULL)
    {
        g_string_append(out, " '*:word:(");
        append_words(out, command->argument.words);
        g_string_append(out, ")'");
    }
    g_string_append(out, " ;;\n");
}

void
cli_shell_zsh(GString *out)
{
    const cli_command *const *commands = cli_commands();
    g_string_append(out, "#compdef godwit\n"
                         "_godwit() {\n"
                         "    local -a commands\n"
                         "    commands=(\n");
    for (gsize i = 0; commands[i] != NULL; i++)
    {
        g_autofree char *entry = g_strdup_printf("%s:%s", commands[i]->name, commands[i]->summary);
        g_autofree char *text = quoted(entry);
        g_string_append_printf(out, "        %s\n", text);
    }
    g_string_append(out, "    )\n"
                         "    local i skip=\n"
                         "    for (( i = 2; i < CURRENT; i++ )); do\n"
                         "        if [[ -n $skip ]]; then skip=; continue; fi\n"
                         "        case $words[i] in\n"
                         "        ");
    append_valued(out, cli_global_options());
    g_string_append(out, ") skip=1 ;;\n"
                         "        -*) ;;\n"
                         "        *) break ;;\n"
                         "        esac\n"
                         "    done\n"
                         "    if [[ -n $skip ]]; then _files; return; fi\n"
                         "    if (( i >= CURRENT )); then\n"
                         "        if [[ $words[CURRENT] != -* ]]; then\n"
                         "            _describe command commands\n"
                         "            return\n"
                         "        fi\n"
                         "        _arguments");
    for (const cli_option *option = cli_global_options(); option->name != NULL; option++)
    {
        append_zsh_option(out, option);
    }
    g_string_append(out, "\n        return\n"
                         "    fi\n"
                         "    words=(\"${(@)words[i,-1]}\"); (( CURRENT -= i - 1 ))\n"
                         "    case $words[1] in\n");
    for (gsize i = 0; commands[i] != NULL; i++)
    {
        append_zsh_command(out, commands[i]);
    }
    g_string_append(out, "    esac\n}\n"
                         "if [ \"$funcstack[1]\" = _godwit ]; then _godwit \"$@\"; "
                         "else compdef _godwit godwit; fi\n");
}

static void
append_fish_option(GString *out, const char *condition, const cli_option *option)
{
    g_autofree char *help = quoted(option->help);
    g_string_append_printf(out, "complete -c godwit%s -l %s", condition, option->name);
    if (option->letter != 0)
    {
        g_string_append_printf(out, " -s %c", option->letter);
    }
    if (option->words != NULL)
    {
        g_autoptr(GString) words = g_string_new(NULL);
        append_words(words, option->words);
        g_string_append_printf(out, " -xa '%s'", g_strchomp(words->str));
    }
    else if (option->kind != CLI_FLAG)
    {
        g_string_append(out, " -r");
    }
    g_string_append_printf(out, " -d %s\n", help);
}

/* Which command is typed, with global options before it or not. */
static void
append_fish_function(GString *out)
{
    g_autoptr(GString) valued = g_string_new(" ");
    append_valued(valued, cli_global_options());
    g_string_replace(valued, "|", " ", 0);
    g_string_append(out, "# fish completion for godwit\n"
                         "# Is one of these the command? Without any: is none there yet?\n"
                         "function __godwit_at\n"
                         "    set -l skip\n"
                         "    for word in (commandline -opc)[2..]\n"
                         "        if test -n \"$skip\"\n"
                         "            set skip\n"
                         "            continue\n"
                         "        end\n"
                         "        switch $word\n"
                         "            case");
    g_string_append(out, valued->str);
    g_string_append(out, "\n                set skip 1\n"
                         "            case '-*'\n"
                         "            case '*'\n"
                         "                contains -- $word $argv\n"
                         "                return\n"
                         "        end\n"
                         "    end\n"
                         "    test (count $argv) -eq 0\n"
                         "end\n");
}

void
cli_shell_fish(GString *out)
{
    const cli_command *const *commands = cli_commands();
    append_fish_function(out);
    for (const cli_option *option = cli_global_options(); option->name != NULL; option++)
    {
        append_fish_option(out, "", option);
    }
    for (gsize i = 0; commands[i] != NULL; i++)
    {
        g_autofree char *summary = quoted(commands[i]->summary);
        g_autoptr(GString) names = g_string_new(NULL);
        append_command_names(names, commands[i], " ");
        g_string_append_printf(
            out, "complete -c godwit -n __godwit_at -fa %s -d %s\n", commands[i]->name, summary);
        g_autofree char *condition = g_strdup_printf(" -n '__godwit_at %s'", names->str);
        for (const cli_option *option = commands[i]->options;
             option != NULL && option->name != NULL; option++)
        {
            append_fish_option(out, condition, option);
        }
        if (commands[i]->argument.words != NULL)
        {
            g_autoptr(GString) words = g_string_new(NULL);
            append_words(words, commands[i]->argument.words);
            g_string_append_printf(
                out, "complete -c godwit%s -fa '%s'\n", condition, g_strchomp(words->str));
        }
    }
}
