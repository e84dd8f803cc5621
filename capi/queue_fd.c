/* SPDX-License-Identifier: Apache-2.0 */
/* queue_fd.c - how the consumer of a queue is woken: at its bell, or by a descriptor that the host polls. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/eventfd.h>
#endif

#include "queue.h"
#include "runtime.h"

/* The descriptor is ours and never full, so nothing else fails than what the host has done to it. */
static void make_readable(wsx_queue *q)
{
    uint64_t one = 1;
    while (write(q->write_fd, &one, q->write_fd == q->fd ? sizeof one : 1) < 0 && errno == EINTR) {}
}

static void make_unreadable(wsx_queue *q)
{
    uint64_t one;
    while (read(q->fd, &one, sizeof one) < 0 && errno == EINTR) {}
}

/* A loop may have decided to make it readable and be about to. Nobody waits for that with the
 * mutex held: the host is woken for nothing then, and the next dispatcher looks again. */
void wsx_settle_fd(wsx_queue *q)
{
    if (q->fd < 0) return;
    if (q->ready_first) {
        if (!q->readable) make_readable(q);
        q->readable = true;
    } else if (q->readable || q->stray) {
        q->readable = false;
        q->stray = atomic_load(&q->writes); /* before it is read: what is done by now is seen there */
        make_unreadable(q);
    }
}

int32_t wsx_queue_descriptor(wsx_queue *q, int32_t *fd)
{
    int ends[2] = {-1, -1};
    pthread_mutex_lock(&q->mutex);
    if (q->fd < 0) {
#if defined(__linux__)
        ends[0] = ends[1] = wsx_raised(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
#else
        if (!pipe(ends))
            for (int i = 0; i < 2; i++) {
                ends[i] = wsx_raised(ends[i]);
                fcntl(ends[i], F_SETFD, FD_CLOEXEC);
                fcntl(ends[i], F_SETFL, O_NONBLOCK);
            }
#endif
        q->fd = ends[0];
        q->write_fd = ends[1];
        wsx_settle_fd(q);
    }
    int error = errno, made = q->fd;
    pthread_mutex_unlock(&q->mutex);
    if (made < 0) return wsx_fail(WS_ERR_UNKNOWN, "making a descriptor for the queue: %s", strerror(error));
    *fd = made;
    return WS_OK;
}

wsx_wake wsx_wake_begins(wsx_queue *q)
{
    wsx_wake how = WSX_WAKE_NOBODY;
    if (q->waiting) how = WSX_WAKE_SLEEPER;
    else if (!q->dispatching && q->fd >= 0 && !q->readable) how = WSX_WAKE_DESCRIPTOR;
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
        make_readable(q);
        atomic_fetch_sub(&q->writes, 1);
    }
    wsx_queue_drop(q);
}
