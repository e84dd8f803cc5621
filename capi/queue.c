/* SPDX-License-Identifier: Apache-2.0 */
/* queue.c - queues and streams: how they are made, found and freed. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/eventfd.h>
#endif

#include "queue.h"

enum { DEFAULT_BYTES = 16 << 20 };

static wsx_queue *all; /* every queue that was not destroyed; under wsx_mutex */

/* ---- by slot: the stream of a handle, or the queue whose handle it is ---------------- */

typedef void *_Atomic link_chunk[1u << WSX_CHUNK_BITS];
static link_chunk *_Atomic links[1u << (WSX_INDEX_BITS - WSX_CHUNK_BITS)]; /* grows under wsx_mutex; never unmapped */

static void *link_of(uint32_t slot)
{
    link_chunk *chunk = atomic_load_explicit(&links[slot >> WSX_CHUNK_BITS], memory_order_acquire);
    return chunk ? atomic_load_explicit(&(*chunk)[slot & ((1u << WSX_CHUNK_BITS) - 1)], memory_order_acquire) : NULL;
}

wsx_stream *wsx_stream_of(uint32_t slot)
{
    return link_of(slot);
}

/* False when memory ran out, which it does not for NULL. */
static bool set_link(uint32_t slot, void *to)
{
    link_chunk *chunk = atomic_load_explicit(&links[slot >> WSX_CHUNK_BITS], memory_order_acquire);
    if (!chunk && !to) return true;
    if (!chunk) {
        pthread_mutex_lock(&wsx_mutex);
        chunk = atomic_load_explicit(&links[slot >> WSX_CHUNK_BITS], memory_order_acquire);
        if (!chunk && (chunk = calloc(1, sizeof *chunk)))
            atomic_store_explicit(&links[slot >> WSX_CHUNK_BITS], chunk, memory_order_release);
        pthread_mutex_unlock(&wsx_mutex);
        if (!chunk) return false;
    }
    atomic_store_explicit(&(*chunk)[slot & ((1u << WSX_CHUNK_BITS) - 1)], to, memory_order_release);
    return true;
}

/* ---- queues ---------------------------------------------------------------------------- */

ws_handle wsx_queue_make(const ws_queue_options *o)
{
    wsx_queue *q = calloc(1, sizeof *q);
    wsx_block *b = q ? wsx_acquire(WSX_KIND_QUEUE, 0) : NULL;
    if (!b || !set_link(b->slot, q)) {
        if (b) wsx_release(b);
        free(q);
        wsx_fail(WS_ERR_MEMORY, "no handle is left, or no memory for it");
        return 0;
    }
    ws_handle handle = b->handle;
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&q->filled, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&q->mutex, NULL);
    q->references = 1;
    q->block = b;
    q->max_bytes = o->max_bytes ? (uint64_t)o->max_bytes : DEFAULT_BYTES;
    q->threaded = o->flags & WS_QUEUE_THREAD;
    q->fd = q->write_fd = -1;
    pthread_mutex_lock(&wsx_mutex);
    q->next = all;
    q->link = &all;
    if (all) all->link = &q->next;
    all = q;
    pthread_mutex_unlock(&wsx_mutex);
    if (q->threaded) {
        atomic_fetch_add(&q->references, 1);
        int error = wsx_queue_start_thread(q);
        if (error) {
            wsx_queue_drop(q);
            wsx_queue_close(q);
            wsx_fail(WS_ERR_UNKNOWN, "starting a thread for the queue: %s", strerror(error));
            return 0;
        }
    }
    return handle;
}

wsx_queue *wsx_queue_hold(ws_handle handle, int32_t *status)
{
    wsx_queue *q = NULL;
    pthread_mutex_lock(&wsx_mutex);
    wsx_block *b = wsx_argument(handle, WSX_QUEUE, "queue", status);
    if (b && (q = link_of(b->slot))) atomic_fetch_add(&q->references, 1);
    else if (b) *status = wsx_fail(WS_ERR_HANDLE, "queue: is not ready yet");
    pthread_mutex_unlock(&wsx_mutex);
    return q;
}

int32_t wsx_queue_close(wsx_queue *q)
{
    pthread_mutex_lock(&q->mutex);
    bool closed = q->closed, busy = q->users || (q->dispatching && !q->threaded);
    uint32_t users = q->users;
    if (!busy) q->closed = true;
    pthread_cond_broadcast(&q->filled);
    pthread_mutex_unlock(&q->mutex);
    if (closed) return wsx_fail(WS_ERR_HANDLE, "queue: was just destroyed by another thread");
    if (users) return wsx_fail(WS_ERR_BUSY, "queue: %u clients, servers and connections still use it", users);
    if (busy) return wsx_fail(WS_ERR_BUSY, "queue: a thread is dispatching it");
    pthread_mutex_lock(&wsx_mutex);
    if ((*q->link = q->next)) q->next->link = q->link;
    set_link(q->block->slot, NULL);
    pthread_mutex_unlock(&wsx_mutex);
    wsx_release(q->block);
    wsx_queue_drop(q);
    return WS_OK;
}

/* Out of the numbers 0 to 2, which are the host's also when it has closed them; see core/fd. */
static int raised(int fd)
{
    if (fd < 0 || fd > 2) return fd;
    int high = fcntl(fd, F_DUPFD_CLOEXEC, 3), error = errno;
    close(fd);
    errno = error;
    return high;
}

