/* SPDX-License-Identifier: Apache-2.0 */
/** @section Clients
 * A client makes one connection at a time. After its close event, or after a
 * failed connect, it can connect again.
 */
#include "await.h"
#include "front.h"
#include <libws/ws.h>

/**
 * Makes a client (the module's createWebSocket). Starts the library with
 * defaults if need be, which takes milliseconds.
 *
 * options: NULL for defaults.
 *
 * Returns: the handle, or 0; then ws_last_error says why. Free it by ws_destroy.
 * Threads: any.
 * Since: 0.1
 */
WS_API ws_handle WS_CALL ws_create(const ws_create_options *options)
{
    if (wsx_refusal) {
        wsx_refuse();
        return 0;
    }
    wsx_error *error = wsx_error_buffer();
    ws_create_options o;
    if (wsx_options(&o, &wsx_create_shape, options, "options")) return 0;
    int32_t status;
    if (o.queue && !wsx_argument(o.queue, WSX_QUEUE, "options.queue", &status)) return 0;
    if (wsx_label_check(o.correlation_id, "options.correlation_id")) return 0;
    if (wsx_start()) return 0;
    return wsgo_client_create(&o, (uintptr_t)o.user_data, error);
}

static int32_t connect_begins(ws_handle handle, const char *url, const ws_connect_options *options,
                              ws_callback completion, uintptr_t user_data)
{
    int32_t status;
    if (!wsx_argument(handle, WSX_CLIENT, "handle", &status)) return status;
    if (!url) return wsx_fail(WS_ERR_PARAMETER, "url: is NULL");
    ws_connect_options o;
    if ((status = wsx_options(&o, &wsx_connect_shape, options, "options"))) return status;
    ws_reconnect_options reconnect;
    if ((status = wsx_options(&reconnect, &wsx_reconnect_shape, o.reconnect, "options.reconnect"))) return status;
    if (o.reconnect) o.reconnect = &reconnect;
    ws_compression compression;
    if ((status = wsx_options(&compression, &wsx_compression_shape, o.compression, "options.compression")))
        return status;
    if (o.compression) o.compression = &compression;
    /* One byte over the limit is enough to see that it is too long. */
    return wsgo_client_connect(handle, (char *)(uintptr_t)url, strnlen(url, 8197), &o, (uintptr_t)completion,
                               user_data, wsx_error_buffer());
}

/**
 * Connects to url. The result comes as events: completion, headerReceive, open and
 * openInfo on success; completion and error on failure. What is sent before open
 * waits until then, in order.
 *
 * url: ws:// or wss://[user:password@]host[:port][/path][?query], NUL-terminated, at
 *   most 8196 bytes; host is a name, an IPv4 address or an IPv6 address in brackets,
 *   a link-local one with its zone by name or number, "ws://[fe80::1%25eth0]/".
 *   Or ws+unix:/path/of/socket[:/path[?query]].
 * options: NULL for defaults.
 * completion: NULL, or called once: whether the connection is open
 *   (operation WS_OP_CONNECT).
 *
 * Returns: WS_OK: the attempt has started; WS_ERR_URL; WS_ERR_PARAMETER;
 *   WS_ERR_CONNECTION_EXISTS while connecting, open or closing;
 *   WS_ERR_CERT_FILE: a file of a certificate or key does not exist; WS_ERR_DOMAIN:
 *   the filter of ws_set_url_filter does not want it; WS_ERR_MEMORY: too many
 *   connections; WS_ERR_HANDLE, also for accepted connections.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_connect(ws_handle handle, const char *url, const ws_connect_options *options,
                                  ws_callback completion, void *user_data)
{
    WSX_ENTER();
    return connect_begins(handle, url, options, completion, (uintptr_t)user_data);
}

/**
 * Like ws_connect, then waits for its completion.
 *
 * timeout_ms: how long to wait; -1 for ever. The times of the attempt itself are in
 *   the options.
 *
 * Returns: WS_OK: the connection is open; what ws_connect returns; the error of the
 *   completion, such as WS_ERR_CONNECT_FAILED, whose text ws_last_error gives;
 *   WS_ERR_TIMEOUT also when timeout_ms is over: the attempt goes on (ws_state says
 *   WS_STATE_CONNECTING), and its events come; ws_abort ends it; WS_ERR_IN_CALLBACK
 *   inside a callback that it would wait for, nothing is begun.
 * Threads: as ws_destroy_wait. Callbacks of open may run before it returns, or later.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_connect_wait(ws_handle handle, const char *url, const ws_connect_options *options,
                                       int64_t timeout_ms)
{
    WSX_ENTER();
    int32_t status;
    wsx_waiter w;
    wsx_block *b = wsx_argument(handle, WSX_CLIENT, "handle", &status);
    if (!b || (status = wsx_may_wait(wsx_self(), b, handle, timeout_ms, "ws_connect_wait"))) return status;
    wsx_await(&w, WSX_AWAIT_RESULT, handle, b);
    if ((status = connect_begins(handle, url, options, wsx_completed, w.ticket))) return wsx_wait_not(&w, status);
    return wsx_result_wait(&w, timeout_ms, "the client is still connecting");
}

/**
 * Answers WS_EVENT_BEFORE_RECONNECT, inside the event or later: the try begins. What it
 * changes holds for all tries that follow. ws_close and ws_abort end connecting instead.
 *
 * client: the handle of the event.
 * changes: NULL: none, the try begins with what there was. What it points to is copied;
 *   files are read during the call.
 *
 * Returns: WS_OK; WS_ERR_STATE: nobody waits for an answer, also because
 *   answer_timeout_ms is over; WS_ERR_URL; WS_ERR_PARAMETER; WS_ERR_CERT_FILE: a file of
 *   a certificate or key does not exist; WS_ERR_DOMAIN: the filter of ws_set_url_filter
 *   does not want the URL; WS_ERR_HANDLE. What is refused may be answered anew.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_reconnect_with(ws_handle client, const ws_reconnect_changes *changes)
{
    WSX_ENTER();
    int32_t status;
    if (!wsx_argument(client, WSX_CLIENT, "client", &status)) return status;
    ws_reconnect_changes o;
    if ((status = wsx_options(&o, &wsx_changes_shape, changes, "changes"))) return status;
    return wsgo_reconnect_with(client, &o, o.url ? strnlen(o.url, 8197) : 0, wsx_error_buffer());
}

/**
 * Tells that the network has changed: clients that wait to connect again try at
 * once, attempts that are under way begin anew, with the whole of their time (unless they have
 * a connected_descriptor), and the peer of each open connection with a heartbeat is asked for a sign of
 * life, so that dead ones are found within pong_timeout_ms.
 *
 * Returns: WS_OK, also when there is no client.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_network_changed(void)
{
    WSX_ENTER();
    if (wsx_started()) wsgo_network_changed();
    return WS_OK;
}

/**
 * Sets the function that decides where clients may connect (the module's error 2302998).
 *
 * filter: NULL: every URL is allowed, as at first.
 * user_data: handed to filter.
 *
 * Returns: WS_OK.
 * Threads: any. A call of the old filter may be running when it returns.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_set_url_filter(ws_url_filter filter, void *user_data)
{
    WSX_ENTER();
    wsx_set_url_filter(filter, user_data);
    return WS_OK;
}
