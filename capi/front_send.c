/* SPDX-License-Identifier: Apache-2.0 */
/** @section Sending
 * Messages, pieces of messages and pings, on clients and accepted connections.
 */
#include "dispatch.h"
#include "frame.h"
#include "front.h"
#include <libws/ws.h>

/* Bytes up to here are copied into the outbox; larger data of the current event is sent from where it lies. */
enum { COPY_MAX = 2048, DIRECT_MAX = 65536 };

/*
 * The fast path of ws_send: inside a callback, on a plain server connection of
 * the same loop with nothing queued, the frame waits in the batch's outbox.
 * Claiming the bytes in block->out is what makes it visible to other threads.
 * Whoever gets false takes the way through Go, behind what is corked.
 */

static inline bool full(const wsx_outbox *box, uint32_t bytes)
{
    return box->bytes_cap - box->bytes_used < bytes || box->segments_cap - box->segments_used < 2;
}

static void flush(wsx_thread *self)
{
    wsx_settle_claims(self);
    self->dispatcher->run.handle = 0;
    wsgo_flush(self->dispatcher->loop);
}

/* Room for bytes in the outbox, which is sent when it has none. */
static inline bool has_space(wsx_thread *self, wsx_dispatcher *d, uint32_t bytes)
{
    if (__builtin_expect(!full(d->outbox, bytes), 1)) return true;
    flush(self);
    return !full(d->outbox, bytes);
}

/* Whether frames may be corked for the connection, as far as flags say. */
static inline bool may_cork(uint64_t out)
{
    return (out & (WSX_OUT_OPEN | WSX_OUT_FAST | WSX_OUT_QUEUED)) == (WSX_OUT_OPEN | WSX_OUT_FAST);
}

/* Claims a frame; *before is what out was. */
static inline bool claim(wsx_thread *self, wsx_block *b, uint32_t frame, uint64_t *before)
{
    wsx_settle_claims(self);
    self->dispatcher->run.handle = 0;
    uint64_t out = atomic_load_explicit(&b->out, memory_order_acquire);
    uint64_t limit = atomic_load_explicit(&b->limit, memory_order_relaxed);
    do {
        uint64_t buffered = out & WSX_OUT_BYTES;
        if (!may_cork(out)) return false;
        if (buffered && buffered + frame > limit) return false;
    } while (!atomic_compare_exchange_weak(&b->out, &out, (out | WSX_OUT_CORKED) + frame));
    self->owed_to = b;
    *before = out;
    return true;
}

/* Adds bytes for b to the outbox's segments, to its last one when they follow it. before: of
 * claim, for the first bytes of a frame; counts: WSX_HEAD_. */
static inline void add_segment(wsx_outbox *box, wsx_block *b, const void *data, uint32_t size, uint64_t before,
                               uint32_t counts)
{
    wsx_segment *segments = (wsx_segment *)(uintptr_t)box->segments, *end = &segments[box->segments_used - 1];
    bool first = !(before & WSX_OUT_CORKED);
    if (!first && b->cork == box->segments_used - 1 && end->data + end->size == (uint64_t)(uintptr_t)data) {
        end->size += size;
        end->head += counts;
        return;
    }
    uint32_t index = box->segments_used++;
    segments[index] = (wsx_segment){(uint64_t)(uintptr_t)data, size, b->slot, 0,
                                    first ? counts | WSX_HEAD_FIRST : counts};
    if (!first) segments[b->cork].next = index;
    b->cork = index;
}

static inline bool good_text(const wsx_dispatcher *d, const void *data, size_t size)
{
    /* What came as text is text; Go checks the UTF-8 of all else. */
    return (d->message_type == WS_TEXT && data == d->data && size == d->size) || wsx_ascii(data, size);
}

static inline uint32_t counts_of(uint32_t header)
{
    return WSX_HEAD_MESSAGE + (header - 2) / 2 * WSX_HEAD_PAIR;
}

/* Larger data is not copied: that of the current event is sent from where it lies. */
static __attribute__((noinline)) bool cork_large(wsx_thread *self, wsx_dispatcher *d, wsx_block *b, const uint8_t *data,
                                                 size_t size, int32_t type)
{
    if (size > DIRECT_MAX) {
        /* Sent at once from the caller's memory, if nothing of this connection waits. */
        if (atomic_load_explicit(&b->out, memory_order_relaxed) & WSX_OUT_CORKED) flush(self);
        return false;
    }
    if (data < d->data || size > d->size || data + size > d->data + d->size) return false;
    if (type == WS_TEXT && !good_text(d, data, size)) return false;
    /* The whole event goes with its header in place of the one it came with. */
    bool in_place = d->headroom && data == d->data && size == d->size;
    uint32_t header = wsx_header_size(size), frame = header + (uint32_t)size;
    uint64_t before;
    if (!has_space(self, d, header)) return false;
    if (!wsx_claim(size)) return false; /* what the kernel does not take will be copied */
    if (!claim(self, b, frame, &before)) {
        wsx_count(-(int64_t)size);
        return false;
    }
    wsx_outbox *box = d->outbox;
    box->claimed += size;
    if (in_place) {
        d->headroom = false;
        wsx_write_header((uint8_t *)data - header, size, type);
        add_segment(box, b, data - header, frame, before, counts_of(header));
        return true;
    }
    uint8_t *p = (uint8_t *)(uintptr_t)box->bytes + box->bytes_used;
    wsx_write_header(p, size, type);
    box->bytes_used += header;
    add_segment(box, b, p, header, before, counts_of(header));
    add_segment(box, b, data, (uint32_t)size, WSX_OUT_CORKED, 0);
    return true;
}

