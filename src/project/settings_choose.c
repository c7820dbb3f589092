#include "base/text.h"
#include "project/expand.h"
#include "project/settings_parts.h"

static const gw_yaml_node *
targets_node(const gw_config *config)
{
    return gw_config_get(config, "targets");
}

/* The names of the targets, as one would list them. The caller frees the array alone. */
static const char **
target_names(const gw_config *config)
{
    const gw_yaml_node *targets = targets_node(config);
    guint count = targets == NULL ? 0 : gw_yaml_count(targets);
    const char **names = g_new0(const char *, count + 1);
    for (guint i = 0; i < count; i++)
    {
        names[i] = gw_yaml_text(gw_yaml_key(targets, i));
    }
    return names;
}

const char *
gw_target_default(const gw_config *config)
{
    const gw_yaml_node *targets = targets_node(config);
    if (targets != NULL && gw_yaml_count(targets) == 1)
    {
        return gw_yaml_text(gw_yaml_key(targets, 0));
    }
    return gw_yaml_get(targets, "dev") == NULL ? NULL : "dev";
}

/* "prod, staging": for messages. */
static char *
names_list(const gw_config *config)
{
    g_autofree const char **names = target_names(config);
    return g_strjoinv(", ", (char **)(guintptr)names);
}

/* Take the target called `name`. */
static gboolean
choice_take(const gw_config *config, const char *name, gw_choice *choice, GError **error)
{
    const gw_yaml_node *targets = targets_node(config);
    const gw_yaml_node *node = gw_yaml_get(targets, name);
    const gw_yaml_node *protect = gw_yaml_get(node, "protected");
    *choice = (gw_choice){.node = node};
    for (guint i = 0; node != NULL && i < gw_yaml_count(targets); i++)
    {
        if (gw_yaml_item(targets, i) == node)
        {
            choice->name = gw_yaml_text(gw_yaml_key(targets, i));
        }
    }
    return protect == NULL || gw_yaml_read_bool(protect, "protected", &choice->protect, error);
}

static gboolean
unknown_target(
    const gw_config *config, const gw_said *said, const gw_sources *sources, GError **error)
{
    g_autofree const char **names = target_names(config);
    g_autofree char *list = names_list(config);
    const char *near = gw_text_near(said->text, names);
    gw_fail(error, GW_CODE_NO_TARGET, "there is no target \"%s\"", said->text);
    if (error != NULL && near != NULL)
    {
        gw_error_add_hint(*error, "did you mean %s?", near);
    }
    else if (error != NULL && names[0] != NULL)
    {
        gw_error_add_hint(*error, "%s has %s", config->path, list);
    }
    return gw_said_blame(said, sources, error);
}

static gboolean
no_target(const gw_config *config, GError **error)
{
    g_autofree char *list = names_list(config);
    if (list[0] != '\0')
    {
        gw_fail(error, GW_CODE_NO_TARGET, "it is not said which target is meant");
    }
    else
    {
        gw_fail(error, GW_CODE_NO_TARGET, "there is no target");
    }
    if (error != NULL && list[0] != '\0')
    {
        gw_error_add_hint(*error, "%s has %s", config->path, list);
        gw_error_add_next(*error, "say --target NAME");
    }
    else if (error != NULL)
    {
        gw_error_add_hint(*error, "say --url URL, set DATABASE_URL, or begin a project");
        gw_error_add_next(*error, "godwit init sqlite:app.db");
    }
    return FALSE;
}

/* .env is never used for a protected target: also not to choose one. */
static gboolean
dotenv_check(
    const gw_said *said, const gw_choice *choice, const gw_sources *sources, GError **error)
{
    if (said->layer != GW_LAYER_DOTENV || !choice->protect)
    {
        return TRUE;
    }
    gw_fail(error, GW_CODE_CONFIG,
        "this means the protected target %s, and .env is never used for one", choice->name);
    if (error != NULL)
    {
        gw_error_add_hint(*error, "say --target %s", choice->name);
    }
    return gw_said_blame(said, sources, error);
}

/* The name of the target whose URL this is; NULL: none, or it cannot be told. */
static const char *
target_of_url(const gw_sources *sources, const char *url)
{
    const gw_yaml_node *targets = targets_node(sources->config);
    for (guint i = 0; targets != NULL && i < gw_yaml_count(targets); i++)
    {
        const gw_yaml_node *node = gw_yaml_get(gw_yaml_item(targets, i), "url");
        g_autofree char *text =
            node == NULL ? NULL : gw_expand(gw_yaml_text(node), sources->variables, NULL);
        if (text != NULL && strcmp(text, url) == 0)
        {
            return gw_yaml_text(gw_yaml_key(targets, i));
        }
    }
    return NULL;
}

/* Nobody named a target: by the URL that was said, or else the default one. */
static gboolean
choose_unnamed(const gw_sources *sources, gw_choice *choice, GError **error)
{
    g_auto(gw_said) url = {0};
    if (!gw_sources_ask(sources, GW_OPTION_URL, NULL, &url, error))
    {
        return FALSE;
    }
    const char *name =
        url.text == NULL ? gw_target_default(sources->config) : target_of_url(sources, url.text);
    if (name == NULL)
    {
        *choice = (gw_choice){0};
        return url.text != NULL || no_target(sources->config, error);
    }
    return choice_take(sources->config, name, choice, error) &&
           dotenv_check(&url, choice, sources, error);
}

gboolean
gw_target_choose(const gw_sources *sources, gw_choice *choice, GError **error)
{
    g_auto(gw_said) said = {0};
    if (!gw_sources_ask(sources, GW_OPTION_TARGET, NULL, &said, error))
    {
        return FALSE;
    }
    if (said.text == NULL)
    {
        return choose_unnamed(sources, choice, error);
    }
    if (gw_yaml_get(targets_node(sources->config), said.text) == NULL)
    {
        return unknown_target(sources->config, &said, sources, error);
    }
    return choice_take(sources->config, said.text, choice, error) &&
           dotenv_check(&said, choice, sources, error);
}
