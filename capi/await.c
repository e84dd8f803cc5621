/* SPDX-License-Identifier: Apache-2.0 */
/*
 * await.c - threads of the host that wait, and what ends their wait.
 *
 * There is one list of them. Whoever brings about what somebody may wait for says so here,
 * and looks only whether anybody waits when nobody does. It marks the waiter and rings its
 * bell; how a waiter sleeps, and what it dispatches meanwhile, is in queue_threads.c. The
 * waiter stands in the list before it looks whether it has to wait at all, or calls what
 * will end its wait: so nothing is missed.
 */
#include "queue.h"

_Atomic uint32_t wsx_waiters, wsx_idle_waiters;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; /* guards the list, what is in it, and these; innermost */
static wsx_waiter *first;
static uintptr_t newest; /* ticket */
static bool over;

void wsx_await_begin(wsx_waiter *w, wsx_awaited what, ws_handle handle, wsx_queue *queue, wsx_thread *self)
{
    *w = (wsx_waiter){.what = what, .handle = handle, .queue = queue, .self = self};
    pthread_mutex_lock(&mutex);
    w->ticket = ++newest;
    w->done = what == WSX_AWAIT_OVER && over;
    if ((w->next = first)) first->link = &w->next;
    w->link = &first;
    first = w;
    atomic_fetch_add(&wsx_waiters, 1);
    if (what == WSX_AWAIT_IDLE) atomic_fetch_add(&wsx_idle_waiters, 1);
    pthread_mutex_unlock(&mutex);
}

void wsx_await_no_more(wsx_waiter *w)
{
    pthread_mutex_lock(&mutex);
    if ((*w->link = w->next)) w->next->link = w->link;
    atomic_fetch_sub(&wsx_waiters, 1);
    if (w->what == WSX_AWAIT_IDLE) atomic_fetch_sub(&wsx_idle_waiters, 1);
    pthread_mutex_unlock(&mutex);
}

bool wsx_await_is_done(wsx_waiter *w)
{
    pthread_mutex_lock(&mutex);
    bool done = w->done;
    pthread_mutex_unlock(&mutex);
    return done;
}

void wsx_await_next_close(wsx_waiter *w)
{
    pthread_mutex_lock(&mutex);
    w->complete = true;
    pthread_mutex_unlock(&mutex);
}

/* mutex held: the bell is on the stack of who waits. */
static void finish(wsx_waiter *w)
{
    w->done = true;
    wsx_ring(&w->bell);
}

/* ---- callbacks that run ---------------------------------------------------------------- */

/* A dispatcher sets RUNNING, then reads the list of listeners; who waits changes that list, then
 * reads RUNNING. All four are sequentially consistent, so at least one sees the other. */

/* Adds handle to those whose callbacks are waited for; false: there is no room. */
static bool add(wsx_waiter *w, ws_handle handle)
{
    pthread_mutex_lock(&mutex);
    bool room = w->count < WSX_AWAIT_MOST;
    if (room) w->running[w->count++] = handle;
    pthread_mutex_unlock(&mutex);
    return room;
}

static bool runs(const wsx_block *b, ws_handle handle)
{
    return atomic_load(&b->life) & WSX_LIFE_RUNNING && atomic_load(&b->handle) == handle;
}

bool wsx_await_block(wsx_waiter *w, const wsx_block *b, ws_handle handle)
{
    if (!runs(b, handle)) return true;
    if (!add(w, handle)) return false;
    if (!runs(b, handle)) wsx_tell_idle(handle); /* it has ended before it was added */
    return true;
}

bool wsx_await_added(wsx_waiter *w)
{
    pthread_mutex_lock(&mutex);
    bool none = !w->count;
    w->complete = true;
    w->done = none;
    pthread_mutex_unlock(&mutex);
    return none;
}

void wsx_tell_idle(ws_handle handle)
{
    pthread_mutex_lock(&mutex);
    for (wsx_waiter *w = first; w; w = w->next) {
        if (w->what != WSX_AWAIT_IDLE) continue;
        for (uint32_t i = 0; i < w->count;)
            if (w->running[i] == handle) w->running[i] = w->running[--w->count];
            else i++;
        if (w->complete && !w->count && !w->done) finish(w);
    }
    pthread_mutex_unlock(&mutex);
}

/* ---- ends -------------------------------------------------------------------------------- */

void wsx_tell_gone(ws_handle handle)
{
    pthread_mutex_lock(&mutex);
    for (wsx_waiter *w = first; w; w = w->next)
        if (w->handle == handle && (w->what == WSX_AWAIT_GONE || w->what == WSX_AWAIT_CLOSE)) finish(w);
    pthread_mutex_unlock(&mutex);
}

void wsx_tell_closed(ws_handle handle)
{
    pthread_mutex_lock(&mutex);
    for (wsx_waiter *w = first; w; w = w->next)
        if (w->handle == handle && w->what == WSX_AWAIT_CLOSE && w->complete) finish(w); /* else it is one before */
    pthread_mutex_unlock(&mutex);
}

void wsx_tell_over(void)
{
    pthread_mutex_lock(&mutex);
    over = true;
    for (wsx_waiter *w = first; w; w = w->next)
        if (w->what == WSX_AWAIT_OVER) finish(w);
    pthread_mutex_unlock(&mutex);
}

void WS_CALL wsx_completed(const ws_event *e, void *ticket)
{
    wsx_block *b = wsx_slot((uint32_t)(e->handle & WSX_INDEX_MASK));
    bool close_follows = e->operation == WS_OP_CLOSE && atomic_load(&b->life) & WSX_LIFE_OPENED;
    pthread_mutex_lock(&mutex);
    for (wsx_waiter *w = first; w; w = w->next) {
        if (w->ticket != (uintptr_t)ticket) continue; /* who has given up waiting is not there */
        w->status = e->error;
        strncpy(w->text, e->text, sizeof w->text - 1);
        w->complete = true;
        if (!close_follows) finish(w);
    }
    pthread_mutex_unlock(&mutex);
}

/* ---- work for who dispatches while it waits ------------------------------------------------ */

void wsx_tell_work(const wsx_queue *q, const wsx_thread *owner)
{
    pthread_mutex_lock(&mutex);
    for (wsx_waiter *w = first; w; w = w->next)
        if ((!q || w->queue == q || w->what == WSX_AWAIT_OVER) && (!owner || w->self == owner)) wsx_ring(&w->bell);
    pthread_mutex_unlock(&mutex);
}
