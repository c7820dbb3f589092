#include "ledger/statements.h"

#define OURS "project = :project AND place = :place"

/* The columns of an event that its hash covers, in the order of ledger/audit.h. */
#define COVERED                                                                                    \
    "number, fence, type, version, name, kind, state, direction, phase, raw_sha256, "              \
    "token_sha256, batch, origin, replaces, started, duration, steps, note"

#define ADD_EVENT                                                                                  \
    "INSERT INTO {events} (project, place, number, fence, type, version, name, kind, state, "      \
    "direction, phase, raw_sha256, token_sha256, batch, origin, replaces, started, duration, "     \
    "written, steps, note, hash) VALUES "
#define EVENT                                                                                      \
    "(:project, :place, :number, {fence}, :type, :version, :name, :kind, :state, :direction, "     \
    ":phase, :raw, :token, :batch, :origin, :replaces, :started, :duration, {now_text}, :steps, "  \
    ":note, :hash)"

/* The number of the lease as it is now. */
#define HELD "(SELECT h.fence FROM {leases} h WHERE h.project = :project AND h.place = :place)"

/* A column of the last event of a version; in brackets, so that an INSERT may ask its own table. */
#define LAST_OF(column)                                                                            \
    "SELECT " column " FROM (SELECT " column " FROM {events} WHERE " OURS                          \
    " AND version = :version ORDER BY number DESC LIMIT 1) AS d"

static const char *const slot_names[] = {
#define GW_SLOT_NAME(name, text) text,
    GW_SLOTS(GW_SLOT_NAME)
#undef GW_SLOT_NAME
};

/* The tables. Moments are ISO 8601 text in UTC from the server's clock, except where the server
 * itself compares them. */
static const char *const tables[] = {
    "CREATE TABLE IF NOT EXISTS {ledger} (name {text} NOT NULL PRIMARY KEY, "
    "value {long} NOT NULL){tail}",
    "CREATE TABLE IF NOT EXISTS {environments} (project {text} NOT NULL, place {text} NOT NULL, "
    "environment {text} NOT NULL, PRIMARY KEY (project, place)){tail}",
    "CREATE TABLE IF NOT EXISTS {leases} (project {text} NOT NULL, place {text} NOT NULL, "
    "fence {integer} NOT NULL, run {text}, mode {text}, expires {stamp}, started {text}, "
    "actor {text}, host {text}, pid {integer}, command {text}, step {long}, sessions {long}, "
    "application {text}, PRIMARY KEY (project, place), UNIQUE (project, place, fence)){tail}",
    "CREATE TABLE IF NOT EXISTS {events} (project {text} NOT NULL, place {text} NOT NULL, "
    "number {integer} NOT NULL, fence {integer} NOT NULL, type {text} NOT NULL, "
    "version {text} NOT NULL, name {long} NOT NULL, kind {text} NOT NULL, state {text} NOT NULL, "
    "direction {text} NOT NULL, phase {text} NOT NULL, raw_sha256 {text} NOT NULL, "
    "token_sha256 {text} NOT NULL, batch {integer} NOT NULL, origin {integer} NOT NULL, "
    "replaces {integer} NOT NULL, started {text} NOT NULL, duration {integer} NOT NULL, "
    "written {text} NOT NULL, steps {long} NOT NULL, note {long} NOT NULL, hash {text} NOT NULL, "
    "PRIMARY KEY (project, place, number)){tail}",
    "CREATE TABLE IF NOT EXISTS {steps} (project {text} NOT NULL, place {text} NOT NULL, "
    "version {text} NOT NULL, direction {text} NOT NULL, ordinal {integer} NOT NULL, "
    "statements {integer} NOT NULL, statement_sha256 {text} NOT NULL, state {text} NOT NULL, "
    "verb {long} NOT NULL, before_image {long}, fence {integer} NOT NULL, "
    "started {text} NOT NULL, ended {text}, "
    "PRIMARY KEY (project, place, version, direction, ordinal)){tail}",
    "CREATE TABLE IF NOT EXISTS {runs} (project {text} NOT NULL, place {text} NOT NULL, "
    "fence {integer} NOT NULL, run {text} NOT NULL, command {text} NOT NULL, "
    "state {text} NOT NULL, actor {text}, host {text}, pid {integer}, git_commit {text}, "
    "program {text} NOT NULL, started {text} NOT NULL, ended {text}, events {integer}, "
    "PRIMARY KEY (project, place, fence)){tail}",
    NULL,
};

