/* What a failure says of the state and of the command to type, where nobody has said it closer. */
#include "base/secret.h"
#include "jobs/job.h"

/* What else than the file of a position can mend an error: "{line}" is the command once more,
 * "{command}" its name, "{url}" where the URL came from. What `surrounds` the migration is not
 * mended by an edit of it. */
static const struct remedy
{
    gw_code code;
    const char *next;
    gboolean surrounds;
} remedies[] = {
    {GW_CODE_PRIVILEGE, "grant what is missing (godwit doctor), then: {line}", TRUE},
    {GW_CODE_READ_ONLY, "godwit doctor", TRUE},
    {GW_CODE_DISK_FULL, "make room, then: {line}", TRUE},
    {GW_CODE_DEADLOCK, "{line}", TRUE},
    {GW_CODE_SERIALIZATION, "{line}", TRUE},
    {GW_CODE_LOCK_TIMEOUT, "{line}", TRUE},
    {GW_CODE_CANCELLED, "{line}", TRUE},
    {GW_CODE_PROGRAM, "mend that program or its line in godwit.yaml, then: {line}", TRUE},
    {GW_CODE_USAGE, "godwit help {command}", FALSE},
    {GW_CODE_NO_TARGET, "godwit config", FALSE},
    {GW_CODE_NO_PROJECT, "godwit init URL", FALSE},
    {GW_CODE_VERSION, "godwit status", FALSE},
    {GW_CODE_URL, "correct the URL from {url}, then: {line}", FALSE},
    {GW_CODE_AUTH, "correct the URL from {url}, then: {line}", FALSE},
    {GW_CODE_TLS, "correct the URL from {url}, then: {line}", FALSE},
    {GW_CODE_NO_DATABASE, "correct the URL from {url} or make the database, then: {line}", FALSE},
    {GW_CODE_UNREACHABLE, "godwit wait, then: {line}", FALSE},
    {GW_CODE_UNAVAILABLE, "godwit wait, then: {line}", FALSE},
    {GW_CODE_NO_DRIVER, "godwit version", FALSE},
    {GW_CODE_LIBRARY, "install that library, then: {line}", FALSE},
    {GW_CODE_LEDGER, "godwit version", FALSE},
    {GW_CODE_MISSING, "godwit status", FALSE},
    {GW_CODE_LOCKED, "godwit status", FALSE},
    {GW_CODE_PROTECTED, "godwit status", FALSE},
    {GW_CODE_CONNECTION_LOST, "godwit wait, then: {line}", FALSE},
    {GW_CODE_STOPPED, "{line}", FALSE},
    {GW_CODE_PATIENCE, "{line}", FALSE},
};

static const char *const writers[] = {
    "up", "down", "redo", "contract", "mark", "repair", "seed", NULL};

static void
word_add(GString *line, const char *word)
{
    gboolean plain = word[0] != '\0';
    for (const char *c = word; *c != '\0'; c++)
    {
        plain = plain && (g_ascii_isalnum(*c) || strchr("-_./:=,+@%?", *c) != NULL || *c < 0);
    }
    g_autofree char *quoted = plain ? NULL : g_shell_quote(word);
    g_string_append_printf(line, " %s", plain ? word : quoted);
}

/* " --name value"; a flag has no value, and an argument no name. */
static void
option_add(GString *line, const char *name, const char *value)
{
    static const char *const arguments[] = {"version", "name", "url", NULL};
    if (!g_strv_contains(arguments, name))
    {
        g_string_append_printf(line, " --%s", name);
    }
    if (strcmp(value, "true") != 0)
    {
        word_add(line, value);
    }
}

