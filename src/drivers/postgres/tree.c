#include "drivers/postgres/tree.h"

#include <pg_query.h>
#include <pthread.h>
#include <signal.h>

/* PG_UTF8 of its encodings */
#define ENCODING_UTF8 6

/* Of libpg_query, whose headers do not tell them. */
extern _Thread_local sig_atomic_t pg_query_initialized;
void MemoryContextInit(void);
void SetDatabaseEncoding(int encoding);

/* The grammar works in recursion: deep expressions of longer texts could end the stack. */
#define LONGEST ((gsize)64 * 1024)

struct gw_pg_tree
{
    PgQueryParseResult result; /* owns the text */
    GArray *nodes;             /* of gw_pg_node */
    guint statement;
};

/* The text while it is cut. What is expected is what libpg_query writes: no blanks, no escapes but
 * of single bytes. */
typedef struct knife
{
    char *at;
    GArray *nodes;
    guint open; /* the object or list that is being read */
} knife;

static void
unescape(char **from, char **to)
{
    static const char names[] = "bfnrt";
    static const char bytes[] = "\b\f\n\r\t";
    const char *escape = strchr(names, (*from)[1]);
    if ((*from)[1] == 'u')
    {
        char digits[5] = {(*from)[2], (*from)[3], (*from)[4], (*from)[5], '\0'};
        *(*to)++ = (char)g_ascii_strtoull(digits, NULL, 16);
        *from += 6;
        return;
    }
    *(*to)++ = escape == NULL ? (*from)[1] : bytes[escape - names];
    *from += 2;
}

/* The string that opens here; the cutter stands behind its quote afterwards. */
static const char *
cut_string(knife *cutter)
{
    char *start = cutter->at + 1;
    char *to = start;
    char *from = start;
    while (*from != '"' && *from != '\0')
    {
        if (*from == '\\')
        {
            unescape(&from, &to);
        }
        else
        {
            *to++ = *from++;
        }
    }
    cutter->at = from + (*from != '\0');
    *to = '\0';
    return start;
}

/* The number, true, false or null that stands here; the cutter stands behind it afterwards. */
static const char *
cut_word(knife *cutter)
{
    char *start = cutter->at;
    cutter->at += strcspn(start, ",]}");
    return start;
}

static void
add(knife *cutter, const char *key, const char *text)
{
    guint index = cutter->nodes->len;
    gw_pg_node node = {
        .key = key, .text = text, .size = 1, .up = index == 0 ? 0 : index - cutter->open};
    g_array_append_val(cutter->nodes, node);
}

/* The object or list that is open is complete. */
static void
shut(knife *cutter)
{
    gw_pg_node *node = &g_array_index(cutter->nodes, gw_pg_node, cutter->open);
    node->size = cutter->nodes->len - cutter->open;
    cutter->open -= node->up;
}

/* One value with what it opens. */
static void
cut_value(knife *cutter, const char *key)
{
    char first = *cutter->at;
    if (first == '{' || first == '[')
    {
        add(cutter, key, NULL);
        cutter->open = cutter->nodes->len - 1;
        cutter->at++;
        return;
    }
    const char *text = first == '"' ? cut_string(cutter) : cut_word(cutter);
    char behind = *cutter->at;
    *cutter->at = '\0'; /* ends a number; what stood there is looked at below */
    add(cutter, key, text);
    if (behind == '}' || behind == ']')
    {
        shut(cutter);
    }
    cutter->at += behind != '\0';
}

/* All of the text, without recursion. */
static void
cut(knife *cutter)
{
    cut_value(cutter, "");
    while (*cutter->at != '\0')
    {
        const char *key = "";
        switch (*cutter->at)
        {
        case '}':
        case ']':
            shut(cutter);
            cutter->at++;
            break;
        case ',':
            cutter->at++;
            break;
        case '"': /* lists hold objects alone: a string here is a key */
            key = cut_string(cutter);
            cutter->at += *cutter->at == ':';
            cut_value(cutter, key);
            break;
        default:
            cut_value(cutter, "");
        }
    }
}

/* The only statement of the tree; 0 when there is not exactly one. */
static guint
find_statement(const GArray *nodes)
{
    const gw_pg_node *root = &g_array_index(nodes, gw_pg_node, 0);
    const gw_pg_node *list = gw_pg_get(root, "stmts");
    const gw_pg_node *raw = gw_pg_first(list);
    const gw_pg_node *statement = gw_pg_first(gw_pg_get(raw, "stmt"));
    if (statement == NULL || gw_pg_next(list, raw) != NULL)
    {
        return 0;
    }
    return (guint)(statement - root);
}

