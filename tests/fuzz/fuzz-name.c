/* Any bytes as the name of a file, as a version, as words of a new name. */
#include "project/name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(gboolean held)
{
    if (!held)
    {
        abort();
    }
}

/* What was read are parts of the text, and the version is one. */
static void
check_name(const char *text, const gw_name *name)
{
    const char *end = text + strlen(text);
    g_autofree char *version = g_strndup(name->version, name->version_length);
    require(name->version >= text && name->version + name->version_length < name->name);
    require(name->name_length > 0 && name->name + name->name_length <= end);
    require(gw_version_check(version));
}

/* Comparing is antisymmetric, and agrees with keys. */
static void
check_versions(const char *left, const char *right)
{
    int order = gw_version_compare(left, right);
    int back = gw_version_compare(right, left);
    g_autofree char *a = gw_version_key(left);
    g_autofree char *b = gw_version_key(right);
    require((order > 0) == (back < 0) && (order < 0) == (back > 0));
    require((order == 0) == (strcmp(a, b) == 0));
    require(gw_version_compare(left, a) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    const char *why = NULL;
    gw_name name;
    if (gw_name_parse(text, &name, &why))
    {
        check_name(text, &name);
    }
    if (gw_name_parse_folder(text, &name, &why))
    {
        check_name(text, &name);
    }
    char *half = text + strlen(text) / 2;
    check_versions(text, half);
    const char *const words[] = {text, half, NULL};
    g_autofree char *made = gw_name_from_words(words);
    require(made == NULL || (g_utf8_validate(made, -1, NULL) && strpbrk(made, "/ .") == NULL));
    return 0;
}
