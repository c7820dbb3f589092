#include "drivers/postgres/library.h"

#include "base/library.h"

static const char *const names[] = {
#define GW_PG_NAME(name) #name,
    GW_PG_FUNCTIONS(GW_PG_NAME)
#undef GW_PG_NAME
};

static const gw_library library = {
    .file = "libpq.so.5",
    .purpose = "PostgreSQL",
    .remedy =
        "install it: apt install libpq5 (Debian, Ubuntu), dnf install libpq (Fedora), apk add libpq"
        " (Alpine)",
    .names = names,
    .count = G_N_ELEMENTS(names),
};

_Static_assert(
    sizeof(gw_pg_library) == G_N_ELEMENTS(names) * sizeof(gpointer), "one for each name");

/* Where the functions are kept: NULL, then set once. */
static gpointer *
slot(void)
{
    static gpointer initialized;
    return &initialized;
}

gboolean
gw_pg_library_open(GError **error)
{
    return gw_library_open(&library, slot(), error) != NULL;
}

const gw_pg_library *
gw_pg_library_get(void)
{
    return g_atomic_pointer_get(slot());
}
