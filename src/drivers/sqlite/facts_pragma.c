/* The facts of PRAGMA: settings of the session, of the file, questions and services. */
#include "base/text.h"
#include "drivers/sqlite/handle.h"
#include "drivers/sqlite/reader.h"

typedef enum pragma_kind
{
    QUESTION, /* answers, also with an argument */
    CHECKING, /* a question that reads all rows */
    HOISTED,  /* of the session; has no effect, or fails, inside a transaction */
    STORED,   /* written into the file */
    SERVICE,
} pragma_kind;

static const struct
{
    const char *name;
    pragma_kind kind;
    const char *note;
} pragmas[] = {
    {"foreign_keys", HOISTED, "inside a transaction it does nothing"},
    {"journal_mode", HOISTED, "inside a transaction it fails"},
    {"synchronous", HOISTED, "inside a transaction it fails"},
    {"temp_store", HOISTED, "inside a transaction it fails"},
    {"user_version", STORED, NULL},
    {"application_id", STORED, NULL},
    {"schema_version", STORED, "a wrong value lets connections use an old schema"},
    {"auto_vacuum", STORED, "takes effect at the next VACUUM"},
    {"page_size", STORED, "takes effect at the next VACUUM"},
    {"encoding", STORED, "takes effect only in an empty database"},
    {"wal_checkpoint", SERVICE, NULL},
    {"incremental_vacuum", SERVICE, NULL},
    {"optimize", SERVICE, NULL},
    {"integrity_check", CHECKING, NULL},
    {"quick_check", CHECKING, NULL},
    {"foreign_key_check", CHECKING, NULL},
    {"table_info", QUESTION, NULL},
    {"table_xinfo", QUESTION, NULL},
    {"table_list", QUESTION, NULL},
    {"index_list", QUESTION, NULL},
    {"index_info", QUESTION, NULL},
    {"index_xinfo", QUESTION, NULL},
    {"foreign_key_list", QUESTION, NULL},
    {"database_list", QUESTION, NULL},
    {"collation_list", QUESTION, NULL},
    {"function_list", QUESTION, NULL},
    {"module_list", QUESTION, NULL},
    {"pragma_list", QUESTION, NULL},
    {"compile_options", QUESTION, NULL},
    {"data_version", QUESTION, NULL},
    {"freelist_count", QUESTION, NULL},
    {"page_count", QUESTION, NULL},
};

static void
question(gw_facts *facts, gw_answer3 scan)
{
    facts->kind = GW_KIND_QUERY;
    facts->scan = scan;
}

static void
stored(gw_sqlite_reader *reader, gw_kind kind, gw_span span)
{
    gw_facts *facts = reader->facts;
    facts->kind = kind;
    facts->repeatable = TRUE;
    gw_facts_set_probe(facts, GW_PROBE_REPEAT, GW_OBJECT_NONE, NULL, NULL, NULL);
    gw_facts_add_relation(facts, NULL, "sqlite_schema", GW_BLOCKS_WRITES, span, GW_SQLITE_LOCK);
}

static void
apply(gw_sqlite_reader *reader, pragma_kind kind, gboolean given)
{
    gw_facts *facts = reader->facts;
    switch (kind)
    {
    case QUESTION:
    case CHECKING:
        question(facts, kind == CHECKING ? GW_YES : GW_NO);
        break;
    case HOISTED:
        facts->transactional = given ? GW_TRANSACTION_OUTSIDE : GW_TRANSACTION_FITS;
        break;
    case STORED:
        if (given)
        {
            stored(reader, GW_KIND_SCHEMA, GW_SPAN_MOMENT);
        }
        break;
    case SERVICE:
        stored(reader, GW_KIND_SERVICE, GW_SPAN_ROWS);
        if (g_str_equal(facts->object, "wal_checkpoint"))
        {
            facts->transactional = GW_TRANSACTION_REFUSES;
        }
        break;
    }
}

void
gw_sqlite_read_pragma(gw_sqlite_reader *reader)
{
    gw_facts *facts = reader->facts;
    g_autofree char *name = NULL;
    if (!gw_words_take_name(&reader->words, FALSE, NULL, &name))
    {
        return;
    }
    gboolean given = gw_words_is(&reader->words, "=") || gw_words_is(&reader->words, "(");
    facts->object = g_ascii_strdown(name, -1);
    facts->repeatable = TRUE;
    if (!given)
    {
        question(facts, GW_NO);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(pragmas); i++)
    {
        if (g_str_equal(facts->object, pragmas[i].name))
        {
            facts->note = given ? pragmas[i].note : NULL;
            apply(reader, pragmas[i].kind, given);
            return;
        }
    }
    if (given && g_str_equal(facts->object, "writable_schema"))
    {
        facts->note = "lets the schema be edited as rows: a mistake breaks the database";
    }
}
