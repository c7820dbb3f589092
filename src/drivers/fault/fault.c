#include "drivers/fault/fault.h"

#include <signal.h>

struct gw_fault
{
    gw_fault_mode mode;
    gint at;      /* the point to break at; 0: none */
    gint reached; /* atomic */
    char *path;   /* where the count goes */
};

static gboolean
take_number(gw_fault *fault, const char *text)
{
    guint64 number = 0;
    if (!g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT, &number, NULL))
    {
        return FALSE;
    }
    fault->at = (gint)number;
    return TRUE;
}

static gboolean
take_path(gw_fault *fault, const char *text)
{
    fault->path = g_strdup(text);
    return text[0] != '\0';
}

gw_fault *
gw_fault_parse(const char *text, GError **error)
{
    static const struct
    {
        const char *prefix;
        gw_fault_mode mode;
        gboolean (*take)(gw_fault *fault, const char *text);
    } modes[] = {
        {"count:", GW_FAULT_COUNT, take_path},
        {"kill:", GW_FAULT_KILL, take_number},
        {"drop:", GW_FAULT_DROP, take_number},
        {"stop:", GW_FAULT_STOP, take_number},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(modes); i++)
    {
        if (!g_str_has_prefix(text, modes[i].prefix))
        {
            continue;
        }
        gw_fault *fault = g_new0(gw_fault, 1);
        fault->mode = modes[i].mode;
        if (modes[i].take(fault, text + strlen(modes[i].prefix)))
        {
            return fault;
        }
        fault->mode = GW_FAULT_KILL; /* writes no count */
        gw_fault_free(fault);
        break;
    }
    gw_fail(error, GW_CODE_CONFIG, "\"%s\" is none of kill:N, drop:N, stop:N and count:FILE", text);
    return NULL;
}

static void
write_count(const gw_fault *fault)
{
    if (fault->mode == GW_FAULT_COUNT)
    {
        g_autofree char *text = g_strdup_printf("%u\n", gw_fault_reached(fault));
        g_file_set_contents(fault->path, text, -1, NULL);
    }
}

void
gw_fault_free(gw_fault *fault)
{
    if (fault != NULL)
    {
        write_count(fault);
        g_free(fault->path);
        g_free(fault);
    }
}

guint
gw_fault_reached(const gw_fault *fault)
{
    return (guint)g_atomic_int_get(&fault->reached);
}

static gw_hook_answer
point(gpointer data, const gw_call *call)
{
    gw_fault *fault = data;
    if (!call->effect)
    {
        if (g_str_equal(call->entry, "close"))
        {
            write_count(fault);
        }
        return GW_HOOK_GO_ON;
    }
    gint number = g_atomic_int_add(&fault->reached, 1) + 1;
    if (number != fault->at)
    {
        return GW_HOOK_GO_ON;
    }
    if (fault->mode == GW_FAULT_KILL || fault->mode == GW_FAULT_STOP)
    {
        raise(fault->mode == GW_FAULT_KILL ? SIGKILL : SIGSTOP);
    }
    return fault->mode == GW_FAULT_DROP ? GW_HOOK_DROP : GW_HOOK_GO_ON;
}

gw_wrapper *
gw_fault_wrap(gw_fault *fault, const gw_driver *inner)
{
    const gw_hooks hooks = {.before = point, .after = point, .data = fault};
    return gw_wrapper_new(inner, &hooks);
}
