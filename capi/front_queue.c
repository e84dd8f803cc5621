/* SPDX-License-Identifier: Apache-2.0 */
/** @section Queues
 * The second way to receive: events wait in a queue until a thread of the host
 * comes for them. Name the queue when you make a client or a server; its
 * callbacks then run inside ws_queue_dispatch, on the thread that calls it, or on
 * a thread of the library's that may be blocked (WS_QUEUE_THREAD). For libuv,
 * GLib, game loops, and languages whose callbacks must come on one thread:
 *
 *     ws_queue_fd(queue, &fd);           watch fd for readability, level-triggered
 *     ws_queue_dispatch(queue, 0, 0, &n);  when it is readable
 *
 * All rules of callbacks apply here: order, exactly one close for
 * each open, ws_off, ws_destroy and ws_pause inside callbacks. Events of one
 * connection come in order; connections take turns, sixteen events each.
 *
 * A queue that nobody drains fills up, then its connections are no longer read,
 * then their peers can no longer write. Completions and ends always fit. Handles
 * stay alive until their destroyed event came out of the queue.
 */
#include <errno.h>

#include "cancel.h"
#include "front.h"
#include "queue.h"
#include <libws/ws.h>

/**
 * Makes a queue. Starts the library's runtime if need be, which takes milliseconds.
 *
 * options: NULL for defaults.
 *
 * Returns: the handle, or 0; then ws_last_error says why. Free it by
 *   ws_queue_destroy.
 * Threads: any.
 * Since: 0.1
 */
WS_API ws_handle WS_CALL ws_queue_create(const ws_queue_options *options)
{
    if (wsx_refusal) {
        wsx_refuse();
        return 0;
    }
    wsx_error_buffer();
    ws_queue_options o;
    if (wsx_options(&o, &wsx_queue_shape, options, "options")) return 0;
    if (o.max_bytes < 0 || o.max_bytes > 1ll << 46) {
        wsx_fail(WS_ERR_PARAMETER, "options.max_bytes: %lld is not in 1..2^46 or 0", (long long)o.max_bytes);
        return 0;
    }
    if (wsx_start()) return 0;
    return wsx_queue_create(&o);
}

/**
 * A descriptor that is readable while events wait, for poll, epoll, libuv and the
 * like. Level-triggered. It belongs to the queue: never read, write or close it.
 *
 * fd: not NULL; receives the descriptor, the same at each call.
 *
 * Returns: WS_OK; WS_ERR_STATE for a queue with WS_QUEUE_THREAD; WS_ERR_UNKNOWN
 *   when the system gives no descriptor; WS_ERR_PARAMETER; WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_queue_fd(ws_handle queue, ws_socket *fd)
{
    WSX_ENTER();
    int32_t status;
    wsx_queue *q = wsx_queue_find(queue, &status);
    if (!q) return status;
    if (!fd) status = wsx_fail(WS_ERR_PARAMETER, "fd: is NULL");
    else if (q->threaded)
        status = wsx_fail(WS_ERR_STATE, "queue: a thread of the library dispatches it (WS_QUEUE_THREAD)");
    else status = wsx_queue_descriptor(q, fd);
    wsx_queue_drop(q);
    return status;
}

/* What dispatch and poll check alike. NULL: *status says why. */
static wsx_queue *enter(ws_handle queue, int32_t timeout_ms, const size_t *count, int32_t *status)
{
    wsx_queue *q = wsx_queue_find(queue, status);
    if (!q) return NULL;
    *status = WS_OK;
    if (timeout_ms < -1) *status = wsx_fail(WS_ERR_PARAMETER, "timeout_ms: %d is less than -1", timeout_ms);
    else if (!count) *status = wsx_fail(WS_ERR_PARAMETER, "count: is NULL");
    else if (q->threaded)
        *status = wsx_fail(WS_ERR_STATE, "queue: a thread of the library dispatches it (WS_QUEUE_THREAD)");
    if (!*status) return q;
    wsx_queue_drop(q);
    return NULL;
}

