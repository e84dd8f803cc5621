/* SPDX-License-Identifier: Apache-2.0 */
/** @section Servers
 * A server accepts connections; each is a handle that belongs to the library:
 * it comes with the connect event and turns stale after its last close listener
 * has returned. A message goes to the listeners of its connection, then to
 * those of the server; without any it is dropped. The server's close and error
 * events are those of its connections; handle says which.
 */
#include "await.h"
#include "dispatch.h"
#include "front.h"
#include <libws/ws.h>

enum { MAX_CERTIFICATES = 10000, MAX_LISTENERS = 64 };

static int32_t check_event(int32_t event)
{
    switch (event) {
    case WS_EVENT_CONNECT:
    case WS_EVENT_UPGRADE:
    case WS_EVENT_REQUEST:
    case WS_EVENT_TOPIC_BEGIN:
    case WS_EVENT_TOPIC_END:
    case WS_EVENT_MESSAGE_RECEIVE:
    case WS_EVENT_SKIPPED:
    case WS_EVENT_CLOSE:
    case WS_EVENT_ERROR:
    case WS_EVENT_DRAIN:
    case WS_EVENT_VERIFY:
    case WS_EVENT_SIGN:
    case WS_EVENT_DESTROYED:
        return WS_OK;
    case WS_EVENT_OPEN:
    case WS_EVENT_MESSAGE:
        return wsx_fail(WS_ERR_PARAMETER,
                        "event: %d is an event of connections; a server has WS_EVENT_CONNECT and "
                        "WS_EVENT_MESSAGE_RECEIVE",
                        event);
    default:
        return wsx_fail(WS_ERR_PARAMETER, "event: %d is not an event one can listen to", event);
    }
}

/**
 * Makes a server (the module's createWebSocketServer). Starts the library with
 * defaults if need be, which takes milliseconds.
 *
 * options: NULL for defaults.
 *
 * Returns: the handle, or 0; then ws_last_error says why. Free it by
 *   ws_server_destroy.
 * Threads: any.
 * Since: 0.1
 */
WS_API ws_handle WS_CALL ws_server_create(const ws_server_options *options)
{
    if (wsx_refusal) {
        wsx_refuse();
        return 0;
    }
    wsx_error *error = wsx_error_buffer();
    ws_server_options o;
    if (wsx_options(&o, &wsx_server_shape, options, "options")) return 0;
    int32_t status;
    if (o.queue && !wsx_argument(o.queue, WSX_QUEUE, "options.queue", &status)) return 0;
    if (wsx_start()) return 0;
    return wsgo_server_create(&o, (uintptr_t)o.user_data, error);
}

