/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dispatch.c - runs the callbacks of an event batch, or hands it to queues.
 *
 * A batch is one call from Go. Liveness and listeners are looked up immediately
 * before each callback, because an earlier one may have changed them. Frames
 * that callbacks send wait in the outbox until the batch has returned.
 */
#include "debug.h"
#include "exports.h"
#include "queue.h"

const ws_event wsx_blank = {.struct_size = sizeof(ws_event), .data = "", .reason = "", .text = "", .protocol = "",
                            .method = "", .target = "", .body = "", .correlation_id = ""};

static void begin(wsx_dispatcher *d, wsx_block *b)
{
    d->block = b;
    d->server = wsx_server_of(b);
    atomic_fetch_or(&b->life, WSX_LIFE_RUNNING);
}

static void end(wsx_dispatcher *d)
{
    if (!d->block) return;
    uint64_t handle = atomic_load_explicit(&d->block->handle, memory_order_relaxed);
    atomic_fetch_and(&d->block->life, ~WSX_LIFE_RUNNING);
    d->block = NULL;
    d->again = NULL;
    d->run.handle = 0;
    if (wsx_this_thread) wsx_settle_claims(wsx_this_thread);
    if (atomic_load(&wsx_idle_waiters)) wsx_tell_idle(handle);
}

/* ---- what an event is --------------------------------------------------------- */

static void fill(ws_event *e, const wsx_detail *t)
{
    e->text = (const char *)(uintptr_t)t->text;
    e->reason = (const char *)(uintptr_t)t->reason;
    e->reason_size = (size_t)t->reason_size;
    e->status = t->status;
    e->code = t->code;
    e->clean = t->clean;
    e->error = t->error;
    e->stage = t->stage;
    e->os_error = t->os_error;
    e->operation = t->operation;
    e->protocol = (const char *)(uintptr_t)t->protocol;
    e->method = (const char *)(uintptr_t)t->method;
    e->target = (const char *)(uintptr_t)t->target;
    e->body = (const void *)(uintptr_t)t->body;
    e->body_size = (size_t)t->body_size;
    e->round_trip_us = t->round_trip_us;
    e->delay_ms = t->delay_ms;
    e->attempt = t->attempt;
    e->will_reconnect = t->will_reconnect;
    e->token = t->token;
    e->scheme = t->scheme;
    e->pattern = t->pattern;
    e->message_type = t->message_type;
    e->message_size = t->skipped;
}

static inline __attribute__((always_inline)) bool event_begins(wsx_block *b, wsx_block *server, const wsx_record *r,
                                                               ws_event *e)
{
    e->type = r->type;
    e->handle = atomic_load_explicit(&b->handle, memory_order_relaxed);
    e->server = server ? atomic_load_explicit(&server->handle, memory_order_relaxed) : 0;
    e->user_data = (void *)atomic_load_explicit(&b->user_data, memory_order_relaxed);
    e->correlation_id = wsx_label(b);
    if (r->type == WS_EVENT_MESSAGE) {
        e->data = (const void *)(uintptr_t)r->data;
        e->size = (size_t)r->size;
        e->message_type = r->message_type;
        e->part = WSX_REC_PART(r->flags);
        ((char *)(uintptr_t)r->data)[r->size] = 0; /* the byte behind is a parsed header or spare room */
        return !wsx_either_dead(b, server);
    }
    const wsx_detail *t = (const wsx_detail *)(uintptr_t)r->detail;
    fill(e, t);
    if (r->data) {
        e->data = (const void *)(uintptr_t)r->data;
        e->size = (size_t)r->size;
        if (r->size) ((char *)(uintptr_t)r->data)[r->size] = 0;
    }
    switch (r->type) {
    case WS_EVENT_COMPLETION:
        e->user_data = (void *)(uintptr_t)t->user_data;
        return true;
    case WS_EVENT_OPEN:
        if (wsx_either_dead(b, server)) return false;
        atomic_fetch_or(&b->life, WSX_LIFE_OPENED);
        return true;
    case WS_EVENT_CLOSE:
        /* Once for each open, also when ws_destroy came between; that brings another one. */
        return atomic_fetch_and(&b->life, ~WSX_LIFE_OPENED) & WSX_LIFE_OPENED;
    case WS_EVENT_DESTROYED:
        return true;
    default:
        return r->flags & WSX_REC_FINAL || !wsx_either_dead(b, server);
    }
}

static inline void event_ends(wsx_block *b, const wsx_record *r)
{
    if (r->type != WS_EVENT_CLOSE) return;
    if (b->server) atomic_fetch_or(&b->life, WSX_LIFE_DEAD); /* an accepted handle is stale from here on */
    if (atomic_load(&wsx_waiters)) wsx_tell_closed(atomic_load_explicit(&b->handle, memory_order_relaxed));
}

