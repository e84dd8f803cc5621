/* SPDX-License-Identifier: Apache-2.0 */
/** @section Posting
 * A function of the host, now or later, on the thread on which callbacks of a
 * connection or a queue run.
 */
#include "front.h"
#include "queue.h"
#include <libws/ws.h>

/**
 * Calls a function once where the callbacks of target run: on the loop of a
 * connection, on the thread that dispatches a queue, or that of the connection.
 * It never runs inside this call, and never at the same time as another callback of
 * target. It comes as a completion (operation WS_OP_POST) with error WS_OK when
 * its time has come, or WS_ERR_CANCELLED when the connection has ended before
 * (a client: was destroyed), or WS_ERR_SHUTDOWN for a queue at ws_shutdown_wait: exactly once, but
 * for ws_post_cancel. Functions that are posted to one target by one thread without a delay
 * run in the order of the calls. A pause does not hold them back.
 *
 * target: a client, an accepted connection that is open, or a queue.
 * delay_ms: 0..2147483647; later by 50 ms at most, when nothing blocks the loop.
 * callback: not NULL; WS_COMPLETION_POLL with a queue that the host polls.
 * user_data: handed to callback; any value.
 * id: NULL, or receives what ws_post_cancel wants.
 *
 * Returns: WS_OK; WS_ERR_PARAMETER; WS_ERR_SHUTDOWN; WS_ERR_MEMORY; WS_ERR_HANDLE; WS_ERR_NO_CONNECTION.
 * Threads: any. A queue cannot be destroyed while it has posted functions (WS_ERR_BUSY).
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_post(ws_handle target, int64_t delay_ms, ws_callback callback, void *user_data, uint64_t *id)
{
    WSX_ENTER();
    int32_t status;
    uint64_t made = 0;
    wsx_queue *q = NULL;
    if (WSX_KIND(target) == WSX_KIND_QUEUE) {
        if (!(q = wsx_queue_find(target, &status))) return status;
    } else if (!wsx_argument(target, WSX_CONNECTION, "target", &status)) {
        return status;
    }
    if (delay_ms < 0 || delay_ms > INT32_MAX)
        status = wsx_fail(WS_ERR_PARAMETER, "delay_ms: %lld is not in 0..2147483647", (long long)delay_ms);
    else if (!callback)
        status = wsx_fail(WS_ERR_PARAMETER, "callback: is NULL");
    else if (!q || !(status = wsx_queue_uses(q, true))) {
        status = wsgo_post(target, delay_ms, (uintptr_t)callback, (uintptr_t)user_data, &made, wsx_error_buffer());
        if (status && q) wsx_queue_uses(q, false);
    }
    if (q) wsx_queue_drop(q);
    if (!status && id) *id = made;
    return status;
}

/**
 * Takes back what ws_post has posted.
 *
 * target, id: of that call.
 *
 * Returns: WS_OK: it has not run and never will; WS_ERR_STATE: it has run, is running or will
 *   at once, or was cancelled before; WS_ERR_HANDLE; WS_ERR_NO_CONNECTION.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_post_cancel(ws_handle target, uint64_t id)
{
    WSX_ENTER();
    int32_t status;
    wsx_queue *q = NULL;
    if (WSX_KIND(target) == WSX_KIND_QUEUE) {
        if (!(q = wsx_queue_find(target, &status))) return status;
    } else if (!wsx_argument(target, WSX_CONNECTION, "target", &status)) {
        return status;
    }
    status = wsgo_post_cancel(target, id, wsx_error_buffer());
    if (!status && q) wsx_queue_uses(q, false);
    if (q) wsx_queue_drop(q);
    return status;
}
