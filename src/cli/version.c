#include "cli/all.h"
#include "cli/line.h"
#include "godwit.h"
#include "report/json.h"

static void
print_json(GString *out)
{
    const char *const *engines = godwit_engines();
    g_autoptr(JsonBuilder) builder = json_builder_new();
    json_builder_begin_object(builder);
    gw_json_text(builder, "version", godwit_version());
    json_builder_set_member_name(builder, "engines");
    json_builder_begin_array(builder);
    for (gsize i = 0; engines[i] != NULL; i++)
    {
        json_builder_add_string_value(builder, engines[i]);
    }
    json_builder_end_array(builder);
    json_builder_end_object(builder);
    g_autofree char *document = gw_json_finish(builder, TRUE);
    g_string_append_printf(out, "%s\n", document);
}

static int
run(const cli_line *line, GString *out, G_GNUC_UNUSED GError **error)
{
    if (cli_line_flag(line, "json"))
    {
        print_json(out);
        return GODWIT_DONE;
    }
    g_autofree char *engines = g_strjoinv(", ", (char **)(guintptr)godwit_engines());
    g_string_append_printf(out, "godwit %s (%s)\n", godwit_version(), engines);
    return GODWIT_DONE;
}

const cli_command cli_version = {
    .name = "version",
    .synonyms = NULL,
    .group = "more",
    .summary = "print the version of godwit and the databases it was built for",
    .about = "Nothing is read and no database is asked.",
    .examples =
        (const char *const[]){
            "godwit version",
            "for people",
            "godwit version --json",
            "for scripts",
            NULL,
        },
    .run = run,
};
