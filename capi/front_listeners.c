/* SPDX-License-Identifier: Apache-2.0 */
/** @section Sockets of servers, and handing them over
 * A server may listen at several places, ws_server_config.listeners. To be replaced by a
 * new process without a refused connect or a lost message, a server
 *
 * 1. duplicates its listening sockets by ws_server_descriptor and starts its successor
 *    with them, who names them as WS_LISTEN_DESCRIPTOR. From then on both accept.
 * 2. when the successor is ready, calls ws_server_stop_listening and waits for its
 *    completion: those that it has accepted are connected by now, all others will be by the
 *    successor.
 * 3. calls ws_server_stop: clients get a Close frame with 1001 behind all that was sent to them, and
 *    connect again. What they sent before they saw that still comes as events, but cannot
 *    be answered any more (RFC 6455 5.5.1): a client repeats what was not answered.
 */
#include "front.h"
#include <libws/ws.h>

/**
 * A socket that a started server listens on. That of server_port comes first, then those
 * of ws_server_config.listeners in their order. One that reuses a port counts once for
 * each loop.
 *
 * index: from 0 to one less than info->count.
 * info: not NULL; set info->struct_size before the call (WS_INIT_STRUCT).
 *
 * Returns: WS_OK; WS_ERR_STATE: not started, or it does not listen any more;
 *   WS_ERR_PARAMETER, also when there is no such index; WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_listener(ws_handle server, size_t index, ws_listener_info *info)
{
    WSX_ENTER();
    int32_t status;
    if (!wsx_argument(server, WSX_SERVER, "server", &status)) return status;
    if ((status = wsx_result(info, &wsx_listener_info_shape, "info"))) return status;
    ws_listener_info found = {.struct_size = info->struct_size};
    status = wsgo_server_listener(server, index, &found, wsx_error_buffer());
    if (!status) wsx_hand_out(info, &found, &wsx_listener_info_shape);
    return status;
}

/**
 * Duplicates a listening socket, so that another process can go on with it: give it to a
 * child, or send it over a Unix socket; on Windows WSADuplicateSocket makes one for another
 * process. The duplicate is closed by exec (FD_CLOEXEC). The
 * file of a Unix socket that was handed over stays when this server stops listening.
 * Duplicates are one socket: shutdown(2) on one ends listening for all, and this server
 * gets an error event with os_error EINVAL, once a second.
 *
 * index: as in ws_server_listener.
 * descriptor: not NULL; receives a descriptor, which the host has to close.
 *
 * Returns: WS_OK; WS_ERR_STATE: not started, or it does not listen any more;
 *   WS_ERR_PARAMETER, also when there is no such index; WS_ERR_UNKNOWN: no descriptor
 *   is left; WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_descriptor(ws_handle server, size_t index, ws_socket *descriptor)
{
    WSX_ENTER();
    int32_t status;
    if (!wsx_argument(server, WSX_SERVER, "server", &status)) return status;
    if (!descriptor) return wsx_fail(WS_ERR_PARAMETER, "descriptor: is NULL");
    return wsgo_server_descriptor(server, index, descriptor, wsx_error_buffer());
}

/**
 * Closes the listening sockets of a server. Its connections live on, and those that it
 * has accepted may still open; one that waits for a next request after an answer is
 * closed. Who connects later is refused, unless another process has the socket as well.
 * The server stays started: ws_server_stop ends its connections, and then it can be
 * started again.
 *
 * completion: NULL, or called once when no connection is in its handshake any more
 *   (operation WS_OP_SERVER_STOP_LISTENING), which the deadlines of ws_server_config
 *   bound; error WS_ERR_CANCELLED: the server was destroyed.
 *
 * Returns: WS_OK; WS_ERR_STATE: not started, stopping, or it does not listen any more;
 *   WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_stop_listening(ws_handle server, ws_callback completion, void *user_data)
{
    WSX_ENTER();
    int32_t status;
    if (!wsx_argument(server, WSX_SERVER, "server", &status)) return status;
    return wsgo_server_stop_listening(server, (uintptr_t)completion, (uintptr_t)user_data, wsx_error_buffer());
}
