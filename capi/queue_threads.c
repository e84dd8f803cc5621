/* SPDX-License-Identifier: Apache-2.0 */
/* queue_threads.c - dispatchers that the host does not call: a thread of the library, and threads that wait. */
#define _GNU_SOURCE
#include <time.h>

#include "await.h"
#include "cancel.h"
#include "clock.h"
#include "exports.h"
#include "queue.h"
#include "runtime.h"

/* ---- a thread of the library ------------------------------------------------------------------- */

static void *dispatch_until_closed(void *queue);

/* A thread that dispatches q until it is closed, and takes over a reference. 0 or an errno. */
static int start_thread(wsx_queue *q)
{
    return wsx_start_thread(dispatch_until_closed, q);
}

/* A callback has ended the thread: another one goes on. */
static void replace(void *queue)
{
    if (start_thread(queue)) wsx_queue_drop(queue);
}

static void dispatch_all(wsx_queue *q)
{
    size_t count;
    while (wsx_queue_dispatch(q, wsx_self(), true, 0, -1, WSX_CANCEL_NEVER, &count) == WS_OK) {}
}

static void *dispatch_until_closed(void *queue)
{
    wsx_cancel_state(WSX_CANCEL_NEVER); /* it is no thread of the host's to cancel */
    while (!wsx_self()) nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    wsx_is_ours(wsx_self());
    pthread_cleanup_push(replace, queue);
    dispatch_all(queue);
    pthread_cleanup_pop(0);
    wsx_queue_drop(queue);
    return NULL;
}

ws_handle wsx_queue_create(const ws_queue_options *o)
{
    ws_handle handle;
    wsx_queue *q = wsx_queue_make(o, &handle);
    if (!q) return 0;
    int error = q->threaded ? start_thread(q) : 0;
    if (error) wsx_queue_close(q);
    if (error || !q->threaded) wsx_queue_drop(q);
    if (!error) return handle;
    wsx_fail(WS_ERR_UNKNOWN, "starting a thread for the queue: %s", strerror(error));
    return 0;
}

/* ---- threads that wait ---------------------------------------------------------------------------- */

enum { MINE = 32 };

/* References of queues, while one of them is dispatched. */
typedef struct references {
    wsx_queue *queues[MINE];
    size_t count;
} references;

static void drop_all(void *of)
{
    references *r = of;
    while (r->count) wsx_queue_drop(r->queues[--r->count]);
}

static bool dispatch_each(const references *mine, wsx_thread *self, int cancellation)
{
    size_t count;
    bool some = false;
    for (size_t i = 0; i < mine->count; i++)
        some |= wsx_queue_dispatch(mine->queues[i], self, false, 0, 0, cancellation, &count) == WS_OK;
    return some;
}

/* Tells what waits in the waiter's queue, or in all when the end of the library is waited for, if that
 * is for this thread to do. False: there was nothing. */
static bool dispatch_mine(const wsx_waiter *w, int cancellation)
{
    references mine;
    bool some;
    if (!w->self || w->self->dispatcher || (!w->queue && w->what != WSX_AWAIT_OVER)) return false;
    mine.count = wsx_queues_ready(w->self, w->queue, mine.queues, MINE);
    pthread_cleanup_push(drop_all, &mine);
    some = dispatch_each(&mine, w->self, cancellation);
    pthread_cleanup_pop(1);
    return some;
}

static void stop_waiting(void *of)
{
    wsx_waiter *w = of;
    wsx_await_no_more(w);
    if (w->queue) wsx_queue_drop(w->queue);
}

void wsx_await(wsx_waiter *w, wsx_awaited what, ws_handle handle, const wsx_block *b)
{
    wsx_await_begin(w, what, handle, b ? wsx_queue_of(b, handle) : NULL, wsx_self());
}

int32_t wsx_wait_not(wsx_waiter *w, int32_t status)
{
    stop_waiting(w);
    return status;
}

static bool wait_until(wsx_waiter *w, int64_t timeout_ms, int cancellation)
{
    const bool for_ever = timeout_ms < 0 || timeout_ms > INT32_MAX * (int64_t)1000; /* 68 years, too */
    int64_t end = for_ever ? 0 : wsx_now() + timeout_ms * 1000000, left = -1;
    for (bool late = false;;) {
        uint32_t seen = atomic_load(&w->bell); /* before all that may ring it */
        bool done = wsx_await_is_done(w);
        if (done || late) return done;
        bool some = dispatch_mine(w, cancellation);
        late = !for_ever && (left = end - wsx_now()) <= 0;
        if (!some && !late) wsx_await_bell(&w->bell, seen, left, cancellation);
    }
}