/* So much may be owed. */
enum { OWED_MOST = 8192 };

/* The frame of so many bytes that was just added for the connection whose callback runs begins a run. before: of claim. */
static inline void begin_run(wsx_dispatcher *d, uint64_t before, uint32_t frame)
{
    wsx_outbox *box = d->outbox;
    uint64_t buffered = (before & WSX_OUT_BYTES) + frame;
    uint64_t limit = atomic_load_explicit(&d->block->limit, memory_order_relaxed); /* what it is while it is open */
    uint64_t room = limit > buffered ? limit - buffered : 0;
    uint32_t spare = box->bytes_cap - box->bytes_used;
    if (room > spare) room = spare;
    d->run.segment = (wsx_segment *)(uintptr_t)box->segments + d->block->cork;
    d->run.until = box->bytes_used + (room > OWED_MOST ? OWED_MOST : (uint32_t)room);
    d->run.handle = atomic_load_explicit(&d->block->handle, memory_order_relaxed);
}

static inline __attribute__((always_inline)) bool cork(wsx_thread *self, wsx_dispatcher *d, wsx_block *b, const void *data,
                                                       size_t size, int32_t type)
{
    /* Only this thread gives slots to connections of this loop that may cork, and takes them back: what
     * is so now stays so until the callback returns, also when another thread has just ended the handle. */
    if (atomic_load_explicit(&b->loop, memory_order_relaxed) != d->loop) return false;
    if (size > COPY_MAX) return cork_large(self, d, b, data, size, type);
    if (type == WS_TEXT && !good_text(d, data, size)) return false;
    uint32_t header = wsx_header_size(size), frame = header + (uint32_t)size;
    uint64_t before;
    if (!may_cork(atomic_load_explicit(&b->out, memory_order_relaxed)) || !has_space(self, d, frame)) return false;
    wsx_outbox *box = d->outbox;
    uint8_t *p = (uint8_t *)(uintptr_t)box->bytes + box->bytes_used;
    /* Copied before it is claimed: a fault in data leaves nothing half done. */
    wsx_write_header(p, size, type);
    if (size) memcpy(p + header, data, size);
    if (!claim(self, b, frame, &before)) return false;
    box->bytes_used += frame;
    add_segment(box, b, p, frame, before, counts_of(header));
    if (b == d->block) begin_run(d, before, frame);
    return true;
}

/* cork for what nearly all messages of a run are: one more of the connection whose callback runs, where the last one
 * ends. Behind the first one of a connection nobody else sends before what is corked, so a look is enough: who comes
 * between that and the frame calls at the same time, and no order is promised. Its bytes are counted when the run of
 * callbacks ends, or this thread looks at them. False: it did nothing. */
static inline bool cork_behind(wsx_thread *self, wsx_dispatcher *d, const void *data, size_t size, int32_t type)
{
    if (size > COPY_MAX) return false;
    wsx_block *b = d->block;
    wsx_outbox *box = d->outbox;
    uint32_t header = wsx_header_size(size), frame = header + (uint32_t)size, used = box->bytes_used;
    if (used + frame > d->run.until) return false;
    if (atomic_load_explicit(&b->life, memory_order_relaxed) & WSX_LIFE_DEAD) return false;
    if ((atomic_load_explicit(&b->out, memory_order_acquire) & (WSX_OUT_OPEN | WSX_OUT_FAST | WSX_OUT_QUEUED |
                                                               WSX_OUT_CORKED)) !=
        (WSX_OUT_OPEN | WSX_OUT_FAST | WSX_OUT_CORKED))
        return false;
    if (type == WS_TEXT && !good_text(d, data, size)) return false;
    uint8_t *p = (uint8_t *)(uintptr_t)box->bytes + used;
    wsx_write_header(p, size, type);
    memcpy(p + header, size ? data : "", size);
    self->owed += frame;
    box->bytes_used = used + frame;
    d->run.segment->size += frame;
    d->run.segment->head += counts_of(header);
    return true;
}

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
    if (!completion && d && !is_current(d, handle) && cork(self, d, b, data, size, type)) return WS_OK;
    bool gathers = d ? d->queue != NULL : self && self->gathers;
    if (!completion && size <= WSX_DIRECT_MAX && wsx_send_direct(b, handle, data, size, type, gathers, &status))
        return status;
    if (gathers) return wsx_send_by_queue(self, handle, data, size, type, completion, user_data);
    bool inside = d && d->loop && atomic_load_explicit(&b->loop, memory_order_relaxed) == d->loop;
    return wsgo_send(handle, (uintptr_t)data, size, type, inside, (uintptr_t)completion, (uintptr_t)user_data,
                     wsx_error_buffer());
}

/* ws_send of the connection whose callback runs, without a completion. */
static __attribute__((noinline)) int32_t send_current(ws_handle handle, const void *data, size_t size, int32_t type)
{
    wsx_thread *self = wsx_this_thread;
    wsx_dispatcher *d = self->dispatcher;
    if (cork(self, d, d->block, data, size, type)) return WS_OK;
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
        if (handle && d->run.handle == handle && cork_behind(self, d, data, size, type)) return WS_OK;
        if (is_current(d, handle)) return send_current(handle, data, size, type);
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
