/* SPDX-License-Identifier: Apache-2.0 */
/** @section Topics
 * One message to many connections of a server: to all, or to those that have subscribed
 * to a topic, or to a pattern that it fits. It is encoded once and kept once, whatever the number; a connection whose
 * queue is full delays no other. Each connection gets what is published, and what is sent
 * to it by ws_send, in the order in which the calls returned, whatever the threads. The
 * bytes leave when the callbacks of the batch have returned, or soon; all that was
 * published to a connection until then leaves together.
 */
#include "front.h"
#include <libws/ws.h>

static int32_t check_name(const void *name, size_t size, const char *what)
{
    if (!name) return wsx_fail(WS_ERR_PARAMETER, "%s: is NULL", what);
    if (size < 1 || size > 255) return wsx_fail(WS_ERR_PARAMETER, "%s_size: %zu is not in 1..255", what, size);
    return wsx_readable(name, size, what) ? WS_OK : WS_ERR_PARAMETER;
}

static int32_t check_topic(const void *topic, size_t size)
{
    return check_name(topic, size, "topic");
}

/* What changes a subscription: to a topic or a pattern, as what says. */
static int32_t change(ws_handle connection, const void *name, size_t size, const char *what, bool wanted)
{
    int32_t status;
    if (!wsx_argument(connection, WSX_ACCEPTED, "connection", &status)) return status;
    if ((status = check_name(name, size, what))) return status;
    return wsgo_subscribe(connection, (uintptr_t)name, size, wanted, what[0] == 'p', wsx_error_buffer());
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
    return change(connection, topic, topic_size, "topic", true);
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
    return change(connection, topic, topic_size, "topic", false);
}

/**
 * Lets a connection get what is published to any topic that a pattern fits, from now on, by the
 * rules of MQTT 5.0, 4.7. "/" parts topics and patterns into levels, which may be empty. In a
 * pattern "+" stands for one level, and "#", as its last level, for all that follow and for none:
 * "room/+/news" fits "room/7/news", "room/#" fits "room", "room/7" and "room/7/news". Neither
 * fits a topic that begins with "$" when it is the first level: "#" is all topics but those.
 * Topics are bytes and are compared as such; a level between "/" has no other meaning.
 *
 * Once more is no error, and a message that fits several comes once. That a pattern is asked for
 * by this call only, ws_subscribe takes a "+" or "#" in a name for itself, and so does
 * ws_publish.
 *
 * connection: as in ws_subscribe; a pattern counts in max_subscriptions as a topic does.
 * pattern: pattern_size bytes, 1..255; copied. Its levels count in the memory budget.
 *
 * Returns: WS_OK; as ws_subscribe; WS_ERR_PARAMETER also for a "+" or "#" that is not a whole
 *   level, and for a "#" that is not the last one; WS_ERR_MEMORY: the memory budget is used up.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_subscribe_pattern(ws_handle connection, const void *pattern, size_t pattern_size)
{
    WSX_ENTER();
    return change(connection, pattern, pattern_size, "pattern", true);
}

/**
 * Ends a subscription of ws_subscribe_pattern; others that fit the same topics stay.
 *
 * connection: accepted.
 * pattern: as it was given to ws_subscribe_pattern; that there is no subscription to it is no error.
 *
 * Returns: as ws_unsubscribe, and WS_ERR_PARAMETER for what ws_subscribe_pattern refuses.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_unsubscribe_pattern(ws_handle connection, const void *pattern, size_t pattern_size)
{
    WSX_ENTER();
    return change(connection, pattern, pattern_size, "pattern", false);
}

/**
 * Tells whether a connection gets what is published to a topic now.
 *
 * connection: accepted.
 * topic: as in ws_subscribe.
 * how: receives 0, or WS_BY_TOPIC, WS_BY_PATTERN or the sum of both.
 *
 * Returns: WS_OK; WS_ERR_PARAMETER; WS_ERR_HANDLE: a client, too;
 *   WS_ERR_NO_CONNECTION: it has ended.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_is_subscribed(ws_handle connection, const void *topic, size_t topic_size, int32_t *how)
{
    WSX_ENTER();
    int32_t status;
    if (!wsx_argument(connection, WSX_ACCEPTED, "connection", &status)) return status;
    if ((status = check_topic(topic, topic_size))) return status;
    if (!how) return wsx_fail(WS_ERR_PARAMETER, "how: is NULL");
    return wsgo_is_subscribed(connection, (uintptr_t)topic, topic_size, how, wsx_error_buffer());
}

/**
 * Lists what a connection has subscribed to, for ws_subscription_next.
 *
 * connection: accepted.
 * buffer: capacity bytes that receive the list, newest first; NULL with capacity 0 asks for the
 *   size only. The next list may be longer; each subscription takes its name and 3 bytes.
 * size: receives how many bytes the list has.
 *
 * Returns: WS_OK; WS_ERR_BUFFER: buffer is too small, nothing is written but size;
 *   WS_ERR_PARAMETER; WS_ERR_HANDLE: a client, too; WS_ERR_NO_CONNECTION: it has ended.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_subscriptions(ws_handle connection, void *buffer, size_t capacity, size_t *size)
{
    WSX_ENTER();
    int32_t status;
    if (!wsx_argument(connection, WSX_ACCEPTED, "connection", &status)) return status;
    if (!buffer && capacity) return wsx_fail(WS_ERR_PARAMETER, "buffer: is NULL, capacity is %zu", capacity);
    if (!size) return wsx_fail(WS_ERR_PARAMETER, "size: is NULL");
    return wsgo_subscriptions(connection, buffer, capacity, size, wsx_error_buffer());
}

/**
 * The next subscription of a list of ws_subscriptions:
 *
 *     size_t at = 0, name_size;
 *     const void *name;
 *     int32_t pattern;
 *     while (ws_subscription_next(list, size, &at, &name, &name_size, &pattern)) puts(name);
 *
 * data, size: the list, as it was received.
 * at: 0 at first; where the call goes on.
 * name, name_size: receive a pointer into data, with a NUL behind the name, and its bytes.
 * pattern: receives 1 for a pattern, 0 for a topic.
 *
 * Returns: 1, or 0 when there is no other one or an argument is NULL.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_subscription_next(const void *data, size_t size, size_t *at, const void **name,
                                            size_t *name_size, int32_t *pattern)
{
    if (!data || !at || !name || !name_size || !pattern || *at >= size || size - *at < 3) return 0;
    const unsigned char *one = (const unsigned char *)data + *at; /* as core's Conn.Subscriptions writes it */
    if (size - *at < 3u + one[1]) return 0;
    *pattern = one[0];
    *name_size = one[1];
    *name = one + 2;
    *at += 3u + one[1];
    return 1;
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
 *   this is. One that has ended leaves nobody out. 0 for a topic that the relay returns (ws_relay.returning).
 * recipients: NULL, or receives how many connections took it; 0 when the relay has it alone.
 *
 * Returns: WS_OK, also when nobody took it, as when the server has stopped; WS_ERR_STATE: it was
 *   never started; WS_ERR_TOO_LARGE: over max_send_size; WS_ERR_FULL: the queue of its relay is full, and
 *   WS_RELAY_REFUSE was given, nobody got it;
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
    return wsgo_publish(server, (uintptr_t)topic, topic_size, (uintptr_t)data, size, type, except, NULL, recipients,
                        wsx_error_buffer());
}