bool wsx_wait(wsx_waiter *w, int64_t timeout_ms)
{
    bool done;
    wsx_cancellation theirs = wsx_cancel_off();
    wsx_send_gathered(w->self); /* what it waits for may be the answer to that */
    pthread_cleanup_push(stop_waiting, w);
    done = wait_until(w, timeout_ms, theirs.state);
    pthread_cleanup_pop(1);
    wsx_cancel_again(theirs);
    return done;
}

int32_t wsx_may_wait(const wsx_thread *self, wsx_block *b, ws_handle handle, int64_t timeout_ms, const char *function)
{
    if (timeout_ms < -1) return wsx_fail(WS_ERR_PARAMETER, "timeout_ms: %lld is less than -1", (long long)timeout_ms);
    if (self && self->relay_of == handle)
        return wsx_fail(WS_ERR_IN_CALLBACK, "%s inside a function of the server's relay would wait for itself", function);
    const wsx_dispatcher *d = self ? self->dispatcher : NULL;
    if (!d) return WS_OK;
    bool itself;
    if (d->queue) {
        wsx_queue *q = wsx_queue_of(b, handle);
        itself = q == d->queue;
        if (q) wsx_queue_drop(q);
    } else { /* a server's connections are on all loops */
        itself = WSX_KIND(handle) == WSX_KIND_SERVER || atomic_load_explicit(&b->loop, memory_order_relaxed) == d->loop;
    }
    if (!itself) return WS_OK;
    return wsx_fail(WS_ERR_IN_CALLBACK,
                    "%s inside a callback of the same loop or queue would wait for itself", function);
}

int32_t wsx_destroy_wait(ws_handle handle, uint32_t kinds, void (*destroy)(uint64_t), int64_t timeout_ms,
                         const char *function)
{
    int32_t status;
    wsx_block *b = wsx_lookup_ending(handle, kinds);
    if (!b) {
        wsx_argument(handle, kinds, kinds == WSX_SERVER ? "server" : "handle", &status);
        return status;
    }
    if ((status = wsx_may_wait(wsx_self(), b, handle, timeout_ms, function))) return status;
    wsx_waiter w;
    wsx_await(&w, WSX_AWAIT_GONE, handle, b);
    if (wsx_kill(handle, kinds)) destroy(handle);
    pthread_mutex_lock(&wsx_mutex);
    bool gone = b->handle != handle; /* else it is released later, and then the waiter is woken */
    pthread_mutex_unlock(&wsx_mutex);
    if (gone) wsx_tell_gone(handle);
    if (wsx_wait(&w, timeout_ms)) return WS_OK;
    return wsx_fail(WS_ERR_TIMEOUT,
                    "the last event of the handle was not delivered within %lld ms; it is stale, and goes on",
                    (long long)timeout_ms);
}

int32_t wsx_idle_wait(wsx_block *b, ws_handle handle, int64_t timeout_ms)
{
    int64_t start = wsx_now() / 1000000, left = timeout_ms;
    for (bool all = false; !all;) {
        wsx_waiter w;
        wsx_await_begin(&w, WSX_AWAIT_IDLE, handle, NULL, NULL);
        wsx_await_block(&w, b, handle);
        all = WSX_KIND(handle) != WSX_KIND_SERVER || wsx_each_running(b->slot, wsx_await_block, &w);
        wsx_await_added(&w);
        if (timeout_ms > 0 && (left = timeout_ms - (wsx_now() / 1000000 - start)) < 0) left = 0;
        if (!wsx_wait(&w, left))
            return wsx_fail(WS_ERR_TIMEOUT, "a callback of this handle is still running after %lld ms",
                            (long long)timeout_ms);
    }
    return WS_OK;
}

int32_t wsx_result_wait(wsx_waiter *w, int64_t timeout_ms, const char *text)
{
    if (!wsx_wait(w, timeout_ms))
        return wsx_fail(WS_ERR_TIMEOUT, "%s after %lld ms, and goes on", text, (long long)timeout_ms);
    return w->status ? wsx_fail(w->status, "%s", w->text) : WS_OK;
}

int32_t wsx_shutdown(int64_t timeout_ms)
{
    wsx_waiter w;
    wsx_await(&w, WSX_AWAIT_OVER, 0, NULL);
    wsgo_shutdown();
    wsx_queues_end();
    if (wsx_wait(&w, timeout_ms)) return WS_OK;
    return wsx_fail(WS_ERR_TIMEOUT,
                    "callbacks are still running, events wait in a queue, or connections have still to close; "
                    "call ws_shutdown_wait again");
}
