#include "schema/model.h"

static void
test_order(void)
{
    g_autoptr(gw_model) one = gw_model_new();
    g_autoptr(gw_model) other = gw_model_new();
    gw_model_add(one, GW_OBJECT_VIEW, "main", NULL, "v", "CREATE VIEW v");
    gw_model_add(one, GW_OBJECT_TABLE, "main", NULL, "b", "CREATE TABLE b");
    gw_model_add(one, GW_OBJECT_TABLE, "main", NULL, "a", "CREATE TABLE a");
    gw_model_add(other, GW_OBJECT_TABLE, "main", NULL, "a", "CREATE TABLE a");
    gw_model_add(other, GW_OBJECT_VIEW, "main", NULL, "v", "CREATE VIEW v");
    gw_model_add(other, GW_OBJECT_TABLE, "main", NULL, "b", "CREATE TABLE b");
    gw_model_seal(one);
    gw_model_seal(other);
    const gw_object *first = g_ptr_array_index(one->objects, 0);
    g_assert_cmpstr(first->name, ==, "a");
    g_assert_cmpstr(one->fingerprint, ==, other->fingerprint);
    g_assert_cmpuint(strlen(one->fingerprint), ==, 64);
}

static void
test_fingerprint(void)
{
    const char *const names[][2] = {{"ab", "c"}, {"a", "bc"}, {"a", "b"}, {"", "abc"}};
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
    {
        for (int table = 0; table < 2; table++)
        {
            g_autoptr(gw_model) model = gw_model_new();
            gw_object *object = gw_model_add(
                model, GW_OBJECT_INDEX, "", table == 0 ? NULL : names[i][0], names[i][1], "x");
            object->valid = i % 2 == 0;
            gw_model_seal(model);
            g_hash_table_add(seen, g_strdup(model->fingerprint));
        }
    }
    /* "bc", "c" … without a table are four, with one four more */
    g_assert_cmpuint(g_hash_table_size(seen), ==, 8);
}

static void
test_find(void)
{
    g_autoptr(gw_model) model = gw_model_new();
    gw_model_add(model, GW_OBJECT_INDEX, "s", "Users", "Email", "x");
    gw_model_seal(model);
    g_assert_nonnull(gw_model_find(model, GW_OBJECT_INDEX, NULL, NULL, "Email", FALSE));
    g_assert_nonnull(gw_model_find(model, GW_OBJECT_INDEX, "s", "users", "EMAIL", TRUE));
    g_assert_null(gw_model_find(model, GW_OBJECT_INDEX, "s", "users", "EMAIL", FALSE));
    g_assert_null(gw_model_find(model, GW_OBJECT_INDEX, "t", NULL, "Email", FALSE));
    g_assert_null(gw_model_find(model, GW_OBJECT_TABLE, NULL, NULL, "Email", FALSE));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/schema/model/objects are the same in any order", test_order);
    g_test_add_func(
        "/schema/model/different schemas have different fingerprints", test_fingerprint);
    g_test_add_func("/schema/model/objects are found by what is known of them", test_find);
    return g_test_run();
}
