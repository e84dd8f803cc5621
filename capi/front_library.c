/* SPDX-License-Identifier: Apache-2.0 */
/** @section The library
 * Starting, stopping, versions and error texts. Nothing has to be started: the
 * first create call starts the event loops with defaults. Loading the library does
 * nothing: no thread, no signal handler, until ws_init, ws_create, ws_server_create,
 * ws_queue_create or ws_metrics is called. The first of them takes milliseconds.
 */
#include "front.h"
#include "queue.h"
#include <libws/ws.h>

/**
 * Starts the library with options; optional, and only once, before the first
 * ws_create or ws_server_create. Starts one thread per loop. A host that cannot spare
 * the milliseconds of the start later calls it early; one that forks, such as a daemon,
 * calls it in the child.
 *
 * options: NULL for defaults. Members out of range are refused by name.
 *
 * Returns: WS_OK; WS_ERR_PARAMETER; WS_ERR_UNSUPPORTED for an engine that this
 *   build does not have, and in a process whose libc is not that of the build; WS_ERR_STATE when the library has started already;
 *   WS_ERR_SHUTDOWN after ws_shutdown_wait; WS_ERR_MEMORY or WS_ERR_UNKNOWN when the
 *   system refuses memory, threads or descriptors: it may be called again.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_init(const ws_init_options *options)
{
    WSX_ENTER();
    ws_init_options o;
    int32_t status = wsx_options(&o, &wsx_init_shape, options, "options");
    if (status || (status = wsx_start())) return status;
    return wsgo_init(&o, wsx_error_buffer());
}

/**
 * Ends the library: aborts every connection, stops every server, delivers what
 * that causes (completions, close, destroyed), and waits until the last
 * callback has returned. A ws_server_stop that has begun has its time first, and so
 * has a client's ws_close: until they are over, connections of other clients and
 * servers go on, but nothing new can be made. Call it before the host tears down what its callbacks
 * use. It cannot be started again in this process. A host that just calls
 * exit() needs no shutdown.
 *
 * Events that wait in queues have to be delivered, too. The call does it itself
 * for a queue that the calling thread has dispatched last, or nobody ever, or a
 * thread that has ended: its callbacks run inside this call. A queue that another
 * thread has dispatched last stays that thread's: it has to go on until its
 * handles are destroyed, else the call waits for it until the timeout. What a
 * host polled goes to listeners and completions here.
 *
 * timeout_ms: how long to wait; -1 for ever, 0 not at all.
 *
 * Returns: WS_OK, also when nothing had been started or it is called again;
 *   WS_ERR_TIMEOUT when a stop is not over, or callbacks are still running: the end goes
 *   on, and it may be called again (ws_server_destroy cuts a stop short);
 *   WS_ERR_IN_CALLBACK inside a callback.
 * Threads: any but the library's own. The wait is a point of cancellation, and so
 *   are callbacks that it runs; the shutdown goes on then.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_shutdown_wait(int64_t timeout_ms)
{
    WSX_ENTER();
    wsx_thread *self = wsx_self();
    if (self && (self->dispatcher || self->relay_of))
        return wsx_fail(WS_ERR_IN_CALLBACK, "ws_shutdown_wait inside a callback would wait for itself");
    if (timeout_ms < -1) return wsx_fail(WS_ERR_PARAMETER, "timeout_ms: %lld is less than -1", (long long)timeout_ms);
    if (wsx_ended_unstarted()) return WS_OK;
    return wsx_shutdown(timeout_ms);
}

/**
 * Figures of the whole library: connections, limits, memory.
 *
 * stats: not NULL; set stats->struct_size before the call (WS_INIT_STRUCT). At
 *   most that many bytes are written. All zero before the library has started.
 *
 * Returns: WS_OK; WS_ERR_PARAMETER.
 * Threads: any. The figures are not of one moment.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_stats_get(ws_stats *stats)
{
    WSX_ENTER();
    int32_t status = wsx_result(stats, &wsx_stats_shape, "stats");
    if (status) return status;
    ws_stats found = {.struct_size = stats->struct_size};
    if (wsx_started()) status = wsgo_stats(&found, wsx_error_buffer());
    if (!status) wsx_hand_out(stats, &found, &wsx_stats_shape);
    return status;
}

/**
 * The version of the library as text, "0.1.0".
 *
 * Returns: a static string.
 * Threads: any.
 * Since: 0.1
 */
WS_API const char *WS_CALL ws_version_string(void)
{
#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)
    return TEXT(WS_VERSION_MAJOR) "." TEXT(WS_VERSION_MINOR) "." TEXT(WS_VERSION_PATCH);
}

/**
 * The version of the library as a number, (major << 16) | (minor << 8) | patch.
 * Compare it with WS_VERSION_NUMBER to see whether header and library belong
 * together.
 *
 * Returns: the number.
 * Threads: any.
 * Since: 0.1
 */
WS_API uint32_t WS_CALL ws_version_number(void)
{
    return WS_VERSION_NUMBER;
}

/**
 * The version of the ABI, (major << 16) | minor; WS_ABI_VERSION of the header
 * the library was built with. While major is 0 an incompatible change raises
 * minor; from 1.0 on the ABI only grows.
 *
 * Returns: the number.
 * Threads: any.
 * Since: 0.1
 */
