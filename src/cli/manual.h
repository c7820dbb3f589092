/* The manual: made from the tables of command.h and printed as help, Markdown and a man page. */
#ifndef GW_CLI_MANUAL_H
#define GW_CLI_MANUAL_H

#include "cli/command.h"
#include "cli/line.h"
#include "report/style.h"

/* A page that is no command. `print` appends what the tables say, below `text`. */
typedef struct cli_topic
{
    const char *name;
    const char *summary;
    const char *text; /* lines as they stand; may be NULL */
    void (*print)(const gw_style *style, GString *out);
} cli_topic;

/* Ends with a NULL name. */
const cli_topic *cli_topics(void);
const cli_topic *cli_topic_find(const char *name);

/* "godwit mark [OPTION]... [VERSION]...". The caller frees it. */
char *cli_usage(const cli_command *command);

/* "-n, --limit N". The caller frees it. */
char *cli_option_shown(const cli_option *option);

/* What the command needs and does, as a sentence; NULL when it is nothing. The caller frees it. */
char *cli_needs(const cli_command *command);

/* Append help as text. */
void cli_manual_overview(const gw_style *style, GString *out);
void cli_manual_brief(const cli_command *command, const gw_style *style, GString *out);
void cli_manual_full(const cli_command *command, const gw_style *style, GString *out);
void cli_manual_topic(const cli_topic *topic, const gw_style *style, GString *out);

/* Append what an error code means; FALSE when there is none of that name ("GW0412" or "412"). */
gboolean cli_manual_code(const char *name, const gw_style *style, GString *out);

/* Append pages of docs/: one command's, the errors', the exit statuses', all commands'. */
void cli_markdown_command(const cli_command *command, GString *out);
void cli_markdown_errors(GString *out);
void cli_markdown_exits(GString *out);
void cli_markdown_all(GString *out);

/* Append the manual page in man(7). */
void cli_man_page(GString *out);

/* With --json, put the text into {"text": …}. */
void cli_wrap_json(const cli_line *line, GString *out);

#endif
