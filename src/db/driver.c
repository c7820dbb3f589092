/* Which driver a URL is for; and the structs that drivers give away. */
#include "db/driver.h"

#include "base/text.h"
#include "db/db.h"

void
gw_session_free(gw_session *session)
{
    if (session != NULL)
    {
        g_free(session->id);
        g_free(session->user);
        g_free(session->application);
        g_free(session->query);
        g_free(session);
    }
}

char *
gw_session_text(const gw_session *session)
{
    g_autofree char *age = session->age < 0 ? NULL : gw_duration_print(session->age);
    gboolean numbered = g_ascii_isdigit(session->id[0]);
    const struct
    {
        const char *before;
        const char *part;
        const char *after;
    } parts[] = {
        {", user ", session->user, ""},
        {" (", session->application, ")"},
        {", for ", age, ""},
        {": ", session->query, ""},
    };
    GString *text = g_string_new(session->certain ? "" : "perhaps ");
    g_string_append_printf(text, "%s%s", numbered ? "session " : "", session->id);
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
    {
        if (parts[i].part != NULL && parts[i].part[0] != '\0')
        {
            g_string_append_printf(text, "%s%s%s", parts[i].before, parts[i].part, parts[i].after);
        }
    }
    return g_string_free(text, FALSE);
}

char *
gw_sessions_text(const GPtrArray *sessions, guint most)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < MIN(most, sessions->len); i++)
    {
        g_autofree char *line = gw_session_text(g_ptr_array_index(sessions, i));
        g_string_append_printf(text, "%s%s", i == 0 ? "" : "\n", line);
    }
    return g_string_free(text, FALSE);
}

void
gw_names_free(gw_names *names)
{
    if (names != NULL)
    {
        g_hash_table_unref(names->set);
        g_free(names);
    }
}

/* A name as the set has it; NULL: the server alone knows. The caller frees it. */
static char *
name_fold(const gw_names *names, const char *name)
{
    if (!names->folded)
    {
        return g_strdup(name);
    }
    return g_str_is_ascii(name) ? g_ascii_strdown(name, -1) : NULL;
}

gboolean
gw_names_find(const gw_names *names, const char *name, gboolean *there)
{
    g_autofree char *folded = name_fold(names, name);
    *there = folded != NULL && g_hash_table_contains(names->set, folded);
    return folded != NULL;
}

gboolean
gw_names_note(gw_names *names, const char *name, gboolean there)
{
    char *folded = name_fold(names, name);
    if (folded != NULL && there)
    {
        g_hash_table_add(names->set, folded);
        return TRUE;
    }
    gboolean told = folded != NULL;
    if (told)
    {
        g_hash_table_remove(names->set, folded);
    }
    g_free(folded);
    return told;
}

void
gw_check_line_free(gw_check_line *line)
{
    if (line != NULL)
    {
        g_free(line->name);
        g_free(line->found);
        g_free(line->fix);
        g_free(line);
    }
}

void
gw_violation_free(gw_violation *violation)
{
    if (violation != NULL)
    {
        g_free(violation->table);
        g_free(violation->parent);
        g_free(violation->row);
        g_free(violation->mark);
        g_free(violation);
    }
}

static gboolean
answers_to(const gw_driver *driver, const char *scheme)
{
    for (gsize i = 0; driver->schemes[i] != NULL; i++)
    {
        if (g_ascii_strcasecmp(driver->schemes[i], scheme) == 0)
        {
            return TRUE;
        }
    }
    return FALSE;
}

static const gw_driver *
find_by_scheme(const gw_driver *const *drivers, const char *scheme)
{
    for (gsize i = 0; scheme != NULL && drivers[i] != NULL; i++)
    {
        if (answers_to(drivers[i], scheme))
        {
            return drivers[i];
        }
    }
    return NULL;
}

static const gw_driver *
find_by_claim(const gw_driver *const *drivers, const char *url)
{
    for (gsize i = 0; drivers[i] != NULL; i++)
    {
        if (drivers[i]->claims != NULL && drivers[i]->claims(url))
        {
            return drivers[i];
        }
    }
    return NULL;
}

/* All schemes, as "a, b, c" for a hint and as a list to look for a near one in. */
static GPtrArray *
all_schemes(const gw_driver *const *drivers)
{
    GPtrArray *schemes = g_ptr_array_new();
    for (gsize i = 0; drivers[i] != NULL; i++)
    {
        for (gsize j = 0; drivers[i]->schemes[j] != NULL; j++)
        {
            g_ptr_array_add(schemes, (gpointer)(guintptr)drivers[i]->schemes[j]);
        }
    }
    g_ptr_array_add(schemes, NULL);
    return schemes;
}

static void
fail_unclaimed(const gw_driver *const *drivers, const char *scheme, GError **error)
{
    g_autoptr(GPtrArray) schemes = all_schemes(drivers);
    char **list = (char **)schemes->pdata;
    g_autofree char *known = g_strjoinv(", ", list);
    const char *near =
        scheme == NULL ? NULL : gw_text_near(scheme, (const char *const *)schemes->pdata);
    if (scheme == NULL)
    {
        gw_fail(error, GW_CODE_URL, "the database URL has no scheme and is not a SQLite file");
    }
    else
    {
        gw_fail(error, GW_CODE_URL, "no database is known by the URL scheme \"%s\"", scheme);
    }
    if (error != NULL && near != NULL)
    {
        gw_error_add_hint(*error, "did you mean %s:? (known: %s)", near, known);
    }
    else if (error != NULL)
    {
        gw_error_add_hint(*error, "known schemes: %s", known);
    }
}

const gw_driver *
gw_driver_find(const gw_driver *const *drivers, const char *url, GError **error)
{
    const char *scheme = g_uri_peek_scheme(url);
    const gw_driver *driver = find_by_scheme(drivers, scheme);
    if (driver == NULL)
    {
        driver = find_by_claim(drivers, url);
    }
    if (driver == NULL)
    {
        fail_unclaimed(drivers, scheme, error);
        return NULL;
    }
    if (driver->connection == NULL)
    {
        gw_fail(error, GW_CODE_NO_DRIVER, "this godwit was built without the driver for %s",
            driver->schemes[0]);
        return NULL;
    }
    return driver;
}
