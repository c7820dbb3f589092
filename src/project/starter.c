#include "project/starter.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/secret.h"
#include "project/config.h"
#include "project/scan.h"

/* How many seconds are tried for a free version: that many migrations in one second are no
 * person's. */
#define SECONDS_TRIED 100000

static const char config_text[] =
    "# What godwit knows about this project. All keys: godwit help --json-schema\n"
    "\n"
    "project: %s  # scopes history and lock: keep it when the folder is renamed\n"
    "migrations: %s\n"
    "\n"
    "targets:\n"
    "  dev:\n"
    "    url: %s\n"
    "\n"
    "  # A protected target asks before it writes, and goes step by step.\n"
    "  # prod:\n"
    "  #   url: ${PROD_DATABASE_URL}\n"
    "  #   environment: production\n"
    "  #   protected: true\n";

static const char keep_text[] =
    "# Keeps this folder in git until the first migration: godwit new\n";

static const char migration_text[] = "-- What this is for, and what it does besides.\n"
                                     "-- migrate:up\n"
                                     "\n"
                                     "\n"
                                     "-- migrate:down\n"
                                     "\n";

void
gw_starter_clear(gw_starter *starter)
{
    g_free(starter->config);
    g_free(starter->migrations);
    memset(starter, 0, sizeof *starter);
}

/* `text` as a YAML value: plain where nothing in it could be read otherwise. ${ is kept from being
 * a variable. */
static char *
yaml_value(const char *text)
{
    static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-";
    g_autoptr(GString) value = g_string_new(text);
    g_string_replace(value, "${", "$${", 0);
    gsize plain = strspn(value->str, safe);
    gboolean url = plain > 0 && value->str[plain] == ':' &&
                   strspn(value->str + plain + 1, safe) + plain + 1 == value->len &&
                   value->str[value->len - 1] != ':';
    if (g_ascii_isalpha(value->str[0]) && (url || plain == value->len))
    {
        return g_strdup(value->str);
    }
    g_string_replace(value, "'", "''", 0);
    return g_strdup_printf("'%s'", value->str);
}

/* "shop" of the folder, for a project that has no other name. */
static char *
project_name(const char *folder)
{
    g_autofree char *path = g_canonicalize_filename(folder, NULL);
    g_autofree char *name = g_path_get_basename(path);
    return yaml_value(strcmp(name, "/") == 0 ? "default" : name);
}

/* A path in `folder`; bare when the folder is the current one. */
static char *
path_in(const char *folder, const char *name)
{
    return strcmp(folder, ".") == 0 ? g_strdup(name) : g_build_filename(folder, name, NULL);
}

/* Take the migrations folder that is there, or make one. */
static gboolean
migrations_take(const char *folder, const char **name, gw_starter *starter, GError **error)
{
    static const char *const names[] = {"migrations", "db/migrations"};
    for (gsize i = 0; i < G_N_ELEMENTS(names) && !starter->found; i++)
    {
        g_free(starter->migrations);
        starter->migrations = path_in(folder, names[i]);
        starter->found = g_file_test(starter->migrations, G_FILE_TEST_IS_DIR);
        *name = names[i];
    }
    if (starter->found)
    {
        return TRUE;
    }
    g_free(starter->migrations);
    *name = names[0];
    starter->migrations = path_in(folder, names[0]);
    g_autofree char *keep = g_build_filename(starter->migrations, ".gitkeep", NULL);
    return gw_folder_make(starter->migrations, 0777, error) &&
           gw_file_create(keep, keep_text, error);
}

gboolean
gw_starter_init(const char *folder, const char *url, gw_starter *starter, GError **error)
{
    const char *where = folder == NULL ? "." : folder;
    const char *name = NULL;
    memset(starter, 0, sizeof *starter);
    starter->config = path_in(where, GW_CONFIG_FILE);
    if (g_file_test(starter->config, G_FILE_TEST_EXISTS))
    {
        gw_fail(error, GW_CODE_EXISTS_ALREADY, "%s is already there", starter->config);
        return FALSE;
    }
    if (!migrations_take(where, &name, starter, error))
    {
        return FALSE;
    }
    starter->hidden_secret = url != NULL && gw_secret_in_url(url);
    g_autofree char *project = project_name(where);
    g_autofree char *shown =
        url == NULL || starter->hidden_secret ? g_strdup("${DATABASE_URL}") : yaml_value(url);
    g_autofree char *text = g_strdup_printf(config_text, project, name, shown);
    return gw_file_create(starter->config, text, error);
}

/* The keys of all versions in the folders; those that are not there have none. */
static gboolean
versions_read(const char *const *folders, GHashTable *taken, GError **error)
{
    g_autoptr(GStringChunk) texts = g_string_chunk_new(4096);
    g_autoptr(GPtrArray) ignored = g_ptr_array_new_with_free_func(g_free);
    g_auto(gw_scan) scan;
    gw_scan_init(&scan, texts, ignored);
    for (gsize i = 0; folders[i] != NULL; i++)
    {
        if (g_file_test(folders[i], G_FILE_TEST_EXISTS) &&
            !gw_scan_folder(&scan, folders[i], error))
        {
            return FALSE;
        }
    }
    for (guint i = 0; i < scan.files->len; i++)
    {
        const gw_file *file = &g_array_index(scan.files, gw_file, i);
        g_hash_table_add(taken, gw_version_key(file->version));
    }
    return TRUE;
}

/* The first free version from `wall` on. NULL: none in reach. */
static char *
version_free(GHashTable *taken, gint64 wall)
{
    for (gint64 i = 0; i < SECONDS_TRIED; i++)
    {
        g_autoptr(GDateTime) moment = g_date_time_new_from_unix_utc(wall / G_USEC_PER_SEC + i);
        g_autofree char *version = g_date_time_format(moment, "%Y%m%d%H%M%S");
        if (!g_hash_table_contains(taken, version))
        {
            return g_steal_pointer(&version);
        }
    }
    return NULL;
}

gboolean
gw_starter_new(
    const char *const *folders, const char *const *words, gint64 wall, char **path, GError **error)
{
    g_autofree char *name = gw_name_from_words(words);
    g_autoptr(GHashTable) taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (name == NULL)
    {
        gw_fail(error, GW_CODE_USAGE, "a migration needs a name: godwit new add users");
        return FALSE;
    }
    if (!versions_read(folders, taken, error))
    {
        return FALSE;
    }
    g_autofree char *version = version_free(taken, wall);
    if (version == NULL)
    {
        gw_fail(error, GW_CODE_EXISTS_ALREADY, "every second from now on has a migration");
        return FALSE;
    }
    g_autofree char *file = g_strdup_printf("%s/%s_%s.sql", folders[0], version, name);
    if (!gw_folder_make(folders[0], 0777, error) || !gw_file_create(file, migration_text, error))
    {
        return FALSE;
    }
    *path = g_steal_pointer(&file);
    return TRUE;
}