/**
 * ws_publish for a message with a key, a priority or both: latest values for many. Each recipient
 * gets it as by ws_send_with, so one that reads slowly gets the newest value of each key, and
 * delays nobody.
 *
 * Unlike ws_send_with it changes nothing for recipients that take what they get: only behind what the
 * kernel has refused, or behind more than 16 messages that are about to leave, does such a message
 * wait whole, and with it all that comes until nothing waits any more. So what was published before
 * without key or priority may still leave before it.
 *
 * options: NULL, or key and priority. Each connection has keys of its own: one of ws_send_with is
 *   the same as one of any topic.
 *
 * Returns: as ws_publish; WS_ERR_PARAMETER: also for the options.
 * Threads: any, as ws_publish.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_publish_with(ws_handle server, const void *topic, size_t topic_size, const void *data,
                                       size_t size, int32_t type, ws_handle except, const ws_send_options *options,
                                       size_t *recipients)
{
    WSX_ENTER();
    int32_t status;
    ws_send_options o;
    if (!wsx_argument(server, WSX_SERVER, "server", &status)) return status;
    if ((status = check_topic(topic, topic_size))) return status;
    if ((status = check_message(data, size, type, except))) return status;
    if ((status = wsx_options(&o, &wsx_send_shape, options, "options"))) return status;
    return wsgo_publish(server, (uintptr_t)topic, topic_size, (uintptr_t)data, size, type, except, &o, recipients,
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
    return wsgo_publish(server, 0, 0, (uintptr_t)data, size, type, except, NULL, recipients, wsx_error_buffer());
}

/**
 * ws_server_broadcast for a message with a key, a priority or both; the rules of ws_publish_with.
 *
 * options: as in ws_publish_with.
 *
 * Returns: as ws_publish_with.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_broadcast_with(ws_handle server, const void *data, size_t size, int32_t type,
                                                ws_handle except, const ws_send_options *options, size_t *recipients)
{
    WSX_ENTER();
    int32_t status;
    ws_send_options o;
    if (!wsx_argument(server, WSX_SERVER, "server", &status)) return status;
    if ((status = check_message(data, size, type, except))) return status;
    if ((status = wsx_options(&o, &wsx_send_shape, options, "options"))) return status;
    return wsgo_publish(server, 0, 0, (uintptr_t)data, size, type, except, &o, recipients, wsx_error_buffer());
}

/**
 * Counts or lists the open connections that get what is published to a topic now, by it or by a
 * pattern, in no order.
 *
 * topic: as in ws_subscribe.
 * connections: receives the handles; NULL with capacity 0 asks for the count only.
 * count: receives how many there are.
 *
 * Returns: WS_OK; WS_ERR_BUFFER: there are more than capacity, nothing is written but count;
 *   WS_ERR_PARAMETER; WS_ERR_HANDLE.
 * Threads: any. It waits for those who publish, and they for it.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_topic_subscribers(ws_handle server, const void *topic, size_t topic_size,
                                            ws_handle *connections, size_t capacity, size_t *count)
{
    WSX_ENTER();
    int32_t status;
    if (!wsx_argument(server, WSX_SERVER, "server", &status)) return status;
    if ((status = check_topic(topic, topic_size))) return status;
    if (!count) return wsx_fail(WS_ERR_PARAMETER, "count: is NULL");
    if (!connections && capacity) return wsx_fail(WS_ERR_PARAMETER, "connections: is NULL, capacity is %zu", capacity);
    return wsgo_topic_subscribers(server, (uintptr_t)topic, topic_size, connections, capacity, count,
                                  wsx_error_buffer());
}
