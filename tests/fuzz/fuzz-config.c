/* Any bytes as godwit.yaml, or behind a first byte of '.' as .env. */
#include "project/dotenv.h"
#include "project/environment.h"
#include "project/expand.h"
#include "project/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* libfyaml 0.7.12 forgets a buffer when a long quoted scalar is not closed. */
const char *
__lsan_default_suppressions(void)
{
    return "leak:libfyaml.so";
}

static void
require(gboolean held)
{
    if (!held)
    {
        abort();
    }
}

static void
check_error(gboolean failed, const GError *error)
{
    require(failed == (error != NULL));
    require(error == NULL || error->domain == GW_ERROR);
    const gw_position *position = gw_error_position(error);
    /* Line 0 is the file as a whole. */
    require(position == NULL || (position->line >= 1) == (position->column >= 1));
}

/* Every scalar has a place in the text and can be expanded or is refused. */
static void
walk(const gw_yaml_node *node, GHashTable *environment, guint depth)
{
    const char *text = gw_yaml_text(node);
    g_auto(gw_position) position = gw_yaml_position(node);
    require(depth <= GW_YAML_DEPTH + 1 && position.line >= 1);
    require((text != NULL) == (gw_yaml_kind_of(node) == GW_YAML_TEXT));
    if (text != NULL)
    {
        g_autoptr(GError) error = NULL;
        g_autofree char *expanded = gw_expand(text, environment, &error);
        check_error(expanded == NULL, error);
    }
    for (guint i = 0; i < gw_yaml_count(node); i++)
    {
        walk(gw_yaml_item(node, i), environment, depth + 1);
    }
}

static void
read_config(gw_source *source, GHashTable *environment)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(gw_yaml) yaml = gw_yaml_parse(source, &error);
    check_error(yaml == NULL, error);
    if (yaml != NULL)
    {
        walk(gw_yaml_root(yaml), environment, 0);
        gboolean fine =
            gw_config_check(gw_yaml_root(yaml), GW_CONFIG_FILE, gw_config_keys(), &error);
        check_error(!fine, error);
    }
}

static void
read_dotenv(gw_source *source, GHashTable *environment)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(gw_dotenv) dotenv = gw_dotenv_parse(source, environment, &error);
    check_error(dotenv == NULL, error);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const entries[] = {"A=1", "B=", NULL};
    gboolean dotenv = size > 0 && data[0] == '.';
    g_autoptr(GHashTable) environment = gw_environment_read(entries);
    g_autoptr(gw_source) source =
        gw_source_new("x", (const char *)data + (dotenv ? 1 : 0), (gssize)size - (dotenv ? 1 : 0));
    if (dotenv)
    {
        read_dotenv(source, environment);
    }
    else
    {
        read_config(source, environment);
    }
    return 0;
}
