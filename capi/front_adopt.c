/* SPDX-License-Identifier: Apache-2.0 */
/** @section Connections that the host has accepted
 * A host with an HTTP server of its own gives the connection of an upgrade request to a server
 * here, and stops using the socket itself: it takes it out of its poller first. It says what it
 * has read of it already:
 *
 * - The request, from its first byte on, as far as it has come: the server reads the rest,
 *   answers as any request of its own, and asks its listeners for WS_EVENT_UPGRADE.
 * - With WS_ADOPT_UPGRADED the host has answered by 101 itself (RFC 6455 4.2.2, without
 *   extensions), and says what came behind the request. The connection is open at once.
 *
 * The connection is like any other of the server: its limits, deadlines, listeners, topics and
 * figures hold, and a stop closes it. A server may have no listener at all
 * (WS_NO_LISTENERS).
 *
 * The socket carries no TLS that the library would know of. A host that has ended TLS itself
 * makes a socketpair (AF_UNIX, SOCK_STREAM), gives one end here, with the client's address in
 * client_ip, and carries bytes between the other one and its TLS until either ends, half-closing
 * (shutdown, close_notify) in the same direction.
 */
#include "front.h"
#include <libws/ws.h>

/**
 * Makes a connection of a server out of a socket that the host has accepted.
 *
 * server: is started; it may listen nowhere.
 * options: not NULL; what data points to is copied. The descriptor is the library's when the
 *   call returns WS_OK, else the host's as before.
 * connection: NULL, or receives the handle, which is that of the connection to be: the connect
 *   event follows, perhaps before the call returns. One that never opens has no
 *   connect, close or error event; WS_EVENT_DESTROYED is its last.
 *
 * Returns: WS_OK; WS_ERR_CONNECT_FAILED: a limit of the server is reached, which
 *   ws_last_error() names, with the HTTP status that is right for it; WS_ERR_STATE: the server
 *   is not started, or does not listen any more; WS_ERR_PARAMETER: no connected stream
 *   socket, an address or a text that is none; WS_ERR_MEMORY; WS_ERR_UNKNOWN: the system
 *   refuses a descriptor, or on Windows it is in a completion port of the host's; WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_adopt(ws_handle server, const ws_adopt_options *options, ws_handle *connection)
{
    WSX_ENTER();
    int32_t status;
    if (!wsx_argument(server, WSX_SERVER, "server", &status)) return status;
    if (!options) return wsx_fail(WS_ERR_PARAMETER, "options: is NULL");
    ws_adopt_options o;
    if ((status = wsx_options(&o, &wsx_adopt_shape, options, "options"))) return status;
    if (!o.data && o.size) return wsx_fail(WS_ERR_PARAMETER, "options.data: is NULL, size is %zu", o.size);
    if (!wsx_readable(o.data, o.size, "options.data")) return WS_ERR_PARAMETER;
    uint64_t own = 0;
    status = wsgo_server_adopt(server, &o, (uintptr_t)o.user_data, &own, wsx_error_buffer());
    if (!status && connection) *connection = own;
    return status;
}
