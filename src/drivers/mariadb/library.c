#include "drivers/mariadb/library.h"

#include "base/library.h"

static const char *const names[] = {
#define GW_MARIADB_NAME(name) #name,
    GW_MARIADB_FUNCTIONS(GW_MARIADB_NAME)
#undef GW_MARIADB_NAME
};

static const gw_library library = {
    .file = "libmariadb.so.3",
    .purpose = "MariaDB",
    .remedy =
        "install it: apt install libmariadb3 (Debian, Ubuntu), dnf install mariadb-connector-c"
        " (Fedora), apk add mariadb-connector-c (Alpine)",
    .names = names,
    .count = G_N_ELEMENTS(names),
};

_Static_assert(
    sizeof(gw_mariadb_library) == G_N_ELEMENTS(names) * sizeof(gpointer), "one for each name");

/* Where the functions are kept: NULL, then set once. */
static gpointer *
slot(void)
{
    static gpointer initialized;
    return &initialized;
}

gboolean
gw_mariadb_library_open(GError **error)
{
    return gw_library_open(&library, slot(), error) != NULL;
}

const gw_mariadb_library *
gw_mariadb_library_get(void)
{
    return g_atomic_pointer_get(slot());
}
