/* SPDX-License-Identifier: Apache-2.0 */
/* queue_fd.c - how the consumer of a queue is woken: at its bell, or by a descriptor that the host polls. */
#include "queue.h"
#include "runtime.h"

/* A loop may have decided to make it readable and be about to. Nobody waits for that with the
 * mutex held: the host is woken for nothing then, and the next dispatcher looks again. */
void wsx_settle_fd(wsx_queue *q)
{
    if (!wsx_flag_made(&q->flag)) return;
    if (q->ready_first) {
        if (!q->readable) wsx_flag_raise(&q->flag);
        q->readable = true;
    } else if (q->readable || q->stray) {
        q->readable = false;
        q->stray = atomic_load(&q->writes); /* before it is read: what is done by now is seen there */
        wsx_flag_lower(&q->flag);
    }
}

int32_t wsx_queue_descriptor(wsx_queue *q, ws_socket *fd)
{
    int error = 0;
    pthread_mutex_lock(&q->mutex);
    if (!wsx_flag_made(&q->flag)) {
        error = wsx_flag_make(&q->flag);
        if (!error) wsx_settle_fd(q);
    }
    ws_socket made = q->flag.watched;
    pthread_mutex_unlock(&q->mutex);
    if (error) return wsx_fail(WS_ERR_UNKNOWN, "making a descriptor for the queue: %s", wsx_flag_error(error));
    *fd = made;
    return WS_OK;
}

wsx_wake wsx_wake_begins(wsx_queue *q)
{
    wsx_wake how = WSX_WAKE_NOBODY;
    if (q->waiting) how = WSX_WAKE_SLEEPER;
    else if (!q->dispatching && wsx_flag_made(&q->flag) && !q->readable) how = WSX_WAKE_DESCRIPTOR;
    if (how == WSX_WAKE_SLEEPER) q->waiting = false;
    if (how == WSX_WAKE_DESCRIPTOR) {
        q->readable = true;
        atomic_fetch_add(&q->writes, 1);
    }
    if (how != WSX_WAKE_NOBODY) atomic_fetch_add(&q->references, 1);
    return how;
}

void wsx_wake_ends(wsx_queue *q, wsx_wake how)
{
    if (how == WSX_WAKE_SLEEPER) {
        wsx_ring(q->bell);
    } else {
        wsx_flag_raise(&q->flag);
        atomic_fetch_sub(&q->writes, 1);
    }
    wsx_queue_drop(q);
}
