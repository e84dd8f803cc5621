/* SPDX-License-Identifier: Apache-2.0 */
/** @section Connections
 * What clients and accepted connections have in common.
 */
#include "internal.h"
#include "ws.h"

/* Bytes up to here are copied into the outbox; larger data of the current event is sent from where it lies. */
enum { COPY_MAX = 2048, DIRECT_MAX = 65536 };

static bool ascii(const unsigned char *p, size_t n)
{
    uint64_t word, high = 0;
    for (; n >= 8; p += 8, n -= 8) {
        memcpy(&word, p, 8);
        high |= word;
    }
    while (n--) high |= (uint64_t)*p++;
    return !(high & 0x8080808080808080ull);
}

/* Adds bytes to the outbox for b, in a segment of its own when they do not follow b's last one. */
static void add_segment(wsx_outbox *box, wsx_block *b, const void *data, uint32_t size, bool first)
{
    wsx_segment *segments = (wsx_segment *)(uintptr_t)box->segments;
    uint32_t last = box->segments_used - 1;
    if (!first && b->cork == last && segments[last].data + segments[last].size == (uint64_t)(uintptr_t)data) {
        segments[last].size += size;
        return;
    }
    uint32_t index = box->segments_used++;
    segments[index] = (wsx_segment){(uint64_t)(uintptr_t)data, size, b->slot, 0, first};
    if (!first) segments[b->cork].next = index;
    b->cork = index;
}

/*
 * The fast path of ws_send: inside a callback, on a plain server connection of
 * the same loop with nothing queued, the frame waits in the batch's outbox.
 * Claiming the bytes in block->out is what makes it visible to other threads.
 * False: the caller takes the way through Go, behind what is corked.
 */
static bool cork(wsx_dispatcher *d, wsx_block *b, const void *data, size_t size, int32_t type)
{
    wsx_outbox *box = d->outbox;
    bool direct = size > COPY_MAX;
    if (b->loop != d->loop) return false;
    if (size > DIRECT_MAX) {
        /* Sent at once from the caller's memory, if nothing of this connection waits. */
        if (atomic_load_explicit(&b->out, memory_order_relaxed) & WSX_OUT_CORKED) wsgo_flush(d->loop);
        return false;
    }
    const uint8_t *bytes = data;
    bool current = bytes >= d->data && size <= d->size && bytes + size <= d->data + d->size;
    if (direct && !current) return false;
    if (type == WS_TEXT && !(d->message_type == WS_TEXT && bytes == d->data && size == d->size) && !ascii(data, size))
        return false; /* Go checks the UTF-8 */
    uint32_t header = size < 126 ? 2 : size < 65536 ? 4 : 10; /* RFC 6455 5.2: a server does not mask */
    uint32_t frame = header + (uint32_t)size;
    uint32_t copied = direct ? header : frame;
    if (box->bytes_cap - box->bytes_used < copied || box->segments_cap - box->segments_used < 2) {
        wsgo_flush(d->loop);
        if (box->bytes_cap - box->bytes_used < copied || box->segments_cap - box->segments_used < 2) return false;
    }
    /* What the kernel does not take of it will be copied. */
    if (direct && !wsx_claim(size)) return false;
    uint64_t out = atomic_load_explicit(&b->out, memory_order_acquire);
    do {
        uint64_t buffered = out & WSX_OUT_BYTES;
        if ((out & (WSX_OUT_OPEN | WSX_OUT_FAST | WSX_OUT_QUEUED)) != (WSX_OUT_OPEN | WSX_OUT_FAST) ||
            (buffered && buffered + frame > atomic_load_explicit(&b->limit, memory_order_relaxed))) {
            if (direct) wsx_count(-(int64_t)size);
            return false;
        }
    } while (!atomic_compare_exchange_weak(&b->out, &out, (out | WSX_OUT_CORKED) + frame));
    uint8_t *p = (uint8_t *)(uintptr_t)box->bytes + box->bytes_used;
    p[0] = (uint8_t)(0x80 | type);
    if (header == 2) {
        p[1] = (uint8_t)size;
    } else if (header == 4) {
        p[1] = 126;
        p[2] = (uint8_t)(size >> 8);
        p[3] = (uint8_t)size;
    } else {
        p[1] = 127;
        for (int i = 0; i < 8; i++) p[2 + i] = (uint8_t)((uint64_t)size >> (56 - 8 * i));
    }
    if (!direct && size) memcpy(p + header, data, size);
    box->bytes_used += copied;
    add_segment(box, b, p, copied, !(out & WSX_OUT_CORKED));
    if (direct) {
        add_segment(box, b, data, (uint32_t)size, false);
        box->claimed += size;
    }
    return true;
}

