/* SPDX-License-Identifier: Apache-2.0 */
/*
 * queue_dispatch.c - delivers what waits in a queue, on the thread that asks for it.
 *
 * The rules of what may be delivered are those of dispatch.c.
 */
#define _GNU_SOURCE
#include <stdlib.h>

#include "cancel.h"
#include "clock.h"
#include "debug.h"
#include "exports.h"
#include "queue.h"

/* Events of one stream before the next one has its turn. Bytes that may be freed before the
 * budget has them back. */
enum { TURN = 16, AT_ONCE = 16, FREED = 64 << 10 };
/* How long what callbacks have sent waits for other callbacks. */
enum { GATHER_NS = 1000000 };

/* A dispatcher at work, on its stack: what has to be put right when its thread ends in a callback
 * or while it waits, by pthread_cancel or pthread_exit. */
typedef struct work {
    wsx_queue *q;
    wsx_thread *self;
    int cancellation;  /* the host's, for callbacks and waits */
    wsx_dispatcher d;
    wsx_stream *taken; /* not given back yet; NULL: none */
    wsx_line line;     /* what was taken off it and is not delivered */
    wsx_node *current; /* whose callbacks run; NULL: none */
    uint64_t ended;    /* the handle whose last event was delivered, until core knows */
    uint64_t freed;    /* bytes that the budget has not back yet */
    wsx_chunk *chunk;  /* of what was delivered last; NULL: none ... */
    uint64_t spent;    /* ... and how many of it were delivered that it still counts */
    int64_t gathered;  /* since when callbacks have gathered, about; 0: they have not */
} work;

/* ---- entering, waiting and leaving: mutex held ------------------------------------------- */

static int32_t enter(wsx_queue *q, wsx_thread *self, bool of_others)
{
    if (!self) {
        wsx_fail(WS_ERR_MEMORY, "no memory for the state of this thread");
        return WS_ERR_MEMORY;
    }
    if (self->dispatcher)
        return wsx_fail(WS_ERR_IN_CALLBACK, "a callback cannot dispatch a queue: callbacks do not recurse");
    if (q->dispatching) return wsx_fail(WS_ERR_BUSY, "queue: another thread is dispatching it");
    if (q->closed) return wsx_fail(WS_ERR_HANDLE, "queue: was just destroyed by another thread");
    if (!of_others && !wsx_queue_is_mine(q, self)) /* it may look at what it has polled */
        return wsx_fail(WS_ERR_BUSY, "queue: another thread has dispatched it last");
    q->dispatching = true;
    atomic_store(&q->owner, self);
    self->ends = wsx_queue_thread_ends;
    return WS_OK;
}

static void leave(wsx_queue *q)
{
    q->dispatching = false;
    wsx_settle_fd(q);
}

/* When a wait is over, in ns; -1: never. */
static int64_t deadline(int64_t timeout_ms)
{
    return timeout_ms < 0 ? -1 : timeout_ms ? wsx_now() + timeout_ms * 1000000 : 0;
}

/* Waits for a ready stream. WS_OK without one: the time is over, ws_queue_wake was called, or
 * the queue was destroyed. */
static int32_t await(work *w, int64_t end)
{
    wsx_queue *q = w->q;
    while (!q->ready_first && !q->closed) {
        uint32_t seen = atomic_load(q->bell); /* before all that somebody may ring for */
        int64_t left = end < 0 ? -1 : end ? end - wsx_now() : 0;
        if (!end) return WS_OK;
        if (wsx_queues_ended() && !q->users)
            return wsx_fail(WS_ERR_SHUTDOWN, "queue: the library was shut down, and all events were delivered");
        if (end >= 0 && left <= 0) return WS_OK;
        if (seen & WSX_BELL_CALLED) {
            atomic_fetch_and(q->bell, ~WSX_BELL_CALLED);
            return WS_OK;
        }
        q->asleep = q->waiting = true;
        pthread_mutex_unlock(&q->mutex);
        wsx_await_bell(q->bell, seen, left, w->cancellation);
        pthread_mutex_lock(&q->mutex);
        q->asleep = q->waiting = false;
    }
    return WS_OK;
}

