/*
 * libpq, which is opened with the first connection. Its functions are called by their own names: a
 * call goes through a table whose types are those of the library's header. A function that is used
 * for the first time is added to both lists below; what is forgotten does not compile or link.
 */
#ifndef GW_DRIVERS_POSTGRES_LIBRARY_H
#define GW_DRIVERS_POSTGRES_LIBRARY_H

#include <libpq-fe.h>

#include "base/error.h"

#define GW_PG_FUNCTIONS(X)                                                                         \
    X(PQbackendPID)                                                                                \
    X(PQcancel)                                                                                    \
    X(PQclear)                                                                                     \
    X(PQcmdStatus)                                                                                 \
    X(PQcmdTuples)                                                                                 \
    X(PQconndefaults)                                                                              \
    X(PQconnectPoll)                                                                               \
    X(PQconnectStartParams)                                                                        \
    X(PQconnectdbParams)                                                                           \
    X(PQconninfoFree)                                                                              \
    X(PQconninfoParse)                                                                             \
    X(PQconsumeInput)                                                                              \
    X(PQenterPipelineMode)                                                                         \
    X(PQerrorMessage)                                                                              \
    X(PQexec)                                                                                      \
    X(PQexecParams)                                                                                \
    X(PQexitPipelineMode)                                                                          \
    X(PQfinish)                                                                                    \
    X(PQflush)                                                                                     \
    X(PQfname)                                                                                     \
    X(PQfreeCancel)                                                                                \
    X(PQfreemem)                                                                                   \
    X(PQgetCancel)                                                                                 \
    X(PQgetCopyData)                                                                               \
    X(PQgetResult)                                                                                 \
    X(PQgetisnull)                                                                                 \
    X(PQgetlength)                                                                                 \
    X(PQgetvalue)                                                                                  \
    X(PQhost)                                                                                      \
    X(PQisBusy)                                                                                    \
    X(PQisnonblocking)                                                                             \
    X(PQnfields)                                                                                   \
    X(PQntuples)                                                                                   \
    X(PQpipelineStatus)                                                                            \
    X(PQpipelineSync)                                                                              \
    X(PQport)                                                                                      \
    X(PQputCopyData)                                                                               \
    X(PQputCopyEnd)                                                                                \
    X(PQresultErrorField)                                                                          \
    X(PQresultErrorMessage)                                                                        \
    X(PQresultStatus)                                                                              \
    X(PQsendFlushRequest)                                                                          \
    X(PQsendPrepare)                                                                               \
    X(PQsendQueryParams)                                                                           \
    X(PQsendQueryPrepared)                                                                         \
    X(PQsetClientEncoding)                                                                         \
    X(PQsetErrorVerbosity)                                                                         \
    X(PQsetNoticeReceiver)                                                                         \
    X(PQsetSingleRowMode)                                                                          \
    X(PQsetnonblocking)                                                                            \
    X(PQsocket)                                                                                    \
    X(PQsslInUse)                                                                                  \
    X(PQstatus)                                                                                    \
    X(PQtransactionStatus)

typedef struct gw_pg_library
{
#define GW_PG_MEMBER(name) __typeof__(name) *name;
    GW_PG_FUNCTIONS(GW_PG_MEMBER)
#undef GW_PG_MEMBER
} gw_pg_library;

/* Open the library unless it is open; called before anything else of it. Fails with LIBRARY. */
gboolean gw_pg_library_open(GError **error) GW_CHECKED;

/* Its functions; NULL before it was opened. */
const gw_pg_library *gw_pg_library_get(void);

