#include "project/config.h"

#include <sys/stat.h>
#include <unistd.h>

#include "project/reader.h"

/* How far up godwit.yaml is looked for; more is a loop of mounts. */
#define FOLDERS_UP 256

static gboolean
exists(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    return g_file_test(path, G_FILE_TEST_EXISTS);
}

static gboolean
is_root(const char *folder)
{
    struct stat here;
    struct stat root;
    return stat(folder, &here) != 0 || stat("/", &root) != 0 ||
           (here.st_dev == root.st_dev && here.st_ino == root.st_ino);
}

/* The folder above, as it is written from here: "..", "../..", or "/a" of "/a/b". */
static char *
folder_above(const char *folder)
{
    if (strcmp(folder, ".") == 0)
    {
        return g_strdup("..");
    }
    gboolean up = strcmp(folder, "..") == 0 || g_str_has_suffix(folder, "/..");
    return g_path_is_absolute(folder) && !up ? g_path_get_dirname(folder)
                                             : g_build_filename(folder, "..", NULL);
}

/* The folder from `start` upwards that holds godwit.yaml; NULL: none. */
static char *
folder_find(const char *start)
{
    g_autofree char *folder = g_strdup(start);
    for (guint i = 0; i < FOLDERS_UP; i++)
    {
        if (exists(folder, GW_CONFIG_FILE))
        {
            return g_steal_pointer(&folder);
        }
        if (exists(folder, ".git") || is_root(folder))
        {
            return NULL;
        }
        char *above = folder_above(folder);
        g_free(folder);
        folder = above;
    }
    return NULL;
}

char *
gw_config_join(const gw_config *config, const char *path)
{
    if (g_path_is_absolute(path) || strcmp(config->folder, ".") == 0)
    {
        return g_strdup(path);
    }
    return g_build_filename(config->folder, path, NULL);
}

/*
 * A file above the folder where the search began may be anybody's, as in /tmp, and names programs
 * to run: it must be the user's own or root's.
 */
static gboolean
owner_check(const char *path, GError **error)
{
    struct stat status;
    if (stat(path, &status) != 0 || status.st_uid == geteuid() || status.st_uid == 0)
    {
        return TRUE;
    }
    gw_fail(error, GW_CODE_CONFIG, "%s belongs to another user", path);
    if (error != NULL)
    {
        gw_error_add_hint(*error, "when you trust it, say so: --config %s", path);
    }
    return FALSE;
}

static gboolean
config_load(gw_config *config, GError **error)
{
    g_autoptr(gw_source) source = gw_source_open(config->path, config->path, error);
    config->yaml = source == NULL ? NULL : gw_yaml_parse(source, error);
    return config->yaml != NULL &&
           gw_config_check(gw_yaml_root(config->yaml), GW_CONFIG_FILE, gw_config_keys(), error);
}

gw_config *
gw_config_read(const char *start, const char *file, GError **error)
{
    g_autoptr(gw_config) config = g_new0(gw_config, 1);
    const char *from = start == NULL ? "." : start;
    config->folder = file == NULL ? folder_find(from) : g_path_get_dirname(file);
    if (config->folder == NULL)
    {
        config->folder = g_strdup(from);
        return g_steal_pointer(&config);
    }
    config->path = file == NULL ? gw_config_join(config, GW_CONFIG_FILE) : g_strdup(file);
    gboolean above = file == NULL && strcmp(config->folder, from) != 0;
    if ((above && !owner_check(config->path, error)) || !config_load(config, error))
    {
        return NULL;
    }
    return g_steal_pointer(&config);
}

void
gw_config_free(gw_config *config)
{
    if (config != NULL)
    {
        g_free(config->path);
        g_free(config->folder);
        gw_yaml_free(config->yaml);
        g_free(config);
    }
}

const gw_yaml_node *
gw_config_get(const gw_config *config, const char *key)
{
    return config->yaml == NULL ? NULL : gw_yaml_get(gw_yaml_root(config->yaml), key);
}
