/* SPDX-License-Identifier: Apache-2.0 */
/** @section Requests
 * A server answers upgrades by itself, and other requests with 426, until it has a
 * listener for WS_EVENT_UPGRADE or WS_EVENT_REQUEST (or their flags, for
 * ws_queue_poll), and again when the last one is removed. Then the host decides: inside the event, or later from any thread.
 * The event's handle is that of the connection to be; it takes ws_on, ws_set_user_data,
 * ws_connection_info and ws_connection_text already. While the host decides nothing is
 * read from the client. When decision_timeout_ms is over, the library answers 503.
 *
 * A request event has the whole body, whether its length was said or it came in chunks
 * (RFC 9112 7.1), within max_body_size; a client that waits for 100 Continue gets it. What
 * is no sound request, or what may be read in two ways, the library refuses by itself and
 * ends the connection: docs/operations.md.
 *
 * ws_accept is followed by the connect event. A connection that never opens has no
 * connect, close or error event; WS_EVENT_DESTROYED, for a listener of the handle, is
 * its last. It may have several request events, one after the other.
 */
#include "front.h"
#include <libws/ws.h>

/**
 * Agrees to an upgrade (RFC 6455 4.2.2); the connect event follows.
 *
 * connection: the handle of a WS_EVENT_UPGRADE event.
 * options: NULL, or the subprotocol and extra fields of the answer, and what of the server's
 *   limits, heartbeat and compression is different for this connection.
 *
 * Returns: WS_OK; WS_ERR_STATE: no request waits for an answer, or it asks for no
 *   WebSocket; WS_ERR_PARAMETER: a subprotocol that the client does not offer, or
 *   none with WS_REQUIRE_PROTOCOL, a limit or time out of its range, a field that is malformed or belongs to the answer itself; WS_ERR_NO_CONNECTION: it
 *   has ended, also because the time for the decision was over; WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_accept(ws_handle connection, const ws_accept_options *options)
{
    WSX_ENTER();
    int32_t status;
    if (!wsx_argument(connection, WSX_ACCEPTED, "connection", &status)) return status;
    ws_accept_options o;
    if ((status = wsx_options(&o, &wsx_accept_shape, options, "options"))) return status;
    const char *before = NULL;
    if (o.correlation_id) { /* first: the connect event may come on another thread */
        if ((status = wsx_label_check(o.correlation_id, "options.correlation_id"))) return status;
        if ((status = wsx_label_give(connection, WSX_ACCEPTED, o.correlation_id, &before))) return status;
    }
    status = wsgo_accept(connection, &o, wsx_error_buffer());
    if (status && o.correlation_id) wsx_label_take_back(connection, WSX_ACCEPTED, before);
    return status;
}

/**
 * Answers the request that waits, or refuses an upgrade, with any HTTP status; call it
 * once for each event, because the next request may wait already. A refused upgrade
 * ends its connection; else the client may send another request within
 * keep_alive_timeout_ms.
 *
 * connection: the handle of a WS_EVENT_REQUEST or WS_EVENT_UPGRADE event.
 * response: NULL for 200 without a body; what it points to is copied.
 *
 * Returns: WS_OK; WS_ERR_STATE: no request waits for an answer; WS_ERR_PARAMETER: a
 *   status out of range, a field that is malformed or belongs to the answer itself;
 *   WS_ERR_TOO_LARGE: body_size is more than max_buffered; WS_ERR_MEMORY;
 *   WS_ERR_NO_CONNECTION: it has ended, also because the time for the decision was over;
 *   WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_respond(ws_handle connection, const ws_response *response)
{
    WSX_ENTER();
    int32_t status;
    if (!wsx_argument(connection, WSX_ACCEPTED, "connection", &status)) return status;
    ws_response r;
    if ((status = wsx_options(&r, &wsx_response_shape, response, "response"))) return status;
    if (!r.body && r.body_size)
        return wsx_fail(WS_ERR_PARAMETER, "response.body: is NULL, body_size is %zu", r.body_size);
    if (!wsx_readable(r.body, r.body_size, "response.body")) return WS_ERR_PARAMETER;
    return wsgo_respond(connection, &r, wsx_error_buffer());
}
