/* What SQLite says when something fails, as one of godwit's codes. */
#include <errno.h>
#include <unistd.h>

#include "drivers/sqlite/handle.h"
#include "sql/lexer.h"

typedef struct row
{
    int native;
    gw_code code;
} row;

/* Extended codes first; a code that is not here is looked for without its extension. */
static const row by_number[] = {
    {SQLITE_BUSY_SNAPSHOT, GW_CODE_SERIALIZATION},
    {SQLITE_BUSY, GW_CODE_LOCK_TIMEOUT},
    {SQLITE_LOCKED_SHAREDCACHE, GW_CODE_LOCK_TIMEOUT},
    {SQLITE_READONLY_DBMOVED, GW_CODE_NO_DATABASE},
    {SQLITE_READONLY, GW_CODE_READ_ONLY},
    {SQLITE_FULL, GW_CODE_DISK_FULL},
    {SQLITE_PERM, GW_CODE_PRIVILEGE},
    {SQLITE_AUTH, GW_CODE_PRIVILEGE},
    {SQLITE_CANTOPEN, GW_CODE_NO_DATABASE},
    {SQLITE_NOTADB, GW_CODE_NO_DATABASE},
    {SQLITE_CONSTRAINT_UNIQUE, GW_CODE_UNIQUE},
    {SQLITE_CONSTRAINT_PRIMARYKEY, GW_CODE_UNIQUE},
    {SQLITE_CONSTRAINT_ROWID, GW_CODE_UNIQUE},
    {SQLITE_CONSTRAINT_FOREIGNKEY, GW_CODE_FOREIGN_KEY},
    {SQLITE_CONSTRAINT_DATATYPE, GW_CODE_VALUE},
    {SQLITE_CONSTRAINT, GW_CODE_CONSTRAINT},
    {SQLITE_MISMATCH, GW_CODE_VALUE},
    {SQLITE_TOOBIG, GW_CODE_VALUE},
    {SQLITE_INTERRUPT, GW_CODE_CANCELLED},
    {SQLITE_PROTOCOL, GW_CODE_LOCK_TIMEOUT},
};

/* SQLITE_ERROR says what it means in words alone; the first that is found counts. */
static const struct
{
    const char *words;
    gboolean start; /* at the start of the message */
    gw_code code;
} by_words[] = {
    {"error in ", TRUE, GW_CODE_DEPENDENT},
    {"cannot drop PRIMARY KEY column", TRUE, GW_CODE_DEPENDENT},
    {"cannot drop UNIQUE column", TRUE, GW_CODE_DEPENDENT},
    {"no such column", TRUE, GW_CODE_NO_COLUMN},
    {"unknown column", TRUE, GW_CODE_NO_COLUMN},
    {" has no column named ", FALSE, GW_CODE_NO_COLUMN},
    {"no such ", TRUE, GW_CODE_NO_TABLE},
    {"unable to identify the object to be reindexed", TRUE, GW_CODE_NO_TABLE},
    {"duplicate column name", TRUE, GW_CODE_EXISTS},
    {"there is already ", TRUE, GW_CODE_EXISTS},
    {" already exists", FALSE, GW_CODE_EXISTS},
    {"near \"", TRUE, GW_CODE_SYNTAX},
    {"syntax error", FALSE, GW_CODE_SYNTAX},
    {"incomplete input", TRUE, GW_CODE_SYNTAX},
    {"unrecognized token", TRUE, GW_CODE_SYNTAX},
    {"CHECK constraint failed", TRUE, GW_CODE_CONSTRAINT},
    {"NOT NULL constraint failed", TRUE, GW_CODE_CONSTRAINT},
    {"integer overflow", TRUE, GW_CODE_VALUE},
};

static gw_code
code_of_words(const char *message)
{
    for (gsize i = 0; i < G_N_ELEMENTS(by_words); i++)
    {
        const char *found = strstr(message, by_words[i].words);
        if (found != NULL && (found == message || !by_words[i].start))
        {
            return by_words[i].code;
        }
    }
    return GW_CODE_STATEMENT;
}

static gw_code
code_of_number(int native)
{
    for (gsize i = 0; i < G_N_ELEMENTS(by_number); i++)
    {
        if (by_number[i].native == native)
        {
            return by_number[i].code;
        }
    }
    return native == (native & 0xff) ? GW_CODE_STATEMENT : code_of_number(native & 0xff);
}