static const char *const templates[GW_LEDGER_STATEMENT_COUNT] = {
    [GW_LEDGER_NOW] = "SELECT {now_text}",
    [GW_LEDGER_FORMAT] = "SELECT value FROM {ledger} WHERE name = 'format'",
    [GW_LEDGER_SET_FORMAT] = "INSERT INTO {ledger} (name, value) VALUES ('format', :value)",
    [GW_LEDGER_ENVIRONMENT] = "SELECT environment FROM {environments} WHERE " OURS,
    [GW_LEDGER_SET_ENVIRONMENT] = "INSERT INTO {environments} (project, place, environment) "
                                  "VALUES (:project, :place, :value)",
    /* Which event is the last of its version is found by who reads them: a database that knows
       nothing of the table yet would join it with itself row by row. */
    [GW_LEDGER_HISTORY] =
        "SELECT number, version, name, kind, state, direction, phase, raw_sha256, "
        "token_sha256, batch, origin, fence, started, duration, written FROM {events} WHERE " OURS
        " AND version <> ''",
    [GW_LEDGER_STEPS] =
        "SELECT direction, ordinal, statements, statement_sha256, state, verb, before_image "
        "FROM {steps} WHERE " OURS " AND version = :version ORDER BY direction, ordinal",
    [GW_LEDGER_INTENT] = "SELECT type, direction, steps, note FROM {events} WHERE " OURS
                         " AND version = :version ORDER BY number DESC LIMIT 1",
    [GW_LEDGER_ADD_STEP] =
        "INSERT INTO {steps} (project, place, version, direction, ordinal, statements, "
        "statement_sha256, state, verb, before_image, fence, started, ended) VALUES "
        "(:project, :place, :version, :direction, :ordinal, :statements, :hash, :state, :verb, "
        ":image, {fence}, :started, :ended)",
    [GW_LEDGER_UPDATE_STEP] =
        "UPDATE {steps} SET state = :state, ended = :ended, fence = {fence} WHERE " OURS
        " AND version = :version AND direction = :direction AND ordinal = :ordinal",
    [GW_LEDGER_DELETE_STEP] =
        "DELETE FROM {steps} WHERE " OURS
        " AND version = :version AND direction = :direction AND ordinal = :ordinal",
    [GW_LEDGER_DELETE_STEPS] = "DELETE FROM {steps} WHERE " OURS " AND version = :version",
    [GW_LEDGER_ADD_RUN] =
        "INSERT INTO {runs} (project, place, fence, run, command, state, actor, host, pid, "
        "git_commit, program, started) VALUES (:project, :place, {fence}, :run, :command, "
        "'running', :actor, :host, :pid, :commit, :program, :started)",
    [GW_LEDGER_END_RUN] = "UPDATE {runs} SET state = :state, ended = :ended, events = :number "
                          "WHERE " OURS " AND run = :run AND fence = " HELD,
    [GW_LEDGER_RUNS] = "SELECT fence, run, command, actor, host, git_commit, program, events "
                       "FROM {runs} WHERE " OURS,
    [GW_LEDGER_ADD_EVENT] = ADD_EVENT EVENT,
    [GW_LEDGER_ADD_TWO_EVENTS] = ADD_EVENT EVENT ", {next}" EVENT,
    [GW_LEDGER_SEAL_EVENT] = "UPDATE {events} SET hash = {sealed} WHERE " OURS " AND hash = ''",
    [GW_LEDGER_LAST_EVENT] =
        "SELECT number, hash FROM {events} WHERE " OURS " ORDER BY number DESC LIMIT 1",
    [GW_LEDGER_EVENTS] =
        "SELECT " COVERED ", written, hash FROM {events} WHERE " OURS " ORDER BY number",
    [GW_LEDGER_ADD_LEASE] =
        "INSERT INTO {leases} (project, place, fence) VALUES (:project, :place, 0)",
    [GW_LEDGER_READ_LEASE] =
        "SELECT fence, run, mode, CASE WHEN expires < {now} THEN 1 ELSE 0 END, started, actor, "
        "host, pid, command, step, sessions, application FROM {leases} WHERE " OURS,
    [GW_LEDGER_CLAIM_LEASE] =
        "UPDATE {leases} SET fence = fence + 1, run = :run, mode = :mode, expires = {later}, "
        "started = :started, actor = :actor, host = :host, pid = :pid, command = :command, "
        "step = NULL, sessions = :sessions, application = :application "
        "WHERE " OURS " AND fence = :fence",
    [GW_LEDGER_BEAT_LEASE] =
        "UPDATE {leases} SET expires = {later}, step = :step, sessions = :sessions "
        "WHERE " OURS " AND run = :run AND fence = :fence",
    [GW_LEDGER_FREE_LEASE] =
        "UPDATE {leases} SET run = NULL, mode = NULL, expires = NULL, step = NULL, "
        "sessions = NULL WHERE " OURS " AND run = :run AND fence = :fence",
    [GW_LEDGER_ENSURE_FORMAT] =
        "INSERT INTO {ledger} (name, value) SELECT 'format', :value FROM (SELECT 1 AS one) AS d "
        "WHERE NOT EXISTS (SELECT 1 FROM {ledger} WHERE name = 'format')",
    [GW_LEDGER_ENSURE_LEASE] =
        "INSERT INTO {leases} (project, place, fence) SELECT :project, :place, 0 FROM (SELECT 1 AS "
        "one) AS d WHERE NOT EXISTS (SELECT 1 FROM {leases} WHERE " OURS ")",
    [GW_LEDGER_GUARD] = "INSERT INTO {ledger} (name, value) VALUES (:name, :value)",
    [GW_LEDGER_END_GUARD] = "DELETE FROM {ledger} WHERE name = :name",
    [GW_LEDGER_STATE_OF] = LAST_OF("state"),
    [GW_LEDGER_BATCH_OF] = LAST_OF("batch"),
    [GW_LEDGER_ORIGIN_OF] = LAST_OF("origin"),
    [GW_LEDGER_NUMBER_OF] = LAST_OF("number"),
    [GW_LEDGER_NEXT_BATCH] =
        "SELECT b FROM (SELECT COALESCE(MAX(CASE WHEN fence = " HELD
        " THEN batch END), MAX(batch) + 1, 1) AS b FROM {events} WHERE " OURS
        " AND state <> '' AND number NOT IN (SELECT replaces FROM {events} WHERE " OURS ")) AS d",
    [GW_LEDGER_EVENT_COUNT] =
        "SELECT n FROM (SELECT COALESCE(MAX(number), 0) AS n FROM {events} WHERE " OURS ") AS d",
};

