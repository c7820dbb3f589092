#include "base/observer.h"

const char *
gw_event_name(gw_event_type type)
{
    static const char *const names[] = {
#define GW_EVENT_NAME(name, text) text,
        GW_EVENTS(GW_EVENT_NAME)
#undef GW_EVENT_NAME
    };
    return names[type];
}

void
gw_observer_emit(const gw_observer *observer, const gw_event *event)
{
    if (observer != NULL && observer->emit != NULL)
    {
        observer->emit(observer->data, event);
    }
}

gw_answer
gw_observer_ask(const gw_observer *observer, const gw_question *question)
{
    if (observer == NULL || observer->ask == NULL)
    {
        return GW_ANSWER_NONE;
    }
    return observer->ask(observer->data, question);
}

int
gw_observer_stop(const gw_observer *observer)
{
    return observer == NULL || observer->stop == NULL ? 0 : observer->stop(observer->data);
}

void
gw_observer_say(const gw_observer *observer, gw_event_type type, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    gw_observer_emit(observer, &(gw_event){.type = type, .text = text});
}