/* A bound that was reached looks like a lock or an interrupt to SQLite. */
static gw_code
code_of_bound(gw_sqlite *self, gw_code code)
{
    if (code != GW_CODE_CANCELLED && code != GW_CODE_LOCK_TIMEOUT)
    {
        return code;
    }
    if (g_atomic_int_get(&self->cancelled) != 0)
    {
        return GW_CODE_CANCELLED;
    }
    gboolean late = self->deadline != 0 && g_get_monotonic_time() >= self->deadline;
    return late ? GW_CODE_TIMEOUT : code;
}

static gw_code
code_of(gw_sqlite *self, int native, const char *message)
{
    int reason = sqlite3_system_errno(self->native);
    g_autofree char *folder = self->path == NULL ? NULL : g_path_get_dirname(self->path);
    if ((native & 0xff) == SQLITE_ERROR)
    {
        return code_of_words(message);
    }
    if ((native & 0xff) == SQLITE_IOERR && (reason == ENOSPC || reason == EDQUOT))
    {
        return GW_CODE_DISK_FULL;
    }
    if ((native & 0xff) == SQLITE_CANTOPEN && folder != NULL && access(folder, W_OK) != 0)
    {
        return GW_CODE_READ_ONLY; /* the journal cannot be made */
    }
    return code_of_bound(self, code_of_number(native));
}

static void
add_hint(const gw_sqlite *self, GError *error)
{
    const char *path = self->path == NULL ? "the database" : self->path;
    if (gw_error_is(error, GW_CODE_LOCK_TIMEOUT))
    {
        gw_error_add_hint(error, "another connection is writing to %s", path);
    }
    else if (gw_error_native(error) == SQLITE_READONLY_DBMOVED)
    {
        gw_error_add_hint(error, "%s was moved or removed while it was open", path);
    }
    else if (gw_error_is(error, GW_CODE_READ_ONLY))
    {
        gw_error_add_hint(error, "%s, its folder or the connection cannot be written", path);
    }
    else if (gw_error_is(error, GW_CODE_DISK_FULL))
    {
        gw_error_add_hint(error, "free some room on the disk that holds %s", path);
    }
}

/* Where SQLite tells no place: that of the name with which the message ends; -1 for none. */
static int
offset_of_name(const GError *error, const char *sql, gsize length)
{
    const char *name = strrchr(error->message, ' ');
    gw_lexer lexer;
    gw_token token;
    if (name == NULL ||
        (!gw_error_is(error, GW_CODE_NO_TABLE) && !gw_error_is(error, GW_CODE_NO_COLUMN)))
    {
        return -1;
    }
    const char *last = strrchr(name, '.');
    name = last == NULL ? name + 1 : last + 1;
    gw_lexer_init(&lexer, &gw_sqlite_dialect.lexis, sql, 0, length);
    while (gw_lexer_next_code(&lexer, &token) && token.kind != GW_TOKEN_END)
    {
        gboolean names = token.kind == GW_TOKEN_WORD || token.kind == GW_TOKEN_QUOTED_NAME;
        g_autofree char *said = names ? gw_token_name(&lexer, &token, FALSE) : NULL;
        if (said != NULL && g_ascii_strcasecmp(said, name) == 0)
        {
            return (int)token.offset;
        }
    }
    return -1;
}

void
gw_sqlite_fail(gw_sqlite *self, int result, const char *sql, gsize length, GError **error)
{
    int extended = sqlite3_extended_errcode(self->native);
    int native = (extended & 0xff) == (result & 0xff) ? extended : result;
    const char *message = sqlite3_errmsg(self->native);
    int offset = sqlite3_error_offset(self->native);
    gw_fail(error, code_of(self, native, message), "%s", message);
    if (error == NULL)
    {
        return;
    }
    gw_error_add_native(*error, NULL, native);
    offset = sql != NULL && offset < 0 ? offset_of_name(*error, sql, length) : offset;
    if (sql != NULL && offset >= 0 && (gsize)offset <= length)
    {
        gw_error_add_offset(*error, (guint)g_utf8_strlen(sql, offset) + 1);
    }
    add_hint(self, *error);
}
