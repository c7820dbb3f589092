/*
 * .env files: NAME=value on a line each, `export` before it or not, '…' as it stands, "…" with \n
 * \r \t \" \\ \$, comments behind # . Bare and double-quoted values may use ${NAME} of the
 * environment and of lines above.
 */
#ifndef GW_PROJECT_DOTENV_H
#define GW_PROJECT_DOTENV_H

#include "base/source.h"

typedef struct gw_dotenv
{
    gw_source *source;
    GHashTable *values; /* char * -> char *: the last line of a name counts */
    GHashTable *places; /* char * -> its offset in the source + 1, as a pointer */
} gw_dotenv;

/*
 * Read the file at `path`. Where there is none: a result without values and without a source.
 * `environment` (char * -> char *) is for ${NAME}. Fails with FILE, ENCODING, CONFIG or VARIABLE
 * and the place; values are in no message.
 */
gw_dotenv *gw_dotenv_read(const char *path, GHashTable *environment, GError **error) GW_CHECKED;

/* As _read(), from a text. */
gw_dotenv *gw_dotenv_parse(gw_source *source, GHashTable *environment, GError **error) GW_CHECKED;

void gw_dotenv_free(gw_dotenv *dotenv);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(gw_dotenv, gw_dotenv_free)

/* Where a name was set. The caller clears it; its line's text is left out: it may be a secret. */
gw_position gw_dotenv_position(const gw_dotenv *dotenv, const char *name);

#endif
