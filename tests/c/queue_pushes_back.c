/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A queue that nobody drains takes about what max_bytes says, then its peers
 * cannot write any more, also when their messages are empty, or skipped; when it is drained
 * nothing is lost, and a paused connection takes nothing from the others' room.
 */
#include "t_queue.h"

#include <errno.h>
#include <sys/socket.h>

enum { ROOM = 1 << 20, SIZE = 16 << 10, MOST = 256 << 20 };

static long got, wrong;
static t_log connects = T_LOG;

static void on_message(const ws_event *e, void *size)
{
    got++;
    wrong += e->size != (uintptr_t)size;
}

/* Writes the frame until the kernel takes no more for a while, or all of MOST. Returns frames. */
static long write_all(t_raw *peer, const void *frame, size_t size, const char **rest, size_t *left)
{
    long frames = 0;
    *left = 0;
    struct pollfd p = {.fd = peer->fd, .events = POLLOUT};
    while (frames * (long)size < MOST && poll(&p, 1, 300) == 1) {
        if (!*left) *rest = frame, *left = size, frames++;
        ssize_t n = send(peer->fd, *rest, *left, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0) CHECK_EQ(errno, EAGAIN);
        else *rest += n, *left -= (size_t)n;
    }
    return frames;
}

static void fill_and_drain_of(ws_handle queue, t_raw *peer, int first, size_t message, int frames_at_once)
{
    unsigned char one[SIZE + 14], *frame = malloc((size_t)frames_at_once * sizeof one);
    CHECK(frame);
    size_t size = 0, left;
    for (int i = 0; i < frames_at_once; i++) {
        static const char data[SIZE];
        size += t_frame_build(frame + size, first, 1, data, message);
    }
    const char *rest = NULL;
    got = wrong = 0;
    long frames = write_all(peer, frame, size, &rest, &left) * frames_at_once;
    CHECK(frames * (long)(size / (size_t)frames_at_once) < MOST / 2); /* it was held up */
    if (left) { /* the last one, as there is room */
        while (left) {
            ssize_t n = send(peer->fd, rest, left, MSG_DONTWAIT | MSG_NOSIGNAL);
            if (n > 0) rest += n, left -= (size_t)n;
            t_dispatch(queue, 0);
        }
    }
    T_DISPATCH_UNTIL(queue, got == frames);
    CHECK_EQ(wrong, 0);
    free(frame);
}

static void fill_and_drain(ws_handle queue, t_raw *peer, size_t message, int frames_at_once)
{
    fill_and_drain_of(queue, peer, T_BINARY, message, frames_at_once);
}

/* Pings and pongs wait there as well when the host wants to hear of them. */
static void control_frames(void)
{
    static t_log log = T_LOG;
    ws_server_options o;
    WS_INIT_STRUCT(&o);
    o.flags = WS_PING_EVENTS;
    o.max_control_frames = -1;
    ws_handle queue = t_queue_make(0, ROOM);
    o.queue = queue;
    ws_handle server = t_server(&o, NULL);
    OK(ws_server_on(server, WS_EVENT_CONNECT, t_record, &log));
    t_raw peer;
    t_raw_client(&peer, t_port(server));
    T_DISPATCH_UNTIL(queue, t_seen(&log, WS_EVENT_CONNECT) == 1);
    ws_handle handle = t_wait_event(&log, WS_EVENT_CONNECT, 1)->handle;
    OK(ws_on(handle, WS_EVENT_PING, on_message, (void *)1));
    OK(ws_on(handle, WS_EVENT_PONG, on_message, (void *)125));
    fill_and_drain_of(queue, &peer, T_PONG, 125, 1000);
    fill_and_drain_of(queue, &peer, T_PING, 1, 1000);
    t_raw_close(&peer);
    OK(ws_server_destroy(server));
    long long end = t_now() + T_DEADLINE_MS;
    while (ws_queue_destroy(queue) == WS_ERR_BUSY) {
        t_dispatch(queue, 0);
        CHECK(t_now() < end);
    }
}

int main(void)
{
    control_frames();
    ws_handle queue = t_queue_make(0, ROOM), server = t_queue_server(queue, NULL);
    OK(ws_server_on(server, WS_EVENT_CONNECT, t_record, &connects));
    t_raw peer[2];
    ws_handle handle[2];
    for (int i = 0; i < 2; i++) {
        t_raw_client(&peer[i], t_port(server));
        T_DISPATCH_UNTIL(queue, t_seen(&connects, WS_EVENT_CONNECT) == i + 1);
        handle[i] = t_wait_event(&connects, WS_EVENT_CONNECT, i + 1)->handle;
    }
    OK(ws_on(handle[0], WS_EVENT_MESSAGE, on_message, (void *)(uintptr_t)SIZE));
    fill_and_drain(queue, &peer[0], SIZE, 1);
    OK(ws_off(handle[0], WS_EVENT_MESSAGE, NULL, NULL));
    OK(ws_on(handle[0], WS_EVENT_MESSAGE, on_message, (void *)0));
    fill_and_drain(queue, &peer[0], 0, 1000);

    OK(ws_pause(handle[1]));
    fill_and_drain(queue, &peer[0], 0, 1000);
    for (int i = 0; i < 2; i++) t_raw_close(&peer[i]);

    ws_server_options o;
    WS_INIT_STRUCT(&o);
    o.queue = queue;
    o.max_message_size = 1;
    o.flags = WS_SKIP_LARGE;
    ws_handle skips = t_server(&o, NULL);
    OK(ws_server_on(skips, WS_EVENT_CONNECT, t_record, &connects));
    OK(ws_server_on(skips, WS_EVENT_SKIPPED, on_message, (void *)0));
    t_raw third;
    t_raw_client(&third, t_port(skips));
    T_DISPATCH_UNTIL(queue, t_seen(&connects, WS_EVENT_CONNECT) == 3);
    fill_and_drain(queue, &third, 2, 1000);
    t_raw_close(&third);
    OK(ws_server_destroy(skips));
    OK(ws_server_destroy(server)); /* the paused one ends, too */
    long long end = t_now() + T_DEADLINE_MS;
    while (ws_queue_destroy(queue) == WS_ERR_BUSY) {
        t_dispatch(queue, 0);
        CHECK(t_now() < end);
    }
    return t_done();
}
