#include "report/style.h"

#include <sys/ioctl.h>
#include <unistd.h>

#define WIDTH_ELSEWHERE 100
#define WIDTH_LEAST     40
#define WIDTH_MOST      140

static const char *const codes[] = {
    [GW_INK_PLAIN] = "",
    [GW_INK_BOLD] = "1",
    [GW_INK_DIM] = "2",
    [GW_INK_RED] = "1;31",
    [GW_INK_GREEN] = "32",
    [GW_INK_YELLOW] = "33",
    [GW_INK_CYAN] = "36",
};

static gboolean
is_set(const char *variable)
{
    const char *value = g_getenv(variable);
    return value != NULL && value[0] != '\0';
}

static gboolean
is_dumb(void)
{
    const char *term = g_getenv("TERM");
    return term == NULL || term[0] == '\0' || strcmp(term, "dumb") == 0;
}

gboolean
gw_style_wants_color(const char *when, gboolean terminal)
{
    if (when != NULL && strcmp(when, "auto") != 0)
    {
        return strcmp(when, "always") == 0;
    }
    if (is_set("NO_COLOR"))
    {
        return FALSE;
    }
    if (is_set("CLICOLOR_FORCE") && strcmp(g_getenv("CLICOLOR_FORCE"), "0") != 0)
    {
        return TRUE;
    }
    return terminal && !is_dumb();
}

static guint
terminal_width(int descriptor)
{
    struct winsize size = {0};
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    {
        return WIDTH_ELSEWHERE;
    }
    return CLAMP(size.ws_col, WIDTH_LEAST, WIDTH_MOST);
}

gw_style
gw_style_of(int descriptor, const char *when)
{
    gboolean terminal = isatty(descriptor) == 1;
    return (gw_style){
        .color = gw_style_wants_color(when, terminal),
        .redraw = terminal && !is_dumb(),
        .width = terminal ? terminal_width(descriptor) : WIDTH_ELSEWHERE,
    };
}

void
gw_style_add(const gw_style *style, GString *out, gw_ink ink, const char *text)
{
    if (text == NULL || text[0] == '\0')
    {
        return;
    }
    if (!style->color || ink == GW_INK_PLAIN)
    {
        g_string_append(out, text);
        return;
    }
    g_string_append_printf(out, "\033[%sm%s\033[0m", codes[ink], text);
}
