/*
 * godwit: versioned, exact and reversible database migrations, as a library.
 *
 *     godwit *g = godwit_new();
 *     godwit_set(g, "url", "sqlite:app.db");
 *     godwit_set(g, "dir", "migrations");
 *     int status = godwit_run(g, "up", NULL);
 *     if (status != GODWIT_DONE)
 *         fprintf(stderr, "%s: %s\n", godwit_error_code(g), godwit_error_message(g));
 *     godwit_free(g);
 *
 * Rules. Plain C types and opaque handles only. Nothing is printed, no signal is handled, the
 * process is never ended. One thread uses a handle at a time, except godwit_stop(). Texts are UTF-8
 * and owned by the handle or the value they came from, unless a function says otherwise. All that a
 * handle gave out is gone when it is freed.
 */
#ifndef GODWIT_H
#define GODWIT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define GODWIT_API __attribute__((visibility("default")))

/* What a command ends with; the program's exit statuses are the same. */
typedef enum godwit_status
{
    GODWIT_DONE = 0,
    GODWIT_PENDING = 1,     /* something is pending or different */
    GODWIT_USAGE = 2,       /* usage or configuration */
    GODWIT_UNREACHABLE = 3, /* cannot reach the database */
    GODWIT_FAILED = 4,      /* a migration failed; the state is clean */
    GODWIT_LOCKED = 5,      /* another run holds the lock */
    GODWIT_CHANGED = 6,     /* a file changed, or the schema drifted */
    GODWIT_UNVERIFIED = 7,  /* verification failed */
    GODWIT_STOPPED = 8,     /* stopped, and will resume */
    GODWIT_REFUSED = 9,     /* refused by policy */
    GODWIT_TENANTS = 10,    /* some tenants failed */
    GODWIT_INTERNAL = 70    /* a mistake in godwit */
} godwit_status;

typedef struct godwit godwit;

/* A value of a result: null, boolean, integer, number, text, list or object. Read-only. */
typedef struct godwit_value godwit_value;

/* "0.1.0" */
GODWIT_API const char *godwit_version(void);

/* The engines this library was built with, NULL-terminated: "sqlite", "postgres", "mariadb". */
GODWIT_API const char *const *godwit_engines(void);

GODWIT_API godwit *godwit_new(void);
GODWIT_API void godwit_free(godwit *g);

/*
 * Say what a global flag would say: "url", "target", "dir", "config", "confirm", "yes" ("true"),
 * "folder" (where the project is looked for; default: the working directory). A NULL value takes it
 * back. Returns GODWIT_DONE, or GODWIT_USAGE for a key that does not exist.
 */
GODWIT_API int godwit_set(godwit *g, const char *key, const char *value);

/*
 * Run a command: "up", "down", "status", "plan" … as the program has them. `options` are names and
 * values in turn, ended by NULL ({"to", "2024", "atomic", "true", NULL}), or NULL for none;
 * arguments that are not options have the name of their role ("name" of `new`, "version" of
 * `mark`). docs/json.md has each command's options and the shape of its result. Returns a
 * godwit_status; godwit_result() has the result, also of commands that end with a difference, and
 * the godwit_error_…() functions have the reason of any failure.
 */
GODWIT_API int godwit_run(godwit *g, const char *command, const char *const *options);

/* The result of the last godwit_run(); NULL when it has none. Valid until the next run. */
GODWIT_API const godwit_value *godwit_result(const godwit *g);

/* The error of the last call that failed; NULL or 0 where there is nothing to say. */
GODWIT_API const char *godwit_error_code(const godwit *g);    /* "GW0412" */
GODWIT_API const char *godwit_error_message(const godwit *g); /* one line */
GODWIT_API const char *godwit_error_hint(const godwit *g);
GODWIT_API const char *godwit_error_state(const godwit *g); /* what state everything is in now */
GODWIT_API const char *godwit_error_next(const godwit *g);  /* the command to type next */
GODWIT_API const char *godwit_error_sqlstate(const godwit *g);
GODWIT_API const char *godwit_error_file(const godwit *g);
GODWIT_API const char *godwit_error_text(const godwit *g); /* the line of the file */
GODWIT_API unsigned godwit_error_line(const godwit *g);    /* from 1 */
GODWIT_API unsigned godwit_error_column(const godwit *g);  /* from 1, in characters */
GODWIT_API unsigned godwit_error_length(const godwit *g);  /* characters to underline */

/* One row of the table of errors, index from 0; NULL past the end. For `help` and docs. */
GODWIT_API const char *godwit_code_name(size_t index);    /* "GW0412" */
GODWIT_API const char *godwit_code_meaning(size_t index); /* "a column does not exist" */
GODWIT_API int godwit_code_status(size_t index);

/* What happens while a command runs. Texts are valid during the call; NULL or 0: not said. */
typedef struct godwit_event
{
    const char *type; /* "target", "plan", "step_begin" …: docs/json.md */
    const char *version;
    const char *name;
    const char *direction;
    const char *phase;
    const char *text;   /* one line for people */
    const char *detail; /* more lines */
    unsigned ordinal;
    unsigned total;
    int64_t microseconds;
    const godwit_value *value; /* "plan" and "target": the same shape as in the result */
} godwit_event;

GODWIT_API void godwit_on_event(
    godwit *g, void (*event)(void *data, const godwit_event *event), void *data);

/*
 * Asked before something is written that needs a yes: return 1 for yes, 0 for no, -1 when nobody
 * can be asked. `expect` is the text that must be typed for a yes; NULL: a plain yes.
 */
GODWIT_API void godwit_on_question(
    godwit *g, int (*ask)(void *data, const char *text, const char *expect), void *data);

/* Ask the run to stop: once at the next safe point, twice at once with a rollback. May be called
 * by any thread and from a signal handler. */
GODWIT_API void godwit_stop(godwit *g);

/* Values. Asking a NULL value, or one of another type, gives NULL, 0 or an empty list. */
typedef enum godwit_type
{
    GODWIT_NULL,
    GODWIT_BOOLEAN,
    GODWIT_INTEGER,
    GODWIT_NUMBER,
    GODWIT_TEXT,
    GODWIT_LIST,
    GODWIT_OBJECT
} godwit_type;

GODWIT_API godwit_type godwit_value_type(const godwit_value *value);
GODWIT_API const godwit_value *godwit_value_get(const godwit_value *object, const char *key);
GODWIT_API const godwit_value *godwit_value_at(const godwit_value *list, size_t index);
GODWIT_API size_t godwit_value_count(const godwit_value *list);
GODWIT_API const char *godwit_value_text(const godwit_value *value);
GODWIT_API int64_t godwit_value_integer(const godwit_value *value);
GODWIT_API int godwit_value_boolean(const godwit_value *value);

/* The value as JSON, indented by `indent` blanks (0: one line). Free it with godwit_text_free(). */
GODWIT_API char *godwit_value_json(const godwit_value *value, unsigned indent);
GODWIT_API void godwit_text_free(char *text);

#ifdef __cplusplus
}
#endif

#endif