bool wsx_event_begins(wsx_block *b, const wsx_record *r, ws_event *e)
{
    bool delivers = event_begins(b, wsx_server_of(b), r, e);
    WSX_DEBUG(wsx_debug_tells(b, r, delivers));
    return delivers;
}

void wsx_event_ends(wsx_block *b, const wsx_record *r)
{
    event_ends(b, r);
}

/* ---- which listeners are called ---------------------------------------------------------- */

/* Calls the listeners of whose for the event's type, as long as the dispatcher's connection
 * may have events. Returns how many were called. */
static unsigned call(wsx_dispatcher *d, wsx_block *whose, const ws_event *e, bool final)
{
    if (!atomic_load_explicit(&whose->listeners, memory_order_relaxed)) return 0;
    unsigned called = 0;
    wsx_listener l = {.more = true};
    uint64_t newest = wsx_listener_newest();
    while (l.more && (final || !wsx_either_dead(d->block, d->server)) && wsx_listener_next(whose, e->type, &l) &&
           l.id <= newest) {
        if (!called && !l.more && d->message_type) {
            d->listener_of = whose;
            d->listener = l;
        }
        ((ws_callback)l.callback)(e, (void *)l.user);
        called++;
    }
    return called;
}

/* The same for a message. Mostly the only listener of the list got the message before as well:
 * then one look at the list's sequence is enough, after RUNNING was set as ever. */
static inline unsigned call_message(wsx_dispatcher *d, wsx_block *whose, const ws_event *e)
{
    if (whose != d->listener_of || atomic_load(&whose->sequence) != d->listener.sequence)
        return call(d, whose, e, false);
    if (wsx_either_dead(d->block, d->server)) return 0;
    ((ws_callback)d->listener.callback)(e, (void *)d->listener.user);
    return 1;
}

static inline void message(wsx_dispatcher *d, const wsx_record *r, ws_event *e)
{
    d->data = e->data;
    d->size = e->size;
    d->headroom = r->flags & WSX_REC_HEADROOM;
    d->message_type = e->message_type;
    unsigned called = 0;
    if (atomic_load_explicit(&d->block->listeners, memory_order_relaxed)) called = call_message(d, d->block, e);
    if (d->server) {
        e->type = WS_EVENT_MESSAGE_RECEIVE;
        called += call_message(d, d->server, e);
    }
    d->message_type = 0;
    d->size = 0;
    if (!called && !wsx_either_dead(d->block, d->server)) d->outcome.unheard++;
    if (atomic_load_explicit(&d->block->life, memory_order_relaxed) & WSX_LIFE_ENDS && e->part % WS_PART_END == 0) {
        ws_event over = wsx_blank;
        over.type = WS_EVENT_DATA_END;
        over.handle = e->handle;
        over.server = e->server;
        over.user_data = e->user_data;
        over.correlation_id = e->correlation_id;
        call(d, d->block, &over, false);
    }
}

static void notice(wsx_dispatcher *d, const wsx_record *r, ws_event *e)
{
    wsx_block *b = d->block, *server = d->server;
    bool final = r->flags & WSX_REC_FINAL;
    switch (r->type) {
    case WS_EVENT_COMPLETION: {
        const wsx_detail *t = (const wsx_detail *)(uintptr_t)r->detail;
        ws_callback completion = (ws_callback)(uintptr_t)t->callback;
        if (completion != WS_COMPLETION_POLL) completion(e, (void *)(uintptr_t)t->user_data);
        return;
    }
    case WS_EVENT_OPEN:
        if (server) e->type = WS_EVENT_CONNECT;
        /* Destroyed by another thread before the first listener: then there is no close event either. */
        if (!call(d, server ? server : b, e, false) && wsx_either_dead(b, server))
            atomic_fetch_and(&b->life, ~WSX_LIFE_OPENED);
        return;
    case WS_EVENT_DESTROYED:
        call(d, b, e, true);
        return;
    case WS_EVENT_CLOSE:
        final = true;
        break;
    }
    unsigned called = call(d, b, e, final);
    if (server) called += call(d, server, e, final);
    if (!called && r->type == WS_EVENT_ERROR && !wsx_either_dead(b, server))
        wsgo_error_unheard(e->handle, (char *)(uintptr_t)e->text);
}

static inline bool deliver(wsx_dispatcher *d, wsx_block *b, const wsx_record *r)
{
    if (b != d->block || atomic_load_explicit(&wsx_idle_waiters, memory_order_relaxed)) {
        end(d);
        begin(d, b);
    }
    bool rare = r->type != WS_EVENT_MESSAGE;
    d->again = NULL;
    if (rare || d->rare) d->event = wsx_blank; /* a message sets all that one before it has set */
    d->rare = rare;
    bool delivered = event_begins(b, d->server, r, &d->event);
    WSX_DEBUG(wsx_debug_tells(b, r, delivered));
    if (delivered) {
        if (rare) notice(d, r, &d->event);
        else message(d, r, &d->event);
        if (!rare && d->server && d->server == d->listener_of) d->again = b;
    }
    event_ends(b, r);
    return delivered;
}