/* What a template is being put into. */
typedef struct maker
{
    const gw_dialect *dialect;
    const char *home;
    const char *place;
    GString *out;
    gw_ledger_sql *sql;             /* NULL for tables, which have no parameters, and for scripts */
    const char *const *expressions; /* by slot: what scripts have in the place of parameters */
    gboolean checked;               /* the fencing number need not be looked up */
} maker;

static void expand(maker *make, const char *template);

char *
gw_ledger_table(const gw_dialect *dialect, const char *home, const char *place, const char *table)
{
    if (gw_dialect_has(dialect, GW_FEATURE_SCHEMAS))
    {
        return gw_dialect_name(dialect, home, table);
    }
    g_autofree char *prefixed = g_strdup_printf("%s_%s", home, table);
    return gw_dialect_name(dialect, place, prefixed);
}

static int
slot_find(const char *name, gsize length)
{
    for (guint i = 0; i < GW_SLOT_COUNT; i++)
    {
        if (strlen(slot_names[i]) == length && strncmp(slot_names[i], name, length) == 0)
        {
            return (int)i;
        }
    }
    g_error("the ledger has no slot \"%.*s\"", (int)length, name);
}

/* The place of a parameter, in the form that the dialect wants. */
static void
put_parameter(maker *make, guint slot)
{
    gw_ledger_sql *sql = make->sql;
    if (make->expressions != NULL)
    {
        const char *text = make->expressions[slot];
        g_string_append(make->out, text == NULL ? "NULL" : text);
        return;
    }
    guint index = sql->next;
    if (make->dialect->ledger->numbered)
    {
        while (index < sql->count && sql->slots[index] != slot)
        {
            index++;
        }
    }
    else
    {
        index = sql->count;
    }
    if (index == sql->count)
    {
        g_assert(sql->count < G_N_ELEMENTS(sql->slots));
        sql->slots[sql->count++] = (guint8)slot;
    }
    if (make->dialect->ledger->numbered)
    {
        g_string_append_printf(make->out, "$%u", index + 1);
    }
    else
    {
        g_string_append_c(make->out, '?');
    }
}

