#include "project/config.h"

/* What every key has: the rest of its row is named. */
#define KEY(key, kind, what) .name = key, .type = GW_KEY_##kind, .about = what

static const char *const order_words[] = {"strict", "late", NULL};
static const char *const phases_words[] = {"through", "stop", NULL};
static const char *const when_words[] = {"never", "before_destructive", "always", NULL};
static const char *const require_words[] = {
    "plan", "lint", "proof", "backup", "down", "verify", "committed", "confirm", NULL};

static const gw_config_key backup_keys[] = {
    {KEY("when", WORD, "when a backup is made"), .words = when_words, .fallback = "never"},
    {KEY("to", TEXT, "the folder that backups go to"), .fallback = "backups"},
    {KEY("check", COMMAND, "a program that must end well: it knows of a backup made elsewhere")},
    {KEY("max_age", DURATION, "how old the newest backup may be")},
    {KEY("limit", SIZE, "how large a database may be that godwit backs up by itself")},
    {KEY("keep", INTEGER, "how many backups are kept")},
    {.name = NULL},
};

static const gw_config_key target_keys[] = {
    {KEY("url", TEXT, "where the database is")},
    {KEY("environment", TEXT, "also written inside the target; a mismatch refuses")},
    {KEY("protected", BOOL, "asks before it writes, and changes defaults"), .fallback = "false"},
    {KEY("role", TEXT, "the role to take on after connecting")},
    {KEY("order", WORD, "may a pending migration be older than the newest applied"),
        .words = order_words, .fallback = "late", .guarded = "strict"},
    {KEY("phases", WORD, "whether `up` ends at expanded or goes through to contract"),
        .words = phases_words, .fallback = "through", .guarded = "stop"},
    {KEY("stall", DURATION, "the longest that godwit may hold up the application"),
        .fallback = "100ms"},
    {KEY("patience", DURATION, "how long it goes on asking for a lock"), .fallback = "10m"},
    {KEY("require", WORDS, "what must be there before the target is changed"),
        .words = require_words},
    {KEY("backup", MAP, "backups before a change"), .keys = backup_keys},
    {KEY("scratch", TEXT, "the server where rehearsals happen")},
    {KEY("masks", TEXT_MAP, "how columns are hidden where data leave the target")},
    {KEY("password_command", COMMAND, "a program whose first line is the password")},
    {KEY("password_file", TEXT, "a file that holds the password")},
    {.name = NULL},
};

static const gw_config_key kept_keys[] = {
    {KEY("retention", DURATION, "how long data are kept for undo"), .fallback = "30d"},
    {KEY("limit", SIZE, "how much a migration keeps without being told"), .fallback = "1GB"},
    {.name = NULL},
};

static const gw_config_key hook_keys[] = {
    {KEY("before_up", COMMAND, "a program to run before migrations are applied")},
    {KEY("after_up", COMMAND, "a program to run afterwards")},
    {KEY("before_down", COMMAND, "a program to run before migrations are undone")},
    {KEY("after_down", COMMAND, "a program to run afterwards")},
    {KEY("before_contract", COMMAND, "a program to run before a migration is contracted")},
    {KEY("after_contract", COMMAND, "a program to run afterwards")},
    {.name = NULL},
};

static const gw_config_key query_keys[] = {
    {KEY("url", TEXT, "the database that is asked")},
    {KEY("sql", TEXT, "a SELECT of one column: a URL for each tenant")},
    {.name = NULL},
};

static const gw_config_key like_keys[] = {
    {KEY("url", TEXT, "the server that the tenants are on")},
    {KEY("like", TEXT, "a LIKE pattern of their names")},
    {.name = NULL},
};

static const gw_config_key rows_keys[] = {
    {KEY("table", TEXT, "the table that lists the tenants")},
    {KEY("key", TEXT, "its column that tells them apart")},
    {.name = NULL},
};

static const gw_config_key tenants_keys[] = {
    {KEY("glob", TEXT, "files that are a tenant each")},
    {KEY("urls", TEXTS, "a URL for each tenant")},
    {KEY("query", MAP, "a query that lists them"), .keys = query_keys},
    {KEY("schemas", MAP, "schemas that are a tenant each"), .keys = like_keys},
    {KEY("databases", MAP, "databases that are a tenant each"), .keys = like_keys},
    {KEY("rows", MAP, "rows that are a tenant each"), .keys = rows_keys},
    {KEY("waves", WAVES, "how many go first, then next; the last may be rest")},
    {KEY("max_failures", AMOUNT, "how many may fail before all stops"), .fallback = "0"},
    {KEY("parallel", INTEGER, "how many at a time"), .fallback = "1"},
    {.name = NULL},
};

static const gw_config_key outermost[] = {
    {KEY("project", TEXT, "scopes every ledger row and lock; default: the folder's name")},
    {KEY("migrations", TEXTS, "the folder of the migrations, or several"),
        .fallback = "migrations"},
    {KEY("seeds", TEXT, "the folder of the seeds"), .fallback = "seeds"},
    {KEY("ledger", TEXT, "schema or prefix of godwit's own tables"), .fallback = "godwit"},
    {KEY("vars", TEXT_MAP, "what ${name} becomes in sections that say substitute:true")},
    {KEY("targets", NAMED_MAP, "the databases that migrations are applied to"),
        .keys = target_keys},
    {KEY("kept", MAP, "data that are kept for undo"), .keys = kept_keys},
    {KEY("hooks", MAP, "programs to run besides"), .keys = hook_keys},
    {KEY("tenants", MAP, "many databases of one shape"), .keys = tenants_keys},
    {.name = NULL},
};

const gw_config_key *
gw_config_keys(void)
{
    return outermost;
}

const gw_config_key *
gw_config_key_find(const gw_config_key *keys, const char *name)
{
    for (; keys->name != NULL; keys++)
    {
        if (strcmp(keys->name, name) == 0)
        {
            return keys;
        }
    }
    return NULL;
}
