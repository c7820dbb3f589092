/* The catalog of PostgreSQL: every kind of object, the same from every session, found by its names,
 * and fast. */
#include "base/clock.h"
#include "postgres_server.h"

static gw_model *
catalog(gw_db *db, const gw_catalog_filter *filter)
{
    g_autoptr(GError) error = NULL;
    gw_model *model = gw_db_catalog(db, "godwit", filter, &error);
    g_assert_no_error(error);
    return model;
}

/* A database of its own with what the facts are tried on: every kind of object is in it. */
static gw_db *
open_catalog(void)
{
    g_autofree char *path = g_build_filename(g_getenv("GW_TEST_CASES"), "facts-postgres.sql", NULL);
    g_autofree char *setup = NULL;
    g_autofree char *url = url_with("/", "gw_catalog");
    g_autoptr(gw_db) first = open_server();
    run(first, "DROP DATABASE IF EXISTS gw_catalog");
    run(first, "CREATE DATABASE gw_catalog");
    PGconn *native = PQconnectdb(url);
    g_assert_true(g_file_get_contents(path, &setup, NULL, NULL));
    PGresult *result = PQexec(native, setup);
    g_assert_cmpint(PQresultStatus(result), ==, PGRES_COMMAND_OK);
    PQclear(result);
    PQclear(PQexec(native, "CREATE AGGREGATE ag (integer) (sfunc = int4pl, stype = integer);"
                           "GRANT SELECT, INSERT ON t TO PUBLIC; GRANT UPDATE (a) ON t TO PUBLIC;"
                           "CREATE TYPE ra AS RANGE (subtype = integer)"));
    PQfinish(native);
    const gw_connect how = {.url = url};
    return open_as(&how);
}

static void
close_catalog(gw_db *db)
{
    gw_db_close(db);
    g_autoptr(gw_db) first = open_server();
    run(first, "DROP DATABASE gw_catalog WITH (FORCE)");
}

static void
the_catalog_does_not_depend_on_the_session(void)
{
    gw_db *db = open_catalog();
    g_autoptr(GError) error = NULL;
    g_autoptr(gw_model) first = catalog(db, NULL);
    run(db, "SET search_path = s, pg_catalog");
    run(db, "SET DateStyle = 'German'");
    g_autoptr(gw_model) second = catalog(db, NULL);
    g_assert_cmpstr(first->fingerprint, ==, second->fingerprint);
    assert_answer(db, "SHOW search_path", "s, pg_catalog");
    g_assert_true(gw_db_begin(db, &error));
    run(db, "SET LOCAL search_path = public");
    g_autoptr(gw_model) third = catalog(db, NULL);
    g_assert_cmpstr(first->fingerprint, ==, third->fingerprint);
    assert_answer(db, "SHOW search_path", "public");
    run(db, "CREATE TABLE gw_inside (id integer)");
    g_autoptr(gw_model) fourth = catalog(db, NULL);
    g_assert_cmpstr(first->fingerprint, !=, fourth->fingerprint);
    gw_db_rollback(db);
    close_catalog(db);
}

/* Each object, asked for by its names, is the same as among all. */
static void
each_object_is_found_by_its_names(void)
{
    gw_db *db = open_catalog();
    g_autoptr(gw_model) all = catalog(db, NULL);
    guint kinds[32] = {0};
    for (guint i = 0; i < all->objects->len; i++)
    {
        const gw_object *object = g_ptr_array_index(all->objects, i);
        const gw_catalog_filter filter = {.kind = object->kind,
            .schema = object->schema[0] == '\0' ? NULL : object->schema,
            .table = object->table,
            .name = object->name};
        g_autoptr(gw_model) one = catalog(db, &filter);
        const gw_object *same =
            gw_model_find(one, object->kind, object->schema, object->table, object->name, FALSE);
        g_test_message("%s %s.%s: %s", gw_object_kind_text(object->kind), object->schema,
            object->name, object->definition);
        g_assert_nonnull(same);
        g_assert_cmpstr(same->sha256, ==, object->sha256);
        g_assert_cmpuint(one->objects->len, <, all->objects->len / 2);
        kinds[object->kind]++;
    }
    for (gw_object_kind kind = GW_OBJECT_SCHEMA; kind <= GW_OBJECT_POLICY; kind++)
    {
        g_assert_true(kinds[kind] > 0 || kind == GW_OBJECT_EVENT || kind == GW_OBJECT_PROCEDURE);
    }
    close_catalog(db);
}

static void
a_thousand_tables_take_less_than_two_seconds(void)
{
    gw_db *db = open_catalog();
    run(db, "DO $$ BEGIN FOR i IN 1..1000 LOOP EXECUTE format('CREATE TABLE s.gw_%s (id integer "
            "PRIMARY KEY, a text NOT NULL DEFAULT ''x'', b integer REFERENCES p, c timestamptz)', "
            "i); END LOOP; END $$");
    gint64 began = gw_clock_now();
    g_autoptr(gw_model) model = catalog(db, NULL);
    gint64 took = gw_clock_now() - began;
    g_test_message("%u objects in %d ms", model->objects->len, (int)(took / 1000));
    g_assert_cmpint(took, <, 2 * G_USEC_PER_SEC);
    g_assert_cmpuint(model->objects->len, >, 7000);
    close_catalog(db);
}

static void
a_failed_index_build_is_seen(void)
{
    gw_db *db = open_catalog();
    g_autoptr(GError) error = NULL;
    run(db, "INSERT INTO second VALUES (1, 1)");
    assert_fails(db, "CREATE UNIQUE INDEX CONCURRENTLY gw_twice ON second (id)", GW_CODE_UNIQUE);
    g_autoptr(gw_model) invalid = gw_db_invalid_indexes(db, &error);
    const gw_object *index =
        gw_model_find(invalid, GW_OBJECT_INDEX, "public", "second", "gw_twice", FALSE);
    g_assert_nonnull(index);
    g_assert_false(index->valid);
    g_autoptr(gw_model) all = catalog(db, NULL);
    index = gw_model_find(all, GW_OBJECT_INDEX, "public", "second", "gw_twice", FALSE);
    g_assert_false(index->valid);
    close_catalog(db);
}

typedef struct trial
{
    const char *name;
    void (*body)(void);
} trial;

static const trial trials[] = {
    {"the catalog does not depend on the session", the_catalog_does_not_depend_on_the_session},
    {"each object is found by its names", each_object_is_found_by_its_names},
    {"a thousand tables take less than two seconds", a_thousand_tables_take_less_than_two_seconds},
    {"a failed index build is seen", a_failed_index_build_is_seen},
};

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (g_getenv("GW_TEST_POSTGRES") == NULL)
    {
        g_test_message("no PostgreSQL is there");
        return g_test_run();
    }
    for (gsize i = 0; i < G_N_ELEMENTS(trials); i++)
    {
        g_autofree char *path = g_strconcat("/postgres/catalog/", trials[i].name, NULL);
        g_test_add_func(path, trials[i].body);
    }
    return g_test_run();
}
