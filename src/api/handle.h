/* The handle of the public API, and what the files of this room share. */
#ifndef GW_API_HANDLE_H
#define GW_API_HANDLE_H

#include <stdatomic.h>

#include "godwit.h"
#include "jobs/job.h"

struct godwit
{
    GHashTable *settings; /* char * -> char *: what godwit_set() was told */
    GError *error;        /* of the last call that failed */
    char *code;           /* its name */
    JsonNode *result;
    void (*event)(void *data, const godwit_event *event);
    void *event_data;
    int (*ask)(void *data, const char *text, const char *expect);
    void *ask_data;
    atomic_int stop;
};

/* Put `error` (moved from) in the place of the last one; NULL: none. Returns its status. */
int gw_api_fail(godwit *g, GError *error);

#endif