/**
 * Listens and accepts connections. The port is bound when the call returns. Files of
 * certificates and keys are read during the call.
 *
 * config: NULL for an ephemeral port on all IPv4 addresses, or where to listen. If one
 *   of several places cannot be had, the server listens nowhere.
 * completion: NULL, or called once when the server accepts connections
 *   (operation WS_OP_SERVER_START).
 *
 * Returns: WS_OK; WS_ERR_LISTEN_IP: server_ip is no literal address, or not one
 *   of this host, or a path cannot be used; WS_ERR_LISTEN_PORT: server_port out of range
 *   or not allowed; WS_ERR_PORT_OCCUPIED, also for a path at which somebody listens;
 *   WS_ERR_UNSUPPORTED: not on this system; WS_ERR_STATE: started already, or still stopping;
 *   WS_ERR_CERT_FILE: a file of a certificate, key or authority does not exist;
 *   WS_ERR_PARAMETER; WS_ERR_HANDLE; WS_ERR_UNKNOWN.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_start(ws_handle server, const ws_server_config *config, ws_callback completion,
                                       void *user_data)
{
    WSX_ENTER();
    int32_t status;
    if (!wsx_argument(server, WSX_SERVER, "server", &status)) return status;
    ws_server_config c;
    if ((status = wsx_options(&c, &wsx_config_shape, config, "config"))) return status;
    if ((status = wsx_option_array(c.certificates, c.certificate_count, MAX_CERTIFICATES, &wsx_certificate_shape,
                                   "config.certificates"))) return status;
    if ((status = wsx_option_array(c.listeners, c.listener_count, MAX_LISTENERS, &wsx_listener_shape,
                                   "config.listeners"))) return status;
    ws_compression compression;
    if ((status = wsx_options(&compression, &wsx_compression_shape, c.compression, "config.compression")))
        return status;
    if (c.compression) c.compression = &compression;
    return wsgo_server_start(server, &c, (uintptr_t)completion, (uintptr_t)user_data, wsx_error_buffer());
}

/**
 * Replaces all certificates of a server that speaks TLS, such as those that expire
 * soon: handshakes that begin afterwards show the new ones. Open connections stay,
 * and sessions of earlier ones can still be resumed. Files are read during the call.
 *
 * certificates: the first one is also for clients that ask for no name, or for one
 *   that no certificate has.
 * count: 1..10000.
 *
 * Returns: WS_OK. All others leave the old certificates: WS_ERR_CERT_FILE: a file
 *   does not exist; WS_ERR_PARAMETER: one cannot be used, ws_last_error says which;
 *   WS_ERR_STATE: not started, or without a certificate; WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_set_certificates(ws_handle server, const ws_certificate *certificates, size_t count)
{
    WSX_ENTER();
    int32_t status;
    if (!wsx_argument(server, WSX_SERVER, "server", &status)) return status;
    if ((status = wsx_option_array(certificates, count, MAX_CERTIFICATES, &wsx_certificate_shape, "certificates")))
        return status;
    return wsgo_server_set_certificates(server, (ws_certificate *)(uintptr_t)certificates, count, wsx_error_buffer());
}

/* waits: a stop that has begun is waited for, too. */
static int32_t stop(ws_handle server, const ws_close_options *options, ws_callback completion,
                    uintptr_t user_data, int32_t waits)
{
    int32_t status;
    if (!wsx_argument(server, WSX_SERVER, "server", &status)) return status;
    ws_close_options o;
    if ((status = wsx_options(&o, &wsx_close_shape, options, "options"))) return status;
    bool silent = o.flags & WS_NO_CODE;
    const char *reason = o.reason ? o.reason : silent ? "" : "server is going away";
    return wsgo_server_stop(server, o.code || silent ? o.code : 1001, (char *)(uintptr_t)reason,
                            strnlen(reason, o.flags & WS_CUT_REASON ? 128 : 124), o.timeout_ms, o.flags,
                            (uintptr_t)completion, user_data, waits, wsx_error_buffer());
}

