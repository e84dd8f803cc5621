/* SPDX-License-Identifier: Apache-2.0 */
/** @section Sending
 * Messages, pieces of messages and pings, on clients and accepted connections.
 */
#include "cork.h"
#include "front.h"
#include <libws/ws.h>

/* Whether handle is the accepted connection whose callback runs, as it nearly always is. */
static inline bool is_current(const wsx_dispatcher *d, ws_handle handle)
{
    const wsx_block *b = d->block;
    return b && d->server && atomic_load_explicit(&b->handle, memory_order_acquire) == handle &&
           !(atomic_load_explicit(&b->life, memory_order_relaxed) & WSX_LIFE_DEAD);
}

/* ws_send, but for what nearly all messages of servers are. */
static __attribute__((noinline)) int32_t send_any(ws_handle handle, const void *data, size_t size, int32_t type,
                                                  ws_callback completion, void *user_data)
{
    WSX_ENTER();
    int32_t status;
    wsx_block *b = wsx_argument(handle, WSX_CONNECTION, "handle", &status);
    if (!b) return status;
    if (!data && size) return wsx_fail(WS_ERR_PARAMETER, "data: is NULL, size is %zu", size);
    if (type != WS_TEXT && type != WS_BINARY)
        return wsx_fail(WS_ERR_PARAMETER, "type: %d is neither WS_TEXT nor WS_BINARY", type);
    if (!wsx_readable(data, size, "data")) return WS_ERR_PARAMETER;
    wsx_thread *self = wsx_self();
    wsx_dispatcher *d = self ? self->dispatcher : NULL;
    if (!completion && d && !is_current(d, handle) && wsx_cork(self, d, b, data, size, type)) return WS_OK;
    bool gathers = d ? d->queue != NULL : self && self->gathers;
    if (!completion && size <= WSX_DIRECT_MAX && wsx_send_direct(b, handle, data, size, type, gathers, &status))
        return status;
    if (gathers) return wsx_send_by_queue(self, handle, data, size, type, completion, user_data);
    bool inside = d && d->loop && atomic_load_explicit(&b->loop, memory_order_relaxed) == d->loop;
    return wsgo_send(handle, (uintptr_t)data, size, type, inside, (uintptr_t)completion, (uintptr_t)user_data,
                     wsx_error_buffer());
}

/* ws_send inside a callback, without a completion, when the short way was none. */
static __attribute__((noinline)) int32_t send_inside(ws_handle handle, const void *data, size_t size, int32_t type)
{
    wsx_thread *self = wsx_this_thread;
    wsx_dispatcher *d = self->dispatcher;
    if (is_current(d, handle)) {
        bool run = d->run.handle == handle && size <= COPY_MAX;
        if (run && (type == WS_BINARY || good_text(d, data, size)) && wsx_cork_behind(self, d, handle, data, size, type))
            return WS_OK;
        if (wsx_cork(self, d, d->block, data, size, type)) return WS_OK;
    }
    return send_any(handle, data, size, type, NULL, NULL);
}

/**
 * Sends one message, whole or not at all. The data is copied or sent before the
 * call returns; the caller may reuse it. Messages arrive in the order in which
 * the calls returned, whatever the threads. Inside a callback the bytes leave
 * when the callbacks of the batch have returned, or what ws_queue_dispatch delivers
 * was delivered: see there.
 *
 * handle: client or accepted connection that is open.
 * data: size bytes; may be NULL when size is 0. Text must be UTF-8 (RFC 6455 8.1). It may lie
 *   in memory whose faults the host handles: they come before anything is begun, and the
 *   handler may leave the call by siglongjmp. Memory that cannot be read is
 *   WS_ERR_PARAMETER when there is no handler, but inside callbacks.
 * type: WS_TEXT or WS_BINARY.
 * completion: NULL, or called once (operation WS_OP_SEND) when the kernel has the
 *   whole message, or why it never will. A completion costs an allocation.
 *
 * Returns: WS_OK: accepted; WS_ERR_FULL: more than max_buffered bytes would
 *   wait; WS_ERR_STATE: not open; WS_ERR_TOO_LARGE: over max_send_size;
 *   WS_ERR_MEMORY: the memory budget is used up; WS_ERR_PARAMETER;
 *   WS_ERR_HANDLE; WS_ERR_NO_CONNECTION: an accepted connection that has ended.
 * Threads: any; many threads may send on one handle at once.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_send(ws_handle handle, const void *data, size_t size, int32_t type, ws_callback completion,
                               void *user_data)
{
    wsx_thread *self = wsx_this_thread;
    wsx_dispatcher *d = self ? self->dispatcher : NULL;
    if (d && !wsx_refusal && !completion && (type == WS_TEXT || type == WS_BINARY) && (data || !size)) {
        self->error.text[0] = 0;
        /* This way calls nothing, so that all that it needs is in registers. */
        if (size <= WSX_SHORT_MAX && (type == WS_BINARY || came_as_text(d, data, size)) &&
            wsx_cork_behind(self, d, handle, data, size, type))
            return WS_OK;
        return send_inside(handle, data, size, type);
    }
    return send_any(handle, data, size, type, completion, user_data);
}

