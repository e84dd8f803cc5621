/* SPDX-License-Identifier: Apache-2.0 */
/** @section Topics
 * One message to many connections of a server: to all, or to those that have subscribed
 * to a topic. It is encoded once and kept once, whatever the number; a connection whose
 * queue is full delays no other. Each connection gets what is published, and what is sent
 * to it by ws_send, in the order in which the calls returned, whatever the threads. The
 * bytes leave when the callbacks of the batch have returned, or soon; all that was
 * published to a connection until then leaves together.
 */
#include "front.h"
#include <libws/ws.h>

static int32_t check_topic(const void *topic, size_t size)
{
    if (!topic) return wsx_fail(WS_ERR_PARAMETER, "topic: is NULL");
    if (size < 1 || size > 255) return wsx_fail(WS_ERR_PARAMETER, "topic_size: %zu is not in 1..255", size);
    return wsx_readable(topic, size, "topic") ? WS_OK : WS_ERR_PARAMETER;
}

/* except: 0, or a connection, which may have ended. */
static int32_t check_message(const void *data, size_t size, int32_t type, ws_handle except)
{
    if (!data && size) return wsx_fail(WS_ERR_PARAMETER, "data: is NULL, size is %zu", size);
    if (type != WS_TEXT && type != WS_BINARY)
        return wsx_fail(WS_ERR_PARAMETER, "type: %d is neither WS_TEXT nor WS_BINARY", type);
    if (except && WSX_KIND(except) != WSX_KIND_ACCEPTED)
        return wsx_fail(WS_ERR_HANDLE, "except: %llu is neither 0 nor an accepted connection",
                        (unsigned long long)except);
    return wsx_readable(data, size, "data") ? WS_OK : WS_ERR_PARAMETER;
}

/**
 * Lets a connection get what is published to a topic of its server from now on. Once
 * more is no error. Subscriptions end with the connection.
 *
 * connection: accepted and open; from inside the connect event on.
 * topic: topic_size bytes of any kind, 1..255; copied. A topic exists as long as somebody
 *   has subscribed to it.
 *
 * Returns: WS_OK; WS_ERR_STATE: not open; WS_ERR_FULL: it has subscribed to
 *   max_subscriptions topics; WS_ERR_PARAMETER; WS_ERR_HANDLE: a client, too;
 *   WS_ERR_NO_CONNECTION: it has ended.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_subscribe(ws_handle connection, const void *topic, size_t topic_size)
{
    WSX_ENTER();
    int32_t status;
    if (!wsx_argument(connection, WSX_ACCEPTED, "connection", &status)) return status;
    if ((status = check_topic(topic, topic_size))) return status;
    return wsgo_subscribe(connection, (uintptr_t)topic, topic_size, 1, wsx_error_buffer());
}

/**
 * Ends a subscription: what is published by calls that begin afterwards does not come.
 * What was published before does.
 *
 * connection: accepted.
 * topic: as in ws_subscribe; that there is no subscription to it is no error.
 *
 * Returns: WS_OK; WS_ERR_PARAMETER; WS_ERR_HANDLE: a client, too;
 *   WS_ERR_NO_CONNECTION: it has ended.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_unsubscribe(ws_handle connection, const void *topic, size_t topic_size)
{
    WSX_ENTER();
    int32_t status;
    if (!wsx_argument(connection, WSX_ACCEPTED, "connection", &status)) return status;
    if ((status = check_topic(topic, topic_size))) return status;
    return wsgo_subscribe(connection, (uintptr_t)topic, topic_size, 0, wsx_error_buffer());
}

/**
 * Sends one message to every connection of a server that has subscribed to a topic.
 *
 * A connection with a full queue (max_buffered) is treated as full_policy says. By
 * WS_FULL_REFUSE it does not get the message, which is counted (dropped in ws_stats,
 * messages_dropped in ws_connection_stats), and a drain event follows. A connection that
 * is sending a message in pieces (ws_send_part) gets it behind the last piece. Connections
 * with compression (ws_compression, RFC 7692) get it compressed.
 *
 * topic: as in ws_subscribe. Nobody need have subscribed.
 * data, size, type: as in ws_send; the data is the caller's again when the call returns.
 * except: 0, or an accepted connection that is left out, such as the one whose message
 *   this is. One that has ended leaves nobody out.
 * recipients: NULL, or receives how many connections took it.
 *
 * Returns: WS_OK, also when nobody took it, as when the server has stopped; WS_ERR_STATE: it was
 *   never started; WS_ERR_TOO_LARGE: over max_send_size;
 *   WS_ERR_MEMORY: the memory budget is used up, nobody got it; WS_ERR_PARAMETER;
 *   WS_ERR_HANDLE.
 * Threads: any. What several threads publish on one server is done one after the other.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_publish(ws_handle server, const void *topic, size_t topic_size, const void *data, size_t size,
                                  int32_t type, ws_handle except, size_t *recipients)
{
    WSX_ENTER();
    int32_t status;
    if (!wsx_argument(server, WSX_SERVER, "server", &status)) return status;
    if ((status = check_topic(topic, topic_size))) return status;
    if ((status = check_message(data, size, type, except))) return status;
    return wsgo_publish(server, (uintptr_t)topic, topic_size, (uintptr_t)data, size, type, except, recipients,
                        wsx_error_buffer());
}

/**
 * Sends one message to every open connection of a server; the rules of ws_publish.
 *
 * data, size, type, except, recipients: as in ws_publish.
 *
 * Returns: as ws_publish.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_broadcast(ws_handle server, const void *data, size_t size, int32_t type,
                                           ws_handle except, size_t *recipients)
{
    WSX_ENTER();
    int32_t status;
    if (!wsx_argument(server, WSX_SERVER, "server", &status)) return status;
    if ((status = check_message(data, size, type, except))) return status;
    return wsgo_publish(server, 0, 0, (uintptr_t)data, size, type, except, recipients, wsx_error_buffer());
}
