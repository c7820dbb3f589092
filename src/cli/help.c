#include "base/text.h"
#include "cli/all.h"
#include "cli/manual.h"
#include "godwit.h"

#include <unistd.h>

static const cli_option options[] = {
    {"markdown", 0, CLI_FLAG, NULL, NULL, "print the pages of docs/commands; or one, or errors",
        NULL, CLI_OWN | CLI_SPOKEN},
    {"man", 0, CLI_FLAG, NULL, NULL, "print the manual page", NULL, CLI_OWN | CLI_SPOKEN},
    {"json-schema", 0, CLI_FLAG, NULL, NULL, "print the JSON Schema of what a user writes", NULL,
        CLI_SPOKEN},
    {0},
};

static void
fail_unknown(const char *word, GError **error)
{
    const char *near = cli_command_near(word);
    for (const cli_topic *topic = cli_topics(); near == NULL && topic->name != NULL; topic++)
    {
        const char *const one[] = {topic->name, NULL};
        near = gw_text_near(word, one);
    }
    gw_fail(error, GW_CODE_USAGE, "there is no command, topic or code \"%s\"", word);
    if (near != NULL)
    {
        gw_error_add_hint(*error, "did you mean %s?", near);
    }
    gw_error_add_next(*error, "godwit help");
}

/* One page of docs/, or all of docs/commands. */
static gboolean
print_markdown(const char *word, GString *out)
{
    static const struct
    {
        const char *name;
        void (*print)(GString *out);
    } pages[] = {
        {"errors", cli_markdown_errors},
        {"exit-codes", cli_markdown_exits},
        {"all", cli_markdown_all},
    };
    const char *name = word != NULL ? word : "all";
    for (gsize i = 0; i < G_N_ELEMENTS(pages); i++)
    {
        if (strcmp(pages[i].name, name) == 0)
        {
            pages[i].print(out);
            return TRUE;
        }
    }
    const cli_command *command = cli_command_find(name);
    if (command != NULL)
    {
        cli_markdown_command(command, out);
    }
    return command != NULL;
}

static gboolean
print_help(const cli_line *line, const char *word, GString *out)
{
    gw_style style = gw_style_of(STDOUT_FILENO, cli_line_value(line, "color"));
    if (word == NULL)
    {
        cli_manual_overview(&style, out);
        return TRUE;
    }
    const cli_command *command = cli_command_find(word);
    const cli_topic *topic = cli_topic_find(word);
    if (command != NULL)
    {
        cli_manual_full(command, &style, out);
    }
    else if (topic != NULL)
    {
        cli_manual_topic(topic, &style, out);
    }
    else
    {
        return cli_manual_code(word, &style, out);
    }
    return TRUE;
}

static int
run(const cli_line *line, GString *out, GError **error)
{
    const char *word = line->arguments->len > 0 ? line->arguments->pdata[0] : NULL;
    if (cli_line_flag(line, "json-schema"))
    {
        return CLI_ELSEWHERE;
    }
    if (cli_line_flag(line, "man"))
    {
        cli_man_page(out);
        cli_wrap_json(line, out);
        return GODWIT_DONE;
    }
    gboolean found =
        cli_line_flag(line, "markdown") ? print_markdown(word, out) : print_help(line, word, out);
    if (!found)
    {
        fail_unknown(word, error);
        return GODWIT_USAGE;
    }
    cli_wrap_json(line, out);
    return GODWIT_DONE;
}

const cli_command cli_help = {
    .name = "help",
    .synonyms = NULL,
    .group = "more",
    .summary = "explain a command, a topic or the code of an error",
    .about = "Topics: environment, exit-codes, errors, urls, formats. Works without a network and "
             "without a project.",
    .examples =
        (const char *const[]){
            "godwit help up",
            "all about `up`",
            "godwit help GW0412",
            "what this code of an error means",
            "godwit help --man | man -l -",
            "the manual page",
            NULL,
        },
    .argument = {.role = "topic",
        .placeholder = "TOPIC",
        .help = "a command, a topic, or the code of an error",
        .most = 1},
    .options = options,
    .run = run,
};
