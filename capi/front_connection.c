/* SPDX-License-Identifier: Apache-2.0 */
/** @section Connections
 * What clients and accepted connections have in common.
 */
#include "await.h"
#include "debug.h"
#include "front.h"
#include <libws/ws.h>

static int32_t close_begins(ws_handle handle, const ws_close_options *options, ws_callback completion,
                            uintptr_t user_data)
{
    int32_t status;
    if (!wsx_argument(handle, WSX_CONNECTION, "handle", &status)) return status;
    ws_close_options o;
    if ((status = wsx_options(&o, &wsx_close_shape, options, "options"))) return status;
    bool silent = o.flags & WS_NO_CODE;
    const char *reason = o.reason ? o.reason : silent ? "" : "CLOSE_NORMAL";
    size_t size = strnlen(reason, o.flags & WS_CUT_REASON ? 128 : 124);
    return wsgo_close(handle, o.code || silent ? o.code : 1000, (char *)(uintptr_t)reason, size, o.timeout_ms, o.flags,
                      (uintptr_t)completion, user_data, wsx_error_buffer());
}

/**
 * Starts the closing handshake (RFC 6455 7.1.2). What was sent before goes out
 * first. A peer that does not answer within timeout_ms is cut off. While connecting it
 * cancels the attempt. The close event is the end.
 *
 * options: NULL for code 1000, reason "CLOSE_NORMAL".
 * completion: NULL, or called once when the handshake is over (operation
 *   WS_OP_CLOSE): WS_OK, or WS_ERR_TIMEOUT, or why the connection was lost.
 *
 * Returns: WS_OK; WS_ERR_PARAMETER: a code that may not be sent, a reason over
 *   123 bytes or not UTF-8; WS_ERR_STATE: not connected, or closing already;
 *   WS_ERR_HANDLE; WS_ERR_NO_CONNECTION: an accepted connection that has ended.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_close(ws_handle handle, const ws_close_options *options, ws_callback completion,
                                void *user_data)
{
    WSX_ENTER();
    return close_begins(handle, options, completion, (uintptr_t)user_data);
}

/* Whether the close event of a connection that ws_close does not want is still to come; it is waited for then.
 * Core leaves CLOSING before it tells that, and a dispatcher leaves OPENED. */
static bool closes(wsx_waiter *w, const wsx_block *b, ws_handle handle)
{
    wsx_await_next_close(w);
    uint32_t state = atomic_load(&b->state);
    bool comes = state == WS_STATE_CLOSING || (state == WS_STATE_CLOSED && atomic_load(&b->life) & WSX_LIFE_OPENED);
    return comes && atomic_load(&b->handle) == handle;
}

/**
 * Like ws_close, then waits until the close event was delivered; of a connection that
 * is closing already it only waits.
 *
 * timeout_ms: how long to wait; -1 for ever. options->timeout_ms is the peer's time to answer.
 *
 * Returns: WS_OK; what ws_close returns; the error of the completion: the connection has
 *   ended, but not politely, for ws_state says WS_STATE_CLOSED (or the handle of an accepted one is
 *   stale); WS_ERR_TIMEOUT also when timeout_ms is over: the handshake goes on, and its events come,
 *   call it again to wait on; WS_ERR_IN_CALLBACK inside a callback that it would wait for, nothing is
 *   begun; WS_ERR_STATE: not connected, and no close event is to come. That of a
 *   paused connection waits for ws_resume, and so does this.
 * Threads: as ws_destroy_wait.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_close_wait(ws_handle handle, const ws_close_options *options, int64_t timeout_ms)
{
    WSX_ENTER();
    int32_t status;
    wsx_waiter w;
    wsx_block *b = wsx_argument(handle, WSX_CONNECTION, "handle", &status);
    if (!b || (status = wsx_may_wait(wsx_self(), b, handle, timeout_ms, "ws_close_wait"))) return status;
    wsx_await(&w, WSX_AWAIT_CLOSE, handle, b);
    status = close_begins(handle, options, wsx_completed, w.ticket);
    if (status == WS_ERR_STATE && closes(&w, b, handle)) status = WS_OK;
    if (status) return wsx_wait_not(&w, status);
    return wsx_result_wait(&w, timeout_ms, "the connection is still closing");
}

/**
 * Ends the connection at once, without a closing handshake: what was not sent is lost,
 * pending completions fail with WS_ERR_CANCELLED, and close comes with code 1006. While
 * connecting it cancels the attempt. A client's handle stays and may connect again.
 *
 * Returns: WS_OK; WS_ERR_STATE: not connected; WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_abort(ws_handle handle)
{
    WSX_ENTER();
    int32_t status;
    if (!wsx_argument(handle, WSX_CONNECTION, "handle", &status)) return status;
    return wsgo_abort(handle, wsx_error_buffer());
}

/**
 * Ends a client or an accepted connection at once and frees its handle, which
 * is stale when the call returns. Pending completions fail with
 * WS_ERR_CANCELLED, a close event with code 1006 comes if open was delivered,
 * then the destroyed event, the last one.
 *
 * Returns: WS_OK; WS_ERR_HANDLE, or WS_ERR_NO_CONNECTION for an accepted connection, also
 *   at the second call.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_destroy(ws_handle handle)
{
    WSX_ENTER();
    int32_t status;
    WSX_POINT("find");
    if (!wsx_argument(handle, WSX_CONNECTION, "handle", &status)) return status;
    if (!wsx_kill(handle, WSX_CONNECTION)) { /* just destroyed by another thread */
        wsx_argument(handle, WSX_CONNECTION, "handle", &status);
        return status;
    }
    wsgo_destroy(handle);
    return WS_OK;
}

