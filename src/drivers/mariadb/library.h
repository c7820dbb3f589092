/*
 * libmariadb, which is opened with the first connection. Its functions are called by their own
 * names: a call goes through a table whose types are those of the library's header. A function that
 * is used for the first time is added to both lists below; what is forgotten does not compile or
 * link.
 */
#ifndef GW_DRIVERS_MARIADB_LIBRARY_H
#define GW_DRIVERS_MARIADB_LIBRARY_H

#include <mysql.h>

#include "base/error.h"

#define GW_MARIADB_FUNCTIONS(X)                                                                    \
    X(mariadb_connection)                                                                          \
    X(mysql_affected_rows)                                                                         \
    X(mysql_character_set_name)                                                                    \
    X(mysql_close)                                                                                 \
    X(mysql_errno)                                                                                 \
    X(mysql_error)                                                                                 \
    X(mysql_fetch_field_direct)                                                                    \
    X(mysql_fetch_lengths)                                                                         \
    X(mysql_fetch_row)                                                                             \
    X(mysql_field_count)                                                                           \
    X(mysql_free_result)                                                                           \
    X(mysql_get_host_info)                                                                         \
    X(mysql_get_server_info)                                                                       \
    X(mysql_get_server_version)                                                                    \
    X(mysql_get_socket)                                                                            \
    X(mysql_get_ssl_cipher)                                                                        \
    X(mysql_init)                                                                                  \
    X(mysql_more_results)                                                                          \
    X(mysql_net_read_packet)                                                                       \
    X(mysql_next_result)                                                                           \
    X(mysql_optionsv)                                                                              \
    X(mysql_read_query_result)                                                                     \
    X(mysql_real_connect)                                                                          \
    X(mysql_real_query)                                                                            \
    X(mysql_send_query)                                                                            \
    X(mysql_set_character_set)                                                                     \
    X(mysql_set_local_infile_handler)                                                              \
    X(mysql_set_server_option)                                                                     \
    X(mysql_sqlstate)                                                                              \
    X(mysql_stmt_affected_rows)                                                                    \
    X(mysql_stmt_bind_param)                                                                       \
    X(mysql_stmt_bind_result)                                                                      \
    X(mysql_stmt_close)                                                                            \
    X(mysql_stmt_errno)                                                                            \
    X(mysql_stmt_error)                                                                            \
    X(mysql_stmt_execute)                                                                          \
    X(mysql_stmt_fetch)                                                                            \
    X(mysql_stmt_fetch_column)                                                                     \
    X(mysql_stmt_field_count)                                                                      \
    X(mysql_stmt_free_result)                                                                      \
    X(mysql_stmt_init)                                                                             \
    X(mysql_stmt_more_results)                                                                     \
    X(mysql_stmt_next_result)                                                                      \
    X(mysql_stmt_param_count)                                                                      \
    X(mysql_stmt_prepare)                                                                          \
    X(mysql_stmt_result_metadata)                                                                  \
    X(mysql_stmt_sqlstate)                                                                         \
    X(mysql_store_result)                                                                          \
    X(mysql_thread_id)                                                                             \
    X(mysql_use_result)                                                                            \
    X(mysql_warning_count)

typedef struct gw_mariadb_library
{
#define GW_MARIADB_MEMBER(name) __typeof__(name) *name;
    GW_MARIADB_FUNCTIONS(GW_MARIADB_MEMBER)
#undef GW_MARIADB_MEMBER
} gw_mariadb_library;

/* Open the library unless it is open; called before anything else of it. Fails with LIBRARY. */
gboolean gw_mariadb_library_open(GError **error) GW_CHECKED;

/* Its functions; NULL before it was opened. */
const gw_mariadb_library *gw_mariadb_library_get(void);

