/* `help --json-schema`: the JSON Schema of godwit.yaml, printed from the table of its keys. */
#include "jobs/job.h"

static void build_keys(const gw_config_key *keys, JsonBuilder *builder);

static void
member(JsonBuilder *builder, const char *name, const char *value)
{
    json_builder_set_member_name(builder, name);
    json_builder_add_string_value(builder, value);
}

/* "type" and what goes with it, of values that are texts of a form. */
static const struct
{
    gw_key_type type;
    const char *json;
    const char *pattern;
} plain[] = {
    {GW_KEY_TEXT, "string", NULL},
    {GW_KEY_BOOL, "boolean", NULL},
    {GW_KEY_INTEGER, "integer", NULL},
    {GW_KEY_DURATION, "string", "^[0-9]+(\\.[0-9]+)? ?(us|ms|s|m|min|h|d)$|^\\$\\{.*\\}$"},
    {GW_KEY_SIZE, "string", "^[0-9]+(\\.[0-9]+)? ?([kMGT]?[bB])?$|^\\$\\{.*\\}$"},
};

static gboolean
build_plain(gw_key_type type, JsonBuilder *builder)
{
    for (gsize i = 0; i < G_N_ELEMENTS(plain); i++)
    {
        if (plain[i].type != type)
        {
            continue;
        }
        member(builder, "type", plain[i].json);
        if (plain[i].pattern != NULL)
        {
            member(builder, "pattern", plain[i].pattern);
        }
        return TRUE;
    }
    return FALSE;
}

static void
build_words(const char *const *words, JsonBuilder *builder)
{
    json_builder_set_member_name(builder, "enum");
    json_builder_begin_array(builder);
    for (; *words != NULL; words++)
    {
        json_builder_add_string_value(builder, *words);
    }
    json_builder_end_array(builder);
}

/* {"name": {…}} with the schema of one kind of value in it. */
static void
build_inner(const char *name, const char *type, const char *const *words, JsonBuilder *builder)
{
    json_builder_set_member_name(builder, name);
    json_builder_begin_object(builder);
    if (words != NULL)
    {
        build_words(words, builder);
    }
    else if (type != NULL)
    {
        member(builder, "type", type);
    }
    json_builder_end_object(builder);
}

static void
build_types(const char *first, const char *second, JsonBuilder *builder)
{
    json_builder_set_member_name(builder, "type");
    json_builder_begin_array(builder);
    json_builder_add_string_value(builder, first);
    json_builder_add_string_value(builder, second);
    json_builder_end_array(builder);
}

static void
build_composed(const gw_config_key *key, JsonBuilder *builder)
{
    switch (key->type)
    {
    case GW_KEY_WORD:
        build_words(key->words, builder);
        break;
    case GW_KEY_WORDS:
        member(builder, "type", "array");
        build_inner("items", NULL, key->words, builder);
        break;
    case GW_KEY_TEXTS:
    case GW_KEY_COMMAND:
        build_types("array", "string", builder);
        build_inner("items", "string", NULL, builder);
        break;
    case GW_KEY_TEXT_MAP:
        member(builder, "type", "object");
        build_inner("additionalProperties", "string", NULL, builder);
        break;
    case GW_KEY_MAP:
        build_keys(key->keys, builder);
        break;
    case GW_KEY_NAMED_MAP:
        member(builder, "type", "object");
        json_builder_set_member_name(builder, "additionalProperties");
        json_builder_begin_object(builder);
        build_keys(key->keys, builder);
        json_builder_end_object(builder);
        break;
    case GW_KEY_AMOUNT:
        build_types("integer", "string", builder);
        break;
    default:
        member(builder, "type", "array");
        break;
    }
}

static void
build_key(const gw_config_key *key, JsonBuilder *builder)
{
    json_builder_set_member_name(builder, key->name);
    json_builder_begin_object(builder);
    member(builder, "description", key->about);
    if (!build_plain(key->type, builder))
    {
        build_composed(key, builder);
    }
    if (key->fallback != NULL && key->type != GW_KEY_BOOL && key->type != GW_KEY_INTEGER)
    {
        member(builder, "default", key->fallback);
    }
    json_builder_end_object(builder);
}

/* The members of an object schema into the object that is open. */
static void
build_keys(const gw_config_key *keys, JsonBuilder *builder)
{
    member(builder, "type", "object");
    json_builder_set_member_name(builder, "additionalProperties");
    json_builder_add_boolean_value(builder, FALSE);
    json_builder_set_member_name(builder, "properties");
    json_builder_begin_object(builder);
    for (; keys->name != NULL; keys++)
    {
        build_key(keys, builder);
    }
    json_builder_end_object(builder);
}

gboolean
gw_job_help(gw_job *job, GError **error)
{
    if (!gw_job_flag(job, "json-schema"))
    {
        gw_fail(error, GW_CODE_USAGE, "the library has help with json-schema alone");
        return FALSE;
    }
    json_builder_set_member_name(job->result, "godwit.yaml");
    json_builder_begin_object(job->result);
    member(job->result, "$schema", "https://json-schema.org/draft/2020-12/schema");
    member(job->result, "title", "godwit.yaml");
    build_keys(gw_config_keys(), job->result);
    json_builder_end_object(job->result);
    return TRUE;
}