/**
 * Stops accepting, closes every connection (RFC 6455 7.1.2) after what was sent before,
 * and cuts what has not closed after timeout_ms. Requests that are not complete are
 * dropped. The server can be started again afterwards.
 *
 * options: NULL for code 1001, reason "server is going away" (RFC 6455 7.4.1) and 5000 ms.
 *   code 0 and reason NULL mean these, too.
 * completion: NULL, or called once when the last connection is gone and the port
 *   is free (operation WS_OP_SERVER_STOP).
 *
 * Returns: WS_OK; WS_ERR_STATE: not started, or stopping already; WS_ERR_PARAMETER: as
 *   from ws_close; WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_stop(ws_handle server, const ws_close_options *options, ws_callback completion,
                                      void *user_data)
{
    WSX_ENTER();
    return stop(server, options, completion, (uintptr_t)user_data, 0);
}

/**
 * Like ws_server_stop, then waits until the last connection is gone and the port is
 * free; for a server that is stopping already it only waits.
 *
 * options: as of ws_server_stop.
 * timeout_ms: how long to wait; -1 for ever.
 *
 * Returns: WS_OK: the server is stopped, and all events of its connections were delivered;
 *   WS_ERR_TIMEOUT: the stop goes on, and cuts what has not closed in options->timeout_ms:
 *   call it again to wait on; WS_ERR_IN_CALLBACK inside a callback that it would wait
 *   for, nothing is stopped; WS_ERR_CANCELLED: the server was destroyed meanwhile;
 *   WS_ERR_STATE: not started; WS_ERR_PARAMETER; WS_ERR_HANDLE.
 * Threads: as ws_destroy_wait.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_stop_wait(ws_handle server, const ws_close_options *options, int64_t timeout_ms)
{
    WSX_ENTER();
    int32_t status;
    wsx_waiter w;
    wsx_block *b = wsx_argument(server, WSX_SERVER, "server", &status);
    if (!b || (status = wsx_may_wait(wsx_self(), b, server, timeout_ms, "ws_server_stop_wait"))) return status;
    wsx_await(&w, WSX_AWAIT_RESULT, server, b);
    if ((status = stop(server, options, wsx_completed, w.ticket, 1))) return wsx_wait_not(&w, status);
    return wsx_result_wait(&w, timeout_ms, "the server is still stopping");
}

/**
 * Adds a listener to a server. WS_EVENT_CLOSE and WS_EVENT_ERROR come for each
 * of its connections; an error of the server itself has handle == server.
 *
 * event: WS_EVENT_CONNECT, _MESSAGE_RECEIVE, _CLOSE, _ERROR, _DRAIN, _VERIFY, _SIGN or _DESTROYED;
 *   _UPGRADE or _REQUEST: from then on the host answers these, see ws_accept, until the last
 *   such listener is removed, unless WS_UPGRADE_EVENTS or WS_REQUEST_EVENTS was given.
 * callback: not NULL.
 * user_data: handed to callback; any value.
 *
 * Returns: WS_OK; WS_ERR_HANDLE; WS_ERR_PARAMETER; WS_ERR_MEMORY.
 * Threads: any. With several loops a listener of a server may run on several
 *   threads at once, for different connections.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_on(ws_handle server, int32_t event, ws_callback callback, void *user_data)
{
    WSX_ENTER();
    int32_t status;
    if (!wsx_argument(server, WSX_SERVER, "server", &status)) return status;
    if (!callback) return wsx_fail(WS_ERR_PARAMETER, "callback: is NULL");
    if ((status = check_event(event))) return status;
    return wsx_on(server, WSX_SERVER, event, callback, user_data);
}

/**
 * Removes listeners of a server; the rules of ws_off.
 *
 * callback, user_data: both must match what ws_server_on got; callback NULL
 *   removes all listeners of the event.
 *
 * Returns: WS_OK; WS_ERR_HANDLE; WS_ERR_PARAMETER.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_off(ws_handle server, int32_t event, ws_callback callback, void *user_data)
{
    WSX_ENTER();
    int32_t status;
    wsx_block *b;
    if (!wsx_argument(server, WSX_SERVER, "server", &status)) return status;
    if ((status = check_event(event))) return status;
    return wsx_off(server, WSX_SERVER, event, callback, user_data, &b);
}

/**
 * Like ws_server_off, then waits until no callback of the server and none of its
 * connections is running: what user_data points to may be freed afterwards.
 *
 * timeout_ms: how long to wait; -1 for ever.
 *
 * Returns: WS_OK; WS_ERR_TIMEOUT: the listener is removed, but a call is still
 *   running; WS_ERR_IN_CALLBACK inside a callback of the server or one of its
 *   connections, nothing is removed; WS_ERR_HANDLE; WS_ERR_PARAMETER.
 * Threads: as ws_off_wait. It looks at every connection of the process.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_off_wait(ws_handle server, int32_t event, ws_callback callback, void *user_data,
                                          int64_t timeout_ms)
{
    WSX_ENTER();
    int32_t status;
    wsx_thread *self = wsx_self();
    wsx_block *b = wsx_argument(server, WSX_SERVER, "server", &status);
    if (!b) return status;
    if (timeout_ms < -1) return wsx_fail(WS_ERR_PARAMETER, "timeout_ms: %lld is less than -1", (long long)timeout_ms);
    if ((status = check_event(event))) return status;
    if (self && self->dispatcher && (self->dispatcher->block == b || self->dispatcher->server == b))
        return wsx_fail(WS_ERR_IN_CALLBACK,
                        "ws_server_off_wait inside a callback of the server or its connections would wait for itself");
    status = wsx_off(server, WSX_SERVER, event, callback, user_data, &b);
    return status ? status : wsx_idle_wait(b, server, timeout_ms);
}

/**
 * The port a started server listens on, the first one if there are several; the one
 * chosen when server_port was 0.
 *
 * port: not NULL; receives 1..65535.
 *
 * Returns: WS_OK; WS_ERR_STATE: not started, or it does not listen any more, or on Unix
 *   sockets only; WS_ERR_PARAMETER; WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_port(ws_handle server, int32_t *port)
{
    WSX_ENTER();
    int32_t status;
    if (!wsx_argument(server, WSX_SERVER, "server", &status)) return status;
    if (!port) return wsx_fail(WS_ERR_PARAMETER, "port: is NULL");
    return wsgo_server_port(server, port, wsx_error_buffer());
}

/**
 * The connections of a server that are open or closing (the module's
 * listAllConnections). Ask ws_connection_info who they are.
 *
 * connections: receives handles, oldest first; may be NULL when capacity is 0.
 * capacity: how many handles fit.
 * count: not NULL; receives how many connections there are, also when the call
 *   fails with WS_ERR_BUFFER because more are there than fit; then nothing is
 *   written to connections.
 *
 * Returns: WS_OK; WS_ERR_BUFFER; WS_ERR_PARAMETER; WS_ERR_HANDLE.
 * Threads: any. A handle may be stale before it is used; that is no danger.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_connections(ws_handle server, ws_handle *connections, size_t capacity, size_t *count)
{
    WSX_ENTER();
    int32_t status;
    if (!wsx_argument(server, WSX_SERVER, "server", &status)) return status;
    if (!count) return wsx_fail(WS_ERR_PARAMETER, "count: is NULL");
    if (!connections && capacity) return wsx_fail(WS_ERR_PARAMETER, "connections: is NULL, capacity is %zu", capacity);
    return wsgo_server_connections(server, connections, capacity, count, wsx_error_buffer());
}

/**
 * Ends a server at once and frees its handle, which is stale when the call
 * returns. Its connections end like by ws_destroy; every connect event still
 * gets its close event. The destroyed event of the server is the last one.
 *
 * Returns: WS_OK; WS_ERR_HANDLE, also at the second call.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_destroy(ws_handle server)
{
    WSX_ENTER();
    int32_t status;
    if (!wsx_argument(server, WSX_SERVER, "server", &status)) return status;
    if (!wsx_kill(server, WSX_SERVER)) return wsx_fail(WS_ERR_HANDLE, "server: was just destroyed by another thread");
    wsgo_server_destroy(server);
    return WS_OK;
}

/**
 * Like ws_server_destroy, then waits until the server's destroyed event was delivered:
 * no callback of the server or its connections runs or comes any more, completions
 * included.
 *
 * timeout_ms: how long to wait; -1 for ever.
 *
 * Returns: as ws_destroy_wait.
 * Threads: as ws_destroy_wait; never inside a callback of a loop, or of the server's queue.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_destroy_wait(ws_handle server, int64_t timeout_ms)
{
    WSX_ENTER();
    return wsx_destroy_wait(server, WSX_SERVER, wsgo_server_destroy, timeout_ms, "ws_server_destroy_wait");
}