WS_API uint32_t WS_CALL ws_abi_version(void)
{
    return WS_ABI_VERSION;
}

/**
 * Tells whether this library has a feature, on this system and in this build. The
 * names so far:
 *
 *     client, server, tls, ipv6, unix     what connects, and where
 *     proxy, redirects, reconnect         clients
 *     acknowledged_sends                  WS_ACKNOWLEDGED_SENDS (Linux)
 *     requests, topics, limits            servers
 *     topic_patterns, topic_events        ws_subscribe_pattern, WS_EVENT_TOPIC_BEGIN
 *     listen_descriptor, reuse_port       handing over a listening socket
 *     adopt                               ws_server_adopt
 *     compression, pieces, ping, pause    messages
 *     skip                                WS_SKIP_LARGE
 *     send_with                           ws_send_with, ws_publish_with, ws_server_broadcast_with
 *     epoll, goroutine                    values of ws_init_options.engine
 *     queue, gather, wait, post           how a host receives, answers and waits
 *     metrics, log, correlation_id        what it sees
 *
 * name: NUL-terminated; NULL and unknown names give 0.
 *
 * Returns: 1 or 0.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_has_feature(const char *name)
{
    static const char *const features[] = {
        "client", "server", "tls", "ipv6", "proxy", "redirects", "reconnect", "reconnect_with", "cookies", "verify_events", "sign_events", "renegotiate",
#if defined(__linux__)
        "acknowledged_sends", "reuse_port", "epoll", "gather",
#endif
#if !defined(_WIN32)
        "unix",
#endif
        "listen_descriptor", "adopt", "requests", "topics", "topic_patterns", "topic_events", "limits",
        "compression", "pieces", "skip", "send_with", "ping", "manual_pong", "pause", "goroutine",
        "queue", "wait", "post", "metrics", "log", "correlation_id",
    };
    if (!name) return 0;
    for (size_t i = 0; i < sizeof features / sizeof *features; i++)
        if (!strcmp(name, features[i])) return 1;
    return 0;
}

/**
 * The general meaning of a status or error id. OpenHarmony's ids have the
 * module's messages.
 *
 * status: any number.
 *
 * Returns: a static string, never NULL.
 * Threads: any.
 * Since: 0.1
 */
WS_API const char *WS_CALL ws_strerror(int32_t status)
{
    switch (status) {
    case WS_OK: return "Success.";
    case WS_ERR_CONNECT_FAILED: return "Websocket connect failed.";
    case WS_ERR_PERMISSION: return "Permission denied.";
    case WS_ERR_PARAMETER: return "Parameter error.";
    case WS_ERR_URL: return "Websocket url error.";
    case WS_ERR_CERT_FILE: return "Websocket certificate file does not exist.";
    case WS_ERR_CONNECTION_EXISTS: return "Websocket connection already exists.";
    case WS_ERR_LISTEN_IP: return "Can't listen on the given NIC.";
    case WS_ERR_LISTEN_PORT: return "Can't listen on the given Port.";
    case WS_ERR_NO_CONNECTION: return "websocket connection does not exist.";
    case WS_ERR_PORT_OCCUPIED: return "Websocket port already occupied.";
    case WS_ERR_DOMAIN: return "It is not allowed to access this domain.";
    case WS_ERR_UNKNOWN: return "Websocket other unknown error.";
    case WS_ERR_HANDLE: return "The handle is stale, foreign or of the wrong kind.";
    case WS_ERR_STATE: return "Not possible in this state.";
    case WS_ERR_FULL: return "The output queue is full.";
    case WS_ERR_TOO_LARGE: return "The message is larger than its limit.";
    case WS_ERR_MEMORY: return "No memory, or the memory budget is used up.";
    case WS_ERR_TIMEOUT: return "A deadline passed.";
    case WS_ERR_CANCELLED: return "Ended by close, destroy, stop or shutdown.";
    case WS_ERR_IN_CALLBACK: return "A waiting call inside a callback would wait for itself.";
    case WS_ERR_FORKED: return "The library does not work in a forked child.";
    case WS_ERR_SHUTDOWN: return "The library was shut down.";
    case WS_ERR_UNSUPPORTED: return "Not in this build or version.";
    case WS_ERR_PROTOCOL: return "The peer broke the WebSocket protocol.";
    case WS_ERR_BUFFER: return "The buffer is too small.";
    case WS_ERR_BUSY: return "Somebody is using it.";
    case WS_ERR_REPLACED: return "A newer message with the same key has replaced it.";
    case WS_ERR_INTERNAL: return "A defect of libws; please report it.";
    default: return "Unknown status.";
    }
}

/**
 * Why the last call of this thread failed, naming the argument. Every call
 * clears it at its start, so it is empty after a call that succeeded.
 *
 * Returns: the text, never NULL; valid until the thread's next call.
 * Threads: any; each has its own text.
 * Since: 0.1
 */
WS_API const char *WS_CALL ws_last_error(void)
{
    wsx_thread *self = wsx_self();
    return self ? self->error.text : "";
}
