/* SPDX-License-Identifier: Apache-2.0 */
/* queue_drain.c - dispatchers that the host does not call: a thread of the library, and ws_shutdown_wait. */
#define _GNU_SOURCE
#include <time.h>

#include "cancel.h"
#include "clock.h"
#include "exports.h"
#include "queue.h"
#include "runtime.h"

/* ---- a thread of the library ------------------------------------------------------------------- */

static void *drain(void *queue);

/* A thread that drains q until it is closed, and takes over a reference. 0 or an errno. */
static int start_thread(wsx_queue *q)
{
    return wsx_start_thread(drain, q);
}

/* A callback has ended the thread: another one goes on. */
static void replace(void *queue)
{
    if (start_thread(queue)) wsx_queue_drop(queue);
}

static void dispatch_all(wsx_queue *q)
{
    size_t count;
    while (wsx_queue_dispatch(q, wsx_self(), 0, -1, WSX_CANCEL_NEVER, &count) == WS_OK) {}
}

static void *drain(void *queue)
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

/* ---- ws_shutdown_wait ----------------------------------------------------------------------------- */

/* How long the engine is waited for before the queues are looked at again, ms. */
enum { SLICE = 5, MINE = 32 };

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

/* Delivers what waits in queues that are self's, or nobody's. False when all queues are empty for good. */
static bool drain_mine(wsx_thread *self, int cancellation)
{
    references mine;
    bool others;
    size_t count;
    mine.count = wsx_queues_of(self, mine.queues, MINE, &others);
    bool some = mine.count || others;
    pthread_cleanup_push(drop_all, &mine);
    for (size_t i = 0; i < mine.count; i++) wsx_queue_dispatch(mine.queues[i], self, 0, 0, cancellation, &count);
    pthread_cleanup_pop(1);
    return some;
}

int32_t wsx_shutdown(wsx_thread *self, int64_t timeout_ms)
{
    int64_t start = wsx_now() / 1000000, left = timeout_ms, slice = 0;
    int32_t status = WS_OK;
    wsx_cancellation theirs = wsx_cancel_off();
    wsgo_shutdown();
    wsx_queues_end();
    for (;;) {
        wsx_cancel_state(theirs.state);
        bool over = wsx_wait_over(slice);
        wsx_cancel_state(WSX_CANCEL_NEVER);
        if (over) break;
        bool queues = drain_mine(self, theirs.state);
        if (timeout_ms >= 0 && (left = timeout_ms - (wsx_now() / 1000000 - start)) <= 0) {
            status = wsx_fail(WS_ERR_TIMEOUT,
                              "callbacks are still running, or events wait in a queue; call ws_shutdown_wait again");
            break;
        }
        slice = !queues ? left : left < 0 || left > SLICE ? SLICE : left;
    }
    wsx_cancel_again(theirs);
    return status;
}