bool wsx_deliver(wsx_dispatcher *d, wsx_block *b, const wsx_record *r)
{
    return deliver(d, b, r);
}

void wsx_delivered(wsx_dispatcher *d)
{
    end(d);
}

/* ---- a batch -------------------------------------------------------------------- */

/* Whether r waits for ws_resume. What waits already comes first, so the last events of a handle
 * that was destroyed behind it wait as well, until core aborts it. From there on nothing waits:
 * nobody would deliver it. */
static bool held(wsx_block *b, wsx_record *r, uint32_t life)
{
    if (!(life & (WSX_LIFE_PAUSED | WSX_LIFE_HELD)) || life & WSX_LIFE_CUT || wsx_passes_pause(r)) return false;
    if (life & WSX_LIFE_DEAD && !(life & WSX_LIFE_HELD)) return false;
    if (!(life & WSX_LIFE_HELD)) atomic_fetch_or(&b->life, WSX_LIFE_HELD);
    r->flags = (uint16_t)((r->flags & ~WSX_REC_HEADROOM) | WSX_REC_HELD); /* core copies the data */
    return true;
}

/* Delivers what nearly every record is: one more message of the connection whose message was
 * the last event, to the listener that got that one. All else is the same. False: it is not. */
static inline bool another(wsx_dispatcher *d, wsx_block *b, const wsx_record *r, uint32_t life)
{
    enum { APART = WSX_LIFE_DEAD | WSX_LIFE_QUEUED | WSX_LIFE_PAUSED | WSX_LIFE_HELD | WSX_LIFE_ENDS |
           WSX_LIFE_LABELLED };
    wsx_block *server = d->server;
    if (b != d->again || r->type != WS_EVENT_MESSAGE || life & APART) return false;
    if (atomic_load_explicit(&b->listeners, memory_order_relaxed)) return false;
    if (atomic_load_explicit(&wsx_idle_waiters, memory_order_relaxed)) return false;
    if (atomic_load(&server->sequence) != d->listener.sequence) return false;
    if (atomic_load_explicit(&server->life, memory_order_acquire) & WSX_LIFE_DEAD) return false;
    WSX_DEBUG(wsx_debug_tells(b, r, true));
    ws_event *e = &d->event;
    e->type = WS_EVENT_MESSAGE_RECEIVE;
    e->user_data = (void *)atomic_load_explicit(&b->user_data, memory_order_relaxed);
    d->data = e->data = (const void *)(uintptr_t)r->data;
    d->size = e->size = (size_t)r->size;
    d->message_type = e->message_type = r->message_type;
    d->headroom = r->flags & WSX_REC_HEADROOM;
    e->part = WSX_REC_PART(r->flags);
    ((char *)(uintptr_t)r->data)[r->size] = 0;
    ((ws_callback)d->listener.callback)(e, (void *)d->listener.user);
    d->message_type = 0;
    d->size = 0;
    return true;
}

wsx_outcome wsx_dispatch(uint32_t loop, wsx_record *records, uint32_t count, wsx_outbox *outbox)
{
    wsx_thread *self = wsx_self();
    wsx_is_ours(self);
    wsx_dispatcher d = {.loop = loop, .outbox = outbox, .event = wsx_blank};
    wsx_dispatcher *outer = self ? self->dispatcher : NULL;
    if (outer) outer->run.handle = 0; /* self->owed is of somebody else then */
    if (self) self->dispatcher = &d;
    wsx_pushing p = {0};
    wsx_block *b = NULL;
    for (wsx_record *r = records; r < records + count; r++) {
        bool others = !b || b->slot != r->slot;
        if (others) b = wsx_slot(r->slot);
        uint32_t life = atomic_load_explicit(&b->life, memory_order_acquire);
        if (others && p.stream && !(life & WSX_LIFE_QUEUED)) wsx_pushed(&p); /* a callback may take its time */
        if (another(&d, b, r, life)) continue;
        if (!(life & (WSX_LIFE_QUEUED | WSX_LIFE_PAUSED | WSX_LIFE_HELD))) deliver(&d, b, r);
        else if (life & WSX_LIFE_QUEUED) r += wsx_push(&p, b, r, records + count) - 1;
        else if (held(b, r, life)) d.outcome.marked++;
        else if (!wsx_cut_off(b, r)) deliver(&d, b, r);
    }
    end(&d);
    d.outcome.marked += wsx_pushed(&p);
    if (self) self->dispatcher = outer;
    return d.outcome;
}
