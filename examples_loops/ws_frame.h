/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_frame.h - libws in a loop that draws frames: a game, a simulation, a device. Copy it into your
 * project.
 *
 *     for (;;) {
 *         ws_frame(queue, 256, 2000);     at most 256 events and about 2 ms of this frame
 *         simulate();
 *         draw();
 *     }
 *
 * It never waits. What does not fit comes in the next frames, in order; when the queue is full, peers
 * feel it through TCP, and nothing is lost. Callbacks run inside the call, so they may touch the
 * state of the game without a lock.
 */
#ifndef WS_FRAME_H
#define WS_FRAME_H

#include <time.h>

#include <libws/ws.h>

static inline int64_t ws_frame_now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Returns how many events were delivered, which may be 0. The time is looked at after each few events: a
 * callback that takes long ends the share of its frame, but is not cut. */
static inline size_t ws_frame(ws_handle queue, size_t max_events, int64_t max_us)
{
    enum { AT_ONCE = 8 };
    const int64_t end = ws_frame_now_us() + max_us;
    size_t delivered = 0;
    while (delivered < max_events) {
        size_t count, want = max_events - delivered < AT_ONCE ? max_events - delivered : AT_ONCE;
        if (ws_queue_dispatch(queue, want, 0, &count) != WS_OK || count == 0) break;
        delivered += count;
        if (ws_frame_now_us() >= end) break;
    }
    return delivered;
}

#endif
