/*
 * What the rest of godwit goes by: for each value the flag, else the environment, else .env, else
 * godwit.yaml, else the default; and where each came from.
 */
#ifndef GW_PROJECT_SETTINGS_H
#define GW_PROJECT_SETTINGS_H

#include "base/error.h"
#include "project/config.h"

/*
 * The values that a flag or the environment can say; all else is the file's alone.
 * X(NAME, "key", "--flag", "VARIABLE")
 */
#define GW_OPTIONS(X)                                                                              \
    X(TARGET, "target", "--target", "GODWIT_TARGET")                                               \
    X(URL, "url", "--url", "GODWIT_URL") /* and DATABASE_URL */                                    \
    X(MIGRATIONS, "migrations", "--dir", "GODWIT_DIR")                                             \
    X(SEEDS, "seeds", "--seeds", "GODWIT_SEEDS")                                                   \
    X(PROJECT, "project", "--project", "GODWIT_PROJECT")                                           \
    X(LEDGER, "ledger", "--ledger", "GODWIT_LEDGER")                                               \
    X(ENVIRONMENT, "environment", "--environment", "GODWIT_ENVIRONMENT")                           \
    X(ROLE, "role", "--role", "GODWIT_ROLE")                                                       \
    X(ORDER, "order", "--order", "GODWIT_ORDER")                                                   \
    X(PHASES, "phases", "--phases", "GODWIT_PHASES")                                               \
    X(STALL, "stall", "--stall", "GODWIT_STALL")                                                   \
    X(PATIENCE, "patience", "--patience", "GODWIT_PATIENCE")                                       \
    X(SCRATCH, "scratch", "--scratch", "GODWIT_SCRATCH")                                           \
    X(PASSWORD_FILE, "password_file", "--password-file", "GODWIT_PASSWORD_FILE")

typedef enum gw_option
{
#define GW_OPTION_ENUM(name, key, flag, variable) GW_OPTION_##name,
    GW_OPTIONS(GW_OPTION_ENUM)
#undef GW_OPTION_ENUM
        GW_OPTION_COUNT
} gw_option;

/* What is asked for. */
typedef struct gw_request
{
    const char *folder;                 /* where to start; NULL: here */
    const char *config;                 /* --config; NULL: GODWIT_CONFIG, else look for it */
    const char *flags[GW_OPTION_COUNT]; /* what the command line says; NULL: nothing */
    const char *const *environment;     /* "NAME=value", NULL-terminated; NULL: the process's */
    gboolean without_target; /* the command needs no database: nothing about targets is asked, and
                                target.url is NULL */
} gw_request;

typedef enum gw_order
{
    GW_ORDER_STRICT, /* a pending migration older than the newest applied one is refused */
    GW_ORDER_LATE,   /* … is applied */
} gw_order;

/* What must be there before a target is changed; bits, in the order of require_words. */
typedef enum gw_require
{
    GW_REQUIRE_PLAN = 1u << 0,
    GW_REQUIRE_LINT = 1u << 1,
    GW_REQUIRE_PROOF = 1u << 2,
    GW_REQUIRE_BACKUP = 1u << 3,
    GW_REQUIRE_DOWN = 1u << 4,
    GW_REQUIRE_VERIFY = 1u << 5,
    GW_REQUIRE_COMMITTED = 1u << 6,
    GW_REQUIRE_CONFIRM = 1u << 7,
} gw_require;

typedef enum gw_backup_when
{
    GW_BACKUP_NEVER,
    GW_BACKUP_BEFORE_DESTRUCTIVE,
    GW_BACKUP_ALWAYS,
} gw_backup_when;

/* A number of things, or a part of all. */
typedef struct gw_amount
{
    double value;
    gboolean percent;
    gboolean rest; /* all that are left; `value` means nothing */
} gw_amount;

typedef struct gw_backup_settings
{
    gw_backup_when when; /* NEVER unless the file says so */
    char *to;            /* folder, joined with the project's */
    char **check;        /* a program that must end well; NULL: none */
    gint64 max_age;      /* microseconds; 0: not asked */
    guint64 limit;       /* bytes; 0: none */
    gint64 keep;         /* how many; 0: all */
} gw_backup_settings;

