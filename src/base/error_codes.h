/*
 * Every error that godwit can report: one line each, from which the enum, the names that users see
 * (GW0412), the exit statuses and docs/errors.md are made. The hundreds of a number are its exit
 * status, so that 04xx ends with 4.
 */
#ifndef GW_BASE_ERROR_CODES_H
#define GW_BASE_ERROR_CODES_H

#include "base/base.h"

/* What a second try can do about an error. */
typedef enum gw_retry
{
    GW_RETRY_NEVER,      /* the same again would fail the same */
    GW_RETRY_LOCK,       /* the transaction is rolled back; the same again, later, may succeed */
    GW_RETRY_CONNECTION, /* the connection is gone; what was done has to be read from the ledger */
} gw_retry;

/* X(name, number, retry, meaning) */
#define GW_CODES(X)                                                                                \
    X(USAGE, 201, NEVER, "the command line is wrong")                                              \
    X(CONFIG, 202, NEVER, "a value in godwit.yaml or the environment is wrong")                    \
    X(YAML, 203, NEVER, "a YAML file cannot be read as YAML")                                      \
    X(NO_TARGET, 204, NEVER, "there is no target of that name, or none at all")                    \
    X(URL, 205, NEVER, "a database URL cannot be understood")                                      \
    X(FILE, 206, NEVER, "a file or folder cannot be read or written")                              \
    X(DUPLICATE, 207, NEVER, "two files have the same version")                                    \
    X(SECTION, 208, NEVER, "the sections of a migration are wrong")                                \
    X(OPTION, 209, NEVER, "an option of a section is wrong")                                       \
    X(TEXT, 210, NEVER, "the text of a migration cannot be cut into statements")                   \
    X(ENCODING, 211, NEVER, "a file holds bytes that are not text in UTF-8")                       \
    X(CONTROL, 212, NEVER, "a statement would begin or end the transaction that godwit holds")     \
    X(CLIENT, 213, NEVER, "a command of a database client stands in a migration")                  \
    X(DEPENDS, 214, NEVER, "a migration depends on one that is not there, or on itself")           \
    X(VARIABLE, 215, NEVER, "a variable has no value")                                             \
    X(VERSION, 216, NEVER, "no migration has that version")                                        \
    X(NOT_YET, 217, NEVER, "this version of godwit cannot do that yet")                            \
    X(NO_PROJECT, 218, NEVER, "there is no project here")                                          \
    X(EXISTS_ALREADY, 219, NEVER, "what should be made is already there")                          \
    X(UNSUPPORTED, 220, NEVER, "this database cannot do that")                                     \
    X(PROGRAM, 221, NEVER, "a program that godwit runs could not start or failed")                 \
    X(UNREACHABLE, 301, CONNECTION, "the database does not answer")                                \
    X(AUTH, 302, NEVER, "the database refuses this user or password")                              \
    X(NO_DATABASE, 303, NEVER, "the database does not exist")                                      \
    X(TLS, 304, NEVER, "no secure connection could be made")                                       \
    X(NO_DRIVER, 305, NEVER, "godwit was built without this database's driver")                    \
    X(UNAVAILABLE, 306, CONNECTION, "the database is starting, stopping or full")                  \
    X(SERVER_VERSION, 307, NEVER, "this version of the database is too old")                       \
    X(LIBRARY, 308, NEVER, "the client library of this database is not installed")                 \
    X(STATEMENT, 401, NEVER, "a statement failed")                                                 \
    X(SYNTAX, 402, NEVER, "the database does not understand a statement")                          \
    X(PRIVILEGE, 403, NEVER, "the user may not do that")                                           \
    X(READ_ONLY, 404, NEVER, "the database or the connection is read-only")                        \
    X(DISK_FULL, 405, NEVER, "the database has no room left")                                      \
    X(NO_TABLE, 411, NEVER, "a table, view or other object does not exist")                        \
    X(NO_COLUMN, 412, NEVER, "a column does not exist")                                            \
    X(EXISTS, 413, NEVER, "an object of that name exists")                                         \
    X(UNIQUE, 414, NEVER, "rows would not be unique")                                              \
    X(FOREIGN_KEY, 415, NEVER, "a row refers to one that is not there, or is referred to")         \
    X(CONSTRAINT, 416, NEVER, "a row breaks a check or has a null where none may be")              \
    X(VALUE, 417, NEVER, "a value does not fit its type")                                          \
    X(DEPENDENT, 418, NEVER, "other objects depend on this one")                                   \
    X(TIMEOUT, 421, NEVER, "a statement ran longer than it may")                                   \
    X(DEADLOCK, 422, LOCK, "a deadlock was resolved against godwit")                               \
    X(SERIALIZATION, 423, LOCK, "a transaction collided with another")                             \
    X(LOCK_TIMEOUT, 424, LOCK, "a lock was not granted in time")                                   \
    X(CANCELLED, 425, NEVER, "a statement was cancelled")                                          \
    X(INVALID_INDEX, 426, NEVER, "an index was built but is not valid")                            \
    X(UNDECIDED, 430, NEVER, "whether a statement took effect cannot be decided")                  \
    X(LOCKED, 501, NEVER, "another run holds the lock")                                            \
    X(CHANGED, 601, NEVER, "a file was changed after it was applied")                              \
    X(MISSING, 602, NEVER, "the file of an applied migration is not there")                        \
    X(DRIFT, 603, NEVER, "the schema is not what the last run left")                               \
    X(PLAN_MOVED, 604, NEVER, "files, ledger or schema moved since the plan was made")             \
    X(AUDIT, 605, NEVER, "the audit chain was altered")                                            \
    X(LEDGER, 606, NEVER, "the ledger cannot be read by this version of godwit")                   \
    X(INTERRUPTED_MIGRATION, 607, NEVER, "a migration is half applied")                            \
    X(VERIFY, 701, NEVER, "a check found rows that break it")                                      \
    X(UNVERIFIED, 702, NEVER, "a migration is applied but its checks have not held")               \
    X(PATIENCE, 801, NEVER, "a lock was not granted within the patience")                          \
    X(STOPPED, 802, NEVER, "the run was stopped and will resume")                                  \
    X(CONNECTION_LOST, 803, CONNECTION, "the connection to the database was lost")                 \
    X(FENCED, 804, NEVER, "another run took the lock over")                                        \
    X(COMMIT_UNKNOWN, 805, CONNECTION, "the answer to a commit was lost")                          \
    X(CONFIRM, 901, NEVER, "a confirmation is needed")                                             \
    X(IRREVERSIBLE, 902, NEVER, "the migration cannot be undone")                                  \
    X(FOREIGN_HISTORY, 903, NEVER, "another tool has migrated this database")                      \
    X(ENVIRONMENT, 904, NEVER, "the target belongs to another environment")                        \
    X(REQUIRED, 905, NEVER, "the target requires something that is not there")                     \
    X(ORDER, 906, NEVER, "a pending migration is older than the newest applied one")               \
    X(PROTECTED, 907, NEVER, "that is not done on a protected target")                             \
    X(INTERNAL, 7000, NEVER, "a mistake in godwit")

typedef enum gw_code
{
#define GW_CODE_ENUM(name, number, retry, meaning) GW_CODE_##name = number,
    GW_CODES(GW_CODE_ENUM)
#undef GW_CODE_ENUM
} gw_code;

/* One row of the table. */
typedef struct gw_code_row
{
    gw_code code;
    const char *name;  /* "NO_COLUMN" */
    const char *shown; /* "GW0412": as users see it */
    gw_retry retry;
    const char *meaning;
} gw_code_row;

/* The table, in order of number; *count rows. */
const gw_code_row *gw_code_rows(gsize *count);

/* The row of `code`, or of INTERNAL when there is none. */
const gw_code_row *gw_code_find(int code);

/* The exit status that a code ends with. */
int gw_code_exit(int code);

#endif