/* The words of the dialect that are not table names; FALSE when `word` is none. */
static gboolean
put_word(maker *make, const char *word)
{
    const gw_ledger_words *words = make->dialect->ledger;
    const struct
    {
        const char *word;
        const char *text;
    } rows[] = {
        {"text", words->text},
        {"long", words->long_text},
        {"integer", words->integer},
        {"stamp", words->stamp},
        {"tail", words->table_tail},
        {"now", words->now},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    {
        if (strcmp(rows[i].word, word) == 0)
        {
            g_string_append(make->out, rows[i].text);
            return TRUE;
        }
    }
    return FALSE;
}

/* `pattern` with its one %s replaced by what `inner` expands to. */
static void
put_around(maker *make, const char *pattern, const char *inner)
{
    const char *hole = strstr(pattern, "%s");
    g_assert(hole != NULL);
    g_string_append_len(make->out, pattern, hole - pattern);
    expand(make, inner);
    g_string_append(make->out, hole + 2);
}

static void
put_fence(maker *make)
{
    if (make->sql != NULL)
    {
        make->sql->fenced = TRUE;
    }
    if (make->checked)
    {
        expand(make, ":fence");
        return;
    }
    expand(make, "(SELECT f.fence FROM {leases} f WHERE f.project = :project AND "
                 "f.place = :place AND f.run = :run AND f.fence = :fence ");
    g_string_append(make->out, make->dialect->ledger->share_row);
    g_string_append_c(make->out, ')');
}

/* The hash of the one event that has none yet, as ledger/audit.h has it. */
static void
put_sealed(maker *make)
{
    static const char columns[] =
        "CONCAT_WS('\n', COALESCE((SELECT s.hash FROM (SELECT p.hash FROM {events} p WHERE "
        "p.project = :project AND p.place = :place AND p.hash <> '' ORDER BY p.number DESC LIMIT "
        "1) AS s), '" GW_LEDGER_NO_HASH "'), " COVERED ")";
    const gw_script_words *words = make->dialect->script;
    put_around(make, words == NULL || words->sha256 == NULL ? "%s" : words->sha256, columns);
}

static void
put_brace(maker *make, const char *word)
{
    if (strcmp(word, "fence") == 0)
    {
        put_fence(make);
    }
    else if (strcmp(word, "later") == 0)
    {
        put_around(make, make->dialect->ledger->later, ":life");
    }
    else if (strcmp(word, "now_text") == 0)
    {
        put_around(make, make->dialect->ledger->stamp_text, "{now}");
    }
    else if (strcmp(word, "next") == 0)
    {
        make->sql->next = make->sql->count;
    }
    else if (strcmp(word, "sealed") == 0)
    {
        put_sealed(make);
    }
    else if (!put_word(make, word))
    {
        g_autofree char *name = gw_ledger_table(make->dialect, make->home, make->place, word);
        g_string_append(make->out, name);
    }
}

static void
expand(maker *make, const char *template)
{
    const char *at = template;
    while (*at != '\0')
    {
        gsize plain = strcspn(at, "{:");
        g_string_append_len(make->out, at, (gssize)plain);
        at += plain;
        if (*at == '{')
        {
            gsize length = strcspn(at + 1, "}");
            g_autofree char *word = g_strndup(at + 1, length);
            put_brace(make, word);
            at += length + 2;
        }
        else if (*at == ':')
        {
            gsize length = strspn(at + 1, "abcdefghijklmnopqrstuvwxyz_");
            put_parameter(make, (guint)slot_find(at + 1, length));
            at += length + 1;
        }
    }
}

void
gw_ledger_sql_make(gw_ledger_sql *sql, gw_ledger_statement statement, const gw_dialect *dialect,
    const char *home, const char *place, gboolean checked)
{
    memset(sql, 0, sizeof *sql);
    maker make = {.dialect = dialect,
        .home = home,
        .place = place,
        .out = g_string_new(NULL),
        .sql = sql,
        .checked = checked};
    expand(&make, templates[statement]);
    sql->text = g_string_free(make.out, FALSE);
}

char *
gw_ledger_sql_text(gw_ledger_statement statement, const gw_dialect *dialect, const char *home,
    const char *place, const char *const *expressions)
{
    maker make = {dialect, home, place, g_string_new(NULL), NULL, expressions, FALSE};
    expand(&make, templates[statement]);
    return g_string_free(make.out, FALSE);
}

char **
gw_ledger_schema(const gw_dialect *dialect, const char *home, const char *place)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new();
    if (gw_dialect_has(dialect, GW_FEATURE_SCHEMAS))
    {
        g_autofree char *name = gw_dialect_name(dialect, NULL, home);
        g_ptr_array_add(list, g_strconcat("CREATE SCHEMA IF NOT EXISTS ", name, NULL));
    }
    for (guint i = 0; tables[i] != NULL; i++)
    {
        maker make = {dialect, home, place, g_string_new(NULL), NULL, NULL, FALSE};
        expand(&make, tables[i]);
        g_ptr_array_add(list, g_string_free(make.out, FALSE));
    }
    g_ptr_array_add(list, NULL);
    return (char **)g_ptr_array_steal(list, NULL);
}