/**
 * Like ws_destroy, then waits until the destroyed event was delivered: no callback of
 * the handle runs or comes any more, completions included, and what they use may be
 * freed. Of a handle that was destroyed already, or an accepted connection whose close
 * event was delivered, it only waits.
 *
 * With a queue the events have to come out of it. The call does that itself when the
 * calling thread has dispatched the queue last, or nobody ever, or a thread that has
 * ended: callbacks of that queue run inside the call. Else that other thread has to
 * go on dispatching or polling. What is polled counts as delivered when it is handed out.
 *
 * timeout_ms: how long to wait; -1 for ever, 0 not at all.
 *
 * Returns: WS_OK; WS_ERR_TIMEOUT: the handle is stale, as after ws_destroy, and its last
 *   events are still to come: call it again to wait on; WS_ERR_HANDLE, or WS_ERR_NO_CONNECTION for an
 *   accepted connection: stale, and nothing of it comes any more; WS_ERR_IN_CALLBACK inside a callback
 *   on the handle's loop or queue, which would wait for itself: nothing is destroyed, use ws_destroy
 *   there; WS_ERR_PARAMETER.
 * Threads: any. Callbacks of two loops that wait for each other wait until the timeout. The wait is a
 *   point of cancellation, and so are callbacks that it runs.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_destroy_wait(ws_handle handle, int64_t timeout_ms)
{
    WSX_ENTER();
    return wsx_destroy_wait(handle, WSX_CONNECTION, wsgo_destroy, timeout_ms, "ws_destroy_wait");
}

/**
 * Stops reading a connection: the peer feels it through TCP. No message, close
 * or error comes before ws_resume, also not from the batch that is being
 * delivered; nothing is lost. Completions and ws_destroy work as ever, and
 * deadlines of the peer's silence stand still.
 *
 * Returns: WS_OK, also when it is paused already; WS_ERR_HANDLE.
 * Threads: any. From another thread a callback that is already running may still end later.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_pause(ws_handle handle)
{
    WSX_ENTER();
    int32_t status;
    if (!wsx_argument(handle, WSX_CONNECTION, "handle", &status)) return status;
    return wsgo_pause(handle, 1, wsx_error_buffer());
}

/**
 * Delivers what waited since ws_pause, in order, and reads again.
 *
 * Returns: WS_OK, also when it is not paused; WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_resume(ws_handle handle)
{
    WSX_ENTER();
    int32_t status;
    if (!wsx_argument(handle, WSX_CONNECTION, "handle", &status)) return status;
    return wsgo_pause(handle, 0, wsx_error_buffer());
}

/**
 * The state of a client or an accepted connection.
 *
 * state: not NULL; receives WS_STATE_.
 *
 * Returns: WS_OK; WS_ERR_HANDLE; WS_ERR_PARAMETER.
 * Threads: any. It may have changed when the call returns.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_state(ws_handle handle, int32_t *state)
{
    WSX_ENTER();
    int32_t status;
    WSX_POINT("look");
    wsx_block *b = wsx_argument(handle, WSX_CONNECTION, "handle", &status);
    if (!b) return status;
    if (!state) return wsx_fail(WS_ERR_PARAMETER, "state: is NULL");
    WSX_POINT("value");
    int32_t found = (int32_t)atomic_load(&b->state);
    WSX_DEBUG(uint64_t owner = wsx_debug_owner(b);)
    WSX_POINT("second");
    if (!wsx_argument(handle, WSX_CONNECTION, "handle", &status)) return status; /* the slot may have changed hands */
    WSX_INVARIANT(owner == handle);
    *state = found;
    return WS_OK;
}