/* Flags that every command has. A URL with a password is not said again. */
static void
globals_add(const gw_job *job, GString *line)
{
    const char *url = job->request.flags[GW_OPTION_URL];
    const struct
    {
        const char *name;
        const char *value;
    } globals[] = {
        {"--target", job->request.flags[GW_OPTION_TARGET]},
        {"--dir", job->request.flags[GW_OPTION_MIGRATIONS]},
        {"--config", job->request.config},
        {"--url", url != NULL && gw_secret_in_url(url) ? "URL" : url},
        {"--confirm", job->confirm},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(globals); i++)
    {
        if (globals[i].value != NULL)
        {
            g_string_append_printf(line, " %s", globals[i].name);
            word_add(line, globals[i].value);
        }
    }
    if (job->yes)
    {
        g_string_append(line, " --yes");
    }
}

char *
gw_job_line(const gw_job *job)
{
    g_autoptr(GString) line = g_string_new("godwit");
    g_string_append_printf(line, " %s", job->command);
    const char *const *pairs = job->options.pairs;
    for (; pairs != NULL && pairs[0] != NULL; pairs += 2)
    {
        option_add(line, pairs[0], pairs[1]);
    }
    globals_add(job, line);
    return g_string_free(g_steal_pointer(&line), FALSE);
}

static void
advise_state(const gw_job *job, GError *error)
{
    gboolean began = job->ledger != NULL && gw_ledger_fence(job->ledger) != 0;
    if (!began && g_strv_contains(writers, job->command))
    {
        gw_error_add_state(error, "nothing was changed");
    }
}

/* The command once more as the advice has it, with all that was said with it. */
static void
advise_line(const gw_job *job, GError *error, const char *line)
{
    g_autofree char *bare = g_strdup_printf("godwit %s", job->command);
    const char *next = gw_error_next(error);
    if (next == NULL || !g_str_has_suffix(next, bare) ||
        gw_error_is(error, GW_CODE_UNSUPPORTED)) /* it is the options that do not fit */
    {
        return;
    }
    gsize before = strlen(next) - strlen(bare);
    if (before == 0 || next[before - 1] == ' ')
    {
        g_autofree char *start = g_strndup(next, before);
        gw_error_set_next(error, "%s%s", start, line);
    }
}

static gboolean
is_of_surroundings(const GError *error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(remedies); i++)
    {
        if (remedies[i].surrounds && gw_error_is(error, remedies[i].code))
        {
            return TRUE;
        }
    }
    return FALSE;
}

static const char *
url_origin(const gw_job *job)
{
    return job->settings == NULL ? "the settings" : gw_settings_origin(job->settings, "url");
}

/* Where the URL stands that leads nowhere. */
static void
advise_url(const gw_job *job, GError *error)
{
    if (gw_error_exit(error) == 3)
    {
        gw_error_add_hint(error, "the URL came from %s", url_origin(job));
    }
}

static void
advise_remedy(const gw_job *job, GError *error, const char *line)
{
    for (gsize i = 0; i < G_N_ELEMENTS(remedies); i++)
    {
        if (!gw_error_is(error, remedies[i].code))
        {
            continue;
        }
        g_autoptr(GString) next = g_string_new(remedies[i].next);
        g_string_replace(next, "{url}", url_origin(job), 0);
        g_string_replace(next, "{command}", job->command, 0);
        g_string_replace(next, "{line}", line, 0);
        if (remedies[i].surrounds)
        {
            gw_error_set_next(error, "%s", next->str);
        }
        gw_error_add_next(error, "%s", next->str);
    }
}

void
gw_job_advise(const gw_job *job, GError *error)
{
    const gw_position *at = gw_error_position(error);
    g_autofree char *line = gw_job_line(job);
    advise_state(job, error);
    advise_line(job, error, line);
    advise_url(job, error);
    if (at != NULL && at->file != NULL && !is_of_surroundings(error))
    {
        gboolean variable = gw_error_is(error, GW_CODE_VARIABLE);
        gw_error_add_next(
            error, "%sedit %s, then: %s", variable ? "set it, or " : "", at->file, line);
    }
    advise_remedy(job, error, line);
    if (gw_error_exit(error) < 70)
    {
        gw_error_add_next(error, "godwit doctor");
    }
}
