#pragma once
#include <microhttpd.h>
#include <sys/epoll.h>

// MHD_start_daemon is variadic, which Swift cannot call: everything that varies goes through the options array.
static inline struct MHD_Daemon *understudy_start_daemon(
    unsigned int flags, uint16_t port, MHD_AccessHandlerCallback handler, void *handler_context,
    struct MHD_OptionItem *options)
{
    return MHD_start_daemon(flags, port, NULL, NULL, handler, handler_context, MHD_OPTION_ARRAY, options, MHD_OPTION_END);
}

// MHD_get_daemon_info and MHD_get_connection_info are variadic as well.
static inline const union MHD_DaemonInfo *understudy_daemon_info(struct MHD_Daemon *daemon, enum MHD_DaemonInfoType type)
{
    return MHD_get_daemon_info(daemon, type);
}

static inline const union MHD_ConnectionInfo *understudy_connection_info(
    struct MHD_Connection *connection, enum MHD_ConnectionInfoType type)
{
    return MHD_get_connection_info(connection, type);
}