/* Lets core read the connections whose line is no longer full. The mutex is given up meanwhile. */
static void read_again(wsx_queue *q)
{
    uint64_t handles[AT_ONCE];
    size_t n;
    while (q->full && (n = wsx_no_longer_full(q, handles, AT_ONCE))) {
        pthread_mutex_unlock(&q->mutex);
        for (size_t i = 0; i < n; i++) wsgo_queue_not_full(handles[i]);
        pthread_mutex_lock(&q->mutex);
    }
}

/* ---- ws_queue_dispatch ----------------------------------------------------------------------- */

static void leave_chunk(work *w)
{
    if (w->chunk) wsx_leave_chunk(w->chunk, w->spent);
    w->chunk = NULL;
    w->spent = 0;
}

/* Frees what was delivered, as wsx_free_node, but the budget and its chunk learn later of many at once. */
static inline void discard(work *w, wsx_node *n)
{
    w->freed += wsx_cost(&n->record);
    if (n->chunk != w->chunk) leave_chunk(w);
    w->chunk = n->chunk;
    if (n->chunk) w->spent++;
    else free(n);
}

/* Delivers what was taken, without the mutex. The line keeps what a pause stopped. Returns how
 * many events were delivered. */
static size_t deliver(work *w)
{
    size_t delivered = 0;
    wsx_queue *q = w->q;
    wsx_block *b = w->taken->block;
    wsx_line *line = &w->line;
    wsx_cancel_state(w->cancellation); /* nothing but callbacks is a point of cancellation here */
    while (line->first && (wsx_passes_pause(&line->first->record) || !wsx_paused(b))) {
        wsx_node *n = w->current = wsx_shift(line);
        WSX_DEBUG(wsx_debug_check_stream(b));
        if (n->record.type == WSX_MARK) {
            w->current = NULL;
            wsgo_queue_mark(atomic_load_explicit(&b->handle, memory_order_relaxed));
            wsx_free_node(n);
            continue;
        }
        if (n->record.type == WS_EVENT_DESTROYED) {
            w->ended = atomic_load_explicit(&b->handle, memory_order_relaxed);
            pthread_mutex_lock(&q->mutex);
            wsx_stream_ends(q, w->taken); /* first: a listener may destroy the queue */
            pthread_mutex_unlock(&q->mutex);
        }
        bool posted = w->taken == &q->own;
        if (posted) wsx_queue_uses(q, false); /* as above */
        if (!wsx_cut_off(b, &n->record)) delivered += wsx_deliver(&w->d, b, &n->record);
        w->current = NULL;
        if (posted) wsgo_post_done();
        discard(w, n);
        if (w->freed >= FREED) {
            wsx_count(-(int64_t)w->freed);
            w->freed = 0;
        }
    }
    wsx_cancel_state(WSX_CANCEL_NEVER);
    return delivered;
}

/* Ends a turn: the stream stands in line again, and core knows what was delivered. The mutex is held,
 * and given up meanwhile. */
static void turn_ends(work *w)
{
    wsx_queue *q = w->q;
    uint64_t ended = w->ended;
    WSX_DEBUG(pthread_mutex_unlock(&q->mutex); WSX_POINT("back"); pthread_mutex_lock(&q->mutex));
    wsx_give_back(q, w->taken, &w->line);
    w->taken = NULL;
    w->ended = 0;
    if (ended) {
        pthread_mutex_unlock(&q->mutex);
        WSX_POINT("ended");
        wsgo_queue_ended(ended); /* the stream may be gone from here on */
        pthread_mutex_lock(&q->mutex);
    }
    read_again(q);
}

/* What follows the callbacks of a run of events; without the mutex. */
static void run_ends(work *w)
{
    leave_chunk(w);
    if (w->freed) wsx_count(-(int64_t)w->freed);
    w->freed = 0;
    wsx_delivered(&w->d);
}

static bool has_gathered(const wsx_thread *self)
{
    return (self->gathered && self->gathered->segments_used > 1) || wsx_holds(self);
}

/* What callbacks have sent does not wait for those of many others; without the mutex. */
static void send_late(work *w)
{
    int64_t now = has_gathered(w->self) ? wsx_now() : 0;
    if (!now || !w->gathered) {
        w->gathered = now;
    } else if (now - w->gathered >= GATHER_NS) {
        wsx_send_gathered(w->self);
        w->gathered = 0;
    }
}