/**
 * Sends one message, whole or not at all. The data is copied or sent before the
 * call returns; the caller may reuse it. Messages arrive in the order in which
 * the calls returned, whatever the threads. Inside a callback the bytes leave
 * when the callbacks of the batch have returned.
 *
 * handle: client or accepted connection that is open.
 * data: size bytes; may be NULL when size is 0. Text must be UTF-8 (RFC 6455 8.1).
 * type: WS_TEXT or WS_BINARY.
 * completion: NULL, or told once (operation WS_OP_SEND) when the kernel has the
 *   whole message, or why it never will. A completion costs an allocation.
 *
 * Returns: WS_OK: accepted; WS_ERR_FULL: more than max_buffered bytes would
 *   wait; WS_ERR_STATE: not open; WS_ERR_TOO_LARGE: over max_message_size;
 *   WS_ERR_MEMORY: the memory budget is used up; WS_ERR_PARAMETER;
 *   WS_ERR_HANDLE.
 * Threads: any; many threads may send on one handle at once.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_send(ws_handle handle, const void *data, size_t size, int32_t type, ws_callback completion,
                               void *user_data)
{
    WSX_ENTER();
    int32_t status;
    wsx_block *b = wsx_argument(handle, WSX_CONNECTION, "handle", &status);
    if (!b) return status;
    if (!data && size) return wsx_fail(WS_ERR_PARAMETER, "data: is NULL, size is %zu", size);
    if (type != WS_TEXT && type != WS_BINARY)
        return wsx_fail(WS_ERR_PARAMETER, "type: %d is neither WS_TEXT nor WS_BINARY", type);
    wsx_thread *self = wsx_self();
    if (!completion && self && self->dispatcher && cork(self->dispatcher, b, data, size, type)) return WS_OK;
    return wsgo_send(handle, (uintptr_t)data, size, type, (uintptr_t)completion, (uintptr_t)user_data,
                     wsx_error_buffer());
}

/**
 * Starts the closing handshake (RFC 6455 7.1.2). What was sent before goes out
 * first. A peer that does not answer within 5 s is cut off. While connecting it
 * cancels the attempt. The end is told by the close event.
 *
 * options: NULL for code 1000, reason "CLOSE_NORMAL".
 * completion: NULL, or told once when the handshake is over (operation
 *   WS_OP_CLOSE): WS_OK, or WS_ERR_TIMEOUT, or why the connection was lost.
 *
 * Returns: WS_OK; WS_ERR_PARAMETER: a code that may not be sent, a reason over
 *   123 bytes or not UTF-8; WS_ERR_STATE: not connected, or closing already;
 *   WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_close(ws_handle handle, const ws_close_options *options, ws_callback completion,
                                void *user_data)
{
    WSX_ENTER();
    int32_t status;
    if (!wsx_argument(handle, WSX_CONNECTION, "handle", &status)) return status;
    ws_close_options o;
    if ((status = wsx_options(&o, sizeof o, sizeof o, options, "options"))) return status;
    const char *reason = o.reason ? o.reason : "CLOSE_NORMAL";
    return wsgo_close(handle, o.code ? o.code : 1000, (char *)(uintptr_t)reason, strnlen(reason, 124),
                      (uintptr_t)completion, (uintptr_t)user_data, wsx_error_buffer());
}

/**
 * Ends a client or an accepted connection at once and frees its handle, which
 * is stale when the call returns. Pending completions fail with
 * WS_ERR_CANCELLED, a close event with code 1006 comes if open was delivered,
 * then the destroyed event, the last one.
 *
 * Returns: WS_OK; WS_ERR_HANDLE, also at the second call.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_destroy(ws_handle handle)
{
    WSX_ENTER();
    int32_t status;
    if (!wsx_argument(handle, WSX_CONNECTION, "handle", &status)) return status;
    if (!wsx_kill(handle, WSX_CONNECTION)) return wsx_fail(WS_ERR_HANDLE, "handle: was just destroyed by another thread");
    wsgo_destroy(handle);
    return WS_OK;
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
 * Delivers what ws_pause held back, in order, and reads again.
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
    wsx_block *b = wsx_argument(handle, WSX_CONNECTION, "handle", &status);
    if (!b) return status;
    if (!state) return wsx_fail(WS_ERR_PARAMETER, "state: is NULL");
    *state = (int32_t)atomic_load(&b->state);
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
    *bytes = atomic_load(&b->out) & WSX_OUT_BYTES;
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
    if (!info) return wsx_fail(WS_ERR_PARAMETER, "info: is NULL");
    uint32_t given = info->struct_size;
    if (given < sizeof *info)
        return wsx_fail(WS_ERR_PARAMETER, "info: struct_size is %u, less than the %zu bytes of the first version", given,
                        sizeof *info);
    ws_connection found;
    memset(&found, 0, sizeof found);
    if ((status = wsgo_connection_info(handle, &found, wsx_error_buffer()))) return status;
    found.struct_size = given;
    memcpy(info, &found, sizeof found);
    return WS_OK;
}
