/* SPDX-License-Identifier: Apache-2.0 */
/* queue.c - queues and streams: how they are made, found and freed. */
#include <stdlib.h>

#include "cancel.h"
#include "debug.h"
#include "queue.h"

enum { DEFAULT_BYTES = 16 << 20 };

static wsx_queue *all; /* every queue that was not destroyed; under wsx_mutex */

/* ---- by slot: the queue whose handle it is, or the stream of a handle ------------------- */

/* A slot is one or the other, and each has its own place, so that neither is ever taken for
 * the other. What is put into a place is complete before. */
typedef struct place {
    wsx_queue *_Atomic queue;   /* written under wsx_mutex */
    wsx_stream *_Atomic stream; /* from before the handle is known until its slot is released */
    wsx_bell bell;              /* of the queue */
    atomic_bool threaded;       /* the queue is: for callers that must not touch it */
} place;

/* Chunks; written under wsx_mutex; never unmapped. */
static place *_Atomic places[1u << (WSX_INDEX_BITS - WSX_CHUNK_BITS)];

/* NULL: nothing was ever put there. */
static place *place_of(uint32_t slot)
{
    place *chunk = atomic_load_explicit(&places[slot >> WSX_CHUNK_BITS], memory_order_acquire);
    return chunk ? &chunk[slot & ((1u << WSX_CHUNK_BITS) - 1)] : NULL;
}

/* NULL: memory ran out. wsx_mutex is not held. */
static place *need_place(uint32_t slot)
{
    place *_Atomic *chunk = &places[slot >> WSX_CHUNK_BITS];
    if (!atomic_load_explicit(chunk, memory_order_acquire)) {
        pthread_mutex_lock(&wsx_mutex);
        if (!atomic_load_explicit(chunk, memory_order_relaxed))
            atomic_store_explicit(chunk, calloc(1u << WSX_CHUNK_BITS, sizeof(place)), memory_order_release);
        pthread_mutex_unlock(&wsx_mutex);
    }
    return place_of(slot);
}

wsx_stream *wsx_stream_of(uint32_t slot)
{
    place *p = place_of(slot);
    return p ? atomic_load_explicit(&p->stream, memory_order_acquire) : NULL;
}

/* ---- queues ---------------------------------------------------------------------------- */

/* A slot with a place, or NULL. */
static wsx_block *take_slot(place **at)
{
    pthread_mutex_lock(&wsx_mutex);
    wsx_block *b = wsx_take_slot(WSX_KIND_QUEUE, 0);
    pthread_mutex_unlock(&wsx_mutex);
    if (!b || (*at = need_place(b->slot))) return b;
    pthread_mutex_lock(&wsx_mutex);
    wsx_give_slot(b);
    pthread_mutex_unlock(&wsx_mutex);
    return NULL;
}

wsx_queue *wsx_queue_make(const ws_queue_options *o, ws_handle *handle)
{
    place *p;
    wsx_queue *q = calloc(1, sizeof *q);
    wsx_block *b = q ? take_slot(&p) : NULL;
    if (!b) {
        free(q);
        wsx_fail(WS_ERR_MEMORY, "no handle is left, or no memory for it");
        return NULL;
    }
    *handle = b->handle;
    pthread_mutex_init(&q->mutex, NULL);
    q->references = 2; /* the handle's, the caller's */
    q->block = b;
    q->own.queue = q;
    q->own.block = b;
    q->bell = &p->bell;
    atomic_fetch_and(&p->bell, ~WSX_BELL_CALLED); /* for the slot's last owner */
    q->max_bytes = o->max_bytes ? (uint64_t)o->max_bytes : DEFAULT_BYTES;
    q->threaded = o->flags & WS_QUEUE_THREAD;
    q->gathers = o->flags & WS_QUEUE_GATHER;
    p->threaded = q->threaded;
    q->flag = WSX_NO_FLAG;
    pthread_mutex_lock(&wsx_mutex);
    q->next = all;
    q->link = &all;
    if (all) all->link = &q->next;
    all = q;
    atomic_store_explicit(&p->queue, q, memory_order_release);
    pthread_mutex_unlock(&wsx_mutex);
    return q;
}

