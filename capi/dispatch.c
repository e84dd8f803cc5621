/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dispatch.c - runs the callbacks of an event batch.
 *
 * A batch is one call from Go. Liveness and listeners are looked up immediately
 * before each callback, because an earlier one may have changed them. Frames
 * that callbacks send wait in the outbox until the batch has returned.
 */
#include "internal.h"

static void begin(wsx_dispatcher *d, wsx_block *b)
{
    d->block = b;
    atomic_fetch_or(&b->life, WSX_LIFE_RUNNING);
}

static void end(wsx_dispatcher *d)
{
    if (!d->block) return;
    atomic_fetch_and(&d->block->life, ~WSX_LIFE_RUNNING);
    d->block = NULL;
    if (atomic_load(&wsx_waiters)) wsx_finished();
}

/* Destroyed, by itself or with its server. */
static bool dead(wsx_block *b)
{
    if (atomic_load_explicit(&b->life, memory_order_acquire) & WSX_LIFE_DEAD) return true;
    return b->server && atomic_load_explicit(&wsx_slot(b->server)->life, memory_order_acquire) & WSX_LIFE_DEAD;
}

/* Calls the listeners of whose for type, as long as conn may have events. Returns how many were called. */
static unsigned call(wsx_block *whose, wsx_block *conn, const ws_event *e, bool final)
{
    if (!atomic_load_explicit(&whose->listeners, memory_order_relaxed)) return 0;
    unsigned called = 0;
    wsx_listener l = {.more = true};
    uint64_t newest = wsx_listener_newest();
    while (l.more && (final || !dead(conn)) && wsx_listener_next(whose, e->type, &l) && l.id <= newest) {
        ((ws_callback)l.callback)(e, (void *)l.user);
        called++;
    }
    return called;
}

static void message(wsx_dispatcher *d, const wsx_record *r, ws_event *e, wsx_block *server)
{
    e->data = (const void *)(uintptr_t)r->data;
    e->size = (size_t)r->size;
    e->message_type = r->message_type;
    ((char *)(uintptr_t)r->data)[r->size] = 0; /* the byte behind is a parsed header or spare room */
    d->data = e->data;
    d->size = e->size;
    d->message_type = e->message_type;
    e->type = WS_EVENT_MESSAGE;
    unsigned called = call(d->block, d->block, e, false);
    if (server) {
        e->type = WS_EVENT_MESSAGE_RECEIVE;
        called += call(server, d->block, e, false);
    }
    d->message_type = 0;
    d->size = 0;
    if (!called && !dead(d->block)) d->unheard++;
}

/* The rarer events. Life changes are made even when nobody listens. */
static void notice(wsx_block *b, const wsx_record *r, ws_event *e, wsx_block *server)
{
    const wsx_detail *t = (const wsx_detail *)(uintptr_t)r->detail;
    bool final = r->flags & WSX_REC_FINAL;
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
    e->type = r->type;
    switch (r->type) {
    case WS_EVENT_COMPLETION:
        ((ws_callback)(uintptr_t)t->callback)(e, (void *)(uintptr_t)t->user_data);
        return;
    case WS_EVENT_OPEN:
        if (dead(b)) return;
        atomic_fetch_or(&b->life, WSX_LIFE_OPENED);
        if (!server) {
            call(b, b, e, false);
            return;
        }
        e->type = WS_EVENT_CONNECT;
        call(server, b, e, false);
        return;
    case WS_EVENT_CLOSE:
        /* Once for each open, also when ws_destroy came between; that brings another one. */
        if (!(atomic_fetch_and(&b->life, ~WSX_LIFE_OPENED) & WSX_LIFE_OPENED)) return;
        call(b, b, e, true);
        if (server) {
            call(server, b, e, true);
            atomic_fetch_or(&b->life, WSX_LIFE_DEAD); /* an accepted handle is stale from here on */
        }
        return;
    case WS_EVENT_DESTROYED:
        call(b, b, e, true);
        return;
    default: /* WS_EVENT_ERROR */
        call(b, b, e, final);
        if (server) call(server, b, e, final);
    }
}

uint64_t wsx_dispatch(uint32_t loop, const wsx_record *records, uint32_t count, wsx_outbox *outbox)
{
    wsx_thread *self = wsx_self();
    wsx_dispatcher d = {.loop = loop, .outbox = outbox};
    wsx_dispatcher *outer = self ? self->dispatcher : NULL;
    if (self) self->dispatcher = &d;
    static const ws_event blank = {.struct_size = sizeof(ws_event), .data = "", .reason = "", .text = ""};
    ws_event e = blank;
    bool used = false; /* e holds members of a rarer event */
    for (const wsx_record *r = records; r < records + count; r++) {
        wsx_block *b = wsx_slot(r->slot);
        if (b != d.block || atomic_load_explicit(&wsx_waiters, memory_order_relaxed)) {
            end(&d);
            begin(&d, b);
        }
        wsx_block *server = b->server ? wsx_slot(b->server) : NULL;
        if (used) e = blank;
        e.handle = atomic_load_explicit(&b->handle, memory_order_relaxed);
        e.server = server ? atomic_load_explicit(&server->handle, memory_order_relaxed) : 0;
        used = r->type != WS_EVENT_MESSAGE;
        if (used) notice(b, r, &e, server);
        else message(&d, r, &e, server);
    }
    end(&d);
    if (self) self->dispatcher = outer;
    return d.unheard;
}
