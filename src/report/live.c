#include "report/live.h"

#include "base/clock.h"
#include "base/text.h"
#include "base/thread.h"
#include "report/columns.h"
#include "report/talk.h"

#define DRAW_EVERY   (G_TIME_SPAN_SECOND / 5)
#define REPEAT_AFTER (10 * G_TIME_SPAN_SECOND) /* between two plain lines that say the same */
#define CLEAR_LINE   "\r\033[K"

/* The step that runs. */
typedef struct running
{
    char *head; /* "20240101000000 users  2/5"; NULL: none runs */
    char *text;
    char *waiting; /* what it waits for; NULL: nothing */
    gint64 since;
} running;

struct gw_live
{
    FILE *file;
    gw_live_options options;
    gw_mutex lock; /* of all that follows */
    gw_condition changed;
    gw_thread *drawer; /* NULL where nothing is drawn */
    running step;
    gboolean drawn; /* the line is on the terminal now */
    gboolean paused;
    gboolean ended;
    gint64 said_waiting; /* when a wait was last told in a plain line; 0: not for this step */
};

static void
put(gw_live *live, const GString *text)
{
    if (text->len > 0 && fwrite(text->str, 1, text->len, live->file) == text->len)
    {
        fflush(live->file);
    }
}

/* Take the line away, so that another text can stand there. */
static void
erase(gw_live *live, GString *out)
{
    if (live->drawn)
    {
        g_string_append(out, CLEAR_LINE);
    }
    live->drawn = FALSE;
}

static void
forget_step(running *step)
{
    g_free(step->head);
    g_free(step->text);
    g_free(step->waiting);
    *step = (running){0};
}

/* "20240101000000 users  2/5  1.2 s  CREATE INDEX …  waiting for …", in one line. */
static void
draw(gw_live *live)
{
    const running *step = &live->step;
    if (step->head == NULL || live->paused)
    {
        return;
    }
    g_autofree char *took = gw_duration_print(gw_clock_now() - step->since);
    g_autofree char *line = g_strdup_printf("%s  %s  %s%s%s", step->head, took,
        step->waiting != NULL ? "waiting: " : "", step->waiting != NULL ? step->waiting : "",
        step->waiting != NULL ? "" : step->text);
    g_autofree char *clean = gw_columns_clean(line, TRUE);
    g_autofree char *cut = gw_columns_cut(clean, live->options.style.width - 1);
    g_autoptr(GString) out = g_string_new(CLEAR_LINE);
    gw_style_add(
        &live->options.style, out, step->waiting != NULL ? GW_INK_YELLOW : GW_INK_CYAN, cut);
    put(live, out);
    live->drawn = TRUE;
}

/* The drawer's life: a step that takes longer than a moment is seen, with its time going on. */
static void
drawer_run(gpointer data)
{
    gw_live *live = data;
    gw_mutex_lock(&live->lock);
    gint64 due = gw_clock_now() + DRAW_EVERY;
    while (!live->ended)
    {
        gint64 left = due - gw_clock_now();
        if (left <= 0)
        {
            draw(live);
            due = gw_clock_now() + DRAW_EVERY;
            left = DRAW_EVERY;
        }
        gw_condition_wait(&live->changed, &live->lock, left);
    }
    gw_mutex_unlock(&live->lock);
}

gw_live *
gw_live_new(FILE *file, const gw_live_options *options)
{
    gw_live *live = g_new0(gw_live, 1);
    live->file = file;
    live->options = *options;
    gw_mutex_init(&live->lock);
    gw_condition_init(&live->changed);
    return live;
}

static void
stop_drawing(gw_live *live)
{
    gw_mutex_lock(&live->lock);
    live->ended = TRUE;
    gw_condition_wake(&live->changed);
    gw_mutex_unlock(&live->lock);
    if (live->drawer != NULL)
    {
        gw_thread_join(live->drawer);
    }
}

void
gw_live_free(gw_live *live)
{
    g_autoptr(GString) out = g_string_new(NULL);
    stop_drawing(live);
    erase(live, out);
    put(live, out);
    forget_step(&live->step);
    gw_condition_clear(&live->changed);
    gw_mutex_clear(&live->lock);
    g_free(live);
}

static gboolean
is(const godwit_event *event, const char *type)
{
    return strcmp(event->type, type) == 0;
}

static void
begin_step(gw_live *live, const godwit_event *event)
{
    g_autoptr(GString) head = g_string_new(NULL);
    gw_talk_migration(event, head);
    if (event->total > 0)
    {
        g_string_append_printf(head, "  %u/%u", event->ordinal, event->total);
    }
    forget_step(&live->step);
    live->step.head = g_strdup(head->str);
    live->step.text = g_strdup(event->text != NULL ? event->text : "");
    live->step.since = gw_clock_now();
    live->said_waiting = 0;
    if (live->drawer == NULL && live->options.style.redraw)
    {
        live->drawer = gw_thread_start(drawer_run, live);
    }
}

/* A wait is shown in the line that is drawn; elsewhere told at once and then now and again. */
static gboolean
wait_stays(gw_live *live, const godwit_event *event)
{
    gint64 now = gw_clock_now();
    g_free(live->step.waiting);
    live->step.waiting = g_strdup(event->text != NULL ? event->text : "");
    if (live->options.style.redraw && live->step.head != NULL)
    {
        return FALSE;
    }
    if (live->said_waiting != 0 && now - live->said_waiting < REPEAT_AFTER)
    {
        return FALSE;
    }
    live->said_waiting = now;
    return TRUE;
}

/* Remember what runs; TRUE when the event's own lines are to be told. */
static gboolean
follow(gw_live *live, const godwit_event *event)
{
    if (is(event, "step_begin"))
    {
        begin_step(live, event);
        return FALSE;
    }
    if (is(event, "step_waiting"))
    {
        return wait_stays(live, event);
    }
    if (is(event, "step_end") || is(event, "migration_end") || is(event, "migration_retry") ||
        is(event, "run_end"))
    {
        forget_step(&live->step);
    }
    return TRUE;
}

static void
tell(gw_live *live, const godwit_event *event)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GString) out = g_string_new(NULL);
    if (live->options.json)
    {
        gw_talk_json(event, out);
    }
    else if (follow(live, event))
    {
        gw_talk_text(event, &live->options.style, live->options.verbose, text);
    }
    if (text->len > 0 || live->step.head == NULL)
    {
        erase(live, out);
        g_string_append_len(out, text->str, (gssize)text->len);
    }
    put(live, out);
}

void
gw_live_event(void *data, const godwit_event *event)
{
    gw_live *live = data;
    if (live->options.quiet)
    {
        return;
    }
    gw_mutex_lock(&live->lock);
    tell(live, event);
    gw_mutex_unlock(&live->lock);
}

void
gw_live_say(gw_live *live, const char *type, const char *text)
{
    godwit_event event = {.type = type, .text = text};
    gw_live_event(live, &event);
}

void
gw_live_pause(gw_live *live)
{
    g_autoptr(GString) out = g_string_new(NULL);
    gw_mutex_lock(&live->lock);
    live->paused = TRUE;
    erase(live, out);
    put(live, out);
    gw_mutex_unlock(&live->lock);
}

void
gw_live_resume(gw_live *live)
{
    gw_mutex_lock(&live->lock);
    live->paused = FALSE;
    gw_mutex_unlock(&live->lock);
}