static void drop(void *queue)
{
    wsx_queue_drop(queue);
}

/* wsx_fail for a handler of signals. */
static int32_t say(int32_t status, const char *text)
{
    if (wsx_this_thread) memcpy(wsx_this_thread->error.text, text, strlen(text) + 1);
    return status;
}

/**
 * Calls the listeners and completions of events that wait, on this thread. It
 * waits for the first event only, and returns when there is none left, or
 * max_events were delivered.
 *
 * What callbacks send by ws_send leaves together, in one system call for each
 * connection, when all was delivered: messages up to 4 KiB, also over TLS (in full records),
 * compressed, and with a completion; larger ones leave at once. It waits for no more than 64 KiB or about
 * a millisecond of callbacks, but for one that takes longer, unless ws_queue_flush is
 * called, or another thread sends something over the same connection. The order of calls
 * is kept; ws_close and ws_destroy come behind what was sent before them.
 *
 * max_events: how many at most; 0: as many as wait now.
 * timeout_ms: how long to wait for the first one; 0 not at all, -1 for ever.
 * count: not NULL; receives how many events were delivered; 0: the time is over, or
 *   ws_queue_wake or ws_queue_destroy has ended the wait.
 *
 * Returns: WS_OK; WS_ERR_SHUTDOWN instead of a wait when ws_shutdown_wait was
 *   called and every event was delivered; WS_ERR_BUSY while another thread is dispatching the queue;
 *   WS_ERR_IN_CALLBACK inside any callback; WS_ERR_STATE for a queue with
 *   WS_QUEUE_THREAD; WS_ERR_PARAMETER; WS_ERR_MEMORY; WS_ERR_HANDLE.
 * Threads: any, one at a time. The wait is a point of cancellation, and callbacks
 *   may have such points: a thread that ends in there leaves the queue to the next.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_queue_dispatch(ws_handle queue, size_t max_events, int32_t timeout_ms, size_t *count)
{
    WSX_ENTER();
    int32_t status;
    wsx_queue *q = enter(queue, timeout_ms, count, &status);
    if (!q) return status;
    wsx_cancellation theirs = wsx_cancel_off();
    pthread_cleanup_push(drop, q);
    status = wsx_queue_dispatch(q, wsx_self(), true, max_events, timeout_ms, theirs.state, count);
    pthread_cleanup_pop(1);
    wsx_cancel_again(theirs);
    return status;
}

/**
 * Hands out events that wait, in a batch, instead of calling anybody; for FFIs in
 * which a call costs much. Every event comes once, whether or not somebody
 * listens: of accepted connections as WS_EVENT_CONNECT and
 * WS_EVENT_MESSAGE_RECEIVE, then WS_EVENT_CLOSE and so on, with server set.
 * Completions come with the user_data of their call; WS_COMPLETION_POLL asks for
 * one without a function. What the events point to, and the handle of a
 * connection whose close event was among them, is valid until the next ws_queue_poll or
 * ws_queue_dispatch of the queue, its end, or a call by the same thread that waits for a handle
 * of the queue (ws_destroy_wait and the like dispatch it).
 *
 * With WS_QUEUE_GATHER what the thread sends until its next ws_queue_poll leaves together,
 * as in ws_queue_dispatch: when it polls again, before that waits, or calls
 * ws_queue_flush. A host that waits elsewhere, as for ws_queue_fd, calls that when it
 * has gone through the events.
 *
 * The batch is made when the call returns: events of a connection that you pause
 * or destroy while you go through it may still follow in it.
 *
 * events: room for capacity events. Set events[0].struct_size to sizeof(ws_event)
 *   before each call: the library may be newer than the header.
 * capacity: at least 1.
 * timeout_ms: how long to wait for the first one; 0 not at all, -1 for ever.
 * count: not NULL; receives how many were filled in; 0: as in ws_queue_dispatch.
 *
 * Returns: as ws_queue_dispatch.
 * Threads: any, one at a time. The wait is a point of cancellation.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_queue_poll(ws_handle queue, ws_event *events, size_t capacity, int32_t timeout_ms,
                                     size_t *count)
{
    WSX_ENTER();
    int32_t status;
    wsx_queue *q = enter(queue, timeout_ms, count, &status);
    if (!q) return status;
    if (!events || !capacity)
        status = wsx_fail(WS_ERR_PARAMETER, "%s", events ? "capacity: is 0" : "events: is NULL");
    else if (events->struct_size < wsx_event_shape.least || events->struct_size > 65536 ||
             events->struct_size % _Alignof(ws_event))
        status = wsx_fail(WS_ERR_PARAMETER, "events: struct_size of the first one is %u, not the size of a ws_event",
                          events->struct_size);
    if (status) {
        wsx_queue_drop(q);
        return status;
    }
    wsx_cancellation theirs = wsx_cancel_off();
    pthread_cleanup_push(drop, q);
    status = wsx_queue_poll(q, wsx_self(), events, capacity, timeout_ms, theirs.state, count);
    pthread_cleanup_pop(1);
    wsx_cancel_again(theirs);
    return status;
}

/**
 * Sends at once what the calling thread has gathered: inside a callback of
 * ws_queue_dispatch what callbacks have sent so far, behind a ws_queue_poll of a queue
 * with WS_QUEUE_GATHER what was sent since; from there on until its next ws_queue_poll
 * what the thread sends leaves at once. It does nothing when nothing waits.
 *
 * Returns: WS_OK; WS_ERR_HANDLE.
 * Threads: any; each its own.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_queue_flush(ws_handle queue)
{
    WSX_ENTER();
    int32_t status;
    wsx_queue *q = wsx_queue_find(queue, &status);
    if (!q) return status;
    wsx_queue_drop(q);
    wsx_thread *self = wsx_self();
    if (self) wsx_stop_gathering(self);
    return WS_OK;
}

/**
 * Ends the wait of a thread in ws_queue_dispatch or ws_queue_poll, which returns
 * WS_OK with count 0. When none waits, the next wait ends at once; several calls
 * before it count as one. A call that finds events delivers these, and one with
 * timeout_ms 0 does not wait. It does not make the descriptor of ws_queue_fd
 * readable.
 *
 * Returns: WS_OK; WS_ERR_STATE for a queue with WS_QUEUE_THREAD; WS_ERR_HANDLE.
 * Threads: any. It may be called inside a handler of signals, takes no lock and
 *   leaves errno, and when it succeeds the text of ws_last_error, as they are.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_queue_wake(ws_handle queue)
{
    int before = errno;
    int32_t status = wsx_refusal ? wsx_refusal : wsx_queue_wake(queue);
    errno = before;
    if (status == WS_ERR_STATE) return say(status, "queue: a thread of the library dispatches it (WS_QUEUE_THREAD)");
    if (status == WS_ERR_HANDLE) return say(status, "queue: is not a queue, or is stale");
    return status ? say(status, "there is no library in a child of fork()") : WS_OK;
}

/**
 * Ends a queue when the destroyed event of each of its clients and servers was delivered, or
 * is just being delivered. What is valid until the next ws_queue_poll is no longer. A
 * thread that waits in ws_queue_dispatch or ws_queue_poll returns.
 *
 * Returns: WS_OK; WS_ERR_BUSY while clients, servers, connections or posted functions use the queue,
 *   or a thread runs callbacks of it; WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_queue_destroy(ws_handle queue)
{
    WSX_ENTER();
    int32_t status;
    wsx_queue *q = wsx_queue_find(queue, &status);
    if (!q) return status;
    status = wsx_queue_close(q);
    wsx_queue_drop(q);
    return status;
}