#define PQbackendPID         (gw_pg_library_get()->PQbackendPID)
#define PQcancel             (gw_pg_library_get()->PQcancel)
#define PQclear              (gw_pg_library_get()->PQclear)
#define PQcmdStatus          (gw_pg_library_get()->PQcmdStatus)
#define PQcmdTuples          (gw_pg_library_get()->PQcmdTuples)
#define PQconndefaults       (gw_pg_library_get()->PQconndefaults)
#define PQconnectPoll        (gw_pg_library_get()->PQconnectPoll)
#define PQconnectStartParams (gw_pg_library_get()->PQconnectStartParams)
#define PQconnectdbParams    (gw_pg_library_get()->PQconnectdbParams)
#define PQconninfoFree       (gw_pg_library_get()->PQconninfoFree)
#define PQconninfoParse      (gw_pg_library_get()->PQconninfoParse)
#define PQconsumeInput       (gw_pg_library_get()->PQconsumeInput)
#define PQenterPipelineMode  (gw_pg_library_get()->PQenterPipelineMode)
#define PQerrorMessage       (gw_pg_library_get()->PQerrorMessage)
#define PQexec               (gw_pg_library_get()->PQexec)
#define PQexecParams         (gw_pg_library_get()->PQexecParams)
#define PQexitPipelineMode   (gw_pg_library_get()->PQexitPipelineMode)
#define PQfinish             (gw_pg_library_get()->PQfinish)
#define PQflush              (gw_pg_library_get()->PQflush)
#define PQfname              (gw_pg_library_get()->PQfname)
#define PQfreeCancel         (gw_pg_library_get()->PQfreeCancel)
#define PQfreemem            (gw_pg_library_get()->PQfreemem)
#define PQgetCancel          (gw_pg_library_get()->PQgetCancel)
#define PQgetCopyData        (gw_pg_library_get()->PQgetCopyData)
#define PQgetResult          (gw_pg_library_get()->PQgetResult)
#define PQgetisnull          (gw_pg_library_get()->PQgetisnull)
#define PQgetlength          (gw_pg_library_get()->PQgetlength)
#define PQgetvalue           (gw_pg_library_get()->PQgetvalue)
#define PQhost               (gw_pg_library_get()->PQhost)
#define PQisBusy             (gw_pg_library_get()->PQisBusy)
#define PQisnonblocking      (gw_pg_library_get()->PQisnonblocking)
#define PQnfields            (gw_pg_library_get()->PQnfields)
#define PQntuples            (gw_pg_library_get()->PQntuples)
#define PQpipelineStatus     (gw_pg_library_get()->PQpipelineStatus)
#define PQpipelineSync       (gw_pg_library_get()->PQpipelineSync)
#define PQport               (gw_pg_library_get()->PQport)
#define PQputCopyData        (gw_pg_library_get()->PQputCopyData)
#define PQputCopyEnd         (gw_pg_library_get()->PQputCopyEnd)
#define PQresultErrorField   (gw_pg_library_get()->PQresultErrorField)
#define PQresultErrorMessage (gw_pg_library_get()->PQresultErrorMessage)
#define PQresultStatus       (gw_pg_library_get()->PQresultStatus)
#define PQsendFlushRequest   (gw_pg_library_get()->PQsendFlushRequest)
#define PQsendPrepare        (gw_pg_library_get()->PQsendPrepare)
#define PQsendQueryParams    (gw_pg_library_get()->PQsendQueryParams)
#define PQsendQueryPrepared  (gw_pg_library_get()->PQsendQueryPrepared)
#define PQsetClientEncoding  (gw_pg_library_get()->PQsetClientEncoding)
#define PQsetErrorVerbosity  (gw_pg_library_get()->PQsetErrorVerbosity)
#define PQsetNoticeReceiver  (gw_pg_library_get()->PQsetNoticeReceiver)
#define PQsetSingleRowMode   (gw_pg_library_get()->PQsetSingleRowMode)
#define PQsetnonblocking     (gw_pg_library_get()->PQsetnonblocking)
#define PQsocket             (gw_pg_library_get()->PQsocket)
#define PQsslInUse           (gw_pg_library_get()->PQsslInUse)
#define PQstatus             (gw_pg_library_get()->PQstatus)
#define PQtransactionStatus  (gw_pg_library_get()->PQtransactionStatus)

#endif
