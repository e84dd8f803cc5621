/* SPDX-License-Identifier: Apache-2.0 */
/*
 * direct.c - short messages that a thread of the host writes itself, because entering Go
 * would cost more than all else. core/send_direct.go has the rules.
 */
#include <errno.h>
#include <stdlib.h>

#include "exports.h"
#include "frame.h"
#include "handle.h"

#if defined(__linux__)

#include <sys/random.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CHUNK (1u << WSX_CHUNK_BITS)

static wsx_lane *_Atomic lanes[1u << (WSX_INDEX_BITS - WSX_CHUNK_BITS)]; /* by slot; written under wsx_mutex */

wsx_lane *wsx_lane_of(uint32_t slot)
{
    wsx_lane *_Atomic *place = &lanes[slot >> WSX_CHUNK_BITS];
    wsx_lane *chunk = atomic_load_explicit(place, memory_order_acquire);
    if (!chunk) {
        pthread_mutex_lock(&wsx_mutex);
        chunk = atomic_load_explicit(place, memory_order_relaxed);
        if (!chunk && (chunk = calloc(CHUNK, sizeof *chunk))) atomic_store_explicit(place, chunk, memory_order_release);
        pthread_mutex_unlock(&wsx_mutex);
        if (!chunk) return NULL;
    }
    return &chunk[slot & (CHUNK - 1)];
}

/* A fresh mask that nobody can predict (RFC 6455 10.3). False: the system has none now. */
static bool next_mask(wsx_thread *self, uint32_t *mask)
{
    if (!self->masks_left) {
        long n = syscall(SYS_getrandom, self->masks, sizeof self->masks, GRND_NONBLOCK); /* as in write_frame */
        if (n < (long)sizeof *self->masks) return false;
        self->masks_left = (uint32_t)((size_t)n / sizeof *self->masks);
    }
    *mask = self->masks[--self->masks_left];
    return true;
}

/* RFC 6455 5.3 */
static void copy_masked(uint8_t *to, const uint8_t *from, size_t size, uint32_t mask)
{
    uint64_t wide = (uint64_t)mask << 32 | mask, word;
    size_t i = 0;
    for (; i + 8 <= size; i += 8) {
        memcpy(&word, from + i, 8);
        word ^= wide;
        memcpy(to + i, &word, 8);
    }
    for (; i < size; i++) to[i] = from[i] ^ ((const uint8_t *)&mask)[i & 3];
}

/* Not send(), which is a point of cancellation: a claim must not outlive its thread. */
static int64_t write_frame(int32_t descriptor, const uint8_t *frame, size_t size)
{
    int64_t n;
    do {
        n = syscall(SYS_sendto, descriptor, frame, size, MSG_DONTWAIT | MSG_NOSIGNAL, NULL, 0);
    } while (n < 0 && errno == EINTR);
    return n;
}

/* Counts a message. Only the thread that has the claim changes the figures. */
static void count(wsx_lane *lane, size_t size)
{
    uint64_t messages = atomic_load_explicit(&lane->messages, memory_order_relaxed);
    uint64_t bytes = atomic_load_explicit(&lane->bytes, memory_order_relaxed);
    atomic_store_explicit(&lane->messages, messages + 1, memory_order_relaxed);
    atomic_store_explicit(&lane->bytes, bytes + size, memory_order_relaxed);
}

bool wsx_send_direct(wsx_block *b, ws_handle handle, const void *data, size_t size, int32_t type, int32_t *status)
{
    uint64_t out = atomic_load_explicit(&b->out, memory_order_acquire);
    if ((out & ~(WSX_OUT_FAST | WSX_OUT_SPOKE)) != (WSX_OUT_OPEN | WSX_OUT_DIRECT)) return false;
    wsx_thread *self = wsx_this_thread;
    bool client = WSX_KIND(handle) == WSX_KIND_CLIENT;
    uint32_t mask, header = wsx_header_size(size) + (client ? 4 : 0), whole = header + (uint32_t)size;
    if (!self || (type == WS_TEXT && !wsx_ascii(data, size))) return false;
    if (atomic_load_explicit(&wsx_memory.used, memory_order_relaxed) + whole >
        atomic_load_explicit(&wsx_memory.budget, memory_order_relaxed))
        return false;
    uint8_t frame[14 + WSX_DIRECT_MAX];
    int before = errno;
    wsx_write_header(frame, size, type);
    if (client) {
        if (!next_mask(self, &mask)) {
            errno = before;
            return false;
        }
        frame[1] |= 0x80;
        memcpy(frame + header - 4, &mask, 4);
        copy_masked(frame + header, data, size, mask);
    } else if (size) {
        memcpy(frame + header, data, size);
    }
    uint64_t claimed = (out | WSX_OUT_QUEUED | WSX_OUT_SENDING | WSX_OUT_SPOKE) + whole;
    if (!atomic_compare_exchange_strong(&b->out, &out, claimed)) return false;
    wsx_lane *lane = wsx_lane_of(b->slot);
    /* While a thread has the claim the block does not go to another handle; it may have before. */
    ws_handle owner = atomic_load_explicit(&b->handle, memory_order_acquire);
    uint32_t epoch = atomic_load_explicit(&lane->epoch, memory_order_relaxed);
    int64_t sent = whole;
    if (owner == handle) {
        sent = write_frame(atomic_load_explicit(&lane->descriptor, memory_order_relaxed), frame, whole);
        count(lane, size);
    }
    int32_t failed = sent < 0 ? errno : 0;
    errno = before;
    *status = WS_OK;
    uint64_t unclaimed = (claimed - whole) & ~(WSX_OUT_QUEUED | WSX_OUT_SENDING);
    if (sent != whole || !atomic_compare_exchange_strong(&b->out, &claimed, unclaimed)) {
        atomic_fetch_or(&b->out, WSX_OUT_HANDING);
        *status = wsgo_sent(owner, epoch, (uintptr_t)frame, whole, sent, failed, &self->error);
    }
    return owner == handle;
}

#else

wsx_lane *wsx_lane_of(uint32_t slot)
{
    (void)slot;
    return NULL;
}

bool wsx_send_direct(wsx_block *b, ws_handle handle, const void *data, size_t size, int32_t type, int32_t *status)
{
    (void)b, (void)handle, (void)data, (void)size, (void)type, (void)status;
    return false;
}

#endif