/**
 * How many bytes of frames (headers and payload) were accepted by ws_send and
 * are not yet in the hands of the kernel.
 *
 * bytes: not NULL; receives the number.
 *
 * Returns: WS_OK; WS_ERR_HANDLE; WS_ERR_PARAMETER.
 * Threads: any. It may have changed when the call returns.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_buffered_amount(ws_handle handle, uint64_t *bytes)
{
    WSX_ENTER();
    int32_t status;
    wsx_block *b = wsx_argument(handle, WSX_CONNECTION, "handle", &status);
    if (!b) return status;
    if (!bytes) return wsx_fail(WS_ERR_PARAMETER, "bytes: is NULL");
    uint64_t found = atomic_load(&b->out) & WSX_OUT_BYTES;
    WSX_DEBUG(uint64_t owner = wsx_debug_owner(b);)
    if (!wsx_argument(handle, WSX_CONNECTION, "handle", &status)) return status; /* as in ws_state */
    WSX_INVARIANT(owner == handle);
    *bytes = found;
    return WS_OK;
}

/**
 * Who is at the other end of an open connection.
 *
 * info: not NULL; set info->struct_size before the call (WS_INIT_STRUCT). At
 *   most that many bytes are written.
 *
 * Returns: WS_OK; WS_ERR_STATE: never connected; WS_ERR_PARAMETER; WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_connection_info(ws_handle handle, ws_connection *info)
{
    WSX_ENTER();
    int32_t status;
    if (!wsx_argument(handle, WSX_CONNECTION, "handle", &status)) return status;
    if ((status = wsx_result(info, &wsx_connection_shape, "info"))) return status;
    ws_connection found = {.struct_size = info->struct_size};
    status = wsgo_connection_info(handle, &found, wsx_error_buffer());
    if (!status) wsx_hand_out(info, &found, &wsx_connection_shape);
    return status;
}

/**
 * Figures of one connection.
 *
 * stats: not NULL; set stats->struct_size before the call (WS_INIT_STRUCT). At most that
 *   many bytes are written.
 *
 * Returns: WS_OK; WS_ERR_PARAMETER; WS_ERR_HANDLE.
 * Threads: any. The figures are not of one moment.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_connection_stats_get(ws_handle handle, ws_connection_stats *stats)
{
    WSX_ENTER();
    int32_t status;
    if (!wsx_argument(handle, WSX_CONNECTION, "handle", &status)) return status;
    if ((status = wsx_result(stats, &wsx_connection_stats_shape, "stats"))) return status;
    ws_connection_stats found = {.struct_size = stats->struct_size};
    status = wsgo_connection_stats(handle, &found, wsx_error_buffer());
    if (!status) wsx_hand_out(stats, &found, &wsx_connection_stats_shape);
    return status;
}

/**
 * Tells something about the connection as text: the last one of a client, when it has
 * ended; an accepted one has its addresses and what TLS knows while it is open.
 *
 * which: WS_TEXT_URL ... WS_TEXT_PEER_ADDRESS.
 * buffer: capacity bytes that receive the text, NUL-terminated; NULL with capacity 0 asks
 *   for the size only.
 * size: NULL, or receives how many bytes the text has, without the NUL.
 *
 * Returns: WS_OK, also for a text that is empty because there is none, such as
 *   the TLS version of a plain connection; WS_ERR_BUFFER: buffer is too small, nothing is
 *   written but size; WS_ERR_STATE: never connected; WS_ERR_PARAMETER; WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_connection_text(ws_handle handle, int32_t which, char *buffer, size_t capacity, size_t *size)
{
    WSX_ENTER();
    int32_t status;
    if (!wsx_argument(handle, WSX_CONNECTION, "handle", &status)) return status;
    if (which < WS_TEXT_URL || which > WS_TEXT_PEER_ADDRESS)
        return wsx_fail(WS_ERR_PARAMETER, "which: %d is not a WS_TEXT_", which);
    if (!buffer && capacity) return wsx_fail(WS_ERR_PARAMETER, "buffer: is NULL, capacity is %zu", capacity);
    size_t unused;
    return wsgo_connection_text(handle, which, buffer, capacity, size ? size : &unused, wsx_error_buffer());
}
