/* SPDX-License-Identifier: Apache-2.0 */
/** @section Events
 * A handle has any number of listeners per event; they are called in the order
 * in which they were added. A listener added during an event is called from the next one on.
 */
#include "await.h"
#include "debug.h"
#include "dispatch.h"
#include "front.h"
#include <libws/ws.h>

/* Which events a handle of these kinds has; status and text when it has not. */
static int32_t check_event(ws_handle handle, int32_t event)
{
    switch (event) {
    case WS_EVENT_OPEN:
    case WS_EVENT_OPEN_INFO:
    case WS_EVENT_HEADER_RECEIVE:
    case WS_EVENT_RECONNECTING:
    case WS_EVENT_BEFORE_RECONNECT:
    case WS_EVENT_VERIFY:
    case WS_EVENT_SIGN:
        if (wsx_lookup(handle, WSX_ACCEPTED))
            return wsx_fail(WS_ERR_PARAMETER,
                            "event: an accepted connection is open already; its server has WS_EVENT_CONNECT");
        return WS_OK;
    case WS_EVENT_MESSAGE:
    case WS_EVENT_SKIPPED:
    case WS_EVENT_CLOSE:
    case WS_EVENT_ERROR:
    case WS_EVENT_DRAIN:
    case WS_EVENT_DATA_END:
    case WS_EVENT_PING:
    case WS_EVENT_PONG:
    case WS_EVENT_DESTROYED:
        return WS_OK;
    case WS_EVENT_CONNECT:
    case WS_EVENT_MESSAGE_RECEIVE:
    case WS_EVENT_UPGRADE:
    case WS_EVENT_REQUEST:
    case WS_EVENT_TOPIC_BEGIN:
    case WS_EVENT_TOPIC_END:
        return wsx_fail(WS_ERR_PARAMETER, "event: %d is an event of servers; use ws_server_on", event);
    default:
        return wsx_fail(WS_ERR_PARAMETER, "event: %d is not an event one can listen to", event);
    }
}

/**
 * Adds a listener to a client or an accepted connection. Called inside the
 * connect event of a server it misses nothing of that connection. Adding the
 * same pair twice calls it twice.
 *
 * handle: client or accepted connection.
 * event: WS_EVENT_MESSAGE, _DATA_END, _SKIPPED, _CLOSE, _ERROR, _DRAIN, _PING, _PONG or
 *   _DESTROYED; clients also _OPEN, _OPEN_INFO, _HEADER_RECEIVE, _RECONNECTING,
 *   _BEFORE_RECONNECT, _VERIFY, _SIGN.
 * callback: not NULL.
 * user_data: handed to callback; any value.
 *
 * Returns: WS_OK; WS_ERR_HANDLE; WS_ERR_PARAMETER; WS_ERR_MEMORY.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_on(ws_handle handle, int32_t event, ws_callback callback, void *user_data)
{
    WSX_ENTER();
    int32_t status;
    if (!wsx_argument(handle, WSX_CONNECTION, "handle", &status)) return status;
    if (!callback) return wsx_fail(WS_ERR_PARAMETER, "callback: is NULL");
    if ((status = check_event(handle, event))) return status;
    return wsx_on(handle, WSX_CONNECTION, event, callback, user_data);
}

/**
 * Removes listeners. Inside a callback of this connection nothing removed is
 * called again. From another thread a call that is already running may still
 * end later; ws_off_wait waits for it.
 *
 * callback, user_data: both must match what ws_on got; callback NULL removes
 *   all listeners of the event. Removing what is not there is no error.
 *
 * Returns: WS_OK; WS_ERR_HANDLE; WS_ERR_PARAMETER.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_off(ws_handle handle, int32_t event, ws_callback callback, void *user_data)
{
    WSX_ENTER();
    int32_t status;
    wsx_block *b;
    if (!wsx_argument(handle, WSX_CONNECTION, "handle", &status)) return status;
    if ((status = check_event(handle, event))) return status;
    return wsx_off(handle, WSX_CONNECTION, event, callback, user_data, &b);
}

/**
 * Like ws_off, then waits until no callback of this connection is running: what
 * user_data points to may be freed afterwards.
 *
 * timeout_ms: how long to wait; -1 for ever.
 *
 * Returns: WS_OK; WS_ERR_TIMEOUT: the listener is removed, but a call is still
 *   running; WS_ERR_IN_CALLBACK inside a callback of this connection (use
 *   ws_off there), nothing is removed; WS_ERR_HANDLE; WS_ERR_PARAMETER.
 * Threads: any. Two callbacks that wait for each other wait until the timeout. The
 *   wait is a point of cancellation.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_off_wait(ws_handle handle, int32_t event, ws_callback callback, void *user_data,
                                   int64_t timeout_ms)
{
    WSX_ENTER();
    int32_t status;
    wsx_thread *self = wsx_self();
    wsx_block *b = wsx_argument(handle, WSX_CONNECTION, "handle", &status);
    if (!b) return status;
    if (timeout_ms < -1) return wsx_fail(WS_ERR_PARAMETER, "timeout_ms: %lld is less than -1", (long long)timeout_ms);
    if ((status = check_event(handle, event))) return status;
    if (self && self->dispatcher && self->dispatcher->block == b)
        return wsx_fail(WS_ERR_IN_CALLBACK, "ws_off_wait inside a callback of the connection would wait for itself");
    status = wsx_off(handle, WSX_CONNECTION, event, callback, user_data, &b);
    return status ? status : wsx_idle_wait(b, handle, timeout_ms);
}

/**
 * Sets the value that ws_user_data returns. libws never looks at it.
 *
 * handle: client, accepted connection or server.
 *
 * Returns: WS_OK; WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_set_user_data(ws_handle handle, void *user_data)
{
    WSX_ENTER();
    int32_t status = WS_OK;
    pthread_mutex_lock(&wsx_mutex);
    wsx_block *b = wsx_argument(handle, WSX_ANY, "handle", &status);
    if (b) atomic_store(&b->user_data, (uintptr_t)user_data);
    pthread_mutex_unlock(&wsx_mutex);
    return status;
}

/**
 * The value of ws_set_user_data, or of the options at creation; NULL at first.
 *
 * handle: client, accepted connection or server.
 * user_data: not NULL; receives the value.
 *
 * Returns: WS_OK; WS_ERR_HANDLE; WS_ERR_PARAMETER.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_user_data(ws_handle handle, void **user_data)
{
    WSX_ENTER();
    int32_t status;
    wsx_block *b = wsx_argument(handle, WSX_ANY, "handle", &status);
    if (!b) return status;
    if (!user_data) return wsx_fail(WS_ERR_PARAMETER, "user_data: is NULL");
    uintptr_t value = atomic_load(&b->user_data);
    WSX_DEBUG(uint64_t owner = wsx_debug_owner(b);)
    if (!wsx_argument(handle, WSX_ANY, "handle", &status)) return status; /* the slot may have changed hands */
    WSX_INVARIANT(owner == handle);
    *user_data = (void *)value;
    return WS_OK;
}

