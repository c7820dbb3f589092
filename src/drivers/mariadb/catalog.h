/* The questions that the live schema is read with. */
#ifndef GW_DRIVERS_MARIADB_CATALOG_H
#define GW_DRIVERS_MARIADB_CATALOG_H

#include "drivers/mariadb/session.h"

/*
 * One question. Its rows are (table or NULL, name, a piece of the definition): pieces of one object
 * are put one behind the other, also those of several questions.
 */
typedef struct gw_mariadb_question
{
    gw_object_kind kind;
    const char *servers;      /* "both", "mariadb" or "mysql" */
    gboolean part;            /* of a table, whose own definition lists it as well */
    gboolean canonical;       /* text of the server, in which the database's name is left out */
    gboolean partitions;      /* asked only when a table has partitions */
    const char *select;       /* up to the condition on the schema, which follows */
    const char *table_column; /* for filters; NULL: none */
    const char *name_column;
    const char *order;
    const char *tail; /* behind the last piece */
} gw_mariadb_question;

extern const gw_mariadb_question gw_mariadb_questions[];

/*
 * Ask the catalog: answers are spelled the same whatever the session's settings are, and a table
 * that another session keeps locked is waited for one second. What the server then leaves out of an
 * answer, with a warning, is a failure here (LOCK_TIMEOUT), which names `table` (may be NULL) and
 * who may be in the way.
 */
MYSQL_RES *gw_mariadb_look(
    gw_mariadb *self, const char *sql, const char *table, GError **error) GW_CHECKED;

/* The values of all sequences named, as pieces; one question. NULL for no names. The caller frees
 * it. */
char *gw_mariadb_sequences_sql(const char *schema, const GPtrArray *names);

/* Append " = 'value'" in the dialect's quotes. */
void gw_mariadb_append_equals(GString *sql, const char *column, const char *value);

gboolean gw_mariadb_sizes(gpointer self, const char *const *schemas, const char *const *names,
    guint count, gw_size *sizes, GError **error);
gboolean gw_mariadb_tables_exist(
    gpointer self, const gw_place *place, const char *const *names, guint64 *found, GError **error);
gboolean gw_mariadb_table_names(
    gpointer self, const gw_place *place, guint most, gw_names **names, GError **error);
char **gw_mariadb_columns(
    gpointer self, const gw_place *place, const char *schema, const char *table, GError **error);

#endif
