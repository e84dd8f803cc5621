/* SPDX-License-Identifier: Apache-2.0 */
/** @section Relays
 * One process keeps its topics for itself. A relay connects them with those of others, by whatever carries
 * messages there: it is a few functions of the host (ws_relay.h), which get what is published and broadcast
 * here, and which topics somebody here has subscribed to; what others have published it hands in. Without a
 * relay nothing of this costs anything. docs/relay.md shows how to write one.
 *
 * What leaves: what ws_publish, ws_publish_with, ws_server_broadcast and ws_server_broadcast_with have given to the
 * connections of this server, also when there was none, in the order in which these got it. A key and a priority
 * travel with a message, and matter in the queues of connections only: between processes nothing is replaced or
 * overtaken. Who is left out here (except) is left out here only. Messages of ws_send do not leave.
 */
#include "front.h"
#include <libws/ws.h>

/**
 * Gives a server its relay, or takes it off.
 *
 * server: may be started later; while it stops it takes none. It has one relay at a time, and each ends with the
 *   next ws_server_stop, behind the last connection, or with ws_server_destroy, which drops what waits. Before its
 *   completion ws_server_stop waits for on_end: for drain_timeout_ms, and for a call of the relay that is
 *   running.
 * relay: copied; with on_message. NULL takes it off: nothing is let in any more, what waits still leaves within
 *   drain_timeout_ms, and on_end follows. That there is none is no error. Until on_end is called there is no place
 *   for another one; inside on_end there is.
 *
 * Returns: WS_OK: on_end comes, once; WS_ERR_STATE: the server has a relay, or is stopping; WS_ERR_UNKNOWN: the system
 *   gives no thread; WS_ERR_PARAMETER; WS_ERR_HANDLE. After an error no function of the relay is called.
 * Threads: any, also inside functions of the relay.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_set_relay(ws_handle server, const ws_relay *relay)
{
    WSX_ENTER();
    int32_t status;
    ws_relay r;
    if (!wsx_argument(server, WSX_SERVER, "server", &status)) return status;
    if (!relay) return wsgo_server_end_relay(server, wsx_error_buffer());
    if ((status = wsx_options(&r, &wsx_relay_shape, relay, "relay"))) return status;
    if (!r.on_message) return wsx_fail(WS_ERR_PARAMETER, "relay.on_message: is NULL");
    return wsgo_server_set_relay(server, &r, wsx_error_buffer());
}

static int32_t check_relayed(const ws_relay_message *m)
{
    if (m->type != WS_TEXT && m->type != WS_BINARY)
        return wsx_fail(WS_ERR_PARAMETER, "message.type: %d is neither WS_TEXT nor WS_BINARY", m->type);
    if (m->broadcast != 0 && m->broadcast != 1)
        return wsx_fail(WS_ERR_PARAMETER, "message.broadcast: %d is neither 0 nor 1", m->broadcast);
    if (m->broadcast && m->topic_size)
        return wsx_fail(WS_ERR_PARAMETER, "message.topic_size: is %zu, and a broadcast has no topic", m->topic_size);
    if (!m->broadcast && !m->topic) return wsx_fail(WS_ERR_PARAMETER, "message.topic: is NULL, and broadcast is 0");
    if (!m->broadcast && (m->topic_size < 1 || m->topic_size > 255))
        return wsx_fail(WS_ERR_PARAMETER, "message.topic_size: %zu is not in 1..255", m->topic_size);
    if (!m->data && m->size) return wsx_fail(WS_ERR_PARAMETER, "message.data: is NULL, size is %zu", m->size);
    if (!wsx_readable(m->topic, m->topic_size, "message.topic")) return WS_ERR_PARAMETER;
    return wsx_readable(m->data, m->size, "message.data") ? WS_OK : WS_ERR_PARAMETER;
}

/**
 * Gives a message that was published in another process to the connections of this server: ws_publish_with, or
 * ws_server_broadcast_with, but that it does not go to the relay. It is encoded once, and compressed once, for all that
 * get it; whatever the threads, connections get it in one order with what is published here. It never waits for a
 * connection: one whose queue is full is treated as full_policy says.
 *
 * server: with a relay that has not ended.
 * message: what is not of this call is the caller's again when it returns. Text has to be valid UTF-8.
 *
 * Returns: WS_OK, also when nobody took it, as when the server is stopping; WS_ERR_STATE: there is no relay, or the
 *   server was never started; WS_ERR_TOO_LARGE: over max_send_size of the server; WS_ERR_MEMORY: the
 *   memory budget is used up, nobody got it; WS_ERR_PARAMETER; WS_ERR_HANDLE.
 * Threads: any, not only that of the relay.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_relay_deliver(ws_handle server, const ws_relay_message *message)
{
    WSX_ENTER();
    int32_t status;
    ws_relay_message m;
    if (!wsx_argument(server, WSX_SERVER, "server", &status)) return status;
    if (!message) return wsx_fail(WS_ERR_PARAMETER, "message: is NULL");
    if ((status = wsx_options(&m, &wsx_relay_message_shape, message, "message"))) return status;
    if ((status = check_relayed(&m))) return status;
    return wsgo_relay_deliver(server, &m, wsx_error_buffer());
}
