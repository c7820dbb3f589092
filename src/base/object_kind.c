#include "base/object_kind.h"

const char *
gw_object_kind_text(gw_object_kind kind)
{
    static const char *const texts[] = {
#define GW_OBJECT_TEXT(name, text) text,
        GW_OBJECT_KINDS(GW_OBJECT_TEXT)
#undef GW_OBJECT_TEXT
    };
    return texts[kind];
}
