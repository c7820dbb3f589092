/* What settings are put together from. For settings*.c alone. */
#ifndef GW_PROJECT_SETTINGS_PARTS_H
#define GW_PROJECT_SETTINGS_PARTS_H

#include "project/said.h"

/* The target that was chosen. */
typedef struct gw_choice
{
    const char *name;         /* NULL: a URL by hand */
    const gw_yaml_node *node; /* NULL: the same */
    gboolean protect;
} gw_choice;

/* Choose. Fails with NO_TARGET, or CONFIG where .env would choose a protected one. */
gboolean gw_target_choose(const gw_sources *sources, gw_choice *choice, GError **error) GW_CHECKED;

/* Fill settings->target and what belongs to it. `sources` no longer has .env when it may not. */
gboolean gw_target_fill(gw_settings *settings, const gw_sources *sources, const gw_choice *choice,
    GError **error) GW_CHECKED;

void gw_target_clear(gw_target *target);

/* Fill all that belongs to the project, not to a target. */
gboolean gw_project_fill(
    gw_settings *settings, const gw_sources *sources, GError **error) GW_CHECKED;

/* Warn of passwords in files that others can read. */
void gw_secrets_warn(gw_settings *settings, const gw_dotenv *dotenv);

/* Remember where a value came from; `value` must be fit to be shown. */
void gw_settings_note(
    gw_settings *settings, const char *key, const char *value, const char *origin);

/* Add a line that the user should see. */
void gw_settings_warn(gw_settings *settings, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The default target's name: the only one, or dev; NULL: none of them. */
const char *gw_target_default(const gw_config *config);

#endif