typedef struct gw_target
{
    char *name; /* NULL: a URL that was given by hand */
    char *url;  /* as written, secrets inside: never shown, see `shown` */
    char *shown;
    char *base;        /* the folder that relative paths in the URL are from */
    char *environment; /* NULL: not said */
    gboolean protect;
    char *role;              /* NULL: none */
    gw_order order;          /* strict where protected, else late */
    gboolean stop;           /* phases: stop (protected) at expanded, or through */
    gint64 stall;            /* microseconds; 100 ms */
    gint64 patience;         /* microseconds; 10 min */
    guint require;           /* of gw_require */
    char *scratch;           /* URL; NULL: not said */
    GHashTable *masks;       /* char * "users.email" -> char * "hash" */
    char *password_file;     /* NULL: none */
    char **password_command; /* argument vector; NULL: none */
    gw_backup_settings backup;
} gw_target;

typedef enum gw_hook
{
    GW_HOOK_BEFORE_UP,
    GW_HOOK_AFTER_UP,
    GW_HOOK_BEFORE_DOWN,
    GW_HOOK_AFTER_DOWN,
    GW_HOOK_BEFORE_CONTRACT,
    GW_HOOK_AFTER_CONTRACT,
    GW_HOOK_COUNT,
} gw_hook;

/* A value and where it came from, as `godwit config` prints it. */
typedef struct gw_origin
{
    char *key;    /* "project", "url" (of the target in use), "vars.app_role" */
    char *value;  /* fit to be shown */
    char *origin; /* "flag --url", "environment DATABASE_URL", ".env:3", "godwit.yaml:7", … */
} gw_origin;

typedef struct gw_settings
{
    gw_config *config;
    char *folder;      /* of the project: hooks and other programs run here */
    char *project;     /* the name that scopes every ledger row */
    char **migrations; /* folders, to be opened as they are */
    char *seeds;       /* folder */
    char *ledger;
    GHashTable *vars; /* char * -> char *: for ${name} in sections that say so */
    gw_target target;
    char **hooks[GW_HOOK_COUNT]; /* argument vectors; NULL: none */
    gint64 kept_retention;       /* microseconds; 30 d */
    guint64 kept_limit;          /* bytes; 1 GB */
    char **targets;              /* names of all targets of the file, in its order */
    char *overrides;     /* C10: when an inherited URL was used and the file names another for its
                            default target: a line that says so; else NULL */
    GPtrArray *warnings; /* of char *: lines that the user should see */
    GPtrArray *origins;  /* of gw_origin * */
    GHashTable *environment; /* char * -> char *: what ${NAME} reads */
} gw_settings;

/*
 * Put everything together. Fails with CONFIG, VARIABLE, YAML, FILE and the place; with NO_TARGET
 * when a target is needed and none can be told: the only one of the file, or the one called dev,
 * or the one that a flag, the environment or .env names, or the one whose URL those say; any other
 * URL makes a target without a name. .env lies beside godwit.yaml and is never used for a protected
 * target.
 */
gw_settings *gw_settings_read(const gw_request *request, GError **error) GW_CHECKED;
void gw_settings_free(gw_settings *settings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(gw_settings, gw_settings_free)

/* Where the value of `key` came from; "default" when nothing said it. */
const char *gw_settings_origin(const gw_settings *settings, const char *key);

/*
 * The password for the target: of the file, else of the command's first line; *password is NULL
 * where neither is set or the URL has one. The caller wipes it. Fails with FILE or PROGRAM.
 */
gboolean gw_settings_password(
    const gw_settings *settings, char **password, GError **error) GW_CHECKED;

/* `tenants:`; what does not apply is NULL or 0. */
typedef struct gw_tenants
{
    char *glob;
    char **urls;
    char *query_url, *query_sql;
    char *schemas_url, *schemas_like;
    char *databases_url, *databases_like;
    char *rows_table, *rows_key;
    GArray *waves;          /* of gw_amount */
    gw_amount max_failures; /* 0: the first failure stops */
    gint64 parallel;        /* 1 */
} gw_tenants;

/* Read them now: variables that only they use need no value before. *tenants is NULL when there
 * are none. The caller frees it. */
gboolean gw_settings_tenants(
    const gw_settings *settings, gw_tenants **tenants, GError **error) GW_CHECKED;
void gw_tenants_free(gw_tenants *tenants);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(gw_tenants, gw_tenants_free)

#endif
