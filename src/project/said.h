/*
 * What was said about one value, and by whom: the flag, else the environment, else .env, else
 * godwit.yaml. For settings*.c alone.
 */
#ifndef GW_PROJECT_SAID_H
#define GW_PROJECT_SAID_H

#include "project/dotenv.h"
#include "project/settings.h"

/* All who may say something. */
typedef struct gw_sources
{
    const gw_request *request;
    const gw_config *config;
    GHashTable *environment; /* char * -> char *: the process's alone */
    const gw_dotenv *dotenv; /* NULL where it may not be used */
    GHashTable *variables;   /* what ${NAME} reads: environment over .env */
} gw_sources;

typedef enum gw_layer
{
    GW_LAYER_NONE, /* nobody said anything */
    GW_LAYER_FLAG,
    GW_LAYER_ENVIRONMENT,
    GW_LAYER_DOTENV,
    GW_LAYER_FILE,
} gw_layer;

typedef struct gw_said
{
    gw_layer layer;
    char *text;               /* variables replaced; NULL: nobody */
    char *origin;             /* "flag --url", "environment DATABASE_URL", ".env:3", … */
    const char *name;         /* of the flag, the variable or the key; borrowed */
    const gw_yaml_node *node; /* of FILE */
} gw_said;

void gw_said_clear(gw_said *said);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(gw_said, gw_said_clear)

/*
 * Ask for `option`; `node` is what the file says, or NULL. Variables of the environment that are
 * empty say nothing. Fails with VARIABLE or CONFIG where the file's text cannot be used.
 */
gboolean gw_sources_ask(const gw_sources *sources, gw_option option, const gw_yaml_node *node,
    gw_said *said, GError **error) GW_CHECKED;

/* Say in `error` where the value came from; always FALSE. */
gboolean gw_said_blame(const gw_said *said, const gw_sources *sources, GError **error);

/* `path` as it can be opened: what flags and the environment say is from where the user is, all
 * else from the project's folder. The caller frees it. */
char *gw_sources_path(const gw_sources *sources, gw_layer layer, const char *path);

/* The folder that relative paths of that layer are from; borrowed. */
const char *gw_sources_base(const gw_sources *sources, gw_layer layer);

/* "godwit.yaml:7". The caller frees it. */
char *gw_node_origin(const gw_yaml_node *node);

/* The key, flag and variable of an option. */
const char *gw_option_key(gw_option option);

#endif
