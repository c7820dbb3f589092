/*
 * What every file of godwit includes first: GLib, the exact-width integers, and the functions that
 * nobody may call because they cannot be bounded or are not safe among threads.
 */
#ifndef GW_BASE_BASE_H
#define GW_BASE_BASE_H

#include <glib.h>
#include <stdint.h>
#include <stdio.h> /* before the names below are poisoned */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison sprintf vsprintf strcpy strcat strncpy strtok atoi gmtime localtime asctime

/* A result that the caller must look at. */
#define GW_CHECKED G_GNUC_WARN_UNUSED_RESULT

#endif
