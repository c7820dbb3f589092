#include "drivers/postgres/statement.h"

#include "sql/words.h"

#define BYTEA_OID 17
#define MOST_KEPT 128

GHashTable *
gw_pg_kept_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

gw_pg_effect
gw_pg_statement_effect(const char *sql, gsize length)
{
    static const char *const words[] = {"COMMIT", "END", "DISCARD", "DEALLOCATE", "COPY", NULL};
    static const gw_pg_effect effects[] = {GW_PG_EFFECT_COMMIT, GW_PG_EFFECT_COMMIT,
        GW_PG_EFFECT_FORGET, GW_PG_EFFECT_FORGET, GW_PG_EFFECT_COPY};
    gw_words cursor;
    gw_words_init(&cursor, &gw_postgres_dialect.lexis, sql, length);
    int found = gw_words_take_any(&cursor, words);
    return found < 0 ? GW_PG_EFFECT_NONE : effects[found];
}

gw_pg_kept *
gw_pg_kept_get(gw_postgres *self, const char *sql)
{
    gw_pg_kept *kept = g_hash_table_lookup(self->kept, sql);
    if (kept == NULL && g_hash_table_size(self->kept) < MOST_KEPT)
    {
        kept = g_new0(gw_pg_kept, 1);
        g_snprintf(kept->name, sizeof kept->name, "godwit_%u", ++self->names);
        g_hash_table_insert(self->kept, g_strdup(sql), kept);
    }
    return kept;
}

gboolean
gw_pg_statement_prepare(gw_postgres *self, const gw_pg_kept *kept, const char *sql)
{
    return PQsendPrepare(self->native, kept->name, sql, 0, NULL) == 1;
}

/* One parameter in libpq's shape. */
typedef struct parameter
{
    const char *value;
    int length;
    int format;
    Oid type;
    char digits[24];
    char *copy; /* of a text, with a NUL behind it */
} parameter;

static void
parameter_set(parameter *to, const gw_value *from)
{
    switch (from->type)
    {
    case GW_TYPE_NULL:
        break;
    case GW_TYPE_INTEGER:
        g_snprintf(to->digits, sizeof to->digits, "%" G_GINT64_FORMAT, from->integer);
        to->value = to->digits;
        break;
    case GW_TYPE_TEXT:
        to->copy = g_strndup(from->text, from->length);
        to->value = to->copy;
        break;
    case GW_TYPE_BYTES:
        to->value = from->text == NULL ? "" : from->text;
        to->length = (int)from->length;
        to->format = 1;
        to->type = BYTEA_OID;
        break;
    }
}

gboolean
gw_pg_statement_send(gw_postgres *self, const gw_pg_kept *kept, const char *sql,
    const gw_value *parameters, guint count)
{
    g_autofree parameter *made = g_new0(parameter, count + 1);
    g_autofree const char **values = g_new0(const char *, count + 1);
    g_autofree int *lengths = g_new0(int, count + 1);
    g_autofree int *formats = g_new0(int, count + 1);
    g_autofree Oid *types = g_new0(Oid, count + 1);
    for (guint i = 0; i < count; i++)
    {
        parameter_set(&made[i], &parameters[i]);
        values[i] = made[i].value;
        lengths[i] = made[i].length;
        formats[i] = made[i].format;
        types[i] = made[i].type;
    }
    int sent =
        kept != NULL
            ? PQsendQueryPrepared(self->native, kept->name, (int)count, values, lengths, formats, 0)
            : PQsendQueryParams(self->native, sql, (int)count, types, values, lengths, formats, 0);
    for (guint i = 0; i < count; i++)
    {
        g_free(made[i].copy);
    }
    return sent == 1;
}

gboolean
gw_pg_statement_committed(gw_pg_effect effect, const PGresult *result, GError **error)
{
    const char *tag = PQcmdStatus((PGresult *)(guintptr)result);
    if (effect == GW_PG_EFFECT_COMMIT && strcmp(tag, "ROLLBACK") == 0)
    {
        gw_fail(error, GW_CODE_STATEMENT,
            "the transaction was rolled back instead of committed: a statement in it had failed");
        return FALSE;
    }
    return TRUE;
}

gint64
gw_pg_statement_affected(const PGresult *result)
{
    const char *text = PQcmdTuples((PGresult *)(guintptr)result);
    return text[0] == '\0' ? -1 : g_ascii_strtoll(text, NULL, 10);
}