/**
 * Sends one message with a key, a priority or both. A key is for latest values (positions, prices,
 * states): a peer that reads slowly gets the newest value of each key instead of all of them late.
 * A priority is for small messages that must not wait behind large ones.
 *
 * Both matter while a message waits whole, and so from the first call on whatever cannot leave the
 * connection at once does, also what ws_send and ws_publish send. What the kernel has (up to
 * 256 KiB beyond the window of the peer), and a message of which a byte has left, is neither
 * replaced nor passed. It costs what full_policy costs: what inline callbacks send is handed to the
 * kernel message by message.
 *
 * key: a message that waits with the same key is replaced. The new one takes its place in the
 *   queue, so that a key that changes often does not wait longer than others, or the last place
 *   of its priority when that is another one. The completion of the old one says WS_ERR_REPLACED;
 *   messages_replaced counts it.
 * priority: the message goes before all with a lower one that wait. As long as they come, those
 *   with a lower one wait.
 *
 * What the peer can rely on: messages come whole; the last one with a key comes, and so does each
 * without. Two with the same priority come in the order of the calls,
 * unless the later one took the place of one that was sent before the other; so those with one key
 * and one priority come in their order, and so do those without a key. Between priorities there is no order.
 *
 * A message in pieces (ws_send_part) has priority 0: it may be passed as a whole before its
 * first piece has left, and then nothing comes between. Before its last piece was sent, ws_send_with is
 * refused as ws_send is. Pings and pongs go before all that waits whole, a Close frame (ws_close, a
 * stop, ws_shutdown_wait) behind it. max_buffered counts what waits, so a key counts once, and
 * WS_ERR_FULL leaves the old message where it is; with WS_FULL_DROP_OLDEST the lowest priority is
 * dropped first. With max_send_frame a message still leaves as a whole. With compression (RFC 7692)
 * what waits whole leaves uncompressed, but for what was published. A client that keeps its sends over a
 * loss (WS_KEEP_SENDS) sorts and replaces them in the same way, also before it is open.
 *
 * handle, data, size, type, completion: as in ws_send.
 * options: NULL, or key and priority.
 *
 * Returns: as ws_send; WS_ERR_PARAMETER: also for the options; WS_ERR_STATE: also in the middle of a
 *   message in pieces.
 * Threads: any. What several threads send with one key replaces each other in the order in which
 *   the calls are served.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_send_with(ws_handle handle, const void *data, size_t size, int32_t type,
                                    const ws_send_options *options, ws_callback completion, void *user_data)
{
    WSX_ENTER();
    int32_t status;
    ws_send_options o;
    if (!wsx_argument(handle, WSX_CONNECTION, "handle", &status)) return status;
    if (!data && size) return wsx_fail(WS_ERR_PARAMETER, "data: is NULL, size is %zu", size);
    if (type != WS_TEXT && type != WS_BINARY)
        return wsx_fail(WS_ERR_PARAMETER, "type: %d is neither WS_TEXT nor WS_BINARY", type);
    if ((status = wsx_options(&o, &wsx_send_shape, options, "options"))) return status;
    if (!wsx_readable(data, size, "data")) return WS_ERR_PARAMETER;
    return wsgo_send_with(handle, (uintptr_t)data, size, type, &o, (uintptr_t)completion, (uintptr_t)user_data,
                          wsx_error_buffer());
}

/**
 * Sends a piece of a message whose size need not be known: a fragment (RFC 6455 5.4).
 * Pings and pongs may go out between the pieces, other messages are refused until the
 * last piece was sent.
 *
 * handle, data, completion: as in ws_send. Text must be UTF-8 as a whole; a piece may end
 *   inside a character.
 * type: WS_TEXT or WS_BINARY, the same for all pieces.
 * ends: 1 for the last piece, which may be empty; 0 for all others.
 *
 * With compression (ws_compression, RFC 7692) the first piece decides: the message goes
 * uncompressed when that piece has min_size bytes and does not get smaller. Otherwise each
 * piece is compressed and flushed, so that the peer can read all of it before the next one
 * comes; that takes 5 bytes a piece, so pieces should not be very small.
 *
 * Returns: as ws_send. A piece that was refused can be sent again, but not after
 *   WS_ERR_STATE: the connection has ended, and the message with it. A client that has
 *   connected again by itself meanwhile refuses one piece so, for the host to notice.
 * Threads: any, but the caller orders the pieces of a message.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_send_part(ws_handle handle, const void *data, size_t size, int32_t type, int32_t ends,
                                    ws_callback completion, void *user_data)
{
    WSX_ENTER();
    int32_t status;
    if (!wsx_argument(handle, WSX_CONNECTION, "handle", &status)) return status;
    if (!data && size) return wsx_fail(WS_ERR_PARAMETER, "data: is NULL, size is %zu", size);
    if (type != WS_TEXT && type != WS_BINARY)
        return wsx_fail(WS_ERR_PARAMETER, "type: %d is neither WS_TEXT nor WS_BINARY", type);
    if (ends != 0 && ends != 1) return wsx_fail(WS_ERR_PARAMETER, "ends: %d is neither 0 nor 1", ends);
    if (!wsx_readable(data, size, "data")) return WS_ERR_PARAMETER;
    return wsgo_send_part(handle, (uintptr_t)data, size, type, ends, (uintptr_t)completion, (uintptr_t)user_data,
                          wsx_error_buffer());
}

/**
 * Sends a ping (RFC 6455 5.5.2). The answer comes as WS_EVENT_PONG with the same
 * payload and the time it took.
 *
 * handle: client or accepted connection that is open.
 * data: size bytes, at most 125; may be NULL when size is 0.
 *
 * Returns: WS_OK; WS_ERR_STATE: not open; WS_ERR_FULL: too much waits to be sent;
 *   WS_ERR_PARAMETER; WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_ping(ws_handle handle, const void *data, size_t size)
{
    WSX_ENTER();
    int32_t status;
    if (!wsx_argument(handle, WSX_CONNECTION, "handle", &status)) return status;
    if (!data && size) return wsx_fail(WS_ERR_PARAMETER, "data: is NULL, size is %zu", size);
    if (size > 125) return wsx_fail(WS_ERR_PARAMETER, "size: %zu bytes; a ping has at most 125 (RFC 6455 5.5)", size);
    if (!wsx_readable(data, size, "data")) return WS_ERR_PARAMETER;
    return wsgo_ping(handle, (uintptr_t)data, size, wsx_error_buffer());
}

/**
 * Sends a pong (RFC 6455 5.5.3): the answer to a ping, for who has asked for
 * WS_MANUAL_PONG, or one that answers nothing, as a sign of life that wants no answer.
 *
 * handle: client or accepted connection that is open.
 * data: size bytes, at most 125; may be NULL when size is 0. The answer to a ping has what
 *   the ping had.
 *
 * Returns: WS_OK; WS_ERR_STATE: not open; WS_ERR_FULL: too much waits to be sent, so a peer
 *   that pings and does not read gets no more; WS_ERR_PARAMETER; WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_pong(ws_handle handle, const void *data, size_t size)
{
    WSX_ENTER();
    int32_t status;
    if (!wsx_argument(handle, WSX_CONNECTION, "handle", &status)) return status;
    if (!data && size) return wsx_fail(WS_ERR_PARAMETER, "data: is NULL, size is %zu", size);
    if (size > 125) return wsx_fail(WS_ERR_PARAMETER, "size: %zu bytes; a pong has at most 125 (RFC 6455 5.5)", size);
    if (!wsx_readable(data, size, "data")) return WS_ERR_PARAMETER;
    return wsgo_pong(handle, (uintptr_t)data, size, wsx_error_buffer());
}
