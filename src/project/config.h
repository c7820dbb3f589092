/*
 * godwit.yaml as a user writes it (GRAMMAR §2): found, read, every key known and every value of
 * its type. What flags, environment and .env say besides is put over it in settings.h.
 */
#ifndef GW_PROJECT_CONFIG_H
#define GW_PROJECT_CONFIG_H

#include "base/yaml.h"

#define GW_CONFIG_FILE "godwit.yaml"

typedef enum gw_key_type
{
    GW_KEY_TEXT,
    GW_KEY_BOOL,      /* true or false, never a variable */
    GW_KEY_INTEGER,   /* from 0 */
    GW_KEY_DURATION,  /* "100ms" */
    GW_KEY_SIZE,      /* "1GB" */
    GW_KEY_AMOUNT,    /* a number, or a part: "3", "10%" */
    GW_KEY_WORD,      /* one of `words` */
    GW_KEY_WORDS,     /* a list of them */
    GW_KEY_TEXTS,     /* a list of texts, or one */
    GW_KEY_COMMAND,   /* a list: an argument vector; or a text that is split as a shell would */
    GW_KEY_WAVES,     /* a list of amounts, the last may be "rest" */
    GW_KEY_TEXT_MAP,  /* names to texts */
    GW_KEY_MAP,       /* `keys` */
    GW_KEY_NAMED_MAP, /* names to maps of `keys` */
} gw_key_type;

/* One key that godwit.yaml may have. Checks, help and the JSON Schema are made from the table. */
typedef struct gw_config_key
{
    const char *name;
    gw_key_type type;
    const char *about;                /* one line */
    const char *const *words;         /* of WORD and WORDS, NULL-terminated */
    const struct gw_config_key *keys; /* of MAP and NAMED_MAP; ends with a NULL name */
    const char *fallback;             /* the default, as it would be written; NULL: none */
    const char *guarded;              /* the default of protected targets, where it differs */
} gw_config_key;

/* The outermost keys; ends with a NULL name. */
const gw_config_key *gw_config_keys(void);

/* The key `name` among `keys`; NULL: none. */
const gw_config_key *gw_config_key_find(const gw_config_key *keys, const char *name);

typedef struct gw_config
{
    char *path;    /* of the file, as messages show it; NULL: there is none */
    char *folder;  /* that it lies in, or where the search began: paths in it are from here */
    gw_yaml *yaml; /* NULL: there is no file */
} gw_config;

/*
 * Read `file`, or when it is NULL look for godwit.yaml from `start` (NULL: here) upwards, to the
 * folder that holds .git or to the root. No file is no failure. Every value is checked but those
 * with ${…}, which are checked when they are used. Fails with FILE, YAML, ENCODING or CONFIG.
 */
gw_config *gw_config_read(const char *start, const char *file, GError **error) GW_CHECKED;
void gw_config_free(gw_config *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(gw_config, gw_config_free)

/* The outermost value of `key`; NULL when it is not there. */
const gw_yaml_node *gw_config_get(const gw_config *config, const char *key);

/* `path` of the file, seen from where `start` was: absolute ones stay. The caller frees it. */
char *gw_config_join(const gw_config *config, const char *path);

#endif