wsx_queue *wsx_queue_find(ws_handle handle, int32_t *status)
{
    wsx_queue *q = NULL;
    pthread_mutex_lock(&wsx_mutex);
    wsx_block *b = wsx_argument(handle, WSX_QUEUE, "queue", status);
    place *p = b ? place_of(b->slot) : NULL;
    if (p && (q = atomic_load_explicit(&p->queue, memory_order_acquire))) atomic_fetch_add(&q->references, 1);
    else if (b) *status = wsx_fail(WS_ERR_HANDLE, "queue: is not ready yet");
    pthread_mutex_unlock(&wsx_mutex);
    return q;
}

int32_t wsx_queue_close(wsx_queue *q)
{
    pthread_mutex_lock(&q->mutex);
    bool closed = q->closed, busy = q->users || (q->dispatching && !q->threaded && !q->asleep);
    uint32_t users = q->users;
    if (!busy) q->closed = true;
    pthread_mutex_unlock(&q->mutex);
    if (!busy) wsx_ring(q->bell);
    if (closed) return wsx_fail(WS_ERR_HANDLE, "queue: was just destroyed by another thread");
    if (users)
        return wsx_fail(WS_ERR_BUSY, "queue: %u clients, servers, connections and posted functions still use it", users);
    if (busy) return wsx_fail(WS_ERR_BUSY, "queue: a thread is dispatching it");
    pthread_mutex_lock(&wsx_mutex);
    if ((*q->link = q->next)) q->next->link = q->link;
    atomic_store_explicit(&place_of(q->block->slot)->queue, NULL, memory_order_release);
    wsx_give_slot(q->block);
    pthread_mutex_unlock(&wsx_mutex);
    wsx_queue_drop(q);
    return WS_OK;
}

void wsx_queue_drop(wsx_queue *q)
{
    if (atomic_fetch_sub(&q->references, 1) > 1) return;
    wsx_free_nodes(q->polled.first);
    int before = wsx_cancel_state(WSX_CANCEL_NEVER); /* close is a point of cancellation */
    wsx_flag_close(&q->flag);
    wsx_cancel_state(before);
    pthread_mutex_destroy(&q->mutex);
    free(q);
}

/* The handle is all that it looks at, and what is never unmapped. A queue that has just taken the
 * slot would be woken for no reason, once. */
int32_t wsx_queue_wake(ws_handle handle)
{
    wsx_block *b = wsx_lookup(handle, WSX_QUEUE);
    place *p = b ? place_of(b->slot) : NULL;
    if (!p) return WS_ERR_HANDLE;
    if (p->threaded) return WS_ERR_STATE;
    wsx_call(&p->bell);
    return WS_OK;
}

static atomic_bool ended;

bool wsx_queues_ended(void)
{
    return ended;
}

void wsx_queues_end(void)
{
    if (atomic_exchange(&ended, true)) return;
    wsx_free_chunks();
    pthread_mutex_lock(&wsx_mutex);
    for (wsx_queue *q = all; q; q = q->next) wsx_ring(q->bell);
    pthread_mutex_unlock(&wsx_mutex);
}

bool wsx_queue_is_mine(const wsx_queue *q, const wsx_thread *self)
{
    const wsx_thread *owner = atomic_load(&q->owner);
    return !owner || owner == self;
}

size_t wsx_queues_ready(wsx_thread *self, const wsx_queue *only, wsx_queue **queues, size_t capacity)
{
    wsx_reap(); /* whose they were */
    size_t n = 0;
    pthread_mutex_lock(&wsx_mutex);
    for (wsx_queue *q = all; q && n < capacity; q = q->next) {
        if (q->threaded || (only && q != only)) continue;
        pthread_mutex_lock(&q->mutex);
        bool mine = q->ready_first && !q->dispatching && wsx_queue_is_mine(q, self);
        pthread_mutex_unlock(&q->mutex);
        if (!mine) continue;
        atomic_fetch_add(&q->references, 1);
        queues[n++] = q;
    }
    pthread_mutex_unlock(&wsx_mutex);
    return n;
}

wsx_queue *wsx_queue_of(const wsx_block *b, ws_handle handle)
{
    wsx_queue *q = NULL;
    pthread_mutex_lock(&wsx_mutex);
    if (b->handle == handle && atomic_load(&b->life) & WSX_LIFE_QUEUED) {
        q = wsx_stream_of(b->slot)->queue;
        atomic_fetch_add(&q->references, 1);
    }
    pthread_mutex_unlock(&wsx_mutex);
    return q;
}