/* Sends what is left of it; the mutex is given up meanwhile. */
static void send_rest(work *w)
{
    if (!has_gathered(w->self)) return;
    pthread_mutex_unlock(&w->q->mutex);
    wsx_send_gathered(w->self);
    pthread_mutex_lock(&w->q->mutex);
    w->gathered = 0;
}

/* Takes one turn; the mutex is given up meanwhile. */
static size_t turn(work *w, uint64_t *most)
{
    wsx_queue *q = w->q;
    WSX_DEBUG(pthread_mutex_unlock(&q->mutex); WSX_POINT("take"); pthread_mutex_lock(&q->mutex));
    w->taken = wsx_take(q, *most < TURN ? *most : TURN, &w->line);
    size_t delivered = 0;
    uint64_t taken = w->line.events;
    if (taken) {
        pthread_mutex_unlock(&q->mutex);
        delivered = deliver(w);
        run_ends(w);
        send_late(w);
        pthread_mutex_lock(&q->mutex);
        *most -= taken - w->line.events;
    }
    turn_ends(w);
    return delivered;
}

/* The thread ends in a callback, or in its wait: the event counts as delivered, and all else waits for
 * the next dispatcher. Without the mutex. */
static void abandon(void *at_work)
{
    work *w = at_work;
    wsx_queue *q = w->q;
    if (w->current) {
        wsx_event_ends(w->taken->block, &w->current->record);
        if (w->taken == &q->own) wsgo_post_done();
        discard(w, w->current);
    }
    run_ends(w);
    wsx_send_gathered(w->self);
    w->self->dispatcher = NULL;
    pthread_mutex_lock(&q->mutex);
    q->asleep = q->waiting = false;
    if (w->taken) turn_ends(w);
    leave(q);
    pthread_mutex_unlock(&q->mutex);
    if (w->d.outcome.unheard) wsgo_queue_unheard(w->d.outcome.unheard);
}

/* What the host polled is no longer looked at. */
static void forget_polled(wsx_queue *q)
{
    wsx_node *old = q->polled.first;
    if (!old) return;
    q->polled = (wsx_line){0};
    /* The slot still has its owner: a connection's destroyed event is delivered after this. */
    for (wsx_node *n = old; n; n = n->next)
        if (n->record.flags & WSX_REC_ENDS) wsx_event_ends(wsx_slot(n->record.slot), &n->record);
    wsx_free_nodes(old);
}

int32_t wsx_queue_dispatch(wsx_queue *q, wsx_thread *self, bool of_others, size_t most, int32_t timeout_ms,
                           int cancellation, size_t *count)
{
    size_t delivered = 0;
    int64_t end = deadline(timeout_ms);
    work w = {.q = q, .self = self, .cancellation = cancellation, .d = {.event = wsx_blank, .queue = q}};
    if (self && !self->dispatcher) wsx_stop_gathering(self);
    wsx_reap();
    pthread_mutex_lock(&q->mutex);
    int32_t status = enter(q, self, of_others);
    if (status) {
        pthread_mutex_unlock(&q->mutex);
        return status;
    }
    forget_polled(q);
    self->dispatcher = &w.d;
    pthread_cleanup_push(abandon, &w);
    while (!delivered && !(status = await(&w, end)) && q->ready_first) {
        uint64_t left = most ? most : q->events;
        while (left && q->ready_first) delivered += turn(&w, &left);
        send_rest(&w);
    }
    pthread_cleanup_pop(0);
    self->dispatcher = NULL;
    leave(q);
    pthread_mutex_unlock(&q->mutex);
    if (w.d.outcome.unheard) wsgo_queue_unheard(w.d.outcome.unheard);
    if (!status) *count = delivered;
    return status;
}

/* ---- ws_queue_poll --------------------------------------------------------------------------- */

/* The completion of a call that waits is no event of the host. */
static bool waits_for(const wsx_record *r)
{
    return r->type == WS_EVENT_COMPLETION &&
           ((const wsx_detail *)(uintptr_t)r->detail)->callback == (uintptr_t)wsx_completed;
}

/* What the host polls may outlive its handle, and so the id that the event points to. */
static void keep_label(wsx_queue *q, ws_event *e)
{
    size_t size = strlen(e->correlation_id) + 1;
    wsx_node *n = size > 1 ? calloc(1, sizeof *n + size) : NULL;
    if (n) {
        wsx_append(&q->polled, n);
        e->correlation_id = memcpy(n + 1, e->correlation_id, size);
    } else {
        e->correlation_id = "";
    }
}

