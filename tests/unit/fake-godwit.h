/*
 * A library for tests of the program's own rooms: it does what a script says. Values are JSON.
 *
 * The script is the JSON file that $FAKE_GODWIT names: {"status", "result", "error": {"code", …},
 * "events": [{"type", …}], "ask": {"text", "expect"}, "hold_us"}; `hold_us` waits that long for
 * godwit_stop(). What was called is written to $FAKE_GODWIT_LOG, a line for each call.
 */
#ifndef GW_TESTS_FAKE_GODWIT_H
#define GW_TESTS_FAKE_GODWIT_H

#include "base/base.h"
#include "godwit.h"

/* A value of JSON text, with ' for "; the caller frees it. */
godwit_value *fake_value(const char *json);
void fake_value_free(godwit_value *value);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(godwit_value, fake_value_free)

#endif