int32_t wsx_queue_descriptor(wsx_queue *q, int32_t *fd)
{
    int ends[2] = {-1, -1};
    pthread_mutex_lock(&q->mutex);
    if (q->fd < 0) {
#if defined(__linux__)
        ends[0] = ends[1] = raised(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
#else
        if (!pipe(ends))
            for (int i = 0; i < 2; i++) {
                ends[i] = raised(ends[i]);
                fcntl(ends[i], F_SETFD, FD_CLOEXEC);
                fcntl(ends[i], F_SETFL, O_NONBLOCK);
            }
#endif
        q->fd = ends[0];
        q->write_fd = ends[1];
        wsx_settle_fd(q);
    }
    int error = errno, made = q->fd;
    pthread_mutex_unlock(&q->mutex);
    if (made < 0) return wsx_fail(WS_ERR_UNKNOWN, "making a descriptor for the queue: %s", strerror(error));
    *fd = made;
    return WS_OK;
}

void wsx_queue_drop(wsx_queue *q)
{
    if (atomic_fetch_sub(&q->references, 1) > 1) return;
    wsx_free_nodes(q->polled.first);
    if (q->fd >= 0) close(q->fd);
    if (q->write_fd != q->fd) close(q->write_fd);
    pthread_cond_destroy(&q->filled);
    pthread_mutex_destroy(&q->mutex);
    free(q);
}

size_t wsx_queues_of(wsx_thread *self, wsx_queue **queues, size_t capacity, bool *others)
{
    size_t n = 0;
    *others = false;
    pthread_mutex_lock(&wsx_mutex);
    for (wsx_queue *q = all; q; q = q->next) {
        if (q->threaded) continue;
        wsx_thread *owner = atomic_load(&q->owner);
        pthread_mutex_lock(&q->mutex);
        bool mine = q->users && !q->dispatching && (!owner || owner == self) && n < capacity;
        if (q->users && !mine) *others = true;
        pthread_mutex_unlock(&q->mutex);
        if (!mine) continue;
        atomic_fetch_add(&q->references, 1);
        queues[n++] = q;
    }
    pthread_mutex_unlock(&wsx_mutex);
    return n;
}

void wsx_queue_thread_ends(wsx_thread *thread)
{
    pthread_mutex_lock(&wsx_mutex);
    for (wsx_queue *q = all; q; q = q->next) {
        wsx_thread *owner = thread;
        atomic_compare_exchange_strong(&q->owner, &owner, NULL);
    }
    pthread_mutex_unlock(&wsx_mutex);
}

void wsx_queue_totals(uint64_t *events, uint64_t *bytes)
{
    *events = *bytes = 0;
    pthread_mutex_lock(&wsx_mutex);
    for (wsx_queue *q = all; q; q = q->next) {
        pthread_mutex_lock(&q->mutex);
        *events += q->untold_events;
        *bytes += q->untold_bytes;
        pthread_mutex_unlock(&q->mutex);
    }
    pthread_mutex_unlock(&wsx_mutex);
}

/* ---- streams ----------------------------------------------------------------------------- */

/* Makes the stream of b; q's reference goes to it. */
static bool join(wsx_block *b, wsx_queue *q)
{
    wsx_stream *s = calloc(1, sizeof *s);
    if (!s || !set_link(b->slot, s)) {
        free(s);
        wsx_queue_drop(q);
        return false;
    }
    s->queue = q;
    s->block = b;
    s->counted = true;
    pthread_mutex_lock(&q->mutex);
    bool closed = q->closed;
    if (!closed) q->users++;
    pthread_mutex_unlock(&q->mutex);
    if (closed) {
        set_link(b->slot, NULL);
        free(s);
        wsx_queue_drop(q);
        return false;
    }
    atomic_fetch_or(&b->life, WSX_LIFE_QUEUED);
    return true;
}

bool wsx_queue_join(wsx_block *b, ws_handle queue)
{
    int32_t status;
    wsx_queue *q = wsx_queue_hold(queue, &status);
    return q && join(b, q);
}

bool wsx_queue_inherit(wsx_block *b, wsx_block *server)
{
    if (!(atomic_load(&server->life) & WSX_LIFE_QUEUED)) return true;
    wsx_stream *s = link_of(server->slot); /* the server lives at least as long as its connections */
    atomic_fetch_add(&s->queue->references, 1);
    return join(b, s->queue);
}

void wsx_queue_leave(wsx_block *b)
{
    if (!(atomic_load(&b->life) & WSX_LIFE_QUEUED)) return;
    wsx_stream *s = link_of(b->slot);
    wsx_queue *q = s->queue;
    set_link(b->slot, NULL);
    atomic_fetch_and(&b->life, ~WSX_LIFE_QUEUED);
    pthread_mutex_lock(&q->mutex);
    wsx_stream_ends(q, s);
    pthread_mutex_unlock(&q->mutex);
    free(s);
    wsx_queue_drop(q);
}

void wsx_stream_ends(wsx_queue *q, wsx_stream *s)
{
    if (s->counted) q->users--;
    s->counted = false;
    q->untold_bytes -= s->held.bytes;
    q->untold_events -= s->held.events - s->held.marks;
    wsx_free_nodes(s->held.first);
    s->held = (wsx_line){0};
    if (s->link_full) {
        *s->link_full = s->next_full;
        if (s->next_full) s->next_full->link_full = s->link_full;
        s->link_full = NULL;
    }
}
