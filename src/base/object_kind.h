/* The kinds of things that a schema holds: one list for facts of statements and for the model. */
#ifndef GW_BASE_OBJECT_KIND_H
#define GW_BASE_OBJECT_KIND_H

#include "base/base.h"

/* X(NAME, "text") */
#define GW_OBJECT_KINDS(X)                                                                         \
    X(NONE, "none")                                                                                \
    X(SCHEMA, "schema")                                                                            \
    X(EXTENSION, "extension")                                                                      \
    X(TYPE, "type")                                                                                \
    X(DOMAIN, "domain")                                                                            \
    X(SEQUENCE, "sequence")                                                                        \
    X(TABLE, "table")                                                                              \
    X(COLUMN, "column")                                                                            \
    X(CONSTRAINT, "constraint")                                                                    \
    X(INDEX, "index")                                                                              \
    X(VIEW, "view")                                                                                \
    X(MATVIEW, "materialized view")                                                                \
    X(ROUTINE, "routine")                                                                          \
    X(PROCEDURE, "procedure")                                                                      \
    X(TRIGGER, "trigger")                                                                          \
    X(EVENT, "event")                                                                              \
    X(RULE, "rule")                                                                                \
    X(POLICY, "policy")                                                                            \
    X(ROLE, "role")                                                                                \
    X(OTHER, "other")

typedef enum gw_object_kind
{
#define GW_OBJECT_ENUM(name, text) GW_OBJECT_##name,
    GW_OBJECT_KINDS(GW_OBJECT_ENUM)
#undef GW_OBJECT_ENUM
} gw_object_kind;

/* "materialized view" */
const char *gw_object_kind_text(gw_object_kind kind);

#endif
