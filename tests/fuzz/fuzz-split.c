/* Any bytes as a script: the first byte chooses how they are read. */
#include "../unit/sql-cases.h"
#include "sql/splitter.h"
#include "sql/words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(gboolean held)
{
    if (!held)
    {
        abort();
    }
}

/* Statements stand in order, inside the text, and begin and end with a token. */
static gsize
check_statement(const gw_statement *statement, gsize after, gsize size)
{
    gsize end = statement->offset + statement->length;
    require(statement->offset >= after && statement->length > 0 && end <= size);
    if (statement->has_data)
    {
        require(statement->data_offset >= end);
        end = statement->data_offset + statement->data_length;
        require(end <= size);
    }
    return end;
}

static void
read_words(const gw_lexis *lexis, const char *text, gsize length)
{
    gw_words words;
    gw_words_init(&words, lexis, text, length);
    for (gsize steps = 0; !gw_words_end(&words); steps++)
    {
        g_autofree char *schema = NULL;
        g_autofree char *name = NULL;
        require(steps <= length);
        if (!gw_words_take_name(&words, TRUE, &schema, &name))
        {
            gw_words_step(&words);
        }
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const gw_lexis *const all[] = {&case_postgres, &case_mariadb, &case_sqlite};
    if (size == 0)
    {
        return 0;
    }
    const gw_lexis *lexis = all[data[0] % G_N_ELEMENTS(all)];
    const char *text = (const char *)data + 1;
    g_autoptr(gw_source) source = gw_source_new("fuzz.sql", text, (gssize)size - 1);
    g_autoptr(GError) error = NULL;
    gw_splitter splitter;
    gw_statement statement;
    gboolean more = TRUE;
    gsize after = 0;
    gw_splitter_init(&splitter, lexis, source, 0, size - 1);
    while (more && gw_splitter_next(&splitter, &statement, &more, &error))
    {
        require(more || statement.length == 0);
        if (more)
        {
            after = check_statement(&statement, after, size - 1);
            read_words(lexis, gw_source_text(source) + statement.offset, statement.length);
        }
    }
    require(!more || (error != NULL && gw_error_position(error) != NULL));
    g_autofree char *digest = gw_sql_sha256(lexis, text, size - 1);
    require(strlen(digest) == 64);
    return 0;
}
