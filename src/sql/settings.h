/* The settings that change how later text is read, as the text itself makes them. */
#ifndef GW_SQL_SETTINGS_H
#define GW_SQL_SETTINGS_H

#include "sql/lexis.h"

/*
 * The flags behind a statement that was read with `flags`: SET standard_conforming_strings, SET
 * sql_mode. `own` are the dialect's own flags, to which DEFAULT and what is not known go back.
 */
guint gw_settings_follow(guint flags, guint own, const char *statement, gsize length);

#endif
