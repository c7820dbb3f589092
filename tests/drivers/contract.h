/*
 * The contract that every driver keeps: one suite of tests, run for each database that is there.
 * A test gets a subject and opens what connections it needs.
 */
#ifndef GW_TESTS_DRIVERS_CONTRACT_H
#define GW_TESTS_DRIVERS_CONTRACT_H

#include "db/db.h"

/* One database, with the words in which the tests speak to it where these differ. */
typedef struct subject
{
    const char *name;
    const gw_driver *driver;
    const char *url;       /* of the environment; NULL for SQLite, which gets a new file */
    const char *long_text; /* a type that holds a text of 1 MB */
    const char *slow;      /* a statement that runs for many seconds */
    const char *change;    /* a statement that changes a setting of the session */
    const char *setting;   /* a question for that setting */
    const char *forbidden; /* a statement that the user may not run; NULL: there are no rights */
    const char *bad_value; /* what an integer column refuses: a value in SQL */
    const char *strict;    /* behind a table's parenthesis, so that it refuses it */
} subject;

/* What a test works with: a folder of its own for SQLite, and its first connection. */
typedef struct fixture
{
    const subject *subject;
    char *folder;
    char *url;
    gw_db *db;
} fixture;

/* One more connection to the same database. */
gw_db *fixture_open(const fixture *at);

/* Run a statement that must succeed; "?" becomes what the dialect writes for a parameter. */
void run(gw_db *db, const char *sql);
gint64 run_with(gw_db *db, const char *sql, const gw_value *parameters, guint count);

/* The answer to a question that must succeed; the caller frees it. */
char *ask(gw_db *db, const char *sql);
void assert_answer(gw_db *db, const char *sql, const char *expected);

/* "?" of `sql` as the dialect writes it. The caller frees it. */
char *with_parameters(gw_db *db, const char *sql);

/* Drop a table if it is there. */
void drop(gw_db *db, const char *table);

/* A SELECT of `count` rows (up to 100000) with one column n, from 0. The caller frees it. */
char *numbers(guint count);

/* The error must have one of godwit's codes; it is freed. */
void assert_code(GError *error, gw_code code);

/* A test, by name. */
typedef struct contract
{
    const char *name;
    void (*body)(fixture *at);
} contract;

extern const contract contract_statements[];
extern const contract contract_errors[];
extern const contract contract_sessions[];
extern const contract contract_catalog[];

#endif