/* Called when a thread ends that has parsed. */
static void
grammar_end(gpointer unused)
{
    (void)unused;
    pg_query_exit();
    pg_query_initialized = 0;
}

/* The key that has a value in each thread that has parsed. */
static pthread_key_t
grammar_key(void)
{
    static gsize initialized; /* the key and one */
    if (g_once_init_enter(&initialized))
    {
        pthread_key_t key;
        int failure = pthread_key_create(&key, grammar_end);
        if (failure != 0)
        {
            g_error("cannot make a key for threads: %s", g_strerror(failure));
        }
        g_once_init_leave(&initialized, (gsize)key + 1);
    }
    return (pthread_key_t)(initialized - 1);
}

/*
 * What pg_query_init() does for a thread at its first parse, but with one key for all threads: that
 * one makes a key for each thread and gives none back, and a process has 1,024.
 */
static void
grammar_begin(void)
{
    if (pg_query_initialized != 0)
    {
        return;
    }
    pthread_key_t key = grammar_key();
    MemoryContextInit();
    SetDatabaseEncoding(ENCODING_UTF8);
    pg_query_initialized = 1;
    pthread_setspecific(key, &pg_query_initialized);
}

gw_pg_tree *
gw_pg_tree_parse(const char *sql, gsize length)
{
    if (length > LONGEST)
    {
        return NULL;
    }
    g_autofree char *text = g_strndup(sql, length);
    g_autoptr(gw_pg_tree) tree = g_new0(gw_pg_tree, 1);
    tree->nodes = g_array_sized_new(FALSE, FALSE, sizeof(gw_pg_node), 128);
    grammar_begin();
    tree->result = pg_query_parse(text);
    if (tree->result.error != NULL)
    {
        return NULL;
    }
    knife cutter = {.at = tree->result.parse_tree, .nodes = tree->nodes};
    cut(&cutter);
    tree->statement = find_statement(tree->nodes);
    return tree->statement == 0 ? NULL : g_steal_pointer(&tree);
}

void
gw_pg_tree_free(gw_pg_tree *tree)
{
    g_array_unref(tree->nodes);
    pg_query_free_parse_result(tree->result);
    g_free(tree);
}

const gw_pg_node *
gw_pg_tree_statement(const gw_pg_tree *tree)
{
    return &g_array_index(tree->nodes, gw_pg_node, tree->statement);
}

const gw_pg_node *
gw_pg_first(const gw_pg_node *node)
{
    return node == NULL || node->size < 2 ? NULL : node + 1;
}

const gw_pg_node *
gw_pg_next(const gw_pg_node *node, const gw_pg_node *child)
{
    const gw_pg_node *next = child + child->size;
    return next < node + node->size ? next : NULL;
}

const gw_pg_node *
gw_pg_get(const gw_pg_node *node, const char *key)
{
    const gw_pg_node *child = gw_pg_first(node);
    while (child != NULL && strcmp(child->key, key) != 0)
    {
        child = gw_pg_next(node, child);
    }
    return child;
}

const char *
gw_pg_text(const gw_pg_node *node, const char *key)
{
    const gw_pg_node *child = gw_pg_get(node, key);
    return child == NULL ? NULL : child->text;
}

gboolean
gw_pg_is(const gw_pg_node *node, const char *key, const char *text)
{
    return g_strcmp0(gw_pg_text(node, key), text) == 0;
}

gboolean
gw_pg_flag(const gw_pg_node *node, const char *key)
{
    return gw_pg_is(node, key, "true");
}

const char *
gw_pg_name(const gw_pg_node *list, guint from_end)
{
    const char *names[4] = {NULL, NULL, NULL, NULL};
    for (const gw_pg_node *child = gw_pg_first(list); child != NULL;
         child = gw_pg_next(list, child))
    {
        memmove(names + 1, names, 3 * sizeof names[0]);
        names[0] = gw_pg_text(gw_pg_get(child, "String"), "sval");
    }
    return from_end < G_N_ELEMENTS(names) ? names[from_end] : NULL;
}

gboolean
gw_pg_option(const gw_pg_node *list, const char *name)
{
    static const char *const off[] = {"false", "off", "0", NULL};
    for (const gw_pg_node *child = gw_pg_first(list); child != NULL;
         child = gw_pg_next(list, child))
    {
        const gw_pg_node *element = gw_pg_get(child, "DefElem");
        if (gw_pg_is(element, "defname", name))
        {
            const gw_pg_node *value = gw_pg_first(gw_pg_get(element, "arg"));
            const gw_pg_node *leaf = gw_pg_first(value);
            return leaf == NULL ? value == NULL || strcmp(value->key, "Integer") != 0
                                : leaf->text != NULL && !g_strv_contains(off, leaf->text);
        }
    }
    return FALSE;
}
