/* SPDX-License-Identifier: Apache-2.0 */
/** @section Sending
 * Messages, pieces of messages and pings, on clients and accepted connections.
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

/* Begins a segment of b for bytes of the outbox or of the current event. counts: WSX_HEAD_. */
static void add_segment(wsx_outbox *box, wsx_block *b, const void *data, uint32_t size, uint32_t counts)
{
    wsx_segment *segments = (wsx_segment *)(uintptr_t)box->segments;
    uint32_t index = box->segments_used++;
    segments[index] = (wsx_segment){(uint64_t)(uintptr_t)data, size, b->slot, 0, counts};
    if (!(counts & WSX_HEAD_FIRST)) segments[b->cork].next = index;
    b->cork = index;
}

static bool full(const wsx_outbox *box, uint32_t bytes)
{
    return box->bytes_cap - box->bytes_used < bytes || box->segments_cap - box->segments_used < 2;
}

/*
 * The fast path of ws_send: inside a callback, on a plain server connection of
 * the same loop with nothing queued, the frame waits in the batch's outbox.
 * Claiming the bytes in block->out is what makes it visible to other threads.
 * False: the caller takes the way through Go, behind what is corked.
 */
static inline bool cork(wsx_dispatcher *d, wsx_block *b, const uint8_t *data, size_t size, int32_t type)
{
    wsx_outbox *box = d->outbox;
    if (b->loop != d->loop) return false;
    bool direct = size > COPY_MAX;
    if (direct) {
        if (size > DIRECT_MAX) {
            /* Sent at once from the caller's memory, if nothing of this connection waits. */
            if (atomic_load_explicit(&b->out, memory_order_relaxed) & WSX_OUT_CORKED) wsgo_flush(d->loop);
            return false;
        }
        if (data < d->data || size > d->size || data + size > d->data + d->size) return false;
    }
    if (type == WS_TEXT && !(d->message_type == WS_TEXT && data == d->data && size == d->size) && !ascii(data, size))
        return false; /* Go checks the UTF-8 */
    uint32_t header = size < 126 ? 2 : 4; /* RFC 6455 5.2: a server does not mask */
    if (size > UINT16_MAX) header = 10;
    /* The data of the whole event may go with a header right before it. */
    bool in_place = direct && d->room && data == d->data && size == d->size;
    uint32_t frame = header + (uint32_t)size, copied = in_place ? 0 : direct ? header : frame;
    if (full(box, copied)) {
        wsgo_flush(d->loop);
        if (full(box, copied)) return false;
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
    uint8_t *p = in_place ? (uint8_t *)data - header : (uint8_t *)(uintptr_t)box->bytes + box->bytes_used;
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
    uint32_t counts = WSX_HEAD_MESSAGE + (header - 2) / 2 * WSX_HEAD_PAIR, last = box->segments_used - 1;
    wsx_segment *end = (wsx_segment *)(uintptr_t)box->segments + last;
    if (in_place) {
        d->room = false;
        copied = frame;
    }
    if (!(out & WSX_OUT_CORKED)) {
        add_segment(box, b, p, copied, counts | WSX_HEAD_FIRST);
    } else if (b->cork == last && end->data + end->size == (uint64_t)(uintptr_t)p) {
        end->size += copied;
        end->head += counts;
    } else {
        add_segment(box, b, p, copied, counts);
    }
    if (direct) {
        if (!in_place) add_segment(box, b, data, (uint32_t)size, 0);
        box->claimed += size;
    }
    return true;
}

/* The block of handle when that is the connection whose callback runs, as it nearly always is. */
static inline wsx_block *current(const wsx_dispatcher *d, ws_handle handle)
{
    wsx_block *b = d->block;
    if (!b || !d->server || atomic_load_explicit(&b->handle, memory_order_acquire) != handle) return NULL;
    return atomic_load_explicit(&b->life, memory_order_relaxed) & WSX_LIFE_DEAD ? NULL : b;
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
 *   wait; WS_ERR_STATE: not open; WS_ERR_TOO_LARGE: over max_send_size;
 *   WS_ERR_MEMORY: the memory budget is used up; WS_ERR_PARAMETER;
 *   WS_ERR_HANDLE; WS_ERR_NO_CONNECTION: an accepted connection that has ended.
 * Threads: any; many threads may send on one handle at once.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_send(ws_handle handle, const void *data, size_t size, int32_t type, ws_callback completion,
                               void *user_data)
{
    WSX_ENTER();
    int32_t status;
    wsx_thread *self = wsx_self();
    wsx_dispatcher *d = self ? self->dispatcher : NULL;
    wsx_block *b = d ? current(d, handle) : NULL;
    if (!b && !(b = wsx_argument(handle, WSX_CONNECTION, "handle", &status))) return status;
    if (!data && size) return wsx_fail(WS_ERR_PARAMETER, "data: is NULL, size is %zu", size);
    if (type != WS_TEXT && type != WS_BINARY)
        return wsx_fail(WS_ERR_PARAMETER, "type: %d is neither WS_TEXT nor WS_BINARY", type);
    if (!completion && d && cork(d, b, data, size, type)) return WS_OK;
    return wsgo_send(handle, (uintptr_t)data, size, type, (uintptr_t)completion, (uintptr_t)user_data,
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
    return wsgo_ping(handle, (uintptr_t)data, size, wsx_error_buffer());
}
