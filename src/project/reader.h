/*
 * Values of godwit.yaml by their types, with variables replaced. A node that is NULL leaves what
 * the caller has set before. `environment` NULL checks alone: texts with ${…} pass, and may leave
 * the result as it was. All fail with CONFIG or VARIABLE and the place.
 */
#ifndef GW_PROJECT_READER_H
#define GW_PROJECT_READER_H

#include "project/settings.h"

gboolean gw_read_text(const gw_yaml_node *node, const char *name, GHashTable *environment,
    char **text, GError **error) GW_CHECKED;
gboolean gw_read_integer(const gw_yaml_node *node, const char *name, GHashTable *environment,
    gint64 *value, GError **error) GW_CHECKED;
gboolean gw_read_duration(const gw_yaml_node *node, const char *name, GHashTable *environment,
    gint64 *microseconds, GError **error) GW_CHECKED;
gboolean gw_read_size(const gw_yaml_node *node, const char *name, GHashTable *environment,
    guint64 *bytes, GError **error) GW_CHECKED;
gboolean gw_read_amount(const gw_yaml_node *node, const char *name, GHashTable *environment,
    gw_amount *amount, GError **error) GW_CHECKED;
gboolean gw_read_waves(const gw_yaml_node *node, const char *name, GHashTable *environment,
    GArray **waves, GError **error) GW_CHECKED;

/* Lists; the caller frees them. */
gboolean gw_read_texts(const gw_yaml_node *node, const char *name, GHashTable *environment,
    char ***texts, GError **error) GW_CHECKED;
gboolean gw_read_command(const gw_yaml_node *node, const char *name, GHashTable *environment,
    char ***argv, GError **error) GW_CHECKED;

/* Names to texts, put into `map`. */
gboolean gw_read_text_map(const gw_yaml_node *node, const char *name, GHashTable *environment,
    GHashTable *map, GError **error) GW_CHECKED;

/* A word of the key's list: its index; a list of words: bits. */
gboolean gw_read_word(const gw_yaml_node *node, const gw_config_key *key, GHashTable *environment,
    guint *index, GError **error) GW_CHECKED;
gboolean gw_read_words(const gw_yaml_node *node, const gw_config_key *key, GHashTable *environment,
    guint *bits, GError **error) GW_CHECKED;

/* Texts that came from elsewhere: the same parsers, without a place. */
gboolean gw_parse_word(
    const char *text, const gw_config_key *key, guint *index, GError **error) GW_CHECKED;

/* Is every key of the map known and every value of its type? */
gboolean gw_config_check(const gw_yaml_node *node, const char *name, const gw_config_key *keys,
    GError **error) GW_CHECKED;

#endif