/* Fills up to capacity events, stride bytes each, from one turn of a stream. Sets *ended to
 * its handle when the last event was among them, *marked when a mark was. *posts counts posted functions. */
static size_t fill(wsx_queue *q, char *events, size_t stride, size_t capacity, uint64_t *ended, uint64_t *marked,
                   uint64_t *posts)
{
    wsx_line line;
    wsx_stream *s = wsx_take(q, capacity < TURN ? capacity : TURN, &line);
    size_t filled = 0;
    while (line.first && s->turn != q->turn) {
        if (line.first->record.type == WSX_MARK && s->polled == q->turn) {
            s->turn = q->turn; /* what was delivered counts as seen when the host polls again */
            break;
        }
        wsx_node *n = wsx_shift(&line);
        if (n->record.type == WSX_MARK) {
            *marked = atomic_load_explicit(&s->block->handle, memory_order_relaxed);
            wsx_free_node(n);
            continue;
        }
        bool last = n->record.type == WS_EVENT_DESTROYED, closes = n->record.type == WS_EVENT_CLOSE;
        ws_event e = wsx_blank;
        if (waits_for(&n->record)) {
            wsx_event_begins(s->block, &n->record, &e);
            wsx_completed(&e, e.user_data);
            wsx_free_node(n);
            continue;
        }
        if (!wsx_cut_off(s->block, &n->record) && wsx_event_begins(s->block, &n->record, &e)) {
            s->polled = q->turn;
            wsx_append(&q->polled, n);
            keep_label(q, &e);
            if (e.server && e.type == WS_EVENT_MESSAGE) e.type = WS_EVENT_MESSAGE_RECEIVE;
            if (e.server && e.type == WS_EVENT_OPEN) e.type = WS_EVENT_CONNECT;
            if (e.server && e.type == WS_EVENT_CLOSE) {
                /* The handle is good until the next poll, so destroyed cannot be delivered in this one. */
                n->record.flags |= WSX_REC_ENDS;
                s->turn = q->turn;
            }
            if (s == &q->own) {
                q->users--;
                ++*posts;
            }
            e.struct_size = (uint32_t)stride;
            memcpy(events + filled++ * stride, &e, stride < sizeof e ? stride : sizeof e);
        } else {
            wsx_event_ends(s->block, &n->record);
            wsx_free_node(n);
        }
        if (closes && atomic_load(&wsx_waiters))
            wsx_tell_closed(atomic_load_explicit(&s->block->handle, memory_order_relaxed));
        if (last) {
            *ended = atomic_load_explicit(&s->block->handle, memory_order_relaxed);
            wsx_stream_ends(q, s);
        }
    }
    wsx_give_back(q, s, &line);
    return filled;
}

int32_t wsx_queue_poll(wsx_queue *q, wsx_thread *self, ws_event *events, size_t capacity, int32_t timeout_ms,
                       int cancellation,
                       size_t *count)
{
    size_t filled = 0, stride = events->struct_size;
    int64_t end = deadline(timeout_ms);
    work w = {.q = q, .self = self, .cancellation = cancellation};
    if (self && !self->dispatcher) wsx_stop_gathering(self);
    wsx_reap();
    pthread_mutex_lock(&q->mutex);
    int32_t status = enter(q, self, true);
    if (status) {
        pthread_mutex_unlock(&q->mutex);
        return status;
    }
    forget_polled(q);
    q->turn++;
    pthread_cleanup_push(abandon, &w);
    while (!filled && !(status = await(&w, end)) && q->ready_first) {
        while (filled < capacity && q->ready_first && q->ready_first->turn != q->turn) {
            uint64_t ended = 0, marked = 0, posts = 0;
            filled += fill(q, (char *)events + filled * stride, stride, capacity - filled, &ended, &marked, &posts);
            if (ended || marked || posts) {
                pthread_mutex_unlock(&q->mutex);
                while (posts--) wsgo_post_done();
                if (marked) wsgo_queue_mark(marked);
                if (ended) wsgo_queue_ended(ended);
                pthread_mutex_lock(&q->mutex);
            }
            read_again(q);
        }
    }
    pthread_cleanup_pop(0);
    leave(q);
    pthread_mutex_unlock(&q->mutex);
    if (filled) self->gathers = q->gathers;
    if (!status) *count = filled;
    return status;
}