/**
 * Gives a connection an id of the host's own, such as that of a request or a user:
 * it comes back as correlation_id of every event of the connection and in its lines of
 * the log. For clients and accepted connections there are options for it, too
 * (ws_create_options, ws_accept_options).
 *
 * handle: client or accepted connection; a client keeps it over reconnects.
 * id: at most 64 bytes of printable ASCII, copied; NULL or "": none. What it was stays
 *   in memory until the handle has ended.
 *
 * Returns: WS_OK; WS_ERR_PARAMETER; WS_ERR_MEMORY; WS_ERR_HANDLE.
 * Threads: any. An event whose callback runs just now has the old one.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_set_correlation_id(ws_handle handle, const char *id)
{
    WSX_ENTER();
    int32_t status;
    if (!wsx_argument(handle, WSX_CONNECTION, "handle", &status)) return status;
    if ((status = wsx_label_check(id, "id"))) return status;
    return wsx_label_give(handle, WSX_CONNECTION, id, NULL);
}

/**
 * Reads the next field of the header that a WS_EVENT_HEADER_RECEIVE, _UPGRADE or
 * _REQUEST event brings, and the _ERROR of an answer that refused.
 *
 *     size_t at = 0;
 *     const char *name, *value;
 *     while (ws_header_next(e->data, e->size, &at, &name, &value)) puts(name);
 *
 * data, size: those of the event: names and values in turn, a NUL behind each, in
 *   the order in which they came; a field that came twice is there twice.
 * at: 0 at first; where the call goes on.
 * name, value: receive pointers into data; value is without surrounding blanks.
 *
 * Returns: 1, or 0 when there is no other field or an argument is NULL.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_header_next(const void *data, size_t size, size_t *at, const char **name, const char **value)
{
    if (!data || !at || !name || !value || *at >= size) return 0;
    const char *p = (const char *)data + *at, *end = (const char *)data + size;
    const char *second = memchr(p, 0, (size_t)(end - p));
    if (!second || ++second >= end) return 0;
    const char *third = memchr(second, 0, (size_t)(end - second));
    if (!third) return 0;
    *name = p;
    *value = second;
    *at = (size_t)(third + 1 - (const char *)data);
    return 1;
}