#define mariadb_connection             (gw_mariadb_library_get()->mariadb_connection)
#define mysql_affected_rows            (gw_mariadb_library_get()->mysql_affected_rows)
#define mysql_character_set_name       (gw_mariadb_library_get()->mysql_character_set_name)
#define mysql_close                    (gw_mariadb_library_get()->mysql_close)
#define mysql_errno                    (gw_mariadb_library_get()->mysql_errno)
#define mysql_error                    (gw_mariadb_library_get()->mysql_error)
#define mysql_fetch_field_direct       (gw_mariadb_library_get()->mysql_fetch_field_direct)
#define mysql_fetch_lengths            (gw_mariadb_library_get()->mysql_fetch_lengths)
#define mysql_fetch_row                (gw_mariadb_library_get()->mysql_fetch_row)
#define mysql_field_count              (gw_mariadb_library_get()->mysql_field_count)
#define mysql_free_result              (gw_mariadb_library_get()->mysql_free_result)
#define mysql_get_host_info            (gw_mariadb_library_get()->mysql_get_host_info)
#define mysql_get_server_info          (gw_mariadb_library_get()->mysql_get_server_info)
#define mysql_get_server_version       (gw_mariadb_library_get()->mysql_get_server_version)
#define mysql_get_socket               (gw_mariadb_library_get()->mysql_get_socket)
#define mysql_get_ssl_cipher           (gw_mariadb_library_get()->mysql_get_ssl_cipher)
#define mysql_init                     (gw_mariadb_library_get()->mysql_init)
#define mysql_more_results             (gw_mariadb_library_get()->mysql_more_results)
#define mysql_net_read_packet          (gw_mariadb_library_get()->mysql_net_read_packet)
#define mysql_next_result              (gw_mariadb_library_get()->mysql_next_result)
#define mysql_optionsv                 (gw_mariadb_library_get()->mysql_optionsv)
#define mysql_read_query_result        (gw_mariadb_library_get()->mysql_read_query_result)
#define mysql_real_connect             (gw_mariadb_library_get()->mysql_real_connect)
#define mysql_real_query               (gw_mariadb_library_get()->mysql_real_query)
#define mysql_send_query               (gw_mariadb_library_get()->mysql_send_query)
#define mysql_set_character_set        (gw_mariadb_library_get()->mysql_set_character_set)
#define mysql_set_local_infile_handler (gw_mariadb_library_get()->mysql_set_local_infile_handler)
#define mysql_set_server_option        (gw_mariadb_library_get()->mysql_set_server_option)
#define mysql_sqlstate                 (gw_mariadb_library_get()->mysql_sqlstate)
#define mysql_stmt_affected_rows       (gw_mariadb_library_get()->mysql_stmt_affected_rows)
#define mysql_stmt_bind_param          (gw_mariadb_library_get()->mysql_stmt_bind_param)
#define mysql_stmt_bind_result         (gw_mariadb_library_get()->mysql_stmt_bind_result)
#define mysql_stmt_close               (gw_mariadb_library_get()->mysql_stmt_close)
#define mysql_stmt_errno               (gw_mariadb_library_get()->mysql_stmt_errno)
#define mysql_stmt_error               (gw_mariadb_library_get()->mysql_stmt_error)
#define mysql_stmt_execute             (gw_mariadb_library_get()->mysql_stmt_execute)
#define mysql_stmt_fetch               (gw_mariadb_library_get()->mysql_stmt_fetch)
#define mysql_stmt_fetch_column        (gw_mariadb_library_get()->mysql_stmt_fetch_column)
#define mysql_stmt_field_count         (gw_mariadb_library_get()->mysql_stmt_field_count)
#define mysql_stmt_free_result         (gw_mariadb_library_get()->mysql_stmt_free_result)
#define mysql_stmt_init                (gw_mariadb_library_get()->mysql_stmt_init)
#define mysql_stmt_more_results        (gw_mariadb_library_get()->mysql_stmt_more_results)
#define mysql_stmt_next_result         (gw_mariadb_library_get()->mysql_stmt_next_result)
#define mysql_stmt_param_count         (gw_mariadb_library_get()->mysql_stmt_param_count)
#define mysql_stmt_prepare             (gw_mariadb_library_get()->mysql_stmt_prepare)
#define mysql_stmt_result_metadata     (gw_mariadb_library_get()->mysql_stmt_result_metadata)
#define mysql_stmt_sqlstate            (gw_mariadb_library_get()->mysql_stmt_sqlstate)
#define mysql_store_result             (gw_mariadb_library_get()->mysql_store_result)
#define mysql_thread_id                (gw_mariadb_library_get()->mysql_thread_id)
#define mysql_use_result               (gw_mariadb_library_get()->mysql_use_result)
#define mysql_warning_count            (gw_mariadb_library_get()->mysql_warning_count)

#endif