void wsx_queue_thread_ends(wsx_thread *thread)
{
    wsx_gathering_ends(thread);
    pthread_mutex_lock(&wsx_mutex);
    for (wsx_queue *q = all; q; q = q->next) {
        wsx_thread *owner = thread;
        atomic_compare_exchange_strong(&q->owner, &owner, NULL);
    }
    pthread_mutex_unlock(&wsx_mutex);
    if (atomic_load(&wsx_waiters)) wsx_tell_work(NULL, NULL); /* what it has left is anybody's */
}

void wsx_queue_totals(uint64_t *events, uint64_t *bytes)
{
    *events = *bytes = 0;
    pthread_mutex_lock(&wsx_mutex);
    for (wsx_queue *q = all; q; q = q->next) {
        pthread_mutex_lock(&q->mutex);
        *events += q->undelivered_events;
        *bytes += q->undelivered_bytes;
        pthread_mutex_unlock(&q->mutex);
    }
    pthread_mutex_unlock(&wsx_mutex);
}

/* ---- streams ----------------------------------------------------------------------------- */

/* Makes the stream of b; q's reference goes to it. */
static bool join(wsx_block *b, wsx_queue *q)
{
    place *p = need_place(b->slot);
    wsx_stream *s = p ? calloc(1, sizeof *s) : NULL;
    bool closed = true;
    if (s) {
        s->queue = q;
        s->block = b;
        s->counted = true;
        pthread_mutex_lock(&q->mutex);
        if (!(closed = q->closed)) q->users++;
        pthread_mutex_unlock(&q->mutex);
    }
    if (closed) { /* or there is no memory */
        free(s);
        wsx_queue_drop(q);
        return false;
    }
    WSX_DEBUG(wsx_debug_joined(b));
    atomic_store_explicit(&p->stream, s, memory_order_release);
    atomic_fetch_or(&b->life, WSX_LIFE_QUEUED);
    return true;
}

bool wsx_queue_join(wsx_block *b, ws_handle queue)
{
    WSX_POINT("known");
    int32_t status;
    wsx_queue *q = wsx_queue_find(queue, &status);
    return q && join(b, q);
}

bool wsx_queue_inherit(wsx_block *b, wsx_block *server)
{
    if (!(atomic_load(&server->life) & WSX_LIFE_QUEUED)) return true;
    wsx_stream *s = wsx_stream_of(server->slot); /* the server lives at least as long as its connections */
    atomic_fetch_add(&s->queue->references, 1);
    return join(b, s->queue);
}

void wsx_queue_leave(wsx_block *b)
{
    if (!(atomic_load(&b->life) & WSX_LIFE_QUEUED)) return;
    wsx_stream *s = wsx_stream_of(b->slot);
    wsx_queue *q = s->queue;
    pthread_mutex_lock(&wsx_mutex); /* for wsx_queue_of */
    atomic_store_explicit(&place_of(b->slot)->stream, NULL, memory_order_release);
    atomic_fetch_and(&b->life, ~WSX_LIFE_QUEUED);
    pthread_mutex_unlock(&wsx_mutex);
    pthread_mutex_lock(&q->mutex);
    WSX_INVARIANT(s->place != WSX_STREAM_TAKEN); /* no dispatcher has the stream of a slot that is given back */
    WSX_INVARIANT(!s->waiting.first);            /* every event was delivered */
    wsx_stream_ends(q, s); /* no dispatcher has it: its last event was delivered, or there never was one */
    pthread_mutex_unlock(&q->mutex);
    free(s);
    wsx_queue_drop(q);
}

void wsx_stream_ends(wsx_queue *q, wsx_stream *s)
{
    if (s->counted && !--q->users && q->asleep) wsx_ring(q->bell); /* it may be the end of a shutdown */
    s->counted = false;
    q->undelivered_bytes -= s->held.bytes;
    q->undelivered_events -= s->held.events - s->held.marks;
    wsx_free_nodes(s->held.first);
    s->held = (wsx_line){0};
    if (s->link_full) {
        *s->link_full = s->next_full;
        if (s->next_full) s->next_full->link_full = s->link_full;
        s->link_full = NULL;
    }
}
